"""Pictures from files, as the vendor's toolkit reads and resizes them."""

import os
from pathlib import Path

import numpy as np

from workbench.foundation.errors import DatasetError

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
PADDING = 114  # the grey that YOLO networks are trained to see around a letterboxed picture
MOST_BYTES = 1 << 30
MOST_PIXELS = 1 << 28
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MOST_PIXELS))  # read when cv2 is imported: not what a file says


def read(path: Path, channels: int = 3) -> np.ndarray:
    """The picture as H x W x 3 BGR, or x 4 BGRA (opaque where the file has no alpha), uint8.

    Like `cv2.imread`: turned as EXIF says, 16 bits cut to 8, grey repeated, CMYK converted, alpha dropped for 3
    channels, the first picture of an animation. Cut-off files are errors (`cv2.imread` would fill the rest with grey).
    """
    data = _bytes(path)
    image = _decode(data, channels)
    if image is None:
        raise DatasetError(f"{path} is cut off or no picture.", "Use intact files of jpg, png, bmp or webp.")
    return image


def arrange(image: np.ndarray, order: str) -> np.ndarray:
    """H x W x C in the network's channel order, from BGR or BGRA.

    For gray the toolkit resizes the colours first and converts then (measured with 2.5.0): the other order, or cv2's
    IMREAD_GRAYSCALE, gives other numbers.
    """
    if order == "gray":
        import cv2

        return cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_BGR2GRAY)[:, :, np.newaxis]
    if order == "bgr":
        return image
    return image[:, :, ::-1] if image.shape[2] == 3 else image[:, :, [2, 1, 0, 3]]


def to_rgb(image: np.ndarray, order: str) -> np.ndarray:
    """H x W x 3 RGB for the eye, from what is in the network's channel order."""
    if image.shape[2] == 1:
        return np.repeat(image, 3, axis=2)
    return np.ascontiguousarray(image[:, :, 2::-1] if order == "bgr" else image[:, :, :3])


def resize(image: np.ndarray, height: int, width: int, rule: str, path: Path) -> np.ndarray:
    """The picture brought to the network's size; `path` is for the error.

    stretch: both sides to size, the toolkit's way. letterbox: aspect kept, centred on grey 114, as ultralytics and
    Rockchip's model zoo do (YOLOX itself pads right and below only). crop: the centre of the picture scaled to cover.
    none: the size must match. All with cv2's INTER_LINEAR.
    """
    if image.shape[:2] == (height, width):
        return image
    if rule == "letterbox":
        return _letterbox(image, height, width)
    if rule == "crop":
        return _crop(image, height, width, path)
    if rule == "none":
        found = f"{image.shape[1]} x {image.shape[0]}"
        hint = "Give a picture of that size, or choose resize stretch, letterbox or crop."
        raise DatasetError(f"{path} is {found} pixels; the network takes {width} x {height}.", hint)
    return _scaled(image, height, width)


def is_picture(path: Path) -> bool:
    """Whether the name says so."""
    return path.suffix.lower() in SUFFIXES


def _bytes(path: Path) -> np.ndarray:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DatasetError(f"{path} is too large for a picture: {size} bytes.", "Give a smaller file.")
        data = np.fromfile(path, np.uint8)  # unlike cv2.imread, takes any path and notices a missing end
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    if not data.size:
        raise DatasetError(f"{path} is empty.", "Copy the file again, or remove it from the list.")
    return data


def _decode(data: np.ndarray, channels: int) -> np.ndarray | None:
    import cv2

    try:
        if channels == 4:
            return _with_alpha(data)
        return cv2.imdecode(data, cv2.IMREAD_COLOR)
    except cv2.error:
        return None  # more pixels than OpenCV takes, or a header that contradicts itself


def _with_alpha(data: np.ndarray) -> np.ndarray | None:
    import cv2

    colour = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if colour is None:
        return None
    image = cv2.cvtColor(colour, cv2.COLOR_BGR2BGRA)
    full = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if full is not None and full.ndim == 3 and full.shape[2] == 4 and full.shape[:2] == image.shape[:2]:
        alpha = full[:, :, 3]
        image[:, :, 3] = alpha // 256 if alpha.dtype == np.uint16 else alpha
    return image


def _scaled(image: np.ndarray, height: int, width: int) -> np.ndarray:
    import cv2

    try:
        return cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR)
    except cv2.error as error:
        raise MemoryError(str(error)) from error


def _letterbox(image: np.ndarray, height: int, width: int) -> np.ndarray:
    factor = min(height / image.shape[0], width / image.shape[1])
    rows = min(height, max(1, round(image.shape[0] * factor)))
    columns = min(width, max(1, round(image.shape[1] * factor)))
    result = np.full((height, width, image.shape[2]), PADDING, np.uint8)
    top, left = (round((height - rows) / 2 - 0.1), round((width - columns) / 2 - 0.1))  # an odd rest goes below, right
    inside = image if image.shape[:2] == (rows, columns) else _scaled(image, rows, columns)
    result[top : top + rows, left : left + columns] = inside
    return result


def _crop(image: np.ndarray, height: int, width: int, path: Path) -> np.ndarray:
    factor = max(height / image.shape[0], width / image.shape[1])
    rows = max(height, round(image.shape[0] * factor))
    columns = max(width, round(image.shape[1] * factor))
    if rows * columns > MOST_PIXELS:
        raise DatasetError(f"{path} is too long and narrow to be cropped.", "Choose resize stretch or letterbox.")
    covered = image if image.shape[:2] == (rows, columns) else _scaled(image, rows, columns)
    top, left = (rows - height) // 2, (columns - width) // 2
    return covered[top : top + height, left : left + width]
