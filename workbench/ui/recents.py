"""What was open lately: in the menu with numbers, and for who begins with an empty window."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.foundation.settings import forget_recent
from workbench.ui.actions import Actions, offer
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.recents import Recent, look_at
from workbench.ui.opening import Opener

NUMBERED = 9


class Recents(QObject):
    """Keeps the menu; `changed` gives what is known of each path, first without what its files tell."""

    changed = Signal(object)

    def __init__(self, opener: Opener, jobs: JobPool, messages: Messages, actions: Actions) -> None:
        super().__init__(actions)
        self._opener, self._jobs, self._messages, self._actions = opener, jobs, messages, actions
        self.entries: tuple[Recent, ...] = ()
        opener.recents_changed.connect(self._on_paths_changed)
        self._take(())

    def clear(self) -> None:
        """Forget all of them; their files stay."""
        self._jobs.ask("recents", forget_recent, self._opener.take_settings, self._messages.fail)

    def _on_paths_changed(self) -> None:
        paths, known = self._opener.recents, {entry.path: entry for entry in self.entries}
        self._take(tuple(known.get(path, Recent(path, network=path.name)) for path in paths))
        self._jobs.ask_process("recent facts", look_at, (self.entries,), self._take, self._messages.note)

    def _take(self, entries: tuple[Recent, ...]) -> None:
        self.entries = entries
        self._fill()
        self.changed.emit(entries)

    def _fill(self) -> None:
        menu = self._actions.recents
        menu.clear()
        menu.setEnabled(bool(self.entries))
        for number, entry in enumerate(self.entries, 1):
            action = menu.addAction(f"{f'&{number}' if number <= NUMBERED else number}   {described(entry)}")
            action.triggered.connect(lambda _=False, path=entry.path: self._opener.open(path))
            offer(action, entry.exists, self.tr("It is not there any more."))
            if not entry.exists:
                action.setText(f"{action.text()}   {self.tr('(missing)')}")
        if self.entries:
            menu.addSeparator()
            menu.addAction(self.tr("&Clear this list")).triggered.connect(lambda: self.clear())


def described(entry: Recent) -> str:
    """The name of what is opened and where it lies."""
    return f"{entry.path.name} — {short(entry.path.parent)}".replace("&", "&&")


def short(folder: Path) -> str:
    """A folder as people write it: "~" for the home."""
    home = Path.home()
    return f"~/{folder.relative_to(home).as_posix()}" if folder.is_relative_to(home) else str(folder)
