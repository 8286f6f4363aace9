"""Output buffers: stored values and what they stand for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.capi.inputs import buffer_of
from workbench.capi.buffers import read_buffer
from workbench.capi.outputs import NetworkOutput, OutputValues, read_output, same_numbers
from workbench.foundation.errors import DumpError
from workbench.quantize.encoding import Encoding

INT8 = NetworkOutput("scores", (1, 20, 4, 3), Encoding("int8", (0.05,), (-7,)), "rk3588")
RANDOM = np.random.default_rng(0)
STORED = RANDOM.integers(-120, 120, INT8.shape).astype(np.int8)
REAL = (STORED.astype(np.float32) + 7) * np.float32(0.05)


def keys(values: OutputValues, *levels: str) -> set[str]:
    return {finding.key for finding in values.findings if finding.level in (levels or ("bad", "doubt"))}


def test_that_stored_values_become_real_ones() -> None:
    values = read_output(buffer_of(STORED), INT8)
    assert values.want_float == 0
    assert np.array_equal(values.real, REAL)


def test_that_the_value_of_the_guide_comes_out() -> None:
    output = NetworkOutput("conv9", (1, 1), Encoding("uint8", (4.625256,), (136,)), "rv1126")
    assert read_output(buffer_of(np.array([[124]], np.uint8)), output).real[0, 0] == pytest.approx(-55.503072)


def test_that_floats_become_what_want_float_0_gives() -> None:
    values = read_output(buffer_of(REAL), INT8)
    assert values.want_float == 1
    assert np.array_equal(values.stored, STORED)
    assert keys(values) == set()


def test_that_both_buffers_say_the_same() -> None:
    one, other = read_output(buffer_of(STORED), INT8), read_output(buffer_of(REAL), INT8)
    assert same_numbers(one, other).level == "good"
    wrong = replace(INT8, encoding=Encoding("int8", (0.06,), (-7,)))
    found = same_numbers(read_output(buffer_of(STORED), wrong), read_output(buffer_of(REAL), wrong))
    assert found.level == "bad"


def test_that_floats_off_the_steps_are_found() -> None:
    assert keys(read_output(buffer_of(REAL + np.float32(0.02)), INT8)) == {"off-the-steps"}


@pytest.mark.parametrize("group", [8, 16])
def test_that_the_native_layout_is_undone(group: int) -> None:
    lanes = np.full((1, -(-20 // group) * group, 4, 3), 99, np.int8)
    lanes[:, :20] = STORED
    grouped = lanes.reshape(1, -1, group, 4, 3).transpose(0, 1, 3, 4, 2)
    output = replace(INT8, chip="rk3568" if group == 8 else "rk3588")
    values = read_output(buffer_of(grouped), output)
    assert np.array_equal(values.stored, STORED)
    assert "native" in keys(values, "note")


def test_that_rows_of_channels_last_are_undone() -> None:
    assert np.array_equal(read_output(buffer_of(STORED.transpose(0, 2, 3, 1)), INT8, "NHWC").stored, STORED)


def test_that_float16_is_read_as_such() -> None:
    output = NetworkOutput("x", (1, 6), Encoding("float16"))
    half = np.linspace(-3, 3, 6, dtype=np.float16)[np.newaxis]
    for buffer, want_float in ((buffer_of(half), 0), (buffer_of(half.astype(np.float32)), 1)):
        values = read_output(buffer, output)
        assert values.want_float == want_float
        assert np.array_equal(values.real, half.astype(np.float32))


@pytest.mark.parametrize("length", [-1, 0, 4, 9])
def test_that_dynamic_fixed_point_is_divided(length: int) -> None:
    output = NetworkOutput("x", (3,), Encoding("int16", (2.0**-length,), (0,)))
    stored = np.array([-300, 0, 1000], np.int16)
    assert np.array_equal(read_output(buffer_of(stored), output).real, stored / np.float32(2.0**length))


def test_that_values_without_an_encoding_are_said_to_be_so() -> None:
    output = NetworkOutput("x", (5,), None)
    values = read_output(buffer_of(np.arange(5, dtype=np.int8)), output)
    assert keys(values) == {"encoding-unknown"}


def test_that_nan_and_one_value_are_found() -> None:
    assert keys(read_output(buffer_of(np.full(INT8.shape, np.nan, np.float32)), replace(INT8, encoding=None))) == {
        "not-finite"
    }
    assert "constant" in keys(read_output(buffer_of(np.full(INT8.shape, -7, np.int8)), INT8))


def test_that_a_size_that_fits_nothing_is_refused_with_those_that_fit() -> None:
    with pytest.raises(DumpError) as caught:
        read_output(buffer_of(np.zeros(99, np.uint8)), INT8)
    assert caught.value.hint == "Give 240 bytes as int8 or 960 bytes as float32."


def test_that_an_array_of_another_size_is_refused_with_its_type() -> None:
    with pytest.raises(DumpError, match=r"has 99 values of float16, which is no buffer of the output 'scores'"):
        read_output(replace(buffer_of(np.zeros(99, np.float16)), dtype="float16"), INT8)


def test_that_an_empty_buffer_says_that_it_may_be_an_output(tmp_path: Path) -> None:
    (tmp_path / "out.bin").touch()
    with pytest.raises(DumpError) as caught:
        read_buffer(tmp_path / "out.bin")
    assert caught.value.hint == "Write the whole buffer of one input or output, once."
