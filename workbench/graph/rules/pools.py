"""Pooling over much, in the pieces that the NPU has: at most 7 values a side.

Source: quantization semantics §6 and the toolkit's graphs of pooling over every size.
"""

from collections.abc import Callable, Sequence

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import depthwise, numbered, own_name, pads_of

LARGEST = 7
Piece = tuple[tuple[int, int], tuple[int, ...]]
"""The kernel of a piece and its paddings, begins before ends."""


def global_average(draft: Draft, layer: DeployedLayer) -> bool:
    """GlobalAveragePool -> depthwise Convs `…_2conv0`, `…_2conv1` …, each with the weights (h·w)^(-1/pieces)."""
    if layer.op != "GlobalAveragePool" or not is_picture(draft, layer):
        return False
    if draft.shape(layer.inputs[0]) == draft.shape(layer.outputs[0]):
        return _drop(draft, layer)
    draft.replace([layer], _averages(draft, layer.inputs[0], layer.outputs[0], own_name(layer)))
    return True


def mean_to_average(draft: Draft, layer: DeployedLayer) -> bool:
    """ReduceMean over height and width -> the same Convs, named `…_gavg_…` after its input."""
    if layer.op != "ReduceMean" or not is_picture(draft, layer) or axes_of(draft, layer) != [2, 3]:
        return False
    source, name = layer.inputs[0], f"{layer.inputs[0]}_gavg"
    if layer.attributes.get("keepdims", 1):
        draft.replace([layer], _averages(draft, source, layer.outputs[0], name))
        return True
    rows = (draft.shape(source) or ())[:2]
    flat = draft.tensor(numbered(draft, name), (*rows, 1, 1), golden=layer.outputs[0])
    shape = draft.constant(f"{layer.outputs[0]}_shape", np.asarray(rows, np.int64))
    back = make_layer("Reshape", (flat, shape), layer.outputs)
    draft.replace([layer], [*_averages(draft, source, flat, name), back])
    return True


def full_average(draft: Draft, layer: DeployedLayer) -> bool:
    """AveragePool over everything -> the Convs of a GlobalAveragePool `…_2gavg`; over more than 7 -> one `…_2dw`."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "AveragePool" and is_picture(draft, layer) else None
    kernel = tuple(layer.attributes.get("kernel_shape", ()))
    pads = pads_of(layer, shape[2:]) if shape is not None else None
    if shape is None or pads is None or layer.attributes.get("ceil_mode", 0):
        return False
    if any(pads) and not layer.attributes.get("count_include_pad", 0):
        return False
    if kernel == shape[2:] and not any(pads):
        draft.replace([layer], _averages(draft, layer.inputs[0], layer.outputs[0], f"{own_name(layer)}_2gavg"))
        return True
    if max(kernel) <= LARGEST or set(layer.attributes.get("dilations", (1,))) != {1}:
        return False
    weight = np.full((shape[1], 1, *kernel), 1 / np.prod(kernel), np.float32)
    name = draft.constant(f"{layer.outputs[0]}_weight", weight)
    strides = layer.attributes.get("strides", (1, 1))
    more = {"group": shape[1], "kernel_shape": kernel, "strides": strides, "pads": pads}
    draft.replace([layer], [make_layer("Conv", (layer.inputs[0], name), layer.outputs, **more)])
    return True


def global_maximum(draft: Draft, layer: DeployedLayer) -> bool:
    """GlobalMaxPool -> MaxPools `…_tile0`, `…_tile1` …."""
    if layer.op != "GlobalMaxPool" or not is_picture(draft, layer):
        return False
    name = own_name(layer)

    def pool(source: str, output: str, piece: Piece) -> DeployedLayer:
        kernel, pads = piece
        return make_layer("MaxPool", (source,), (output,), kernel_shape=kernel, pads=pads, strides=kernel)

    draft.replace([layer], _in_pieces(draft, (layer.inputs[0], layer.outputs[0], f"{name}_tile"), pool))
    return True


def large_maximum(draft: Draft, layer: DeployedLayer) -> bool:
    """MaxPool over more than 7 -> MaxPools over 7, `…_mp`, `…_mp_mp` …, and one over what is left."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "MaxPool" and is_picture(draft, layer) else None
    kernel = list(layer.attributes.get("kernel_shape", ()))
    pads = list(pads_of(layer, shape[2:]) or ()) if shape is not None else []
    if shape is None or any(layer.outputs[1:]) or not _is_divisible(layer, kernel, pads) or max(kernel) <= LARGEST:
        return False
    pieces, source, sizes = [], layer.inputs[0], list(shape)
    while max(kernel) > LARGEST:
        now = [min(size, LARGEST) for size in kernel]
        own = [min(pad, size // 2) for pad, size in zip(pads, 2 * now, strict=True)]
        sizes[2:] = [sizes[axis + 2] + own[axis] + own[axis + 2] - now[axis] + 1 for axis in (0, 1)]
        given = draft.tensor(numbered(draft, f"{source}_mp"), sizes)
        pieces.append(make_layer("MaxPool", (source,), (given,), kernel_shape=now, pads=own))
        source, kernel = given, [size - taken + 1 for size, taken in zip(kernel, now, strict=True)]
        pads = [pad - taken for pad, taken in zip(pads, own, strict=True)]
    strides = layer.attributes.get("strides", (1, 1))
    more = {"strides": strides} if set(strides) != {1} else {}
    last = make_layer("MaxPool", (source,), layer.outputs[:1], kernel_shape=kernel, pads=pads, **more)
    draft.replace([layer], [*pieces, last])
    return True


Maker = Callable[[str, str, Piece], DeployedLayer]


def _averages(draft: Draft, source: str, output: str, name: str) -> list[DeployedLayer]:
    shape = draft.shape(source) or ()
    pieces = pieces_of(shape[2:])
    share = np.float32((1 / (shape[2] * shape[3])) ** (1 / len(pieces)))

    def conv(source: str, output: str, piece: Piece) -> DeployedLayer:
        kernel, pads = piece
        weight = np.full((shape[1], 1, *kernel), share, np.float32)
        return depthwise(draft, source, output, weight, pads=pads, strides=[LARGEST, LARGEST])

    return _in_pieces(draft, (source, output, f"{name}_2conv"), conv)


def _in_pieces(draft: Draft, ends: tuple[str, str, str], make: Maker) -> list[DeployedLayer]:
    """The layers from the first name of `ends` to the second; what is between them is called after the third."""
    source, output, name = ends
    shape = list(draft.shape(source) or ())
    pieces, layers = pieces_of(shape[2:]), []
    for number, piece in enumerate(pieces):
        shape[2:] = [-(-size // LARGEST) for size in shape[2:]]
        is_last = number == len(pieces) - 1
        given = output if is_last else draft.tensor(numbered(draft, f"{name}{number}"), shape)
        layers.append(make(source, given, piece))
        source = given
    return layers


def pieces_of(spatial: Sequence[int]) -> list[Piece]:
    """The pooling steps over at most 7 that end with one value; what does not fit is padded, more at the end."""
    pieces: list[Piece] = []
    while not pieces or max(spatial) > 1:
        kernel = [min(size, LARGEST) for size in spatial]
        missing = [-size % LARGEST if size > LARGEST else 0 for size in spatial]
        begins = [size // 2 for size in missing]
        ends = [size - begin for size, begin in zip(missing, begins, strict=True)]
        pieces.append(((kernel[0], kernel[1]), (*begins, *ends)))
        spatial = [-(-size // LARGEST) for size in spatial]
    return pieces


def _drop(draft: Draft, layer: DeployedLayer) -> bool:
    """Let what takes the output of a layer take its input, where nothing outside needs it."""
    if not draft.redirect(layer.outputs[0], layer.inputs[0]):
        return False
    draft.replace([layer], [])
    return True


def is_picture(draft: Draft, layer: DeployedLayer) -> bool:
    """Whether a layer takes floats of the shape [n, c, h, w] that no quantization of the network's own stores."""
    name = layer.inputs[0]
    return len(draft.shape(name) or ()) == 4 and draft.is_float(name) and name not in draft.grids


def _is_divisible(layer: DeployedLayer, kernel: Sequence[int], pads: Sequence[int]) -> bool:
    """Whether a pooling can be cut into smaller ones."""
    plain = not layer.attributes.get("ceil_mode", 0) and set(layer.attributes.get("dilations", (1,))) == {1}
    return plain and len(kernel) == 2 and all(pad < size for pad, size in zip(pads, (*kernel, *kernel), strict=True))


def axes_of(draft: Draft, layer: DeployedLayer) -> list[int] | None:
    """The axes of a reduction in the order that the network has, counted from the front."""
    axes = layer.attributes.get("axes")
    if len(layer.inputs) > 1 and layer.inputs[1]:
        value = draft.value(layer.inputs[1])
        axes = None if value is None else value.reshape(-1).tolist()
    rank = len(draft.shape(layer.inputs[0]) or ())
    return None if axes is None else [int(axis) % rank for axis in axes]
