"""What the user was told: errors with what to do next, warnings, news. Nothing vanishes, nothing stacks up."""

import traceback
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from workbench.foundation.errors import WorkbenchError


@dataclass(frozen=True)
class Message:
    """`severity` is "error", "warning" or "info"; `detail` is for a report of a defect."""

    severity: str
    text: str
    hint: str = ""
    detail: str = ""
    when: datetime = field(default_factory=datetime.now)

    def __str__(self) -> str:
        return "\n".join(part for part in (f"{self.when:%H:%M:%S} {self.text}", self.hint, self.detail) if part)


class Messages(QObject):
    """The list of messages. Any view may add to it from the GUI thread."""

    added = Signal(object)
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Message] = []

    def fail(self, error: BaseException) -> None:
        """Tell of an error; anything but a `WorkbenchError` is a defect of the program and says so."""
        if isinstance(error, WorkbenchError):
            self.add(Message("error", error.message, error.hint))
            return
        detail = "".join(traceback.format_exception(error))
        text = self.tr("Defect of the program: {0}: {1}").format(type(error).__name__, error)
        self.add(Message("error", text, self.tr("Please report it; “Copy messages” gives the details."), detail))

    def warn(self, text: str, hint: str = "") -> None:
        """Tell of something doubtful; the same words only once."""
        if all(entry.text != text for entry in self.entries):
            self.add(Message("warning", text, hint))

    def inform(self, text: str, hint: str = "") -> None:
        """Tell some news."""
        self.add(Message("info", text, hint))

    def add(self, message: Message) -> None:
        """Append a message; what was just said is not said again."""
        if self.entries and (self.entries[-1].severity, self.entries[-1].text) == (message.severity, message.text):
            return
        self.entries.append(message)
        self.added.emit(message)

    def clear(self) -> None:
        """Forget all."""
        self.entries.clear()
        self.cleared.emit()
