"""Which boards there are: one is added, tested, examined, changed or forgotten."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from workbench.ui.boards import NOTHING, Boards
from workbench.ui.models.spoken import spoken
from workbench.ui.text_size import pixels
from workbench.ui.views.board.board_dialog import BoardDialog
from workbench.ui.views.board.board_list import BoardList
from workbench.ui.views.common.findings import Findings
from workbench.ui.views.toolkit.fitted import FittedDialog
from workbench.ui.widgets import button, column, label, row

if TYPE_CHECKING:
    from workbench.sources.board.descriptions import Board

WIDTH, FOUND_HEIGHT = 860, 260


class BoardsDialog(FittedDialog):
    """`used` names the board that the open session shall run on."""

    used = Signal(str)

    def __init__(self, parent: QWidget, boards: Boards, *, has_session: bool = False, chosen: str = "") -> None:
        super().__init__(parent, WIDTH)
        self.setWindowTitle(self.tr("Boards"))
        self._boards, self._wanted = boards, chosen
        self.list = BoardList(boards)
        self.none = label(self.tr("No board is known yet: add one."), "muted")
        self.problem, self.hint = label("", "bad", wrap=True), label("", "muted", wrap=True)
        for part in (self.problem, self.hint):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add = button(self.tr("Add…"), "add", lambda: self._ask(is_new=True))
        self.change = button(self.tr("Change…"), "settings", lambda: self._ask(is_new=False))
        self.test = button(self.tr("Test"), "link", self._test)
        self.examine = button(self.tr("Examine"), "search", self._examine)
        self.stop = button(self.tr("Cancel"), "stop", self._cancel)
        self.remove = button(self.tr("Forget"), "remove", self._remove)
        self.use = button(self.tr("Run on it"), "run", self._use)
        self.use.setVisible(has_session)
        self.found = Findings()
        self.found.setFixedHeight(pixels(FOUND_HEIGHT))
        self._lay_out()
        self.list.chosen_changed.connect(self._show_chosen)
        self.list.remove_wanted.connect(self._remove)
        boards.changed.connect(self._show)
        boards.refused.connect(self._show_problem)
        self._show()
        boards.refresh()

    def _lay_out(self) -> None:
        story = self.tr(
            "A board is reached by adb or ssh, or is this machine. Nothing is installed on it, and what will run on it "
            "is shown first."
        )
        buttons = QDialogButtonBox()
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        acts = row(self.add, self.test, self.examine, self.stop, self.change, self.remove, None, self.use)
        layout = column(
            label(story, "muted", wrap=True), self.list, self.none, acts, self.problem, self.hint, self.found,
            None, buttons, spacing=12,
        )  # fmt: skip
        self.fill(layout)

    def _show(self) -> None:
        boards = self._boards
        self.list.show_all()
        if self._wanted and boards.named(self._wanted):
            self.list.choose(self._wanted)
            self._wanted = ""
        self.list.setVisible(bool(boards.known))
        self.none.setVisible(boards.is_read and not boards.known and not boards.trouble.problem)
        self._show_chosen()

    def _show_chosen(self) -> None:
        """What the chosen board said."""
        name, boards = self.list.chosen, self._boards
        tried, is_busy = boards.tried.get(name, NOTHING), name in boards.jobs
        for part in (self.test, self.examine, self.change, self.remove, self.use):
            part.setEnabled(bool(name) and not is_busy)
        self.stop.setVisible(is_busy)
        shown = tried if tried.problem else boards.trouble
        self.found.setVisible(bool(tried.facts or tried.findings))
        self.found.show_found(tried.findings, tried.facts)
        self._show_problem(shown.problem, shown.hint)

    def _show_problem(self, problem: str, hint: str) -> None:
        for part, text in ((self.problem, problem), (self.hint, hint)):
            part.setText(spoken(text))
            part.setVisible(bool(text))
        self.fit_soon()

    def _ask(self, *, is_new: bool) -> BoardDialog:
        before = None if is_new else self._boards.named(self.list.chosen)
        dialog = BoardDialog(self, self._boards, before)
        dialog.chosen.connect(lambda board: self._describe(board, before))
        dialog.open()
        return dialog

    def _describe(self, board: "Board", before: "Board | None") -> None:
        self._wanted = board.name
        self._boards.describe(board, before)

    def _test(self) -> None:
        if (board := self._boards.named(self.list.chosen)) is not None:
            self._boards.test(board)

    def _examine(self) -> None:
        if (board := self._boards.named(self.list.chosen)) is not None:
            self._boards.examine(board)

    def _cancel(self) -> None:
        self._boards.cancel(self.list.chosen)

    def _remove(self) -> None:
        if (board := self._boards.named(self.list.chosen)) is not None and board.name not in self._boards.jobs:
            self._boards.forget(board)

    def _use(self) -> None:
        if name := self.list.chosen:
            self.used.emit(name)
            self.accept()
