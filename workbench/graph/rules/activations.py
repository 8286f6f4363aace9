"""Activations that exported networks spell with several operators."""

from workbench.graph.deployed import SWISH, DeployedLayer, make_layer
from workbench.graph.draft import Draft


def merge_swish(draft: Draft, layer: DeployedLayer) -> bool:
    """x · Sigmoid(x) -> exSwish, where nothing else takes the Sigmoid."""
    gate = _gate_of(draft, layer)
    if gate is None:
        return False
    draft.replace([gate, layer], [make_layer(SWISH, gate.inputs, layer.outputs)])
    return True


def _gate_of(draft: Draft, layer: DeployedLayer) -> DeployedLayer | None:
    if layer.op != "Mul":
        return None
    for gated, other in (layer.inputs, layer.inputs[::-1]):
        gate = draft.producer(gated)
        if gate is not None and gate.op == "Sigmoid" and gate.inputs[0] == other and draft.is_float(other):
            return gate if draft.sole_consumer(gated) is layer else None
    return None
