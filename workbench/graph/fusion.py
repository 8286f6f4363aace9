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
from workbench.graph.rules.activations import merge_gelu, merge_mish, merge_scaled_swish, merge_swish
from workbench.graph.rules.affine import product_and_sum, simplify_batch_norm
from workbench.graph.rules.averages import average_in_order
from workbench.graph.rules.batch_norm import fold_batch_norm, fold_batch_norm_before
from workbench.graph.rules.concat import merge_concats, split_behind_concat
from workbench.graph.rules.convolutions import (
    cut_channels,
    cut_stride,
    grouped_to_dense,
    merge_identity_branch,
    merge_parallel_convs,
)
from workbench.graph.rules.elementwise import (
    absolute_to_leaky,
    align_constant,
    bounds_to_clip,
    difference_to_sum,
    division_to_product,
    merge_constants,
    merge_limits,
    negation_to_product,
    reciprocal_to_division,
    sum_to_additions,
)
from workbench.graph.rules.four_axes import to_four_axes
from workbench.graph.rules.hard_swish import merge_hard_swish
from workbench.graph.rules.identities import drop_identity, drop_neutral
from workbench.graph.rules.matrices import matrix_to_conv, reshape_into_conv
from workbench.graph.rules.means import mean_of_one_axis, mean_to_conv, reshape_to_transpose, sum_of_channels
from workbench.graph.rules.names import with_short_names
from workbench.graph.rules.norms import instance_to_norm
from workbench.graph.rules.one_dimension import to_pictures
from workbench.graph.rules.own_quantization import without_own_quantization
from workbench.graph.rules.pads import explicit_pads, fold_pad, pad_before
from workbench.graph.rules.pools import (
    full_average,
    global_average,
    global_maximum,
    large_maximum,
    mean_to_average,
)
from workbench.graph.rules.products import product_of_tensors, product_to_conv
from workbench.graph.rules.repeated import merge_repeated
from workbench.graph.rules.reshapes import (
    drop_reshape,
    merge_around_concat,
    merge_reshapes,
    spell_reshape,
    swap_activation,
    swap_same_shape,
    transpose_to_reshape,
)
from workbench.graph.rules.scales import fold_into_conv, fold_product_before
from workbench.graph.rules.slices import (
    drop_concat_and_split,
    gather_to_conv,
    merge_slices,
    slices_to_split,
    split_conv,
)
from workbench.graph.rules.softmax import name_softmax
from workbench.graph.rules.splits import merge_splits
from workbench.graph.rules.transposes import (
    drop_slice,
    merge_transposes,
    swap_behind,
    swap_constant,
    swap_slice,
    swap_sum,
    swap_transpose,
)
from workbench.graph.rules.upscaling import deconv_to_conv, depth_to_deconv, name_upsample, shuffle_to_deconv

ARITHMETIC = (
    align_constant, negation_to_product, absolute_to_leaky, reciprocal_to_division, division_to_product,
    difference_to_sum, sum_to_additions, merge_constants, merge_limits, bounds_to_clip, drop_neutral,
)  # fmt: skip
POOLS = (global_average, full_average, global_maximum, large_maximum)
FOLDS = (fold_batch_norm, fold_into_conv, fold_product_before, fold_batch_norm_before)
# in this order: each stage repeats its rules until nothing changes
STAGES = (
    (drop_identity, spell_reshape, name_softmax, explicit_pads, name_upsample, merge_concats),
    (merge_slices, merge_repeated, slices_to_split, drop_concat_and_split, merge_splits),
    (drop_slice, swap_transpose, swap_slice, merge_transposes, swap_sum),
    (merge_gelu, merge_mish, merge_scaled_swish, merge_swish, merge_hard_swish),
    (merge_repeated, *ARITHMETIC, fold_pad, grouped_to_dense, *FOLDS),
    (product_and_sum, simplify_batch_norm),
    (split_conv, gather_to_conv, depth_to_deconv, shuffle_to_deconv, deconv_to_conv),
    (merge_parallel_convs, merge_identity_branch, split_behind_concat),
    (*POOLS, mean_to_average, mean_to_conv, mean_of_one_axis, sum_of_channels, instance_to_norm),
    (merge_repeated, cut_channels, cut_stride, pad_before),
    (
        transpose_to_reshape,
        merge_reshapes,
        swap_activation,
        swap_behind,
        swap_constant,
        product_to_conv,
        product_of_tensors,
        matrix_to_conv,
        merge_transposes,
        to_pictures,
        to_four_axes,
        swap_same_shape,
        fold_into_conv,
    ),
    (merge_around_concat, merge_reshapes, drop_reshape, reshape_into_conv, merge_repeated, split_behind_concat),
    (*POOLS, average_in_order, reshape_to_transpose),
)


def deploy(model: Model, weight_bytes: int = 1) -> Steps[Deployed]:
    """Derive the deployed graph of a network whose weights take so many bytes each."""
    constants = dict(model.constants)
    constants |= yield from fold_constants(model)
    layers = [_layer(node) for node in model.proto.graph.node if not set(node.output) - {""} <= constants.keys()]
    named = with_short_names(Deployed(model, tuple(layers), constants, dict(model.graph.tensors), {}))
    draft = Draft(without_own_quantization(named), weight_bytes)
    for rules in STAGES:
        apply(draft, rules)
    deployed = draft.graph()
    own = model.graph.tensors.keys() - draft.reordered
    golden = {name: name for layer in deployed.layers for name in layer.outputs if name in own}
    golden |= {tensor.name: tensor.name for tensor in model.graph.inputs}
    there = {name: source for name, source in deployed.golden_of.items() if name in deployed.producers}
    return replace(deployed, golden_of={**golden, **there})


def _layer(node: onnx.NodeProto) -> DeployedLayer:
    attributes = {
        item.name: helper.get_attribute_value(item)
        for item in node.attribute
        if item.type not in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS)
    }
    return DeployedLayer(node.op_type, tuple(node.input), tuple(node.output), (node.name,), (), attributes, node)
