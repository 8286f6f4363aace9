"""Tensors as pictures: a channel of golden and of another dump, and their difference, as PNG data URIs."""

import base64
from dataclasses import dataclass

import numpy as np

LIMIT = 224  # pixels a side; a report must stay small


@dataclass(frozen=True)
class Heatmaps:
    """The worst channel; `low` and `high` are the range that golden and other share, `peak` the largest difference."""

    channel: int
    channels: int
    golden: str
    other: str
    difference: str
    low: float
    high: float
    peak: float


def is_picture(shape: tuple[int, ...]) -> bool:
    """Whether the last two dimensions can be looked at."""
    return len(shape) >= 3 and shape[-1] >= 4 and shape[-2] >= 4


def heatmaps(golden: np.ndarray, other: np.ndarray) -> Heatmaps:
    """Pictures of the channel that differs most; both arrays have the same shape (…, H, W)."""
    height, width = golden.shape[-2:]
    planes, others = golden.reshape(-1, height, width), other.reshape(-1, height, width)
    channel = worst_channel(planes, others)
    plane, theirs = planes[channel].astype(np.float32), others[channel].astype(np.float32)
    low, high = finite_range(plane, theirs)
    difference = theirs - plane
    peak = finite_range(np.abs(difference))[1] or 1.0
    return Heatmaps(
        channel=channel,
        channels=len(planes),
        golden=png(values_to_rgb(plane, low, high)),
        other=png(values_to_rgb(theirs, low, high)),
        difference=png(difference_to_rgb(difference, peak)),
        low=low,
        high=high,
        peak=peak,
    )


def worst_channel(planes: np.ndarray, others: np.ndarray) -> int:
    """The plane with the largest squared difference; one with NaN comes first."""
    sums = [float(np.square(np.float64(a) - b).sum()) for a, b in zip(planes, others, strict=True)]
    return int(np.argmax(np.nan_to_num(np.asarray(sums), nan=np.inf)))


def finite_range(*arrays: np.ndarray) -> tuple[float, float]:
    """Smallest and largest finite value; (0, 0) where there is none."""
    finite = [array[np.isfinite(array)] for array in arrays]
    low = min((float(values.min()) for values in finite if values.size), default=0.0)
    high = max((float(values.max()) for values in finite if values.size), default=0.0)
    return low, high


def values_to_rgb(plane: np.ndarray, low: float, high: float) -> np.ndarray:
    """Viridis over low..high as RGB uint8; what is not finite is vermilion."""
    import cv2

    span = (high - low) or 1.0
    fraction = np.nan_to_num((np.float64(plane) - low) / span, nan=0.0, posinf=1.0, neginf=0.0)
    grey: np.ndarray = np.clip(np.rint(fraction * 255), 0, 255).astype(np.uint8)
    colours: np.ndarray = np.asarray(cv2.applyColorMap(grey, cv2.COLORMAP_VIRIDIS))[..., ::-1].copy()
    colours[~np.isfinite(plane)] = (213, 94, 0)
    return colours


def difference_to_rgb(difference: np.ndarray, peak: float) -> np.ndarray:
    """Blue below golden, white at equality, vermilion above; what is not finite is black."""
    finite = np.isfinite(difference)
    fraction = np.clip(np.where(finite, difference, 0.0) / peak, -1.0, 1.0)[..., None]
    ends = np.where(fraction < 0, np.array([0, 114, 178]), np.array([213, 94, 0]))
    colours: np.ndarray = np.rint(255 + (ends - 255) * np.abs(fraction)).astype(np.uint8)
    colours[~finite] = 0
    return colours


def png(rgb: np.ndarray) -> str:
    """A PNG data URI, made smaller (never larger) to fit `LIMIT`."""
    import cv2

    factor = LIMIT / max(rgb.shape[:2])
    if factor < 1:
        rgb = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".png", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_PNG_COMPRESSION, 9])
    if not done:
        raise RuntimeError("OpenCV wrote no PNG")
    return f"data:image/png;base64,{base64.b64encode(data.tobytes()).decode('ascii')}"
