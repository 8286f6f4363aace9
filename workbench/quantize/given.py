"""Plans from encodings that somebody gave: the network itself, or a file."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from workbench.graph.converts import HALF
from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer
from workbench.quantize.encoding import Encoding
from workbench.quantize.groups import is_fused
from workbench.quantize.plan import Plan, factor_encodings, fused, wide_encodings
from workbench.quantize.ranges import SAME_RANGE, Range
from workbench.quantize.schemes import FLOAT16, FLOAT32, INT16, INTEGERS

CUTS = ("Relu", "Clip")
MOVES = SAME_RANGE - {CONVERT} | {"Split", "Identity"}
CONVERSIONS = (CONVERT, "DequantizeLinear")
Encodings = Mapping[str, Encoding]


def plan_of(
    graph: Deployed, encodings: Encodings, ranges: Mapping[str, Range], custom: Mapping[str, str], like: Plan
) -> Plan:
    """The plan where tensors have these encodings; `custom` is the precision of single layers, by their output.

    Method and data type are those of `like`. A layer whose tensors have no encoding computes in float16, unless it is a
    part of an operator of which they are known.
    """
    spread = _spread(graph, encodings)
    inside = _inside(graph, spread)
    known = spread.keys() | inside
    kind = like.type.activations
    precision = {layer.outputs[0]: _precision(graph, layer, known, kind) for layer in graph.layers}
    precision |= {graph.producers[name].outputs[0]: given for name, given in custom.items()}
    seen = {name: range_of(encoding) for name, encoding in spread.items() if encoding.axis is None} | dict(ranges)
    for name in inside:
        taker = graph.sole_consumer(name)
        if taker is not None and taker.op in CUTS and taker.outputs[0] in seen:
            seen[name] = seen[taker.outputs[0]]
    unstored, grouped = fused(graph, precision, seen)
    quantized = {name for name, given in precision.items() if given in INTEGERS}
    return replace(
        like,
        encodings=spread,
        precision=precision,
        unstored=unstored | (inside & quantized),
        grouped=grouped,
        wide={} if kind == INT16 else wide_encodings(graph, precision, seen),
        factors=factor_encodings(graph, seen, like.dtype),
    )


def range_of(encoding: Encoding) -> Range:
    """What an encoding of one scale can hold."""
    (scale, *_), (zero, *_), (low, high) = encoding.scale, encoding.zero_point, encoding.limits
    return Range((low - zero) * scale, (high - zero) * scale)


def _spread(graph: Deployed, encodings: Encodings) -> dict[str, Encoding]:
    """The encodings, and those of tensors beside: what only moves values about stores what it takes as it is."""
    found = dict(encodings)
    for layer in graph.layers:
        if layer.op in MOVES and layer.inputs[0] in found:
            given = (name for name in layer.outputs if graph.is_float(name) and name not in found)
            found |= dict.fromkeys(given, found[layer.inputs[0]])
    for layer in reversed(graph.layers):
        if layer.op not in MOVES - {"Split"} or layer.outputs[0] not in found:
            continue
        source = layer.inputs[0]
        if source in graph.producers and source not in found and graph.sole_consumer(source) is layer:
            found[source] = found[layer.outputs[0]]
    return found


def _inside(graph: Deployed, encodings: Encodings) -> frozenset[str]:
    """Tensors without an encoding that an operator hands on within itself: to its activation or its addition."""
    found: set[str] = set()
    for layer in reversed(graph.layers):
        name = layer.outputs[0]
        taker = graph.sole_consumer(name)
        if name in encodings or taker is None or not graph.is_float(name):
            continue
        given = taker.outputs[0]
        is_added = taker.op == "Add" and layer.op in ("Conv", "MatMul")
        is_moved = layer.op in MOVES or (taker.op in MOVES and given in found)
        is_part = is_fused(graph, layer, taker) or is_moved or is_added
        if is_part and (given in encodings or given in found):
            found.add(name)
    return frozenset(found)


def _precision(graph: Deployed, layer: DeployedLayer, known: Collection[str], kind: str) -> str:
    if not all(graph.is_float(name) for name in layer.outputs if name):
        return FLOAT32
    if HALF in layer.attributes:
        return FLOAT16
    if layer.op in CONVERSIONS:
        return kind
    names = [name for name in (*layer.inputs, *layer.outputs) if name and name not in graph.constants]
    return kind if all(name in known or not graph.is_float(name) for name in names) else FLOAT16
