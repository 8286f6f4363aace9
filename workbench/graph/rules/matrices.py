"""Gemm and MatMul with constant weights are 1x1 Convs on the NPU. Source: quantization semantics §6."""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.reshapes import is_reshape, reshape

LARGEST_KERNEL = 7


def matrix_to_conv(draft: Draft, layer: DeployedLayer) -> bool:
    """x[m, k] · W[k, n] + b -> Transpose and Reshape to [1, k, 1, m], Conv `…_mm` to [1, n, 1, m], and back."""
    parts = _matrix_of(draft, layer)
    if parts is None:
        return False
    weight, bias = parts
    source, target = layer.inputs[0], layer.outputs[0]
    rows, columns = draft.shape(source) or (1, 1)
    across, wide = draft.tensor(f"{source}_tp", (columns, rows)), f"{source}_tp_rs"
    wide = draft.tensor(wide, (1, columns, 1, rows), golden=source if rows == 1 else "")
    middle = draft.tensor(f"{target}_mm", (1, len(weight), 1, rows), golden=target if rows == 1 else "")
    back = draft.tensor(f"{target}_mm_tp", (rows, 1, 1, len(weight)), golden=target)
    inputs = (
        wide,
        _weights(draft, f"{target}_weight", weight.reshape(*weight.shape, 1, 1), layer.inputs[1]),
        draft.constant(f"{target}_bias", bias),
    )
    draft.replace(
        [layer],
        [
            make_layer("Transpose", (source,), (across,), perm=[1, 0]),
            reshape(draft, across, wide),
            make_layer("Conv", inputs, (middle,), kernel_shape=[1, 1]),
            make_layer("Transpose", (middle,), (back,), perm=[3, 2, 0, 1]),
            reshape(draft, back, target),
        ],
    )
    return True


def reshape_into_conv(draft: Draft, conv: DeployedLayer) -> bool:
    """A 1x1 Conv of a picture reshaped to [1, c·h·w, 1, 1] -> a Conv with an h x w kernel."""
    before = draft.producer(conv.inputs[0]) if conv.op == "Conv" else None
    weight = draft.value(conv.inputs[1]) if before is not None else None
    if before is None or weight is None or not is_reshape(draft, before) or weight.ndim != 4:
        return False
    taken, given = draft.shape(before.inputs[0]) or (), draft.shape(before.outputs[0]) or ()
    if len(taken) != 4 or taken[0] != 1 or given != (1, weight.shape[1], 1, 1) or weight.shape[2:] != (1, 1):
        return False
    if max(taken[2:]) > LARGEST_KERNEL or conv.attributes.get("group", 1) != 1:
        return False
    large = _weights(draft, f"{conv.inputs[1]}_fuse", weight.reshape(len(weight), *taken[1:]), conv.inputs[1])
    fused = make_layer("Conv", (before.inputs[0], large, *conv.inputs[2:]), conv.outputs, kernel_shape=taken[2:])
    gone = [before] if draft.sole_consumer(before.outputs[0]) is conv else []
    draft.replace([*gone, conv], [fused])
    return True


def _matrix_of(draft: Draft, layer: DeployedLayer) -> tuple[np.ndarray, np.ndarray] | None:
    """The weights as [out, in] and the bias of a dense layer; None where it is no such layer."""
    if layer.op not in ("Gemm", "MatMul") or layer.inputs[1] not in draft.constants:
        return None
    taken, given = draft.shape(layer.inputs[0]), draft.shape(layer.outputs[0])
    weight = draft.constants[layer.inputs[1]]
    attributes = layer.attributes
    if taken is None or given is None or len(taken) != 2 or weight.ndim != 2 or weight.dtype != np.float32:
        return None
    if attributes.get("transA", 0) or attributes.get("alpha", 1.0) != 1.0 or attributes.get("beta", 1.0) != 1.0:
        return None
    weight = weight if attributes.get("transB", 0) else np.ascontiguousarray(weight.T)
    bias = _dense_bias(draft, layer, len(weight))
    return None if bias is None else (weight, bias)


def _weights(draft: Draft, name: str, value: np.ndarray, source: str) -> str:
    """Add weights as [out, in, …]; those that are quantised already keep their grid."""
    name = draft.constant(name, value)
    grid = draft.grids.get(source)
    if grid is not None:
        draft.grids[name] = grid if grid.axis is None else replace(grid, axis=0)
    return name


def _dense_bias(draft: Draft, layer: DeployedLayer, size: int) -> np.ndarray | None:
    if len(layer.inputs) < 3 or not layer.inputs[2]:
        return np.zeros(size, np.float32)
    bias = draft.value(layer.inputs[2])
    if bias is None or bias.size not in (1, size) or bias.shape[:-1].count(1) != max(bias.ndim - 1, 0):
        return None
    return np.ascontiguousarray(np.broadcast_to(bias.reshape(-1), (size,)))
