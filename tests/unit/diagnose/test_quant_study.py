import numpy as np
import pytest

from tests.unit.networks import random
from workbench.compare.compare import LayerError
from workbench.diagnose.calibration_study import Growth, Texture, texture
from workbench.diagnose.channels import channels_of, weight_channels
from workbench.diagnose.gate import ANGLE, CHANNEL, Hurt
from workbench.diagnose.quant_damage import spoilt
from workbench.diagnose.quant_study import tap_of
from workbench.quantize.encoding import asymmetric

SMOOTH = np.add.outer(np.linspace(0, 1, 32), np.linspace(0, 1, 48)).reshape(1, 1, 32, 48).astype(np.float32)
NOISE = random(1, 1, 32, 48)


def row(low: float, high: float) -> LayerError:
    return LayerError(0, "Conv", "t", "t", (), (), asymmetric(low, high, "int8"), {}, "name", "")


def test_that_values_beyond_the_range_are_counted() -> None:
    values = np.linspace(0, 10, 1001, dtype=np.float32).reshape(1, 1, 7, 143)

    tap = tap_of(row(0, 8), values)

    assert tap is not None
    assert tap.is_cut
    assert tap.cut == pytest.approx(0.2, abs=0.01)
    assert tap.beyond == pytest.approx(0.25, abs=0.01)
    assert tap.occupancy == pytest.approx(1.25, abs=0.01)


def test_that_rounding_is_that_of_a_uniform_error() -> None:
    values = random(1, 4, 64, 64)

    tap = tap_of(row(float(values.min()), float(values.max())), values)

    assert tap is not None
    assert tap.cut == 0
    assert tap.rounding * float(np.square(values).mean()) == pytest.approx(tap.step**2 / 12, rel=0.1)


def test_that_values_that_are_not_finite_have_no_tap() -> None:
    assert tap_of(row(0, 1), np.array([[0.0, np.nan]], np.float32)) is None


def test_that_a_channel_that_is_stored_as_zero_is_lost() -> None:
    values = random(1, 8, 16, 16)
    values[0, 5] *= 1e-4
    values[0, 6] = 0

    channels = channels_of(values, 1, 0.01, (-4.0, 4.0))

    assert channels.lost.tolist() == [5]
    assert channels.coarse.tolist() == [5]
    assert not channels.alive[6]


def test_that_the_channel_that_stretches_the_range_is_named() -> None:
    values = random(1, 16, 8, 8)
    values[0, 11] *= 64

    channels = channels_of(values, 1, 1.0, (-256.0, 256.0))

    assert channels.stretching.tolist() == [11]
    assert channels.ratio > 32


def test_that_a_weight_knows_the_outliers_of_inputs_from_those_of_outputs() -> None:
    weight = random(8, 16, 3, 3)
    weight[:, 4] *= 100

    found = weight_channels(weight, 0)

    assert int(found.inputs.argmax()) == 4
    assert found.input_ratio > 50
    assert found.peak > 20
    assert found.ratio < 4


def test_that_noise_and_black_frames_are_not_like_pictures() -> None:
    picture = texture(SMOOTH)

    assert picture.is_like(texture(SMOOTH[..., ::-1] * 0.8))
    assert not texture(NOISE).is_like(picture)
    assert not texture(SMOOTH * 0.01).is_like(picture)
    assert texture(NOISE).likeness == pytest.approx(0, abs=0.1)
    assert texture(np.zeros((1, 3, 4, 4), np.float32)) == Texture(0.0, 1.0)


def test_that_ranges_grow_with_each_input_and_the_one_that_stretches_them_is_known() -> None:
    low = np.array([[-1.0], [-2.0], [-1.0]])
    high = np.array([[1.0], [1.0], [20.0]])
    growth = Growth(("t",), low, high, ())

    assert growth.curve("t") == (2.0, 3.0, 22.0)
    assert growth.stretcher("t") == 2
    assert Growth(("t",), low[:2], high[:2], ()).stretcher("t") is None


def test_that_a_cosines_damage_is_blind_to_scale_and_that_of_a_channel_to_other_channels() -> None:
    golden = random(1, 4, 10, 10)
    other = golden.copy()
    other[0, 2] = 0

    assert spoilt(Hurt("t", "", ANGLE, 0.0), golden, 3 * golden) == pytest.approx(0, abs=1e-9)
    assert spoilt(Hurt("t", "", CHANNEL, 0.0, 2), golden, other) == pytest.approx(0.5, abs=0.02)
    assert spoilt(Hurt("t", "", CHANNEL, 0.0, 1), golden, other) == 0
