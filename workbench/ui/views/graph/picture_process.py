"""Draws pictures in a process of its own: writing a large PDF holds the interpreter's lock for seconds."""

import pickle
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from workbench.foundation.settings import load_settings
from workbench.foundation.steps import Progress, Steps
from workbench.ui import translate
from workbench.ui.child import Child
from workbench.ui.views.graph.picture import Picture, write_picture

CHUNK = 400
"""So many boxes are packed at a time, in some milliseconds; then other threads may go on."""

_application: list[QGuiApplication] = []


def drawn_elsewhere(picture: Picture, path: Path) -> Steps[Path]:
    """`write_picture` in another process, which ends with it."""
    yield Progress("picture", 0, 0)
    child = Child()
    try:
        return (yield from child.steps(draw_packed, packed(picture), path))
    finally:
        child.close()


def packed(picture: Picture) -> tuple[bytes, ...]:
    """A picture as bytes: its boxes in chunks, then the rest."""
    found: list[bytes] = []
    bare = []
    for plate in picture.plates:
        boxes = plate.diagram.boxes
        found += [pickle.dumps(boxes[at : at + CHUNK]) for at in range(0, len(boxes), CHUNK)]
        bare.append(replace(plate, diagram=replace(plate.diagram, boxes=(), index_of={}, whole=None)))
    return (*found, pickle.dumps(replace(picture, plates=tuple(bare))))


def unpacked(parts: tuple[bytes, ...]) -> Picture:
    """The picture that was packed."""
    picture: Picture = pickle.loads(parts[-1])
    chunks = iter(parts[:-1])
    plates = []
    for plate in picture.plates:
        boxes = [box for _ in range(0, len(plate.colouring.classes), CHUNK) for box in pickle.loads(next(chunks))]
        plates.append(replace(plate, diagram=replace(plate.diagram, boxes=tuple(boxes))))
    return replace(picture, plates=tuple(plates))


def draw_packed(parts: tuple[bytes, ...], path: Path) -> Steps[Path]:
    """Draw a picture in a process that has no window."""
    if QGuiApplication.instance() is None:
        _application.append(QGuiApplication(["rknn-workbench"]))
        translate.install(_application[0], load_settings().language)
    return (yield from write_picture(unpacked(parts), path))
