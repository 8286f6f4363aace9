"""What runs on the session's board: folded, as most sessions have none."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from workbench.foundation.errors import WorkbenchError
from workbench.project.session import FED, RUNNERS, BoardChoice
from workbench.ui.jobs import JobPool
from workbench.ui.models.spoken import sentences, spoken
from workbench.ui.reading_board import BoardPlan, plan_lines
from workbench.ui.runtimes import BOARD, DUMPS, Runtimes
from workbench.ui.text_size import pixels
from workbench.ui.views.capi.path_field import PathField
from workbench.ui.views.log_dialog import fixed_font
from workbench.ui.widgets import Choice, ElidedLabel, Fold, button, column, label, row
from workbench.ui.workspace import Workspace

SOON_MS, LINES_HEIGHT, LEAST_NAME = 400, 96, 10
PLACEHOLDERS = {
    "lite2": "python3", "benchmark": "rknn_benchmark", "command": "./program {model} {inputs}", "rknpu1": "",
    "toolkit": "",
}  # fmt: skip
WITHOUT = ("toolkit",)
"""Runners that take no command."""


class BoardOptions(QWidget):
    """Edits the session's `BoardChoice` and shows what it comes to; its head says which board it is."""

    boards_wanted = Signal()

    def __init__(self, workspace: Workspace, jobs: JobPool, runtimes: Runtimes) -> None:
        super().__init__()
        self._workspace, self._jobs, self._runtimes = workspace, jobs, runtimes
        self.fold = Fold(self.tr("Board"), self.tr("What runs on the board that gives the runtime's values"))
        self.summary = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.boards = button(self.tr("Boards…"), "board", self.boards_wanted.emit)
        self.none = label("", "muted", wrap=True)
        self.runner, self.fed = self._choice(self._runner_titles()), self._choice(self._fed_titles())
        self.command, self.rknn = QLineEdit(), PathField(self.tr("The .rknn that runs there"), "RKNN (*.rknn)")
        self.is_native, self.is_timed = (
            QCheckBox(self.tr("Dump in the network's own types")),
            QCheckBox(self.tr("Measure the time of each layer, too")),
        )
        self.lines, self.problem = self._make_lines(), label("", "bad", wrap=True)
        self.content = self._make_content()
        head = row(self.fold, self.summary, self.boards, spacing=4)
        head.setStretch(1, 1)
        layout = column(head, self.none, self.content, self.problem)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._ask_lines)
        self._connect()
        self._show()

    def _choice(self, titles: dict[str, str]) -> Choice:
        result = Choice(least=LEAST_NAME)
        for name, title in titles.items():
            result.addItem(title, name)
        return result

    def _runner_titles(self) -> dict[str, str]:
        titles = {
            "toolkit": self.tr("Vendor's toolkit (adb only)"), "lite2": self.tr("Our runner on rknn-toolkit-lite2"),
            "benchmark": "rknn_benchmark", "command": self.tr("A command of yours"),
            "rknpu1": self.tr("RKNPU1 (RK1808, RV1126 …)"),
        }  # fmt: skip
        return {name: titles[name] for name in RUNNERS}

    def _fed_titles(self) -> dict[str, str]:
        titles = {
            "raw": self.tr("raw: the .rknn normalises"),
            "normalised": self.tr("normalised: the .rknn takes it as it is"),
        }  # fmt: skip
        return {name: titles[name] for name in FED}

    def _make_lines(self) -> QPlainTextEdit:
        result = QPlainTextEdit()
        result.setReadOnly(True)
        result.setFont(fixed_font())
        result.setFixedHeight(pixels(LINES_HEIGHT))
        result.setTabChangesFocus(True)
        result.setAccessibleName(self.tr("What runs on the board"))
        return result

    def _make_content(self) -> QWidget:
        result = QWidget()
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        self.rknn.edit.setPlaceholderText(self.tr("converted by the toolkit"))
        for title, field in (
            (self.tr("Runner"), self.runner), (self.tr("Command"), self.command), (".rknn", self.rknn),
            (self.tr("Inputs"), self.fed),
        ):  # fmt: skip
            form.addRow(label(title, "muted"), field)
            field.setAccessibleName(title)
        form.addRow(self.is_native)
        form.addRow(self.is_timed)
        what = label(self.tr("What runs on the board"), "muted")
        layout = column(form, what, self.lines)
        layout.setContentsMargins(0, 0, 0, 0)
        result.setLayout(layout)
        result.hide()
        return result

    def _connect(self) -> None:
        self.fold.turned.connect(self._show)
        self.runner.activated.connect(self._on_edited)
        self.fed.activated.connect(self._on_edited)
        self.command.editingFinished.connect(self._on_edited)
        self.rknn.edit.editingFinished.connect(self._on_edited)
        self.rknn.chosen.connect(self._on_edited)
        for box in (self.is_native, self.is_timed):
            box.clicked.connect(self._on_edited)
        self._runtimes.changed.connect(self._show)

    def _on_edited(self) -> None:
        board = self._runtimes.board
        if board is None:
            return
        runner = str(self.runner.currentData())
        command = "" if runner in WITHOUT else self.command.text().strip()
        path: Path | None = self.rknn.path
        edited = replace(
            board, runner=runner, command=command, rknn=path, fed=str(self.fed.currentData()),
            is_native=self.is_native.isChecked(), is_timed=self.is_timed.isChecked(),
        )  # fmt: skip
        self._runtimes.edit(edited)

    def _show(self) -> None:
        kind, board = self._runtimes.kind, self._runtimes.board
        is_board = kind == BOARD and board is not None
        self.summary.set_text(board.name if is_board and board is not None else "")
        told = {
            BOARD: "", DUMPS: self.tr("The runtime's values are imported dumps."),
        }.get(kind, self.tr("No board is chosen: choose one at the button “Runtime”."))  # fmt: skip
        self.none.setText(told)
        self.none.setVisible(self.fold.is_open and not is_board)
        self.content.setVisible(self.fold.is_open and is_board)
        if is_board and board is not None:
            self._show_board(board)
            if self.fold.is_open:
                self._soon.start()
        else:
            self._show_problem("")

    def _show_board(self, board: BoardChoice) -> None:
        self.runner.setCurrentIndex(self.runner.findData(board.runner))
        self.fed.setCurrentIndex(self.fed.findData(board.fed))
        self.command.setPlaceholderText(PLACEHOLDERS[board.runner])
        self.command.setEnabled(board.runner not in WITHOUT)
        for edit, text in ((self.command, board.command), (self.rknn.edit, str(board.rknn or ""))):
            if edit.text() != text:
                edit.setText(text)
        self.is_native.setChecked(board.is_native)
        self.is_timed.setChecked(board.is_timed)

    def _ask_lines(self) -> None:
        session = self._workspace.session
        if session is not None and self._runtimes.kind == BOARD and self.fold.is_open:
            self._jobs.ask_process("board.lines", plan_lines, (session,), self._show_lines, self._fail)

    def _show_lines(self, plan: BoardPlan) -> None:
        self.lines.setPlainText(("\n" if plan.is_toolkits else "\n\n").join(dict.fromkeys(plan.lines)))
        self._show_problem("")

    def _fail(self, error: BaseException) -> None:
        self.lines.clear()
        if isinstance(error, WorkbenchError):
            self._show_problem(sentences(spoken(error.message), spoken(error.hint)))
        else:
            self._show_problem(f"{type(error).__name__}: {error}")

    def _show_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text) and self.fold.is_open)
