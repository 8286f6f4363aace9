"""The same pipeline from Python: `import workbench`. Every call blocks until it is done.

`on_event` is called for progress, lines of the log and warnings; it may raise to stop the work. What cannot be used
raises a `WorkbenchError` with a sentence and what to do next.
"""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path

import numpy as np

from workbench.diagnose.findings import Finding as Finding
from workbench.dump.store import Dump
from workbench.foundation.errors import SessionError
from workbench.foundation.errors import WorkbenchError as WorkbenchError
from workbench.foundation.steps import Event, drain
from workbench.foundation.steps import Log as Log
from workbench.foundation.steps import Progress as Progress
from workbench.foundation.steps import Warn as Warn
from workbench.mixed.search import Goal as Goal
from workbench.mixed.search import Point
from workbench.preprocess.preprocess import Preprocess
from workbench.project import exports, pipeline
from workbench.project.findings.diagnosing import Diagnosis, diagnose
from workbench.project.making import new_session as made
from workbench.project.mixed import files as mixed_files
from workbench.project.mixed.mixing import Mixing, Wish
from workbench.project.mixed.searched import search_and_keep
from workbench.project.results import Results, load_results
from workbench.project.session import Session, load_session
from workbench.quantize.schemes import QuantSettings

Name = str | PathLike[str]
OnEvent = Callable[[Event], None]


def _untold(event: Event) -> None:
    """Nobody asked."""


def new_session(
    model: Name,
    inputs: Sequence[Name] = (),
    dataset: Name | None = None,
    *,
    preprocess: Mapping[str, Preprocess] | None = None,
    quant: QuantSettings | None = None,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
) -> Session:
    """A network with the files that are analysed and a list of those that calibrate; `preprocess` is by input."""
    files = [Path(name) for name in inputs]
    listed = None if dataset is None else Path(dataset)
    return made(Path(model), files, listed, preprocess=preprocess, quant=quant, shapes=shapes)


def analyze(session: Session, folder: Name, on_event: OnEvent = _untold) -> Results:
    """Run reference and simulator and compare them layer by layer; all is kept in `folder`, which the window opens."""
    return drain(pipeline.analyze(session, Path(folder)), on_event)


def diagnosis(folder: Name, on_event: OnEvent = _untold) -> Diagnosis:
    """Why the numbers of a session part, the likeliest cause first, and what its fix brings."""
    return drain(diagnose(Path(folder)), on_event)


def search(folder: Name, wish: Wish, on_event: OnEvent = _untold) -> Mixing:
    """The layers that must stay precise for a goal, at the least cost: `found.chosen`, and all of `found.points`."""
    return drain(search_and_keep(load_session(Path(folder)), Path(folder), wish), on_event)


def write_layers(found: Mixing, point: Point, kind: str, path: Name, on_event: OnEvent = _untold) -> None:
    """Write a choice of layers for the vendor's tools: `kind` is one of `mixed_files.FORMATS`, such as "cfg"."""
    drain(mixed_files.write(found.network, found.layers(point), mixed_files.Target(kind, Path(path))), on_event)


def export(folder: Name, kind: str, path: Name, on_event: OnEvent = _untold) -> Path:
    """Write a session's report, tables, tensors or plan: `kind` is one of `exports.FORMATS`, such as "html"."""
    place = Path(folder)
    return drain(exports.export(load_session(place), place, exports.Target(kind, Path(path))), on_event)


def values(folder: Name, tensor: str, source: str = "simulator", sample: int = 0) -> np.ndarray:
    """A tensor of a session's last run, dequantised: float32, in the network's layout.

    `source` is a key of `Results.dumps`. Raises SessionError or DumpError where it is not there.
    """
    results = load_results(Path(folder))
    paths = () if results is None else results.dumps.get(source, ())
    if sample >= len(paths):
        raise SessionError(f"{folder} has no {source} of input {sample}.", "Run the session with it first.")
    with Dump(paths[sample]) as dump:
        return np.array(dump[tensor])
