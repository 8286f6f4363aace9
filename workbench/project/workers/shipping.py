"""Which files a session's stages read: what a worker elsewhere needs of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.graph.foreign.kinds import files_of
from workbench.graph.onnx_file import data_files
from workbench.preprocess.dataset import Sample
from workbench.project.session import Session
from workbench.project.workers.tasks import Together


def files_of_session(session: Session) -> tuple[Together, ...]:
    """Its networks, its plan and its inputs; no dumps."""
    return tuple(dict.fromkeys((*files_of_networks(session), *files_of_settings(session))))


def files_of_networks(session: Session) -> tuple[Together, ...]:
    """Each with its weights; they are read for it."""
    others = [files_of_network(path) for path in (session.reference, session.tail) if path is not None]
    return files_of_network(session.model, session.weights), *others


def files_of_settings(session: Session) -> tuple[Together, ...]:
    """Its plan, and every file of its inputs by itself."""
    plan = [(session.plan,)] if session.plan is not None else []
    return tuple(dict.fromkeys((*plan, *_inputs((*session.samples, *session.dataset)))))


def files_of_network(model: Path, weights: Path | None = None) -> Together:
    """The file that was opened, first, and those that belong to it."""
    others = files_of(model, weights) or data_files(model)
    return tuple(dict.fromkeys((model, *others, *(() if weights is None else (weights,)))))


def _inputs(samples: Iterable[Sample]) -> Iterator[Together]:
    yield from ((file,) for sample in samples for file in sample.files)
