"""Data sets and their labels: what is read, how images are fed, and what is refused with a sentence."""

import gzip
import json
import struct
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from workbench.evaluate.feeding import Placed, fed, placed
from workbench.evaluate.items import Item, idx_array, is_idx, read_items, spread
from workbench.evaluate.labels import read_classes, read_names
from workbench.evaluate.truths import in_pixels, read_boxes
from workbench.foundation.errors import DatasetError
from workbench.graph.graph import Tensor
from workbench.preprocess import images
from workbench.preprocess.dataset import Sample, feeds
from workbench.preprocess.preprocess import Frame, Preprocess

RANDOM = np.random.default_rng(0)


def idx(path: Path, values: np.ndarray, packed: bool = False) -> Path:
    data = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def picture(path: Path, width: int = 20, height: int = 10) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), RANDOM.integers(0, 255, (height, width, 3), np.uint8))
    return path


def folder_of(tmp_path: Path, names: Sequence[str]) -> Path:
    for name in names:
        picture(tmp_path / "images" / name)
    return tmp_path / "images"


@pytest.mark.parametrize("packed", [True, False])
def test_that_a_file_of_mnists_form_is_as_many_images(tmp_path: Path, packed: bool) -> None:
    values = RANDOM.integers(0, 255, (5, 28, 28), np.uint8)
    path = idx(tmp_path / "t-images", values, packed)
    found = read_items(path, 1)
    assert [item.name for item in found] == [f"t-images[{at}]" for at in range(5)]
    assert is_idx(path)
    assert np.array_equal(idx_array(path), values)


def test_that_a_file_that_is_cut_off_or_says_too_much_is_refused(tmp_path: Path) -> None:
    values = RANDOM.integers(0, 255, (5, 28, 28), np.uint8)
    cut = idx(tmp_path / "cut", values)
    cut.write_bytes(cut.read_bytes()[:-1])
    with pytest.raises(DatasetError, match="does not hold the 5 x 28 x 28"):
        idx_array(cut)
    large = tmp_path / "large"
    large.write_bytes(gzip.compress(bytes((0, 0, 8, 3)) + struct.pack(">3I", 1 << 31, 1 << 31, 4)))
    with pytest.raises(DatasetError, match="too many"):
        idx_array(large)
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(bytes((0, 0, 8, 1)) + struct.pack(">I", 100) + bytes(100))[:20])
    with pytest.raises(DatasetError, match="packed"):
        idx_array(packed)


def test_that_folders_of_pictures_are_classes(tmp_path: Path) -> None:
    root = folder_of(tmp_path, ["cat/a.png", "cat/b.png", "ape/a.png"])
    found = read_items(root, 1)
    assert [item.name for item in found] == ["ape/a.png", "cat/a.png", "cat/b.png"]
    assert read_classes(None, found) == [0, 1, 1]
    assert read_classes(None, found, ("cat", "dog", "ape")) == [2, 0, 0]


def test_that_folders_called_by_numbers_are_these_classes(tmp_path: Path) -> None:
    found = read_items(folder_of(tmp_path, ["10/a.png", "2/b.png"]), 1)
    assert read_classes(None, found) == [2, 10]
    assert read_classes(None, found, first=1) == [1, 9]


def test_that_at_most_so_many_are_spread_over_the_whole() -> None:
    items = [Item(str(at), None) for at in range(10)]  # type: ignore[arg-type]
    assert [item.name for item in spread(items, 3)] == ["0", "3", "6"]
    assert len(spread(items, 0)) == len(spread(items, 99)) == 10


@pytest.mark.parametrize(
    "text",
    [
        "a.png 3\nb.png 1\n",
        "b.png,1\na.png,3\n",
        "# labels\na\t3\nb\t1\n",
        '{"a.png": 3, "b": 1}',
        "3\n1\n",
        '"a.png" 3\n"b.png" 1',
    ],
)
def test_that_classes_are_read_in_the_forms_that_people_have(tmp_path: Path, text: str) -> None:
    found = read_items(folder_of(tmp_path, ["a.png", "b.png"]), 1)
    path = tmp_path / "labels.txt"
    path.write_text(text, encoding="utf-8")
    assert read_classes(path, found) == [3, 1]


def test_that_classes_may_be_names_with_blanks(tmp_path: Path) -> None:
    found = read_items(folder_of(tmp_path, ["a.png", "b.png"]), 1)
    names, path = tmp_path / "names.txt", tmp_path / "labels.txt"
    names.write_text("house cat\ndog\n", encoding="utf-8")
    path.write_text("a.png dog\nb.png house cat\n", encoding="utf-8")
    assert read_classes(path, found, read_names(names)) == [1, 0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a.png 3\n", "says nothing about b.png"),
        ("1\n2\n3\n", "has 3 labels, the data set 2"),
        ("a.png x\nb.png 1", "'x' is no class"),
        ("a.png 0\nb.png 1", "below the first class"),
        ("{", "is no JSON"),
        ("", "has no labels"),
    ],
)
def test_that_labels_that_do_not_fit_are_refused(tmp_path: Path, text: str, says: str) -> None:
    found = read_items(folder_of(tmp_path, ["a.png", "b.png"]), 1)
    path = tmp_path / "labels.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=says):
        read_classes(path, found, first=1)


def test_that_labels_of_mnists_form_belong_to_images_by_their_place(tmp_path: Path) -> None:
    every = read_items(idx(tmp_path / "images", RANDOM.integers(0, 255, (5, 2, 2), np.uint8)), 1)
    labels = idx(tmp_path / "labels", np.array([4, 3, 2, 1, 0], np.uint8), packed=True)
    assert read_classes(labels, every) == [4, 3, 2, 1, 0]
    assert read_classes(labels, [every[3], every[1]]) == [1, 3]


def test_that_cocos_boxes_are_read(tmp_path: Path) -> None:
    found = read_items(folder_of(tmp_path, ["a.png", "b.png"]), 1)
    document = {
        "categories": [{"id": 7, "name": "cat"}, {"id": 3, "name": "dog"}],
        "images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}],
        "annotations": [
            {"image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "area": 9.5, "iscrowd": 0},
            {"image_id": 1, "category_id": 3, "bbox": [0, 0, 5, 5], "area": 25, "iscrowd": 1},
        ],
    }
    path = tmp_path / "instances.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    boxes = read_boxes(path, found)
    assert boxes.names == ("dog", "cat")
    assert boxes.ids == (3, 7)
    truth = boxes.truths["a.png"]
    assert truth.boxes.tolist() == [[1, 2, 4, 6], [0, 0, 5, 5]]
    assert (truth.classes.tolist(), truth.areas.tolist(), truth.crowds.tolist()) == ([1, 0], [9.5, 25], [False, True])
    assert len(boxes.truths["b.png"].boxes) == 0


@pytest.mark.parametrize("text", ['{"images": []}', '{"images": 3, "annotations": [], "categories": []}', "{]"])
def test_that_what_is_no_coco_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "instances.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"instances\.json"):
        read_boxes(path, read_items(folder_of(tmp_path, ["a.png"]), 1))


def test_that_yolos_files_are_shares_of_the_picture(tmp_path: Path) -> None:
    found = read_items(folder_of(tmp_path, ["a.png", "b.png"]), 1)
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.txt").write_text("2 0.5 0.5 0.5 1.0\n", encoding="utf-8")
    boxes = read_boxes(tmp_path / "labels", found)
    assert boxes.is_relative
    truth = in_pixels(boxes.truths["a.png"], 20, 10)
    assert truth.boxes.tolist() == [[5, 0, 15, 10]]
    assert truth.areas.tolist() == [100]
    assert len(boxes.truths["b.png"].boxes) == 0


def test_that_wider_faces_list_is_read(tmp_path: Path) -> None:
    root = folder_of(tmp_path, ["0--Parade/a.png", "1--Other/b.png", "1--Other/c.png"])
    text = "0--Parade/a.png\n2\n1 2 10 20 0 0 0 0 0 0\n5 5 8 8 0 0 0 1 0 0\n1--Other/b.png\n0\n0 0 0 0 0 0 0 0 0 0\n"
    path = tmp_path / "list.txt"
    path.write_text(text + "1--Other/c.png\n1\n3 3 4 4\n", encoding="utf-8")
    boxes = read_boxes(path, read_items(root, 1))
    assert boxes.truths["0--Parade/a.png"].boxes.tolist() == [[1, 2, 11, 22], [5, 5, 13, 13]]
    assert boxes.truths["0--Parade/a.png"].crowds.tolist() == [False, True]
    assert len(boxes.truths["1--Other/b.png"].boxes) == 0
    assert len(boxes.truths["1--Other/c.png"].boxes) == 1


@pytest.mark.parametrize("resize", ["stretch", "letterbox", "crop"])
@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
def test_that_an_image_is_fed_as_in_a_session(tmp_path: Path, resize: str, layout: str) -> None:
    tensor = Tensor("image", (1, 3, 24, 32) if layout == "nchw" else (1, 24, 32, 3), "float32")
    settings = {"image": Preprocess((1.0, 2.0, 3.0), (4.0,), 0.5, "bgr", layout, resize)}
    item = read_items(folder_of(tmp_path, ["a.png"]), 1)[0]
    expected = feeds(item.sample, (tensor,), settings)["image"]
    assert np.array_equal(fed(item, (tensor,), settings).feeds["image"], expected)


def test_that_an_image_of_mnists_form_is_fed_as_its_picture(tmp_path: Path) -> None:
    values = RANDOM.integers(0, 255, (2, 28, 28), np.uint8)
    item = read_items(idx(tmp_path / "images", values), 1)[1]
    cv2.imwrite(str(tmp_path / "one.png"), values[1])
    tensor = Tensor("image", (1, 1, 14, 14), "float32")
    settings = {"image": Preprocess(mean=(3.0,), std=(7.0,), order="gray")}
    other = feeds(Sample((tmp_path / "one.png",)), (tensor,), settings)["image"]
    assert np.array_equal(fed(item, (tensor,), settings).feeds["image"], other)


@pytest.mark.parametrize("rule", ["stretch", "letterbox", "crop", "none"])
@pytest.mark.parametrize(("width", "height"), [(40, 20), (33, 51), (64, 48)])
def test_that_boxes_come_back_to_where_the_picture_has_them(rule: str, width: int, height: int) -> None:
    """A white square on black is looked for in the resized picture."""
    wanted = Frame(48, 64, 3)
    if rule == "none" and (width, height) != (64, 48):
        pytest.skip("only pictures of that size")
    box = (width * 0.4, height * 0.4, width * 0.6, height * 0.7)
    image = np.zeros((height * 8, width * 8, 3), np.uint8)  # finely, so that its edges are sharp
    image[round(box[1] * 8) : round(box[3] * 8), round(box[0] * 8) : round(box[2] * 8)] = 255
    sized = images.resize(image, wanted.height * 8, wanted.width * 8, rule, Path("x")) if rule != "none" else image
    rows, columns = np.nonzero((sized == 255).all(axis=2))
    found = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]]) / 8
    back = placed(width, height, wanted, rule).back(found)
    assert back[0] == pytest.approx(box, abs=1.0)


def test_that_boxes_end_at_the_pictures_borders() -> None:
    found = Placed(20, 10).back(np.array([[-5.0, -5.0, 30.0, 5.0]]))
    assert found.tolist() == [[0, 0, 20, 5]]
