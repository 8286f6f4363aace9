"""x · clip(x + 3, 0, 6) / 6, however a network spells it, is one operator on the NPU."""

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft

SIXTH = 1 / 6
CLOSE = 1e-5  # exporters write 1/6 with a few digits


def merge_hard_swish(draft: Draft, layer: DeployedLayer) -> bool:
    """Replace the operators of a HardSwish by one, where nothing else takes what is between them."""
    found = _product(draft, layer) or _sixth_of_product(draft, layer)
    if found is None or not draft.is_float(layer.outputs[0]):
        return False
    source, parts = found
    if any(draft.sole_consumer(part.outputs[0]) is None for part in parts) or not draft.is_float(source):
        return False
    draft.replace([*parts, layer], [make_layer("HardSwish", [source], layer.outputs)])
    return True


Found = tuple[str, list[DeployedLayer]]


def _product(draft: Draft, layer: DeployedLayer) -> Found | None:
    """x · (clip(x + 3, 0, 6) / 6), or x · HardSigmoid(x)."""
    if layer.op != "Mul":
        return None
    for source, gate in (layer.inputs, layer.inputs[::-1]):
        given = draft.producer(gate)
        if given is None:
            continue
        if given.op == "HardSigmoid" and given.inputs[0] == source and _is_sixth(given):
            return source, [given]
        inner = _scaled(draft, given)
        gates = _gate(draft, inner, source) if inner else None
        if gates is not None:
            return source, [*gates, given]
    return None


def _sixth_of_product(draft: Draft, layer: DeployedLayer) -> Found | None:
    """(x · clip(x + 3, 0, 6)) / 6."""
    inner = _scaled(draft, layer)
    product = draft.producer(inner) if inner else None
    if product is None or product.op != "Mul":
        return None
    for source, gate in (product.inputs, product.inputs[::-1]):
        gates = _gate(draft, gate, source)
        if gates is not None:
            return source, [*gates, product]
    return None


def _scaled(draft: Draft, layer: DeployedLayer) -> str | None:
    """What a layer divides by 6."""
    if layer.op == "Div" and _number(draft, layer.inputs[1]) == 6:
        return layer.inputs[0]
    if layer.op == "Mul":
        for name, factor in (layer.inputs, layer.inputs[::-1]):
            number = _number(draft, factor)
            if number is not None and abs(number - SIXTH) < CLOSE:
                return name
    return None


def _gate(draft: Draft, name: str, source: str) -> list[DeployedLayer] | None:
    """The layers of clip(source + 3, 0, 6)."""
    clip = draft.producer(name)
    if clip is None or clip.op not in ("Clip", "Relu6") or _limits(draft, clip) != (0, 6):
        return None
    shifted = draft.producer(clip.inputs[0])
    if shifted is None or shifted.op != "Add" or source not in shifted.inputs:
        return None
    other = shifted.inputs[1] if shifted.inputs[0] == source else shifted.inputs[0]
    return [shifted, clip] if _number(draft, other) == 3 else None


def _limits(draft: Draft, clip: DeployedLayer) -> tuple[float | None, float | None]:
    bounds = [clip.attributes.get("min"), clip.attributes.get("max")]
    for position, name in enumerate(clip.inputs[1:3]):
        bounds[position] = _number(draft, name) if name else bounds[position]
    return bounds[0], bounds[1]


def _is_sixth(gate: DeployedLayer) -> bool:
    alpha, beta = gate.attributes.get("alpha", 0.2), gate.attributes.get("beta", 0.5)
    return bool(abs(alpha - SIXTH) < CLOSE and abs(beta - 0.5) < CLOSE)


def _number(draft: Draft, name: str) -> float | None:
    value = draft.value(name)
    return float(value.reshape(-1)[0]) if value is not None and value.size == 1 else None
