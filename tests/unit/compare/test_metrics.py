"""Rules of the metrics, against plain long double arithmetic."""

import math

import numpy as np
import pytest

from workbench.compare.metrics import METRICS, measure, measure_with_note
from workbench.compare.sums import BLOCK, LARGE, PARALLEL
from workbench.quantize.encoding import Encoding

RNG = np.random.default_rng(20261120)


def oracle(golden: np.ndarray, other: np.ndarray) -> dict[str, float]:
    """The definitions, written down plainly in long double."""
    a, b = (x.reshape(-1).astype(np.longdouble) for x in (golden, other))
    d = a - b
    norm_a, norm_b, euc = (np.sqrt((x * x).sum()) for x in (a, b, d))
    one_minus_cos = 1 - (a * b).sum() / (norm_a * norm_b)
    sqnr = 20 * np.log10(norm_a / euc)
    values = {"cos": 1 - one_minus_cos, "one_minus_cos": one_minus_cos, "euc": euc, "relative": euc / norm_a}
    values |= {"max_abs": np.abs(d).max(), "mean_abs": np.abs(d).mean(), "sqnr_db": sqnr}
    return {key: float(value) for key, value in values.items()}


def normal(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape, dtype=np.float32)


@pytest.mark.parametrize("size", [1, 2, 7, 1000, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 17, PARALLEL + 5])
def test_that_all_metrics_agree_with_long_double_sums(size: int) -> None:
    golden = normal(size)
    other = golden + np.float32(0.01) * normal(size)

    found = measure(golden, other)

    for key, value in oracle(golden, other).items():
        # euc and the like see differences rounded to float32, one minus cos is a difference of such sums
        tolerance = {"rel": 2e-7, "abs": 1e-13} if key == "one_minus_cos" else {"rel": 2e-7}
        assert found[key] == pytest.approx(value, **tolerance), key


@pytest.mark.parametrize("noise", [1e-1, 1e-3, 1e-5])
def test_that_one_minus_cos_keeps_its_digits_for_tensors_that_are_nearly_equal(noise: float) -> None:
    golden = normal(100_000)
    other = (golden + noise * normal(100_000)).astype(np.float32)

    expected = oracle(golden, other)["one_minus_cos"]

    assert measure(golden, other)["one_minus_cos"] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("size", [LARGE, PARALLEL + 3])
def test_that_the_toolkits_cosine_is_that_of_float32_sums(size: int) -> None:
    stored = RNG.integers(0, 128, size).astype(np.int8)  # one sign: rounding adds up
    encoding = Encoding("int8", (0.013,), (-7,))
    other = encoding.dequantize(stored)
    golden = np.abs(other + normal(size))
    norms = np.float32(math.sqrt(np.dot(golden, golden) * np.dot(other, other)))

    found = measure(golden, stored, encoding)

    assert found["cos_toolkit"] == pytest.approx(float(np.dot(golden, other) / norms), abs=1e-12)
    assert found["cos_toolkit"] != found["cos"]


def test_that_the_toolkits_cosine_of_a_small_tensor_is_the_cosine() -> None:
    found = measure(normal(100), normal(100))

    assert found["cos_toolkit"] == found["cos"]


@pytest.mark.parametrize("factor", [1e-18, 1e16])
def test_that_what_float32_cannot_sum_has_the_exact_cosine(factor: float) -> None:
    golden, other = (normal(LARGE) * np.float32(factor) for _ in range(2))

    found = measure(golden, other)

    assert found["cos_toolkit"] == found["cos"]


def test_that_the_toolkits_cosine_leaves_out_what_cos_leaves_out() -> None:
    golden, other = normal(LARGE + 1), normal(LARGE + 1)
    golden[3] = math.inf

    found = measure(golden, other)

    assert found["cos_toolkit"] == found["cos"]


@pytest.mark.parametrize("size", [1, 5, 12_345, PARALLEL + 1])
def test_that_equal_tensors_have_a_cosine_of_exactly_one(size: int) -> None:
    golden = normal(size)

    found = measure(golden, golden.copy())

    assert (found["cos"], found["one_minus_cos"], found["euc"], found["max_abs"]) == (1.0, 0.0, 0.0, 0.0)
    assert found["sqnr_db"] == math.inf


def test_that_opposite_tensors_have_a_cosine_of_minus_one() -> None:
    golden = normal(1000)

    assert measure(golden, -golden)["cos"] == pytest.approx(-1, abs=1e-14)


def test_that_a_scaled_tensor_keeps_its_direction() -> None:
    golden = normal(1000)

    found = measure(golden, golden * 2)

    assert found["one_minus_cos"] == pytest.approx(0, abs=1e-14)
    assert found["relative"] == pytest.approx(1)


def test_that_the_numbers_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    golden, other = normal(PARALLEL + 99), normal(PARALLEL + 99)
    with_threads = measure(golden, other)
    monkeypatch.setattr("workbench.compare.sums.PARALLEL", 1 << 40)

    assert measure(golden, other) == with_threads


def test_that_the_shape_and_the_memory_order_make_no_difference() -> None:
    golden, other = normal(1, 3, 20, 30), normal(1, 3, 20, 30)
    permuted = other.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2)

    assert measure(golden, permuted) == measure(golden.reshape(-1), other.reshape(-1))


def test_that_an_all_zero_golden_tensor_has_no_cosine_and_says_so() -> None:
    found, note = measure_with_note(np.zeros(9, np.float32), np.ones(9, np.float32))

    assert found.keys() == {"euc", "max_abs", "mean_abs", "nan", "inf"}
    assert (found["euc"], note) == (3.0, "Golden is all zero.")


def test_that_an_all_zero_other_tensor_has_no_cosine_and_says_so() -> None:
    found, note = measure_with_note(np.ones(9, np.float32), np.zeros(9, np.float32))

    assert "cos" not in found
    assert (found["euc"], found["relative"], note) == (3.0, 1.0, "Other is all zero.")


def test_that_two_all_zero_tensors_are_equal_without_a_cosine() -> None:
    found, note = measure_with_note(np.zeros(4, np.float32), np.zeros(4, np.float32))

    assert (found["euc"], "cos" in found, "sqnr_db" in found) == (0.0, False, False)
    assert note == "Golden is all zero. Other is all zero."


def test_that_an_empty_tensor_has_no_numbers_to_speak_of() -> None:
    found, note = measure_with_note(np.zeros((1, 0), np.float32), np.zeros((1, 0), np.float32))

    assert (found, note) == ({"euc": 0.0, "nan": 0.0, "inf": 0.0}, "The tensor is empty.")


@pytest.mark.parametrize("size", [10, BLOCK * 2 + 3, PARALLEL + 7])
def test_that_a_nan_is_counted_and_makes_the_other_numbers_nan(size: int) -> None:
    golden, other = normal(size), normal(size)
    other[size // 2] = np.nan

    found = measure(golden, other)

    assert (found["nan"], found["inf"]) == (1, 0)
    assert all(math.isnan(found[key]) for key in ("cos", "one_minus_cos", "euc", "max_abs", "mean_abs", "sqnr_db"))


def test_that_an_infinity_is_counted_and_makes_the_distance_infinite() -> None:
    golden, other = normal(10), normal(10)
    other[3], other[4] = np.inf, -np.inf

    found = measure(golden, other)

    assert (found["nan"], found["inf"], found["euc"], found["max_abs"]) == (0, 2, math.inf, math.inf)
    assert (found["sqnr_db"], math.isnan(found["cos"])) == (-math.inf, True)


def test_that_nothing_is_compared_where_golden_is_not_finite() -> None:
    golden, other = normal(10), normal(10)
    expected = measure(golden[2:], other[2:])
    golden[0] = other[0] = -np.inf
    golden[1] = np.nan

    found, note = measure_with_note(golden, other)

    assert {key: found[key] for key in ("cos", "euc", "mean_abs")} == pytest.approx(
        {key: expected[key] for key in ("cos", "euc", "mean_abs")}, rel=1e-7
    )
    assert (found["inf"], note) == (1, "Golden has 1 NaN and 1 infinite values, which are left out.")


def test_that_a_golden_tensor_without_a_finite_value_leaves_only_counts() -> None:
    found, note = measure_with_note(np.full(3, np.nan, np.float32), np.zeros(3, np.float32))

    assert found == {"euc": 0.0, "nan": 0.0, "inf": 0.0}
    assert note == "Golden has no finite value to compare with."


def test_that_a_zero_tensor_against_infinities_where_golden_is_infinite_has_no_cosine() -> None:
    golden, other = np.zeros(3, np.float32), np.ones(3, np.float32)
    golden[0] = other[0] = np.inf

    assert "cos" not in measure(golden, other)


def test_that_values_near_the_limits_of_float32_do_not_overflow() -> None:
    golden = np.full(100, 3e38, np.float32)
    other = np.full(100, 1e38, np.float32)

    found = measure(golden, other)

    assert found["euc"] == pytest.approx(2e39, rel=1e-6)
    assert found["cos"] == pytest.approx(1.0)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int32"])
@pytest.mark.parametrize("size", [1, 300, BLOCK + 3, PARALLEL + 1])
def test_that_stored_integers_are_measured_like_their_dequantised_values(dtype: str, size: int) -> None:
    low, high = (-(2**31), 2**31 - 1) if dtype == "int32" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    encoding = Encoding(dtype, (0.0137,), (low // 3 + 7,))
    stored = RNG.integers(low, high, size, dtype, endpoint=True)
    golden = normal(size)

    found = measure(golden, stored, encoding)

    dequantised = measure(golden, encoding.dequantize(stored))
    assert {key: found[key] for key in dequantised} == dequantised


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_that_an_encoding_along_an_axis_is_measured_like_its_dequantised_values(axis: int) -> None:
    golden = normal(3, 4, 5)
    sides = golden.shape[axis]
    scale = tuple(float(np.float32(s)) for s in RNG.uniform(0.01, 0.1, sides))
    encoding = Encoding("int8", scale, tuple(range(sides)), axis)
    stored = encoding.quantize(golden)

    found = measure(golden, stored, encoding)

    expected = oracle(golden, encoding.dequantize(stored))
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=1e-6)
    along = np.abs(golden - encoding.dequantize(stored)) / np.asarray(scale).reshape(
        [-1 if side == axis % 3 else 1 for side in range(3)]
    )
    assert found["steps"] == pytest.approx(float(along.max()), rel=1e-5)


def test_that_rounding_is_at_most_half_a_step() -> None:
    encoding = Encoding("int8", (0.05,), (3,))
    golden = RNG.uniform(-6, 6, 5000).astype(np.float32)

    found = measure(golden, encoding.quantize(golden), encoding)

    assert found["steps"] == pytest.approx(0.5, abs=0.01)
    assert found["saturated"] == 0.0


def test_that_the_saturated_share_counts_limits_that_hide_a_golden_value_beyond_them() -> None:
    encoding = Encoding("int8", (0.1,), (0,))  # stands for -12.8 … 12.7
    golden = np.asarray([13.0, 12.74, 12.7, -13.0, -12.84, 20.0, -20.0, 0.0], np.float32)
    stored = np.asarray([127, 127, 127, -128, -128, 50, -128, 127], np.int8)

    # the second, third and fifth are rounding, the sixth is not at a limit, the last one is wrong and not saturated
    assert measure(golden, stored, encoding)["saturated"] == 3 / 8


def test_that_steps_and_saturation_exist_only_with_a_quantised_encoding() -> None:
    golden = normal(10)

    assert not {"steps", "saturated"} & measure(golden, golden).keys()
    assert not {"steps", "saturated"} & measure(golden, golden.astype(np.float16), Encoding("float16")).keys()


@pytest.mark.parametrize("dtype", ["float16", "float64", "int8", "int64", "bool", "uint8"])
def test_that_every_type_is_compared_by_its_values(dtype: str) -> None:
    golden, other = (RNG.integers(0, 2 if dtype == "bool" else 100, 1000).astype(dtype) for _ in range(2))

    expected = oracle(golden, other)

    found = measure(golden, other)
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=1e-6)


def test_that_integers_beyond_float32_are_told_apart() -> None:
    golden = np.asarray([2**40, 2**40 + 1], np.int64)

    assert measure(golden, golden + 1)["max_abs"] == 1.0


def test_that_a_float_tensor_is_compared_with_an_integer_one() -> None:
    assert measure(np.asarray([1.5, 2.0], np.float32), np.asarray([1, 2], np.int64))["max_abs"] == 0.5


def test_that_tensors_of_different_size_are_refused() -> None:
    with pytest.raises(ValueError, match="3 golden elements cannot be compared with 4"):
        measure(np.zeros(3), np.zeros(4))


def test_that_a_read_only_array_is_measured() -> None:
    golden = normal(100)
    golden.flags.writeable = False

    assert measure(golden, golden)["cos"] == 1.0


def test_that_values_come_in_the_order_of_the_metrics() -> None:
    encoding = Encoding("int8", (0.1,), (0,))

    assert list(measure(normal(9), np.ones(9, np.int8), encoding)) == list(METRICS)


def test_that_every_metric_knows_its_worse_direction_and_nan_is_worst() -> None:
    assert METRICS["cos"].is_worse(0.5, 0.6)
    assert METRICS["euc"].is_worse(0.6, 0.5)
    assert not METRICS["sqnr_db"].is_worse(math.inf, 40.0)
    assert METRICS["cos"].is_worse(math.nan, -1.0)
    assert not METRICS["cos"].is_worse(math.nan, math.nan)
    assert not METRICS["cos"].is_worse(-1.0, math.nan)


def test_that_every_metric_prints_with_its_digits() -> None:
    assert [format(0.25, metric.digits) for metric in METRICS.values()][:2] == ["0.25000", "0.25000"]
