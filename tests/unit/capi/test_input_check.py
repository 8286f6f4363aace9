"""What a buffer is found to be, over several networks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.capi.inputs import IMAGENET, NETWORKS, as_fed, buffer_of, expected, network, picture
from workbench.capi.attributes import read_attrs
from workbench.capi.buffers import Buffer, read_buffer
from workbench.capi.expected import Expected
from workbench.capi.findings import worst
from workbench.capi.input_check import Checked, Declared, check_input
from workbench.foundation.errors import DumpError
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.encoding import asymmetric

every_network = pytest.mark.parametrize("name", NETWORKS)
coloured = pytest.mark.parametrize("name", [name for name in NETWORKS if name != "grey"])
quantised = pytest.mark.parametrize("name", [name for name in NETWORKS if name not in ("float16", "rv1126")])


def keys(checked: Checked, *levels: str) -> set[str]:
    return {finding.key for finding in checked.findings if finding.level in (levels or ("bad", "doubt"))}


@every_network
def test_that_pixels_are_right_for_pass_through_0(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    checked = check_input(buffer_of(as_fed(one.pixels, one)), [one], Declared("uint8", "NHWC", 0))
    assert worst(checked.findings) == "good"
    assert "pixels" in keys(checked, "good")


def test_that_pixels_as_floats_are_right_and_cost_more(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    checked = check_input(buffer_of(as_fed(one.pixels, one).astype(np.float32)), [one], Declared("float32", "NHWC", 0))
    assert keys(checked) == set()
    assert "float-pixels" in keys(checked, "note")


@every_network
def test_that_stored_values_are_right_for_pass_through_1(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    assert one.stored is not None
    checked = check_input(buffer_of(as_fed(one.stored, one)), [one], Declared(pass_through=1))
    assert keys(checked) == set()
    assert "stored" in keys(checked, "good")


@coloured
def test_that_exchanged_channels_are_found(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    checked = check_input(buffer_of(as_fed(one.pixels, one)[..., ::-1]), [one])
    assert keys(checked) == {"order"}


def test_that_exchanged_channels_may_be_right_where_the_model_exchanges_them(tmp_path: Path) -> None:
    one = expected(tmp_path, "rv1126")
    settings = replace(one.input.settings, order="bgr")
    one = replace(one, input=replace(one.input, settings=settings))
    assert keys(check_input(buffer_of(as_fed(one.pixels, one)[..., ::-1]), [one])) == {"order-in-model"}


@coloured
def test_that_planes_one_behind_the_other_are_found(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    planes = as_fed(one.pixels, one).transpose(0, 3, 1, 2)
    assert keys(check_input(buffer_of(planes), [one])) == {"layout"}
    assert keys(check_input(buffer_of(planes), [one], Declared(fmt="NCHW")), "doubt") == {"layout"}


@every_network
def test_that_exchanged_height_and_width_are_found(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    assert keys(check_input(buffer_of(as_fed(one.pixels, one).transpose(0, 2, 1, 3)), [one])) >= {"turned"} - (
        {"turned"} if name == "grey" else set()
    )


@every_network
def test_that_values_normalised_by_the_program_and_the_driver_are_found(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    checked = check_input(buffer_of(as_fed(one.feed, one)), [one], Declared(pass_through=0))
    assert keys(checked) == {"normalised"}


@every_network
def test_that_values_normalised_twice_are_found(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    assert keys(check_input(buffer_of(as_fed(one.twice(), one)), [one])) == {"normalised-twice"}


@quantised
def test_that_pixels_with_pass_through_1_are_found_not_normalised(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    checked = check_input(buffer_of(as_fed(one.pixels, one)), [one], Declared(pass_through=1))
    assert keys(checked) == {"not-normalised"}


@quantised
def test_that_floats_with_pass_through_1_are_found_not_quantised(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    checked = check_input(buffer_of(as_fed(one.feed, one)), [one], Declared(pass_through=1))
    assert keys(checked) == {"not-quantised"}


@quantised
def test_that_stored_values_with_pass_through_0_are_found_quantised(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    assert one.stored is not None
    assert keys(check_input(buffer_of(as_fed(one.stored, one)), [one], Declared(pass_through=0))) == {"quantised"}


def test_that_raw_pixels_with_pass_through_1_are_right_where_they_are_what_is_stored(tmp_path: Path) -> None:
    one = expected(tmp_path, "rv1126")
    checked = check_input(buffer_of(as_fed(one.pixels, one)), [one], Declared(pass_through=1))
    assert (keys(checked), keys(checked, "good")) == (set(), {"reading", "stored"})


@pytest.mark.parametrize("name", ["rgb", "bgr", "nhwc"])
def test_that_pixels_divided_by_255_are_found(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    unit = one.pixels.astype(np.float32) / 255
    assert keys(check_input(buffer_of(as_fed(unit, one)), [one])) == {"unit"}


def test_that_pixels_divided_by_255_before_mean_and_std_are_found(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    shape = (1, 3, 1, 1)
    mean, std = np.reshape(IMAGENET.mean, shape), np.reshape(IMAGENET.std, shape)
    values = ((one.pixels / 255 - mean) / std).astype(np.float32)
    assert keys(check_input(buffer_of(as_fed(values, one)), [one])) == {"unit-normalised"}


@coloured
def test_that_other_numbers_are_told(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    values = ((one.pixels.astype(np.float64) - 90) / 40).astype(np.float32)
    (finding,) = [item for item in check_input(buffer_of(as_fed(values, one)), [one]).findings if item.level == "bad"]
    assert "with mean 90, 90, 90 and std 40, 40, 40" in finding.text


def test_that_pixels_minus_128_are_found(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    values = (as_fed(one.pixels, one).astype(np.int16) - 128).astype(np.int8)
    assert keys(check_input(buffer_of(values), [one])) == {"shifted"}


def test_that_an_unset_type_is_found(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    checked = check_input(buffer_of(as_fed(one.pixels, one)), [one], Declared("float32", "NHWC", 0))
    assert keys(checked) == {"type"}
    assert "RKNN_TENSOR_UINT8" in next(item.fix for item in checked.findings if item.key == "type")


@pytest.mark.parametrize(("share", "key"), [(1.5 / 3, "yuv"), (1 / 3, "channels"), (0.7, "size")])
def test_that_a_wrong_size_is_said_to_be_what_it_looks_like(tmp_path: Path, share: float, key: str) -> None:
    one = expected(tmp_path, "rgb")
    data = np.zeros(int(24 * 32 * 3 * share), np.uint8)
    checked = check_input(Buffer(Path("b"), data), [one])
    assert checked.reading is None
    assert key in keys(checked)


def test_that_a_fourth_value_of_each_pixel_is_found(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    rgba = np.full((1, 24, 32, 4), 255, np.uint8)
    rgba[..., :3] = as_fed(one.pixels, one)
    assert keys(check_input(buffer_of(rgba), [one])) == {"channels"}


def test_that_an_array_of_another_size_is_told_with_its_type(tmp_path: Path) -> None:
    np.save(tmp_path / "input.npy", np.zeros((1, 3, 5, 7), np.float32))
    checked = check_input(read_buffer(tmp_path / "input.npy"), [expected(tmp_path, "rgb")])
    assert "The file has 105 values of float32" in checked.findings[0].text


def test_that_a_size_that_is_no_number_of_values_is_said(tmp_path: Path) -> None:
    checked = check_input(Buffer(Path("b"), np.zeros(99, np.uint8)), [expected(tmp_path, "rgb")], Declared("float32"))
    assert "size-of-type" in keys(checked)


def test_that_the_boards_attribute_says_what_zero_copy_needs(tmp_path: Path) -> None:
    one = expected(tmp_path, "nhwc")  # 28 wide
    rows = np.zeros((1, 40, 32, 3), np.int8)
    rows[:, :, :28] = one.stored
    (attr,) = read_attrs(f"index=0, dims=[1, 40, 28, 3], type=INT8, w_stride=32, size_with_stride={40 * 32 * 3}")
    assert "size-with-stride" in keys(check_input(buffer_of(rows), [one], Declared(attr=attr)), "good")
    assert one.stored is not None
    assert "size-with-stride" in keys(check_input(buffer_of(one.stored), [one], Declared(attr=attr)), "note")


def test_that_an_attribute_of_another_network_is_found(tmp_path: Path) -> None:
    one = expected(tmp_path, "nhwc")
    (attr,) = read_attrs("index=0, dims=[1, 41, 28, 3], type=INT8")
    checked = check_input(buffer_of(as_fed(one.pixels, one)), [one], Declared(attr=attr))
    assert keys(checked) == {"attribute-elements"}


def test_that_padding_behind_rows_is_found(tmp_path: Path) -> None:
    one = expected(tmp_path, "nhwc")  # 28 wide
    rows = np.zeros((1, 40, 32, 3), np.uint8)
    rows[:, :, :28] = one.pixels
    assert keys(check_input(buffer_of(rows), [one])) == {"padding"}


def test_that_groups_of_channels_are_read_and_checked(tmp_path: Path) -> None:
    feature = network((1, 20, 6, 5), Preprocess(), dtype="int8")
    values = np.random.default_rng(0).uniform(-1, 1, (1, 20, 6, 5)).astype(np.float32)
    np.save(tmp_path / "x.npy", values)
    feature = replace(feature, encoding=asymmetric(-1.0, 1.0, "int8"))
    one = Expected(feature, tmp_path / "x.npy")
    assert one.stored is not None
    for group, wrong in ((16, set()), (8, {"group"})):
        lanes = np.zeros((1, -(-20 // group) * group, 6, 5), np.int8)
        lanes[:, :20] = one.stored
        grouped = lanes.reshape(1, -1, group, 6, 5).transpose(0, 1, 3, 4, 2)
        assert keys(check_input(buffer_of(grouped), [one], Declared(pass_through=1))) == wrong
    assert keys(check_input(buffer_of(as_fed(one.stored, one)), [one], Declared(pass_through=1))) == {"layout"}


def test_that_a_vector_is_checked_without_layout(tmp_path: Path) -> None:
    values = np.random.default_rng(0).uniform(0, 9, (1, 25)).astype(np.float32)
    np.save(tmp_path / "x.npy", values)
    one = Expected(network((1, 25), Preprocess((4.0,), (2.0,))), tmp_path / "x.npy")
    assert keys(check_input(buffer_of(values), [one])) == set()
    assert keys(check_input(buffer_of(one.feed), [one])) == {"normalised"}


@every_network
def test_that_another_picture_is_not_taken_for_this_one(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    other = np.random.default_rng(0).integers(0, 256, as_fed(one.pixels, one).shape, np.uint8)
    assert keys(check_input(buffer_of(other), [one])) >= {"other-picture"}


def test_that_the_picture_is_chosen_among_those_of_the_session(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    np.save(tmp_path / "other.npy", np.random.default_rng(0).uniform(0, 255, (1, 3, 24, 32)).astype(np.float32))
    other = Expected(one.input, tmp_path / "other.npy")
    checked = check_input(buffer_of(as_fed(one.pixels, one)), [other, one])
    assert checked.reading is not None
    assert checked.reading.expected.file == one.file


def test_that_another_way_to_resize_is_found(tmp_path: Path) -> None:
    one = Expected(NETWORKS["rgb"], picture(tmp_path, 90, 60))
    boxed = replace(one, input=replace(one.input, settings=replace(one.input.settings, resize="letterbox")))
    assert keys(check_input(buffer_of(as_fed(boxed.pixels, boxed)), [one])) == {"resize"}


def test_that_the_order_of_a_grey_picture_is_not_guessed(tmp_path: Path) -> None:
    import cv2

    one = expected(tmp_path, "rgb")
    cv2.imwrite(str(one.file), np.repeat(cv2.imread(str(one.file))[:, :, :1], 3, axis=2))
    assert keys(check_input(buffer_of(as_fed(one.pixels, one)), [one])) == {"order-unknown"}


def test_that_values_that_are_no_numbers_are_counted(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    values = as_fed(one.feed, one).copy()
    values[0, 3, 4] = np.nan
    checked = check_input(buffer_of(values), [one])
    assert "3 values are NaN or infinite." in [finding.text for finding in checked.findings]


def test_that_a_buffer_of_one_value_is_said_to_be_so(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    assert "constant" in keys(check_input(buffer_of(np.zeros((1, 24, 32, 3), np.uint8)), [one]))


def test_that_an_input_operators_dump_is_read_as_the_program_gave_it(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    path = tmp_path / "000_InputOperator_data_shape_1_3_24_32_uint8.npy"
    np.save(path, one.pixels)
    buffer = read_buffer(path)
    assert buffer.is_dump
    assert keys(check_input(buffer, [one])) == set()
    as_planes = as_fed(one.pixels, one).transpose(0, 3, 1, 2).reshape(1, 24, 32, 3)  # planes given as N, H, W, C
    np.save(path, as_planes.transpose(0, 3, 1, 2))
    assert keys(check_input(read_buffer(path), [one])) == {"layout"}


def test_that_a_dump_of_normalised_values_does_not_blame_the_program(tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    path = tmp_path / "000_InputOperator_data_shape_1_3_24_32_float.npy"
    np.save(path, one.feed)
    assert keys(check_input(read_buffer(path), [one]), "bad") == set()


def test_that_the_input_of_a_real_board_is_read(shared: Path, tmp_path: Path) -> None:
    folder = shared / "artifacts" / "mobilenetv2_rk3588_runtime"
    (path,) = (folder / "runtime" / "npy").glob("000_InputOperator*")
    golden = np.load(folder / "golden" / "npy" / "input.npy")
    pixels = golden * np.reshape(IMAGENET.std, (1, 3, 1, 1)) + np.reshape(IMAGENET.mean, (1, 3, 1, 1))
    np.save(tmp_path / "pixels.npy", np.rint(pixels).astype(np.float32))
    one = Expected(network((1, 3, 224, 224), IMAGENET), tmp_path / "pixels.npy")
    checked = check_input(read_buffer(path), [one])
    assert "pixels" in keys(checked, "good")
    assert keys(checked) == set()


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00"])
def test_that_an_unusable_file_is_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("b.bin", "b.npy"):
        (tmp_path / name).write_bytes(content if name.endswith("npy") or not content else b"")
        with pytest.raises(DumpError):
            read_buffer(tmp_path / name)


def test_that_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "b.npy", np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(DumpError, match="never loaded"):
        read_buffer(tmp_path / "b.npy")
