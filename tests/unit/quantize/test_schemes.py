"""How each data type encodes a range, and layers with a precision of their own."""

import numpy as np
import pytest

from workbench.quantize.encoding import Encoding, asymmetric, fixed_point, power_of_two, symmetric
from workbench.quantize.schemes import DATA_TYPES, DTYPES, QuantSettings

STEP = 2.0**14


# scales that toolkit 2.5.0 wrote for these magnitudes
@pytest.mark.parametrize(
    ("reach", "scale"),
    [
        (3.7516350746154785, 0.00012208521548040532),
        (6.8581671714782715, 0.0002442002442002442),
        (0.9773, 3.051850947599719e-05),
        (0.46143797039985657, 3.051850947599719e-05),
        (0.1, 7.629452739355006e-06),
        (844.5006713867188, 0.03225806451612903),
        (13526.916015625, 1.0),
    ],
)
def test_that_fixed_point_has_the_toolkits_scale(reach: float, scale: float) -> None:
    assert fixed_point(-reach / 2, reach, "int16") == Encoding("int16", (scale,), (0,))


def test_that_symmetric_weights_reach_their_largest_magnitude() -> None:
    assert symmetric(-1.0457451343536377, 0.5, "int4").scale == (1.0457451343536377 / 7,)


@pytest.mark.parametrize(("reach", "scale"), [(1.0, 2.0**-7), (1.01, 2.0**-6), (0.3, 2.0**-8), (100.0, 1.0)])
def test_that_the_older_chips_step_is_a_power_of_two(reach: float, scale: float) -> None:
    encoding = power_of_two(-reach, reach / 2, "int8")
    assert encoding.scale == (scale,)
    assert encoding.quantize(np.float32([-1e9, 1e9])).tolist() == [-127, 127]


def test_that_u8_is_the_config_of_a_real_chip() -> None:
    encoding = asymmetric(-233.46035766601562, 75.39134979248047, "uint8")  # RV1126, rknn-toolkit 1.7.1
    assert encoding.scale[0] == pytest.approx(1.2111831903457642, rel=1e-7)
    assert encoding.zero_point == (193,)


@pytest.mark.parametrize("encode", [asymmetric, symmetric, fixed_point, power_of_two])
def test_that_the_scales_of_one_tensor_are_not_too_far_apart(encode: type) -> None:
    scale = encode(np.array([-1e-9, -0.5]), np.array([2e-9, 1.0]), "int8", 0).scale
    assert scale[0] == scale[1] / STEP


def test_that_a_channel_of_zeros_has_the_smallest_scale() -> None:
    encoding = asymmetric(np.array([0.0, -0.5]), np.array([0.0, 1.0]), "int8", 0)
    assert encoding.scale == (1.5 / 255 / STEP, 1.5 / 255)
    assert encoding.zero_point[0] == 0
    assert not encoding.dequantize(encoding.quantize(np.zeros((2, 3), np.float32))).any()


def test_that_nothing_but_zeros_has_a_scale() -> None:
    assert asymmetric(0.0, 0.0, "int8").scale == (2 / 255,)
    assert symmetric(0.0, 0.0, "int8").scale == (1 / 127,)


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_a_range_is_held_within_a_step(dtype: str) -> None:
    kind = DATA_TYPES[dtype]
    if kind.calibrates:
        encoding = kind.encode(-0.7, 1.9, kind.activations)
        values = np.linspace(-0.7, 1.9, 1001, dtype=np.float32)
        error = np.abs(encoding.dequantize(encoding.quantize(values)) - values)
        assert error.max() <= 1.01 * encoding.scale[0]


def test_that_a_layer_has_one_precision_of_its_own() -> None:
    settings = QuantSettings(float_tensors=("a", "b")).with_layer("r", ("b",), "int16")
    assert (settings.float_tensors, settings.int16_tensors) == (("a",), ("r",))
    settings = settings.with_layer("r", ("b",), "float16")
    assert (settings.float_tensors, settings.int16_tensors) == (("a", "r"), ())
    assert settings.with_layer("r", (), "int8").float_tensors == ("a",)
    assert QuantSettings("w16a16i_dfp").with_layer("r", (), "int16").int16_tensors == ()
