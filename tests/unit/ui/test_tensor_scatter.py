"""Two sources against each other."""

from typing import Any

import numpy as np
import pytest

from workbench.foundation.steps import drain
from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors import parts as tensor_parts
from workbench.ui.models.tensors import scatter as tensor_scatter
from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.data import Stored
from workbench.ui.models.tensors.parts import place
from workbench.ui.models.tensors.scatter import DIFFERENCE, OTHER, Question, Scatter, line_of, scatter, whole_of
from workbench.ui.models.tensors.summary import summarise

CUT = Cut((1, 4, 20, 30))
PAIR = ("simulator", "golden")
INT8 = Encoding("int8", (0.02,), (0,))


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_parts, "PART", 1300)


def golden() -> np.ndarray:
    return np.random.default_rng(3).normal(0, 1, CUT.shape).astype(np.float32)


def answer(other: Stored, upwards: str = OTHER, channel: int | None = None, **more: Any) -> Scatter:
    found = {"golden": Stored(golden(), None), "simulator": other}
    whole = whole_of(drain(summarise(found, CUT)), PAIR, upwards, channel)
    assert whole is not None
    question = Question(PAIR, **({"seen": whole, "upwards": upwards, "channel": channel} | more))
    result = drain(scatter(found, CUT, question))
    assert result is not None
    return result


def test_that_every_element_is_counted() -> None:
    found = answer(Stored(golden() + 1, None))

    assert found.inside == golden().size
    assert found.points is not None
    assert len(found.points.other) == golden().size


def test_that_columns_and_rows_are_those_of_a_plain_histogram() -> None:
    other = golden() * 0.5
    found = answer(Stored(other, None), seen=((-1.0, 1.0), (-1.0, 1.0)), bins=(20, 10))

    expected, _, _ = np.histogram2d(other.reshape(-1), golden().reshape(-1), bins=(10, 20), range=((-1, 1), (-1, 1)))
    assert np.abs(found.counts - expected).sum() <= 4  # float32 at the edges of bins


def test_that_equal_values_have_no_difference() -> None:
    found = answer(Stored(golden(), None), upwards=DIFFERENCE)

    rows = np.flatnonzero(found.counts.sum(axis=1))
    assert len(rows) == 1
    assert found.up[rows[0]] <= 0 <= found.up[rows[0] + 1]


def test_that_what_the_encoding_cuts_off_is_told_apart() -> None:
    found = answer(Stored(INT8.quantize(golden()), INT8))

    beyond = (golden() > 127.5 * 0.02) | (golden() < -128.5 * 0.02)
    assert int(found.saturated.sum()) == int(beyond.sum()) > 0
    assert found.points is not None
    assert int(found.points.saturated.sum()) == int(beyond.sum())


def test_that_each_level_has_a_row_of_its_own() -> None:
    found = answer(Stored(INT8.quantize(golden()), INT8), bins=(40, 600))

    assert np.diff(found.up) == pytest.approx(0.02)


def test_that_one_channel_can_stand_alone() -> None:
    found = answer(Stored(golden() + 1, None), channel=2)

    assert found.inside == 600
    assert found.left_out == 0
    assert found.points is not None
    assert set(found.points.channel.tolist()) == {2}


def test_that_a_point_leads_to_its_element(monkeypatch: pytest.MonkeyPatch) -> None:
    other = golden()
    other[0, 3, 7, 9] = 100
    found = answer(Stored(other, None), seen=((-9.0, 9.0), (90.0, 110.0)))

    assert found.points is not None
    assert found.inside == 1
    assert place(CUT, int(found.points.channel[0]), int(found.points.position[0])) == (0, 3, 7, 9)


def test_that_many_elements_are_counted_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_scatter, "MOST_POINTS", 100)

    assert answer(Stored(golden(), None)).points is None


def test_that_what_is_not_finite_is_left_out_and_told() -> None:
    other = golden()
    other[0, 1, 0, :3] = np.nan
    other[0, 2, 0, 0] = np.inf

    assert answer(Stored(other, None)).left_out == 4
    assert answer(Stored(other, None), channel=1).left_out == 3


def test_that_the_line_through_all_elements_has_their_scale_and_shift() -> None:
    found = {"golden": Stored(golden(), None), "simulator": Stored(golden() * 0.9 + 0.25, None)}

    line = line_of(drain(summarise(found, CUT)), PAIR)

    assert line == pytest.approx((0.9, 0.25), abs=1e-5)


def test_that_constants_and_strange_values_have_no_line() -> None:
    strange = golden()
    strange[0, 0, 0, 0] = np.nan
    for reference, other in ((np.ones_like(strange), golden()), (golden(), strange)):
        found = {"golden": Stored(reference, None), "simulator": Stored(other, None)}
        assert line_of(drain(summarise(found, CUT)), PAIR) is None


def test_that_a_missing_source_has_no_scatter() -> None:
    alone = {"golden": Stored(golden(), None)}

    assert drain(scatter(alone, CUT, Question(PAIR, ((0, 1), (0, 1))))) is None
    assert whole_of(drain(summarise(alone, CUT)), PAIR, OTHER, None) is None
