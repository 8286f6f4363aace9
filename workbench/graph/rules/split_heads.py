"""A dense layer that gives queries, keys and values at once: its channels are ordered so that heads need no Transpose.

Source: the toolkit's graphs of attentions as in timm's networks.
"""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import Kernel, kernel_of, numbered, with_kernel
from workbench.graph.rules.reshapes import is_reshape, reshape
from workbench.graph.rules.transposes import perm_of


def split_heads(draft: Draft, split: DeployedLayer) -> bool:
    """1x1 Conv, Transposes and Reshapes, Split into ones, Transposes and Reshapes -> Conv, Reshape, Split.

    The Split gives [h, d, 1, n], along the third axis of [h, d, k, n].
    """
    path = _path(draft, split)
    kernel = kernel_of(draft, path[0]) if path else None
    ends = [_behind(draft, name) for name in split.outputs] if kernel is not None else []
    if kernel is None or not ends or not all(ends) or kernel.weight.shape[2:] != (1, 1):
        return False
    order = _order(draft, path, split, ends)
    if order is None or path[0].attributes.get("group", 1) != 1:
        return False
    conv = path[0]
    places = (draft.shape(conv.outputs[0]) or ())[3]
    parts = [draft.tensor(f"{name}-rs", (*order.shape[:2], 1, places)) for name in split.outputs]
    for layers, part in zip(ends, parts, strict=True):
        draft.redirect(layers[-1].outputs[0], part)
    new = (_convs if draft.weight_bytes > 1 else _one_conv)(draft, path, split, (kernel, order), parts)
    draft.replace([*path, split, *(layer for layers in ends for layer in layers)], new)
    return True


def _one_conv(
    draft: Draft, path: list[DeployedLayer], split: DeployedLayer, made_of: tuple[Kernel, np.ndarray], parts: list[str]
) -> list[DeployedLayer]:
    """The Conv with its channels in another order, a Reshape and the Split."""
    kernel, order = made_of
    conv, turned = path[0], next(layer.outputs[0] for layer in reversed(path) if layer.op == "Transpose")
    places = (draft.shape(conv.outputs[0]) or ())[3]
    draft.tensors[turned] = replace(draft.tensors[turned], shape=(*order.shape, places))
    for name in (turned, conv.outputs[0]):
        draft.golden_of.pop(name, None)
        draft.reordered.add(name)
    return [
        with_kernel(draft, conv, _chosen(kernel, order), conv.outputs[0]),
        reshape(draft, conv.outputs[0], turned),
        make_layer("Split", (turned, *split.inputs[1:]), parts, **{**split.attributes, "axis": 2}),
    ]


def _convs(
    draft: Draft, path: list[DeployedLayer], split: DeployedLayer, made_of: tuple[Kernel, np.ndarray], parts: list[str]
) -> list[DeployedLayer]:
    """A Conv for each part, as the toolkit has it where weights take two bytes; the last part comes first."""
    (kernel, order), conv = made_of, path[0]
    places = (draft.shape(conv.outputs[0]) or ())[3]
    convs, reshapes = [], []
    for number, part in enumerate(parts):
        chosen = order[:, :, number]
        given = draft.tensor(numbered(draft, f"{conv.inputs[0]}_mm"), (1, chosen.size, 1, places))
        convs.append(with_kernel(draft, conv, _chosen(kernel, chosen), given))
        reshapes.append(reshape(draft, given, part))
    return [*convs[::-1], *reshapes]


def _chosen(kernel: Kernel, channels: np.ndarray) -> Kernel:
    """Some of the channels that a Conv gives, in an order."""
    order = channels.reshape(-1)
    return Kernel(kernel.weight[order], None if kernel.bias is None else kernel.bias[order])


def _path(draft: Draft, split: DeployedLayer) -> list[DeployedLayer]:
    """The Conv and what moves its values before a Split; [] where other layers take part."""
    found: list[DeployedLayer] = []
    name = split.inputs[0] if split.op == "Split" else ""
    while (layer := draft.producer(name)) is not None and draft.sole_consumer(name) is not None:
        found.insert(0, layer)
        if layer.op == "Conv":
            moves = [item for item in found if item.op == "Transpose"]
            return found if moves and len(draft.shape(layer.outputs[0]) or ()) == 4 else []
        if not _moves(draft, layer):
            return []
        name = layer.inputs[0]
    return []


def _behind(draft: Draft, name: str) -> list[DeployedLayer]:
    """What moves the values of a part, in order."""
    found: list[DeployedLayer] = []
    while (layer := draft.sole_consumer(name)) is not None and _moves(draft, layer):
        found.append(layer)
        name = layer.outputs[0]
    is_fixed = name in draft.outputs or any(name in draft.captured(layer) for layer in draft.consumers(name))
    return [] if is_fixed else found


def _moves(draft: Draft, layer: DeployedLayer) -> bool:
    return layer.outputs[0] not in draft.grids and (is_reshape(draft, layer) or perm_of(draft, layer) is not None)


def _order(
    draft: Draft, path: list[DeployedLayer], split: DeployedLayer, ends: list[list[DeployedLayer]]
) -> np.ndarray | None:
    """The channel of the Conv that each [head, place in it, part] is; None where parts are anything else."""
    shape = draft.shape(path[0].outputs[0]) or ()
    if shape[0] != 1 or shape[2] != 1:
        return None
    numbers = np.arange(shape[1] * shape[3], dtype=np.int64).reshape(shape)
    for layer in path[1:]:
        numbers = _moved(draft, layer, numbers)
    axis = split.attributes.get("axis", 0)
    if numbers.shape[axis] != len(split.outputs):
        return None
    channels = []
    for part, layers in zip(np.split(numbers, len(split.outputs), axis), ends, strict=True):
        for layer in layers:
            part = _moved(draft, layer, part)
        if part.ndim != 4 or part.shape[2:] != (1, shape[3]):
            return None
        channels.append(part[:, :, 0, 0] // shape[3])
        if not np.array_equal(part[:, :, 0], channels[-1][..., None] * shape[3] + np.arange(shape[3])):
            return None
    return np.stack(channels, axis=2) if len({item.shape for item in channels}) == 1 else None


def _moved(draft: Draft, layer: DeployedLayer, value: np.ndarray) -> np.ndarray:
    perm = perm_of(draft, layer)
    return value.reshape(draft.shape(layer.outputs[0]) or ()) if perm is None else value.transpose(perm)
