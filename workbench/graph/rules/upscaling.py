"""Enlarging, in the forms that the NPU has."""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import SPREAD, DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import Kernel, kernel_inputs, kernel_of, numbered

BLOCKS = frozenset((2, 4, 8))
STRIDES = frozenset((1, 2, 4, 8))
NOT_SET = (b"NOTSET", "NOTSET", b"")
SHUFFLES = {(0, 1, 4, 2, 5, 3): 2, (0, 3, 4, 1, 5, 2): 1}
"""By order of axes, where the size of a block is in the inner shape: behind the channels, or before them."""


def depth_to_deconv(draft: Draft, layer: DeployedLayer) -> bool:
    """DepthToSpace of blocks of 2, 4 or 8 -> a ConvTranspose of ones and zeros."""
    size = layer.attributes.get("blocksize", 0) if layer.op == "DepthToSpace" else 0
    shape = draft.shape(layer.inputs[0]) if size in BLOCKS else None
    name = layer.inputs[0]
    if shape is None or len(shape) != 4 or not draft.is_float(name) or name in draft.grids:
        return False
    mode = layer.attributes.get("mode", b"DCR")
    weight = block_weights(shape[1], size, is_column_first=mode in (b"CRD", "CRD"))
    inputs = (name, draft.constant(f"{layer.outputs[0]}_weight", weight))
    deconv = make_layer("ConvTranspose", inputs, layer.outputs, kernel_shape=[size] * 2, strides=[size] * 2)
    draft.replace([layer], [deconv])
    return True


def block_weights(channels: int, size: int, is_column_first: bool) -> np.ndarray:
    """Weights [channels, channels / size², size, size] that put each channel on its place in the blocks."""
    given = channels // size**2
    weight = np.zeros((channels, given, size, size), np.float32)
    places = np.arange(channels)
    if is_column_first:
        channel, row, column = places // size**2, places // size % size, places % size
    else:
        channel, row, column = places % given, places // given // size, places // given % size
    weight[places, channel, row, column] = 1
    return weight


def name_upsample(draft: Draft, layer: DeployedLayer) -> bool:
    """Upsample is called Resize; it keeps its own arithmetic."""
    if layer.op != "Upsample" or not draft.is_float(layer.outputs[0]):
        return False
    draft.replace([layer], [replace(layer, op="Resize")])
    return True


def shuffle_to_deconv(draft: Draft, layer: DeployedLayer) -> bool:
    """Reshape, Transpose and Reshape that spread channels over blocks -> a ConvTranspose of ones and zeros."""
    swap = draft.producer(layer.inputs[0]) if layer.op == "Reshape" else None
    first = draft.producer(swap.inputs[0]) if swap is not None and swap.op == "Transpose" else None
    if swap is None or first is None or first.op != "Reshape" or not draft.is_float(layer.outputs[0]):
        return False
    taken, inner, given = (draft.shape(name) for name in (first.inputs[0], first.outputs[0], layer.outputs[0]))
    if taken is None or inner is None or given is None or len(taken) != 4 or len(inner) != 6 or len(given) != 4:
        return False
    rule = SHUFFLES.get(tuple(swap.attributes.get("perm", ())))
    alone = draft.sole_consumer(first.outputs[0]) is swap and draft.sole_consumer(swap.outputs[0]) is layer
    if rule is None or not alone or first.inputs[0] in draft.grids:
        return False
    size = inner[rule]
    channels = taken[1] // size**2
    blocks = (channels, size, size) if rule == 2 else (size, size, channels)
    whole = (taken[0], channels, taken[2] * size, taken[3] * size)
    if inner != (taken[0], *blocks, *taken[2:]) or given != whole:
        return False
    weight = draft.constant(f"{layer.outputs[0]}_weight", block_weights(taken[1], size, is_column_first=rule == 2))
    inputs = (first.inputs[0], weight)
    deconv = make_layer("ConvTranspose", inputs, layer.outputs, kernel_shape=[size] * 2, strides=[size] * 2)
    draft.replace([first, swap, layer], [deconv])
    return True


def deconv_to_conv(draft: Draft, deconv: DeployedLayer) -> bool:
    """ConvTranspose with strides that are no powers of two up to 8 -> zeros between the values, and a Conv."""
    kernel = kernel_of(draft, deconv) if deconv.op == "ConvTranspose" else None
    shape = draft.shape(deconv.inputs[0]) if kernel is not None else None
    if kernel is None or shape is None or len(shape) != 4 or deconv.attributes.get("output_shape"):
        return False
    known = deconv.attributes
    strides, dilations = (tuple(known.get(name, (1, 1))) for name in ("strides", "dilations"))
    if set(strides) <= STRIDES or set(dilations) != {1} or known.get("auto_pad", b"NOTSET") not in NOT_SET:
        return False
    sizes, pads = kernel.weight.shape[2:], tuple(known.get("pads", (0, 0, 0, 0)))
    around = [size - 1 - pad for size, pad in zip((*sizes, *sizes), pads, strict=True)]
    if min(around) < 0:
        return False
    spread = _spread(draft, deconv, (strides, around))
    flipped = _flipped(kernel.weight, known.get("group", 1))
    more = {"kernel_shape": list(sizes), "pads": [0, 0, *known.get("output_padding", (0, 0))]}
    inputs = (spread.outputs[0], *kernel_inputs(draft, Kernel(flipped, kernel.bias), deconv.outputs[0]))
    conv = make_layer("Conv", inputs, deconv.outputs, group=known.get("group", 1), **more)
    draft.replace([deconv], [spread, conv])
    return True


def _spread(draft: Draft, deconv: DeployedLayer, how: tuple[tuple[int, ...], list[int]]) -> DeployedLayer:
    """Zeros between the values and around them, spelled as a depthwise ConvTranspose with a single one."""
    strides, around = how
    shape = draft.shape(deconv.inputs[0]) or ()
    lengths = [(shape[axis + 2] - 1) * strides[axis] + 1 + around[axis] + around[axis + 2] for axis in (0, 1)]
    name = draft.tensor(numbered(draft, f"{deconv.inputs[0]}_pad"), (*shape[:2], *lengths))
    one = np.zeros((shape[1], 1, around[0] + around[2] + 1, around[1] + around[3] + 1), np.float32)
    one[:, :, around[0], around[1]] = 1
    inputs = (deconv.inputs[0], draft.constant(f"{name}_weight", one))
    plain = make_layer("ConvTranspose", inputs, (name,), group=shape[1], strides=list(strides))
    return replace(plain, op=SPREAD, attributes={"strides": list(strides)})


def _flipped(weight: np.ndarray, group: int) -> np.ndarray:
    """The weights of a ConvTranspose as those of a Conv."""
    inputs, outputs = weight.shape[0] // group, weight.shape[1]
    parts = weight.reshape(group, inputs, outputs, *weight.shape[2:])[..., ::-1, ::-1].swapaxes(1, 2)
    return np.ascontiguousarray(parts.reshape(group * outputs, inputs, *weight.shape[2:]))
