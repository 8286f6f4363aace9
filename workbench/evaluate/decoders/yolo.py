"""Heads of the YOLO family: one flat output, or a map for each stride as Rockchip's model zoo exports them."""

from collections.abc import Sequence

import numpy as np

from workbench.evaluate.boxes import Objects
from workbench.evaluate.decoders import grids
from workbench.preprocess.preprocess import Frame

ANCHORS = (10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326)
A_CELL = 3  # anchors of YOLOv5
BINS = 16  # of the distribution of a side, YOLOv8
Arrays = Sequence[np.ndarray]


def fits_v5(outputs: Arrays, frame: Frame) -> bool:
    """One output (1, boxes, 5 + classes) of three boxes a cell, or maps of three times as many channels."""
    if outputs[0].ndim == 3:
        return bool(grids.strides_of(frame, outputs[0].shape[1], A_CELL)) and outputs[0].shape[2] > 5
    maps = _maps(outputs, frame)
    return len(maps) == len(outputs) == 3 and all(_is_anchored(one) for one in maps)


def decode_v5(outputs: Arrays, frame: Frame, least: float, anchors: Sequence[float] = ANCHORS) -> Objects:
    """Source: ultralytics/yolov5 models/yolo.py, `Detect.forward`."""
    if outputs[0].ndim == 3:
        rows = outputs[0][0].astype(np.float64)
        boxes = _in_pixels(rows[:, :4], frame)
        return grids.every_class(grids.corners(boxes[:, :2], boxes[:, 2:]), rows[:, 4:5] * rows[:, 5:], least)
    found, sizes = [], np.array(anchors or ANCHORS, np.float64).reshape(3, A_CELL, 2)
    for own, one in zip(sizes, _maps(outputs, frame), strict=True):
        rows, columns = one.shape[-2:] if one.ndim == 4 else one.shape[2:4]
        values = one.reshape(A_CELL, -1, rows, columns) if one.ndim == 4 else one[0].transpose(0, 3, 1, 2)
        values = grids.as_shares(values).astype(np.float64)
        y, x = np.mgrid[:rows, :columns]
        stride = np.array((frame.width / columns, frame.height / rows))
        centres = (values[:, :2] * 2 - 0.5 + np.stack((x, y))) * stride.reshape(1, 2, 1, 1)
        sides = (values[:, 2:4] * 2) ** 2 * own.reshape(A_CELL, 2, 1, 1)
        flat = (
            np.concatenate((centres, sides, values[:, 4:]), axis=1).transpose(0, 2, 3, 1).reshape(-1, values.shape[1])
        )
        boxes = grids.corners(flat[:, :2], flat[:, 2:4])
        found.append(grids.every_class(boxes, flat[:, 4:5] * flat[:, 5:], least))
    return _joined(found)


def fits_v8(outputs: Arrays, frame: Frame) -> bool:
    """One output (1, 4 + classes, boxes) of a box a cell, or maps of 4 x 16 channels beside maps of the classes."""
    if outputs[0].ndim == 3:
        return bool(grids.strides_of(frame, outputs[0].shape[2])) and outputs[0].shape[1] > 4
    return len(_pairs(outputs, frame)) == 3


def decode_v8(outputs: Arrays, frame: Frame, least: float) -> Objects:
    """Source: ultralytics/ultralytics nn/modules/head.py, `Detect` and `DFL`."""
    if outputs[0].ndim == 3:
        rows = outputs[0][0].T.astype(np.float64)
        boxes = _in_pixels(rows[:, :4], frame)
        return grids.every_class(grids.corners(boxes[:, :2], boxes[:, 2:]), rows[:, 4:], least)
    found = []
    for sides, classes in _pairs(outputs, frame):
        rows, columns = sides.shape[2:]
        shares = grids.softmax(sides[0].reshape(4, BINS, rows, columns), 1)
        left, top, right, bottom = (shares * np.arange(BINS).reshape(1, BINS, 1, 1)).sum(axis=1)
        y, x = np.mgrid[:rows, :columns] + 0.5
        across, down = frame.width / columns, frame.height / rows
        edges = ((x - left) * across, (y - top) * down, (x + right) * across, (y + bottom) * down)
        boxes = np.stack([edge.reshape(-1) for edge in edges], axis=1)
        found.append(grids.every_class(boxes, grids.as_shares(grids.last_axis(classes)), least))
    return _joined(found)


def fits_x(outputs: Arrays, frame: Frame) -> bool:
    """One output (1, boxes, 5 + classes) of a box a cell, or a map of as many channels for each stride."""
    if outputs[0].ndim == 3:
        return len(outputs) == 1 and bool(grids.strides_of(frame, outputs[0].shape[1])) and outputs[0].shape[2] > 5
    maps = _maps(outputs, frame)
    return len(maps) == len(outputs) == 3 and all(one.shape[1] > 5 and one.ndim == 4 for one in maps)


def decode_x(outputs: Arrays, frame: Frame, least: float) -> Objects:
    """Source: Megvii-BaseDetection/YOLOX yolox/utils/demo_utils.py, `demo_postprocess`.

    Where the network has brought the boxes into pixels itself, they reach across it.
    """
    flat = (
        outputs[0][0]
        if outputs[0].ndim == 3
        else np.concatenate([grids.last_axis(one) for one in _maps(outputs, frame)])
    )
    rows = flat.astype(np.float64)
    boxes = rows[:, :4]
    if boxes[:, 0].max(initial=0) <= frame.width / 2:
        places, strides = grids.cells(frame, grids.strides_of(frame, len(rows)))
        boxes = np.concatenate(((boxes[:, :2] + places) * strides, np.exp(boxes[:, 2:].clip(max=20)) * strides), axis=1)
    shares = grids.as_shares(rows[:, 4:])
    return grids.best_class(grids.corners(boxes[:, :2], boxes[:, 2:]), shares[:, :1] * shares[:, 1:], least)


def fits_fastest(outputs: Arrays, frame: Frame) -> bool:
    """One map (1, 5 + classes, rows, columns)."""
    return (
        len(outputs) == 1
        and outputs[0].ndim == 4
        and outputs[0].shape[1] > 5
        and frame.width % outputs[0].shape[3] == 0
    )


def decode_fastest(outputs: Arrays, frame: Frame, least: float) -> Objects:
    """FastestDet: one box a cell. Source: dog-qiuqiu/FastestDet example/onnx-runtime/runtime.py."""
    rows, columns = outputs[0].shape[2:]
    values = grids.last_axis(outputs[0]).astype(np.float64)
    y, x = np.mgrid[:rows, :columns]
    size = np.array((frame.width, frame.height))
    centres = (np.stack((x.reshape(-1), y.reshape(-1)), axis=1) + np.tanh(values[:, 1:3])) / (columns, rows) * size
    boxes = grids.corners(centres, grids.sigmoid(values[:, 3:5]) * size)
    scores = values[:, :1].clip(0) ** 0.6 * values[:, 5:].clip(0) ** 0.4
    return grids.best_class(boxes, scores, least)


def fits_end_to_end(outputs: Arrays, frame: Frame) -> bool:
    """One output (1, boxes, 6): the network has sorted its boxes out itself, as YOLOv10."""
    del frame
    return len(outputs) == 1 and outputs[0].ndim == 3 and outputs[0].shape[2] == 6 and outputs[0].shape[1] <= 1000


def decode_end_to_end(outputs: Arrays, frame: Frame, least: float) -> Objects:
    """x1 y1 x2 y2, score, class; in pixels. Source: THU-MIG/yolov10."""
    del frame
    rows = outputs[0][0].astype(np.float64)
    return Objects(rows[:, :4], rows[:, 4], np.rint(rows[:, 5]).astype(np.int64)).surer(least)


def _in_pixels(boxes: np.ndarray, frame: Frame) -> np.ndarray:
    """Some exports give centres and sizes as shares of the picture."""
    if boxes.size and boxes.max() <= 2:
        return boxes * np.array((frame.width, frame.height) * 2, np.float64)
    return boxes


def _maps(outputs: Arrays, frame: Frame) -> list[np.ndarray]:
    """Those that are maps of the three strides, the finest first."""
    sizes = grids.maps_of(frame)
    found = [
        one
        for one in outputs
        if (one.ndim == 4 and one.shape[2:] in sizes) or (one.ndim == 5 and one.shape[2:4] in sizes)
    ]
    return sorted(found, key=lambda one: -(one.shape[2] * one.shape[3]))


def _is_anchored(one: np.ndarray) -> bool:
    if one.ndim == 5:
        return bool(one.shape[1] == A_CELL and one.shape[4] > 5)
    return bool(one.shape[1] % A_CELL == 0 and one.shape[1] // A_CELL > 5 and one.shape[1] != 4 * BINS)


def _pairs(outputs: Arrays, frame: Frame) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each map the sides and the classes; the sums over the classes, of one channel, are only for speed.

    Of maps with as many channels the first one has the sides.
    """
    found = []
    for size in grids.maps_of(frame):
        own = [one for one in outputs if one.ndim == 4 and one.shape[2:] == size]
        sides = next((at for at, one in enumerate(own) if one.shape[1] == 4 * BINS), None)
        others = [one for at, one in enumerate(own) if at != sides]
        is_single = len(outputs) == 2 * len(grids.STRIDES)  # one class, and no sums
        classes = next((one for one in others if one.shape[1] > 1 or is_single), None)
        if sides is not None and classes is not None:
            found.append((own[sides], classes))
    return found


def _joined(found: Sequence[Objects]) -> Objects:
    return Objects(
        np.concatenate([one.boxes for one in found]),
        np.concatenate([one.scores for one in found]),
        np.concatenate([one.classes for one in found]),
    )
