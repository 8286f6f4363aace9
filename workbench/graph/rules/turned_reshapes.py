"""A Reshape between two Transposes that undo each other around it, as heads of attentions are split and joined."""

from collections.abc import Sequence

from workbench.graph.deployed import ATTENTION, DeployedLayer
from workbench.graph.draft import Draft
from workbench.graph.rules.reshapes import is_reshape, reshape
from workbench.graph.rules.transposes import perm_of


def join_turned_reshape(draft: Draft, layer: DeployedLayer) -> bool:
    """Transpose, Reshape and Transpose that keep the order of the values together -> one Reshape.

    Source: the toolkit's graphs of 14 attentions.
    """
    last = perm_of(draft, layer)
    middle = draft.producer(layer.inputs[0]) if last is not None else None
    if last is None or middle is None or not is_reshape(draft, middle):
        return False
    first = draft.producer(middle.inputs[0])
    perm = perm_of(draft, first)
    if first is None or perm is None or any(draft.sole_consumer(item.outputs[0]) is None for item in (first, middle)):
        return False
    shapes = [draft.shape(item.inputs[0]) or () for item in (first, layer)]
    if not keeps_order(shapes[0], perm, shapes[1], last):
        return False
    target = _target(draft, first, layer)
    draft.replace([first, middle, layer], [reshape(draft, first.inputs[0], target)])
    return True


def _target(draft: Draft, first: DeployedLayer, last: DeployedLayer) -> str:
    """The last one's name; behind an attention the first one's `…_sw` where weights take two bytes, as observed."""
    name, giver = last.outputs[0], draft.producer(first.inputs[0])
    if draft.weight_bytes == 1 or giver is None or giver.op != ATTENTION or name in draft.outputs:
        return name
    swapped = draft.tensor(f"{first.outputs[0]}_sw", draft.shape(name) or (), golden=name)
    return swapped if draft.redirect(name, swapped) else name


def keeps_order(shape: Sequence[int], first: Sequence[int], given: Sequence[int], second: Sequence[int]) -> bool:
    """Whether the values of `shape`, transposed by `first`, reshaped to `given` and transposed by `second`, stay so."""
    parts = _parts([shape[axis] for axis in first], given)
    if parts is None:
        return False
    sizes, before, behind = parts
    order = [piece for axis in second for piece in behind[axis] if sizes[piece] != 1]
    pieces_of = dict(zip(first, before, strict=True))
    own = [piece for axis in range(len(shape)) for piece in pieces_of[axis] if sizes[piece] != 1]
    return own == order


Pieces = list[list[int]]


def _parts(taken: Sequence[int], given: Sequence[int]) -> tuple[list[int], Pieces, Pieces] | None:
    """The sizes that both shapes are products of, and which of them each axis has; None where there are no such."""
    sizes: list[int] = []
    before: Pieces = [[] for _ in taken]
    behind: Pieces = [[] for _ in given]
    left, right = list(taken), list(given)
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] == 1:
            i += 1
            continue
        if right[j] == 1:
            j += 1
            continue
        size = min(left[i], right[j])
        if left[i] % size or right[j] % size:
            return None
        before[i].append(len(sizes))
        behind[j].append(len(sizes))
        sizes.append(size)
        left[i], right[j] = left[i] // size, right[j] // size
    return sizes, before, behind
