"""Rules of ranges that cut rare values off ("kl_divergence")."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import node, quantisable
from workbench.foundation.steps import drain
from workbench.quantize.divergence import calibrate_by_divergence, histogram, within_threshold
from workbench.quantize.ranges import Range
from workbench.quantize.thresholds import BINS, threshold


def filled(bins: int, tail: int = 0) -> np.ndarray:
    """Uneven counts in the first bins, and some in the last one."""
    counts = np.zeros(BINS, np.int64)
    counts[:bins] = np.random.default_rng(1).integers(200, 800, bins)
    counts[-1] = tail
    return counts


def calibrated(folder: Path, op: str, samples: Sequence[np.ndarray]) -> dict[str, Range]:
    graph = quantisable(folder, [node(op, ["x"], ["y"])], shape=samples[0].shape)
    return drain(calibrate_by_divergence(graph, lambda: [{"x": array} for array in samples], len(samples)))


def test_that_magnitudes_are_counted_and_the_largest_is_in_no_bin() -> None:
    counts = histogram(np.float32([-1, 0, 0.5, -0.5, 0.49999, 0.9999999]), 1.0)

    assert {index: counts[index] for index in np.flatnonzero(counts)} == {0: 1, 511: 1, 512: 2, 1023: 1}


@pytest.mark.parametrize("largest", [0.1, 3.3, 7.1, 1e-40, 3e38])
def test_that_no_rounding_puts_the_largest_into_a_bin(largest: float) -> None:
    value = np.float32([largest])

    assert not histogram(value, float(value[0])).any()


def test_that_zeros_alone_fill_no_bin() -> None:
    assert not histogram(np.zeros(3, np.float32), 0.0).any()


def test_that_the_threshold_cuts_both_ends_in_the_middle_of_a_bin() -> None:
    counts = filled(400, 10)

    assert within_threshold(Range(-8.0, 2.0), counts) == Range(-401.5 * 8 / BINS, 2.0)
    assert within_threshold(Range(-8.0, 8.0), counts) == Range(-401.5 * 8 / BINS, 401.5 * 8 / BINS)


def test_that_all_samples_are_counted_together_up_to_the_largest_of_all(tmp_path: Path) -> None:
    samples = [np.random.default_rng(seed).normal(size=(1, 20000)).astype(np.float32) / (1 + seed) for seed in range(3)]

    found = calibrated(tmp_path, "Neg", samples)["y"]

    every = np.concatenate(samples)
    largest = float(np.abs(every).max())
    kept = threshold(histogram(every, largest))
    assert kept is not None
    reach = (kept + 0.5) * largest / BINS
    assert (found.low, found.high) == pytest.approx((max(-every.max(), -reach), min(-every.min(), reach)))


def test_that_values_in_other_places_have_the_range_of_what_they_were_taken_from(tmp_path: Path) -> None:
    found = calibrated(tmp_path, "Transpose", [np.random.default_rng(2).normal(size=(300, 90)).astype(np.float32)])

    assert found["y"] == found["x"]
    assert found["x"].high < 4.0


def test_that_a_tensor_with_infinities_has_no_range(tmp_path: Path) -> None:
    found = calibrated(tmp_path, "Exp", [np.full((1, 4), 1000, np.float32)])

    assert "x" in found
    assert "y" not in found
