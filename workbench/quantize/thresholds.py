"""Where to cut a distribution of magnitudes off, so that it stays most alike when quantised to 128 levels.

Source: tables of toolkit 2.5.0 for 424 designed distributions, and those of 16 networks; all thresholds are equal. The
search is that of TVM and MXNet on one half of the axis, but for what is said below. Many thresholds are equally good
but for rounding, so each step is the float32 one.
"""

import numpy as np

from workbench.quantize.logarithm import log

BINS, LEVELS = 1024, 128
EMPTY = np.float32(1e-4)  # what an empty bin takes from the others
WORST = 0.1  # divergence from which on nothing is cut off


def threshold(counts: np.ndarray) -> int | None:
    """The bin whose middle is the threshold; None where nothing is to be cut off. `counts`: of 1024 bins.

    The first bin does not count. Those beyond the kept ones are put into the last of these, which the quantised
    distribution lacks. A whole number of bins makes a level, the last of 128 takes the remainder; what a level counts
    is spread over all its bins, each with the mean of those that are filled. Empty bins take 0.0001 from the others.
    The first least divergence that is neither nothing nor 0.1 or more.
    """
    filled = counts[1:].astype(np.float64)
    if not filled.any():
        return None
    kept = _candidates(filled)
    divergence = np.concatenate([_divergences(filled, some) for some in kept])
    divergence[~((divergence > 0) & (divergence < WORST))] = np.inf
    best = int(np.argmin(divergence))
    return int(np.concatenate(kept)[best]) + 1 if np.isfinite(divergence[best]) else None


def _candidates(counts: np.ndarray) -> list[np.ndarray]:
    """Numbers of kept bins that may be the best ones once all is rounded; those whose levels are as wide together."""
    kept = np.arange(LEVELS, len(counts))
    rough = np.append(np.inf, _before_rounding(counts))
    rough[kept % LEVELS == 0] = np.inf  # these lose a level: they are always tried
    margin = 1e-5 + 0.2 / counts.sum()  # what float32 and the empty bins can change
    least = rough.min(where=rough > margin, initial=np.inf)
    kept = kept[(rough <= 1.01 * least + margin) | (kept % LEVELS == 0)]
    return [kept[kept // LEVELS == width] for width in range(1, len(counts) // LEVELS + 1)]


def _divergences(counts: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Kullback-Leibler divergences in nats for numbers of kept bins in float32, summed up from the first bin on."""
    ends = kept[:, None]
    places = np.arange(kept[-1])
    held = np.where(places < ends, counts[: kept[-1]], 0.0)
    held[places == ends - 1] += counts.sum() - _sums(counts)[kept]
    p = _smoothed(held, ends)
    q = _smoothed(_quantised(counts, kept), ends)
    p, q = p / _total(p), q / _total(q)
    ratio = np.divide(p, q, out=np.ones_like(p), where=p > 0)
    return np.asarray(_total(p * log(ratio))[:, 0])


def _quantised(counts: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """What is left of the counts after each level was spread over its bins; one row for each number of kept bins."""
    width = int(kept[0]) // LEVELS
    held, filled = _sums(counts), _sums(counts > 0)
    edges = np.arange(LEVELS) * width
    levels, last = _levels(held, filled, edges[:-1], edges[1:]), edges[-1]
    rest = (held[kept] - held[last]) / np.maximum(filled[kept - 1] - filled[last], 1.0)
    rest[(filled[kept - 1] == filled[last]) | (kept == LEVELS * width)] = (
        0.0  # the toolkit loses a last level of full width
    )
    spread = np.where(np.arange(last, kept[-1]) < kept[:, None] - 1, rest[:, None], 0.0)
    return np.hstack((np.broadcast_to(np.repeat(levels, width), (len(kept), last)), spread))


def _smoothed(counts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Counts in float32 without nothing among them: what the empty bins before `ends` take, the others give alike."""
    held = counts.astype(np.float32)
    empty = (held == 0) & (np.arange(held.shape[1]) < ends)
    taken = empty.sum(axis=1, keepdims=True).astype(np.float32)
    given = EMPTY * taken / np.maximum(ends - taken, 1).astype(np.float32)
    return np.where(empty, EMPTY, np.where(held > 0, held - given, held))


def _total(rows: np.ndarray) -> np.ndarray:
    """The sum of each row, one element after the other; NumPy's own sums add in pairs."""
    return np.cumsum(rows, axis=1, dtype=np.float32)[:, -1:]


def _before_rounding(counts: np.ndarray) -> np.ndarray:
    """About the divergences for 129, 130 … 1022 kept bins, from sums up to each bin and without the empty bins' share.

    Levels before the last are the same for all numbers of kept bins with one width.
    """
    found = []
    entropies = _sums(_times_log(counts, counts))
    held, filled = _sums(counts), _sums(counts > 0)
    for width in range(1, len(counts) // LEVELS + 1):
        kept = np.arange(LEVELS * width, min(LEVELS * (width + 1), len(counts) - 1))
        edges = np.arange(LEVELS) * width
        starts, ends, rest = edges[:-1], edges[1:], edges[-1:]
        levels, last = _levels(held, filled, starts, ends), _levels(held, filled, rest, kept)
        beyond = held[-1] - held[kept]
        crossed = _times_log(held[ends] - held[starts], levels).sum() + _times_log(held[kept] - held[rest], last)
        lost = _times_log(beyond, beyond) - beyond * np.log(EMPTY)
        quantised = np.maximum(levels.sum() * width + last * (kept - rest), EMPTY)
        found.append((entropies[kept] - crossed + lost) / held[-1] - np.log(held[-1] / quantised))
    return np.concatenate(found)


def _sums(values: np.ndarray) -> np.ndarray:
    """The sum of all values before each place, and of all."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    return sums


def _levels(held: np.ndarray, filled: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """What each bin of a level holds after the quantised counts were spread."""
    return np.asarray((held[ends] - held[starts]) / np.maximum(filled[ends] - filled[starts], 1.0))


def _times_log(amounts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """What is nothing adds nothing, whatever its logarithm."""
    return np.asarray(amounts * np.log(np.where(values > 0, values, 1.0)))
