"""Heads that correct boxes given beforehand (priors, anchors): SSD, and the face detectors of its kind."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import numpy as np

from workbench.evaluate.boxes import Objects
from workbench.evaluate.decoders import grids
from workbench.preprocess.preprocess import Frame

Arrays = Sequence[np.ndarray]
ULTRAFACE = ((8, (10, 16, 24)), (16, (32, 48)), (32, (64, 96)), (64, (128, 192, 256)))
RETINAFACE = ((8, (16, 32)), (16, (64, 128)), (32, (256, 512)))
CENTRE, SIZE = 0.1, 0.2  # by what corrections of centres and sizes are multiplied
MAPS = (19, 10, 5, 3, 2, 1)  # of SSD at 300 x 300
RATIOS = (1.0, 2.0, 0.5, 3.0, 0.3333)
LEAST, MOST = 0.2, 0.95


def fits_ultraface(outputs: Arrays, frame: Frame) -> bool:
    """Scores (1, priors, 2) and boxes (1, priors, 4)."""
    number = len(face_priors(frame, ULTRAFACE))
    return {one.shape for one in outputs} == {(1, number, 2), (1, number, 4)}


def decode_ultraface(outputs: Arrays, frame: Frame, least: float) -> Objects:
    """Boxes as the network gives them, or corrections of priors: real boxes have their corners in order.

    Source: Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB vision/ssd/config/fd_config.py, utils/box_utils.py.
    """
    scores, boxes = (next(one[0] for one in outputs if one.shape[2] == size) for size in (2, 4))
    is_box = (boxes[:, 2:] > boxes[:, :2]).all(axis=1).mean() > 0.95 and boxes.max() < 4
    found = boxes.astype(np.float64) if is_box else corrected(boxes, face_priors(frame, ULTRAFACE))
    return _faces(found, scores[:, 1], frame, least)


def fits_retinaface(outputs: Arrays, frame: Frame) -> bool:
    """Corrections (1, priors, 4), scores (1, priors, 2) and landmarks (1, priors, 10)."""
    number = len(face_priors(frame, RETINAFACE))
    return {one.shape for one in outputs} == {(1, number, 4), (1, number, 2), (1, number, 10)}


def decode_retinaface(outputs: Arrays, frame: Frame, least: float) -> Objects:
    """Source: biubug6/Pytorch_Retinaface data/config.py (mobile0.25), utils/box_utils.py `decode`."""
    scores, boxes = (next(one[0] for one in outputs if one.shape[2] == size) for size in (2, 4))
    shares = scores if scores.min() >= 0 and scores.max() <= 1 else grids.softmax(scores, 1)
    return _faces(corrected(boxes, face_priors(frame, RETINAFACE)), shares[:, 1], frame, least)


def fits_yunet(outputs: Arrays, frame: Frame) -> bool:
    """Of each stride class, object, box and landmarks: (1, cells, 1), the same, (1, cells, 4), (1, cells, 10)."""
    numbers = [rows * columns for rows, columns in grids.maps_of(frame)]
    wanted = sorted((1, number, size) for number in numbers for size in (1, 1, 4, 10))
    return sorted(one.shape for one in outputs) == wanted


def decode_yunet(outputs: Arrays, frame: Frame, least: float) -> Objects:
    """Source: OpenCV modules/objdetect/src/face_detect.cpp, `postProcess`."""
    places, strides = grids.cells(frame)
    single = [one[0] for one in outputs if one.shape[2] == 1]
    numbers = [rows * columns for rows, columns in grids.maps_of(frame)]
    own = [[one for one in single if len(one) == number] for number in numbers]
    score = np.concatenate([np.sqrt(np.prod([one.clip(0, 1) for one in pair], axis=0)) for pair in own])
    boxes = np.concatenate([one[0] for number in numbers for one in outputs if one.shape == (1, number, 4)])
    centres = (places + boxes[:, :2]) * strides
    sizes = np.exp(boxes[:, 2:].astype(np.float64).clip(max=20)) * strides
    return Objects(grids.corners(centres, sizes), score[:, 0], np.zeros(len(score), np.int64)).surer(least)


def fits_ssd(outputs: Arrays, frame: Frame) -> bool:
    """The layer DetectionOutput (1, 1, boxes, 7), TensorFlow's four sorted outputs, or corrections and scores."""
    del frame
    shapes = [one.shape for one in outputs]
    is_sorted = len(shapes) == 1 and len(shapes[0]) == 4 and shapes[0][3] == 7
    return is_sorted or _sorted_by_network(outputs) is not None or _raw(outputs) is not None


def decode_ssd(outputs: Arrays, frame: Frame, least: float) -> Objects:
    """Classes are the numbers that the network gives, less one: 0 is the background.

    Source: tensorflow/models object_detection/anchor_generators/multiple_grid_anchor_generator.py and
    box_coders/faster_rcnn_box_coder.py (factors 10, 10, 5, 5); weiliu89/caffe detection_output_layer.cpp.
    """
    size = np.array((frame.width, frame.height) * 2, np.float64)
    if outputs[0].ndim == 4 and outputs[0].shape[3] == 7:
        rows = outputs[0].reshape(-1, 7).astype(np.float64)
        rows = rows[rows[:, 0] >= 0]  # the others are filled up
        return Objects(rows[:, 3:] * size, rows[:, 2], rows[:, 1].astype(np.int64) - 1).surer(least)
    if (sorted_out := _sorted_by_network(outputs)) is not None:
        boxes, scores, classes = sorted_out
        return Objects(boxes[:, [1, 0, 3, 2]] * size, scores, np.rint(classes).astype(np.int64)).surer(least)
    raw = _raw(outputs)
    assert raw is not None
    shifts, scores = raw
    priors = ssd_priors()
    found = corrected(shifts[:, [1, 0, 3, 2]], priors) * size  # y before x in TensorFlow
    return grids.every_class(found, grids.as_shares(scores)[:, 1:], least)


def corrected(shifts: np.ndarray, priors: np.ndarray) -> np.ndarray:
    """Corners from corrections (n, 4) of priors (n, 4: centre and size), all as shares of the picture."""
    exact = shifts.astype(np.float64)
    centres = priors[:, :2] + exact[:, :2] * CENTRE * priors[:, 2:]
    return grids.corners(centres, priors[:, 2:] * np.exp((exact[:, 2:] * SIZE).clip(max=20)))


@lru_cache(maxsize=8)
def face_priors(frame: Frame, kinds: tuple[tuple[int, tuple[int, ...]], ...]) -> np.ndarray:
    """Squares of some sizes in every cell of every map: (n, 4: centre and size) as shares of the picture."""
    rows = []
    for stride, sizes in kinds:
        down, across = -(-frame.height // stride), -(-frame.width // stride)
        for y, x, size in product(range(down), range(across), sizes):
            centre = (x + 0.5) * stride / frame.width, (y + 0.5) * stride / frame.height
            rows.append((*centre, size / frame.width, size / frame.height))
    return np.array(rows).clip(0, 1) if kinds is ULTRAFACE else np.array(rows)


@lru_cache(maxsize=8)
def ssd_priors(maps: tuple[int, ...] = MAPS) -> np.ndarray:
    """Those of TensorFlow's SSD with MobileNet: three in a cell of the first map, six in the others."""
    scales = [LEAST + (MOST - LEAST) * at / (len(maps) - 1) for at in range(len(maps))] + [1.0]
    rows = []
    for at, side in enumerate(maps):
        own = [(scales[at], ratio) for ratio in RATIOS] + [(math.sqrt(scales[at] * scales[at + 1]), 1.0)]
        own = [(0.1, 1.0), (scales[0], 2.0), (scales[0], 0.5)] if at == 0 else own
        for y, x, (scale, ratio) in product(range(side), range(side), own):
            width, height = scale * math.sqrt(ratio), scale / math.sqrt(ratio)
            rows.append(((x + 0.5) / side, (y + 0.5) / side, width, height))
    return np.array(rows)


def _faces(boxes: np.ndarray, scores: np.ndarray, frame: Frame, least: float) -> Objects:
    size = np.array((frame.width, frame.height) * 2, np.float64)
    return Objects(boxes * size, scores.astype(np.float64), np.zeros(len(scores), np.int64)).surer(least)


def _sorted_by_network(outputs: Arrays) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Boxes, scores and classes of TFLite_Detection_PostProcess: (1, n, 4), (1, n) twice, and how many count (1)."""
    boxes = [one[0] for one in outputs if one.ndim == 3 and one.shape[2] == 4]
    rows = [one[0] for one in outputs if one.ndim == 2]
    if len(outputs) != 4 or len(boxes) != 1 or len(rows) != 2 or len(rows[0]) != len(boxes[0]):
        return None
    counted = next((int(one.reshape(-1)[0]) for one in outputs if one.size == 1), len(boxes[0]))
    classes, scores = (one[:counted].astype(np.float64) for one in rows)
    return boxes[0][:counted].astype(np.float64), scores, classes


def _raw(outputs: Arrays) -> tuple[np.ndarray, np.ndarray] | None:
    """Corrections (n, 4) and scores (n, classes) of SSD's priors."""
    number = len(ssd_priors())
    flat = [one.reshape(number, -1) for one in outputs if one.size % number == 0]
    if len(outputs) != 2 or len(flat) != 2:
        return None
    shifts = next((one for one in flat if one.shape[1] == 4), None)
    scores = next((one for one in flat if one is not shifts and one.shape[1] > 1), None)
    return None if shifts is None or scores is None else (shifts, scores)
