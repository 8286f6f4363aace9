"""Operators that compute nothing."""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, rewired
from workbench.graph.draft import Draft

PASS_THROUGH = frozenset({"Identity", "Dropout"})
NEUTRAL = {"Mul": 1.0, "Div": 1.0, "Add": 0.0, "Sub": 0.0}


def drop_identity(draft: Draft, layer: DeployedLayer) -> bool:
    """Identity and Dropout vanish, and what is before them gives their tensor.

    Where that cannot be, what is behind them takes their input; those that subgraphs or outputs need, stay.
    """
    if layer.op not in PASS_THROUGH or not draft.is_float(layer.outputs[0]):
        return False
    if any(draft.consumers(name) for name in layer.outputs[1:] if name):
        return False
    return rename(draft, layer) or bypass(draft, layer)


def drop_neutral(draft: Draft, layer: DeployedLayer) -> bool:
    """x · 1, x / 1, x + 0, x - 0, a Cast to float and a Concat of one tensor vanish; an output keeps its name."""
    if not _is_neutral(draft, layer):
        return False
    taken = next(name for name in layer.inputs if name not in draft.constants)
    if draft.shape(taken) is None or draft.shape(taken) != draft.shape(layer.outputs[0]):
        return False
    return bypass(draft, layer, taken) or rename(draft, layer, taken)


def bypass(draft: Draft, layer: DeployedLayer, taken: str = "") -> bool:
    """Let what takes the output of a layer take its input."""
    source = taken or layer.inputs[0]
    if not draft.redirect(layer.outputs[0], source):
        return False
    draft.replace([layer], [])
    giver = draft.producer(source)
    if giver is not None:
        origins, absorbed = (*giver.origins, *layer.origins), (*giver.absorbed, *layer.absorbed, layer.outputs[0])
        draft.replace([giver], [replace(giver, origins=origins, absorbed=absorbed)])
    return True


def rename(draft: Draft, layer: DeployedLayer, taken: str = "") -> bool:
    """Let the layer before give the output of a layer in its place."""
    source, name = taken or layer.inputs[0], layer.outputs[0]
    giver = draft.producer(source)
    takers = [taker for taker in draft.consumers(source) if taker is not layer]
    if giver is None or source in draft.outputs or any(source in draft.captured(taker) for taker in takers):
        return False
    outputs = tuple(name if own == source else own for own in giver.outputs)
    proto = rewired(giver.proto, giver.proto.input, outputs) if giver.proto.op_type else giver.proto
    origins, absorbed = (*giver.origins, *layer.origins), (*giver.absorbed, *layer.absorbed, source)
    draft.replace([layer], [])
    draft.replace([giver], [replace(giver, outputs=outputs, proto=proto, origins=origins, absorbed=absorbed)])
    return draft.redirect(source, name)


def _is_neutral(draft: Draft, layer: DeployedLayer) -> bool:
    if not draft.is_float(layer.outputs[0]):
        return False
    if layer.op in ("Cast", "Concat") and len(layer.inputs) == 1:
        return draft.is_float(layer.inputs[0]) and layer.inputs[0] not in draft.constants
    if layer.op not in NEUTRAL:
        return False
    both = (layer.inputs, layer.inputs[::-1]) if layer.op in ("Mul", "Add") else (layer.inputs,)
    for taken, other in both:
        value = draft.value(other)
        if value is not None and taken not in draft.constants:
            return bool(np.all(value == NEUTRAL[layer.op]))
    return False
