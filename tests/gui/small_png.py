"""Small PNG files of screenshots: at most 192 colours, the frequent ones exact."""

from pathlib import Path

import cv2
import numpy as np
from PySide6.QtGui import QImage, QPixmap

EXACT, COLOURS, ROUNDS = 112, 192, 8


def save_small(picture: QPixmap, path: Path) -> None:
    """Write a picture with a colour table of its own."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = pixels[:, : 3 * image.width()].reshape(-1, 3)
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    table, of_found = _table(found, counts)
    indexed = QImage(image.width(), image.height(), QImage.Format.Format_Indexed8)
    indexed.setColorTable([0xFF000000 | int(colour) for colour in table])
    rows = np.frombuffer(indexed.bits(), np.uint8).reshape(image.height(), indexed.bytesPerLine())
    rows[:, : image.width()] = of_found[places.reshape(-1)].reshape(image.height(), image.width())
    path.parent.mkdir(parents=True, exist_ok=True)
    if not indexed.save(str(path), "PNG", 0):  # 0: pressed as much as possible
        raise OSError(f"cannot write {path}")


def _table(found: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The colours of the table as 0xRRGGBB, and for each colour that was found its place in it."""
    if len(found) <= COLOURS:
        return found, np.arange(len(found), dtype=np.uint8)
    order = np.argsort(-counts)
    exact, others = found[order[:EXACT]], found[order[EXACT:]]
    points = _channels(others)
    weights = np.maximum(1, np.sqrt(counts[order[EXACT:]])).astype(int)
    stop = (cv2.TERM_CRITERIA_MAX_ITER, ROUNDS, 0.0)
    cv2.setRNGSeed(0)  # the same picture gives the same file
    repeated = np.repeat(points, np.minimum(weights, 8), axis=0)
    _, _, centres = cv2.kmeans(repeated, COLOURS - EXACT, None, stop, 1, cv2.KMEANS_PP_CENTERS)
    near = np.rint(centres).astype(np.uint32)
    table = np.concatenate([exact, near @ np.array([1 << 16, 1 << 8, 1], np.uint32)])
    places = np.empty(len(found), np.uint8)
    places[order] = np.concatenate([np.arange(EXACT), _nearest(points, _channels(table))])
    return table, places


def _channels(packed: np.ndarray) -> np.ndarray:
    return np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=1).astype(np.float32)


def _nearest(points: np.ndarray, table: np.ndarray) -> np.ndarray:
    """For each point the place of the nearest colour of the table."""
    distance = (table**2).sum(axis=1) - 2 * points @ table.T
    return distance.argmin(axis=1)
