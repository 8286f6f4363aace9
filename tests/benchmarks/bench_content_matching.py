"""How many tensors of a dump without names are found by their content, and whether any is wrong.

    python tests/benchmarks/bench_content_matching.py [NETWORK…] [--seed N]

The "board" is the embedded simulator with another calibration than the session's; of its dump all names and the order
are taken away, and every tensor lies in a layout of its own: NCHW, NHWC, NC1HWC2 in groups of 4, 8 or 16, with or
without its shape, as float or as the integers that are stored. "golden" compares with golden values only, "simulator"
with the session's simulator as a session does. Found: the right tensor, or one with the very same values. Needs the
test material.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
sys.path.insert(0, str(ROOT))

from tests import cases  # noqa: E402
from tests.benchmarks.in_short import in_short  # noqa: E402
from workbench.compare.content import LIKELY, Suggestion  # noqa: E402
from workbench.dump.layouts import network_places, ways  # noqa: E402
from workbench.dump.store import Dump  # noqa: E402
from workbench.foundation.steps import drain  # noqa: E402
from workbench.project.comparison.by_content import suggestions  # noqa: E402
from workbench.project.pipeline import analyze  # noqa: E402
from workbench.project.results import Results, save_results  # noqa: E402
from workbench.project.session import ImportedDumps  # noqa: E402

LEAST = 0.98  # of the tensors are to be found
NETWORKS = (
    "fastestdet_352", "mnist", "ppocr_cls_v2", "resnet18_cifar10_qat", "retinaface_mobile320", "seafusion_288_384",
    "ultraface_rfb_320", "yunet_n_320",
)  # fmt: skip


@dataclass(frozen=True)
class Score:
    """`wrong` are those at or above the line of confidence."""

    tensors: int
    found: int
    above: int
    wrong: int
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ordered", action="store_true", help="the files are numbered as the board numbers them")
    parser.add_argument("--list", action="store_true", help="what was not found, or wrong")
    options = parser.parse_args()
    print(f"{'network':24} {'against':10} {'tensors':>8} {'found':>6} {'above':>6} {'wrong':>6} {'seconds':>8}")
    every: list[Score] = []
    for name in options.networks:
        with tempfile.TemporaryDirectory() as scratch:
            for against in ("golden", "simulator"):
                score = measured(name, against, Path(scratch), options)
                every.append(score)
                numbers = f"{score.tensors:8} {score.found:6} {score.above:6} {score.wrong:6} {score.seconds:8.2f}"
                print(f"{name:24} {against:10} {numbers}", flush=True)
    tensors, found, wrong = (sum(getattr(item, key) for item in every) for key in ("tensors", "found", "wrong"))
    text = f"{found / tensors:.2%} of {tensors} tensors found (limit {LEAST:.0%})"
    return in_short(
        f"{text}, wrong at a confidence of {LIKELY} or more: {wrong}", found >= LEAST * tensors and not wrong
    )


def measured(name: str, against: str, scratch: Path, options: argparse.Namespace) -> Score:
    """Match the dump of a "board" with a session of one network."""
    case = next(item for item in cases.cases(SHARED) if item.name == name)
    session = cases.session(SHARED, case, scratch)
    folder, other = scratch / "session", scratch / "board"
    results = drain(analyze(session, folder))
    board = drain(analyze(replace(session, quant=replace(session.quant, algorithm="kl_divergence")), other))
    if against == "golden":
        dumps = {key: paths for key, paths in results.dumps.items() if key in ("golden", "golden_deployed")}
        save_results(replace(results, dumps=dumps), folder)
    names = write_board(board, scratch / f"dumps-{against}", options.seed, options.ordered)
    start = time.perf_counter()
    found = drain(suggestions(folder, ImportedDumps(scratch / f"dumps-{against}"), "runtime"))
    return _score(results, names, found, time.perf_counter() - start, options.list)


def write_board(board: Results, folder: Path, seed: int, ordered: bool) -> dict[str, str]:
    """Every tensor of the table as a file without a name; gives file -> tensor."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    names: dict[str, str] = {}
    with Dump(board.dumps["simulator"][0]) as dump:
        rows = [row for row in board.rows if row.tensor in dump and "simulator.entire" in row.errors]
        for number, place in enumerate(np.arange(len(rows)) if ordered else random.permutation(len(rows))):
            tensor = rows[place].tensor
            stored, encoding = dump.raw(tensor)
            as_stored = encoding is not None and encoding.is_quantized and random.random() < 0.3
            values = stored if as_stored else dump[tensor]
            names[f"t{number:04}"] = tensor
            np.save(folder / f"t{number:04}.npy", _laid_out(values, random))
    return names


def _laid_out(values: np.ndarray, random: np.random.Generator) -> np.ndarray:
    layouts = list(ways(values.shape))
    layout, size = layouts[int(random.integers(len(layouts)))]
    places = network_places(values.shape, layout, np.arange(size))
    flat = np.where(places >= 0, values.reshape(-1)[places], 0).astype(values.dtype)
    keeps = layout == "nchw" and random.random() < 0.5
    return flat.reshape(values.shape) if keeps else flat


def _score(
    results: Results, names: Mapping[str, str], found: tuple[Suggestion, ...], seconds: float, shown: bool
) -> Score:
    right = [item for item in found if names[item.other] in (item.golden, *item.twins)]
    above = [item for item in found if item.confidence >= LIKELY]
    wrong = [item for item in above if names[item.other] != item.golden]
    if shown:
        shapes = {row.tensor: row.shape for row in results.rows}
        for item in sorted(found, key=lambda item: item.confidence):
            if item in wrong or item not in right:
                print(f"  {names[item.other]} {shapes.get(names[item.other])} -> {item}")
        for name in set(names) - {item.other for item in found}:
            print(f"  nothing for {names[name]} {shapes.get(names[name])}")
    return Score(len(names), len(right), len(above), len(wrong), seconds)


if __name__ == "__main__":
    sys.exit(main())
