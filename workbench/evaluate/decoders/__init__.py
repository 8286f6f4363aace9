"""From a detector's outputs to objects in the pixels of its input, for the usual heads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.evaluate.boxes import Objects, sorted_out
from workbench.evaluate.decoders import priors, yolo
from workbench.foundation.errors import SettingsError
from workbench.preprocess.preprocess import Frame

Decode = Callable[..., Objects]


@dataclass(frozen=True)
class Head:
    """`fits` tells it by the outputs' shapes; `overlap` is what boxes may have before the less sure one goes.

    `by_id`: its classes are the numbers of COCO's categories, less one.
    """

    fits: Callable[[Sequence[np.ndarray], Frame], bool]
    decode: Decode
    overlap: float
    by_id: bool = False


HEADS: dict[str, Head] = {
    "yunet": Head(priors.fits_yunet, priors.decode_yunet, 0.3),
    "retinaface": Head(priors.fits_retinaface, priors.decode_retinaface, 0.4),
    "ultraface": Head(priors.fits_ultraface, priors.decode_ultraface, 0.3),
    "ssd": Head(priors.fits_ssd, priors.decode_ssd, 0.45, by_id=True),
    "yolov5": Head(yolo.fits_v5, yolo.decode_v5, 0.6),
    "yolov8": Head(yolo.fits_v8, yolo.decode_v8, 0.7),
    "yolox": Head(yolo.fits_x, yolo.decode_x, 0.65),
    "fastestdet": Head(yolo.fits_fastest, yolo.decode_fastest, 0.45),
    "end-to-end": Head(yolo.fits_end_to_end, yolo.decode_end_to_end, 1.0),
}


@dataclass(frozen=True)
class Decoding:
    """How outputs become objects; `head` "" is told by the shapes, `overlap` 0 is what the head is used with.

    `least` is the score below which nothing counts, `anchors` are those of YOLOv5 where they are others.
    """

    head: str = ""
    least: float = 0.001
    overlap: float = 0.0
    anchors: tuple[float, ...] = ()


def head_of(outputs: Mapping[str, np.ndarray], frame: Frame, name: str = "") -> str:
    """The head that is named, or that the outputs' shapes tell; an error where they do not fit."""
    arrays = list(outputs.values())
    if name and name not in HEADS:
        raise SettingsError(f"There is no decoder {name!r}.", f"Choose one of {', '.join(HEADS)}.")
    fitting = [key for key, head in HEADS.items() if (not name or key == name) and head.fits(arrays, frame)]
    if fitting:
        return fitting[0]
    shapes = ", ".join(f"{key} ({'x'.join(map(str, one.shape))})" for key, one in outputs.items())
    hint = "Choose another, or write a --hook in Python."
    if name:
        raise SettingsError(f"The decoder {name} does not fit the network's outputs: {shapes}.", hint)
    raise SettingsError(f"No decoder fits the network's outputs: {shapes}.", hint)


def objects_of(outputs: Mapping[str, np.ndarray], frame: Frame, decoding: Decoding) -> Objects:
    """The objects in the pixels of the network's input; of boxes about the same object only the surest."""
    head = HEADS[decoding.head]
    further: dict[str, Any] = {"anchors": decoding.anchors} if decoding.anchors and decoding.head == "yolov5" else {}
    found = head.decode(list(outputs.values()), frame, decoding.least, **further)
    found = found.at(np.isfinite(found.scores) & np.isfinite(found.boxes).all(axis=1))
    return sorted_out(found, decoding.overlap or head.overlap)
