"""Networks of one operator or one pattern each, most of them behind a Conv as in real networks.

`NETWORKS` names functions that make them; their inputs are x and, where there are two, x2.
"""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import onnx

from tests.benchmarks.fidelity import patterns
from tests.benchmarks.fidelity.building import Value

Make = Callable[[], onnx.ModelProto]
ACTIVATIONS: Mapping[str, Callable[..., onnx.ModelProto]] = {
    "relu": partial(patterns.behind, "Relu"),
    "clip": partial(patterns.behind, "Clip", 0.0, 0.9),
    "clip_below": partial(patterns.behind, "Clip", -0.5),
    "leaky_relu": partial(patterns.behind, "LeakyRelu", alpha=0.1),
    "prelu": partial(patterns.behind, "PRelu", np.linspace(0.05, 0.3, 8, dtype=np.float32).reshape(8, 1, 1)),
    "sigmoid": partial(patterns.behind, "Sigmoid"),
    "hard_sigmoid": partial(patterns.behind, "HardSigmoid", alpha=1 / 6),
    "tanh": partial(patterns.behind, "Tanh"),
    "elu": partial(patterns.behind, "Elu", alpha=0.9),
    "selu": partial(patterns.behind, "Selu"),
    "hard_swish": partial(patterns.behind, "HardSwish"),
    "softplus": partial(patterns.behind, "Softplus"),
    "mish": partial(patterns.behind, "Mish", opset=18),
    "exp": partial(patterns.behind, "Exp"),
}
ALONE: Mapping[str, Make] = {
    "relu": partial(patterns.alone, "Relu"),
    "clip": partial(patterns.alone, "Clip", -0.4, 0.6),
    "prelu": partial(patterns.alone, "PRelu", np.linspace(0.05, 0.3, 8, dtype=np.float32).reshape(8, 1, 1)),
    "leaky_relu": partial(patterns.alone, "LeakyRelu", alpha=0.2),
    "hard_swish": partial(patterns.alone, "HardSwish"),
    "hard_sigmoid": partial(patterns.alone, "HardSigmoid"),
    "silu": partial(patterns.silu, patterns.nothing),
    "gelu": partial(patterns.gelu, patterns.nothing),
    "sigmoid": partial(patterns.alone, "Sigmoid"),
    "tanh": partial(patterns.alone, "Tanh"),
    "softmax_channels": partial(patterns.alone, "Softmax", axis=1),
    "softmax_last": partial(patterns.alone, "Softmax", axis=-1),
    "batch_norm": partial(patterns.batch_norm, patterns.nothing),
    "reshape": partial(patterns.alone, "Reshape", [1, 16, 8, 16]),
    "transpose": partial(patterns.alone, "Transpose", perm=[0, 2, 3, 1]),
}
CONVOLUTIONS: Mapping[str, Make] = {
    "conv": patterns.conv,
    "conv_no_bias": patterns.conv_without_bias,
    "conv_strided": partial(patterns.conv, strides=[2, 2]),
    "conv_dilated": partial(patterns.conv, dilations=[2, 2]),
    "conv_grouped": partial(patterns.conv, group=2),
    "conv_depthwise": partial(patterns.conv, group=8),
    "conv_1d": patterns.conv_1d,
    "conv_auto_pad": partial(patterns.conv, auto_pad="SAME_UPPER", strides=[2, 2]),
    "conv_5x5": partial(patterns.conv, kernel=5),
    "conv_7x7": partial(patterns.conv, kernel=7, strides=[2, 2]),
    "conv_1x1": partial(patterns.conv, kernel=1, given=16),
    "conv_transpose": partial(patterns.conv_transpose, strides=[2, 2], pads=[1, 1, 1, 1]),
    "conv_transpose_depthwise": partial(patterns.conv_transpose, 8, strides=[2, 2], pads=[1, 1, 1, 1]),
    "conv_transpose_padding": partial(
        patterns.conv_transpose, strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1]
    ),
    "conv_batch_norm": partial(patterns.batch_norm, patterns.convolved),
    "conv_silu": partial(patterns.silu, patterns.convolved),
    "conv_gelu": partial(patterns.gelu, patterns.convolved),
    "conv_add_relu": partial(patterns.residual, relu=True),
    "conv_add": partial(patterns.residual, relu=False),
    "two_convs_add": partial(patterns.two, "Add"),
    "two_convs_add_relu": partial(patterns.two, "Add", relu=True),
}
ARITHMETIC: Mapping[str, Make] = {
    "add": partial(patterns.inputs, "Add"),
    "sub": partial(patterns.inputs, "Sub"),
    "mul": partial(patterns.inputs, "Mul"),
    "div": patterns.division,
    "max": partial(patterns.inputs, "Max"),
    "min": partial(patterns.inputs, "Min"),
    "two_convs_sub": partial(patterns.two, "Sub"),
    "two_convs_mul": partial(patterns.two, "Mul"),
    "two_convs_mul_relu": partial(patterns.two, "Mul", relu=True),
    "two_convs_max": partial(patterns.two, "Max"),
    "two_convs_min": partial(patterns.two, "Min"),
    "where_greater": patterns.where,
    "pow": partial(patterns.positive, "Pow", 1.7),
    "square": partial(patterns.behind, "Pow", 2.0),
    "log": partial(patterns.positive, "Log"),
    "sqrt": partial(patterns.positive, "Sqrt"),
    "reciprocal": partial(patterns.positive, "Reciprocal"),
    **{op.lower(): partial(patterns.behind, op) for op in ("Abs", "Neg", "Erf", "Sin", "Cos", "Floor")},
}
CONSTANTS: Mapping[str, Value] = {
    "scalar": 0.7,
    "channel": np.linspace(0.3, 1.2, 8, dtype=np.float32).reshape(8, 1, 1),
}
POOLS: Mapping[str, Make] = {
    "max_pool": partial(patterns.between, "MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
    "max_pool_padded": partial(patterns.behind, "MaxPool", kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1]),
    "average_pool": partial(patterns.behind, "AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
    "average_pool_counting": partial(
        patterns.behind, "AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1
    ),
    "global_average_7": partial(patterns.pooled, 7),
    "global_average_14": partial(patterns.pooled, 14),
    "global_max": partial(patterns.pooled, 7, "GlobalMaxPool"),
    "reduce_mean": partial(patterns.behind, "ReduceMean", axes=[2, 3], keepdims=1),
    "reduce_mean_channels": partial(patterns.behind, "ReduceMean", axes=[1], keepdims=1),
    "reduce_sum": partial(patterns.behind, "ReduceSum", [2, 3], keepdims=1),
    "reduce_max": partial(patterns.behind, "ReduceMax", axes=[2, 3], keepdims=1),
}
MOVES: Mapping[str, Make] = {
    "concat": partial(patterns.two, "Concat", axis=1),
    "concat_relu": partial(patterns.two, "Concat", relu=True, axis=1),
    "split": patterns.split,
    "slice": partial(patterns.between, "Slice", [1, 2], [15, 14], [2, 3]),
    "slice_channels": partial(patterns.behind, "Slice", [2], [6], [1]),
    "gather_channels": partial(patterns.behind, "Gather", [1, 3, 5], axis=1),
    "gather_rows": partial(patterns.behind, "Gather", [1, 3, 5], axis=2),
    "pad": partial(patterns.behind, "Pad", [0, 0, 1, 1, 0, 0, 2, 2], mode="constant"),
    "pad_reflect": partial(patterns.behind, "Pad", [0, 0, 1, 1, 0, 0, 1, 1], mode="reflect"),
    "resize_nearest": partial(
        patterns.between,
        "Resize",
        None,
        np.float32([1, 1, 2, 2]),
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    ),
    "resize_linear": partial(patterns.behind, "Resize", None, np.float32([1, 1, 2, 2]), mode="linear"),
    "conv_reshape": partial(patterns.behind, "Reshape", [1, 16, 8, 16]),
    "conv_transpose_layout": partial(patterns.behind, "Transpose", perm=[0, 2, 3, 1]),
    "depth_to_space": partial(patterns.behind, "DepthToSpace", blocksize=2),
    "space_to_depth": partial(patterns.behind, "SpaceToDepth", blocksize=2),
    "tile": partial(patterns.behind, "Tile", [1, 1, 2, 2]),
    "gemm": partial(patterns.gemm, False),
    "flatten_gemm": partial(patterns.gemm, True),
    "matmul": partial(patterns.matmul, False),
    "matmul_left": partial(patterns.matmul, True),
    "matmul_inputs": patterns.matmul_inputs,
    "layer_norm": patterns.layer_norm,
    "layer_norm_of_pictures": patterns.layer_norm_of_pictures,
    "layer_norm_decomposed": patterns.layer_norm_decomposed,
    "lp_norm": partial(patterns.between, "LpNormalization", axis=1, p=2),
    "normalized": patterns.normalized,
    "reduce_l2": partial(patterns.behind, "ReduceL2", axes=[1], keepdims=1),
    "reduce_l2_rows": partial(patterns.behind, "ReduceL2", axes=[3], keepdims=1),
    "cumsum_channels": partial(patterns.behind, "CumSum", 1),
    "cumsum_rows": partial(patterns.behind, "CumSum", 3),
    "batch_norm_of_rows": patterns.batch_norm_of_rows,
    "attention": patterns.attention,
    "patch_embedding": patterns.patch_embedding,
    "transformer_sums": patterns.transformer_sums,
    "attention_of_rows": patterns.attention_of_rows,
    "attention_of_one_layer": patterns.attention_of_one_layer,
    "attention_with_mask": partial(patterns.attention_of_rows, True),
    "instance_norm": patterns.instance_norm,
}
HALF = {"kernel_shape": [2, 2], "strides": [2, 2]}
CHAINS: Mapping[str, Make] = {
    "max_pool_relu": partial(patterns.chain, ("MaxPool", HALF), ("Relu", {})),
    "average_pool_relu": partial(patterns.chain, ("AveragePool", HALF), ("Relu", {})),
    "slice_relu": partial(patterns.chain, ("Slice", [2], [6], [1], {}), ("Relu", {})),
    "reshape_relu": partial(patterns.chain, ("Reshape", [1, 16, 8, 16], {}), ("Relu", {})),
    "transpose_sigmoid": partial(patterns.chain, ("Transpose", {"perm": [0, 2, 3, 1]}), ("Sigmoid", {})),
    "relu_max_pool": partial(patterns.chain, ("Relu", {}), ("MaxPool", HALF)),
    "clip_relu": partial(patterns.chain, ("Clip", -0.5, 0.9, {}), ("Relu", {})),
    "concat_max_pool": partial(patterns.concat_chain, ("MaxPool", HALF)),
    "concat_max_pool_relu": partial(patterns.concat_chain, ("MaxPool", HALF), ("Relu", {})),
    "concat_reshape_relu": partial(patterns.concat_chain, ("Reshape", [1, 8, 32, 16], {}), ("Relu", {})),
    "concat_sigmoid": partial(patterns.concat_chain, ("Sigmoid", {})),
    **{f"shared_{op.lower()}": partial(patterns.behind_two, op) for op in ("Relu", "Sigmoid")},
}
NETWORKS: Mapping[str, Make] = {
    **CONVOLUTIONS,
    **{f"conv_{name}": make for name, make in ACTIVATIONS.items()},
    **{f"depthwise_{name}": partial(make, group=8) for name, make in ACTIVATIONS.items()},
    **ALONE,
    **ARITHMETIC,
    **{
        f"{op.lower()}_{name}": partial(patterns.between, op, value)
        for op in ("Add", "Sub", "Mul", "Div")
        for name, value in CONSTANTS.items()
    },
    **POOLS,
    **MOVES,
    **CHAINS,
}
