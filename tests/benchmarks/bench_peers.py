"""What tools say of the same layers: the vendor's toolkit, qdq_loss_debug, Polygraphy, PPQ, AIMET, and this program.

    python -m tests.benchmarks.bench_peers [NETWORK…]

Each is given the same network, one input and four for calibration, and shall say how far every layer is from float when
the network is quantised to int8 with scales per channel. Seconds are those of the whole job in a process of its own,
from the file to the numbers; the toolkit's are those that its stage took. `rows` are the tensors it says something of,
`shared` those of which the toolkit does, too; `off` is the factor by which its 1 - cos differs from the toolkit's, the
median of these, and `rank` is the correlation of the orders (Spearman): whoever simulates another chip than the
toolkit's finds other layers. ONNX Runtime quantises for qdq_loss_debug and Polygraphy, with symmetric weights and
asymmetric activations; a network of an older opset is made one of 13 for that, and for PPQ and AIMET, which quantise
themselves. Polygraphy goes by names: where ONNX Runtime has taken a Clip away, it compares what was not clipped. Those
three (`peers/with_*.py`) are in environments of their own, which `bash tests/benchmarks/peers/setup.sh` makes. Needs
the toolkit and the test material.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import onnx.version_converter

from tests.benchmarks.in_short import in_short, span

if TYPE_CHECKING:
    from workbench.project.session import Session

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
NETWORKS = ("tinycnn_cifar10/model", "ppocr_cls_v2", "ultraface_rfb_320", "yunet_n_320", "fsanet_1x1")
ENTIRE = "simulator.entire"
OPSET = 13  # has scales per channel
ELSEWHERE = {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"}  # PPQ is older than protobuf's other one
LEAST = 1e-9  # of 1 - cos: what float32 rounds
MOST_OFF, LEAST_RANK = 1.01, 0.999  # of ours
SCRIPTS = Path(__file__).with_name("peers")
PEERS = ROOT / ".venv-peers"
Losses = Mapping[str, float]
"""1 - cosine of a tensor by its name in the user's network."""


@dataclass(frozen=True)
class Said:
    """What a tool said, and how long it took; `problem` where it could not."""

    losses: Losses
    seconds: float = 0.0
    problem: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_peers", description=__doc__)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(_alone(options.run[0], Path(options.run[1]))))
        return 0
    print(f"{'network':24}{'tool':16}{'seconds':>8}{'rows':>6}{'shared':>8}{'off':>8}{'rank':>7}")
    own: list[tuple[Said, Said]] = []
    for name in options.networks:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            toolkit = _asked("toolkit", name, folder)
            for tool, ask in ASKED.items():
                said = toolkit if tool == "toolkit" else ask(tool, name, folder)
                print(f"{name:24}{tool:16}{_line(said, toolkit)}", flush=True)
                if tool == "rknn workbench":
                    own.append((said, toolkit))
    if any(one.problem for pair in own for one in pair):
        return in_short("the toolkit, or this program, failed", False)
    likeness = [_likeness(*pair) for pair in own]
    off, rank = max(factor for factor, _ in likeness), min(rank for _, rank in likeness)
    faster = span(its.seconds / said.seconds for said, its in own)
    limits = f"(limits {MOST_OFF:g}, {LEAST_RANK:g})"
    text = (
        f"1 - cos differs from the toolkit's by a factor of {off:.2f}, rank {rank:.3f} {limits}, {faster} times as fast"
    )
    return in_short(text, off <= MOST_OFF and rank >= LEAST_RANK)


def _line(said: Said, toolkit: Said) -> str:
    if said.problem:
        return f"  {said.problem}"
    shared = len(toolkit.losses.keys() & said.losses.keys())
    start = f"{said.seconds:8.1f}{len(said.losses):6}{shared:8}"
    if shared < 3 or said is toolkit:
        return start
    off, rank = _likeness(said, toolkit)
    return f"{start}{off:8.2f}{rank:7.3f}"


def _likeness(said: Said, toolkit: Said) -> tuple[float, float]:
    """The factor by which 1 - cos differs, and how alike the orders are."""
    names = [name for name in toolkit.losses if name in said.losses]
    pairs = [(max(said.losses[name], LEAST), max(toolkit.losses[name], LEAST)) for name in names]
    off = float(np.median([abs(math.log10(own / its)) for own, its in pairs]))
    own_order, its_order = (np.argsort(np.argsort([pair[at] for pair in pairs])) for at in (0, 1))
    return 10**off, float(np.corrcoef(own_order, its_order)[0, 1])


def _asked(tool: str, name: str, folder: Path) -> Said:
    """A tool in a process of its own, with our Python."""
    place = folder / tool
    place.mkdir()
    return _ran([sys.executable, "-m", "tests.benchmarks.bench_peers", "--run", f"{tool}:{name}", str(place)])


def _asked_elsewhere(tool: str, name: str, folder: Path) -> Said:
    """A tool in an environment of its own; it is given what ONNX Runtime had in a run before."""
    python = PEERS / tool / "bin" / "python"
    if not python.is_file():
        return Said({}, problem=f"is not here: run bash {SCRIPTS.relative_to(ROOT)}/setup.sh")
    place = folder / "qdq_loss_debug"
    said = _ran([str(python), str(SCRIPTS / f"with_{tool}.py"), str(place)], ELSEWHERE)
    if tool != "polygraphy":
        return said
    quantised = json.loads((place / "seconds.json").read_text(encoding="utf-8"))["quantise"]
    return replace(said, seconds=said.seconds + quantised)  # it compares networks that are there


def _ran(command: list[str], more: Mapping[str, str] | None = None) -> Said:
    start, environment = time.perf_counter(), {**os.environ, **(more or {})}
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    if found.returncode:
        return Said({}, problem=f"failed: {(found.stderr.strip().splitlines() or ['without a word'])[-1][:100]}")
    answer = json.loads(found.stdout.splitlines()[-1])
    seconds = answer.get("seconds", time.perf_counter() - start)
    return Said({name: loss for name, loss in answer["losses"].items() if math.isfinite(loss)}, seconds)


ASKED: dict[str, Callable[[str, str, Path], Said]] = {
    "toolkit": _asked,
    "rknn workbench": _asked,
    "qdq_loss_debug": _asked,
    "polygraphy": _asked_elsewhere,
    "ppq": _asked_elsewhere,
    "aimet": _asked_elsewhere,
}


def _alone(what: str, folder: Path) -> dict[str, object]:
    """In the process of a tool: its losses."""
    from tests import cases

    tool, _, name = what.partition(":")
    case = next(case for case in cases.cases(SHARED) if case.name == name)
    session = cases.session(SHARED, case, folder, calibration=4)
    if tool == "qdq_loss_debug":
        return {"losses": _with_qdq(session, folder)}
    from workbench.foundation.steps import drain
    from workbench.project.pipeline import analyze

    simulator = "toolkit" if tool == "toolkit" else "embedded"
    results = drain(analyze(replace(session, simulator=simulator, samples=session.samples[:1]), folder / "session"))
    rows = {row.tensor: row.errors[ENTIRE].mean for row in results.rows if ENTIRE in row.errors}
    losses = {row: mean["one_minus_cos"] for row, mean in rows.items() if "one_minus_cos" in mean}
    seconds = {"seconds": results.seconds["simulator"]} if tool == "toolkit" else {}
    return {"losses": losses, **seconds}


def _with_qdq(session: "Session", folder: Path) -> Losses:
    """Quantised and compared by ONNX Runtime; what Polygraphy needs of that stays in the folder."""
    from onnxruntime.quantization import QuantType, qdq_loss_debug, quantize_static

    from tests.benchmarks.given_inputs import GivenInputs
    from workbench.compare.metrics import measure
    from workbench.graph.read import read_model
    from workbench.preprocess.dataset import feeds

    inputs = read_model(session.model, session.shapes).graph.inputs
    rows = [dict(feeds(sample, inputs, session.preprocess)) for sample in session.dataset]
    start = time.perf_counter()
    network, quantised = folder / "network.onnx", folder / "quantised.onnx"
    onnx.save(_of_opset(onnx.load(session.model), OPSET), network)
    quantize_static(
        network, quantised, GivenInputs(rows), per_channel=True, activation_type=QuantType.QInt8,
        weight_type=QuantType.QInt8,
    )  # fmt: skip
    (folder / "seconds.json").write_text(json.dumps({"quantise": time.perf_counter() - start}), encoding="utf-8")
    for number, row in enumerate(rows):
        np.savez(folder / f"input-{number}.npz", **row)
    found = []
    for number, model in enumerate((network, quantised)):
        marked = folder / f"marked-{number}.onnx"
        qdq_loss_debug.modify_model_output_intermediate_tensors(model, marked)
        found.append(qdq_loss_debug.collect_activations(str(marked), GivenInputs(rows[:1])))
    matched = qdq_loss_debug.create_activation_matching(found[1], found[0])
    pairs = {name: (each["float"], each["post_qdq"]) for name, each in matched.items() if "float" in each}
    errors = {name: measure(*map(np.asarray, pair)) for name, pair in pairs.items()}
    return {name: error["one_minus_cos"] for name, error in errors.items() if "one_minus_cos" in error}


def _of_opset(model: onnx.ModelProto, least: int) -> onnx.ModelProto:
    known = next(item.version for item in model.opset_import if item.domain in ("", "ai.onnx"))
    return model if known >= least else onnx.version_converter.convert_version(model, least)


if __name__ == "__main__":
    sys.exit(main())
