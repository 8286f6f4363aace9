"""What the window asks of the core about accuracy on a data set. For the processes that work for it; no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.foundation.errors import SessionError, WorkbenchError
from workbench.foundation.files import UNREADABLE
from workbench.foundation.steps import Progress, Steps
from workbench.project.session import Session, save_session
from workbench.ui.child import computer
from workbench.ui.models.accuracy.figures import Figures, figures_of
from workbench.ui.models.board.answers import Answers, Questions

if TYPE_CHECKING:
    from workbench.evaluate.items import Item
    from workbench.project.accuracy.evaluating import Wanted

BOARD = "board"
USUAL = ("float", "simulator")
CLASSIFICATION, DETECTION = "classification", "detection"
SIDE = 56
"""Of a thumbnail, in pixels."""


@dataclass(frozen=True)
class Asked:
    """What is to be measured, as the form has it; `labels` None with `by_float` False are the folders' names."""

    images: Path | None = None
    task: str = CLASSIFICATION
    labels: Path | None = None
    by_float: bool = False
    names: Path | None = None
    first: int = 0
    most: int = 0
    decoder: str = ""
    least: float = 0.001
    hook: Path | None = None
    sources: tuple[str, ...] = USUAL


def read_figures(folder: Path) -> Figures | None:
    """The last evaluation of a session; None where there is none."""
    import json

    from workbench.project.accuracy.document import FILE

    path = folder / FILE
    try:
        return figures_of(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except UNREADABLE as error:
        raise SessionError(f"{path} is damaged or cut short.", "Evaluate again.") from error


def evaluate_asked(session: Session, folder: Path, asked: Asked, cluster: str, questions: Questions) -> Steps[Figures]:
    """Connect to a board here, where the user can be asked, then measure elsewhere with the same answers."""
    if BOARD in asked.sources and session.board is not None:
        from workbench.sources.board.descriptions import board_of
        from workbench.sources.board.links import connect

        yield Progress("connect", 0, 0)
        connect(board_of(session.board.name), questions).close()
    answers = Answers(dict(questions.known))
    return (yield from computer.steps(evaluate_here, session, folder, asked, cluster, answers))


def evaluate_here(session: Session, folder: Path, asked: Asked, cluster: str, ask: Answers) -> Steps[Figures]:
    """Measure, and keep the figures in the session."""
    from workbench.project.accuracy.document import document, save
    from workbench.project.accuracy.evaluating import Means, evaluate
    from workbench.project.accuracy.sources import choice_of
    from workbench.project.workers.executors import workers

    save_session(session, folder)
    choices = [choice_of(text, session) for text in asked.sources]
    with workers(0, cluster) as pool:
        means = Means(pool if cluster else None, ask)
        told = document((yield from evaluate(session, folder, wanted_of(asked), choices, means)))
    save(told, folder)
    return figures_of(told)


def wanted_of(asked: Asked) -> "Wanted":
    """It in the core's words."""
    from workbench.evaluate.decoders import Decoding
    from workbench.evaluate.reading import Reading
    from workbench.project.accuracy.evaluating import Wanted

    if asked.images is None:
        raise WorkbenchError("There are no images to evaluate with.", "Choose a folder or a file of images.")
    reading = Reading(asked.task, "", Decoding(asked.decoder, asked.least), asked.hook)
    return Wanted(asked.images, reading, asked.labels, asked.names, asked.by_float, asked.first, asked.most)


def refuse_source(session: Session, text: str) -> None:
    """Raise what is wrong with a source that somebody typed."""
    from workbench.project.accuracy.sources import choice_of

    choice_of(text, session)


def thumbnails(session: Session, dataset: Path, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Small pictures of images of a data set, rows x columns x RGB; without those that are no pictures."""
    from workbench.evaluate.items import read_items
    from workbench.graph.read import read_inputs

    inputs = len(read_inputs(session.model, session.weights))
    wanted = set(names)
    items = [item for item in read_items(dataset, inputs) if item.name in wanted]
    return {item.name: found for item in items if (found := _thumbnail(item)) is not None}


def open_image(session: Session, folder: Path, image: str, source: str, out: Path) -> Steps[Path]:
    """A session with an image as its only input and the settings of a source, run."""
    from workbench.project.accuracy.opening import opened
    from workbench.project.pipeline import analyze

    found = opened(session, folder, image, out, source)
    yield from analyze(replace(found, board=None), out)
    return out


def _thumbnail(item: "Item") -> np.ndarray | None:
    import cv2

    from workbench.evaluate.items import picture_of
    from workbench.preprocess.images import is_picture, read

    file = item.sample.files[0]
    if item.number is None and not is_picture(file):
        return None
    try:
        image = picture_of(item) if item.number is not None else read(file)
    except WorkbenchError:  # the list says its name
        return None
    high, wide = image.shape[:2]
    share = SIDE / max(high, wide)
    size = max(1, round(wide * share)), max(1, round(high * share))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_NEAREST)
    return np.ascontiguousarray(small[:, :, ::-1])
