"""The quantization settings that a user chooses."""

from dataclasses import dataclass

DTYPES = ("w8a8", "fp16", "fp32")
METHODS = ("channel", "layer")
ALGORITHMS = ("normal",)
TARGETS = ("rk3588", "rk3576", "rk3568", "rk3566", "rk3562", "rv1103", "rv1103b", "rv1106", "rv1106b", "rv1126b")
PER_LAYER = ("float_tensors", "ranges")
"""Fields of the settings that speak of single layers: what a what-if changes."""


@dataclass(frozen=True)
class QuantSettings:
    """`method` is how finely weights are encoded; activations are per tensor always, as in the toolkit.

    `float_tensors` are outputs of layers that are kept in float16; `ranges` are tensors whose encoding holds a given
    range instead of the calibrated one: (name, lowest, highest).
    """

    dtype: str = "w8a8"
    method: str = "channel"
    algorithm: str = "normal"
    target: str = "rk3588"
    optimization_level: int = 3
    float_tensors: tuple[str, ...] = ()
    ranges: tuple[tuple[str, float, float], ...] = ()
