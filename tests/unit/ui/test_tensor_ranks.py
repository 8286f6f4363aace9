"""What an axis counts, ranked."""

import numpy as np
import pytest

from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.data import Stored
from workbench.ui.models.tensors.ranks import CHANNELS, Ranks, axes_to_rank, is_channels, rank, usual_axis
from workbench.ui.models.tensors.summary import answer_within

PAIR = ("simulator", "golden")
INT8 = Encoding("int8", (0.5,), (0,))


def ranked(golden: np.ndarray, other: np.ndarray, axis: int, encoding: Encoding | None = None) -> Ranks:
    found = {"golden": Stored(golden, None), "simulator": Stored(other, encoding)}
    result = answer_within(rank(found, Cut(golden.shape), axis), budget=60)()
    assert result is not None
    return result


@pytest.mark.parametrize("axis", [1, 2, 3])
def test_that_every_axis_has_the_errors_that_numpy_finds(axis: int) -> None:
    random = np.random.default_rng(0)
    golden, other = random.standard_normal((2, 1, 5, 40, 30), dtype=np.float32)
    found = ranked(golden, other, axis).between(PAIR)
    assert found is not None
    a, b = (
        np.moveaxis(values, axis, 0).reshape(golden.shape[axis], -1).astype(np.float64) for values in (golden, other)
    )

    np.testing.assert_allclose(found.rms, np.sqrt(((b - a) ** 2).mean(axis=1)), rtol=1e-6)
    np.testing.assert_allclose(found.max_abs, np.abs(b - a).max(axis=1), rtol=1e-6)
    cos = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    np.testing.assert_allclose(found.cos, cos, atol=1e-6)


def test_that_features_of_a_large_matrix_are_read_in_parts() -> None:
    golden = np.zeros((1, 3000, 200), np.float32)
    other = golden.astype(np.int8)
    other[0, 2900, 150] = 3
    found = ranked(golden, other, 2, INT8)
    errors = found.between(PAIR)
    assert errors is not None

    assert errors.max_abs.tolist() == [1.5 if feature == 150 else 0.0 for feature in range(200)]
    assert found.element(PAIR, 150) == (0, 2900, 150)


def test_that_a_rank_leads_to_the_worst_element_and_a_nan_is_the_worst() -> None:
    golden = np.zeros((1, 4, 6), np.float32)
    other = golden.copy()
    other[0, 1, 3], other[0, 2, 3] = 5.0, np.nan
    found = ranked(golden, other, 2)

    assert found.element(PAIR, 3) == (0, 2, 3)
    assert found.element(PAIR[::-1], 3) == (0, 2, 3)
    assert np.isnan(ranked(golden, other, 2).between(PAIR).rms[3])  # type: ignore[union-attr]


def test_that_a_line_ranks_its_elements() -> None:
    found = ranked(np.zeros((1, 5), np.float32), np.array([[0, 3, 0, -4, 0]], np.float32), 1)
    errors = found.between(PAIR)
    assert errors is not None

    assert errors.rms.tolist() == [0, 3, 0, 4, 0]
    assert found.element(PAIR, 3) == (0, 3)


def test_that_channels_come_first_then_features() -> None:
    assert usual_axis(Cut((1, 8, 6, 6)), ("n", "c", "h", "w")) == 1
    assert usual_axis(Cut((2, 8, 6, 6)), ("n", "c", "h", "w")) == CHANNELS
    assert usual_axis(Cut((1, 6, 8)), ("n", "token", "feature")) == 2
    assert usual_axis(Cut((1, 8, 1, 6), axes=(3, 1)), ("n", "feature", "h", "token")) == 1
    assert usual_axis(Cut((6, 8)), ("", "")) == 1
    assert usual_axis(Cut(()), ()) == CHANNELS


def test_that_all_long_axes_can_be_ranked_and_planes_that_several_axes_number() -> None:
    assert axes_to_rank(Cut((1, 8, 6, 6))) == (1, 2, 3)
    assert axes_to_rank(Cut((2, 8, 6, 6))) == (CHANNELS, 0, 1, 2, 3)
    assert axes_to_rank(Cut((1, 1))) == (CHANNELS,)
    assert is_channels(Cut((1, 8, 6, 6)), 1)
    assert not is_channels(Cut((1, 8, 6, 6)), 2)
    assert not is_channels(Cut((2, 8, 6, 6)), 1)
