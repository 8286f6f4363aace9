"""Sums between Transposes, as those around the blocks of transformers: all compute on the order of axes before them.

Source: the toolkit's graphs of six transformers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.graph.deployed import GELU, DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.reshapes import drop_unused, renamed, with_inputs
from workbench.graph.rules.transposes import perm_of

SUMS = frozenset(("Add",))


@dataclass(frozen=True)
class _Mesh:
    """Layers whose operands are all transposed in one way, and the Transposes behind them that undo that.

    `ends` are what they give for others, which still need the order of axes that is there now.
    """

    layers: tuple[DeployedLayer, ...]
    entries: tuple[DeployedLayer, ...]
    exits: tuple[DeployedLayer, ...]
    ends: frozenset[str]


def turn_sums(draft: Draft, layer: DeployedLayer) -> bool:
    """Sums of sums of transposed tensors lose the Transposes before and behind, where that saves some."""
    perm = _perm_before(draft, layer) if layer.op in SUMS else None
    mesh = _mesh(draft, layer, perm) if perm is not None and len(perm) == 4 else None
    if perm is None or mesh is None or len(mesh.entries) + len(mesh.exits) <= len(mesh.ends):
        return False
    names = {entry.outputs[0]: entry.inputs[0] for entry in mesh.entries}
    shape = draft.shape(mesh.entries[0].inputs[0]) or ()
    for item in mesh.layers:
        _turn(draft, item, (perm, shape), mesh.ends, names)
    for last in mesh.exits:
        draft.redirect(last.outputs[0], names.get(last.inputs[0], last.inputs[0]))
        draft.drop(last)
    for entry in mesh.entries:
        drop_unused(draft, entry.outputs[0])
    return True


def gelu_behind(draft: Draft, layer: DeployedLayer) -> bool:
    """Transpose, exGelu, and a Transpose that undoes the first -> exGelu, named after the last."""
    before = draft.producer(layer.inputs[0]) if layer.op == GELU else None
    first = perm_of(draft, before)
    after = draft.sole_consumer(layer.outputs[0]) if first is not None else None
    second = perm_of(draft, after)
    if before is None or after is None or first is None or second is None:
        return False
    if [first[axis] for axis in second] != sorted(first) or draft.sole_consumer(before.outputs[0]) is not layer:
        return False
    moved = renamed(with_inputs(layer, before.inputs[:1]), layer.outputs[0], after.outputs[0])
    draft.replace([before, layer, after], [replace(moved, origins=())])
    return True


def _perm_before(draft: Draft, layer: DeployedLayer) -> tuple[int, ...] | None:
    perms = [perm_of(draft, draft.producer(name)) for name in layer.inputs]
    return next((perm for perm in perms if perm is not None), None)


def _mesh(draft: Draft, start: DeployedLayer, perm: tuple[int, ...]) -> _Mesh | None:
    """All that is connected to a sum by sums; None where an operand is not transposed in the same way."""
    shape, found, waiting = draft.shape(start.outputs[0]), [start], [start]
    entries: dict[str, DeployedLayer] = {}
    while waiting:
        layer = waiting.pop()
        for name in layer.inputs:
            giver = draft.producer(name)
            if giver is None or draft.shape(name) != shape or name in draft.grids:
                return None
            if perm_of(draft, giver) == perm:
                entries[name] = giver
            elif giver.op not in SUMS:
                return None
        for near in _neighbours(draft, layer, shape):
            if not any(near is item for item in found):
                found.append(near)
                waiting.append(near)
    exits, ends = _behind(draft, found, perm)
    own = tuple(entry for entry in entries.values() if _is_own(draft, entry, found))
    return _Mesh(tuple(item for item in draft.layers if any(item is one for one in found)), own, exits, ends)


def _neighbours(draft: Draft, layer: DeployedLayer, shape: Sequence[int] | None) -> list[DeployedLayer]:
    givers = [draft.producer(name) for name in layer.inputs]
    near = [*givers, *draft.consumers(layer.outputs[0])]
    return [item for item in near if item is not None and item.op in SUMS and draft.shape(item.outputs[0]) == shape]


def _behind(
    draft: Draft, found: Sequence[DeployedLayer], perm: tuple[int, ...]
) -> tuple[tuple[DeployedLayer, ...], frozenset[str]]:
    """The Transposes behind that undo the ones before, and the tensors that others take as well."""
    exits, ends = [], set()
    for layer in found:
        name = layer.outputs[0]
        takers = [taker for taker in draft.consumers(name) if not any(taker is item for item in found)]
        for taker in takers:
            own = perm_of(draft, taker)
            undoes = own is not None and [perm[axis] for axis in own] == sorted(perm)
            if undoes and taker.outputs[0] not in draft.outputs:
                exits.append(taker)
            else:
                ends.add(name)
        if name in draft.outputs:
            ends.add(name)
    return tuple(exits), frozenset(ends)


def _is_own(draft: Draft, entry: DeployedLayer, found: Sequence[DeployedLayer]) -> bool:
    takers = draft.consumers(entry.outputs[0])
    is_output = entry.outputs[0] in draft.outputs
    return not is_output and all(any(taker is item for item in found) for taker in takers)


def _turn(
    draft: Draft,
    layer: DeployedLayer,
    order: tuple[tuple[int, ...], tuple[int, ...]],
    ends: frozenset[str],
    names: dict[str, str],
) -> None:
    """A sum in the order of axes before the Transposes; `names` gets the name of what it gives then."""
    perm, shape = order
    inputs = tuple(names.get(name, _source(draft, name, perm)) for name in layer.inputs)
    name = layer.outputs[0]
    if name in ends:
        names[name] = draft.tensor(f"{name}_tp", shape)
        moved = renamed(with_inputs(layer, inputs), name, names[name])
        back = make_layer("Transpose", (names[name],), (name,), perm=_plain(perm, shape))
        draft.replace([layer], [moved, replace(back, origins=layer.origins)])
        return
    draft.tensors[name] = replace(draft.tensors[name], shape=shape)
    draft.golden_of.pop(name, None)
    draft.reordered.add(name)
    names[name] = name
    draft.replace([layer], [with_inputs(layer, inputs)])


def _source(draft: Draft, name: str, perm: tuple[int, ...]) -> str:
    """What a Transpose takes; other names as they are."""
    giver = draft.producer(name)
    return giver.inputs[0] if giver is not None and perm_of(draft, giver) == perm else name


def _plain(perm: tuple[int, ...], shape: Sequence[int]) -> list[int]:
    """The order of axes; the toolkit's own where two axes have one value only."""
    swapped = (2, 3, 0, 1)
    same = np.prod([shape[axis] for axis in (0, 2)]) == 1 and perm == (0, 3, 2, 1)
    return list(swapped if same else perm)
