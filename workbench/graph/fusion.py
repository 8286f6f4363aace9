"""Derive the deployed graph of a network, with the way back to the user's layers.

Shape arithmetic is folded to constants; then the rules rewrite it. Source: quantization semantics §6.
"""

from dataclasses import replace

import onnx
from onnx import helper

from workbench.foundation.steps import Steps
from workbench.graph.deployed import Deployed, DeployedLayer
from workbench.graph.draft import Draft, apply
from workbench.graph.folding import fold_constants
from workbench.graph.graph import Model
from workbench.graph.rules.activations import merge_swish
from workbench.graph.rules.batch_norm import fold_batch_norm
from workbench.graph.rules.dense import gemm_to_conv, pool_to_conv
from workbench.graph.rules.hard_swish import merge_hard_swish
from workbench.graph.rules.identities import drop_identity
from workbench.graph.rules.names import with_short_names

# in this order: each stage repeats its rules until nothing changes
STAGES = (
    (drop_identity,),
    (fold_batch_norm, merge_swish, merge_hard_swish),
    (pool_to_conv, gemm_to_conv),
)


def deploy(model: Model) -> Steps[Deployed]:
    """Derive the deployed graph of a network."""
    constants = dict(model.constants)
    constants |= yield from fold_constants(model)
    layers = [_layer(node) for node in model.proto.graph.node if not set(node.output) - {""} <= constants.keys()]
    draft = Draft(with_short_names(Deployed(model, tuple(layers), constants, dict(model.graph.tensors), {})))
    for rules in STAGES:
        apply(draft, rules)
    deployed = draft.graph()
    golden = {name: name for layer in deployed.layers for name in layer.outputs if name in model.graph.tensors}
    golden |= {tensor.name: tensor.name for tensor in model.graph.inputs}
    return replace(deployed, golden_of={**golden, **deployed.golden_of})


def _layer(node: onnx.NodeProto) -> DeployedLayer:
    attributes = {
        item.name: helper.get_attribute_value(item)
        for item in node.attribute
        if item.type not in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS)
    }
    return DeployedLayer(node.op_type, tuple(node.input), tuple(node.output), (node.name,), (), attributes, node)
