"""Rules of stored integers: rounding, saturation, scales along an axis."""

import numpy as np
import pytest

from workbench.quantize.encoding import Encoding


def test_that_ties_go_to_the_even_integer() -> None:
    stored = Encoding("int8", (1.0,), (0,)).quantize(np.asarray([0.5, 1.5, 2.5, -0.5, -1.5, -2.5], np.float32))

    assert stored.tolist() == [0, 2, 2, 0, -2, -2]


def test_that_the_zero_point_is_added_after_rounding() -> None:
    stored = Encoding("int8", (1.0,), (1,)).quantize(np.asarray([0.5, 1.5, 2.5], np.float32))

    assert stored.tolist() == [1, 3, 3]  # 2, 2, 4 when added before


def test_that_values_are_divided_in_float32() -> None:
    scale = 0.1  # as float32 slightly larger
    values = (np.arange(-127, 128, dtype=np.float64) * 0.5 * scale).astype(np.float32)

    stored = Encoding("int8", (scale,), (0,)).quantize(values)

    quotient = np.asarray([np.float32(value) / np.float32(scale) for value in values], np.float32)
    assert stored.tolist() == [round(float(item)) for item in quotient]  # Python rounds half to even


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [("int4", -8, 7), ("int8", -128, 127), ("uint8", 0, 255), ("int16", -32768, 32767)],
)
def test_that_values_out_of_range_saturate(dtype: str, low: int, high: int) -> None:
    stored = Encoding(dtype, (0.01,), (3,)).quantize(np.asarray([-1e9, 1e9, -np.inf, np.inf], np.float32))

    assert stored.tolist() == [low, high, low, high]


def test_that_int32_saturates_at_its_own_limits() -> None:
    stored = Encoding("int32", (1.0,), (0,)).quantize(np.asarray([-1e30, 1e30], np.float32))

    assert stored.tolist() == [-(2**31), 2**31 - 1]


def test_that_reading_back_is_off_by_half_a_step_at_most() -> None:
    encoding = Encoding("int8", (2 / 255,), (0,))
    values = np.linspace(-1, 0.99, 1001, dtype=np.float32)

    error = np.abs(encoding.dequantize(encoding.quantize(values)) - values)

    assert error.max() <= 1 / 255 * 1.0001


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_that_scales_and_zero_points_run_along_the_axis(axis: int) -> None:
    scales, zeros = (0.5, 1.0, 2.0), (0, 1, -1)
    stored = np.full((3, 3, 3), 4, np.int8)

    real = Encoding("int8", scales, zeros, axis).dequantize(stored)

    along = np.moveaxis(real, axis, 0)
    assert [float(part.min()) for part in along] == [float(part.max()) for part in along] == [2.0, 3.0, 10.0]


def test_that_one_scale_counts_for_every_position_of_the_axis() -> None:
    assert Encoding("int8", (0.5,), (0,), 0).dequantize(np.asarray([2, 4], np.int8)).tolist() == [1.0, 2.0]


def test_that_the_widest_difference_does_not_wrap_around() -> None:
    assert Encoding("int8", (1.0,), (127,)).dequantize(np.asarray([-128], np.int8)).tolist() == [-255.0]


def test_that_floats_have_no_scale_and_are_read_as_they_are() -> None:
    encoding = Encoding("float16")

    assert not encoding.is_quantized
    assert encoding.dequantize(np.asarray([1.5], np.float16)).dtype == np.float32
