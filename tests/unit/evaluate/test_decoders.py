"""Decoders: heads that are written from known boxes, by formulas of their own, give these boxes back."""

import numpy as np
import pytest

from workbench.evaluate.boxes import Objects
from workbench.evaluate.decoders import HEADS, Decoding, head_of, objects_of
from workbench.evaluate.decoders.priors import RETINAFACE, ULTRAFACE, face_priors, ssd_priors
from workbench.evaluate.decoders.yolo import ANCHORS
from workbench.foundation.errors import SettingsError
from workbench.preprocess.preprocess import Frame

SIZE = Frame(256, 320, 3)
BOXES = {(40.0, 50.0, 72.0, 90.0): 2, (100.0, 20.0, 300.0, 220.0): 0, (200.0, 210.0, 216.0, 240.0): 1}
CLASSES = 3
Maps = dict[str, np.ndarray]


def logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def centre(box: tuple[float, ...]) -> tuple[float, float, float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]


def found_in(outputs: Maps, frame: Frame = SIZE, head: str = "", least: float = 0.3) -> tuple[str, Objects]:
    name = head_of(outputs, frame, head)
    return name, objects_of(outputs, frame, Decoding(name, least))


def check(found: Objects, tolerance: float = 0.02) -> None:
    """All boxes with their classes, and nothing else."""
    given = {tuple(np.round(box, 3)): int(number) for box, number in zip(found.boxes, found.classes, strict=True)}
    assert len(given) == len(BOXES)
    for box, number in BOXES.items():
        near = [own for own in given if np.abs(np.array(own) - box).max() < tolerance]
        assert len(near) == 1, (box, given)
        assert given[near[0]] == number


def yolov5_maps(is_raw: bool) -> Maps:
    """3 maps (1, 3 x (5 + classes), rows, columns); a box is in the cell of its centre, with an anchor of its size."""
    anchors = np.array(ANCHORS).reshape(3, 3, 2)
    maps = []
    for stride in (8, 16, 32):
        values = np.full((3, 5 + CLASSES, SIZE.height // stride, SIZE.width // stride), logit(0.01))
        values[:, :4] = 0
        maps.append(values)
    for box, number in BOXES.items():
        x, y, width, height = centre(box)
        level, anchor = next(
            (level, anchor)
            for level in range(3)
            for anchor in range(3)
            if 1 / 3.5 < width / anchors[level, anchor, 0] < 3.5 and 1 / 3.5 < height / anchors[level, anchor, 1] < 3.5
        )
        stride = 8 << level
        column, row = int(x / stride), int(y / stride)
        cell = maps[level][anchor, :, row, column]
        cell[0], cell[1] = logit((x / stride - column + 0.5) / 2), logit((y / stride - row + 0.5) / 2)
        cell[2], cell[3] = (
            logit(np.sqrt(side / own) / 2) for side, own in zip((width, height), anchors[level, anchor], strict=True)
        )
        cell[4], cell[5 + number] = logit(0.99), logit(0.95)
    maps = maps if is_raw else [1 / (1 + np.exp(-values)) for values in maps]
    return {f"map{at}": values.reshape(1, -1, *values.shape[2:]).astype(np.float32) for at, values in enumerate(maps)}


@pytest.mark.parametrize("is_raw", [True, False])
def test_that_yolov5s_maps_give_their_boxes(is_raw: bool) -> None:
    name, found = found_in(yolov5_maps(is_raw))
    assert name == "yolov5"
    check(found)


def test_that_the_order_of_the_maps_does_not_matter() -> None:
    maps = yolov5_maps(True)
    check(found_in(dict(reversed(maps.items())))[1])


def test_that_maps_of_five_axes_are_the_same() -> None:
    maps = yolov5_maps(True).items()
    check(found_in({name: one.reshape(1, 3, -1, *one.shape[2:]).transpose(0, 1, 3, 4, 2) for name, one in maps})[1])


def flat(boxes_a_cell: int, is_share: bool = False) -> np.ndarray:
    """Rows of centre, size, object, classes (n, 5 + classes), decoded."""
    number = boxes_a_cell * sum((SIZE.height // stride) * (SIZE.width // stride) for stride in (8, 16, 32))
    rows = np.zeros((number, 5 + CLASSES), np.float32)
    rows[:, 0] = SIZE.width  # so that a decoder sees pixels
    for at, (box, kind) in enumerate(BOXES.items()):
        rows[at * 7, :4], rows[at * 7, 4], rows[at * 7, 5 + kind] = centre(box), 0.9, 0.9
    if is_share:
        rows[:, :4] /= (SIZE.width, SIZE.height) * 2
    return rows


@pytest.mark.parametrize("is_share", [True, False])
def test_that_yolov5s_flat_output_gives_its_boxes(is_share: bool) -> None:
    name, found = found_in({"output": flat(3, is_share)[np.newaxis]})
    assert name == "yolov5"
    check(found)


def test_that_yolov8s_flat_output_gives_its_boxes() -> None:
    rows = np.delete(flat(1), 4, axis=1)
    name, found = found_in({"output": rows.T[np.newaxis]})
    assert name == "yolov8"
    check(found)


@pytest.mark.parametrize("with_sums", [True, False])
def test_that_yolov8s_maps_give_their_boxes(with_sums: bool) -> None:
    """The distance to each side is between two of 16 bins, in their shares."""
    outputs: Maps = {}
    for stride in (8, 16, 32):
        rows, columns = SIZE.height // stride, SIZE.width // stride
        sides = np.zeros((1, 64, rows, columns), np.float32)
        classes = np.full((1, CLASSES, rows, columns), 0.001, np.float32)
        for box, number in BOXES.items():
            x, y, width, height = centre(box)
            if max(width, height) / 2 / stride >= 14 or (stride != 8 and max(width, height) / stride < 20):
                continue
            column, row = int(x / stride), int(y / stride)
            own = (column + 0.5) * stride, (row + 0.5) * stride
            distances = (own[0] - box[0], own[1] - box[1], box[2] - own[0], box[3] - own[1])
            for side, distance in enumerate(distances):
                low, rest = divmod(distance / stride, 1)
                bins = sides[0, 16 * side : 16 * side + 16, row, column]
                bins[:] = -30
                bins[int(low)], bins[int(low) + 1] = np.log(max(1 - rest, 1e-9)), np.log(max(rest, 1e-9))
            classes[0, number, row, column] = 0.9
        outputs |= {f"sides{stride}": sides, f"classes{stride}": classes}
        if with_sums:
            outputs[f"sum{stride}"] = classes.sum(axis=1, keepdims=True)
    name, found = found_in(outputs)
    assert name == "yolov8"
    check(found, tolerance=0.1)


@pytest.mark.parametrize("as_maps", [True, False])
def test_that_yolox_gives_its_boxes(as_maps: bool) -> None:
    maps = []
    for stride in (8, 16, 32):
        values = np.full((5 + CLASSES, SIZE.height // stride, SIZE.width // stride), 0.01, np.float32)
        for box, number in BOXES.items():
            x, y, width, height = centre(box)
            if stride == (8 if width < 64 else 32):
                column, row = int(x / stride), int(y / stride)
                values[:, row, column] = 0.01
                values[:2, row, column] = x / stride - column, y / stride - row
                values[2:4, row, column] = np.log([width / stride, height / stride])
                values[4, row, column] = values[5 + number, row, column] = 0.9
        maps.append(values)
    flat_rows = np.concatenate([values.reshape(len(values), -1).T for values in maps])
    outputs = {f"map{at}": one[np.newaxis] for at, one in enumerate(maps)} if as_maps else {"y": flat_rows[np.newaxis]}
    name, found = found_in(outputs)
    assert name == "yolox"
    check(found)


def test_that_yolox_may_have_brought_its_boxes_into_pixels() -> None:
    name, found = found_in({"output": flat(1)[np.newaxis]})
    assert name == "yolox"
    check(found)


def test_that_fastestdet_gives_its_boxes() -> None:
    stride = 16
    values = np.zeros((1, 5 + CLASSES, SIZE.height // stride, SIZE.width // stride), np.float32)
    for box, number in BOXES.items():
        x, y, width, height = centre(box)
        column, row = int(x / stride), int(y / stride)
        values[0, 0, row, column] = 0.9
        values[0, 1:3, row, column] = np.arctanh([x / stride - column, y / stride - row])
        values[0, 3:5, row, column] = logit(width / SIZE.width), logit(height / SIZE.height)
        values[0, 5 + number, row, column] = 0.9
    name, found = found_in({"output": values})
    assert name == "fastestdet"
    check(found)


def test_that_boxes_sorted_out_by_the_network_stay_as_they_are() -> None:
    rows = np.zeros((1, 300, 6), np.float32)
    for at, (box, number) in enumerate(BOXES.items()):
        rows[0, at] = (*box, 0.9, number)
    name, found = found_in({"output": rows})
    assert name == "end-to-end"
    check(found)


def shares(box: tuple[float, ...], frame: Frame) -> np.ndarray:
    return np.array(box) / (frame.width, frame.height, frame.width, frame.height)


def corrections(priors: np.ndarray, frame: Frame) -> tuple[np.ndarray, dict[int, int]]:
    """What makes of the prior next to each box that box; and the class of each prior that was taken."""
    shifts, taken = np.zeros((len(priors), 4)), {}
    for box, number in BOXES.items():
        x, y, width, height = centre(tuple(shares(box, frame)))
        apart = np.abs(priors - (x, y, width, height)).sum(axis=1)
        at = int(apart.argmin())
        prior = priors[at]
        shifts[at] = (
            (x - prior[0]) / prior[2] / 0.1, (y - prior[1]) / prior[3] / 0.1,
            np.log(width / prior[2]) / 0.2, np.log(height / prior[3]) / 0.2,
        )  # fmt: skip
        taken[at] = number
    return shifts, taken


@pytest.mark.parametrize("kind", ["ultraface", "retinaface"])
def test_that_face_detectors_give_their_boxes(kind: str) -> None:
    frame = Frame(240, 320, 3) if kind == "ultraface" else SIZE
    priors = face_priors(frame, ULTRAFACE if kind == "ultraface" else RETINAFACE)
    shifts, taken = corrections(priors, frame)
    scores = np.tile([0.99, 0.01], (len(priors), 1))
    scores[list(taken)] = (0.1, 0.9)
    outputs = {"boxes": shifts[np.newaxis], "scores": scores[np.newaxis]}
    if kind == "retinaface":
        outputs["landmarks"] = np.zeros((1, len(priors), 10))
    name, found = found_in({key: one.astype(np.float32) for key, one in outputs.items()}, frame)
    assert name == kind
    assert np.sort(found.boxes, axis=0) == pytest.approx(np.sort(np.array(list(BOXES)), axis=0), abs=0.02)


def test_that_ultraface_may_have_made_boxes_itself() -> None:
    frame = Frame(240, 320, 3)
    number = len(face_priors(frame, ULTRAFACE))
    boxes, scores = np.tile([0.1, 0.1, 0.2, 0.2], (number, 1)), np.tile([1.0, 0.0], (number, 1))
    for at, box in enumerate(BOXES):
        boxes[at * 50], scores[at * 50] = shares(box, frame), (0.1, 0.9)
    found = found_in({"scores": scores[np.newaxis], "boxes": boxes[np.newaxis]}, frame)[1]
    assert np.sort(found.boxes, axis=0) == pytest.approx(np.sort(np.array(list(BOXES)), axis=0), abs=0.02)


def test_that_yunet_gives_its_boxes() -> None:
    outputs: Maps = {}
    for stride in (8, 16, 32):
        rows, columns = SIZE.height // stride, SIZE.width // stride
        cls, obj = np.zeros((rows, columns, 1)), np.zeros((rows, columns, 1))
        boxes = np.zeros((rows, columns, 4))
        for box in BOXES:
            x, y, width, height = centre(box)
            if stride == (8 if width < 64 else 32):
                column, row = int(x / stride), int(y / stride)
                cls[row, column], obj[row, column] = 0.81, 1.0
                boxes[row, column] = (x / stride - column, y / stride - row, *np.log([width / stride, height / stride]))
        size = rows * columns
        parts = {"cls": cls, "obj": obj, "bbox": boxes, "kps": np.zeros((rows, columns, 10))}
        outputs |= {f"{key}_{stride}": part.reshape(1, size, -1).astype(np.float32) for key, part in parts.items()}
    name, found = found_in(outputs)
    assert name == "yunet"
    assert found.scores == pytest.approx(0.9)
    assert np.sort(found.boxes, axis=0) == pytest.approx(np.sort(np.array(list(BOXES)), axis=0), abs=0.02)


def test_that_ssd_gives_its_boxes_with_and_without_priors() -> None:
    frame = Frame(300, 300, 3)
    priors = ssd_priors()
    assert len(priors) == 1917
    shifts, taken = corrections(priors, frame)
    scores = np.full((len(priors), 1 + CLASSES), -9.0)
    for at, number in taken.items():
        scores[at, 1 + number] = 3.0
    outputs = {"boxes": shifts[:, [1, 0, 3, 2]].reshape(1, -1, 1, 4), "scores": scores[np.newaxis]}
    name, found = found_in({key: one.astype(np.float32) for key, one in outputs.items()}, frame)
    assert name == "ssd"
    check(found)
    rows = np.full((1, 1, 10, 7), -1.0, np.float32)
    for at, (box, number) in enumerate(BOXES.items()):
        rows[0, 0, at] = (0, number + 1, 0.9, *shares(box, frame))
    check(found_in({"detection_out": rows}, frame)[1])
    boxes, classes, marks = np.zeros((1, 10, 4)), np.zeros((1, 10)), np.zeros((1, 10))
    for at, (box, number) in enumerate(BOXES.items()):
        boxes[0, at], classes[0, at], marks[0, at] = shares(box, frame)[[1, 0, 3, 2]], number, 0.9
    sorted_by_network = {"b": boxes, "c": classes, "s": marks, "n": np.array([3.0])}
    check(found_in(sorted_by_network, frame)[1])


def test_that_numbers_that_are_none_are_no_objects() -> None:
    rows = flat(1)
    rows[0, 0] = np.nan
    assert len(found_in({"output": rows[np.newaxis]}, head="yolox")[1].scores) == len(BOXES) - 1


def test_that_outputs_of_no_known_head_are_named() -> None:
    with pytest.raises(SettingsError, match=r"No decoder fits.*scores"):
        head_of({"scores": np.zeros((1, 1000), np.float32)}, SIZE)
    with pytest.raises(SettingsError, match="yolov8 does not fit"):
        head_of({"scores": np.zeros((1, 1000), np.float32)}, SIZE, "yolov8")


def test_that_every_head_refuses_what_is_none() -> None:
    for head in HEADS.values():
        assert not head.fits([np.zeros((1, 1000), np.float32)], SIZE)
        assert not head.fits([np.zeros((1, 3, 64, 64), np.float32), np.zeros((1, 3), np.float32)], SIZE)
