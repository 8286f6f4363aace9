"""Dumps whose names say nothing: their tensors are matched by content, confirmed by the user, then imported."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workbench.foundation.steps import Steps
from workbench.project.session import ImportedDumps, Session, save_session
from workbench.ui.child import computer
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages, Nameless
from workbench.ui.running import Runner
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.compare.content import Suggestion


class Matching(QObject):
    """Looks for what fits, shows it with its evidence, and imports what was confirmed."""

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, runner: Runner
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs = window, workspace, jobs
        self._messages, self._runner = messages, runner

    def match_told(self, told: Nameless) -> Job | None:
        """The same for the dumps that a message speaks of."""
        return self.match(told.imported, told.kind, told.names)

    def match(self, imported: ImportedDumps, kind: str, names: Path | None = None) -> Job | None:
        """Compare the values of the tensors that no name matches with the session's."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or self._runner.is_running:
            return None
        title = self.tr("Match {0} by content").format(imported.path.name)
        job = self._jobs.start(title, lambda: _suggest(session, folder, imported, kind, names))
        job.reported.connect(self._messages.hear)
        job.failed.connect(self._messages.fail)
        job.cancelled.connect(lambda: self._messages.inform(self.tr("{0} was cancelled.").format(title)))
        job.succeeded.connect(lambda found: self._show(folder, kind, *found))
        return job

    def _show(self, folder: Path, kind: str, imported: ImportedDumps, found: "tuple[Suggestion, ...]") -> None:
        from workbench.compare.content import LIKELY
        from workbench.ui.views.board.match_dialog import MatchDialog

        if folder != self._workspace.folder:
            return
        if not found:
            self._messages.refuse(
                self.tr("No tensor in {0} is like one of the network.").format(imported.path.name),
                self.tr("Check that the dumps are of this network and of the same input; then run the session first."),
            )
            return
        dialog: MatchDialog = MatchDialog(self._window, found, LIKELY)
        dialog.chosen.connect(lambda chosen: self._runner.import_dumps(taken(imported, chosen), kind))
        dialog.map_wanted.connect(lambda chosen, path: self._save(taken(imported, chosen), path, chosen))
        dialog.open()

    def _save(self, imported: ImportedDumps, path: Path, chosen: "tuple[Suggestion, ...]") -> None:
        def save() -> None:
            from workbench.project.comparison.by_content import save_map

            save_map(imported, path, chosen)

        tell = self.tr("Written: {0}").format(path)
        self._jobs.ask("map", save, lambda _: self._messages.wrote(tell, path), self._messages.fail)


def taken(imported: ImportedDumps, chosen: "tuple[Suggestion, ...]") -> ImportedDumps:
    """The dumps with the names and layouts that were confirmed; those of a map stay."""
    names = {item.other: item.golden for item in chosen}
    layouts = {item.other: item.layout for item in chosen}
    return replace(imported, names={**names, **imported.names}, layouts={**layouts, **imported.layouts})


def _suggest(
    session: Session, folder: Path, imported: ImportedDumps, kind: str, names: Path | None
) -> "Steps[tuple[ImportedDumps, tuple[Suggestion, ...]]]":
    """Save the session as the window shows it; gives the dumps with the names of their map, and what was found."""
    from workbench.compare.match import read_map
    from workbench.project.comparison import by_content

    save_session(session, folder)
    imported = replace(imported, names=read_map(names)) if names else imported
    found = yield from computer.steps(by_content.suggestions, folder, imported, kind)
    return imported, found
