"""Rules of how an output was read: orders, and mistakes in dequantising."""

import numpy as np
import pytest

from workbench.diagnose.readings import is_shuffled, order_of, reading_of
from workbench.dump.layouts import network_places
from workbench.quantize.encoding import Encoding

ENCODING = Encoding("int8", (0.05,), (-20,))


def smooth(*shape: int, seed: int = 1) -> np.ndarray:
    """Values whose channels differ, on the grid of the encoding."""
    random = np.random.default_rng(seed)
    values = random.normal(0, 1.5, shape) + random.normal(0, 1, (*shape[:2], *(1,) * (len(shape) - 2)))
    return ENCODING.dequantize(ENCODING.quantize(values.astype(np.float32)))


@pytest.mark.parametrize(
    ("order", "said"),
    [((0, 2, 3, 1), "NHWC"), ((0, 1, 3, 2), "NCWH"), ((0, 3, 1, 2), "NWCH")],
)
def test_that_a_layout_is_told_by_its_letters(order: tuple[int, ...], said: str) -> None:
    wanted = smooth(1, 6, 5, 7)

    found = order_of(wanted.transpose(order).reshape(wanted.shape), wanted)

    assert found is not None
    assert found.said.startswith(said)
    assert found.likeness > 0.999 > found.before


def test_that_groups_of_channels_are_told() -> None:
    wanted = smooth(1, 32, 5, 7)
    at = network_places(wanted.shape, "nc1hwc2:16", np.arange(wanted.size))

    found = order_of(wanted.reshape(-1)[at].reshape(wanted.shape), wanted)

    assert found is not None
    assert found.said == "NC1HWC2 with C2 = 16"


def test_that_anchors_and_fields_in_another_order_are_told() -> None:
    wanted = smooth(1, 255, 4, 4)
    values = wanted.reshape(1, 3, 85, 4, 4).transpose(0, 1, 3, 4, 2).reshape(wanted.shape)

    found = order_of(values, wanted)

    assert found is not None
    assert "255 parted in 3×85" in found.said


def test_that_an_axis_from_its_end_is_told() -> None:
    wanted = smooth(1, 3, 8, 8)

    found = order_of(np.flip(wanted, 1), wanted)

    assert found is not None
    assert found.said == "reversed along the axis of 3"


@pytest.mark.parametrize("seed", range(20))
def test_that_other_values_are_no_order(seed: int) -> None:
    wanted, values = smooth(1, 6, 5, 7, seed=seed), smooth(1, 6, 5, 7, seed=100 + seed)

    assert order_of(values, wanted) is None
    assert not is_shuffled(values, wanted)


def test_that_the_right_order_needs_none() -> None:
    wanted = smooth(1, 6, 5, 7)

    assert order_of(wanted + 0.05, wanted) is None


def test_that_few_values_have_no_order() -> None:
    assert order_of(np.array([[3.0, 1, 2]]), np.array([[1.0, 2, 3]])) is None


def integers(values: np.ndarray) -> np.ndarray:
    return ENCODING.quantize(values).astype(np.float32)


@pytest.mark.parametrize(
    ("key", "read"),
    [
        ("integers", lambda q: q),
        ("integers", lambda q: np.where(q < 0, q + 256, q)),
        ("no-scale", lambda q: q + 20),
        ("no-zero-point", lambda q: q * 0.05),
        ("zero-sign", lambda q: (q - 20) * 0.05),
        ("sign", lambda q: (np.where(q < 0, q + 256, q) + 20) * 0.05),
        ("other-scale", lambda q: (q + 20) * 0.3),
        ("straight", lambda q: (q + 20) * 0.05 * 1.7 + 0.4),
    ],
)
def test_that_each_mistake_in_dequantising_is_told(key: str, read: object) -> None:
    wanted = smooth(1, 6, 9, 9)

    found = reading_of(read(integers(wanted)).astype(np.float32), wanted, ENCODING, (0.05, 0.3))  # type: ignore[operator]

    assert found is not None
    assert found.key == key


def test_that_the_bits_of_float16_are_told() -> None:
    wanted = smooth(1, 6, 9, 9)

    found = reading_of(wanted.astype(np.float16).view(np.int16).astype(np.float32), wanted, Encoding("float16"))

    assert found is not None
    assert found.key == "float16-bits"


@pytest.mark.parametrize("off", [0.0, 0.05, -0.05])
def test_that_rounding_is_no_mistake(off: float) -> None:
    wanted = smooth(1, 6, 9, 9)

    assert reading_of(wanted + np.float32(off), wanted, ENCODING) is None


@pytest.mark.parametrize("seed", range(20))
def test_that_other_values_are_no_mistake_in_dequantising(seed: int) -> None:
    assert reading_of(smooth(1, 10, seed=seed + 50), smooth(1, 10, seed=seed), ENCODING, (0.3, 0.01)) is None
