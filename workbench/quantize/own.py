"""The plan of a network that brings its own quantization: every tensor with the encoding that the network chose.

What the NPU stores in int8 where the network has uint8 is the same values, 128 lower; so for 16 bits. Like the toolkit
(2.5.0, `do_quantization=False`): a tensor for which the network says nothing is float16; one whose zero points are all
zero becomes symmetric, with the scale of the range's larger half, -128 steps, over 127. That moves its values off the
network's grid; outputs of small networks on the toolkit's simulator show it exactly, weights included.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from workbench.foundation.errors import SettingsError
from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer
from workbench.graph.grids import STORED, Grid
from workbench.quantize.encoding import RANGES, Encoding
from workbench.quantize.given import plan_of
from workbench.quantize.plan import OWN, Plan
from workbench.quantize.schemes import FLOAT16

SHIFTS = {"uint8": ("int8", 128), "uint16": ("int16", 32768)}
WIDENED = ("int8", "int16")
CONVOLUTIONS = ("Conv", "ConvTranspose")


def own_plan(graph: Deployed, float_tensors: Collection[str] = ()) -> Plan:
    """The plan that a network's `grids` say; layers that give `float_tensors` are kept in float16."""
    unknown = [name for name in float_tensors if name not in graph.producers]
    if unknown:
        raise SettingsError(
            f"No layer gives {', '.join(unknown)}, which shall stay in float16.", "Take the names from the layer table."
        )
    encodings = {name: encoding_of(grid) for name, grid in graph.grids.items() if name in graph.constants}
    for name, layer in graph.producers.items():
        grid = graph.grids.get(name) or graph.grids.get(graph.golden_of.get(name, name))  # a rule's, of another shape
        is_float_end = layer.op == CONVERT and name in graph.outputs
        if grid is not None and graph.is_float(name) and not is_float_end:
            encodings[name] = encoding_of(grid)
    encodings |= {name: encoding_of(grid) for name, grid in _reshaped_weights(graph)}
    return plan_of(graph, encodings, {}, dict.fromkeys(float_tensors, FLOAT16), Plan({}, {}, method=OWN))


def own_golden(graph: Deployed, plan: Plan) -> Deployed:
    """The graph with the float values as golden ones of the tensors that the NPU does not store.

    For another plan than `own_plan`'s it is the graph as it is.
    """
    if plan.method != OWN:
        return graph
    tensors = graph.model.graph.tensors
    before = {name: name for name in plan.unstored if name in tensors and tensors[name].dtype == "float32"}
    return replace(graph, golden_of={**graph.golden_of, **before})


def own_encodings(graph: Deployed) -> dict[str, Encoding]:
    """How the integer tensors of the user's network stand for real values."""
    found: dict[str, Encoding] = {}
    for name, grid in graph.grids.items():
        for source in {name, graph.golden_of.get(name, name)}:
            tensor = graph.model.graph.tensors.get(source)
            if tensor is not None and tensor.dtype == grid.dtype and source not in graph.model.constants:
                found[source] = Encoding(grid.dtype, grid.scale, grid.zero_point)
    return found


def encoding_of(grid: Grid) -> Encoding:
    """The encoding that the NPU stores a grid in."""
    dtype, shift = SHIFTS.get(grid.dtype, (grid.dtype, 0))
    zero_point = tuple(zero - shift for zero in grid.zero_point)
    scale = grid.scale
    if dtype in WIDENED and not any(zero_point):
        low, high = RANGES[dtype]
        scale = tuple(value * (-low / high) for value in scale)
    return Encoding(dtype, scale, zero_point, grid.axis)


def _reshaped_weights(graph: Deployed) -> Iterator[tuple[str, Grid]]:
    """Weights that a rule gave another shape and name, with the grid that the user's layer has for them."""
    nodes = {layer.name: layer for layer in graph.model.graph.layers}
    for layer in graph.layers:
        if layer.op not in CONVOLUTIONS or layer.inputs[1] in graph.grids or layer.inputs[1] not in graph.constants:
            continue
        for origin in layer.origins:
            node = nodes.get(origin)
            names = () if node is None else (*node.inputs, *(f"{name}_DequantizeLinear_Output" for name in node.inputs))
            grids = (graph.grids[name] for name in names if name in graph.grids and name not in graph.producers)
            fits = [found for grid in grids if (found := _on_axis(layer, graph.constants[layer.inputs[1]], grid))]
            if fits:
                yield layer.inputs[1], fits[0]
                break


def _on_axis(layer: DeployedLayer, weight: np.ndarray, grid: Grid) -> Grid | None:
    """The grid along the output channels of other weights, if they all lie on it."""
    axis = 1 if layer.op == "ConvTranspose" else 0
    if grid.dtype not in STORED or len(grid.scale) not in (1, weight.shape[axis]):
        return None
    found = replace(grid, axis=axis if len(grid.scale) > 1 else None)
    is_on_it = np.allclose(found.dequantize(found.quantize(weight)), weight, rtol=1e-5, atol=0)
    return found if is_on_it else None


def own_constants(graph: Deployed, layer: DeployedLayer, plan: Plan) -> dict[int, np.ndarray]:
    """A layer's constants by position, on the grids that the NPU has for them; others stay as they are."""
    found: dict[int, np.ndarray] = {}
    for position, name in enumerate(layer.inputs):
        encoding = plan.encodings.get(name)
        if encoding is not None and name in graph.constants and encoding.dtype in RANGES and encoding.dtype != "int32":
            found[position] = encoding.dequantize(encoding.quantize(graph.constants[name]))
    bias = _bias(graph, layer, plan)
    return found if bias is None else {**found, 2: bias}


def _bias(graph: Deployed, layer: DeployedLayer, plan: Plan) -> np.ndarray | None:
    """The bias on the grid input scale x weight scale. Source: quantization semantics §3."""
    if layer.op not in CONVOLUTIONS or len(layer.inputs) < 3:
        return None
    taken, weight = (plan.encodings.get(name) for name in layer.inputs[:2])
    bias = graph.constants.get(layer.inputs[2])
    if taken is None or weight is None or bias is None or len(weight.scale) not in (1, bias.size):
        return None
    scale = (taken.scale[0] * np.asarray(weight.scale)).astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        on_grid = np.rint(bias / scale) * scale
    return np.where(np.isfinite(on_grid), on_grid, bias)
