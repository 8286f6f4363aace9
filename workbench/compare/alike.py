"""How alike tensors are, many against many, for finding one among others."""

from collections.abc import Sequence

import numpy as np

PROPORTIONAL = 0.999  # eight bits leave more than that
OTHER_SCALE = 0.05  # of golden's length
OTHERWISE = 0.05  # of the similarity of integers is lost where an encoding makes nothing of them that is like golden


def similarities(
    others: np.ndarray, goldens: np.ndarray, are_integers: np.ndarray, encodings: Sequence[tuple[float, int]]
) -> np.ndarray:
    """Of every row with every other row: 1 the same, 0 nothing in common; an `others` x `goldens` matrix.

    Lin's concordance 2 cov / (var + var + (mean - mean)²) of values, the correlation cov / (std std) of integers; where
    a golden tensor has an encoding (scale and zero point), the concordance of what it makes of them decides what the
    correlation cannot. What is constant is like a constant of the same value only.
    """
    others, goldens = others.astype(np.float64), goldens.astype(np.float64)
    if others.shape[1] == 0:
        return np.zeros((len(others), len(goldens)))
    mean, golden_mean = others.mean(axis=1)[:, None], goldens.mean(axis=1)[None]
    apart, golden_apart = others - mean, goldens - golden_mean.T
    var, golden_var = (apart**2).mean(axis=1)[:, None], (golden_apart**2).mean(axis=1)[None]
    cov = apart @ golden_apart.T / others.shape[1]
    concordance = _concordance(cov, var, golden_var, mean - golden_mean)
    scale, zero = (np.array(values, float)[None] for values in zip(*encodings, strict=True))
    encoded = _concordance(cov * scale, var * scale**2, golden_var, (mean - zero) * scale - golden_mean)
    spread = np.sqrt(var * golden_var)
    correlation = np.divide(cov, spread, out=np.zeros_like(cov), where=spread > 0)
    doubt = np.where(scale > 0, OTHERWISE * (1 - np.maximum(encoded, 0)), OTHERWISE)
    constant = np.where((scale > 0) & (spread == 0), encoded, 0.0)
    integers = np.where(spread > 0, correlation - doubt, constant)
    found: np.ndarray = np.where(are_integers[:, None], integers, concordance)
    return found


def _concordance(cov: np.ndarray, var: np.ndarray, golden_var: np.ndarray, shift: np.ndarray) -> np.ndarray:
    both = var + golden_var + shift**2
    found: np.ndarray = np.divide(2 * cov, both, out=np.ones_like(cov), where=both > 0)
    return found


def in_any_order(values: np.ndarray) -> int:
    """A hash that does not depend on the order: a tensor and its transposed have the same."""
    bits = (values + np.float32(0)).view(np.uint32).astype(np.uint64)  # + 0 makes one of both zeros
    mixed = (bits + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0x94D049BB133111EB)
    return int(np.sum(mixed ^ (mixed >> np.uint64(29)), dtype=np.uint64))


def is_rescaled(golden: np.ndarray, other: np.ndarray) -> bool:
    """Whether every channel (axis 1) is golden's on another scale: proportional apart from an offset, and not the same.

    So are a picture before and after normalisation.
    """
    if golden.shape != other.shape or golden.ndim < 2:
        return False
    rows = [finite(np.moveaxis(item, 1, 0).reshape(item.shape[1], -1)).astype(np.float64) for item in (golden, other)]
    apart = [row - row.mean(axis=1, keepdims=True) for row in rows]
    spread = np.sqrt((apart[0] ** 2).sum(axis=1) * (apart[1] ** 2).sum(axis=1))
    varies = spread > 0
    along = (apart[0] * apart[1]).sum(axis=1)[varies] / spread[varies]
    distance, length = np.linalg.norm(rows[0] - rows[1]), np.linalg.norm(rows[0])
    return bool(varies.any() and along.min() >= PROPORTIONAL and distance > OTHER_SCALE * length)


def finite(values: np.ndarray) -> np.ndarray:
    """As float32; what is not finite becomes zero, for one infinity would hide all the rest."""
    found: np.ndarray = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    return found
