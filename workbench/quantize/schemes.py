"""The quantization settings that a user chooses."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from workbench.quantize.encoding import Encoding, asymmetric, fixed_point, power_of_two, symmetric

INT8, INT16, FLOAT16, FLOAT32 = "int8", "int16", "float16", "float32"
INTEGERS = frozenset((INT8, INT16, "uint8"))
ALGORITHMS = ("normal", "kl_divergence", "mmse")
Encode = Callable[..., Encoding]


@dataclass(frozen=True)
class DataType:
    """What a network is stored in: `encode` makes an encoding of a range, `activations` and `weights` name the types.

    `factors` is the type of what tensors are multiplied by or divided by. `is_checked` says that the toolkit's own
    simulator gives the same values; `finest` that a scale for each output channel is possible.
    """

    activations: str
    weights: str
    encode: Encode = asymmetric
    factors: str = ""
    is_checked: bool = True
    methods: tuple[str, ...] = ("channel", "layer")

    @property
    def calibrates(self) -> bool:
        """Whether activations are integers, whose scales come from a calibration."""
        return self.activations in INTEGERS

    @property
    def is_quantized(self) -> bool:
        """Whether anything is stored in integers."""
        return self.weights not in (FLOAT16, FLOAT32)

    @property
    def weight_bytes(self) -> int:
        """What one weight takes where the graph is cut to what the NPU holds; int4 counts as int8 there."""
        return 2 if self.weights in (INT16, FLOAT16) else 1


GROUPS = tuple(f"group{size}" for size in range(32, 257, 32))
DATA_TYPES = {
    "w8a8": DataType(INT8, INT8, factors=INT16),
    "w8a16": DataType(FLOAT16, INT8, symmetric, is_checked=False),  # the compiler crashes on nearly every network
    "w4a16": DataType(FLOAT16, "int4", symmetric, methods=("channel", "layer", *GROUPS)),
    "w16a16i_dfp": DataType(INT16, INT16, fixed_point, INT16),
    "fp16": DataType(FLOAT16, FLOAT16, methods=()),
    "fp32": DataType(FLOAT32, FLOAT32, methods=()),
    "asymmetric_quantized-u8": DataType("uint8", "uint8", asymmetric, "uint8", False, ("layer",)),
    "dynamic_fixed_point-8": DataType(INT8, INT8, power_of_two, INT8, False, ("layer",)),
    "dynamic_fixed_point-16": DataType(INT16, INT16, power_of_two, INT16, False, ("layer",)),
}
DTYPES = tuple(DATA_TYPES)
METHODS = ("channel", "layer", *GROUPS)
PER_LAYER = ("float_tensors", "int16_tensors", "ranges")
"""Fields of the settings that speak of single layers: what a what-if changes."""


@dataclass(frozen=True)
class QuantSettings:
    """`method` is how finely weights are encoded; activations are per tensor always, as in the toolkit.

    `float_tensors` are outputs of layers that are kept in float16, `int16_tensors` those in int16 (of w8a8 only);
    `ranges` are tensors whose encoding holds a given range instead of the calibrated one: (name, lowest, highest).
    """

    dtype: str = "w8a8"
    method: str = "channel"
    algorithm: str = "normal"
    target: str = "rk3588"
    optimization_level: int = 3
    float_tensors: tuple[str, ...] = ()
    int16_tensors: tuple[str, ...] = ()
    ranges: tuple[tuple[str, float, float], ...] = ()

    @property
    def type(self) -> DataType:
        """The data type."""
        return DATA_TYPES[self.dtype]

    def with_layer(self, tensor: str, group: Collection[str], precision: str) -> "QuantSettings":
        """The settings where the layer of a tensor, and of its group, has another precision."""
        own = {tensor, *group}
        half = tuple(name for name in self.float_tensors if name not in own)
        wide = tuple(name for name in self.int16_tensors if name not in own)
        if precision == FLOAT16:
            half += (tensor,)
        elif precision == INT16 and self.type.activations != INT16:
            wide += (tensor,)
        return replace(self, float_tensors=half, int16_tensors=wide)

    def plain(self) -> "QuantSettings":
        """The settings without what they say of single layers."""
        return replace(self, float_tensors=(), int16_tensors=(), ranges=())
