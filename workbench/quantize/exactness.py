"""Operators whose simulated values are known to be the toolkit's, bit for bit.

Source: 13.4 million elements of 740 small networks, simulated from the user's ONNX and compared with toolkit 2.5.0 on
rk3588, w8a8 (tests/benchmarks/fidelity/operators.py and random networks of these operators).
"""

from workbench.graph.deployed import ATTENTION, CONVERT, GELU, MISH, NORM, PRODUCT, SOFTMAX, SWISH

INT8 = "int8"
# the same float32 values, from the same inputs
EXACT = frozenset((
    "Conv", "ConvTranspose", "Add", "Sub", "Mul", "Div", "Max", "Min", "Mean", "Pow", "BatchNormalization",
    "Relu", "Clip", "LeakyRelu", "PRelu", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "ThresholdedRelu", "Softsign",
    SWISH, NORM, "Exp", "Erf", "Sin", "Cos", "Floor", "Ceil", "Round", "Sign",
    "MaxPool", "AveragePool", "ReduceMax", "ReduceMin",
    "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal", "Not", "Where", "Cast",
    "Concat", "Split", "Slice", "Gather", "Pad", "Tile", "Resize", "SpaceToDepth",
    "Reshape", "Transpose", "Identity", CONVERT,
))  # fmt: skip
# float32 values that may be a unit in the last place apart: the runtimes' functions differ; equal on the int8 grid
ROUNDED = frozenset(
    ("Softplus", "Elu", "Selu", "Celu", "Mish", MISH, GELU, "Log", "Sqrt", "LRN", SOFTMAX, PRODUCT, ATTENTION)
)


def is_exact(op: str, precision: str) -> bool:
    """Whether an operator that computes with a precision is known to give the toolkit's values.

    What is not known to be exact is simulated all the same.
    """
    return op in EXACT or (precision == INT8 and op in ROUNDED)
