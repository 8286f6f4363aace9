"""The channels of a tensor as rows."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from workbench.ui.models.tensors.channel_rows import CHANNEL, ERROR, LENGTH_ROLE, RANGE, SPAN_ROLE, ChannelRows
from workbench.ui.models.tensors.histogram import Grid
from workbench.ui.models.tensors.moments import Moments, moments_of
from workbench.ui.models.tensors.summary import ChannelErrors, channel_errors

GOLDEN = np.array([[0.0, 1.0], [-2.0, 2.0], [0.0, 0.5], [0.0, 0.0]], np.float32)
OTHER = np.array([[0.0, 1.5], [-2.0, 2.0], [0.0, 2.5], [0.1, 0.0]], np.float32)


def errors() -> tuple[ChannelErrors, Moments]:
    golden, other, gap = (moments_of(values) for values in (GOLDEN, OTHER, OTHER - GOLDEN))
    return channel_errors(golden, other, gap), golden


def rows(grid: Grid | None = None) -> ChannelRows:
    result = ChannelRows()
    result.show_channels(*errors(), grid)
    return result


def order(model: ChannelRows) -> list[int]:
    return [model.channel(row) for row in range(model.rowCount())]


def test_that_the_errors_of_channels_are_those_of_their_values() -> None:
    found, _ = errors()
    gap = OTHER - GOLDEN

    np.testing.assert_allclose(found.rms, np.sqrt((gap**2).mean(axis=1)))
    np.testing.assert_allclose(found.max_abs, np.abs(gap).max(axis=1))
    np.testing.assert_allclose(found.cos[:3], 1.0, atol=1e-12)
    assert np.isnan(found.cos[3])


def test_that_the_worst_channel_comes_first() -> None:
    assert order(rows()) == [2, 0, 3, 1]


def test_that_a_nan_is_the_worst() -> None:
    golden, gap = moments_of(GOLDEN), (OTHER - GOLDEN).copy()
    gap[1, 0] = np.nan
    model = ChannelRows()
    model.show_channels(channel_errors(golden, moments_of(OTHER), moments_of(gap)), golden, None)

    assert order(model)[0] == 1


def test_that_another_metric_ranks_anew_and_leaves_out_what_it_cannot_tell() -> None:
    model = rows()
    model.set_metric("relative")

    assert order(model) == [2, 0, 1, 3]
    assert model.index(0, ERROR).data() == "400 %"
    assert model.index(3, ERROR).data() == "–"


def test_that_rows_can_be_sorted_by_channel_and_by_range() -> None:
    model = rows()
    model.sort(CHANNEL, Qt.SortOrder.AscendingOrder)
    assert order(model) == [0, 1, 2, 3]
    model.sort(RANGE, Qt.SortOrder.DescendingOrder)
    assert order(model) == [1, 0, 2, 3]
    assert model.row_of(2) == 2


def test_that_a_range_that_is_far_too_wide_does_not_hide_the_channels() -> None:
    model = rows(Grid(-400.0, 1.0, 9000))

    assert model.ends() == (-2.0, 2.0)
    assert model.held() == (0.0, 1.0)


def test_that_bars_share_one_width() -> None:
    model = rows(Grid(-4.0, 1.0, 9))

    assert model.ends() == (-4.0, 4.0)
    assert model.index(model.row_of(1), RANGE).data(SPAN_ROLE) == (0.25, 0.75)
    assert model.zero() == 0.5
    assert model.index(0, ERROR).data(LENGTH_ROLE) == 1.0
    assert model.imbalance() == 8.0


@pytest.mark.parametrize("metric", ["rms", "relative", "max_abs", "cos"])
def test_that_a_nan_is_the_worst_by_every_metric_and_is_called_so(metric: str) -> None:
    golden, gap = moments_of(GOLDEN), (OTHER - GOLDEN).copy()
    gap[1, 0] = np.nan
    other = moments_of(GOLDEN + gap)
    model = ChannelRows()
    model.show_channels(channel_errors(golden, other, moments_of(gap)), golden, None)
    model.set_metric(metric)

    assert order(model)[0] == 1
    assert model.index(0, ERROR).data() == "NaN"
    assert model.index(0, ERROR).data(LENGTH_ROLE) == 1.0
