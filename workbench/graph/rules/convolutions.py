"""Convolutions in the forms that the NPU has. Source: the toolkit's graphs of single convolutions of many sizes."""

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import Kernel, kernel_inputs, kernel_of, numbered, pads_of, with_kernel
from workbench.graph.rules.slices import split_layer

WIDTH = 16  # channels that the NPU reads at once
LARGEST = 3072  # bytes of weights of one output channel that it holds
STRIDE = 7


def grouped_to_dense(draft: Draft, conv: DeployedLayer) -> bool:
    """Conv of groups with a number of channels that is no multiple of 16 -> dense, with zeros; depthwise ones stay."""
    group = conv.attributes.get("group", 1) if conv.op == "Conv" else 1
    kernel = kernel_of(draft, conv) if group > 1 else None
    if kernel is None or kernel.weight.ndim != 4:
        return False
    outputs, inputs = kernel.weight.shape[:2]
    if inputs % WIDTH == 0 or (inputs == 1 and outputs == group):
        return False
    dense = np.zeros((outputs, inputs * group, *kernel.weight.shape[2:]), np.float32)
    rows = outputs // group
    for number in range(group):
        row, column = number * rows, number * inputs
        dense[row : row + rows, column : column + inputs] = kernel.weight[row : row + rows]
    names = kernel_inputs(draft, Kernel(dense, kernel.bias), conv.outputs[0])
    attributes = {**conv.attributes, "group": 1}
    draft.replace([conv], [make_layer("Conv", (conv.inputs[0], *names), conv.outputs, **attributes)])
    return True


def cut_channels(draft: Draft, conv: DeployedLayer) -> bool:
    """Dense Conv or ConvTranspose of too many weights a channel -> Split, one `…_tile0_conv` … a part, and Adds."""
    kernel = kernel_of(draft, conv)
    shape = draft.shape(conv.inputs[0]) if kernel is not None else None
    if kernel is None or shape is None or len(shape) != 4 or conv.attributes.get("group", 1) != 1:
        return False
    sizes = parts_of(shape[1], int(np.prod(kernel.weight.shape[2:])) * draft.weight_bytes)
    given = draft.shape(conv.outputs[0])
    if len(sizes) < 2 or given is None:
        return False
    axis = 1 if conv.op == "Conv" else 0
    first_part = numbered(draft, f"{conv.inputs[0]}_split")
    names = [first_part, *(f"{first_part}_o{number}" for number in range(1, len(sizes)))]
    parts = [draft.tensor(name, (shape[0], size, *shape[2:])) for name, size in zip(names, sizes, strict=True)]
    weights = np.split(kernel.weight, np.cumsum(sizes)[:-1], axis)
    tiles = []
    for number, (part, weight) in enumerate(zip(parts, weights, strict=True)):
        name = draft.tensor(f"{conv.outputs[0]}_tile{number}_{conv.op.lower()}", given)
        own = Kernel(np.ascontiguousarray(weight), kernel.bias if number == 0 else None)
        tiles.append(make_layer(conv.op, (part, *kernel_inputs(draft, own, name)), (name,), **conv.attributes))
    split = split_layer(draft, conv.inputs[0], parts, sizes, axis=1)
    sums = _sums(draft, [tile.outputs[0] for tile in tiles], conv.outputs[0])
    draft.replace([conv], [split, *tiles, *sums])
    return True


def parts_of(channels: int, size: int) -> list[int]:
    """How many input channels of `size` bytes each the parts of a convolution have: equal, or as many as fit."""
    most = LARGEST // size // WIDTH * WIDTH
    if most == 0 or channels <= most:
        return [channels]
    count = -(-channels // most)
    if channels % (count * WIDTH) == 0:
        return [channels // count] * count
    return [most] * (count - 1) + [channels - most * (count - 1)]


def merge_parallel_convs(draft: Draft, add: DeployedLayer) -> bool:
    """Two Convs of the same tensor and their Add -> one Conv; a smaller kernel stands in the middle."""
    pair = [draft.producer(name) for name in add.inputs] if add.op == "Add" and len(set(add.inputs)) == 2 else []
    first, second = pair if len(pair) == 2 else (None, None)
    if first is None or second is None or first.inputs[0] != second.inputs[0]:
        return False
    kernels = [kernel_of(draft, layer) for layer in (first, second) if layer.op == "Conv"]
    if any(draft.sole_consumer(layer.outputs[0]) is not add for layer in (first, second)):
        return False
    if len(kernels) != 2 or kernels[0] is None or kernels[1] is None:
        return False
    large, small = (first, second) if kernels[0].weight.size >= kernels[1].weight.size else (second, first)
    merged = _merged(draft, large, small)
    if merged is None or draft.shape(add.outputs[0]) != draft.shape(large.outputs[0]):
        return False
    made = with_kernel(draft, large, merged, add.outputs[0])
    draft.replace([first, second, add], [made])
    return True


def merge_identity_branch(draft: Draft, add: DeployedLayer) -> bool:
    """Dense Conv of x + x -> one Conv with 1 more in the middle of its kernel."""
    for name, source in (add.inputs, add.inputs[::-1]) if add.op == "Add" else ():
        conv = draft.producer(name)
        kernel = kernel_of(draft, conv) if conv is not None and conv.op == "Conv" else None
        if conv is None or kernel is None or conv.inputs[0] != source or draft.sole_consumer(name) is not add:
            continue
        if draft.shape(source) != draft.shape(name) or not _is_centred(conv, kernel):
            continue
        rows, middle = np.arange(len(kernel.weight)), tuple(size // 2 for size in kernel.weight.shape[2:])
        if conv.attributes.get("group", 1) not in (1, len(rows)):
            continue
        weight = kernel.weight.copy()
        weight[(rows, rows % weight.shape[1], *middle)] += np.float32(1)
        draft.replace([conv, add], [with_kernel(draft, conv, Kernel(weight, kernel.bias), add.outputs[0])])
        return True
    return False


def cut_stride(draft: Draft, conv: DeployedLayer) -> bool:
    """Conv with a stride of more than 7 -> a smaller stride, and a 1x1 depthwise Conv of ones that takes every n-th."""
    strides = tuple(conv.attributes.get("strides", (1, 1))) if conv.op == "Conv" else ()
    kernel = kernel_of(draft, conv) if len(strides) == 2 and max(strides) > STRIDE else None
    shape = draft.shape(conv.inputs[0]) if kernel is not None else None
    pads = pads_of(conv, shape[2:]) if shape is not None else None
    firsts = [_first_stride(stride) for stride in strides]
    if kernel is None or shape is None or pads is None or any(first is None for first in firsts):
        return False
    inner = tuple(int(first or 1) for first in firsts)
    given = draft.shape(conv.outputs[0])
    dilations = conv.attributes.get("dilations", (1, 1))
    spans = [(size - 1) * step + 1 for size, step in zip(kernel.weight.shape[2:], dilations, strict=True)]
    if given is None:
        return False
    sizes = [(shape[axis + 2] + pads[axis] + pads[axis + 2] - spans[axis]) // inner[axis] + 1 for axis in (0, 1)]
    middle = draft.tensor(numbered(draft, f"{conv.inputs[0]}_conv"), (*given[:2], *sizes))
    inputs = (conv.inputs[0], *kernel_inputs(draft, kernel, middle))
    first = make_layer("Conv", inputs, (middle,), **{**conv.attributes, "strides": inner})
    ones = draft.constant(f"{conv.outputs[0]}_select", np.ones((given[1], 1, 1, 1), np.float32))
    outer = [stride // step for stride, step in zip(strides, inner, strict=True)]
    select = make_layer("Conv", (middle, ones), conv.outputs, group=given[1], kernel_shape=[1, 1], strides=outer)
    draft.replace([conv], [first, select])
    return True


def _sums(draft: Draft, names: list[str], output: str) -> list[DeployedLayer]:
    """Adds of several tensors of one shape, named after the tensor that they add."""
    shape = draft.shape(output) or ()
    total, adds = names[0], []
    for number, name in enumerate(names[1:], 1):
        pair = (total, name) if number == 1 else (name, total)
        total = output if number == len(names) - 1 else draft.tensor(f"{pair[0]}_add", shape)
        adds.append(make_layer("Add", pair, (total,)))
    return adds


def _merged(draft: Draft, large: DeployedLayer, small: DeployedLayer) -> Kernel | None:
    """The sum of two Convs that read the same places; None where they do not."""
    big, little = kernel_of(draft, large), kernel_of(draft, small)
    if big is None or little is None or big.weight.ndim != 4 or big.weight.shape[:2] != little.weight.shape[:2]:
        return None
    same = [(layer.attributes.get("group", 1), _steps(layer), _dilations(layer)) for layer in (large, small)]
    if same[0] != same[1] or {*same[0][1], *same[0][2]} != {1}:
        return None
    if any(layer.attributes.get("auto_pad", b"NOTSET") not in (b"NOTSET", "NOTSET", b"") for layer in (large, small)):
        return None
    outer, inner = (tuple(layer.attributes.get("pads", (0, 0, 0, 0))) for layer in (large, small))
    begins = [outer[axis] - inner[axis] for axis in (0, 1)]
    ends = [outer[axis + 2] - inner[axis + 2] for axis in (0, 1)]
    missing = [big.weight.shape[axis + 2] - little.weight.shape[axis + 2] for axis in (0, 1)]
    if min(*begins, *ends) < 0 or [begin + end for begin, end in zip(begins, ends, strict=True)] != missing:
        return None
    weight = big.weight + np.pad(little.weight, ((0, 0), (0, 0), *zip(begins, ends, strict=True)))
    biases = [kernel.bias for kernel in (big, little) if kernel.bias is not None]
    return Kernel(weight, sum(biases[1:], biases[0]) if biases else None)


def _is_centred(conv: DeployedLayer, kernel: Kernel) -> bool:
    """Whether an output is where the middle of the kernel reads."""
    sizes = kernel.weight.shape[2:]
    if len(sizes) != 2 or set(_steps(conv)) != {1} or not all(size % 2 for size in sizes):
        return False
    reach = [size // 2 * step for size, step in zip(sizes, _dilations(conv), strict=True)]
    return pads_of(conv, sizes) == (*reach, *reach)


def _steps(conv: DeployedLayer) -> tuple[int, ...]:
    return tuple(conv.attributes.get("strides", (1, 1)))


def _dilations(conv: DeployedLayer) -> tuple[int, ...]:
    return tuple(conv.attributes.get("dilations", (1, 1)))


def _first_stride(stride: int) -> int | None:
    """What is left of a stride that is halved until it is at most 7; None where it cannot be halved."""
    while stride > STRIDE:
        if stride % 2:
            return None
        stride //= 2
    return stride
