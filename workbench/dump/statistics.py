"""Statistics of one stored tensor, in one pass over blocks that fit the cache."""

import math

import numpy as np

from workbench.quantize.encoding import Encoding

BLOCK = 1 << 16


def statistics(stored: np.ndarray, encoding: Encoding | None = None) -> dict[str, float]:
    """`min max mean std` of the finite values (NaN when there are none), `nan inf zeros count` of all.

    float64 sums; the deviation is merged block by block (Chan, Golub, LeVeque 1983), so it does not cancel.
    """
    found = {"min": math.inf, "max": -math.inf, "mean": 0.0, "square": 0.0, "finite": 0.0}
    found |= {"nan": 0.0, "inf": 0.0, "zeros": 0.0}
    scalar = encoding is None or len(encoding.scale) <= 1
    flat = (stored if scalar or encoding is None else encoding.dequantize(stored)).reshape(-1)
    for start in range(0, flat.size, BLOCK):
        block = flat[start : start + BLOCK]
        if scalar and encoding is not None:
            block = encoding.dequantize(block)
        _add_block(found, block.astype(np.float64))
    return _finished(found, flat.size)


def _add_block(found: dict[str, float], block: np.ndarray) -> None:
    if not math.isfinite(float(block.sum())):
        found["nan"] += int(np.count_nonzero(np.isnan(block)))
        found["inf"] += int(np.count_nonzero(np.isinf(block)))
        block = block[np.isfinite(block)]
    if not block.size:
        return
    found["min"], found["max"] = min(found["min"], float(block.min())), max(found["max"], float(block.max()))
    found["zeros"] += block.size - int(np.count_nonzero(block))
    mean = float(block.mean())
    deviation = block - mean  # summed by einsum: BLAS would start threads for it, which costs more on a busy machine
    total = found["finite"] + block.size
    step = mean - found["mean"]
    found["square"] += (
        float(np.einsum("i,i->", deviation, deviation)) + step * step * found["finite"] * block.size / total
    )
    found["mean"] += step * block.size / total
    found["finite"] = total


def _finished(found: dict[str, float], count: int) -> dict[str, float]:
    values = {key: found[key] for key in ("min", "max", "mean")}
    values["std"] = math.sqrt(found["square"] / found["finite"]) if found["finite"] else math.nan
    if not found["finite"]:
        values = dict.fromkeys(values, math.nan)
    return values | {key: found[key] for key in ("nan", "inf", "zeros")} | {"count": float(count)}
