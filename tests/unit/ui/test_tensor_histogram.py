"""Histograms whose bins fit the levels of an encoding."""

import numpy as np
import pytest

from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors.histogram import Grid, Histogram, common_edges, counts_of, grid_of, levels_used

GRID = Grid(-1.0, 0.5, 16)


def test_that_the_grid_of_an_encoding_is_what_its_integers_stand_for() -> None:
    grid = grid_of(Encoding("int8", (0.5,), (10,)))

    assert grid is not None
    assert (grid.low, grid.high, grid.levels) == (-69.0, 58.5, 256)
    assert grid.ends == (-69.25, 58.75)
    assert grid_of(Encoding("float16")) is None
    assert grid_of(Encoding("int8", (0.5, 1.0), (0, 0), axis=1)) is None


def test_that_every_level_lies_in_the_middle_of_its_own_bin() -> None:
    grid = Grid(-1.0, 0.5, 160)
    edges = common_edges([{"min": -1.4, "max": 70.3}], grid)
    levels = grid.low + np.arange(140) * grid.step

    middles = (edges[:-1] + edges[1:]) / 2
    assert np.diff(edges) == pytest.approx(0.5)
    assert np.abs(levels[:, None] - middles).min(axis=1) == pytest.approx(0)
    assert edges[0] <= -1.4
    assert edges[-1] >= 70.3


def test_that_each_of_few_levels_has_several_bins() -> None:
    edges = common_edges([{"min": 0.0, "max": 1.6}], GRID)
    middles = (edges[:-1] + edges[1:]) / 2

    assert len(edges) > 60
    for level in (0.0, 0.5, 1.0, 1.5):
        assert np.abs(middles - level).min() == pytest.approx(0, abs=1e-9)


def test_that_bins_of_a_fine_grid_hold_equally_many_levels() -> None:
    grid = Grid(-32768 * 0.001, 0.001, 65536)

    edges = common_edges([{"min": -32.0, "max": 32.0}], grid)

    assert len(edges) <= 1025
    assert (edges[1] - edges[0]) / grid.step == pytest.approx(round((edges[1] - edges[0]) / grid.step))


def test_that_values_far_beyond_a_grid_have_bins_of_their_own_width() -> None:
    assert len(common_edges([{"min": -1e6, "max": 1e6}], GRID)) == 161


def test_that_used_levels_are_counted() -> None:
    edges = common_edges([{"min": -1.4, "max": 7.3}], GRID)
    values = np.array([-1.0, -1.0, 0.5, 6.5], np.float32)  # the last one is the highest level

    assert levels_used(Histogram(edges, counts_of(values, edges)), GRID) == 3
    assert levels_used(Histogram(np.linspace(-1, 7, 3), np.ones(2)), GRID) is None  # a bin holds several


@pytest.mark.parametrize("ends", [(3.0, 3.0), (9e18, 9e18), (float("nan"), float("nan"))])
def test_that_one_value_or_none_has_a_histogram(ends: tuple[float, float]) -> None:
    edges = common_edges([{"min": ends[0], "max": ends[1]}], None)

    assert counts_of(np.array([ends[0]], np.float32), edges).sum() == (0 if np.isnan(ends[0]) else 1)


def test_that_what_is_not_finite_or_outside_is_not_counted() -> None:
    edges = np.linspace(0.0, 4.0, 5)
    values = np.array([0.0, 0.5, 3.9, 4.0, -1.0, 9.0, np.nan, np.inf], np.float32)

    assert counts_of(values, edges).tolist() == [2, 0, 0, 2]
