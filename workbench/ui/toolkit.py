"""The vendor's toolkits that the window knows: what each of them has, one that is added, one that is installed."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Steps
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages

if TYPE_CHECKING:  # nothing of the toolkit is imported before somebody asks for it
    from workbench.sources.toolkit.descriptions import Toolkit
    from workbench.sources.toolkit.host import Versions

QUESTION = "toolkits"


@dataclass(frozen=True)
class Look:
    """What a look at a toolkit found: its versions, or why it cannot be used; neither while one looks."""

    versions: "Versions | None" = None
    problem: str = ""
    hint: str = ""


NOTHING = Look()


class Toolkits(QObject):
    """`known` are those that are described, the one that is used where nobody chooses first; `looks` what they have.

    `trouble` is why a description cannot be read.

    All of it is found by questions and jobs: the interpreters of toolkits take seconds to start.
    """

    changed = Signal()
    """Other toolkits are known, or more is known of one."""
    refused = Signal(str, str)
    """A toolkit could not be added or installed: a sentence, and what to do."""

    def __init__(self, jobs: JobPool, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._messages = jobs, messages
        self.known: tuple[Toolkit, ...] = ()
        self.is_read = False
        self.trouble = NOTHING
        self.looks: dict[Path, Look] = {}
        self.installing: Job | None = None
        self._looking: Job | None = None

    def refresh(self) -> None:
        """Read the descriptions."""
        self._jobs.ask(QUESTION, _read, self._take, self._fail)

    def look(self) -> None:
        """Start the interpreters that were not started yet, one after the other, and ask what they have."""
        if self._looking is not None or self._jobs.is_closed:
            return
        toolkit = next((item for item in self.known if item.python not in self.looks), None)
        if toolkit is None:
            return
        self.looks[toolkit.python] = Look()
        job = self._jobs.start(self.tr("Look at {0}").format(toolkit.name), lambda: _look(toolkit))
        job.succeeded.connect(lambda versions: self._note(toolkit, Look(versions)))
        job.failed.connect(lambda error: self._note(toolkit, _failed(error)))
        job.cancelled.connect(lambda: self._note(toolkit, Look(problem=self.tr("Nobody has looked whether it works."))))
        self._looking = job
        job.finished.connect(self._on_looked)
        self.changed.emit()

    def look_again(self) -> None:
        """Forget what was found: something was installed or mended outside."""
        self.looks.clear()
        self.refresh()

    def names(self) -> tuple[str, ...]:
        """What each is called: its package and version, as far as somebody has looked, else the name that was given."""
        return tuple(self._name(item) for item in self.known)

    @property
    def is_looking(self) -> bool:
        """Whether an interpreter is being started."""
        return self._looking is not None

    def add(self, python: Path) -> None:
        """Describe the toolkit of an interpreter, if it has one."""
        from workbench.sources.toolkit.descriptions import Toolkit

        toolkit = Toolkit(str(python), python.absolute())
        job = self._jobs.start(self.tr("Look at {0}").format(python), lambda: _look(toolkit))
        job.succeeded.connect(lambda versions: self._describe(toolkit, versions))
        job.failed.connect(self._refuse)

    def forget(self, toolkit: "Toolkit") -> None:
        """Remove the description of a toolkit; the toolkit itself stays where it is."""
        self._jobs.ask("toolkits.forget", lambda: _forget(toolkit), lambda _: self.refresh(), self._fail)

    def install(self, folder: Path, with_tensorflow: bool = False) -> Job | None:
        """Set one up in a folder; gives the job, or None where one is being set up."""
        if self.installing is not None:
            return None
        job = self._jobs.start(self.tr("Set up the toolkit"), lambda: _set_up(folder, with_tensorflow))
        job.reported.connect(self._messages.hear)
        job.succeeded.connect(self._on_installed)
        job.failed.connect(self._refuse)
        self.installing = job
        job.finished.connect(self._on_install_ended)
        self.changed.emit()
        return job

    def _name(self, toolkit: "Toolkit") -> str:
        look = self.looks.get(toolkit.python)
        if look is not None and look.versions is not None:
            return f"{look.versions.name} {look.versions.version}"
        return toolkit.name if is_described(toolkit) else "rknn-toolkit2"

    def _take(self, read: "tuple[tuple[Toolkit, ...], Look]") -> None:
        (self.known, self.trouble), self.is_read = read, True
        self.changed.emit()

    def _note(self, toolkit: "Toolkit", look: Look) -> None:
        self.looks[toolkit.python] = look

    def _on_looked(self) -> None:
        self._looking = None
        self.changed.emit()
        self.look()

    def _describe(self, toolkit: "Toolkit", versions: "Versions") -> None:
        self.looks[toolkit.python] = Look(versions)
        taken = {item.name for item in self.known if item.python != toolkit.python}
        named = replace(toolkit, name=free_name(f"{versions.name} {versions.version}", taken))
        self._jobs.ask("toolkits.describe", lambda: _describe(named), lambda _: self.refresh(), self._fail)

    def _on_installed(self, toolkit: "Toolkit") -> None:
        self.looks.pop(toolkit.python, None)
        self._messages.inform(self.tr("The toolkit is set up: {0}").format(toolkit.python))
        self.refresh()

    def _on_install_ended(self) -> None:
        self.installing = None
        self.changed.emit()

    def _refuse(self, error: BaseException) -> None:
        """Say it where it was asked for, and in the list of messages."""
        look = _failed(error)
        self._messages.note(error)
        self.refused.emit(look.problem, look.hint)

    def _fail(self, error: BaseException) -> None:
        self._messages.note(error)
        self._take(((), _failed(error)))


def free_name(name: str, taken: set[str]) -> str:
    """A name that no other toolkit has."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    return found


def is_described(toolkit: "Toolkit") -> bool:
    """Whether it is described in the user's settings, not found by a variable or beside the program."""
    from workbench.sources.toolkit.descriptions import FOLDER, VARIABLE

    return toolkit.name not in (FOLDER, VARIABLE)


def _failed(error: BaseException) -> Look:
    if isinstance(error, WorkbenchError):
        return Look(problem=error.message, hint=error.hint)
    return Look(problem=f"{type(error).__name__}: {error}")


def _read() -> "tuple[tuple[Toolkit, ...], Look]":
    """The toolkits, and why a description cannot be read."""
    from workbench.sources.toolkit.descriptions import broken

    return _described(), next(map(_failed, broken()), NOTHING)


def _described() -> "tuple[Toolkit, ...]":
    """Those with an interpreter before the others: the first of them is the usual one."""
    from workbench.sources.toolkit.descriptions import described

    return tuple(sorted(described(), key=lambda toolkit: not os.access(toolkit.python, os.X_OK)))


def _look(toolkit: "Toolkit") -> Steps["Versions"]:
    from workbench.sources.toolkit.host import look

    return look(toolkit)


def _describe(toolkit: "Toolkit") -> Path:
    from workbench.sources.toolkit.descriptions import describe

    return describe(toolkit)


def _forget(toolkit: "Toolkit") -> None:
    from workbench.sources.toolkit.descriptions import forget

    forget(toolkit)


def _set_up(folder: Path, with_tensorflow: bool) -> Steps["Toolkit"]:
    from workbench.sources.toolkit.setting_up import set_up

    return set_up(folder, with_tensorflow)
