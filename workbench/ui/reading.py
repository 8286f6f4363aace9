"""What the worker process does for the window. Nothing here knows Qt, so that the process starts quickly."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.graph.graph import Model, Tensor
from workbench.graph.read import DynamicShapeError, read_model


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


def begin_worker() -> None:
    """Make the worker process leave Ctrl+C to the window, and end when the window ends, however that happens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def warm_up() -> bool:
    """Nothing but the imports of this module: the first network then opens at once."""
    return True


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
