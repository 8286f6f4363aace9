"""Activations that exported networks spell with several operators."""

import numpy as np

from workbench.graph.deployed import GELU, MISH, SWISH, DeployedLayer, make_layer
from workbench.graph.draft import Draft

ROOT = float(np.sqrt(2.0))
CLOSE = 1e-3  # exporters write the square root with a few digits


def merge_swish(draft: Draft, layer: DeployedLayer) -> bool:
    """x · Sigmoid(x) -> exSwish, where nothing else takes the Sigmoid."""
    for source, gate in _factors(draft, layer):
        if gate.op == "Sigmoid" and gate.inputs[0] == source and draft.is_float(source):
            draft.replace([gate, layer], [make_layer(SWISH, [source], layer.outputs)])
            return True
    return False


def merge_scaled_swish(draft: Draft, layer: DeployedLayer) -> bool:
    """x · Sigmoid(x · β) -> exSwish with β; β · x stays as it is."""
    for source, gate in _factors(draft, layer):
        inner = draft.producer(gate.inputs[0]) if gate.op == "Sigmoid" else None
        if inner is None or inner.op != "Mul" or draft.sole_consumer(inner.outputs[0]) is not gate:
            continue
        beta = _number(draft, inner.inputs[1])
        if beta is not None and inner.inputs[0] == source and draft.is_float(source):
            draft.replace([inner, gate, layer], [make_layer(SWISH, [source], layer.outputs, beta=beta)])
            return True
    return False


def merge_mish(draft: Draft, layer: DeployedLayer) -> bool:
    """x · Tanh(Softplus(x)) -> exMish; Softplus may be Log(Exp(x) + 1)."""
    for source, gate in _factors(draft, layer):
        parts = _softplus(draft, gate, source) if gate.op == "Tanh" else None
        if parts is not None and draft.is_float(source):
            draft.replace([*parts, gate, layer], [make_layer(MISH, [source], layer.outputs)])
            return True
    return False


def merge_gelu(draft: Draft, layer: DeployedLayer) -> bool:
    """x · (Erf(x / √2) + 1) · ½ -> exGelu; (x · ½) · (Erf(x / √2) + 1) too. Other orders stay as they are."""
    parts = _halved_last(draft, layer) or _halved_first(draft, layer)
    if parts is None:
        return False
    source, layers = parts
    if not draft.is_float(source) or any(draft.sole_consumer(part.outputs[0]) is None for part in layers):
        return False
    draft.replace([*layers, layer], [make_layer(GELU, [source], layer.outputs)])
    return True


Found = tuple[str, list[DeployedLayer]]


def _halved_last(draft: Draft, layer: DeployedLayer) -> Found | None:
    product = draft.producer(layer.inputs[0]) if layer.op == "Mul" else None
    if product is None or product.op != "Mul" or _number(draft, layer.inputs[1]) != 0.5:
        return None
    source, gate = product.inputs
    parts = _gelu_gate(draft, gate, source)
    return None if parts is None else (source, [*parts, product])


def _halved_first(draft: Draft, layer: DeployedLayer) -> Found | None:
    half = draft.producer(layer.inputs[0]) if layer.op == "Mul" else None
    if half is None or half.op != "Mul" or _number(draft, half.inputs[1]) != 0.5:
        return None
    parts = _gelu_gate(draft, layer.inputs[1], half.inputs[0])
    return None if parts is None else (half.inputs[0], [half, *parts])


def _gelu_gate(draft: Draft, gate: str, source: str) -> list[DeployedLayer] | None:
    """The layers of Erf(source / √2) + 1."""
    shifted = draft.producer(gate)
    if shifted is None or shifted.op != "Add" or _number(draft, shifted.inputs[1]) != 1.0:
        return None
    erf = draft.producer(shifted.inputs[0])
    scaled = draft.producer(erf.inputs[0]) if erf is not None and erf.op == "Erf" else None
    if erf is None or scaled is None or scaled.op != "Div" or scaled.inputs[0] != source:
        return None
    root = _number(draft, scaled.inputs[1])
    return [scaled, erf, shifted] if root is not None and abs(root - ROOT) < CLOSE else None


def _softplus(draft: Draft, gate: DeployedLayer, source: str) -> list[DeployedLayer] | None:
    """The layers of Softplus(source), which only `gate` takes."""
    last = draft.producer(gate.inputs[0])
    if last is None or draft.sole_consumer(last.outputs[0]) is not gate:
        return None
    if last.op == "Softplus":
        return [last] if last.inputs[0] == source else None
    shifted = draft.producer(last.inputs[0]) if last.op == "Log" else None
    if shifted is None or shifted.op != "Add" or _number(draft, shifted.inputs[1]) != 1.0:
        return None
    power = draft.producer(shifted.inputs[0])
    if power is None or power.op != "Exp" or power.inputs[0] != source:
        return None
    parts = [power, shifted, last]
    return parts if all(draft.sole_consumer(part.outputs[0]) is not None for part in parts) else None


def _factors(draft: Draft, layer: DeployedLayer) -> list[tuple[str, DeployedLayer]]:
    """Each factor of a product with the layer that gives the other, where nothing else takes that one."""
    found = []
    for other, gated in (layer.inputs, layer.inputs[::-1]) if layer.op == "Mul" else ():
        gate = draft.producer(gated)
        if gate is not None and draft.sole_consumer(gated) is layer:
            found.append((other, gate))
    return found


def _number(draft: Draft, name: str) -> float | None:
    value = draft.value(name)
    return float(value.reshape(-1)[0]) if value is not None and value.size == 1 else None
