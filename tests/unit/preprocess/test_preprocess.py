import json
import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from workbench.foundation.errors import DatasetError, ModelError, SettingsError
from workbench.graph.graph import Tensor
from workbench.preprocess.preprocess import Preprocess, channels, feed, feed_range, frame, guess, picture, problems

NOISE = np.random.default_rng(0).integers(0, 256, (8, 12, 3), np.uint8)
RGB = NOISE[:, :, ::-1]
NCHW = Tensor("images", (1, 3, 8, 12), "float32")
MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)


@pytest.fixture
def colour(tmp_path: Path) -> Path:
    path = tmp_path / "colour.png"
    cv2.imencode(".png", NOISE)[1].tofile(path)
    return path


def saved(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path


@pytest.mark.parametrize(
    ("shape", "layout", "order"),
    [
        ((1, 3, 224, 224), "nchw", "rgb"),
        (("N", 3, None, None), "nchw", "rgb"),
        ((1, 224, 224, 3), "nhwc", "rgb"),
        ((1, 1, 28, 28), "nchw", "gray"),
        ((1, 480, 640, 1), "nhwc", "gray"),
        ((1, 4, 32, 32), "nchw", "rgb"),
        ((1, 3, 224, 3), "nchw", "rgb"),
        ((3, 32, 32), "nchw", "rgb"),
        ((32, 32, 3), "nhwc", "rgb"),
        ((28, 28), "nchw", "gray"),
        ((1, 784), "nchw", "rgb"),
        ((1, 16, 8, 8), "nchw", "rgb"),
        ((), "nchw", "rgb"),
        (None, "nchw", "rgb"),
    ],
)
def test_that_the_shape_tells_layout_and_gray(shape: tuple[int, ...] | None, layout: str, order: str) -> None:
    assert guess(Tensor("x", shape)) == Preprocess(layout=layout, order=order)


@pytest.mark.parametrize("order", ["rgb", "bgr"])
def test_that_a_picture_is_normalised_in_double_precision_then_cast(colour: Path, order: str) -> None:
    result = feed(colour, NCHW, Preprocess(MEAN, STD, order=order))
    pixels = (RGB if order == "rgb" else NOISE).transpose(2, 0, 1)[None].astype(np.float64)
    expected = (pixels - np.reshape(MEAN, (1, 3, 1, 1))) / np.reshape(STD, (1, 3, 1, 1))
    assert result.dtype == np.float32
    assert result.flags.c_contiguous
    assert np.array_equal(result, expected.astype(np.float32))


def test_that_scale_comes_before_mean_and_std(colour: Path) -> None:
    result = feed(colour, NCHW, Preprocess((0.5,), (0.25,), 1 / 255))
    expected = (RGB.transpose(2, 0, 1)[None].astype(np.float64) * (1 / 255) - 0.5) / 0.25
    assert np.array_equal(result, expected.astype(np.float32))


def test_that_nhwc_networks_get_channels_last(colour: Path) -> None:
    result = feed(colour, Tensor("x", (1, 8, 12, 3), "float32"), Preprocess(MEAN, layout="nhwc"))
    assert np.array_equal(result[0], (RGB.astype(np.float64) - MEAN).astype(np.float32))


@pytest.mark.parametrize(
    ("shape", "layout"), [((3, 8, 12), "nchw"), ((8, 12, 3), "nhwc"), ((1, 8, 12), "nchw"), ((8, 12), "nchw")]
)
def test_that_inputs_without_batch_take_pictures(colour: Path, shape: tuple[int, ...], layout: str) -> None:
    tensor = Tensor("x", shape, "float32")
    assert feed(colour, tensor, guess(tensor)).shape == shape
    assert guess(tensor).layout == layout


def test_that_gray_is_made_after_resizing_as_the_toolkit_does(colour: Path) -> None:
    result = feed(colour, Tensor("x", (1, 1, 5, 7), "float32"), Preprocess(order="gray"))
    expected = cv2.cvtColor(cv2.resize(NOISE, (7, 5), interpolation=cv2.INTER_LINEAR), cv2.COLOR_BGR2GRAY)
    assert np.array_equal(result[0, 0], expected)


def test_that_a_grey_file_fills_three_channels(tmp_path: Path) -> None:
    cv2.imencode(".png", NOISE[:, :, 0])[1].tofile(tmp_path / "a.png")
    result = feed(tmp_path / "a.png", NCHW, Preprocess())
    assert all(np.array_equal(result[0, channel], NOISE[:, :, 0]) for channel in range(3))


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int64", "float16", "float64"])
def test_that_a_picture_is_fed_in_the_inputs_type(colour: Path, dtype: str) -> None:
    result = feed(colour, Tensor("x", (1, 3, 8, 12), dtype), Preprocess())
    assert result.dtype == dtype
    assert np.array_equal(result[0], RGB.transpose(2, 0, 1))


def test_that_int8_inputs_refuse_pixels_that_do_not_fit(colour: Path) -> None:
    with pytest.raises(DatasetError, match=r"colour\.png gives values from 0 to 255, outside the input's type int8"):
        feed(colour, Tensor("x", (1, 3, 8, 12), "int8"), Preprocess())
    shifted = feed(colour, Tensor("x", (1, 3, 8, 12), "int8"), Preprocess((128.0,)))
    assert np.array_equal(shifted[0], (RGB.astype(int) - 128).transpose(2, 0, 1))


def test_that_an_array_is_fed_unchanged_by_default(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(1, 3, 8, 12)).astype(np.float32)
    assert np.array_equal(feed(saved(tmp_path / "a.npy", values), NCHW, Preprocess(order="bgr")), values)


def test_that_mean_and_std_hold_for_arrays_too(tmp_path: Path) -> None:
    values = RGB.transpose(2, 0, 1)[None]
    result = feed(saved(tmp_path / "a.npy", values), NCHW, Preprocess(MEAN, STD))
    expected = (values - np.reshape(MEAN, (1, 3, 1, 1))) / np.reshape(STD, (1, 3, 1, 1))
    assert np.array_equal(result, expected.astype(np.float32))


@pytest.mark.parametrize(
    ("shape", "count", "axis"), [((1, 6, 4, 4), 6, 1), ((1, 5), 5, 1), ((1, 40, 9), 40, 1), ((7, 2, 2, 2, 2), 2, 1)]
)
def test_that_any_number_of_channels_is_normalised_along_them(
    tmp_path: Path, shape: tuple[int, ...], count: int, axis: int
) -> None:
    tensor, mean = Tensor("x", shape, "float32"), tuple(float(index) for index in range(count))
    result = feed(saved(tmp_path / "a.npy", np.zeros(shape)), tensor, Preprocess(mean))
    assert channels(tensor, Preprocess()) == count
    assert np.array_equal(
        np.moveaxis(result, axis, -1), np.broadcast_to(-np.array(mean), result.shape[:1] + result.shape[2:] + (count,))
    )


def test_that_raw_bytes_have_the_inputs_shape_and_type_by_default(tmp_path: Path) -> None:
    values = np.arange(6, dtype=np.int64)
    values.tofile(tmp_path / "a.bin")
    assert np.array_equal(feed(tmp_path / "a.bin", Tensor("x", (1, 6), "int64"), Preprocess())[0], values)


def test_that_raw_bytes_may_be_a_camera_picture(tmp_path: Path) -> None:
    RGB.tofile(tmp_path / "a.bin")
    result = feed(tmp_path / "a.bin", NCHW, Preprocess(MEAN, shape=(8, 12, 3), dtype="uint8"))
    assert np.array_equal(result[0], (RGB - np.array(MEAN)).transpose(2, 0, 1).astype(np.float32))


def test_that_an_unknown_kind_of_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"a\.gif is no file that can be fed"):
        feed(tmp_path / "a.gif", NCHW, Preprocess())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Preprocess(mean=(1.0, 2.0)), "has 3 channels (nchw), but mean has 2 values"),
        (Preprocess(std=(1.0,) * 4), "but std has 4 values"),
        (Preprocess(mean=()), "mean has 0 values"),
        (Preprocess(std=(1.0, 0.0, 1.0)), "must not be 0"),
        (Preprocess(scale=0.0), "scale must not be 0"),
        (Preprocess(mean=(math.nan,)), "finite"),
        (Preprocess(order="yuv"), "order is 'yuv'; it must be one of rgb, bgr, gray"),
        (Preprocess(layout="chwn"), "layout"),
        (Preprocess(resize="zoom"), "resize"),
        (Preprocess(dtype="float8"), "dtype is 'float8'"),
        (Preprocess(shape=(3, 8, 11)), "shape (3, 8, 11) has 264 elements; the network takes 288"),
        (Preprocess(mean=(1.0, 2.0, 3.0), layout="nhwc"), "has 12 channels (nhwc)"),
    ],
)
def test_that_a_setting_that_cannot_be_used_is_a_sentence_naming_the_input(
    colour: Path, settings: Preprocess, words: str
) -> None:
    (sentence,) = problems(NCHW, settings)
    assert words in sentence
    assert "'images'" in sentence
    with pytest.raises(SettingsError):
        feed(colour, NCHW, settings)


def test_that_all_problems_are_told_at_once() -> None:
    assert len(problems(NCHW, Preprocess((1.0, 2.0), (0.0, 1.0), 0.0, "x", "nchw", "y"))) == 6


def test_that_settings_for_arrays_are_no_problem() -> None:
    for shape in ((1, 7, 5, 5), (1, 100), (), (2, 3, 4, 5, 6), None, ("N", 3, "H", "W")):
        tensor = Tensor("x", shape, "float32")
        assert problems(tensor, guess(tensor)) == []


@pytest.mark.parametrize("shape", [(1, 7, 5, 5), (1, 100), (), (2, 3, 4, 5, 6), (1, 3, 0, 5), (5, 1)])
def test_that_an_input_that_is_no_picture_refuses_pictures(colour: Path, shape: tuple[int, ...]) -> None:
    with pytest.raises(DatasetError, match=r"The input 'x' .* takes no pictures") as caught:
        feed(colour, Tensor("x", shape, "float32"), Preprocess())
    assert ".npy" in caught.value.hint


def test_that_the_other_layout_is_proposed(colour: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        feed(colour, Tensor("x", (1, 8, 12, 3), "float32"), Preprocess())
    assert caught.value.hint == "Set its layout to nhwc."


def test_that_a_batch_of_pictures_is_not_made_from_one(colour: Path) -> None:
    with pytest.raises(DatasetError, match="takes 4 pictures at once"):
        feed(colour, Tensor("x", (4, 3, 8, 12), "float32"), Preprocess())


@pytest.mark.parametrize(
    ("count", "order", "fitting"), [(1, "rgb", "gray"), (3, "gray", "rgb or bgr"), (4, "gray", "rgb")]
)
def test_that_an_order_that_does_not_fit_the_channels_is_an_error(
    colour: Path, count: int, order: str, fitting: str
) -> None:
    with pytest.raises(SettingsError, match=f"order {order} does not fit") as caught:
        feed(colour, Tensor("x", (1, count, 8, 12), "float32"), Preprocess(order=order))
    assert fitting in caught.value.hint


def test_that_an_open_shape_is_an_error_with_the_option_to_fix_it(colour: Path) -> None:
    with pytest.raises(ModelError, match="no fixed shape") as caught:
        feed(colour, Tensor("x", (1, 3, "H", "W"), "float32"), Preprocess())
    assert "--shape x:" in caught.value.hint


@pytest.mark.parametrize("dtype", ["bfloat16", "str", "object", "complex64"])
def test_that_a_type_that_files_cannot_hold_is_an_error(colour: Path, dtype: str) -> None:
    with pytest.raises(ModelError, match=f"takes {dtype}"):
        feed(colour, Tensor("x", (1, 3, 8, 12), dtype), Preprocess())


def test_that_an_unknown_type_is_fed_as_float32(colour: Path) -> None:
    assert feed(colour, Tensor("x", (1, 3, 8, 12)), Preprocess()).dtype == np.float32


def test_that_the_frame_is_the_picture_inside_the_input() -> None:
    assert (frame(NCHW, Preprocess()).height, frame(NCHW, Preprocess()).width, frame(NCHW, Preprocess()).channels) == (
        8,
        12,
        3,
    )


def test_that_the_preview_shows_the_channels_in_the_order_in_which_they_are_fed(colour: Path) -> None:
    assert np.array_equal(picture(colour, NCHW, Preprocess(MEAN, STD, order="rgb")), RGB)
    assert np.array_equal(picture(colour, NCHW, Preprocess(MEAN, STD, order="bgr")), RGB[:, :, ::-1])


def test_that_the_preview_shows_resizing_and_gray(colour: Path) -> None:
    shown = picture(colour, Tensor("x", (1, 1, 20, 20), "float32"), Preprocess(order="gray", resize="letterbox"))
    assert shown.shape == (20, 20, 3)
    assert (shown[0] == 114).all()
    assert np.array_equal(shown[:, :, 0], shown[:, :, 2])


@pytest.mark.parametrize("factor", [1, 1 / 255])
def test_that_arrays_are_previewed_as_pictures(tmp_path: Path, factor: float) -> None:
    path = saved(tmp_path / "a.npy", RGB.transpose(2, 0, 1)[None] * np.float32(factor))
    assert np.array_equal(picture(path, NCHW, Preprocess()), RGB)
    assert np.array_equal(picture(path, NCHW, Preprocess(order="bgr")), RGB)  # an array is fed as it is


@pytest.mark.parametrize("values", [np.nan, np.inf, -3.0, 0.0, 1e30])
def test_that_any_values_can_be_previewed(tmp_path: Path, values: float) -> None:
    array = np.full((1, 3, 8, 12), values, np.float32)
    array[0, 0, 0, 0] = 1
    assert picture(saved(tmp_path / "a.npy", array), NCHW, Preprocess()).shape == (8, 12, 3)


def test_that_an_array_that_is_no_picture_has_no_preview(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="takes no pictures"):
        picture(saved(tmp_path / "a.npy", np.zeros((1, 5))), Tensor("x", (1, 5), "float32"), Preprocess())


def test_that_the_range_leaves_nan_out() -> None:
    assert feed_range(np.array([1, math.nan, -2], np.float32)) == (-2.0, 1.0)
    assert feed_range(np.array([3, 250], np.uint8)) == (3.0, 250.0)
    assert all(math.isnan(limit) for limit in feed_range(np.array([math.nan])))
    assert all(math.isnan(limit) for limit in feed_range(np.zeros((0, 3))))


def test_that_every_case_of_the_test_material_can_be_fed(shared: Path) -> None:
    for case in json.loads((shared / "models" / "cases.json").read_text()):
        for one in case["inputs"]:
            tensor = Tensor(one["name"], tuple(one["shape"]), "float32")
            settings = Preprocess(
                tuple(map(float, one["mean"])),
                tuple(map(float, one["std"])),
                order=one["order"],
                layout=one["layout"],
                resize=one.get("resize", "stretch"),
            )
            path = sorted((shared / "images").glob(one.get("images", case.get("images"))))[0]
            assert problems(tensor, settings) == []
            assert (settings.layout, settings.order == "gray") == (guess(tensor).layout, guess(tensor).order == "gray")
            assert feed(path, tensor, settings).shape == tensor.shape
