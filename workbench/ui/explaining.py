"""Logs of the toolkit explained, and files repaired: each in a dialog of its own."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workbench.ui.actions import Actions
from workbench.ui.dialogs import choose_file
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.models import repaired, spoken
from workbench.ui.models.explained import LOGS, ReadLog, explain_text, read_log
from workbench.ui.opening import Opener
from workbench.ui.views.bars import MessageBar
from workbench.ui.views.log_dialog import LogDialog
from workbench.ui.views.repair_dialog import RepairDialog
from workbench.ui.workspace import Workspace

FILES = ("*.onnx", "*.prototxt", "*.py", "*.txt")
OPENED = (".onnx", ".prototxt")
"""Networks that repairs are known for."""


class Explaining(QObject):
    """Does what "Explain a log…" and "Repair a file…" ask for, and the buttons of messages."""

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, opener: Opener
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs = window, workspace, jobs
        self._messages, self._opener = messages, opener

    def connect_views(self, actions: Actions, bar: MessageBar) -> None:
        """Let the menu's actions and the bar of messages do it."""
        actions.explain_log.triggered.connect(lambda: self.ask_log())
        actions.repair_file.triggered.connect(lambda: self.ask_file())
        bar.repair_wanted.connect(self.repair)
        bar.lines_wanted.connect(self.explain_lines)

    def ask_log(self) -> None:
        """Let the user choose a log."""
        pattern = self.tr("Logs") + f" ({' '.join(f'*{suffix}' for suffix in LOGS)});;" + self.tr("All files") + " (*)"
        choose_file(self._window, self.tr("Explain a log of the toolkit"), pattern, self.explain)

    def explain(self, path: Path) -> None:
        """Show a log with what is known of its messages."""
        args = (path, spoken.language())
        self._jobs.ask_process("log", read_log, args, self._show_log, self._messages.fail)

    def explain_lines(self, lines: Sequence[str], name: str = "") -> None:
        """Show lines that were printed, or copied, with what is known of them."""
        args = ("\n".join(lines), name or self.tr("the last lines"), spoken.language())
        self._jobs.ask_process("log", explain_text, args, self._show_log, self._messages.fail)

    def _show_log(self, log: ReadLog) -> None:
        dialog = LogDialog(self._window, log)
        dialog.repair_wanted.connect(self.repair)
        dialog.open()

    def ask_file(self, key: str = "") -> None:
        """Let the user choose what is to be repaired."""
        pattern = self.tr("Networks and scripts") + f" ({' '.join(FILES)})"
        choose_file(self._window, self.tr("Repair a file"), pattern, lambda path: self.repair_file(path, key))

    def repair(self, key: str) -> None:
        """Propose a repair for the open network's files, or for one that the user chooses."""
        session = self._workspace.session
        files = self._files()
        if session is None or not files:
            self.ask_file(key)
            return

        def answer(found: repaired.Looked | None) -> None:
            self.ask_file(key) if found is None else self._show(found)

        self._jobs.ask_process("repair", repaired.look, (files, key), answer, self._messages.fail)

    def repair_file(self, path: Path, key: str = "") -> None:
        """Propose what can be repaired in a file."""

        def answer(found: repaired.Looked) -> None:
            dialog = self._show(found)
            if key and key != found.preview.key and key in dict(found.repairs):
                self._ask_preview(dialog, found.preview, key)

        self._jobs.ask_process("repair", repaired.look_at_file, (path,), answer, self._messages.fail)

    def _files(self) -> tuple[Path, ...]:
        session, model = self._workspace.session, self._workspace.model
        known = getattr(model, "files", ()) if model is not None else ()
        return tuple(known) or ((session.model,) if session is not None else ())

    def _show(self, found: repaired.Looked) -> RepairDialog:
        first = found.preview
        titles = [(key, spoken.spoken(title).rstrip(".。")) for key, title in found.repairs]
        dialog = RepairDialog(self._window, first.path, titles, can_open=first.path.suffix.lower() in OPENED)
        dialog.chosen.connect(lambda key: self._ask_preview(dialog, first, key))
        dialog.wanted.connect(self._write)
        self._show_preview(dialog, first)
        dialog.open()
        return dialog

    def _ask_preview(self, dialog: RepairDialog, first: repaired.Preview, key: str) -> None:
        args = (first.path, key, first.weights)
        dialog.destroyed.connect(lambda: self._jobs.forget("preview"))
        self._jobs.ask_process(
            "preview", repaired.preview, args, lambda found: self._show_preview(dialog, found), self._messages.fail
        )

    def _show_preview(self, dialog: RepairDialog, found: repaired.Preview) -> None:
        dialog.show_preview(found, [spoken.spoken(note) for note in found.notes])

    def _write(self, chosen: repaired.Preview, target: Path, is_opened: bool) -> None:
        def tell(copy: repaired.Copy) -> None:
            first, names = copy.files[0], ", ".join(str(path) for path in copy.files)
            self._messages.wrote(self.tr("Written: {0}").format(names), first)
            if is_opened and copy.can_open:
                self._opener.open(first, copy.weights)

        self._jobs.ask_process("repair", repaired.write_copy, (chosen, target), tell, self._messages.fail)
