"""Concat in front of a convolution disappears where adding is cheaper than copying."""

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import Kernel, kernel_inputs, kernel_of, numbered

ALIGNED = 8  # channels side by side in the NPU's memory


def split_behind_concat(draft: Draft, conv: DeployedLayer) -> bool:
    """Concat + dense Conv -> one Conv `…_conv` a branch and Adds, where the branches do not lie side by side anyway.

    Only the last branch adds the bias. Where all branches but the last are aligned, the sums must be smaller than what
    Concat would copy. Source: the toolkit's graphs of 600 networks of 2 to 8 branches.
    """
    concat = draft.producer(conv.inputs[0]) if conv.op == "Conv" else None
    kernel = kernel_of(draft, conv) if concat is not None and concat.op == "Concat" else None
    if concat is None or kernel is None or conv.attributes.get("group", 1) != 1:
        return False
    if concat.attributes.get("axis") not in (1, 1 - kernel.weight.ndim):
        return False
    sizes = [(draft.shape(name) or (0, 0))[1] for name in concat.inputs]
    given = draft.shape(conv.outputs[0])
    if given is None or sum(sizes) != kernel.weight.shape[1] or not _is_cheaper(sizes, kernel.weight.shape[0]):
        return False
    constant = any(name in draft.constants for name in concat.inputs)
    if constant or len(sizes) < 2 or draft.sole_consumer(concat.outputs[0]) is not conv:
        return False
    draft.replace([concat, conv], _branches(draft, concat, conv, kernel))
    return True


def _is_cheaper(sizes: list[int], given: int) -> bool:
    return min(sizes) > 0 and (any(size % ALIGNED for size in sizes[:-1]) or given * len(sizes) < sum(sizes))


def _branches(draft: Draft, concat: DeployedLayer, conv: DeployedLayer, kernel: Kernel) -> list[DeployedLayer]:
    shape = draft.shape(conv.outputs[0]) or ()
    convs, start = [], 0
    for number, source in enumerate(concat.inputs):
        count = (draft.shape(source) or ())[1]
        bias = kernel.bias if number == len(concat.inputs) - 1 else None
        part = Kernel(kernel.weight[:, start : start + count].copy(), bias)
        given = draft.tensor(numbered(draft, f"{source}_conv"), shape)
        inputs = (source, *kernel_inputs(draft, part, given))
        layer = make_layer("Conv", inputs, (given,), **conv.attributes)
        convs.append(layer)
        start += count
    total, adds = convs[0].outputs[0], []
    for layer in convs[1:-1]:
        name = draft.tensor(numbered(draft, f"{total}_add"), shape)
        adds.append(make_layer("Add", (total, layer.outputs[0]), (name,)))
        total = name
    return [*convs, *adds, make_layer("Add", (total, convs[-1].outputs[0]), conv.outputs)]


def merge_concats(draft: Draft, concat: DeployedLayer) -> bool:
    """A Concat that only another Concat along the same axis takes is part of that."""
    rank = len(draft.shape(concat.outputs[0]) or ()) if concat.op == "Concat" else 0
    if not rank or not draft.is_float(concat.outputs[0]):
        return False
    for name in concat.inputs:
        inner = draft.producer(name)
        if inner is None or inner.op != "Concat" or draft.sole_consumer(name) is not concat:
            continue
        if (
            concat.inputs.count(name) > 1
            or inner.attributes.get("axis", 1) % rank != concat.attributes.get("axis", 1) % rank
        ):
            continue
        inputs = [part for own in concat.inputs for part in (inner.inputs if own == name else (own,))]
        draft.replace([inner, concat], [make_layer("Concat", inputs, concat.outputs, **concat.attributes)])
        return True
    return False
