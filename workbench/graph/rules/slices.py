"""Parts of tensors: Slices that make a Split, and parts that a convolution can compute on its own.

Source: the toolkit's graphs of small networks of Slice, Split, Concat and Gather.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import Kernel, kernel_inputs, kernel_of, numbered, opset_of, own_name, with_kernel

CUT = "_2sl"  # at the end of what a Gather became


@dataclass(frozen=True)
class Cut:
    """What a Slice takes along one axis."""

    axis: int
    start: int
    end: int
    step: int


def merge_slices(draft: Draft, layer: DeployedLayer) -> bool:
    """A Slice of a Slice along other axes is one Slice."""
    before = draft.producer(layer.inputs[0]) if layer.op == "Slice" else None
    if before is None or before.op != "Slice" or draft.sole_consumer(before.outputs[0]) is not layer:
        return False
    both = [cuts_of(draft, item) for item in (before, layer)]
    if both[0] is None or both[1] is None:
        return False
    cuts = [*both[0], *both[1]]
    if len({cut.axis for cut in cuts}) < len(cuts) or not draft.is_float(layer.outputs[0]):
        return False
    draft.replace([before, layer], [slice_layer(draft, before.inputs[0], layer.outputs[0], cuts)])
    return True


def slices_to_split(draft: Draft, layer: DeployedLayer) -> bool:
    """Slices side by side of one tensor -> a Split `…_2sp`; what no Slice takes is a part `…_2sp_invalid1`."""
    cut = _only_cut(draft, layer)
    shape = draft.shape(layer.inputs[0]) if cut is not None else None
    if cut is None or shape is None or not draft.is_float(layer.outputs[0]):
        return False
    others = [(_only_cut(draft, item), item) for item in draft.consumers(layer.inputs[0])]
    found = [(own, item) for own, item in others if own is not None and own.axis == cut.axis]
    parts = sorted(found, key=lambda part: part[0].start)
    if len(parts) < 2 or any(own.end > other.start for (own, _), (other, _) in pairwise(parts)):
        return False
    order = {id(item): number for number, item in enumerate(draft.layers)}
    name = _name(min((item for _, item in parts), key=lambda item: order[id(item)]))
    sizes: list[int] = []
    outputs: list[str] = []
    at = 0
    for own, item in parts:
        if own.start > at:
            outputs.append(_unused(draft, f"{name}_2sp_invalid{len(outputs)}", shape, cut.axis, own.start - at))
            sizes.append(own.start - at)
        outputs.append(item.outputs[0])
        sizes.append(own.end - own.start)
        at = own.end
    if at < shape[cut.axis]:
        outputs.append(_unused(draft, f"{name}_2sp_invalid{len(outputs)}", shape, cut.axis, shape[cut.axis] - at))
        sizes.append(shape[cut.axis] - at)
    split = split_layer(draft, layer.inputs[0], outputs, sizes, cut.axis)
    draft.replace([item for _, item in parts], [split])
    return True


def _name(layer: DeployedLayer) -> str:
    """The name of a Slice: that of the user's layer, but where a rule made it of a Gather."""
    name = layer.outputs[0].removesuffix("-rs")
    return name if name.endswith(CUT) else own_name(layer)


def drop_concat_and_split(draft: Draft, split: DeployedLayer) -> bool:
    """A Split of a Concat into what it was made of: both vanish."""
    concat = draft.producer(split.inputs[0]) if split.op == "Split" else None
    if concat is None or concat.op != "Concat" or draft.sole_consumer(concat.outputs[0]) is not split:
        return False
    rank = len(draft.shape(concat.outputs[0]) or ())
    shapes = [draft.shape(name) for name in (*concat.inputs, *split.outputs)]
    count = len(concat.inputs)
    if not rank or any(shape is None for shape in shapes) or shapes[:count] != shapes[count:]:
        return False
    if concat.attributes.get("axis", 1) % rank != split.attributes.get("axis", 0) % rank:
        return False
    if draft.outputs & set(split.outputs) or any(
        name in draft.captured(taker) for name in split.outputs for taker in draft.consumers(name)
    ):
        return False
    pairs = list(zip(split.outputs, concat.inputs, strict=True))
    if not all(draft.redirect(name, source) for name, source in pairs):
        return False
    draft.replace([split, concat], [])
    return True


def split_conv(draft: Draft, split: DeployedLayer) -> bool:
    """Dense Conv + Split of its channels -> one Conv a part."""
    conv = draft.producer(split.inputs[0]) if split.op == "Split" else None
    kernel = kernel_of(draft, conv) if conv is not None and conv.op == "Conv" else None
    shapes = [draft.shape(name) for name in split.outputs]
    if conv is None or kernel is None or draft.sole_consumer(conv.outputs[0]) is not split or None in shapes:
        return False
    rank = kernel.weight.ndim
    if conv.attributes.get("group", 1) != 1 or split.attributes.get("axis", 0) % rank != 1:
        return False
    made, start = [], 0
    for name, shape in zip(split.outputs, shapes, strict=True):
        rows = slice(start, start + (shape or (0, 0))[1])
        bias = None if kernel.bias is None else kernel.bias[rows].copy()
        part = Kernel(kernel.weight[rows].copy(), bias)
        made.append(make_layer("Conv", (conv.inputs[0], *kernel_inputs(draft, part, name)), (name,), **conv.attributes))
        start = rows.stop
    draft.replace([conv, split], made)
    return True


def gather_to_conv(draft: Draft, gather: DeployedLayer) -> bool:
    """Channels of a picture in another order -> the rows of the Conv before, or a 1x1 Conv of ones and zeros."""
    shape = draft.shape(gather.inputs[0]) if gather.op == "Gather" else None
    indices = draft.value(gather.inputs[1]) if shape is not None and len(shape) == 4 else None
    if (
        shape is None
        or indices is None
        or indices.ndim != 1
        or indices.size < 2
        or not draft.is_float(gather.inputs[0])
    ):
        return False
    if gather.attributes.get("axis", 0) % 4 != 1 or gather.inputs[0] in draft.constants | draft.grids:
        return False
    rows = indices.astype(np.int64) % shape[1]
    conv = draft.producer(gather.inputs[0])
    kernel = kernel_of(draft, conv) if conv is not None and conv.op == "Conv" else None
    is_alone = conv is not None and draft.sole_consumer(conv.outputs[0]) is gather
    if conv is not None and kernel is not None and is_alone and conv.attributes.get("group", 1) == 1:
        bias = None if kernel.bias is None else kernel.bias[rows]
        made = with_kernel(draft, conv, Kernel(kernel.weight[rows], bias), gather.outputs[0])
        draft.replace([conv, gather], [made])
        return True
    weight = np.zeros((len(rows), shape[1], 1, 1), np.float32)
    weight[np.arange(len(rows)), rows] = 1
    name = draft.constant(f"{gather.outputs[0]}_weight", weight)
    draft.replace([gather], [make_layer("Conv", (gather.inputs[0], name), gather.outputs, kernel_shape=[1, 1])])
    return True


def split_layer(draft: Draft, source: str, outputs: Sequence[str], sizes: Sequence[int], axis: int) -> DeployedLayer:
    """A Split in the form that the network's opset has."""
    if opset_of(draft) < 13:
        return make_layer("Split", (source,), outputs, axis=axis, split=list(sizes))
    name = draft.constant(f"{outputs[0]}_split", np.asarray(sizes, np.int64))
    return make_layer("Split", (source, name), outputs, axis=axis)


def cuts_of(draft: Draft, layer: DeployedLayer) -> list[Cut] | None:
    """What a Slice takes along each of its axes, counted from the front; None where that is computed."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "Slice" else None
    if shape is None:
        return None
    numbers = _numbers(draft, layer)
    if numbers is None or numbers[0] is None or numbers[1] is None:
        return None
    starts, ends = numbers[0], numbers[1]
    axes = range(len(starts)) if numbers[2] is None else [axis % len(shape) for axis in numbers[2]]
    steps = numbers[3] or [1] * len(starts)
    cuts = []
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        span = slice(start, end, step).indices(shape[axis])
        cuts.append(Cut(axis, span[0], span[1], step))
    return cuts if all(cut.step > 0 for cut in cuts) else None


def _numbers(draft: Draft, layer: DeployedLayer) -> list[list[int] | None] | None:
    """Starts, ends, axes and steps of a Slice; None where they are computed."""
    if len(layer.inputs) == 1:
        return [layer.attributes.get(name) for name in ("starts", "ends", "axes", "steps")]
    found: list[list[int] | None] = []
    for name in (*layer.inputs[1:], "", "", "")[:4]:
        value = draft.value(name) if name else None
        if name and value is None:
            return None
        found.append(None if value is None else [int(number) for number in value.reshape(-1)])
    return found


def _only_cut(draft: Draft, layer: DeployedLayer) -> Cut | None:
    """The cut of a Slice along one axis, of everything in it."""
    cuts = cuts_of(draft, layer)
    return cuts[0] if cuts and len(cuts) == 1 and cuts[0].step == 1 and cuts[0].end > cuts[0].start else None


def slice_layer(draft: Draft, source: str, output: str, cuts: Sequence[Cut]) -> DeployedLayer:
    """A Slice that takes these parts."""
    values = {
        "starts": [cut.start for cut in cuts],
        "ends": [cut.end for cut in cuts],
        "axes": [cut.axis for cut in cuts],
        "steps": [cut.step for cut in cuts],
    }
    if opset_of(draft) < 10:
        values.pop("steps")
        return make_layer("Slice", (source,), (output,), **values)
    names = [draft.constant(f"{output}_{end}", np.asarray(value, np.int64)) for end, value in values.items()]
    return make_layer("Slice", (source, *names), (output,))


def _unused(draft: Draft, name: str, shape: tuple[int, ...], axis: int, size: int) -> str:
    return draft.tensor(numbered(draft, name), (*shape[:axis], size, *shape[axis + 1 :]))
