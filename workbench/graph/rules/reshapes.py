"""Reshapes: two become one, none stays that changes nothing, and activations move in front of them.

The names are the toolkit's: `…_rs` before an operator, `…-rs` behind it, `…_sw` where two changed places.
"""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer, rewired
from workbench.graph.draft import Draft

SPELLINGS = frozenset(("Squeeze", "Unsqueeze", "Flatten"))
UNARY = frozenset((
    "Relu", "Clip", "LeakyRelu", "Sigmoid", "HardSigmoid", "Tanh", "Elu", "Selu", "Softplus", "HardSwish", "exSwish",
    "exGelu", "exMish", "Exp", "Log", "Sqrt", "Erf", "Abs", "Neg", "Sin", "Cos", "Floor", "Reciprocal",
))  # fmt: skip
SWAPPED = frozenset((
    "Relu", "Clip", "LeakyRelu", "Sigmoid", "Tanh", "Elu", "exSwish", "exGelu", "exMish", "Exp", "Log",
))  # fmt: skip
"""What the toolkit moves before a Reshape or a Transpose."""
OTHER_RANKS = (1, 2, 3, 5)
"""Of tensors that are reshaped to four axes around their operators."""
SAME_SHAPE = frozenset(("Add", "exSoftmax13"))


def reshape(draft: Draft, source: str, target: str) -> DeployedLayer:
    """A Reshape of `source` to the shape of `target`."""
    shape = np.asarray(draft.shape(target), np.int64)
    return make_layer("Reshape", (source, draft.constant(f"{target}_i1", shape)), (target,))


def is_reshape(draft: Draft, layer: DeployedLayer | None) -> bool:
    """Whether a layer is a float Reshape between known shapes."""
    return (
        layer is not None
        and layer.op == "Reshape"
        and layer.inputs[0] not in draft.constants
        and draft.is_float(layer.inputs[0])
        and draft.shape(layer.inputs[0]) is not None
        and draft.shape(layer.outputs[0]) is not None
    )


def spell_reshape(draft: Draft, layer: DeployedLayer) -> bool:
    """Squeeze, Unsqueeze and Flatten are Reshapes."""
    if layer.op not in SPELLINGS or not draft.is_float(layer.inputs[0]):
        return False
    if draft.shape(layer.outputs[0]) is None or draft.shape(layer.inputs[0]) is None:
        return False
    draft.replace([layer], [reshape(draft, layer.inputs[0], layer.outputs[0])])
    return True


def merge_reshapes(draft: Draft, layer: DeployedLayer) -> bool:
    """A Reshape of a Reshape takes what the first one took; the first one goes when nothing else needs it.

    Both go when the shape is the first one again, but not between the Conv of a matrix and what `swap_same_shape`
    moves there.
    """
    if not is_reshape(draft, layer):
        return False
    before = draft.producer(layer.inputs[0])
    if before is None or not is_reshape(draft, before):
        return False
    source = before.inputs[0]
    taker = draft.sole_consumer(layer.outputs[0])
    is_kept = source.endswith("_mm") and taker is not None and taker.op in SAME_SHAPE
    undone = draft.shape(source) == draft.shape(layer.outputs[0]) and not is_kept
    if undone and draft.redirect(layer.outputs[0], source):
        draft.drop(layer)
        drop_unused(draft, before.outputs[0])
        return True
    merged = _fed(draft, layer, before.inputs[0])
    if draft.sole_consumer(before.outputs[0]) is layer:
        origins = tuple(dict.fromkeys((*before.origins, *layer.origins)))
        draft.replace([layer, before], [replace(merged, origins=origins)])
    else:
        draft.replace([layer], [replace(merged, origins=layer.origins)])
    return True


def drop_reshape(draft: Draft, layer: DeployedLayer) -> bool:
    """A Reshape to the shape that is there already vanishes; an output of the network takes the place of its source."""
    if not is_reshape(draft, layer) or draft.shape(layer.inputs[0]) != draft.shape(layer.outputs[0]):
        return False
    source, target = layer.inputs[0], layer.outputs[0]
    if draft.redirect(target, source):
        draft.drop(layer)
        return True
    giver = draft.producer(source)
    if target not in draft.outputs or giver is None or draft.sole_consumer(source) is not layer:
        return False
    draft.replace([giver, layer], [renamed(giver, source, target)])
    return True


def transpose_to_reshape(draft: Draft, layer: DeployedLayer) -> bool:
    """A Transpose next to a Reshape that only moves sizes of one is merged with it."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "Transpose" else None
    if shape is None or not _keeps_order(shape, layer.attributes.get("perm")) or not draft.is_float(layer.inputs[0]):
        return False
    before, after = draft.producer(layer.inputs[0]), draft.sole_consumer(layer.outputs[0])
    if after is not None and is_reshape(draft, after):
        draft.replace([layer, after], [_fed(draft, after, layer.inputs[0])])
        return True
    is_alone = before is not None and draft.sole_consumer(before.outputs[0]) is layer
    if is_alone and is_reshape(draft, before) and draft.shape(layer.outputs[0]) is not None:
        draft.replace([layer], [reshape(draft, layer.inputs[0], layer.outputs[0])])
        return True
    return False


def swap_activation(draft: Draft, layer: DeployedLayer) -> bool:
    """Activation(Reshape(x)) -> Reshape(Activation(x)), where nothing else takes the Reshape, or what x comes from."""
    before = draft.producer(layer.inputs[0]) if layer.op in SWAPPED and layer.inputs else None
    if before is None or not is_reshape(draft, before) or draft.sole_consumer(before.outputs[0]) is not layer:
        return False
    if draft.shape(layer.outputs[0]) != draft.shape(before.outputs[0]):
        return False
    ranks = [len(draft.shape(name) or ()) for name in (before.inputs[0], layer.outputs[0])]
    giver = draft.producer(before.inputs[0])
    # other rules come after the reshaping to four axes
    is_own = before.inputs[0] in draft.model.graph.tensors or (giver is not None and giver.op == "Concat")
    # the operator would be reshaped to four axes again
    if ranks[0] in OTHER_RANKS or (ranks[1] in OTHER_RANKS and not is_own):
        return False
    if is_shared(draft, before.inputs[0]):
        return False
    source, target = before.inputs[0], layer.outputs[0]
    middle = draft.tensor(f"{before.outputs[0]}_sw", draft.shape(source) or (), golden=target)
    moved = renamed(with_inputs(layer, (source, *layer.inputs[1:])), target, middle)
    back = make_layer("Reshape", (middle, draft.constant(f"{middle}_i1", _shape(draft, target))), (target,))
    draft.replace([before, layer], [replace(moved, origins=()), back])
    return True


def is_shared(draft: Draft, name: str) -> bool:
    """Whether the layer that gives a tensor is taken by several others."""
    giver = draft.producer(name)
    return giver is not None and sum(len(draft.consumers(output)) for output in giver.outputs if output) > 1


def swap_same_shape(draft: Draft, layer: DeployedLayer) -> bool:
    """A Reshape that changes nothing goes behind the addition of a constant, or a Softmax."""
    if layer.op not in SAME_SHAPE or any(name not in draft.constants for name in layer.inputs[1:]):
        return False
    before = draft.producer(layer.inputs[0])
    if before is None or not is_reshape(draft, before) or draft.sole_consumer(before.outputs[0]) is not layer:
        return False
    source, target = before.inputs[0], layer.outputs[0]
    if not draft.shape(source) == draft.shape(before.outputs[0]) == draft.shape(target):
        return False
    middle = draft.tensor(f"{before.outputs[0]}_sw", draft.shape(source) or (), golden=target)
    moved = renamed(with_inputs(layer, (source, *layer.inputs[1:])), target, middle)
    back = make_layer("Reshape", (middle, draft.constant(f"{middle}_i1", _shape(draft, target))), (target,))
    draft.replace([before, layer], [moved, replace(back, origins=before.origins)])
    return True


def merge_around_concat(draft: Draft, concat: DeployedLayer) -> bool:
    """Reshapes before a Concat whose result is reshaped: all follow the shape of the one that can then go."""
    if concat.op != "Concat" or concat.attributes.get("axis") != 1:
        return False
    after = draft.sole_consumer(concat.outputs[0])
    before = [draft.producer(name) for name in concat.inputs]
    if after is None or not is_reshape(draft, after) or len(set(concat.inputs)) != len(concat.inputs):
        return False
    reshapes = [layer for layer in before if layer is not None and is_reshape(draft, layer)]
    if len(reshapes) != len(before) or any(draft.sole_consumer(name) is not concat for name in concat.inputs):
        return False
    inner = _common_inner(draft, reshapes)
    if inner is None:
        return False
    _rebuild(draft, concat, reshapes, inner)
    return True


def renamed(layer: DeployedLayer, old: str, new: str) -> DeployedLayer:
    """The same operator, giving `new` in the place of `old`."""
    outputs = tuple(new if name == old else name for name in layer.outputs)
    proto = rewired(layer.proto, layer.proto.input, outputs) if layer.proto.op_type else layer.proto
    return replace(layer, outputs=outputs, proto=proto)


def with_inputs(layer: DeployedLayer, inputs: tuple[str, ...]) -> DeployedLayer:
    """The same operator on other tensors."""
    proto = rewired(layer.proto, inputs, layer.outputs) if layer.proto.op_type else layer.proto
    return replace(layer, inputs=inputs, proto=proto)


def drop_unused(draft: Draft, name: str) -> None:
    """Take out what gives a tensor that nothing takes."""
    giver = draft.producer(name)
    if giver is not None and not draft.consumers(name) and name not in draft.outputs:
        draft.drop(giver)


def _fed(draft: Draft, layer: DeployedLayer, source: str) -> DeployedLayer:
    """A Reshape to the same shape, of another tensor; 0 and -1 of the old shape may mean something else there."""
    shape = draft.constant(f"{layer.outputs[0]}_i1", _shape(draft, layer.outputs[0]))
    return make_layer("Reshape", (source, shape), layer.outputs)


def _shape(draft: Draft, name: str) -> np.ndarray:
    return np.asarray(draft.shape(name), np.int64)


def _keeps_order(shape: tuple[int, ...], perm: object) -> bool:
    """Whether a Transpose only moves axes of size one."""
    order = list(perm) if isinstance(perm, list | tuple) else list(range(len(shape)))[::-1]
    moved = [axis for axis in order if shape[axis] != 1]
    return moved == sorted(moved)


def _common_inner(draft: Draft, reshapes: list[DeployedLayer]) -> tuple[int, ...] | None:
    """The sizes behind axis 1 of a source that every other source can take on."""
    sources = [draft.shape(layer.inputs[0]) or () for layer in reshapes]
    for shape in sources:
        inner = int(np.prod(shape[2:]))
        if len(shape) == 4 and shape[0] == 1 and inner and all(np.prod(other) % inner == 0 for other in sources):
            return shape[2:]
    return None


def _rebuild(draft: Draft, concat: DeployedLayer, reshapes: list[DeployedLayer], inner: tuple[int, ...]) -> None:
    whole = int(np.prod(inner))
    total = 0
    inputs = []
    for layer in reshapes:
        source = layer.inputs[0]
        rows = int(np.prod(draft.shape(source) or ())) // whole
        total += rows
        if draft.shape(source) == (1, rows, *inner):
            inputs.append(source)
            continue
        name = layer.outputs[0]
        draft.tensors[name] = replace(draft.tensors[name], shape=(1, rows, *inner))
        draft.replace([layer], [_fed(draft, layer, source)])
        inputs.append(name)
    given = concat.outputs[0]
    draft.tensors[given] = replace(draft.tensors[given], shape=(1, total, *inner))
    gone = [layer for layer in reshapes if draft.holds(layer)]
    draft.replace([*gone, concat], [with_inputs(concat, tuple(inputs))])
    draft.golden_of.setdefault(given, given)
