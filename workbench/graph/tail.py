"""What is computed outside the NPU: the operators behind the place where a network was cut, as they are."""

from collections.abc import Mapping
from dataclasses import replace

import onnx

from workbench.graph.deployed import Deployed, DeployedLayer, rewired
from workbench.graph.graph import Model

OUTSIDE = "outside"  # the attribute of layers that no NPU computes
PREFIX = "outside:"  # of their constants: the deployed graph may have changed its own of the same name


def with_tail(graph: Deployed, tail: Model) -> Deployed:
    """The deployed graph of a cut network, and behind it the layers of its tail in float.

    `graph.model` stays the cut network: what it gives, it gives as the NPU does.
    """
    names = {name: PREFIX + name for name in tail.constants}
    nodes = zip(tail.graph.layers, tail.proto.graph.node, strict=True)
    layers = tuple(_layer(layer.name, node, names) for layer, node in nodes)
    given = [name for layer in layers for name in layer.outputs if name]
    return replace(
        graph,
        layers=(*graph.layers, *layers),
        constants={**graph.constants, **{names[name]: value for name, value in tail.constants.items()}},
        tensors={**graph.tensors, **{name: tail.graph.tensors[name] for name in given}},
        golden_of={**graph.golden_of, **{name: name for name in given}},
    )


def outside(graph: Deployed) -> tuple[DeployedLayer, ...]:
    """The layers that no NPU computes."""
    return tuple(layer for layer in graph.layers if OUTSIDE in layer.attributes)


def _layer(name: str, node: onnx.NodeProto, names: Mapping[str, str]) -> DeployedLayer:
    inputs = tuple(names.get(item, item) for item in node.input)
    outputs = tuple(node.output)
    return DeployedLayer(node.op_type, inputs, outputs, (name,), (), {OUTSIDE: True}, rewired(node, inputs, outputs))
