"""How much a layer multiplies. No Qt."""

from collections.abc import Callable, Sequence
from math import prod

from workbench.graph.graph import Graph, Layer

CONVOLUTIONS = ("Conv", "ConvTranspose", "QLinearConv", "ConvInteger")
PRODUCTS = ("Gemm", "MatMul", "QLinearMatMul", "MatMulInteger")


def macs(graph: Graph, layer: Layer) -> float | None:
    """Multiplications that are added up, for one input; None for other operators, or where a shape is not known."""
    if layer.op not in (*CONVOLUTIONS, *PRODUCTS):
        return None
    weight = 3 if layer.op in ("QLinearConv", "QLinearMatMul") else 1
    left, right = (_shape(graph, layer.inputs[at]) if at < len(layer.inputs) else None for at in (0, weight))
    out = _shape(graph, layer.outputs[0])
    if not left or not right or not out:
        return None
    if layer.op in PRODUCTS:
        is_turned = layer.op == "Gemm" and bool(layer.attributes.get("transA"))
        return float(prod(out)) * left[-2 if is_turned else -1]
    # each input of a transposed convolution is spread over a kernel, each output of an ordinary one gathered from one
    return float(prod(left if layer.op == "ConvTranspose" else out)) * prod(right[1:])


def macs_of_rows(graph: Graph, layers_of: Callable[[str], Sequence[str]], tensors: Sequence[str]) -> list[float | None]:
    """The sum over the user's layers that each row stands for; None where none of them multiplies."""
    known = {layer.name: count for layer in graph.layers if (count := macs(graph, layer)) is not None}
    counts = [[known[name] for name in layers_of(tensor) if name in known] for tensor in tensors]
    return [sum(found) if found else None for found in counts]


def _shape(graph: Graph, name: str) -> tuple[int, ...] | None:
    tensor = graph.tensors.get(name)
    return tensor.static_shape if tensor else None
