"""Operators that compute on integers (QLinearConv and its family) as the float operators that they stand for.

Source: the specifications of ONNX (QLinearConv, QLinearMatMul) and of ONNX Runtime's own operators (com.microsoft).
"""

from dataclasses import dataclass

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.grids import Grid, grid_of


@dataclass(frozen=True)
class Signature:
    """Where an operator has its (value, scale, zero point) triples, those of its output, and its int32 bias."""

    op: str
    operands: tuple[tuple[int, int, int], ...]
    output: tuple[int, int]
    bias: int | None = None


ONE, TWO = ((0, 1, 2),), ((0, 1, 2), (3, 4, 5))
QLINEAR = {
    "QLinearConv": Signature("Conv", TWO, (6, 7), 8),
    "QLinearMatMul": Signature("MatMul", TWO, (6, 7)),
    "QGemm": Signature("Gemm", TWO, (7, 8), 6),
    "QLinearAdd": Signature("Add", TWO, (6, 7)),
    "QLinearMul": Signature("Mul", TWO, (6, 7)),
    "QLinearGlobalAveragePool": Signature("GlobalAveragePool", ONE, (3, 4)),
    "QLinearAveragePool": Signature("AveragePool", ONE, (3, 4)),
    "QLinearLeakyRelu": Signature("LeakyRelu", ONE, (3, 4)),
    "QLinearSigmoid": Signature("Sigmoid", ONE, (3, 4)),
    "QLinearSoftmax": Signature("Softmax", ONE, (3, 4)),
    "QLinearConcat": Signature("Concat", (), (0, 1)),
}
OWN_ATTRIBUTES = ("channels_last", "opset")  # of ONNX Runtime's operators


def as_float_operator(draft: Draft, layer: DeployedLayer) -> bool:
    """QLinearConv -> Conv and so on; what it takes and gives keeps its name and gets its grid."""
    signature = QLINEAR.get(layer.op)
    if signature is None or layer.attributes.get("channels_last", 0):
        return False
    bias = _input(layer, signature.bias)
    if bias and draft.value(bias) is None:
        return False
    given = layer.outputs[0]
    grid = _parameters(draft, layer, signature.output, draft.tensors[given].dtype, None)
    inputs = [_real(draft, layer, places) for places in _operands(layer, signature)]
    if None in inputs or (grid is None and not draft.is_float(given)):
        return False
    taken = [name for name in inputs if name is not None]
    if bias:
        taken.append(_bias(draft, layer, signature, taken))
    attributes = {key: value for key, value in layer.attributes.items() if key not in OWN_ATTRIBUTES}
    if grid is not None:
        draft.store(given, grid)
    draft.replace([layer], [make_layer(signature.op, taken, layer.outputs, **attributes)])
    return True


def _operands(layer: DeployedLayer, signature: Signature) -> tuple[tuple[int, int, int], ...]:
    if layer.op == "QLinearConcat":
        return tuple((place, place + 1, place + 2) for place in range(2, len(layer.inputs), 3))
    return signature.operands


def _input(layer: DeployedLayer, place: int | None) -> str:
    return layer.inputs[place] if place is not None and place < len(layer.inputs) else ""


def _parameters(
    draft: Draft, layer: DeployedLayer, places: tuple[int, int], dtype: str, axis: int | None
) -> Grid | None:
    """The grid that a scale and a zero point at two places say."""
    scale, zero = (_input(layer, place) for place in places)
    if not scale or (zero and draft.value(zero) is None):
        return None
    point = draft.value(zero) if zero else None
    return grid_of(draft.value(scale), point, dtype if point is None else point.dtype.name, axis)


def _real(draft: Draft, layer: DeployedLayer, places: tuple[int, int, int]) -> str | None:
    """The name of an operand's real values; None as long as it has none, or where the operator reads it otherwise."""
    name = layer.inputs[places[0]]
    value = draft.value(name)
    grid = _parameters(draft, layer, places[1:], "uint8", _axis(layer, value))
    if grid is None:
        return None
    if value is not None:
        known = f"{name}_DequantizeLinear_Output"
        if draft.grids.get(known) == grid and known in draft.constants:
            return known
        real = draft.constant(known, grid.dequantize(value))
        draft.grids[real] = grid
        return real
    if draft.producer(name) is None:
        return _read_input(draft, layer, places, grid)
    return name if draft.grids.get(name) == grid else None


def _read_input(draft: Draft, layer: DeployedLayer, places: tuple[int, int, int], grid: Grid) -> str:
    """The real values of the network's integer input, behind a DequantizeLinear of its own."""
    taken = [layer.inputs[place] for place in places]
    known = [item for item in draft.consumers(taken[0]) if item.op == "DequantizeLinear"]
    if known:
        return known[0].outputs[0]
    name = draft.tensor(f"{taken[0]}_DequantizeLinear_Output", draft.shape(taken[0]) or ())
    draft.grids[name] = grid
    read = make_layer("DequantizeLinear", [item for item in taken if item], (name,))
    draft.replace([layer], [read, layer])
    return name


def _axis(layer: DeployedLayer, value: np.ndarray | None) -> int | None:
    """The axis of a weight's output channels."""
    if value is None or not value.ndim:
        return None
    if layer.op == "QLinearConv" or (layer.op == "QGemm" and layer.attributes.get("transB", 0)):
        return 0
    return value.ndim - 1


def _bias(draft: Draft, layer: DeployedLayer, signature: Signature, taken: list[str]) -> str:
    """The int32 bias in real values: its scale is that of the operands' product."""
    name = _input(layer, signature.bias)
    one, other = (draft.grids[operand] for operand in taken)
    alpha = np.float32(layer.attributes.get("alpha", 1.0))
    scale = alpha * np.float32(one.scale[0]) * np.asarray(other.scale, np.float32)
    grid = Grid("int32", tuple(scale.tolist()), (0,) * scale.size, 0 if scale.size > 1 else None)
    value = draft.constants[name]
    if layer.op == "QGemm" and value.ndim > 1 and scale.size > 1:
        grid = Grid("int32", grid.scale, grid.zero_point, value.ndim - 1)
    real = draft.constant(f"{name}_DequantizeLinear_Output", grid.dequantize(value))
    draft.grids[real] = grid
    return real
