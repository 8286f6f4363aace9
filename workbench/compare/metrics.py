"""How far a tensor is from its golden values: the numbers of the layer table.

Definitions of cos and euc: the vendor's (quantization semantics §7).
"""

import math
from dataclasses import dataclass

import numpy as np

from workbench.compare.sums import Sums, total
from workbench.quantize.encoding import Encoding


@dataclass(frozen=True, slots=True)
class Metric:
    """A number of the layer table.

    `digits` is a format specification. How bad a value is: `grades`.
    """

    key: str
    title: str
    unit: str
    higher_is_worse: bool
    digits: str

    def is_worse(self, value: float, than: float) -> bool:
        """Whether `value` is worse; NaN is worse than every number."""
        if math.isnan(value) or math.isnan(than):
            return math.isnan(value) and not math.isnan(than)
        return value > than if self.higher_is_worse else value < than


METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (
        Metric("cos", "Cosine", "", False, ".5f"),
        Metric("cos_toolkit", "Cosine as the toolkit prints it", "", False, ".5f"),
        Metric("one_minus_cos", "1 − cosine", "", True, ".3g"),
        Metric("euc", "Euclidean distance", "", True, ".5g"),
        Metric("max_abs", "Largest difference", "", True, ".4g"),
        Metric("mean_abs", "Mean difference", "", True, ".4g"),
        Metric("relative", "Relative error", "", True, ".3g"),
        Metric("sqnr_db", "SQNR", "dB", False, ".1f"),
        Metric("steps", "Largest difference in steps", "steps", True, ".2f"),
        Metric("nan", "NaN values", "", True, ".0f"),
        Metric("inf", "Infinite values", "", True, ".0f"),
        Metric("saturated", "Saturated share", "", True, ".3%"),
    )
}
TIME = Metric("time", "Time on the board", "µs", True, ".0f")
"""No error, but a number of a row too: what the board took for it."""
NUMBERS = {**METRICS, TIME.key: TIME}
"""All that a layer can be coloured and ordered by."""


def measure(golden: np.ndarray, other: np.ndarray, encoding: Encoding | None = None) -> dict[str, float]:
    """All metrics of `METRICS` that exist, for arrays with the same number of elements (a `ValueError` otherwise).

    `other` may hold stored integers; they are dequantised with `encoding` on the way. `steps` and `saturated` exist
    only with a quantised encoding. A stored value is saturated when it is the smallest or the largest that the
    encoding has, while golden lies more than half a step beyond what that value stands for: rounding alone does not
    count. Where golden itself is not finite nothing is compared. A NaN or an infinity in `other` counts in `nan` and
    `inf` and makes the other metrics NaN or infinite. cos of an all-zero tensor does not exist and is absent.
    `cos_toolkit` is cos with the toolkit's float32 sums, where that type holds them: for large tensors its last
    decimals are wrong.
    """
    return values(total(golden, other, encoding), encoding)


def measure_with_note(
    golden: np.ndarray, other: np.ndarray, encoding: Encoding | None = None
) -> tuple[dict[str, float], str]:
    """`measure`, and why something is missing or left out; "" when all is there."""
    sums = total(golden, other, encoding)
    return values(sums, encoding), note(sums)


def values(sums: Sums, encoding: Encoding | None = None) -> dict[str, float]:
    """The metrics of these sums.

    1 − cos = (Σd² − (|a| − |b|)²) / (2 |a| |b|) keeps its digits where 1 − a·b / (|a| |b|) cancels (GUI measurements
    §10).
    """
    golden_norm, other_norm, euc = (math.sqrt(s) for s in (sums.golden_square, sums.other_square, sums.square))
    found = {"euc": euc, "nan": float(sums.nan), "inf": float(sums.inf)}
    if golden_norm * other_norm != 0:  # NaN included
        found["one_minus_cos"] = _one_minus_cos(golden_norm, other_norm, sums.square)
        found["cos"] = found["cos_toolkit"] = 1.0 - found["one_minus_cos"]
        if sums.in_float32 is not None:
            found["cos_toolkit"] = _cos_in_float32(sums.in_float32, found["cos"])
    if sums.count:
        found |= {"max_abs": sums.largest, "mean_abs": sums.absolute / sums.count}
    if golden_norm > 0:
        found["relative"] = euc / golden_norm
        found["sqnr_db"] = _decibel(sums.golden_square, sums.square)
    if encoding is not None and encoding.is_quantized and sums.count:
        found |= {"steps": sums.steps, "saturated": sums.saturated / sums.count}
    return {key: found[key] for key in METRICS if key in found}


def note(sums: Sums) -> str:
    """What a reader of the numbers has to know, as short sentences; "" for ordinary tensors."""
    if not sums.count:
        there_were = sums.golden_nan or sums.golden_inf
        return "Golden has no finite value to compare with." if there_were else "The tensor is empty."
    notes = []
    if sums.golden_nan or sums.golden_inf:
        notes.append(f"Golden has {sums.golden_nan} NaN and {sums.golden_inf} infinite values, which are left out.")
    if sums.golden_square == 0:
        notes.append("Golden is all zero.")
    if sums.other_square == 0:
        notes.append("Other is all zero.")
    return " ".join(notes)


def _one_minus_cos(golden_norm: float, other_norm: float, square: float) -> float:
    product = golden_norm * other_norm
    if not math.isfinite(product) or not math.isfinite(square):
        return math.nan
    difference = golden_norm - other_norm
    return min(2.0, max(0.0, (square - difference * difference) / (2 * product)))


def _cos_in_float32(sums: tuple[float, float, float], otherwise: float) -> float:
    """1 - scipy.spatial.distance.cosine of two float32 tensors (quantization semantics §7).

    `otherwise` where float32 does not hold the sums or their product.
    """
    product, golden_square, other_square = sums
    with np.errstate(over="ignore", under="ignore"):
        squares = float(np.float32(golden_square) * np.float32(other_square))
    if not math.isfinite(product) or not math.isfinite(squares) or squares == 0:
        return otherwise
    return 1.0 - min(max(1.0 - float(np.float32(product) / np.float32(math.sqrt(squares))), 0.0), 2.0)


def _decibel(signal: float, noise: float) -> float:
    if noise == 0:
        return math.inf
    return 10 * (math.log10(signal) - math.log10(noise))
