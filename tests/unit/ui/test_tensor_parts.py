"""Tensors in parts: every element once, under its channel."""

import math

import numpy as np
import pytest

from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors import parts as tensor_parts
from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.data import Stored
from workbench.ui.models.tensors.parts import parts, place, values

CUTS = [
    Cut((1, 3, 20, 30)), Cut((1, 20, 30, 5), last=True), Cut((2, 3, 4, 5)), Cut((7,)), Cut(()), Cut((50, 3, 3)),
    Cut((1, 400, 2)), Cut((3, 8, 5), axes=(2, 0)), Cut((2, 4, 3, 5, 6), last=True), Cut((9, 40, 30), axes=(0,)),
    Cut((1, 20, 4, 3), last=True), Cut((2, 9, 4, 3), last=True),
]  # fmt: skip


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_parts, "PART", 64)


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: f"{cut.shape}{cut.last or ''}{cut.axes or ''}")
def test_that_parts_hold_every_element_once_under_its_channel(cut: Cut) -> None:
    numbers = np.arange(math.prod(cut.shape), dtype=np.float32).reshape(cut.shape)
    expected = cut.stack(numbers).reshape(cut.channels, -1)
    found = np.full_like(expected, -1)

    for part in parts(cut):
        rows = values(Stored(numbers, None), cut, part)
        assert rows.size <= 64 or rows.shape[1] == cut.plane[-1] or len(rows) == 1
        found[part.first : part.last, part.start : part.start + rows.shape[1]] = rows

    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("cut", CUTS[:3], ids=lambda cut: str(cut.shape))
def test_that_a_position_in_a_plane_leads_back_to_its_element(cut: Cut) -> None:
    numbers = np.arange(math.prod(cut.shape)).reshape(cut.shape)
    rows = cut.stack(numbers).reshape(cut.channels, -1)

    assert numbers[place(cut, cut.channels - 1, 7)] == rows[cut.channels - 1, 7]


def test_that_a_tensor_without_elements_has_no_parts() -> None:
    assert list(parts(Cut((1, 0, 4, 4)))) == []


def test_that_parts_of_a_tensor_with_a_scale_for_each_channel_are_real_values() -> None:
    cut = Cut((1, 3, 20, 30))
    encoding = Encoding("int8", (0.5, 1.0, 2.0), (0, 1, 2), axis=1)
    stored = np.random.default_rng(0).integers(-100, 100, cut.shape).astype(np.int8)
    whole = encoding.dequantize(stored).reshape(3, -1)

    for part in parts(cut):
        rows = values(Stored(stored, encoding), cut, part)
        np.testing.assert_array_equal(rows, whole[part.first : part.last, part.start : part.start + rows.shape[1]])
