"""Operators that compute nothing."""

from workbench.graph.deployed import DeployedLayer
from workbench.graph.draft import Draft

PASS_THROUGH = frozenset({"Identity", "Dropout"})


def drop_identity(draft: Draft, layer: DeployedLayer) -> bool:
    """Identity and Dropout vanish, but where they give an output of the network or a subgraph takes what they give."""
    if layer.op not in PASS_THROUGH or not draft.is_float(layer.outputs[0]):
        return False
    needed = any(draft.consumers(name) for name in layer.outputs[1:] if name)
    if needed or not draft.redirect(layer.outputs[0], layer.inputs[0]):
        return False
    draft.replace([layer], [])
    return True
