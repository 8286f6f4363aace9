"""Boxes: overlaps, and of many about the same object the surest."""

from dataclasses import dataclass

import cv2
import numpy as np

MOST_BEFORE = 3000  # boxes that are sorted out; the surest
MOST_FOUND = 300


@dataclass(frozen=True)
class Objects:
    """Objects on a picture: boxes (n, 4: x1 y1 x2 y2) in pixels, scores (n) 0 to 1, classes (n)."""

    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray

    @staticmethod
    def none() -> "Objects":
        """Nothing was found."""
        return Objects(np.zeros((0, 4)), np.zeros(0), np.zeros(0, np.int64))

    def at(self, which: np.ndarray) -> "Objects":
        """Some of them, by number or as true and false."""
        return Objects(self.boxes[which], self.scores[which], self.classes[which])

    def surer(self, least: float) -> "Objects":
        """Those with at least that score."""
        return self.at(self.scores >= least)

    def only(self, number: int, most: int) -> "Objects":
        """Those of a class, the surest first, at most so many."""
        own = self.at(self.classes == number)
        return own.at(np.argsort(-own.scores, kind="mergesort")[:most])


def overlaps(one: np.ndarray, other: np.ndarray, crowds: np.ndarray | None = None) -> np.ndarray:
    """Intersection over union of each of (n, 4) with each of (m, 4): (n, m).

    For a crowd it is the intersection over the first one's own area.
    """
    low = np.maximum(one[:, np.newaxis, :2], other[np.newaxis, :, :2])
    high = np.minimum(one[:, np.newaxis, 2:], other[np.newaxis, :, 2:])
    shared = (high - low).clip(0).prod(axis=2)
    own = (one[:, 2:] - one[:, :2]).clip(0).prod(axis=1)[:, np.newaxis]
    theirs = (other[:, 2:] - other[:, :2]).clip(0).prod(axis=1)[np.newaxis]
    union = own + theirs - shared
    if crowds is not None and crowds.any():
        union = np.where(crowds[np.newaxis], own, union)
    found: np.ndarray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return found


def sorted_out(found: Objects, overlap: float, most: int = MOST_FOUND) -> Objects:
    """Without boxes that overlap a surer one of their class by more (non-maximum suppression); the surest first."""
    found = found.at(np.argsort(-found.scores, kind="stable")[:MOST_BEFORE])
    if not len(found.scores):
        return found
    sides = np.hstack((found.boxes[:, :2], found.boxes[:, 2:] - found.boxes[:, :2]))
    kept = cv2.dnn.NMSBoxesBatched(sides.tolist(), found.scores.tolist(), found.classes.tolist(), 0.0, overlap)
    return found.at(np.asarray(kept, np.int64)[:most])
