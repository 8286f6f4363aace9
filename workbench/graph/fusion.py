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
from workbench.graph.rules.affine import affine_on_four_axes, product_and_sum, simplify_batch_norm
from workbench.graph.rules.around_concat import combine_before_reshapes, concat_before_reshapes
from workbench.graph.rules.attention import merge_attention
from workbench.graph.rules.averages import average_in_order
from workbench.graph.rules.batch_norm import fold_batch_norm, fold_batch_norm_before
from workbench.graph.rules.batched_products import batched_product, product_of_places, turn_product
from workbench.graph.rules.concat import merge_concats, split_behind_concat
from workbench.graph.rules.convolutions import (
    cut_channels,
    cut_stride,
    grouped_to_dense,
    merge_identity_branch,
    merge_parallel_convs,
)
from workbench.graph.rules.cumulative_sums import length_to_sum, running_sum_to_conv
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
from workbench.graph.rules.expansions import expand_operand
from workbench.graph.rules.forward import swap_forward
from workbench.graph.rules.four_axes import (
    five_to_four_axes,
    to_four_axes,
    transpose_of_more_axes,
    transpose_on_four_axes,
)
from workbench.graph.rules.gathers import gather_to_slice, slice_on_four_axes
from workbench.graph.rules.hard_swish import merge_hard_swish
from workbench.graph.rules.identities import drop_identity, drop_neutral
from workbench.graph.rules.layer_norms import (
    layer_to_norm,
    length_to_norm,
    merge_layer_norm,
    merge_length,
)
from workbench.graph.rules.matrices import matrix_to_conv, reshape_into_conv
from workbench.graph.rules.means import mean_of_one_axis, mean_to_conv, reshape_to_transpose
from workbench.graph.rules.meshes import turn_mesh
from workbench.graph.rules.names import with_short_names
from workbench.graph.rules.norms import instance_to_norm
from workbench.graph.rules.one_dimension import to_pictures
from workbench.graph.rules.own_quantization import without_own_quantization
from workbench.graph.rules.pads import drop_pad, explicit_pads, fold_pad, pad_before, slice_into_conv
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
from workbench.graph.rules.residuals import gelu_behind, turn_sums
from workbench.graph.rules.rows import constant_before_reshape, reshape_behind
from workbench.graph.rules.scales import fold_into_conv, fold_product_before
from workbench.graph.rules.slices import (
    drop_concat_and_split,
    gather_to_conv,
    merge_slices,
    slices_to_split,
    split_conv,
)
from workbench.graph.rules.softmax import merge_softmax, name_softmax, order_axes
from workbench.graph.rules.split_heads import split_heads
from workbench.graph.rules.splits import merge_splits, split_behind_reshape
from workbench.graph.rules.sums import sum_on_four_axes, sum_to_conv
from workbench.graph.rules.transposes import (
    drop_slice,
    merge_transpose_and_reshape,
    merge_transposes,
    swap_behind,
    swap_constant,
    swap_slice,
    swap_sum,
    swap_transpose,
)
from workbench.graph.rules.turned_reshapes import join_turned_reshape
from workbench.graph.rules.upscaling import deconv_to_conv, depth_to_deconv, name_upsample, shuffle_to_deconv

ARITHMETIC = (
    align_constant, negation_to_product, absolute_to_leaky, reciprocal_to_division, division_to_product,
    difference_to_sum, sum_to_additions, merge_constants, merge_limits, bounds_to_clip, drop_neutral,
)  # fmt: skip
POOLS = (global_average, full_average, global_maximum, large_maximum)
FOLDS = (fold_batch_norm, fold_into_conv, fold_product_before, fold_batch_norm_before)
# in this order: each stage repeats its rules until nothing changes
STAGES = (
    (drop_identity, spell_reshape, drop_pad, name_softmax, merge_softmax, explicit_pads, name_upsample, merge_concats),
    (concat_before_reshapes, split_behind_reshape, combine_before_reshapes),
    (merge_slices, merge_repeated, slices_to_split, drop_concat_and_split, split_behind_reshape, merge_splits),
    (drop_slice, swap_transpose, swap_slice, merge_transposes, swap_sum),
    (merge_gelu, merge_mish, merge_scaled_swish, merge_swish, merge_hard_swish, merge_layer_norm, merge_length),
    (merge_repeated, *ARITHMETIC, fold_pad, grouped_to_dense, *FOLDS),
    (product_and_sum, simplify_batch_norm),
    (split_conv, slice_into_conv, gather_to_conv, gather_to_slice, depth_to_deconv, shuffle_to_deconv, deconv_to_conv),
    (merge_parallel_convs, merge_identity_branch, split_behind_concat),
    (*POOLS, mean_to_average, length_to_sum, mean_to_conv, mean_of_one_axis, instance_to_norm, running_sum_to_conv),
    (merge_repeated, cut_channels, cut_stride, pad_before),
    (merge_attention,),
    (
        transpose_to_reshape,
        merge_reshapes,
        sum_to_conv,
        swap_activation,
        gelu_behind,
        swap_behind,
        swap_forward,
        swap_constant,
        constant_before_reshape,
        product_to_conv,
        product_of_tensors,
        batched_product,
        product_of_places,
        matrix_to_conv,
        merge_transposes,
        to_pictures,
        to_four_axes,
        affine_on_four_axes,
        layer_to_norm,
        length_to_norm,
        sum_on_four_axes,
        transpose_on_four_axes,
        slice_on_four_axes,
        expand_operand,
        swap_same_shape,
        fold_into_conv,
    ),
    (turn_sums, merge_transposes, merge_reshapes),
    (reshape_behind, merge_reshapes),
    (five_to_four_axes, transpose_of_more_axes),
    (split_heads,),
    (
        join_turned_reshape,
        merge_around_concat,
        merge_reshapes,
        combine_before_reshapes,
        merge_transpose_and_reshape,
        drop_reshape,
        reshape_into_conv,
        merge_repeated,
        turn_product,
        turn_mesh,
        slices_to_split,
        split_behind_concat,
    ),
    (*POOLS, average_in_order, reshape_to_transpose, order_axes),
)


def deploy(model: Model, weight_bytes: int = 1, attention: bool = False) -> Steps[Deployed]:
    """Derive the deployed graph of a network whose weights take so many bytes each.

    `attention` says that the chip computes an attention in one operator.
    """
    constants = dict(model.constants)
    constants |= yield from fold_constants(model)
    layers = [_layer(node) for node in model.proto.graph.node if not set(node.output) - {""} <= constants.keys()]
    named = with_short_names(Deployed(model, tuple(layers), constants, dict(model.graph.tensors), {}))
    draft = Draft(without_own_quantization(named), weight_bytes, attention)
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
