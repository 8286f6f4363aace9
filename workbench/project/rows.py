"""The rows of the layer table: fused groups of the deployed graph, and the golden tensor that each is compared with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workbench.graph.deployed import PRODUCT, SOFTMAX, Deployed, DeployedLayer
from workbench.graph.tail import OUTSIDE
from workbench.project.results import OWN_QUANTIZATION
from workbench.quantize.encoding import Encoding
from workbench.quantize.exactness import is_exact
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import stored_encoding
from workbench.quantize.schemes import FLOAT16, FLOAT32, INT16

BETWEEN = ("Mul", "Div", "Add", "Reshape", "Transpose")  # of the product and the Softmax of an attention
NOT_ON_NPU = "outside the NPU"
NOT_KNOWN_EXACT = "not known to be the toolkit's values bit for bit"


@dataclass(frozen=True)
class Row:
    """One fused group: its last tensor is compared; `group` are the tensors that vanish in it."""

    op: str
    tensor: str
    golden: str
    group: tuple[str, ...]
    origins: tuple[str, ...]
    encoding: Encoding | None
    note: str


def rows_of(graph: Deployed, plan: Plan) -> tuple[Row, ...]:
    """The rows in execution order."""
    members: dict[str, list[tuple[DeployedLayer, str]]] = {}
    rows: list[Row] = []
    for layer in graph.layers:
        before = [part for name in layer.inputs for part in members.get(name, ())]
        members.update((name, [*before, (layer, name)]) for name in layer.outputs if name in plan.grouped)
        shown = [name for name in layer.outputs if name and name not in plan.grouped]
        rows.extend(_row(graph, plan, layer, before, name) for name in shown)
    return tuple(rows)


def _row(
    graph: Deployed, plan: Plan, layer: DeployedLayer, before: Collection[tuple[DeployedLayer, str]], tensor: str
) -> Row:
    group = dict.fromkeys(name for part, given in before for name in (*part.absorbed, given))
    origins = dict.fromkeys(name for part in (*(part for part, _ in before), layer) for name in part.origins)
    return Row(
        op=layer.op,
        tensor=tensor,
        golden=graph.golden_of.get(tensor, tensor),
        group=(*group, *layer.absorbed),
        origins=tuple(origins),
        encoding=stored_encoding(graph, plan, tensor),
        note="; ".join(note for note in (_note(graph, plan, layer, tensor), _doubt(graph, plan, layer)) if note),
    )


def _note(graph: Deployed, plan: Plan, layer: DeployedLayer, tensor: str) -> str:
    precision = plan.of(layer)
    if OUTSIDE in layer.attributes:
        return NOT_ON_NPU
    if graph.is_quantized:
        return f"{OWN_QUANTIZATION}; float16" if precision == FLOAT16 else OWN_QUANTIZATION
    if precision == FLOAT16 and plan.encodings:
        return "float16"
    if plan.is_wide(precision):
        return INT16
    if precision == FLOAT32 and plan.encodings:
        return "float" if graph.is_float(tensor) else "not quantised"
    return ""


def _doubt(graph: Deployed, plan: Plan, layer: DeployedLayer) -> str:
    """Said of operators whose values have not been compared with the toolkit's bit for bit."""
    precision = plan.of(layer)
    is_known = plan.type.is_checked and is_exact(layer.op, precision) and not _is_in_attention(graph, layer)
    return "" if precision == FLOAT32 or is_known else NOT_KNOWN_EXACT


def _is_in_attention(graph: Deployed, layer: DeployedLayer) -> bool:
    """Whether a Softmax is that of an attention in parts: on some chips the toolkit computes those in another order."""
    if layer.op != SOFTMAX:
        return False
    before = graph.producers.get(layer.inputs[0])
    while before is not None and before.op in BETWEEN and before.inputs:
        before = graph.producers.get(before.inputs[0])
    return before is not None and before.op == PRODUCT


def unmatched_golden(golden: Collection[str], rows: Collection[Row]) -> tuple[str, ...]:
    """Golden tensors that no row stands for."""
    covered = {name for row in rows for name in (row.golden, row.tensor, *row.group)}
    return tuple(name for name in golden if name not in covered)


def layers_of(rows: Collection[Row]) -> Mapping[str, tuple[str, ...]]:
    """From a row's tensor to the user's layers."""
    return {row.tensor: row.origins for row in rows}
