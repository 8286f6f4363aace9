"""The converts of a quantised network: float `x` -> `x_int8` at its inputs, `y_int8` -> float `y` at its outputs.

A Softmax at the end computes in float16, behind a convert `…__float16`. Source: quantization semantics §5.1, §6.
"""

from dataclasses import replace

from workbench.graph.deployed import CONVERT, SOFTMAX, Deployed, DeployedLayer, free_name, rewired

HALF_SUFFIX = "__float16"
HALF = "float16"  # the attribute of layers that compute in float16 whatever the settings say
SHAPING = frozenset(("Reshape", "Transpose"))


def with_converts(graph: Deployed, stored: str = "int8") -> Deployed:
    """Insert the converts at float inputs and outputs, named after the type that is stored.

    In int8 one goes before a Softmax that only gives an output.
    """
    graph = _with_halves(graph) if stored == "int8" else graph
    inputs = [tensor.name for tensor in graph.model.graph.inputs if graph.is_float(tensor.name)]
    inputs = [name for name in inputs if not _goes_into_halves(graph, name)]
    outputs = [name for name in sorted(graph.outputs) if graph.is_float(name) and name in graph.producers]
    outputs = [name for name in outputs if HALF not in graph.producers[name].attributes]
    twins = {name: free_name(graph, f"{name}_{stored}") for name in (*inputs, *outputs)}
    tensors, golden = dict(graph.tensors), dict(graph.golden_of)
    for name, twin in twins.items():
        tensors[twin] = replace(tensors[name], name=twin)
        golden[twin] = golden.get(name, name)
    # the toolkit puts the convert of an input right before the first layer that takes it
    waiting = {name: id(graph.consumers[name][0]) for name in inputs if name in graph.consumers}
    layers: list[DeployedLayer] = []
    # and goes through the network's outputs and puts each convert right behind the layer
    behind = [tensor.name for tensor in reversed(graph.model.graph.outputs) if tensor.name in outputs]
    for layer in graph.layers:
        taken = [name for name, taker in waiting.items() if taker == id(layer)]
        layers.extend(DeployedLayer(CONVERT, (name,), (twins[name],), ()) for name in taken)
        layers.append(_renamed(layer, twins))
        layers.extend(
            DeployedLayer(CONVERT, (twins[name],), (name,), layer.origins) for name in behind if name in layer.outputs
        )
    return replace(graph, layers=tuple(layers), tensors=tensors, golden_of=golden)


def _with_halves(graph: Deployed) -> Deployed:
    tensors, golden = dict(graph.tensors), dict(graph.golden_of)
    layers: list[DeployedLayer] = []
    ends = {
        layer.outputs[0] for layer in graph.layers if layer.op in (SOFTMAX, "Softmax") and _gives_output(graph, layer)
    }
    behind: set[str] = set()
    for layer in graph.layers:
        source = layer.inputs[0] if layer.inputs else ""
        if layer.outputs[0] in ends and source in graph.producers:
            half = free_name(graph, source + HALF_SUFFIX)
            tensors[half] = replace(tensors[source], name=half)
            if source in golden:
                golden[half] = golden[source]
            layers.append(DeployedLayer(CONVERT, (source,), (half,), layer.origins, (), {HALF: True}))
            layer = _renamed(layer, {source: half})
        if layer.outputs[0] in ends or source in behind:
            behind.update(layer.outputs)
            layer = replace(layer, attributes={**layer.attributes, HALF: True})
        layers.append(layer)
    return replace(graph, layers=tuple(layers), tensors=tensors, golden_of=golden)


def _goes_into_halves(graph: Deployed, name: str) -> bool:
    """Whether only layers that compute in float16 take a tensor."""
    takers = graph.consumers.get(name, ())
    return bool(takers) and all(HALF in layer.attributes for layer in takers)


def _gives_output(graph: Deployed, layer: DeployedLayer) -> bool:
    """Whether a layer's result goes nowhere but into an output, reshaped perhaps."""
    while layer.outputs[0] not in graph.outputs:
        after = graph.sole_consumer(layer.outputs[0])
        if after is None or after.op not in SHAPING:
            return False
        layer = after
    return not graph.consumers.get(layer.outputs[0])


def _renamed(layer: DeployedLayer, twins: dict[str, str]) -> DeployedLayer:
    inputs = tuple(twins.get(name, name) for name in layer.inputs)
    outputs = tuple(twins.get(name, name) for name in layer.outputs)
    if (inputs, outputs) == (layer.inputs, layer.outputs):
        return layer
    proto = layer.proto
    if proto.op_type:
        own = [twins.get(name, name) for name in proto.input]
        proto = rewired(proto, own, outputs)
    return replace(layer, inputs=inputs, outputs=outputs, proto=proto)
