"""A session: what the user opened and chose, as an immutable value and as a folder.

The folder holds `session.json` (versioned; paths relative to the folder where that is possible, and where the folder
was), `results.json` and `dumps/*.h5`.
"""

import dataclasses
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.foundation.errors import SessionError, SettingsError
from workbench.foundation.files import write_text
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.holding import held
from workbench.quantize.schemes import ALGORITHMS, DTYPES, METHODS, QuantSettings
from workbench.sources.board.commands import KINDS
from workbench.sources.toolkit.option_values import checked

IMPORTABLE = ("golden", "simulator", "runtime")
SIMULATORS = ("embedded", "toolkit", "none")
TOOLKIT_RUNNER = "toolkit"
RUNNERS = (TOOLKIT_RUNNER, *KINDS)
"""What runs the network on a board: the toolkit that adb connects with it, or what `sources.board.commands` knows."""
FED = ("raw", "normalised")
VERSION = 1
FILE = "session.json"


@dataclass(frozen=True)
class ImportedDumps:
    """Tensors that were computed elsewhere: a folder or file, a map of names (theirs -> the network's), a layout.

    `layouts` are those of single tensors (their names), where they have others than the rest.
    """

    path: Path
    names: Mapping[str, str] = field(default_factory=dict)
    layout: str = "nchw"
    layouts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BoardChoice:
    """The board that gives the runtime's values: the name of a described one or a link, never a password.

    `runner` is one of RUNNERS, `command` what it needs; it runs only where the user has agreed to it (`board.trust`).
    `rknn` is the user's own, else the toolkit makes one. `fed`: "raw" values, for a .rknn that normalises itself, or
    "normalised" ones. `is_native`: dump in the network's own types. `is_timed`: measure the time of each layer, too.
    """

    name: str
    runner: str = "lite2"
    command: str = ""
    rknn: Path | None = None
    fed: str = "raw"
    is_native: bool = False
    is_timed: bool = True


@dataclass(frozen=True)
class Session:
    """`samples` are analysed, `dataset` calibrates, `tensors` are patterns of what is dumped (empty: everything).

    `weights` is the second file of a network of Caffe or Darknet where it does not lie beside the first. `imports` maps
    "golden", "simulator" or "runtime" to dumps that take the place of that source. `plan` is a file that says how every
    tensor is quantised; then nothing is calibrated. `notes` (by tensor), `pinned` tensors and `runs` (sessions and
    dumps that are looked at beside this one) are the user's own, nothing is computed from them; `locked` are the layers
    (by tensor) whose precision a search for layers to spare leaves at what it says. `toolkit` names one of
    the described toolkits ("": the usual one), `toolkit_options` are its options that are not as they are by default.
    `board` computes the runtime's values, unless they are imported.

    Where a fix wrote the `model`, `reference` is the network whose float values it is compared with, if these are not
    its own, and `tail` computes the outputs of that one from its outputs, in float and outside the NPU.
    """

    model: Path
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    preprocess: Mapping[str, Preprocess] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    dataset: tuple[Sample, ...] = ()
    quant: QuantSettings = field(default_factory=QuantSettings)
    tensors: tuple[str, ...] = ()
    simulator: str = "embedded"
    imports: Mapping[str, ImportedDumps] = field(default_factory=dict)
    plan: Path | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    pinned: tuple[str, ...] = ()
    locked: Mapping[str, str] = field(default_factory=dict)
    runs: tuple[Path, ...] = ()
    weights: Path | None = None
    toolkit: str = ""
    toolkit_options: Mapping[str, Any] = field(default_factory=dict)
    board: BoardChoice | None = None
    reference: Path | None = None
    tail: Path | None = None


def save_session(session: Session, folder: Path) -> None:
    """Write `session.json` into `folder`, which is made if missing; raises SessionHeldError where another has it."""
    base = folder.resolve()
    document = {"version": VERSION, "saved_in": base.as_posix(), **_plain(session, base)}
    with held(folder):
        write_text(folder / FILE, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def load_session(folder: Path) -> Session:
    """Read the session in `folder`; raises SessionError for anything that is no session of this version or older."""
    document = _read(folder)
    version = document.pop("version", None)
    if not isinstance(version, int) or version < 1:
        raise SessionError(f"{folder / FILE} is not a session of RKNN Workbench.", "Open a network instead.")
    if version > VERSION:
        raise SessionError(f"{folder} was saved by a newer RKNN Workbench (version {version}).", "Update the program.")
    saved_in = document.pop("saved_in", None)
    session = _validated(document, folder)
    _check_choices(session, folder)
    session = dataclasses.replace(session, toolkit_options=_options(session, folder))
    return _absolute(session, folder.resolve(), Path(saved_in) if isinstance(saved_in, str) else folder)


def is_session(folder: Path) -> bool:
    """Whether `folder` looks like a session."""
    return (folder / FILE).is_file()


def _read(folder: Path) -> dict[str, Any]:
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SessionError(f"{folder} is not a session: it has no {FILE}.", "Choose a session's folder.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise SessionError(
            f"{folder / FILE} cannot be read: {error}.", "Open the network again and run it anew."
        ) from error
    if not isinstance(document, dict):
        raise SessionError(f"{folder / FILE} is not a session of RKNN Workbench.", "Open a network instead.")
    return document


def _validated(document: dict[str, Any], folder: Path) -> Session:
    from pydantic import TypeAdapter, ValidationError  # slow to import; only needed to read

    try:
        return TypeAdapter(Session).validate_python(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SessionError(
            f"{folder / FILE}: {where}: {first['msg']}.", "Correct the file, or open the network again."
        ) from error


def _check_choices(session: Session, folder: Path) -> None:
    quant = session.quant
    choices = (
        ("quant.dtype", quant.dtype, DTYPES),
        ("quant.method", quant.method, METHODS),
        ("quant.algorithm", quant.algorithm, ALGORITHMS),
        ("simulator", session.simulator, SIMULATORS),
        *(("imports", kind, IMPORTABLE) for kind in session.imports),
        *(("board.runner", item.runner, RUNNERS) for item in (session.board,) if item is not None),
        *(("board.fed", item.fed, FED) for item in (session.board,) if item is not None),
    )
    for setting, value, known in choices:
        if value not in known:
            raise SessionError(f"{folder / FILE}: {setting} is {value!r}.", f"It can be {', '.join(known)}.")


def _options(session: Session, folder: Path) -> dict[str, Any]:
    try:
        return checked(session.toolkit_options)
    except SettingsError as error:
        raise SessionError(f"{folder / FILE}: toolkit_options: {error.message}", error.hint) from error


def _plain(value: Any, base: Path) -> Any:
    """Dataclasses, tuples and paths as JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name), base) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item, base) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item, base) for item in value]
    if isinstance(value, Path):
        return _relative(value, base)
    return value


def _relative(path: Path, base: Path) -> str:
    absolute = path.resolve()
    try:
        return Path(os.path.relpath(absolute, base)).as_posix()
    except ValueError:  # another drive on Windows
        return absolute.as_posix()


def _absolute(session: Session, base: Path, saved_in: Path) -> Session:
    """Paths from `base`, where the session is; what is not there, from where it was saved: it may have moved alone."""

    def rooted(path: Path) -> Path:
        here, there = (Path(os.path.normpath(folder / path)) for folder in (base, saved_in))
        return there if there.exists() and not here.exists() else here

    def moved(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
        return tuple(
            dataclasses.replace(sample, files=tuple(rooted(file) for file in sample.files)) for sample in samples
        )

    return dataclasses.replace(
        session,
        model=rooted(session.model),
        samples=moved(session.samples),
        dataset=moved(session.dataset),
        imports={kind: dataclasses.replace(item, path=rooted(item.path)) for kind, item in session.imports.items()},
        plan=None if session.plan is None else rooted(session.plan),
        weights=None if session.weights is None else rooted(session.weights),
        runs=tuple(map(rooted, session.runs)),
        reference=None if session.reference is None else rooted(session.reference),
        tail=None if session.tail is None else rooted(session.tail),
        board=None if session.board is None else _rooted_board(session.board, rooted),
    )


def _rooted_board(board: BoardChoice, rooted: Callable[[Path], Path]) -> BoardChoice:
    return board if board.rknn is None else dataclasses.replace(board, rknn=rooted(board.rknn))
