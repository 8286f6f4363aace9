"""Runs a recipe in the toolkit's interpreter: its progress as steps, its end, however bad, as a value or an error."""

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import cannot_write, write_text
from workbench.foundation.process import Finished, lines_of
from workbench.foundation.scratch import scratch_folder
from workbench.foundation.steps import Steps
from workbench.sources import knowledge
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.recipe import (
    LIST_DEVICES,
    Analyse,
    Call,
    Export,
    Measure,
    Recipe,
    as_json,
    calls,
    measuring,
)
from workbench.sources.toolkit.talk import Talk, Versions

__all__ = ["LOG", "WORKER", "Outcome", "ToolkitError", "Versions", "devices", "look", "measure", "run"]

WORKER = Path(__file__).with_name("worker.py")
LOG, REQUEST, SCRATCH = "toolkit.log", "request.json", "tmp"
SHOWN = 40  # last lines of an error
LONGEST = 240  # characters of its words in a sentence; the log has the rest
PATIENCE = 120.0  # seconds that an interpreter may take to start
STAGE_WORDS = {
    "start": "while it started",
    "load": "while it loaded the network",
    "build": "while it built the network",
    "analyse": "while it analysed the network",
    "export": "while it wrote the .rknn",
    "measure": "while it measured on the board",
}
EXPLAINING = ("cause", "symptom")  # what is known of warnings does not explain a failure
WORDLESS = ("rknn-toolkit2 version", "Traceback (most recent call last)", "Unkown op target")  # nothing is said there
RAISED = re.compile(r"^(?!RuntimeError: \w+ gave )[\w.]+(?:Error|Exception|Exit): ")
UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")


@dataclass(frozen=True)
class Outcome:
    """What a run left: the folders of its snapshots, the .rknn, seconds of each call, everything it printed.

    `gave` are the results of calls that were asked for them, by method: plain values as JSON has them.
    """

    versions: Versions
    snapshots: tuple[Path, ...]
    rknn: Path | None
    seconds: tuple[tuple[str, float], ...]
    log: Path
    gave: tuple[tuple[str, Any], ...] = ()


class ToolkitError(WorkbenchError):
    """The toolkit refused, crashed or hung; `lines` are the last that it printed."""

    def __init__(self, message: str, hint: str = "", lines: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.lines = lines

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.hint, self.lines)


def run(toolkit: Toolkit, recipe: Recipe, folder: Path) -> Steps[Outcome]:
    """Make the calls of a recipe in `folder`, where the toolkit leaves its files; closing kills it within a second.

    Steps: Progress of the stages start, load, build, analyse and export, with the toolkit's own bars as units; Log of
    what it says; Warn when it has been silent for long.
    """
    made = calls(recipe)
    talk = yield from _performed(toolkit, made, folder)
    actions = recipe.actions
    return Outcome(
        talk.versions,
        tuple(action.folder for action in actions if isinstance(action, Analyse)),
        next((action.out for action in actions if isinstance(action, Export)), None),
        tuple((made[number].method, seconds) for number, seconds in talk.seconds),
        folder / LOG,
    )


def measure(toolkit: Toolkit, rknn: Path, actions: Sequence[Measure], folder: Path) -> Steps[Outcome]:
    """Measure a .rknn on a connected board; `folder` gets the log, in which the toolkit's tables are."""
    made = measuring(rknn, actions)
    talk = yield from _performed(toolkit, made, folder)
    seconds = tuple((made[number].method, seconds) for number, seconds in talk.seconds)
    return Outcome(talk.versions, (), rknn, seconds, folder / LOG, _given(talk, made))


def devices(toolkit: Toolkit) -> Steps[tuple[str, ...]]:
    """What the toolkit's own adb (and NTB) knows as connected boards: their serial numbers or addresses."""
    with scratch_folder() as folder:
        talk = yield from _performed(toolkit, (LIST_DEVICES,), folder)
    return tuple(
        dict.fromkeys(str(name) for _, kinds in _given(talk, (LIST_DEVICES,)) for kind in kinds for name in kind)
    )


def look(toolkit: Toolkit) -> Steps[Versions]:
    """Start the toolkit's interpreter and ask what it has; raises ToolkitError when the toolkit cannot be imported."""
    with scratch_folder() as folder:
        patient = replace(toolkit, silence=min(toolkit.silence, PATIENCE))
        talk = yield from _performed(patient, (), folder)
    return talk.versions


def _given(talk: Talk, made: tuple[Call, ...]) -> tuple[tuple[str, Any], ...]:
    return tuple((made[number].method, result) for number, result in talk.gave)


def _performed(toolkit: Toolkit, made: tuple[Call, ...], folder: Path) -> Steps[Talk]:
    scratch = folder / SCRATCH
    try:
        scratch.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    write_text(folder / REQUEST, json.dumps(as_json(made), indent=1))
    command = [str(toolkit.python), str(WORKER), str((folder / REQUEST).absolute())]
    environment = _environment(toolkit, scratch)
    try:
        with (folder / LOG).open("w", encoding="utf-8") as log, _removed(scratch):
            talk = Talk(made, log)
            steps = lines_of(command, folder=folder, environment=environment, silence=toolkit.silence, is_tied=True)
            finished = yield from talk.followed(steps)
    except OSError as error:  # of the log
        raise cannot_write(folder / LOG, error) from error
    _refuse(talk, finished, toolkit, folder / LOG)
    return talk


def _refuse(talk: Talk, finished: Finished, toolkit: Toolkit, log: Path) -> None:
    """Raise for every end but the good one."""
    if talk.is_done and not talk.failure:
        return  # whatever the toolkit did on its way out
    when = STAGE_WORDS[talk.stage]
    lines = tuple(talk.lines[-SHOWN:])
    if finished.is_hung:
        message = f"The toolkit hung {when}: it said nothing for {toolkit.silence:.0f} seconds."
    elif finished.signal == "SIGKILL":
        message = f"The toolkit was killed {when}."
    elif finished.signal:
        message = f"The toolkit crashed {when} ({finished.signal})."
    elif talk.failure:
        message = f"The toolkit failed {when}: {_reason(talk)}."
    else:
        message = f"The toolkit ended {when} (exit code {finished.code})."
    raise ToolkitError(message, _hint(talk, finished, log), lines)


def _reason(talk: Talk) -> str:
    """Its last message of an error, else the last exception in its tracebacks, else what the worker says."""
    words = [line.removeprefix("E ") for line in talk.lines if line.startswith("E ")]
    errors = [text for text in words if not any(part in text for part in WORDLESS)]
    raised = [line for line in talk.lines if RAISED.match(line)]
    text = (errors or raised or [talk.failure])[-1].strip().rstrip(".!")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _hint(talk: Talk, finished: Finished, log: Path) -> str:
    everything = f"Everything that it printed is in {log}."
    if finished.is_hung:  # it was killed by us
        return f"Where it only needs longer, raise `silence` in its description. {everything}"
    if finished.signal == "SIGKILL":
        return "Where memory ran out, close other programs or choose fewer inputs; then try again."
    if (known := knowledge.likeliest(talk.lines)) is not None and known.known.kind in EXPLAINING:
        return " ".join(knowledge.about(known)[1:])
    if talk.call is None:
        return "Check its interpreter with `rknn-workbench doctor`, or set the toolkit up anew."
    if finished.signal and _reason(talk):
        return f"Its last words were: {_reason(talk)}. " + everything
    return everything


def _environment(toolkit: Toolkit, scratch: Path) -> dict[str, str]:
    """Ours without what belongs to our interpreter; unbuffered, so that a crash loses no line."""
    own = {name: text for name, text in os.environ.items() if name not in UNWANTED}
    fixed = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8:replace", "TMPDIR": str(scratch.absolute())}
    return {**own, **fixed, **toolkit.environment}


@contextmanager
def _removed(scratch: Path) -> Iterator[None]:
    """What a killed toolkit leaves in its folder for temporary files goes with it."""
    try:
        yield
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
