"""Activations of a tensor that others take too go behind the Reshape or Transpose of what they give.

Source: the toolkit's graphs of 280 random networks.
"""

from dataclasses import replace

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.reshapes import SWAPPED, is_reshape, is_shared, renamed, reshape, with_inputs
from workbench.graph.rules.transposes import perm_of

PLAIN = SWAPPED - {"exGelu", "exMish"}


def swap_forward(draft: Draft, layer: DeployedLayer) -> bool:
    """Reshape(Activation(x)) -> Activation(Reshape(x)), and so with Transposes, where others take what gives x.

    Of several activations all go behind.
    """
    if layer.op not in ("Reshape", "Transpose") or len(draft.shape(layer.outputs[0]) or ()) != 4:
        return False
    perm = perm_of(draft, layer)
    chain = _activations(draft, layer) if perm is not None or is_reshape(draft, layer) else []
    source = chain[0].inputs[0] if chain else ""
    if not chain or source in draft.constants or source in draft.grids or not is_shared(draft, source):
        return False
    shape, target = draft.shape(layer.outputs[0]) or (), layer.outputs[0]
    names = [draft.tensor(f"{item.outputs[0]}_sw", shape, golden="" if perm else item.inputs[0]) for item in chain]
    if perm is None:
        first = reshape(draft, source, names[0])
    else:
        first = make_layer("Transpose", (source,), (names[0],), perm=list(perm))
    made = []
    for item, taken, given in zip(chain, names, [*names[1:], target], strict=True):
        moved = renamed(with_inputs(item, (taken, *item.inputs[1:])), item.outputs[0], given)
        made.append(replace(moved, origins=()))
    draft.replace([*chain, layer], [first, *made])
    return True


def _activations(draft: Draft, layer: DeployedLayer) -> list[DeployedLayer]:
    """The activations of four axes in a row in front of a layer, each for the next one alone."""
    found: list[DeployedLayer] = []
    taker = layer
    while True:
        giver = draft.producer(taker.inputs[0])
        if giver is None or giver.op not in PLAIN or draft.sole_consumer(giver.outputs[0]) is not taker:
            return found
        if len(draft.shape(giver.inputs[0]) or ()) != 4:
            return []
        found.insert(0, giver)
        taker = giver
