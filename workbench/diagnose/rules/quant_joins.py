"""Tensors of very different range that share one scale: the parts of a Concat, the summands of an Add."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.diagnose.case import Case
from workbench.diagnose.findings import NOTE, Chart, Evidence, Finding
from workbench.diagnose.fixes.settings import in_float16
from workbench.diagnose.quant_study import MOVING, deployed_golden, is_stored, leads_out
from workbench.graph.deployed import Deployed, DeployedLayer

UNEQUAL = 4.0  # times the extent of the smallest part
LEVELS = 64  # of the shared grid within the smallest part: with more it is coarse for nobody
SUMMANDS = 16.0  # an Add may well have a small summand: only far apart ranges count
MOST_NOTED = 3


@dataclass(frozen=True)
class Part:
    """What one branch gives: the extent of its values, and that of nearly all of them."""

    tensor: str
    extent: float


@dataclass(frozen=True)
class Join:
    """A layer that puts parts on one grid of some `step`."""

    layer: DeployedLayer
    parts: tuple[Part, ...]
    step: float

    @property
    def tensor(self) -> str:
        """What it gives."""
        return self.layer.outputs[0]

    @property
    def small(self) -> Part:
        """The part with the fewest levels."""
        return min(self.parts, key=lambda part: part.extent)

    @property
    def large(self) -> Part:
        """The part that makes the step."""
        return max(self.parts, key=lambda part: part.extent)

    @property
    def ratio(self) -> float:
        """How many times the extent of the small part is the large one's."""
        return self.large.extent / self.small.extent if self.small.extent else float("inf")

    @property
    def levels(self) -> float:
        """How many steps of the shared grid the small part has."""
        return self.small.extent / self.step

    @property
    def is_unequal(self) -> bool:
        """Whether the small part suffers."""
        if self.layer.op == "Concat":
            return self.ratio >= UNEQUAL and 0 < self.levels < LEVELS
        return self.ratio >= SUMMANDS and 0 < self.levels < LEVELS / 4


def join_at(case: Case, tensor: str, sample: int) -> Join | None:
    """The join that gives a tensor; None where something else does, or golden values are missing."""
    if case.graph is None or case.plan is None:
        return None
    layer, encoding = case.graph.producers.get(tensor), case.plan.encodings.get(tensor)
    if layer is None or encoding is None or layer.op not in ("Concat", "Add", "Sub") or len(encoding.scale) != 1:
        return None
    parts = []
    for name in dict.fromkeys(_branches(case.graph, layer)):
        values = deployed_golden(case, name, sample)
        if values is None:
            continue
        finite = values[np.isfinite(values)]
        if finite.size:
            parts.append(Part(name, float(max(finite.max(), 0.0) - min(finite.min(), 0.0))))
    alive = tuple(part for part in parts if part.extent > 0)
    return Join(layer, alive, encoding.scale[0]) if len(alive) > 1 else None


def _branches(graph: Deployed, layer: DeployedLayer) -> Iterator[str]:
    """What a layer puts together; a Concat of Concats what those do: heads of a detector."""
    for name in layer.inputs:
        source = graph.producers.get(name)
        while source is not None and source.op in MOVING and source.inputs[0] in graph.producers:
            source = graph.producers[source.inputs[0]]
        if layer.op == "Concat" and source is not None and source.op == "Concat":
            yield from _branches(graph, source)
        elif name not in graph.constants:
            yield name


def joined(case: Case, join: Join, sample: int, share: float | None) -> Finding:
    """What a join of unequal parts is called; `share` of the damage is None where nothing is damaged."""
    small, large = join.small, join.large
    is_concat = join.layer.op == "Concat"
    values = {
        "tensor": join.tensor,
        "small": small.tensor,
        "large": large.tensor,
        "ratio": f"{join.ratio:.0f}",
        "levels": f"{join.levels:.0f}",
        "share": "0%" if share is None else f"{share:.0%}",
    }
    text = (
        f"{join.tensor} stores {large.tensor} (extent {large.extent:.4g}) and {small.tensor} (extent "
        f"{small.extent:.4g}) in steps of {join.step:.4g}: of 256 levels the latter has {join.levels:.0f}."
    )
    chart = Chart("bars", "part", "extent", {"extent": tuple(part.extent for part in join.parts)},
                  tuple(part.tensor for part in join.parts))  # fmt: skip
    view = "channels" if is_concat else "histogram"
    evidence = [Evidence(text, join.tensor, sample, view, chart)]
    kind = "concat-ranges" if is_concat else "add-ranges"
    if share is None:
        return Finding(kind, 0.4, (join.tensor,), values, tuple(evidence), level=NOTE)
    text = f"The shared steps of {join.tensor} alone do {share:.0%} of the damage at {case.hurt[0].tensor}."
    evidence.append(Evidence(text, case.hurt[0].tensor, sample, "scatter"))
    fix = None if is_concat and leads_out(case, join.tensor) else in_float16(case, (join.tensor,), through=True)
    fixes = () if fix is None else (fix,)
    confidence = min(0.97, 0.5 + 0.45 * share)
    return Finding(kind, confidence, (join.tensor, small.tensor), values, tuple(evidence), fixes)


def noted(case: Case, sample: int) -> tuple[Finding, ...]:
    """Concats of unequal parts that lead to an output, where no output is spoilt."""
    found = []
    for row in case.rows:
        if row.op == "Concat" and is_stored(case, row) and leads_out(case, row.tensor):
            join = join_at(case, row.tensor, sample)
            if join is not None and join.is_unequal:
                found.append(joined(case, join, sample, None))
    return tuple(found[:MOST_NOTED])
