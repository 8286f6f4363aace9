"""What the worker process does for the window. Nothing here knows Qt, so that the process starts quickly."""

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from workbench.foundation.errors import SessionError
from workbench.graph.graph import Model, Tensor
from workbench.graph.read import DynamicShapeError, read_model
from workbench.project.results import Results, load_results
from workbench.project.session import Session, is_session, load_session

COMPUTING = (
    "pydantic.type_adapter", "pydantic.dataclasses", "pydantic.types", "workbench.dump.store",
    "workbench.project.pipeline", "workbench.project.table",
)  # fmt: skip
LIBRARIES = ("cv2", *COMPUTING, "h5py", "numpy.ma", "workbench.ui.views.tensor_views")
"""Modules that take long to import and that only an open network needs."""


@dataclass(frozen=True)
class OpenShapes:
    """A network whose inputs leave dimensions open; `guess` proposes a shape for each."""

    inputs: tuple[Tensor, ...]
    guess: Mapping[str, tuple[int, ...]]


def read_network(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> Model | OpenShapes:
    """The network, or what has to be asked before it can be read."""
    try:
        return read_model(path, shapes)
    except DynamicShapeError as error:
        return OpenShapes(error.inputs, error.guess)


@dataclass(frozen=True)
class Found:
    """What was opened; `results` are those of the last run."""

    session: Session
    folder: Path
    model: Model | OpenShapes
    results: Results | None = None


def read_session(folder: Path) -> Found:
    """What is stored in a session's folder."""
    if not folder.exists():
        raise SessionError(f"{folder} does not exist.", "Open a network (.onnx) or a session's folder.")
    if not folder.is_dir():
        raise SessionError(
            f"{folder.name} is no network that can be opened.", "Open an .onnx file or a session's folder."
        )
    return _found(load_session(folder), folder, load_results(folder))


def read_demo(folder: Path) -> Found:
    """The demo: its session of last time where there is one, else a new one."""
    from workbench.project.pipeline import demo_session

    return read_session(folder) if is_session(folder) else _found(demo_session(), folder)


def read_new(model: Path, shapes: Mapping[str, tuple[int, ...]], sessions: Path) -> Found:
    """A new session with a network, in a free folder below `sessions`."""
    return _found(Session(model, shapes), free_folder(sessions, model.stem))


def free_folder(sessions: Path, stem: str) -> Path:
    """A folder for a new session that does not exist yet."""
    folder, number = sessions / stem, 2
    while folder.exists():
        folder, number = sessions / f"{stem}-{number}", number + 1
    return folder


def stale_stages(session: Session, folder: Path) -> tuple[str, ...]:
    """The stages that a run would compute again."""
    from workbench.project.pipeline import stale

    return stale(session, folder)


def begin_worker() -> None:
    """Make the worker process leave Ctrl+C to the window, and end when the window ends, however that happens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def warm_up() -> None:
    """Import what the questions of the window need: the first network then opens at once."""
    for name in (*COMPUTING, "workbench.ui.models.graph_geometry"):
        importlib.import_module(name)


@contextmanager
def without_main() -> Iterator[None]:
    """Hide the program's main module: a process that is started imports it anew, and with it the whole of Qt."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _found(session: Session, folder: Path, results: Results | None = None) -> Found:
    return Found(session, folder, read_network(session.model, session.shapes), results)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
