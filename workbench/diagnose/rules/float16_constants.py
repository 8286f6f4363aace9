"""Constants beyond what float16 holds: where they are, and whether the deployed graph still has them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.compare.compare import LayerError
from workbench.compare.head_room import FLOAT16_LIMIT, extremes
from workbench.diagnose.case import Case
from workbench.diagnose.findings import Evidence
from workbench.graph.deployed import DeployedLayer
from workbench.quantize.constants import constants_of
from workbench.quantize.schemes import FLOAT16

BOUNDS = frozenset(("Clip", "Min", "Max"))  # a limit that float16 does not reach limits nothing
MASKS = -1e4  # what is added to scores to leave them out: minus infinity does it as well


@dataclass(frozen=True)
class Large:
    """A constant of the user's network. `row` stands for the layer that takes it, `is_half`: in float16.

    `is_folded`: the deployed graph has it no more, or in other constants.
    """

    name: str
    largest: float
    op: str
    layer: str
    row: LayerError | None
    is_folded: bool
    is_half: bool

    def evidence(self) -> Evidence:
        """One sentence."""
        name = f"{self.name} ({self.op} {self.layer})"
        text = f"The constant {name} reaches {self.largest:.3g}, and this layer keeps it in float32."
        if self.is_folded:
            text = (
                f"The constant {name} reaches {self.largest:.3g}, but it is folded into the weights before it: "
                "the NPU does not see it."
            )
        elif self.is_half:
            text = f"The constant {name} reaches {self.largest:.3g}: in float16, which ends at 65504, it is infinite."
        return Evidence(text, self.row.tensor if self.row is not None else "", view="weights")


def infinite_constants(case: Case) -> tuple[Large, ...]:
    """Those of the user's network that are finite in float32 and infinite in float16; none where all is float32."""
    if not case.model.is_onnx or case.graph is None or case.plan is None or case.quant.dtype == "fp32":
        return ()
    large = {name: most for name, value in case.model.constants.items() if (most := _reach(value)) > FLOAT16_LIMIT}
    rows = dict(_named(case))
    found = []
    for layer in case.model.graph.layers if large else ():
        for name in layer.inputs:
            if name in large and layer.op not in BOUNDS and not _is_mask(case, layer.op, name):
                row = next((rows[given] for given in layer.outputs if given in rows), None)
                held = _large_of(case, row)
                is_half = any(case.plan.of(one) == FLOAT16 and _is_infinite(case, one) for one in held)
                found.append(Large(name, large[name], layer.op, layer.name, row, not held, is_half))
    return tuple(item for item in found if item.is_folded or item.is_half)


def _reach(value: np.ndarray) -> float:
    """The largest magnitude of finite floats; 0 of what is no float, or holds infinities on purpose."""
    seen = extremes([value]) if value.dtype.kind == "f" and value.size else None
    most = max(map(abs, seen)) if seen is not None else 0.0
    return most if np.isfinite(most) else 0.0


def _is_mask(case: Case, op: str, name: str) -> bool:
    value = case.model.constants[name]
    return op in ("Add", "Where", "Mul") and float(value.max()) <= 1.0 and float(value.min()) <= MASKS


def _large_of(case: Case, row: LayerError | None) -> tuple[DeployedLayer, ...]:
    """The deployed layers of a row that take a constant beyond float16."""
    if row is None or case.graph is None:
        return ()
    graph = case.graph
    layers = [graph.producers[name] for name in (row.tensor, *row.group) if name in graph.producers]
    return tuple(
        layer
        for layer in layers
        if any(_reach(graph.constants[name]) > FLOAT16_LIMIT for name in layer.inputs if name in graph.constants)
    )


def _is_infinite(case: Case, layer: DeployedLayer) -> bool:
    """Whether a layer in float16 uses an infinite constant."""
    assert case.graph is not None
    assert case.plan is not None
    return any(bool(np.isinf(used).any()) for used in constants_of(case.graph, layer, case.plan).values())


def _named(case: Case) -> Iterator[tuple[str, LayerError]]:
    for row in case.rows:
        yield from ((name, row) for name in (*row.group, row.golden, row.tensor) if name)
