"""The boards that the window knows: how each is reached, whether it answers, what was found on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Steps
from workbench.ui.asking import Asking
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.board.answers import Questions
from workbench.ui.models.told import Told

if TYPE_CHECKING:  # nothing of boards is imported before somebody asks for them
    from workbench.sources.board.descriptions import Board
    from workbench.sources.board.doctor import Examined, Reached

QUESTION = "boards"


@dataclass(frozen=True)
class Tried:
    """What is known of a board: `state` is "", "trying", "examining", "failed", "reached", "fine" or "findings"."""

    state: str = ""
    problem: str = ""
    hint: str = ""
    chip: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Told, ...] = ()

    @property
    def count(self) -> int:
        """How many findings want something to be done."""
        return sum(told.is_serious for told in self.findings)


NOTHING = Tried()


class Boards(QObject):
    """`known` are the boards of the settings, `tried` what each said, `trouble` why a description cannot be read."""

    changed = Signal()
    """Other boards are known, or more is known of one."""
    refused = Signal(str, str)
    """A board could not be described: a sentence, and what to do."""

    devices_found = Signal(object)
    """Serial numbers and states of what adb sees."""
    devices_missed = Signal(object)
    """Why adb does not say it."""

    def __init__(self, jobs: JobPool, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._jobs, self._messages = jobs, messages
        self.asking = Asking(window)
        self.known: tuple[Board, ...] = ()
        self.is_read = False
        self.trouble = NOTHING
        self.tried: dict[str, Tried] = {}
        self.jobs: dict[str, Job] = {}
        self.answers: dict[str, str] = {}
        """What the user was asked for and typed; in memory only."""

    def refresh(self) -> None:
        """Read the descriptions."""
        self._jobs.ask(QUESTION, _read, self._take, self._fail)

    def named(self, name: str) -> "Board | None":
        """The board of a name."""
        return next((board for board in self.known if board.name == name), None)

    def test(self, board: "Board") -> Job | None:
        """Connect, and let it say what it is."""
        return self._try(board, "trying", self.tr("Test {0}"), _reach, self._reached)

    def examine(self, board: "Board", toolkit_version: str = "") -> Job | None:
        """Look at chip, driver, versions, room, rights; what is wrong becomes findings."""

        def steps(board: "Board", ask: Questions) -> Steps[Any]:
            return _examine(board, ask, toolkit_version)

        return self._try(board, "examining", self.tr("Examine {0}"), steps, self._examined)

    def cancel(self, name: str) -> None:
        """Stop what is tried of a board."""
        if name in self.jobs:
            self.jobs[name].cancel()

    def describe(self, board: "Board", before: "Board | None" = None) -> None:
        """Note a board in the settings, in the place of an older description."""
        for name in {board.name, before.name if before else board.name}:
            self.tried.pop(name, None)
        self._jobs.ask("boards.write", lambda: _describe(board, before), lambda _: self.refresh(), self._refuse)

    def forget(self, board: "Board") -> None:
        """Remove a description; on the board nothing changes."""
        self.tried.pop(board.name, None)
        self._jobs.ask("boards.write", lambda: _forget(board), lambda _: self.refresh(), self._refuse)

    def find_devices(self) -> None:
        """Ask which devices adb sees."""
        self._jobs.ask("boards.devices", _devices, self.devices_found.emit, self.devices_missed.emit)

    def _try(
        self,
        board: "Board",
        state: str,
        title: str,
        steps: "Callable[[Board, Questions], Steps[Any]]",
        done: Callable[[str, Any], Tried],
    ) -> Job | None:
        name = board.name
        if name in self.jobs or self._jobs.is_closed:
            return None
        before, questions = self.tried.get(name, NOTHING), Questions(known=self.answers)
        self.tried[name] = replace(before, state=state, problem="", hint="")
        job = self._jobs.start(title.format(name), lambda: steps(board, questions))
        self.asking.listen(job, questions)
        job.reported.connect(self._messages.hear)
        job.succeeded.connect(lambda found: self._note(name, done(name, found)))
        job.failed.connect(lambda error: self._note_failure(name, error))
        job.cancelled.connect(lambda: self._note(name, replace(before, problem="", hint="")))
        job.finished.connect(lambda: self._end(name))
        self.jobs[name] = job
        self.changed.emit()
        return job

    def _end(self, name: str) -> None:
        self.jobs.pop(name, None)
        self.changed.emit()

    def _note(self, name: str, tried: Tried) -> None:
        self.tried[name] = tried

    def _note_failure(self, name: str, error: BaseException) -> None:
        self._messages.note(error)
        problem, hint = _told(error)
        self.tried[name] = replace(self.tried.get(name, NOTHING), state="failed", problem=problem, hint=hint)

    def _reached(self, name: str, found: "Reached") -> Tried:
        before = self.tried.get(name, NOTHING)
        facts = {
            self.tr("Answers as"): found.name, self.tr("Time of an answer"): f"{1000 * found.seconds:.0f} ms",
            self.tr("Folder"): found.folder, self.tr("Free there"): f"{found.free / 1e9:.2f} GB",
        }  # fmt: skip
        return replace(before, state="reached", facts=facts, findings=())

    def _examined(self, name: str, found: "Examined") -> Tried:
        told = tuple(Told(item.title, item.level, "", item.command, item.is_here) for item in found.findings)
        state = "findings" if any(item.is_serious for item in told) else "fine"
        titles = self._titles()
        facts = {titles.get(title, title): value for title, value in found.facts.items()}
        return Tried(state, chip=found.facts.get("chip", ""), facts=facts, findings=told)

    def _titles(self) -> dict[str, str]:
        """What the facts about a board are called."""
        return {
            "chip": self.tr("Chip"), "board": self.tr("Board"), "system": self.tr("System"), "user": self.tr("User"),
            "driver": self.tr("Driver"), "runtime": self.tr("Runtime library"), "server": self.tr("Server"),
            "server runs": self.tr("Server runs"), "toolkit": self.tr("Toolkit"), "python": "Python",
            "dump folder": self.tr("Folder of dumps"), "working folder": self.tr("Working folder"),
            "memory": self.tr("Memory"), "variables": self.tr("Variables"),
        }  # fmt: skip

    def _take(self, read: "tuple[tuple[Board, ...], Tried]") -> None:
        (self.known, self.trouble), self.is_read = read, True
        self.changed.emit()

    def _refuse(self, error: BaseException) -> None:
        """Say it where it was asked for, and in the list of messages."""
        self._messages.note(error)
        self.refused.emit(*_told(error))

    def _fail(self, error: BaseException) -> None:
        self._messages.note(error)
        problem, hint = _told(error)
        self._take(((), Tried(problem=problem, hint=hint)))


def _told(error: BaseException) -> tuple[str, str]:
    if isinstance(error, WorkbenchError):
        return error.message, error.hint
    return f"{type(error).__name__}: {error}", ""


def _read() -> "tuple[tuple[Board, ...], Tried]":
    """The boards, and why a description cannot be read."""
    from workbench.sources.board.descriptions import broken_boards, described_boards

    problem, hint = next(map(_told, broken_boards()), ("", ""))
    return described_boards(), Tried(problem=problem, hint=hint)


def _describe(board: "Board", before: "Board | None") -> Path:
    """The new one first: should it be refused, the old one is still there."""
    from workbench.sources.board.descriptions import describe_board, forget_board

    path = describe_board(board)
    if before is not None and before.name != board.name:
        forget_board(before)
    return path


def _forget(board: "Board") -> None:
    from workbench.sources.board.descriptions import forget_board

    forget_board(board)


def _reach(board: "Board", ask: Questions) -> Steps["Reached"]:
    from workbench.sources.board.doctor import reach
    from workbench.sources.board.links import connect

    with connect(board, ask) as link:
        return (yield from reach(link))


def _examine(board: "Board", ask: Questions, toolkit_version: str) -> Steps["Examined"]:
    from workbench.sources.board.doctor import examine
    from workbench.sources.board.links import connect

    with connect(board, ask) as link:
        return (yield from examine(link, toolkit_version))


def _devices() -> tuple[tuple[str, str], ...]:
    from workbench.sources.board.adb import adb_boards

    return tuple(adb_boards())
