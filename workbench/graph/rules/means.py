"""Means and sums that the toolkit computes as a product with a row of 1/n: a 1x1 Conv over what is averaged.

Source: the toolkit's graphs of ReduceMean over (-1, -2), as exporters of PyTorch write it, of many sizes.
"""

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import numbered
from workbench.graph.rules.pools import LARGEST, axes_of, is_picture
from workbench.graph.rules.reshapes import is_reshape, reshape
from workbench.graph.rules.transposes import ones_moved

MOST = 16  # channels that stay a batch
ACROSS = (2, 3, 0, 1)
SHARES = {"ReduceMean": 0.0, "ReduceSum": 1.0}
ORDERS = {"ReduceMean": ([3, 2],), "ReduceSum": ([2, 3], [3, 2])}


def mean_to_conv(draft: Draft, layer: DeployedLayer) -> bool:
    """ReduceMean over width and height, in this order -> Reshape, Transpose, Conv of 1/(h·w), and a Reshape.

    ReduceSum is the same with ones, in any order of the axes.
    """
    if layer.op not in ORDERS or not is_picture(draft, layer) or axes_of(draft, layer) not in ORDERS[layer.op]:
        return False
    batch, channels, height, width = draft.shape(layer.inputs[0]) or (0, 0, 0, 0)
    if batch != 1:
        return False
    if channels > MOST:
        layers = _across(draft, layer, (channels, height * width))
    elif width > LARGEST:
        layers = _as_batch(draft, layer, (channels, height * width))
    else:
        layers = _by_rows(draft, layer, (channels, height, width))
    draft.replace([layer], [*layers, reshape(draft, layers[-1].outputs[0], layer.outputs[0])])
    return True


def mean_of_one_axis(draft: Draft, layer: DeployedLayer) -> bool:
    """ReduceMean over channels -> a 1x1 Conv of 1/c; over height or width -> the same between two Transposes."""
    axes = axes_of(draft, layer) if layer.op == "ReduceMean" and is_picture(draft, layer) else None
    source = layer.inputs[0] if layer.inputs else ""
    shape = draft.shape(source)
    if axes is None or shape is None or len(axes) != 1 or shape[0] != 1 or not layer.attributes.get("keepdims", 1):
        return False
    is_alone = draft.sole_consumer(source) is layer
    if axes == [1]:
        return _channels(draft, layer, shape) if is_alone else _channels_apart(draft, layer, shape)
    if axes == [2]:
        turned = draft.tensor(numbered(draft, f"{source}_rs"), (1, shape[2], shape[1], shape[3]))
        mean = draft.tensor(numbered(draft, f"{source}_rs_mm"), (1, 1, shape[1], shape[3]), golden=layer.outputs[0])
        there, back = [0, 2, 1, 3], [1, 2, 0, 3]
    elif axes == [3] and is_alone and shape[1] * shape[2] > MOST:
        turned = draft.tensor(numbered(draft, f"{source}_rs_sw"), (1, shape[3], shape[1], shape[2]))
        mean = draft.tensor(numbered(draft, f"{source}_rs_tp_sw"), (1, 1, *shape[1:3]), golden=layer.outputs[0])
        there, back = [0, 3, 1, 2], [0, 2, 3, 1]
    else:
        return False
    first = make_layer("Transpose", (source,), (turned,), perm=there)
    conv = _conv(draft, turned, mean, (1, shape[axes[0]], 1, 1))
    draft.replace([layer], [first, conv, make_layer("Transpose", (mean,), layer.outputs, perm=back)])
    return True


def _channels(draft: Draft, layer: DeployedLayer, shape: tuple[int, ...]) -> bool:
    """The mean over the channels of a tensor that nothing else takes: it loses its name, but as an output."""
    source, name = layer.inputs[0], layer.outputs[0]
    mean = draft.tensor(numbered(draft, f"{source}_rs_sw"), (1, 1, *shape[2:]), golden=name)
    if not draft.redirect(name, mean):
        mean = name
    draft.replace([layer], [_conv(draft, source, mean, (1, shape[1], 1, 1))])
    return True


def _channels_apart(draft: Draft, layer: DeployedLayer, shape: tuple[int, ...]) -> bool:
    """The mean over the channels of a tensor that others take too: on a picture of one row, and back."""
    source, count = layer.inputs[0], shape[2] * shape[3]
    row = draft.tensor(numbered(draft, f"{source}_rs"), (1, shape[1], 1, count), golden=source)
    mean = draft.tensor(numbered(draft, f"{row}_mm"), (1, 1, 1, count), golden=layer.outputs[0])
    layers = [reshape(draft, source, row), _conv(draft, row, mean, (1, shape[1], 1, 1))]
    draft.replace([layer], [*layers, reshape(draft, mean, layer.outputs[0])])
    return True


def reshape_to_transpose(draft: Draft, layer: DeployedLayer) -> bool:
    """A Reshape that only moves axes of one value -> Transpose.

    Where one axis has more than one value, it goes to the channels, behind a Conv.
    """
    giver = draft.producer(layer.inputs[0]) if is_reshape(draft, layer) else None
    order = ones_moved(draft, layer) if giver is not None else None
    if giver is None or order is None or order == (0, 1, 2, 3):
        return False
    taken, given = draft.shape(layer.inputs[0]) or (), draft.shape(layer.outputs[0]) or ()
    count = sum(size > 1 for size in taken)
    if count == 0 or (count == 1 and (giver.op != "Conv" or given[1] == 1)):
        return False
    draft.replace([layer], [make_layer("Transpose", layer.inputs[:1], layer.outputs, perm=list(order))])
    return True


def _across(draft: Draft, layer: DeployedLayer, sizes: tuple[int, int]) -> list[DeployedLayer]:
    """Many channels: they become the width of a picture of h·w channels."""
    channels, count = sizes
    source = layer.inputs[0]
    flat = draft.tensor(numbered(draft, f"{source}_rs"), (1, channels, 1, count), golden=source)
    turned = draft.tensor(numbered(draft, f"{flat}_tp"), (1, count, 1, channels))
    mean = draft.tensor(numbered(draft, f"{turned}_conv"), (1, 1, 1, channels), golden=layer.outputs[0])
    transpose = make_layer("Transpose", (flat,), (turned,), perm=list(ACROSS))
    return [reshape(draft, source, flat), transpose, _conv(draft, turned, mean, (1, count, 1, 1), SHARES[layer.op])]


def _as_batch(draft: Draft, layer: DeployedLayer, sizes: tuple[int, int]) -> list[DeployedLayer]:
    """Few channels: a batch of pictures of one place."""
    channels, count = sizes
    source = layer.inputs[0]
    flat = draft.tensor(numbered(draft, f"{source}_rs"), (channels, count, 1, 1), golden=source)
    mean = draft.tensor(numbered(draft, f"{flat}_mm"), (channels, 1, 1, 1), golden=layer.outputs[0])
    return [reshape(draft, source, flat), _conv(draft, flat, mean, (1, count, 1, 1), SHARES[layer.op])]


def _by_rows(draft: Draft, layer: DeployedLayer, sizes: tuple[int, int, int]) -> list[DeployedLayer]:
    """Few channels and short rows: the rows become channels, and a kernel as wide as a row adds them up."""
    channels, height, width = sizes
    source = layer.inputs[0]
    turned = draft.tensor(f"{source}_rs#1", (1, height, channels, width))
    mean = draft.tensor(numbered(draft, f"{source}_rs_mm"), (1, 1, channels, 1), golden=layer.outputs[0])
    transpose = make_layer("Transpose", (source,), (turned,), perm=[0, 2, 1, 3])
    return [transpose, _conv(draft, turned, mean, (1, height, 1, width), SHARES[layer.op])]


def _conv(
    draft: Draft, source: str, output: str, shape: tuple[int, int, int, int], share: float = 0.0
) -> DeployedLayer:
    """A Conv with one value for all weights: their share of a mean, where none is given."""
    weight = np.full(shape, share or 1 / np.prod(shape), np.float32)
    inputs = (source, draft.constant(f"{output}_weight", weight))
    return make_layer("Conv", inputs, (output,), kernel_shape=list(shape[2:]))
