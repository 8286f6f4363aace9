"""An image of the last evaluation as a session of its own, with the settings of one of its sources."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.evaluate.items import Item, picture_of, read_items
from workbench.foundation.errors import SessionError, SettingsError
from workbench.foundation.files import UNREADABLE, atomic_path
from workbench.preprocess.dataset import Sample
from workbench.project.accuracy.document import FILE
from workbench.project.accuracy.sources import choice_of
from workbench.project.prepared import prepared
from workbench.project.session import Session

HINT = "Run `rknn-workbench evaluate` with this session first."


def opened(session: Session, folder: Path, image: str, out: Path, source: str = "") -> Session:
    """The session whose only input is an image of the evaluation that `folder` keeps.

    The settings are those of `source`, else of the first one that is not float. An image out of an idx file is written
    to `out`, where the new session is to be.
    """
    told = _told(folder)
    text = _source(told, source)
    inputs = len(prepared(session.model, session.shapes, session.weights).model.graph.inputs)
    dataset = Path(str(told.get("dataset", "")))
    if not dataset.exists():
        raise SessionError(f"The data set {dataset} is not there (any more).", "Evaluate again, with --images.")
    item = next((item for item in read_items(dataset, inputs) if item.name == image), None)
    if item is None:
        raise SettingsError(f"{dataset} has no image {image!r}.", "Take a name from the list of images.")
    own = choice_of(text, session).session
    return replace(own, samples=(_sample(item, out),), runs=(), notes={}, pinned=())


def _sample(item: Item, out: Path) -> Sample:
    """Its files; what is only a part of one becomes a picture without loss."""
    if item.number is None:
        return item.sample
    import cv2

    path = out / "inputs" / f"{item.number}.png"
    with atomic_path(path) as part:
        part.write_bytes(cv2.imencode(".png", picture_of(item))[1].tobytes())
    return Sample((path,))


def _told(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SessionError(f"{folder} has no evaluation.", HINT) from error
    except UNREADABLE as error:
        raise SessionError(f"{folder / FILE} cannot be read: {error}.", HINT) from error
    if not isinstance(told, dict) or not isinstance(told.get("sources"), list):
        raise SessionError(f"{folder / FILE} is no evaluation.", HINT)
    return told


def _source(told: dict[str, Any], wanted: str) -> str:
    sources = [one for one in told["sources"] if isinstance(one, dict)]
    known = {str(one["source"]): str(one["with"]) for one in sources if {"source", "with"} <= one.keys()}
    if wanted and wanted not in known:
        raise SettingsError(f"The evaluation has no source {wanted!r}.", f"It has {', '.join(known)}.")
    return known[wanted] if wanted else next((text for text in known.values() if text != "float"), "float")
