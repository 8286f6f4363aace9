"""Statistics, histograms and the largest differences of whole tensors."""

import math
from contextvars import copy_context

import numpy as np
import pytest

from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors import parts as tensor_parts
from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.data import Stored
from workbench.ui.models.tensors.summary import Summary, answer_within, summarise

SHAPE = (1, 3, 20, 30)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_parts, "PART", 128)


def summary_of(**arrays: np.ndarray) -> Summary:
    steps = summarise({source: Stored(array, None) for source, array in arrays.items()}, Cut(SHAPE))
    found = answer_within(steps, 60)()
    assert found is not None
    return found


def values(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(1, 2, SHAPE).astype(np.float32)


def test_that_statistics_of_blocks_are_those_of_the_whole() -> None:
    golden = values(1)

    found = summary_of(golden=golden).statistics["golden"]

    assert found["mean"] == pytest.approx(golden.mean(dtype=np.float64))
    assert found["std"] == pytest.approx(golden.std(dtype=np.float64))
    assert (found["min"], found["max"]) == (golden.min(), golden.max())
    assert found["count"] == golden.size


def test_that_histograms_have_common_edges_and_hold_every_finite_value() -> None:
    golden, other = values(1), values(2)
    other.reshape(-1)[:5] = np.nan

    found = summary_of(golden=golden, simulator=other).histograms

    assert found["golden"].edges is found["simulator"].edges
    assert found["golden"].counts.sum() == golden.size
    assert found["simulator"].counts.sum() == other.size - 5


def test_that_the_largest_differences_come_first_with_their_place() -> None:
    golden, other = values(1), values(1)
    other[0, 2, 7, 9] += 50
    other[0, 1, 3, 4] -= 70

    difference = summary_of(golden=golden, simulator=other).gaps["simulator", "golden"]

    assert [element.index for element in difference.largest] == [(0, 1, 3, 4), (0, 2, 7, 9)]
    assert [element.channel for element in difference.largest] == [1, 2]
    assert difference.worst_channel == 1
    assert difference.statistics["min"] == pytest.approx(-70)


def test_that_a_nan_is_the_largest_difference() -> None:
    golden, other = values(1), values(2)
    other[0, 2, 0, 0] = np.nan

    difference = summary_of(golden=golden, simulator=other).gaps["simulator", "golden"]

    assert difference.largest[0].index == (0, 2, 0, 0)
    assert difference.worst_channel == 2


def test_that_a_tensor_without_finite_values_has_a_summary() -> None:
    nothing = np.full(SHAPE, np.nan, np.float32)

    found = summary_of(golden=nothing, simulator=nothing)

    assert math.isnan(found.statistics["golden"]["mean"])
    assert found.gaps["simulator", "golden"].statistics["nan"] == nothing.size


def test_that_stored_integers_are_compared_as_real_values() -> None:
    encoding = Encoding("int8", (0.5,), (10,))
    golden = values(1)
    stored = encoding.quantize(golden)

    steps = summarise({"golden": Stored(golden, None), "simulator": Stored(stored, encoding)}, Cut(SHAPE))
    found = answer_within(steps, 60)()

    assert found is not None
    expected = np.abs(encoding.dequantize(stored) - golden).max()
    assert max(map(abs, (found.gaps["simulator", "golden"].statistics[key] for key in ("min", "max")))) == expected


def test_that_an_answer_that_takes_long_comes_in_pieces() -> None:
    go_on = answer_within(summarise({"golden": Stored(values(1), None)}, Cut(SHAPE)), 0)

    assert go_on() is None


def test_that_pieces_may_be_taken_in_several_threads() -> None:
    """Each with its own settings of numpy."""
    sources = {source: Stored(values(seed), None) for seed, source in enumerate(("golden", "simulator"))}
    steps = summarise(sources, Cut(SHAPE))
    pieces = list(iter(lambda: copy_context().run(next, steps, "the end"), "the end"))

    assert len(pieces) > math.prod(SHAPE) / 128


def test_that_a_difference_can_be_turned_round() -> None:
    golden, other = values(1), values(1)
    other[0, 2, 7, 9] += 50

    found = summary_of(golden=golden, simulator=other)
    turned = found.gap(("golden", "simulator"))

    assert turned is not None
    assert turned.statistics["min"] == pytest.approx(-50)
    assert turned.statistics["max"] == 0
    assert turned.largest[0].golden == pytest.approx(turned.largest[0].other + 50)
    assert turned.histogram.counts[0] == 1
    assert turned.worst_channel == 2


def test_that_the_difference_of_two_other_sources_is_known() -> None:
    found = summary_of(golden=values(1), simulator=values(2), runtime=values(2) + 1)

    gap = found.gap(("runtime", "simulator"))

    assert gap is not None
    assert gap.statistics["mean"] == pytest.approx(1)
    assert found.gap(("runtime", "nothing")) is None


def test_that_clipped_and_rounded_values_are_counted() -> None:
    encoding = Encoding("int8", (0.02,), (0,))
    golden = values(1)

    steps = summarise(
        {"golden": Stored(golden, None), "simulator": Stored(encoding.quantize(golden), encoding)}, Cut(SHAPE)
    )
    found = answer_within(steps, 60)()

    assert found is not None
    clipped = found.clipped["simulator"]
    assert clipped.below == pytest.approx(np.mean(golden < -128.5 * 0.02))
    assert clipped.above == pytest.approx(np.mean(golden > 127.5 * 0.02))
    gap = found.gap(("simulator", "golden"))
    assert gap is not None
    assert gap.within == pytest.approx(1 - clipped.below - clipped.above)
    assert gap.largest[0].stored in (-128, 127)


def test_that_values_whose_squares_overflow_have_a_deviation() -> None:
    golden = values(1)
    golden[0, 1, 3] = -3e38

    found = summary_of(golden=golden).statistics["golden"]

    assert found["std"] == pytest.approx(golden.std(dtype=np.float64))
    assert found["mean"] == pytest.approx(golden.mean(dtype=np.float64))
