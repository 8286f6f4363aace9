"""From an item of a data set to what the network takes, and where its picture lies in the network's input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.evaluate.items import Item, picture_of
from workbench.graph.graph import Tensor
from workbench.preprocess import arrays, images
from workbench.preprocess.dataset import feeds
from workbench.preprocess.preprocess import Frame, Preprocess, fixed_shape, frame, guess, input_type, normalised


@dataclass(frozen=True)
class Placed:
    """A picture of `width` x `height` in the network's input: x there is `x * scale[0] + offset[0]`, y likewise."""

    width: int
    height: int
    scale: tuple[float, float] = (1.0, 1.0)
    offset: tuple[float, float] = (0.0, 0.0)

    def back(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes (n, 4: x1 y1 x2 y2) of the network's input in the picture's own pixels, cut off at its borders."""
        scale, offset = np.array(self.scale * 2), np.array(self.offset * 2)
        found: np.ndarray = ((boxes - offset) / scale).clip(0, np.array((self.width, self.height) * 2, np.float64))
        return found


@dataclass(frozen=True)
class Fed:
    """What the network takes for an item, by input; `placed` is None where it is fed with arrays."""

    feeds: Mapping[str, np.ndarray]
    placed: Placed | None = None


def fed(item: Item, inputs: Sequence[Tensor], settings: Mapping[str, Preprocess]) -> Fed:
    """The feeds of an item, the same as a session's; the first input's picture is where boxes are."""
    first, path = inputs[0], item.sample.files[0]
    own = settings.get(first.name) or guess(first)
    if item.number is not None:
        return Fed({first.name: _feed(picture_of(item), path, first, own)}, _placed(picture_of(item), first, own))
    if len(inputs) == 1 and images.is_picture(path):
        image = images.read(path, max(3, frame(first, own).channels))
        return Fed({first.name: _feed(image, path, first, own)}, _placed(image, first, own))
    placed = _placed(images.read(path), first, own) if images.is_picture(path) else None
    return Fed(feeds(item.sample, inputs, settings), placed)


def _feed(image: np.ndarray, path: Path, tensor: Tensor, settings: Preprocess) -> np.ndarray:
    """A picture, H x W x 3 BGR, as `preprocess.feed` gives it from its file."""
    wanted = frame(tensor, settings)
    if wanted.channels == 4 and image.shape[2] == 3:
        image = np.dstack((image, np.full(image.shape[:2], 255, np.uint8)))
    sized = images.resize(image, wanted.height, wanted.width, settings.resize, path)
    values = images.arrange(sized, settings.order)
    values = (values.transpose(2, 0, 1) if settings.layout == "nchw" else values).reshape(fixed_shape(tensor))
    return arrays.cast(normalised(values, settings), input_type(tensor), path)


def _placed(image: np.ndarray, tensor: Tensor, settings: Preprocess) -> Placed:
    height, width = image.shape[:2]
    return placed(width, height, frame(tensor, settings), settings.resize)


def placed(width: int, height: int, wanted: Frame, rule: str) -> Placed:
    """Where `images.resize` puts a picture."""
    if (height, width) == (wanted.height, wanted.width) or rule not in ("letterbox", "crop"):
        return Placed(width, height, (wanted.width / width, wanted.height / height))
    ratios = wanted.height / height, wanted.width / width
    factor = min(ratios) if rule == "letterbox" else max(ratios)
    rows, columns = round(height * factor), round(width * factor)
    if rule == "letterbox":
        rows, columns = min(wanted.height, max(1, rows)), min(wanted.width, max(1, columns))
        top, left = round((wanted.height - rows) / 2 - 0.1), round((wanted.width - columns) / 2 - 0.1)
    else:
        rows, columns = max(wanted.height, rows), max(wanted.width, columns)
        top, left = -((rows - wanted.height) // 2), -((columns - wanted.width) // 2)
    return Placed(width, height, (columns / width, rows / height), (float(left), float(top)))
