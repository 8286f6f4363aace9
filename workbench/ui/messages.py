"""What the user was told: errors with what to do next, warnings, news. Nothing vanishes, nothing stacks up."""

import sys
import traceback
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.foundation.abrupt import Crash
from workbench.foundation.crashes import report_defect, started_as
from workbench.foundation.errors import WorkbenchError, refusal_of
from workbench.foundation.steps import Warn
from workbench.project.session import ImportedDumps
from workbench.ui.models.explained import explained
from workbench.ui.models.spoken import sentences, spoken

MOST_SAID = 40
"""Messages that stand in a report of a defect."""


@dataclass(frozen=True)
class Nameless:
    """Dumps whose names do not say all; whose they are, and the file that maps some names."""

    imported: ImportedDumps
    kind: str
    names: Path | None = None


@dataclass(frozen=True)
class Message:
    """`severity` is "error", "warning" or "info"; `detail` is for a report of a defect, `path` was written.

    `lines` are the last that the vendor's toolkit printed, `repair` is the key of a repair that mends the user's file,
    `dumps` are those whose tensors may be matched by content, `report` is a file that tells of a defect.
    """

    severity: str
    text: str
    hint: str = ""
    detail: str = ""
    path: Path | None = None
    lines: tuple[str, ...] = ()
    repair: str = ""
    dumps: Nameless | None = None
    report: Path | None = None
    when: datetime = field(default_factory=datetime.now)

    def __str__(self) -> str:
        return "\n".join(part for part in (f"{self.when:%H:%M:%S} {self.text}", self.hint, self.detail) if part)


class Messages(QObject):
    """The list of messages. Any view may add to it from the GUI thread."""

    added = Signal(object)
    told = Signal(object)
    """A message that the user should see now, whether it is new or was said before."""
    cleared = Signal()
    session_begun = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Message] = []
        self._warned: set[str] = set()

    def fail(self, error: BaseException, dumps: Nameless | None = None) -> None:
        """Tell of an error; anything but a `WorkbenchError` is a defect of the program and says so."""
        refused = refusal_of(error)
        if refused is not None:
            self.add(replace(_of(refused), dumps=dumps))
            return
        detail = "".join(traceback.format_exception(error))
        text = self.tr("Defect of the program: {0}: {1}").format(type(error).__name__, error)
        report = report_defect(error, started(), [str(entry) for entry in self.entries[-MOST_SAID:]])
        if report is None:
            hint = self.tr("Please report it; “Copy messages” gives the details.")
        else:
            hint = self.tr("Please report it; what is known of it was written down here, and nothing was sent.")
        self.add(Message("error", text, hint, detail, report=report))

    def warn(self, text: str) -> None:
        """Tell of something doubtful; the same words only once in a session."""
        if text not in self._warned:
            self._warned.add(text)
            self.add(Message("warning", spoken(text)))

    def hear(self, event: object) -> None:
        """Tell what an event of a job warns of."""
        if isinstance(event, Warn):
            self.warn(event.text)

    def recall(self, text: str) -> None:
        """List a warning of an earlier run, without asking for attention."""
        self._warned.add(text)
        self._list(Message("warning", spoken(text)))

    def note(self, error: BaseException) -> None:
        """List an error that a view shows where it belongs."""
        if isinstance(error, WorkbenchError):
            self._list(_of(error))
        else:
            self.fail(error)

    def refuse(self, text: str, hint: str) -> None:
        """Tell why something that the user asked for is not done, every time."""
        self.add(Message("warning", spoken(text), spoken(hint)))

    def begin_session(self) -> None:
        """Another session: its warnings are new."""
        self._warned.clear()
        self.session_begun.emit()

    def offer_matching(self, text: str, hint: str, dumps: Nameless) -> None:
        """Tell that names left tensors without a partner, every time."""
        self.add(Message("warning", text, hint, dumps=dumps))

    def inform(self, text: str) -> None:
        """Tell some news."""
        self.add(Message("info", text))

    def wrote(self, text: str, path: Path) -> None:
        """Tell that a file or folder was written that the user may want to look at."""
        self.add(Message("info", text, path=path))

    def tell_crash(self, crash: Crash) -> None:
        """Tell that the program ended without a word the last time."""
        text = self.tr("The program ended abruptly at {0}.").format(f"{crash.when:%Y-%m-%d %H:%M}")
        hint = self.tr("What was computed is kept: open the session again. Please report where it ended.")
        self.add(Message("warning", text, hint, report=crash.report))

    def add(self, message: Message) -> None:
        """Tell a message; what was just said is not listed again."""
        last = self.entries[-1] if self.entries else None
        if last is None or (last.severity, last.text) != (message.severity, message.text):
            self.entries.append(message)
            self.added.emit(message)
        self.told.emit(message)

    def take_over(self, other: "Messages") -> None:
        """List what another list has."""
        self._warned |= other._warned
        for message in other.entries:
            self._list(message)

    def _list(self, message: Message) -> None:
        self.entries.append(message)
        self.added.emit(message)

    def clear(self) -> None:
        """Forget all."""
        self.entries.clear()
        self.cleared.emit()


def started() -> str:
    """How the window was started, for a report."""
    return f"the window: {started_as(Path(sys.argv[0]).name, sys.argv[1:])}"


def _of(error: WorkbenchError) -> Message:
    """An error in the window's language; what the toolkit printed is explained where it is known."""
    lines: tuple[str, ...] = getattr(error, "lines", ())
    known = explained(lines)
    hint = spoken(error.hint) if known is None else sentences(known.meaning, known.fix)
    repair = "" if known is None else known.repair
    report: Path | None = getattr(error, "report", None)
    text, detail = spoken(error.message), "\n".join(lines)
    return Message("error", text, hint, detail, lines=lines, repair=repair, report=report)
