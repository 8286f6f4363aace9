"""What the settings show of one input: the file as it is, and as the network takes it. Nothing here knows Qt."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.foundation.errors import DatasetError, WorkbenchError
from workbench.graph.graph import Tensor
from workbench.preprocess import images
from workbench.preprocess.preprocess import Preprocess, feed, feed_range, picture
from workbench.ui.models.spoken import spoken

LONGEST_SIDE = 320


@dataclass(frozen=True)
class Look:
    """Pictures are H x W x 3 uint8 RGB, or None where there is nothing to see; `size` is the original's, W x H.

    `problem` says why the file cannot be fed; then there is no `feed`.
    """

    original: np.ndarray | None
    size: tuple[int, int] | None
    seen: np.ndarray | None = None
    feed: "FeedFacts | None" = None
    problem: str = ""


@dataclass(frozen=True)
class FeedFacts:
    """What is fed, in numbers."""

    shape: tuple[int, ...]
    dtype: str
    low: float
    high: float


def look(path: Path, tensor: Tensor, settings: Preprocess) -> Look:
    """Read one file for one input, and say what is wrong with it."""
    original, size = None, None
    try:
        if images.is_picture(path):
            image = images.to_rgb(images.read(path, 3), "bgr")
            original, size = shrunk(image), (image.shape[1], image.shape[0])
        values = feed(path, tensor, settings)
    except WorkbenchError as error:
        return Look(original, size, problem=spoken(str(error)))
    facts = FeedFacts(values.shape, values.dtype.name, *feed_range(values))
    return Look(original, size, _seen(path, tensor, settings), facts)


def _seen(path: Path, tensor: Tensor, settings: Preprocess) -> np.ndarray | None:
    try:
        return shrunk(picture(path, tensor, settings))
    except DatasetError:  # an input that is no picture: its values are shown as numbers elsewhere
        return None


def shrunk(image: np.ndarray, longest: int = LONGEST_SIDE) -> np.ndarray:
    """Small enough to be shown; large pictures are averaged, small ones stay as they are."""
    height, width = image.shape[:2]
    factor = longest / max(height, width)
    if factor >= 1:
        return np.ascontiguousarray(image)
    import cv2

    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.ascontiguousarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
