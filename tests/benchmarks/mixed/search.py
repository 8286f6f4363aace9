"""The search against the toolkit's own proposal and auto_hybrid: how many layers each needs for the same cosine.

    RKNN_TOOLKIT_PYTHON=… python -m tests.benchmarks.mixed search [NAME…] [--keep DIR] [--json FILE]

Networks are those of the test material beside the project, by their names in its list; each is fed with arrays after
preprocessing, four calibrate and the first is analysed. The target of a search is the cosine of the worst output that
the toolkit's choice reaches in its own analysis. What the search chose goes through both steps of hybrid quantization:
`off` is the largest difference of a predicted cosine and that of the analysis. Layers are counted as the toolkit runs
them, a Conv and its activation as two; those that are in float16 without a choice (a Softmax at the end) do not count.
Seconds are those from the network to the choice, on both sides (with auto_hybrid, to the end of the build).
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from tests import cases
from tests.benchmarks.in_short import in_short
from tests.benchmarks.mixed import theirs
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.graph.read import read_model
from workbench.mixed.search import Goal
from workbench.preprocess.dataset import Sample, feeds
from workbench.preprocess.preprocess import Preprocess
from workbench.project.mixed.files import round_trip
from workbench.project.mixed.mixing import Wish, search
from workbench.project.session import Session, save_session
from workbench.quantize.schemes import FLOAT16
from workbench.sources.toolkit import repairs
from workbench.sources.toolkit.configured import toolkit_called

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
SAMPLES = 4
NOISE = 1e-6  # of a cosine: what the last bits of float sums do
ENOUGH, MOST_OFF = 8, 1e-4  # networks that have to hold; a cosine's difference
NETWORKS = (
    "tinycnn_cifar10/model", "quantized/supres_core_224", "ppocr_cls_v2", "ultraface_slim_320_nopost",
    "ultraface_rfb_320", "fsanet_1x1", "yunet_n_320", "retinaface_mobile320", "fastestdet_352", "seafusion_288_384",
    "deeplab_v3_quant", "yolox_nano_416",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One choice of the toolkit and the search for the same cosine."""

    network: str
    rival: str
    target: float = 0.0
    layers: int = 0
    seconds: float = 0.0
    own_layers: int = 0
    own_cos: float = 0.0
    own_seconds: float = 0.0
    runs: int = 0
    off: float = 0.0
    refused: str = ""

    @property
    def is_reached(self) -> bool:
        """Whether ours is as good as the toolkit's."""
        return self.own_cos >= self.target - NOISE


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    lines: list[Line] = []
    print(
        f"{'network':28}{'rival':10}{'cos':>9}{'layers':>8}{'s':>7} |{'ours':>6}{'cos':>9}{'s':>7}{'runs':>6}{'off':>9}"
    )
    for name in options.names or NETWORKS:
        with tempfile.TemporaryDirectory() as scratch:
            folder = (options.keep or Path(scratch)) / name.replace("/", "_")
            folder.mkdir(parents=True, exist_ok=True)
            for line in compared(name, folder):
                lines.append(line)
                print(_shown(line), flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")
    return in_short(summary(lines), holds(lines))


def compared(name: str, folder: Path) -> list[Line]:
    """Both rivals of a network."""
    session = prepared(name, folder)
    outputs = tuple(item.name for item in read_model(session.model, session.shapes).graph.outputs)
    found = []
    for rival, run in (("proposal", theirs.proposed), ("auto", theirs.automatic)):
        other = run(session, outputs, folder)
        if other.refused:
            found.append(Line(name, rival, refused=other.refused))
            continue
        found.append(_searched(Line(name, rival, other.worst), other, session, folder))
    return found


def prepared(name: str, folder: Path) -> Session:
    """The session of a network, its inputs as arrays after preprocessing; a file that the toolkit refuses is mended."""
    case = next(case for case in cases.cases(SHARED) if case.name == name)
    known = cases.session(SHARED, case, folder, SAMPLES)
    inputs = read_model(known.model, known.shapes).graph.inputs
    rows = []
    for number, sample in enumerate(known.dataset):
        arrays = feeds(sample, inputs, known.preprocess)
        rows.append(
            Sample(tuple(_saved(folder / f"{number}-{at}.npy", arrays[item.name]) for at, item in enumerate(inputs)))
        )
    model = known.model
    with suppress(WorkbenchError):  # else the toolkit reads it as it is
        (model,) = repairs.write(repairs.propose(known.model, "onnx-integers"), folder / known.model.name)
    preprocess = {item.name: Preprocess() for item in inputs}
    return replace(known, model=model, samples=tuple(rows[:1]), dataset=tuple(rows), preprocess=preprocess)


def _searched(line: Line, other: theirs.Theirs, session: Session, folder: Path) -> Line:
    """What the search needs for the same cosine; a choice goes through the toolkit, too."""
    place = folder / f"ours-{line.rival}"
    shutil.rmtree(place, ignore_errors=True)
    save_session(session, place)
    begun = time.perf_counter()
    made = drain(search(session, place, Wish(Goal(cos=line.target - NOISE))))
    seconds = time.perf_counter() - begun
    point, plan = made.found.chosen, made.network.plan
    chosen = [name for name in other.half if plan.precision.get(name) != FLOAT16]
    line = replace(line, layers=len(chosen), seconds=other.choosing, own_seconds=seconds, runs=made.found.runs)
    if not point.layers:  # nothing to build that the toolkit has not built
        return replace(line, own_cos=point.outcome.cos)
    checked = drain(round_trip(made.network, made.layers(point), point, place, toolkit_called("")))
    actual = {name: theirs.cosine(checked.snapshots[0], name) for name in point.outcome.outputs}
    off = max(abs(1 - point.outcome.lost(name) - cos) for name, cos in actual.items())
    shutil.rmtree(place)
    return replace(line, own_layers=len(point.layers), own_cos=min(actual.values()), off=off)


def summary(lines: list[Line]) -> str:
    """How many comparisons hold."""
    done = [line for line in lines if not line.refused]
    real = [line for line in done if line.layers]
    return (
        f"{len({line.network for line in done})} networks, {len(done)} comparisons: "
        f"never more layers {sum(line.own_layers <= line.layers for line in done)}, "
        f"fewer {sum(line.own_layers < line.layers for line in done)} (of {len(real)} where the toolkit chose any), "
        f"reached {sum(line.is_reached for line in done)}, "
        f"faster {sum(line.own_seconds < line.seconds for line in done)}, "
        f"off by at most {max((line.off for line in done), default=0.0):.1e}"
    )


def holds(lines: list[Line]) -> bool:
    """Whether nothing is off, and enough networks need no more layers and less time, half of them fewer layers."""
    of = {
        name: [line for line in lines if line.network == name] for name in dict.fromkeys(line.network for line in lines)
    }
    good = [name for name, own in of.items() if all(map(_is_good, own))]
    fewer = [name for name in good if any(line.own_layers < line.layers for line in of[name])]
    is_half = len(of) < ENOUGH or 2 * len(fewer) >= ENOUGH
    return all(line.off <= MOST_OFF for line in lines) and len(good) >= min(ENOUGH, len(of)) and is_half


def _is_good(line: Line) -> bool:
    is_small = line.own_layers <= line.layers
    return not line.refused and is_small and line.is_reached and line.own_seconds < line.seconds


def _shown(line: Line) -> str:
    start = f"{line.network:28}{line.rival:10}"
    if line.refused:
        return f"{start} refused: {line.refused}"
    rival = f"{line.target:9.5f}{line.layers:8}{line.seconds:7.1f}"
    return f"{start}{rival} |{line.own_layers:6}{line.own_cos:9.5f}{line.own_seconds:7.1f}{line.runs:6}{line.off:9.1e}"


def _saved(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mixed search", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--keep", type=Path, help="folder for the files of both sides; what is there is used again")
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)
