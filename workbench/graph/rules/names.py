"""Names as the toolkit has them."""

from collections import Counter
from dataclasses import replace

from workbench.graph.deployed import Deployed, DeployedLayer, rewired
from workbench.graph.normalise import captured

LONGEST, KEPT = 127, 123


def with_short_names(graph: Deployed) -> Deployed:
    """Long names end in `__0`, `__1`, … after 123 characters, but for the network's outputs and what subgraphs take.

    Names of 128 characters and more are numbered per common beginning, inputs before outputs, node after node
    (observed with toolkit 2.5.0, which refuses a network whose output has such a name).
    """
    names = dict.fromkeys(name for layer in graph.layers for name in (*layer.inputs, *layer.outputs))
    fixed = graph.outputs | {tensor.name for tensor in graph.model.graph.inputs}
    fixed |= {name for layer in graph.layers for name in captured(layer.proto)}
    seen: Counter[str] = Counter()
    short: dict[str, str] = {}
    for name in names:
        if len(name) <= LONGEST:
            continue
        start = name[:KEPT]
        if name not in fixed and name not in graph.constants:
            short[name] = f"{start}__{seen[start]}"
        seen[start] += 1
    if not short or not names.keys().isdisjoint(short.values()):
        return graph
    tensors = {name: tensor for name, tensor in graph.tensors.items() if name not in short}
    tensors |= {new: replace(graph.tensors[old], name=new) for old, new in short.items() if old in graph.tensors}
    golden = {**graph.golden_of, **{new: graph.golden_of.get(old, old) for old, new in short.items()}}
    layers = tuple(_renamed(layer, short) for layer in graph.layers)
    return replace(graph, layers=layers, tensors=tensors, golden_of=golden)


def _renamed(layer: DeployedLayer, short: dict[str, str]) -> DeployedLayer:
    inputs, outputs = (tuple(short.get(name, name) for name in names) for names in (layer.inputs, layer.outputs))
    if (inputs, outputs) == (layer.inputs, layer.outputs):
        return layer
    return replace(layer, inputs=inputs, outputs=outputs, proto=rewired(layer.proto, inputs, outputs))
