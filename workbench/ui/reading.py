"""What the worker process does for the window. Nothing here knows Qt, so that the process starts quickly."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onnx import ModelProto

from workbench.compare.compare import LayerError
from workbench.foundation.errors import SessionError
from workbench.foundation.files import stamp_of
from workbench.foundation.steps import T
from workbench.graph.foreign.kinds import ONNX, RKNN, files_of, framework_of
from workbench.graph.graph import Model, Tensor
from workbench.graph.read import DynamicShapeError, read_model
from workbench.project.holding import is_untouched
from workbench.project.results import Results, load_results
from workbench.project.session import Session, is_session, load_session
from workbench.ui.models.network_rows import network_rows

if TYPE_CHECKING:
    from workbench.project.comparison.comparing import Look
    from workbench.project.comparison.sides import Side

COMPUTING = (
    "pydantic.type_adapter", "pydantic.dataclasses", "pydantic.types", "workbench.dump.store",
    "workbench.project.pipeline", "workbench.project.table",
)  # fmt: skip
LIBRARIES = ("cv2", *COMPUTING, "h5py", "numpy.ma", "workbench.sources.toolkit.configured")
"""Modules without Qt that take long to import and that only an open network needs."""


@dataclass(frozen=True)
class OpenShapes:
    """A network whose inputs leave dimensions open; `guess` proposes a shape for each."""

    inputs: tuple[Tensor, ...]
    guess: Mapping[str, tuple[int, ...]]


_Stamps = tuple[tuple[Path, tuple[int, int]], ...]
_whole: dict[Path, tuple[Model, Mapping[str, tuple[int, ...]], _Stamps]] = {}
"""The last network that this process has read, with its shapes and the time and size of each of its files."""


_weights: dict[Path, Path] = {}
"""The second files of networks, where they do not lie beside the first."""


def read_network(path: Path, shapes: Mapping[str, tuple[int, ...]], weights: Path | None = None) -> Model | OpenShapes:
    """The network without the values of its constants, or what has to be asked before it can be read.

    The window shows layers and tensors; hundreds of megabytes of weights would only keep it waiting.
    """
    _weights.pop(path, None)
    if weights is not None:
        _weights[path] = weights
    try:
        return replace(whole_network(path, shapes), proto=ModelProto())
    except DynamicShapeError as error:
        return OpenShapes(error.inputs, error.guess)


def with_network(path: Path, shapes: Mapping[str, tuple[int, ...]], function: Callable[..., T], *args: Any) -> T:
    """`function(model, *args)` with the whole network; for the worker process, which keeps the last one in memory."""
    return function(whole_network(path, shapes), *args)


def whole_network(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> Model:
    """The network with its constants; from memory while its files are the same."""
    weights = _weights.get(path)
    stamps = tuple((file, stamp_of(file)) for file in files_of(path, weights) or (path,))
    model, fixed, read = _whole.get(path, (None, {}, ()))
    if model is None or fixed != shapes or read != stamps:
        _whole.clear()
        model = read_model(path, shapes, weights=weights)
        _whole[path] = model, dict(shapes), stamps
    return model


@dataclass(frozen=True)
class Found:
    """What was opened; `results` are those of the last run, `rows` the network's own."""

    session: Session
    folder: Path
    model: Model | OpenShapes
    results: Results | None = None
    rows: tuple[LayerError, ...] = ()


def read_session(folder: Path) -> Found:
    """What is stored in a session's folder."""
    if not folder.exists():
        raise SessionError(f"{folder} does not exist.", "Open a network or a session's folder.")
    if not folder.is_dir():
        raise SessionError(
            f"{folder.name} is no network that can be opened.",
            "Open a network (ONNX, TFLite, TensorFlow, Caffe, Darknet or TorchScript) or a session's folder.",
        )
    return _found(load_session(folder), folder, load_results(folder))


def read_demo(folder: Path) -> Found:
    """The demo: its session of last time where there is one, else a new one."""
    from workbench.project.pipeline import demo_session

    return read_session(folder) if is_session(folder) else _found(demo_session(), folder)


def read_new(model: Path, shapes: Mapping[str, tuple[int, ...]], sessions: Path, weights: Path | None = None) -> Found:
    """A new session with a network, in a free folder below `sessions`."""
    framework = framework_of(model)
    simulator = {ONNX: "embedded", RKNN: "none"}.get(framework) or _simulator_of_others()
    return _found(Session(model, shapes, weights=weights, simulator=simulator), free_folder(sessions, model.stem))


def _simulator_of_others() -> str:
    """What simulates a network that the embedded simulator does not read."""
    from workbench.sources.toolkit.descriptions import described

    return "toolkit" if described() else "none"


def free_folder(sessions: Path, stem: str) -> Path:
    """A folder for a new session: nobody has it, and nothing is in it."""
    folder, number = sessions / stem, 2
    while not is_untouched(folder):
        folder, number = sessions / f"{stem}-{number}", number + 1
    return folder


def stale_stages(session: Session, folder: Path) -> tuple[str, ...]:
    """The stages that a run would compute again."""
    from workbench.project.pipeline import stale

    return stale(session, folder)


def inputs_of_dumps(paths: Sequence[Path]) -> tuple[str, ...]:
    """The file that each dump was computed from; "" where it does not tell."""
    from workbench.dump.store import Dump

    found = []
    for path in paths:
        with Dump(path) as dump:
            found.append(str(dump.info.get("input", "")))
    return tuple(found)


def runs_of_network(home: Path, paths: Sequence[Path]) -> tuple[Path, ...]:
    """The sessions among `paths` that have results of the same network."""
    from workbench.project.comparison.runs import of_same_network

    return of_same_network(home, paths)


def sources_of_path(path: Path) -> tuple[str, ...]:
    """What of a session or of a folder of dumps can be compared."""
    from workbench.project.comparison.open_side import sources_of

    return sources_of(path)


def look_at_sides(sides: Sequence["Side"], names: Path | None, home: Path | None) -> tuple["Look", Mapping[str, str]]:
    """What a comparison will be, without measuring anything, and the map of names in the file `names`."""
    from workbench.compare.match import read_map
    from workbench.project.comparison.comparing import look_at

    mapping = read_map(names) if names is not None else {}
    return look_at(sides, mapping, home), mapping


def warm_up() -> None:
    """Import what the questions of the window need: the first network then opens at once."""
    for name in (*COMPUTING, "workbench.ui.models.graph.geometry"):
        importlib.import_module(name)


def _found(session: Session, folder: Path, results: Results | None = None) -> Found:
    model = read_network(session.model, session.shapes, session.weights)
    return Found(session, folder, model, results, network_rows(model) if isinstance(model, Model) else ())
