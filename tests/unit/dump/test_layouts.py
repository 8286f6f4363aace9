"""Rules of memory layouts."""

import math

import numpy as np
import pytest

from workbench.dump.layouts import LayoutError, is_layout, network_places, on_chip, to_network, ways

SHAPE = (2, 13, 3, 5)
VALUES = np.arange(2 * 13 * 3 * 5, dtype=np.float32).reshape(SHAPE)


def grouped(c2: int) -> np.ndarray:
    """VALUES as the NPU keeps them, written down element by element; padding is NaN."""
    n, c, h, w = SHAPE
    out = np.full((n, -(-c // c2), h, w, c2), np.nan, np.float32)
    for index in np.ndindex(SHAPE):
        out[index[0], index[1] // c2, index[2], index[3], index[1] % c2] = VALUES[index]
    return out


@pytest.mark.parametrize("c2", [4, 8, 16])
def test_that_channel_groups_come_back_without_their_padding(c2: int) -> None:
    assert np.array_equal(to_network(grouped(c2), "nc1hwc2", SHAPE), VALUES)


def test_that_flat_channel_groups_come_back_when_only_one_group_size_fits() -> None:
    values = np.zeros((1, 3, 2, 2, 4), np.float32)  # 9 channels in 12 lanes: only groups of 4 do that
    values[0, 2, 1, 1, 0] = 7

    assert to_network(values.reshape(-1), "nc1hwc2", (1, 9, 2, 2))[0, 8, 1, 1] == 7


@pytest.mark.parametrize("lanes", [16, 20])
def test_that_a_group_size_is_never_guessed(lanes: int) -> None:
    with pytest.raises(LayoutError, match=f"{lanes} lanes for 13 channels fit groups of"):
        to_network(np.zeros(lanes * 4), "nc1hwc2", (1, 13, 2, 2))


def test_that_nhwc_comes_back_from_its_shape_and_from_flat_values() -> None:
    nhwc = VALUES.transpose(0, 2, 3, 1).copy()

    assert np.array_equal(to_network(nhwc, "nhwc", SHAPE), VALUES)
    assert np.array_equal(to_network(nhwc.reshape(-1), "nhwc", SHAPE), VALUES)


@pytest.mark.parametrize("layout", ["nhwc", "nc1hwc2", "nchw", ""])
def test_that_values_that_already_have_the_networks_shape_stay(layout: str) -> None:
    assert to_network(VALUES, layout, SHAPE) is VALUES or np.array_equal(to_network(VALUES, layout, SHAPE), VALUES)


def test_that_nhwc_is_believed_where_shapes_cannot_tell() -> None:
    cube = np.arange(27.0).reshape(1, 3, 3, 3)

    assert np.array_equal(to_network(cube, "nhwc", (1, 3, 3, 3)), cube.transpose(0, 3, 1, 2))


@pytest.mark.parametrize("layout", ["", "nchw", "nhwc", "nc1hwc2"])
@pytest.mark.parametrize("shape", [(6,), (2, 3), (1, 2, 3), (1, 1, 1, 2, 3)])
def test_that_only_four_dimensions_have_a_layout(layout: str, shape: tuple[int, ...]) -> None:
    assert np.array_equal(to_network(np.arange(6), layout, shape), np.arange(6).reshape(shape))


@pytest.mark.parametrize("layout", ["", "nchw", "nhwc", "nc1hwc2"])
def test_that_values_of_another_number_stay_as_they_are(layout: str) -> None:
    values = np.zeros((1, 4, 4))

    assert to_network(values, layout, (1, 3, 4, 5)) is values


def test_that_sides_of_one_do_not_matter_and_a_transposed_shape_does() -> None:
    assert to_network(np.zeros((3, 4)), "", (1, 3, 4, 1)).shape == (1, 3, 4, 1)
    assert to_network(np.zeros((4, 3)), "", (1, 3, 4, 1)).shape == (4, 3)


def test_that_a_scalar_takes_the_networks_shape() -> None:
    assert to_network(np.float32(3).reshape(()), "", (1, 1)).shape == (1, 1)


@pytest.mark.parametrize("shape", [(1, 20, 3, 4), (2, 16, 5, 3), (1, 3, 4, 4), (2, 7, 5), (1, 9), (1, 40, 1, 1)])
def test_that_every_way_in_which_a_tensor_may_lie_leads_back(shape: tuple[int, ...]) -> None:
    values = np.arange(math.prod(shape), dtype=np.float32).reshape(shape) + 1
    for layout, size in ways(shape):
        places = network_places(shape, layout, np.arange(size))
        stored = np.where(places >= 0, values.reshape(-1)[places], 0)

        assert np.array_equal(to_network(stored, layout, shape), values), layout
        assert is_layout(layout)


def test_that_ways_of_the_same_order_are_one() -> None:
    assert [layout for layout, _ in ways((1, 1, 5, 5))] == ["nchw", "nc1hwc2:4", "nc1hwc2:8", "nc1hwc2:16"]
    assert "nc1hwc2:16" not in dict(ways((1, 16, 5, 5)))  # that is NHWC


@pytest.mark.parametrize(
    ("chip", "dtype", "layout"),
    [
        ("rk3566", "int8", "nc1hwc2:8"), ("rk3568", "float16", "nc1hwc2:4"), ("rk3588", "int8", "nc1hwc2:16"),
        ("RK3576", "float16", "nc1hwc2:8"), ("rv1103b", "int8", "nc1hwc2:8"), ("rk2118", "float16", "nc1hwc2:4"),
        ("rv1103b", "float16", "nc1hwc2"), ("", "int8", "nc1hwc2"),
    ],
)  # fmt: skip
def test_that_a_chip_decides_on_the_channels_of_a_group(chip: str, dtype: str, layout: str) -> None:
    assert on_chip("nc1hwc2", chip, dtype) == layout
    assert on_chip("nhwc", chip, dtype) == "nhwc"


def test_that_values_that_do_not_fit_a_chips_groups_are_refused() -> None:
    with pytest.raises(LayoutError, match="none of 16"):
        to_network(np.zeros(20 * 6, np.float32), "nc1hwc2:16", (1, 20, 2, 3))
