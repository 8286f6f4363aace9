"""How alike both sides are: shares of scales, elements, digits and rows, and every tensor that falls short."""

import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from tests.benchmarks.fidelity import digits
from tests.benchmarks.fidelity.figures import Shortfall, Verdict
from tests.benchmarks.fidelity.vendor_files import VendorRun, grid_step
from workbench.compare.compare import LayerError
from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.steps import drain
from workbench.graph.deployed import Deployed
from workbench.graph.rules.attention import INSIDE
from workbench.preprocess.dataset import feeds
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.project.stages import Stages
from workbench.quantize.plan import Plan
from workbench.sources.simulator import EmbeddedSimulator, single_path
from workbench.sources.source import DumpRequest

EQUAL = 1e-6  # relative, of scales
LEAST = 2e-6  # relative: two stored values this near are the same integer or half float
RAW = 1e-5  # of a tensor's largest value: float32 sums in another order
CLOSE = 0.02  # relative, of scales that a search found
COLUMNS = ("simulator.entire", "simulator.single")


class Case:
    """Both sides of one network."""

    def __init__(self, vendor: VendorRun, session: Session, results: Results, folder: Path) -> None:
        self.vendor = vendor
        self.results = results
        self.stages = Stages(session, folder)
        graph, plan = drain(self.stages.planned())
        self.graph: Deployed = graph
        self.plan: Plan = plan

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of every tensor of the toolkit, its inputs left out."""
        inputs = {tensor.name for tensor in self.graph.model.graph.inputs}
        return {name: place for place, name in enumerate(self.vendor.files) if name not in inputs}

    @cached_property
    def rows(self) -> dict[str, LayerError]:
        return {row.tensor: row for row in self.results.rows}

    def common(self) -> Iterator[str]:
        """Tensors that both have, in the toolkit's order."""
        return (name for name in self.order if name in self.graph.producers)

    def shape(self, name: str) -> tuple[int, ...] | None:
        """The shape that we compute; None where it is not known beforehand."""
        return self.graph.tensors[name].static_shape if name in self.graph.tensors else None

    def value(self, name: str) -> np.ndarray:
        """The toolkit's simulator value, in the shape that we compute if it has as many elements."""
        array, shape = self.vendor.value(name), self.shape(name)
        return array.reshape(shape) if shape is not None and int(np.prod(shape)) == array.size else array

    def fits(self, name: str) -> bool:
        """Whether both sides mean tensors of one size by a name."""
        return self.shape(name) in (None, self.value(name).shape)

    def short(self, kind: str, name: str, ours: object, theirs: object) -> Shortfall:
        op = self.vendor.rows[name].op if name in self.vendor.rows else self.graph.producers[name].op
        return Shortfall(kind, self.order.get(name, -1), op, name, str(ours), str(theirs))


def judge(vendor: VendorRun, session: Session, results: Results, folder: Path) -> Verdict:
    """Compare a run of the toolkit with our results in `folder`."""
    case = Case(vendor, session, results, folder)
    verdict = Verdict()
    _count_rows(case, verdict)
    _count_scales(case, verdict)
    with tempfile.TemporaryDirectory(dir=folder) as scratch, Dump(results.dumps["simulator"][0]) as entire:
        _count_entire(case, verdict, entire)
        with Dump(_single(case, session, Path(scratch))) as single:
            _count_single(case, verdict, single)
        _count_errors(case, verdict, entire)
    _count_cos(case, verdict)
    verdict.shortfalls.sort(key=lambda item: (item.index, item.kind))
    return verdict


def _count_rows(case: Case, verdict: Verdict) -> None:
    """Names that both have, fused group members included, and which of them have numbers in both tables."""
    ours = {name for layer in case.graph.layers if INSIDE not in layer.attributes for name in layer.outputs if name}
    verdict.rows.add(len(ours & case.order.keys()), len(case.order))
    verdict.own_rows.add(len(ours & case.order.keys()), len(ours))
    missing = [case.short("missing", name, "-", name) for name in case.order if name not in ours]
    extra = [case.short("extra", name, name, "-") for name in sorted(ours) if name not in case.order]
    verdict.shortfalls += missing + extra
    for name in case.common():
        is_shown, is_ours = bool(case.vendor.rows[name].entire), name in case.rows
        verdict.shown.add(is_shown == is_ours)
        if is_shown != is_ours:
            words = {True: "row", False: "blank"}
            verdict.shortfalls.append(case.short("blank", name, words[is_ours], words[is_shown]))


def _count_scales(case: Case, verdict: Verdict) -> None:
    for name in case.common():
        theirs = _their_scale(case, name)
        if theirs is None:
            continue
        own = case.plan.encodings.get(name)
        ours = (own.scale[0], own.zero_point[0]) if own is not None and own.is_quantized else (0.0, None)
        difference = abs(ours[0] / theirs[0] - 1)
        is_equal = difference <= EQUAL and theirs[1] in (None, ours[1])
        verdict.scales.add(is_equal)
        verdict.close.add(difference <= CLOSE)
        if not is_equal:
            said = [f"{scale:.8g} {zero_point}" for scale, zero_point in (ours, theirs)]
            verdict.shortfalls.append(case.short("scale", name, *said))


def _their_scale(case: Case, name: str) -> tuple[float, int | None] | None:
    """Scale and zero point of a tensor. "mmse" writes those that it starts from: its own show in stored values only.

    Source: quantization semantics §2.1.
    """
    known = case.vendor.encodings.get(name)
    if known is None or case.stages.session.quant.algorithm != "mmse":
        return known
    step = grid_step(case.vendor.value(name)) if name not in case.plan.unstored else None
    if step is None:
        return None
    own = case.plan.encodings.get(name)
    levels = step / own.scale[0] if own is not None else 1.0  # few values may be whole levels apart
    return step / max(1, round(levels)), None


@dataclass(frozen=True)
class Alike:
    """Identical elements of all; the largest difference in steps of the scale (0.0 without one), and in words."""

    same: int
    of: int
    steps: float = 0.0
    said: str = ""


def _count_entire(case: Case, verdict: Verdict, dump: Dump) -> None:
    for name in case.common():
        is_raw = name in case.plan.unstored
        found = _alike(case, name, dump)
        (verdict.raw if is_raw else verdict.entire).add(found.same, found.of)
        if found.same < found.of:
            verdict.shortfalls.append(_differing(case, "raw" if is_raw else "entire", name, found))


def _count_single(case: Case, verdict: Verdict, dump: Dump) -> None:
    for name in case.common():
        if name in case.plan.unstored or name not in dump:
            continue
        found = _alike(case, name, dump)
        verdict.single.add(found.same, found.of)
        verdict.steps = max(verdict.steps, found.steps)
        if found.same < found.of:
            verdict.shortfalls.append(_differing(case, "single", name, found))


def _differing(case: Case, kind: str, name: str, found: Alike) -> Shortfall:
    return case.short(kind, name, f"{found.of - found.same} of {found.of} differ", f"by {found.said}")


def _alike(case: Case, name: str, dump: Dump) -> Alike:
    theirs = np.asarray(case.value(name), np.float32).reshape(-1)
    ours = dump[name].reshape(-1)
    if ours.size != theirs.size:
        return Alike(0, theirs.size, math.inf, f"their size, {ours.size} here")
    if np.array_equal(ours, theirs, equal_nan=True):
        return Alike(theirs.size, theirs.size)
    largest = float(np.nanmax(np.abs(theirs), initial=0.0))
    near = RAW * largest if name in case.plan.unstored else 0.0
    same = np.isclose(ours, theirs, rtol=LEAST, atol=near, equal_nan=True)
    worst = float(np.max(np.abs(ours - theirs)[~same], initial=0.0))
    scale, _ = case.vendor.encodings.get(name, (None, 0))
    if scale is None:
        return Alike(int(same.sum()), theirs.size, 0.0, f"{worst:.3g}, the largest is {largest:.3g}")
    return Alike(int(same.sum()), theirs.size, worst / scale, f"{worst / scale:.4g} steps")


def _single(case: Case, session: Session, scratch: Path) -> Path:
    """Our single run with the toolkit's own simulator values in the place of golden ones."""
    names = {name: name for name in case.common() if case.fits(name)}
    rest = {name: golden for name, golden in case.graph.golden_of.items() if name not in names and golden in names}
    fed = replace(case.graph, golden_of=names | rest)
    with DumpWriter(scratch / "theirs.h5", {}) as writer:
        for name in names:
            writer.add(name, np.ascontiguousarray(case.value(name)))
    request = DumpRequest(
        feeds(session.samples[0], case.graph.model.graph.inputs, session.preprocess), golden=scratch / "theirs.h5"
    )
    drain(EmbeddedSimulator(fed, case.plan, tuple(names)).dump(request, scratch / "fed.h5"))
    return single_path(scratch / "fed.h5")


def _count_cos(case: Case, verdict: Verdict) -> None:
    """Rows with numbers on both sides: cos entire and cos single."""
    for name in case.common():
        row, own = case.vendor.rows[name], case.rows.get(name)
        if not row.entire or own is None:
            continue
        said, printed = [digits.in_table(own, column) for column in COLUMNS], [row.entire, row.single]
        is_equal = all(map(digits.is_printed, said, printed))
        verdict.cos.add(is_equal)
        if not is_equal:
            verdict.shortfalls.append(case.short("cos", name, " ".join(said), " ".join(printed)))


def _count_errors(case: Case, verdict: Verdict, entire: Dump) -> None:
    """How far both sides' final outputs are from golden, ours and theirs."""
    names = [name for name in case.results.outputs if name in case.order and name in entire]
    if not names:
        return
    with Dump(case.results.dumps["golden"][0]) as dump:
        golden = _joined(names, dump.__getitem__)
    sides = (_joined(names, entire.__getitem__), _joined(names, case.vendor.value))
    verdict.errors["euc"] = _pair(float(np.linalg.norm(side - golden)) for side in sides)
    verdict.errors["cos"] = _pair(_one_minus_cos(side, golden) for side in sides)


def _pair(values: Iterator[float]) -> tuple[float, float]:
    ours, theirs = values
    return ours, theirs


def _joined(names: list[str], value: Callable[[str], np.ndarray]) -> np.ndarray:
    return np.concatenate([np.asarray(value(name), np.float64).reshape(-1) for name in names])


def _one_minus_cos(one: np.ndarray, other: np.ndarray) -> float:
    product = float(np.linalg.norm(one) * np.linalg.norm(other))
    return 1.0 - float(one @ other) / product if product else float("nan")
