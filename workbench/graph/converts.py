"""The converts at the borders of a quantised network: float `x` -> `x_int8`, and `y_int8` -> float `y`."""

from dataclasses import replace

from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer, free_name, rewired

SUFFIX = "_int8"


def with_converts(graph: Deployed) -> Deployed:
    """Insert the converts at float inputs and outputs. Source: quantization semantics §6, names."""
    inputs = [tensor.name for tensor in graph.model.graph.inputs if graph.is_float(tensor.name)]
    outputs = [name for name in sorted(graph.outputs) if graph.is_float(name) and name in graph.producers]
    twins = {name: free_name(graph, name + SUFFIX) for name in (*inputs, *outputs)}
    tensors, golden = dict(graph.tensors), dict(graph.golden_of)
    for name, twin in twins.items():
        tensors[twin] = replace(tensors[name], name=twin)
        golden[twin] = name
    layers = [DeployedLayer(CONVERT, (name,), (twins[name],), ()) for name in inputs if name in graph.consumers]
    for layer in graph.layers:
        layers.append(_renamed(layer, twins))
        layers.extend(
            DeployedLayer(CONVERT, (twins[name],), (name,), layer.origins) for name in layer.outputs if name in outputs
        )
    return replace(graph, layers=tuple(layers), tensors=tensors, golden_of=golden)


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
