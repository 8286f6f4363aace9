from pathlib import Path

import cv2
import numpy as np
import pytest

from workbench.foundation.errors import DatasetError
from workbench.preprocess import images

NOISE = np.random.default_rng(0).integers(0, 256, (24, 36, 3), np.uint8)


def write(path: Path, image: np.ndarray) -> Path:
    cv2.imencode(path.suffix, image)[1].tofile(path)
    return path


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    entry = b"\x12\x01\x03\x00\x01\x00\x00\x00" + orientation.to_bytes(4, "little")
    body = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + entry + bytes(4)
    return jpeg[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".PNG"])
def test_that_lossless_pictures_keep_every_value(tmp_path: Path, suffix: str) -> None:
    assert np.array_equal(images.read(write(tmp_path / f"a{suffix}", NOISE)), NOISE)


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".webp"])
def test_that_lossy_pictures_are_read_as_cv2_reads_them(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", NOISE)
    assert np.array_equal(images.read(path), cv2.imread(str(path)))


def test_that_paths_may_hold_any_letters(tmp_path: Path) -> None:
    assert np.array_equal(images.read(write(tmp_path / "校准 图片 é.png", NOISE)), NOISE)


def test_that_grey_files_get_three_equal_channels(tmp_path: Path) -> None:
    image = images.read(write(tmp_path / "a.png", NOISE[:, :, 0]))
    assert np.array_equal(image, np.repeat(NOISE[:, :, :1], 3, axis=2))


def test_that_sixteen_bits_are_cut_to_eight(tmp_path: Path) -> None:
    deep = NOISE.astype(np.uint16) * 256 + 255
    assert np.array_equal(images.read(write(tmp_path / "a.png", deep)), NOISE)


def test_that_alpha_is_dropped_for_three_channels_and_kept_for_four(tmp_path: Path) -> None:
    alpha = np.dstack([NOISE, NOISE[:, :, 1]])
    path = write(tmp_path / "a.png", alpha)
    assert np.array_equal(images.read(path), NOISE)
    assert np.array_equal(images.read(path, 4), alpha)


def test_that_sixteen_bit_alpha_is_cut_to_eight(tmp_path: Path) -> None:
    alpha = np.dstack([NOISE, NOISE[:, :, 1]])
    path = write(tmp_path / "a.png", alpha.astype(np.uint16) * 257)
    assert np.array_equal(images.read(path, 4), alpha)


def test_that_a_picture_without_alpha_is_opaque(tmp_path: Path) -> None:
    assert (images.read(write(tmp_path / "a.bmp", NOISE), 4)[:, :, 3] == 255).all()


def test_that_pictures_are_turned_as_exif_says(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.jpg", NOISE)
    turned = tmp_path / "turned.jpg"
    turned.write_bytes(with_orientation(plain.read_bytes(), 6))
    assert np.array_equal(images.read(turned), np.rot90(images.read(plain), -1))


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp"])
@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.95, 0.999])
def test_that_a_cut_off_picture_is_an_error_that_names_it(tmp_path: Path, suffix: str, share: float) -> None:
    whole = write(tmp_path / f"a{suffix}", NOISE).read_bytes()
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(whole[: max(1, int(len(whole) * share))])
    with pytest.raises(DatasetError, match=rf"cut\{suffix} is cut off"):
        images.read(path)


def test_that_a_thumbnail_does_not_hide_that_a_jpeg_is_cut_off(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.jpg", NOISE).read_bytes()
    thumbnail = b"Exif\0\0" + whole
    path = tmp_path / "cut.jpg"
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    path.write_bytes(whole[:2] + segment + whole[2:-40])
    with pytest.raises(DatasetError, match="is cut off"):
        images.read(path)


@pytest.mark.parametrize("content", [b"", b"\0" * 1000, b"<html></html>", b"GIF89a", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"])
def test_that_what_is_no_picture_is_an_error_that_names_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.jpg"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"odd\.jpg"):
        images.read(path)


def test_that_a_picture_of_absurd_size_is_an_error(tmp_path: Path) -> None:
    raw = bytearray(write(tmp_path / "a.bmp", NOISE).read_bytes())
    raw[18:26] = (2**31 - 1).to_bytes(4, "little") * 2
    (tmp_path / "a.bmp").write_bytes(raw)
    with pytest.raises(DatasetError, match="no picture"):
        images.read(tmp_path / "a.bmp")


def test_that_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(DatasetError, match="too large"):
        images.read(path)


def test_that_missing_files_and_folders_are_errors(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()
    for name in ("absent.jpg", "folder.jpg"):
        with pytest.raises(DatasetError, match=name):
            images.read(tmp_path / name)


def test_that_order_says_which_channel_comes_first() -> None:
    assert np.array_equal(images.arrange(NOISE, "bgr"), NOISE)
    assert np.array_equal(images.arrange(NOISE, "rgb"), NOISE[:, :, ::-1])
    four = np.dstack([NOISE, NOISE[:, :, 0]])
    assert np.array_equal(images.arrange(four, "rgb"), four[:, :, [2, 1, 0, 3]])


def test_that_gray_is_weighted_as_cv2_does() -> None:
    weighted = NOISE @ np.array([0.114, 0.587, 0.299])
    gray = images.arrange(NOISE, "gray")
    assert gray.shape == (24, 36, 1)
    assert np.abs(gray[:, :, 0] - weighted).max() <= 0.51


def test_that_colours_for_the_eye_do_not_depend_on_the_order() -> None:
    for order in ("rgb", "bgr"):
        assert np.array_equal(images.to_rgb(images.arrange(NOISE, order), order), NOISE[:, :, ::-1])


def test_that_stretch_is_linear_and_keeps_no_aspect() -> None:
    result = images.resize(NOISE, 50, 20, "stretch", Path("a"))
    assert np.array_equal(result, cv2.resize(NOISE, (20, 50), interpolation=cv2.INTER_LINEAR))


@pytest.mark.parametrize("rule", ["stretch", "letterbox", "crop", "none"])
def test_that_a_picture_of_the_right_size_stays_as_it_is(rule: str) -> None:
    assert images.resize(NOISE, 24, 36, rule, Path("a")) is NOISE


def test_that_letterbox_keeps_the_aspect_in_the_middle_of_grey() -> None:
    result = images.resize(NOISE, 36, 36, "letterbox", Path("a"))
    assert np.array_equal(result[6:30], NOISE)
    assert (result[:6] == 114).all()
    assert (result[30:] == 114).all()


def test_that_letterbox_puts_an_odd_row_below() -> None:
    result = images.resize(NOISE, 27, 36, "letterbox", Path("a"))
    assert np.array_equal(result[1:25], NOISE)


def test_that_letterbox_keeps_at_least_one_pixel_of_a_thin_picture() -> None:
    assert images.resize(np.zeros((1, 5000, 3), np.uint8), 8, 8, "letterbox", Path("a")).min() == 0


def test_that_crop_takes_the_centre() -> None:
    result = images.resize(NOISE, 24, 24, "crop", Path("a"))
    assert np.array_equal(result, NOISE[:, 6:30])


def test_that_crop_scales_the_shorter_side_to_fit() -> None:
    result = images.resize(NOISE, 48, 48, "crop", Path("a"))
    assert np.array_equal(result, cv2.resize(NOISE, (72, 48), interpolation=cv2.INTER_LINEAR)[:, 12:60])


def test_that_a_thread_like_picture_is_not_cropped() -> None:
    with pytest.raises(DatasetError, match=r"thin\.png is too long and narrow"):
        images.resize(np.zeros((1, 20000, 3), np.uint8), 1000, 1000, "crop", Path("thin.png"))


def test_that_rule_none_names_file_and_both_sizes() -> None:
    with pytest.raises(DatasetError, match=r"a\.png is 36 x 24 pixels; the network takes 10 x 20"):
        images.resize(NOISE, 20, 10, "none", Path("a.png"))


def test_that_every_shared_picture_is_read_as_cv2_reads_it(shared: Path) -> None:
    paths = [path for path in sorted((shared / "images").rglob("*")) if images.is_picture(path)]
    assert len(paths) > 100
    different = [path for path in paths if not np.array_equal(images.read(path), cv2.imread(str(path)))]
    assert different == []
