"""What computes a network's outputs on a data set: float, the simulator with any settings, the toolkit, a board."""

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from workbench.evaluate.runs import NetworkRuns, Runs, float_runs, simulated_runs
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Steps
from workbench.graph.graph import Model
from workbench.graph.read import read_model
from workbench.preprocess.dataset import feeds
from workbench.project import cache
from workbench.project.accuracy.answering import Feeding
from workbench.project.accuracy.boards_there import BoardThere
from workbench.project.accuracy.reference_runs import ReferenceRuns
from workbench.project.board.stages import BoardStage
from workbench.project.board.stages import fed as board_fed
from workbench.project.digests import file_digest
from workbench.project.plan_stage import PlanStage
from workbench.project.prepared import Prepared, prepared
from workbench.project.references import refuse_embedded
from workbench.project.session import BoardChoice, Session
from workbench.project.toolkit.converting import unnormalised
from workbench.project.toolkit.stages import NEEDS_BOARD, NO_PLAN, OR_EMBEDDED
from workbench.project.toolkit.vendor import vendor_run
from workbench.project.what_if import settings_of
from workbench.quantize.platforms import check
from workbench.quantize.schemes import ALGORITHMS, DTYPES, METHODS
from workbench.sources.board.commands import LITE2
from workbench.sources.board.descriptions import board_of
from workbench.sources.board.inferring import BoardRuns
from workbench.sources.board.links import Ask, connect
from workbench.sources.toolkit.configured import quantizes_itself, toolkit_called
from workbench.sources.toolkit.many import ToolkitRuns
from workbench.sources.toolkit.simulator import version_in
from workbench.sources.toolkit.snapshot import Keeping

TOOLKIT_FOLDER = Path("toolkit") / "evaluation"  # in a session
BOARD_FOLDER = Path("board") / "evaluation"
FLOAT, SIMULATOR, TOOLKIT, BOARD = "float", "simulator", "toolkit", "board"
KINDS = (FLOAT, SIMULATOR, TOOLKIT, BOARD)
THERE = "board@"  # and the name of a resource: a board of a cluster
SETTINGS = ("dtype", "method", "algorithm", "optimization_level", "float_tensors", "int16_tensors", "cfg")
HINT = f"Write {', '.join(KINDS)}, or a name and settings: layer:method=layer, mixed:cfg=FILE."
CHOICES = {"dtype": DTYPES, "method": METHODS, "algorithm": ALGORITHMS}


@dataclass(frozen=True)
class Choice:
    """A source under the name that the user knows it by, with the session as it would be; `text` is what they wrote."""

    name: str
    kind: str
    session: Session
    text: str


def choice_of(text: str, session: Session) -> Choice:
    """`float`, `simulator`, `toolkit`, `board`, `board@RESOURCE`, or a simulator with settings: `NAME:KEY=VALUE,…`."""
    if text.startswith(THERE) and (resource := text.removeprefix(THERE)):
        board = replace(session.board or BoardChoice(resource), name=resource, runner=LITE2)
        return Choice(text, THERE, replace(session, board=board, simulator="embedded", imports={}), text)
    name, colon, settings = text.partition(":")
    if not colon and name == BOARD:
        return Choice(name, name, _on_board(session), text)
    if not colon and name in KINDS:
        return Choice(name, name, _alone(session), text)
    if not name or not settings or name == FLOAT:
        raise SettingsError(f"--with {text!r} says nothing that can be run.", HINT)
    given = dict(_pair(part, text) for part in settings.split(","))
    return Choice(name, SIMULATOR, _with_settings(_alone(session), given, text), text)


def runs_of(choice: Choice, folder: Path, ask: Ask | None = None) -> Steps[Runs]:
    """What gives the outputs; a calibration that is missing is done, and kept in the session's folder."""
    if choice.kind == FLOAT:
        model = _whole(choice.session)
        return float_runs(model) if model.is_onnx else ReferenceRuns(model)
    if choice.kind == TOOLKIT:
        return _vendor(choice.session, folder)
    if choice.kind == BOARD:
        return (yield from _board(choice.session, folder, ask))
    if choice.kind == THERE:
        return (yield from _there(choice.session, folder))
    return (yield from _simulated(choice.session, folder))


def feeding_of(choice: Choice) -> Feeding:
    """How items are fed to a source."""
    inputs = _prepared(choice.session).model.graph.inputs
    board = choice.session.board
    if choice.kind in (BOARD, THERE) and board is not None and board.fed == "raw":
        return Feeding(inputs, unnormalised(choice.session, inputs), choice.session.preprocess)
    return Feeding(inputs, choice.session.preprocess)


def key_of(choice: Choice, folder: Path) -> list[Any]:
    """What a source's outputs depend on besides an item's files, as JSON values."""
    session, model = choice.session, _prepared(choice.session).model
    inputs = {name: dataclasses.asdict(item) for name, item in session.preprocess.items()}
    whole = _whole(session).digest
    if choice.kind == FLOAT:
        return [FLOAT, cache.RULES, whole, inputs]
    if choice.kind in (BOARD, THERE):
        assert session.board is not None
        network = session.board.rknn
        made = cache.rknn_key(session, model) if network is None else file_digest(network)
        return [choice.kind, cache.RULES, model.digest, inputs, made, session.board.name, session.board.fed]
    if choice.kind == TOOLKIT:
        samples = [cache.sample_digest(item) for item in session.dataset]
        told = [session.toolkit, dict(session.toolkit_options), version_in(toolkit_called(session.toolkit))]
        return [TOOLKIT, cache.RULES, model.digest, inputs, settings_of(session.quant), samples, told]
    stage = _planning(session, _prepared(session), folder)
    return [choice.kind, cache.RULES, model.digest, whole, inputs, settings_of(session.quant), stage.key]


def _simulated(session: Session, folder: Path) -> Steps[NetworkRuns]:
    refuse_embedded(session.model)
    if session.quant.type.calibrates and session.plan is None and not session.dataset:
        raise SettingsError("There is nothing to calibrate with.", "Choose a dataset of typical inputs in the session.")
    known = _prepared(session)
    graph, plan = yield from _planning(session, known, folder).run()
    names = [tensor.name for tensor in _whole(session).graph.outputs]
    return simulated_runs(graph, plan, known.kept.constants_of, names)


def _vendor(session: Session, folder: Path) -> ToolkitRuns:
    """The vendor's simulator; it calibrates with the session's set by itself."""
    known = _prepared(session)
    if session.plan is not None:
        raise SettingsError(NO_PLAN, "Remove the plan, or leave the toolkit out.")
    if quantizes_itself(known.model):
        raise SettingsError(NEEDS_BOARD.format(known.model.path.name), OR_EMBEDDED)
    what = vendor_run(session, known.model, Keeping())
    inputs = known.model.graph.inputs
    calibration = [partial(feeds, sample, inputs, session.preprocess) for sample in session.dataset]
    names = [tensor.name for tensor in known.model.graph.outputs]
    return ToolkitRuns(what, calibration, names, folder / TOOLKIT_FOLDER)


def _board(session: Session, folder: Path, ask: Ask | None) -> Steps[BoardRuns]:
    """The session's board, by the vendor's toolkit for boards in Python."""
    known = _prepared(session)
    assert session.board is not None
    stage = BoardStage(session, known.model, folder, ask)
    board = board_of(session.board.name)
    python = stage.command(board)
    rknn = yield from stage.network()
    fed = partial(board_fed, is_last=known.model.is_channels_last)
    return BoardRuns(lambda: connect(board, ask), rknn, _shapes(known), fed, folder / BOARD_FOLDER, python)


def _there(session: Session, folder: Path) -> Steps[BoardThere]:
    """A board of a cluster; what runs there is made here."""
    known = _prepared(session)
    assert session.board is not None
    rknn = yield from BoardStage(session, known.model, folder).network()
    return BoardThere(session.board.name, rknn.resolve(), _shapes(known), known.model.is_channels_last)


def _shapes(known: Prepared) -> dict[str, tuple[int, ...] | None]:
    """Those of the outputs."""
    return {tensor.name: tensor.static_shape for tensor in known.model.graph.outputs}


def _on_board(session: Session) -> Session:
    """The session as its board runs it."""
    if session.board is None:
        raise SettingsError("The session has no board.", "Run it on one first: rknn-workbench board run.")
    if session.board.runner != LITE2:
        message = f"A board gives the outputs of many inputs by the runner {LITE2} only, not by {session.board.runner}."
        raise SettingsError(message, "Choose that runner: rknn-workbench board run --runner lite2.")
    return replace(session, simulator="embedded", imports={})


def _planning(session: Session, known: Prepared, folder: Path) -> PlanStage:
    inputs = known.model.graph.inputs
    return PlanStage(
        session,
        known,
        folder / "dumps",
        lambda sample: feeds(sample, inputs, session.preprocess),
        lambda stage: nullcontext(),
    )


def _prepared(session: Session) -> Prepared:
    return prepared(session.model, session.shapes, session.weights)


def _whole(session: Session) -> Model:
    """The network whose outputs are looked at: that with the tail, where the end is computed outside the NPU."""
    if session.reference is None:
        return _prepared(session).model
    return read_model(session.reference, session.shapes)


def _alone(session: Session) -> Session:
    """The session as the embedded simulator runs it, without what was imported."""
    return replace(session, simulator="embedded", imports={}, board=None)


def _with_settings(session: Session, given: Mapping[str, str], text: str) -> Session:
    unknown = next((key for key in given if key not in SETTINGS), None)
    if unknown is not None:
        raise SettingsError(f"--with {text}: there is no setting {unknown!r}.", f"There are {', '.join(SETTINGS)}.")
    for key, choices in CHOICES.items():
        if key in given and given[key] not in choices:
            raise SettingsError(f"--with {text}: {key} is {given[key]!r}.", f"It can be {', '.join(choices)}.")
    if "cfg" in given:
        path = Path(given["cfg"])
        if not path.is_file():
            raise SettingsError(f"--with {text}: {path} does not exist.", "Name a file with a plan.")
        session = replace(session, plan=path)
    elif given.keys() & {"dtype", "method", "algorithm"}:
        session = replace(session, plan=None)
    values: dict[str, Any] = {key: given[key] for key in CHOICES if key in given}
    for key in ("float_tensors", "int16_tensors"):
        if key in given:
            values[key] = tuple(name for name in given[key].split(";") if name)
    if "optimization_level" in given:
        values["optimization_level"] = _level(given["optimization_level"], text)
    quant = replace(session.quant, **values)
    if "method" not in values and quant.method not in quant.type.methods and quant.type.methods:
        quant = replace(quant, method=quant.type.methods[0])
    check(quant)
    return replace(session, quant=quant)


def _pair(part: str, text: str) -> tuple[str, str]:
    key, equals, value = part.partition("=")
    if not equals or not value:
        raise SettingsError(f"--with {text}: {part!r} is no KEY=VALUE.", HINT)
    return key.strip(), value.strip()


def _level(text: str, whole: str) -> int:
    if text not in ("0", "1", "2", "3"):
        raise SettingsError(f"--with {whole}: optimization_level is {text!r}.", "It can be 0, 1, 2 or 3.")
    return int(text)


def same_names(choices: Sequence[Choice]) -> str:
    """A name that two sources have; "" where all differ."""
    names = [choice.name for choice in choices]
    return next((name for name in names if names.count(name) > 1), "")
