"""Analysed sessions of real networks, and what a board would have dumped of them."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from tests.benchmarks.diagnosis.bench import Bench, bench
from tests.benchmarks.diagnosis.boards import Values, computed, write_dumps
from workbench.diagnose.case import Case
from workbench.diagnose.findings import CAUSE, Finding
from workbench.diagnose.rules import Rule
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.project.findings.diagnosing import case_of
from workbench.project.pipeline import analyze, import_dumps
from workbench.project.results import load_results
from workbench.project.session import ImportedDumps, Session, load_session
from workbench.quantize.schemes import QuantSettings

Spoil = Callable[[Values], Values]
"""From all tensors to those that the board has otherwise; what comes behind them is computed from these."""


def case_files(
    shared: Path, name: str, folder: Path, dtype: str = "w8a8", *, optimization_level: int = 3, simulator: str = ""
) -> Session:
    """A network of `cases.json` on its first picture, not run."""
    session = bench(shared, name, folder, "unit").session
    quant = QuantSettings(dtype, optimization_level=optimization_level)
    return replace(session, quant=quant, simulator=simulator or session.simulator)


def analysed(shared: Path, name: str, folder: Path, dtype: str = "w8a8", model: Path | None = None) -> Path:
    """A network of `cases.json` on its first picture, run; `model` takes the place of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    session = case_files(shared, name, folder, dtype)
    drain(analyze(replace(session, model=model or session.model), folder / "session"))
    return folder / "session"


def of_array(model: Path, values: np.ndarray, folder: Path, dtype: str = "fp16") -> Path:
    """A network on an array."""
    np.save(folder / "input.npy", values)
    samples = (Sample((folder / "input.npy",)),)
    drain(analyze(Session(model, samples=samples, dataset=samples, quant=QuantSettings(dtype)), folder / "session"))
    return folder / "session"


def on_board(session: Path, scratch: Path, spoil: Spoil, only: tuple[str, ...] = ()) -> Path:
    """The session with dumps of a board, as the embedded simulator computes them; `only` these tensors of them."""
    own, results = load_session(session), load_results(session)
    assert results is not None
    place = Bench("board", own, scratch, "unit")
    fed = place.fed()
    healthy = computed(own, session, fed, {})
    spoilt = spoil(healthy)
    values = {**computed(own, session, fed, spoilt), **spoilt} if spoilt else healthy
    values = {name: array for name, array in values.items() if not only or name in only}
    dumps = write_dumps(place, results, values, None)
    drain(import_dumps(session, ImportedDumps(dumps), "runtime"))
    return session


def case_in(session: Path, stack: ExitStack) -> Case:
    """The case of an analysed session."""
    results = load_results(session)
    assert results is not None
    return drain(case_of(load_session(session), session, results, stack))


def found_by(rules: tuple[Rule, ...], session: Path) -> list[Finding]:
    """What some rules say of a session."""
    with ExitStack() as stack:
        case = case_in(session, stack)
        return [finding for rule in rules for finding in drain(rule(case))]


def causes_of(found: list[Finding]) -> list[str]:
    """The causes among the findings, in their order, without notes."""
    return [finding.cause for finding in found if finding.level == CAUSE]


def rescaled_mnist(shared: Path, out: Path, factor: float) -> Path:
    """MNIST with its first Conv `factor` times as large, the second root(factor) times: the same float outputs."""
    model, root = onnx.load(shared / "models" / "mnist.onnx"), factor**0.5
    factors = {"Parameter5": factor, "Parameter6": factor, "Parameter87": root / factor, "Parameter88": root,
               "Parameter193": 1 / root}  # fmt: skip
    for name, times in factors.items():
        item = next(item for item in model.graph.initializer if item.name == name)
        item.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(item) * np.float32(times), name))
    onnx.save(model, out)
    return out
