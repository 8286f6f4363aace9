"""Paddings as numbers, and Pad in front of what pads itself."""

from dataclasses import replace

import numpy as np
from onnx import helper

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.identities import bypass, rename
from workbench.graph.rules.kernels import kernel_of, numbered, opset_of, pads_of
from workbench.graph.rules.slices import cuts_of

PADDED = frozenset(("Conv", "MaxPool", "AveragePool"))
MOST = 15  # zeros that a convolution adds at a side by itself
NEVER_NEGATIVE = frozenset(("Relu", "Sigmoid"))


def explicit_pads(draft: Draft, layer: DeployedLayer) -> bool:
    """auto_pad -> pads, where the size of the input is known."""
    rule = layer.attributes.get("auto_pad", b"NOTSET") if layer.op in PADDED else b"NOTSET"
    shape = draft.shape(layer.inputs[0]) if rule not in (b"NOTSET", "NOTSET", b"", "") else None
    if shape is None or len(shape) < 3:
        return False
    known = dict(layer.attributes)
    weight = draft.shape(layer.inputs[1]) if layer.op == "Conv" else None
    if weight is not None:
        known["kernel_shape"] = list(weight[2:])
    pads = pads_of(replace(layer, attributes=known), shape[2:])
    if pads is None:
        return False
    draft.replace([layer], [_with(layer, {**known, "auto_pad": b"NOTSET", "pads": list(pads)})])
    return True


def drop_pad(draft: Draft, pad: DeployedLayer) -> bool:
    """A Pad that adds nothing vanishes."""
    is_empty = pad.op == "Pad" and draft.shape(pad.inputs[0]) == draft.shape(pad.outputs[0]) is not None
    if not is_empty or any(_zeros(draft, pad) or [1]):
        return False
    return bypass(draft, pad) or rename(draft, pad)


def fold_pad(draft: Draft, pad: DeployedLayer) -> bool:
    """Pad with zeros in front of a Conv, or of a MaxPool of what is never negative -> more padding there."""
    taker = draft.sole_consumer(pad.outputs[0]) if pad.op == "Pad" else None
    added = _zeros(draft, pad) if taker is not None and taker.inputs[0] == pad.outputs[0] else None
    if taker is None or added is None or not _takes_zeros(draft, pad, taker):
        return False
    rank = len(added) // 2
    if any(added[:2]) or any(added[rank : rank + 2]) or taker.attributes.get("ceil_mode", 0):
        return False
    own = pads_of(taker, (draft.shape(pad.outputs[0]) or ())[2:])
    if own is None or taker.attributes.get("auto_pad", b"NOTSET") not in (b"NOTSET", "NOTSET", b""):
        return False
    pads = [a + b for a, b in zip(own, (*added[2:rank], *added[rank + 2 :]), strict=True)]
    if taker.op == "MaxPool" and max(pads) >= min(taker.attributes["kernel_shape"]):
        return False
    made = _with(taker, {**taker.attributes, "pads": pads})
    inputs = (pad.inputs[0], *taker.inputs[1:])
    proto = helper.make_node(taker.op, inputs, taker.outputs, made.proto.name, **made.attributes)
    draft.replace([pad, taker], [replace(made, inputs=inputs, proto=proto, origins=(*pad.origins, *taker.origins))])
    return True


def pad_before(draft: Draft, conv: DeployedLayer) -> bool:
    """Conv with more than 15 zeros at a side -> Pad `…_pad` and the Conv without any."""
    shape = draft.shape(conv.inputs[0]) if conv.op == "Conv" and kernel_of(draft, conv) is not None else None
    pads = pads_of(conv, shape[2:]) if shape is not None and len(shape) == 4 else None
    if shape is None or pads is None or max(pads) <= MOST or not draft.is_float(conv.inputs[0]):
        return False
    sizes = [size + pads[axis] + pads[axis + 2] for axis, size in enumerate(shape[2:])]
    padded = draft.tensor(numbered(draft, f"{conv.inputs[0]}_pad"), (*shape[:2], *sizes))
    amounts = [0, 0, *pads[:2], 0, 0, *pads[2:]]
    if opset_of(draft) < 11:
        pad = make_layer("Pad", conv.inputs[:1], (padded,), mode="constant", pads=amounts)
    else:
        name = draft.constant(f"{padded}_i1", np.asarray(amounts, np.int64))
        pad = make_layer("Pad", (conv.inputs[0], name), (padded,))
    known = {**conv.attributes, "auto_pad": b"NOTSET", "pads": [0, 0, 0, 0]}
    inner = make_layer("Conv", (padded, *conv.inputs[1:]), conv.outputs, **known)
    draft.replace([conv], [pad, replace(inner, origins=conv.origins)])
    return True


def slice_into_conv(draft: Draft, layer: DeployedLayer) -> bool:
    """A Slice that cuts places off which a Conv only has for its padding -> a Conv with less padding.

    Source: the toolkit's graphs of 30 Slices behind a Conv.
    """
    conv = draft.producer(layer.inputs[0]) if layer.op == "Slice" else None
    kernel = kernel_of(draft, conv) if conv is not None and conv.op == "Conv" else None
    if conv is None or kernel is None or draft.sole_consumer(conv.outputs[0]) is not layer:
        return False
    shape, cuts = draft.shape(conv.outputs[0]) or (), cuts_of(draft, layer)
    pads = pads_of(conv, (draft.shape(conv.inputs[0]) or ())[2:])
    if not cuts or pads is None or len(shape) != 4 or set(conv.attributes.get("strides", (1, 1))) != {1}:
        return False
    less = list(pads)
    for cut in cuts:
        if cut.axis < 2 or cut.step != 1:
            return False
        less[cut.axis - 2] -= cut.start
        less[cut.axis] -= shape[cut.axis] - cut.end
    if min(less) < 0 or less == list(pads):
        return False
    known = {**conv.attributes, "auto_pad": b"NOTSET", "pads": less}
    draft.replace([conv, layer], [make_layer("Conv", conv.inputs, layer.outputs, **known)])
    return True


def _takes_zeros(draft: Draft, pad: DeployedLayer, taker: DeployedLayer) -> bool:
    if taker.op == "Conv":
        return kernel_of(draft, taker) is not None
    giver = draft.producer(pad.inputs[0])
    never_negative = giver is not None and giver.op in NEVER_NEGATIVE
    return taker.op == "MaxPool" and never_negative and not any(taker.outputs[1:])


def _zeros(draft: Draft, pad: DeployedLayer) -> list[int] | None:
    """How much a Pad of floats adds before and behind each axis, where it adds zeros; None where it does not."""
    shape = draft.shape(pad.inputs[0])
    mode = pad.attributes.get("mode", b"constant")
    if shape is None or mode not in (b"constant", "constant") or not draft.is_float(pad.inputs[0]):
        return None
    if opset_of(draft) < 11:
        amounts, value = pad.attributes.get("pads"), pad.attributes.get("value", 0.0)
        return list(amounts) if amounts is not None and value == 0 and min(amounts) >= 0 else None
    constants = [draft.value(name) if name else None for name in (*pad.inputs[1:], "", "")]
    given = [bool(name) for name in (*pad.inputs[1:], "", "")]
    if given[2] or constants[0] is None or (given[1] and (constants[1] is None or constants[1].any())):
        return None
    found = [int(amount) for amount in constants[0].reshape(-1)]
    return found if len(found) == 2 * len(shape) and min(found) >= 0 else None


def _with(layer: DeployedLayer, attributes: dict[str, object]) -> DeployedLayer:
    """The same layer with other attributes."""
    made = make_layer(layer.op, layer.inputs, layer.outputs, **attributes)
    return replace(made, origins=layer.origins, absorbed=layer.absorbed)
