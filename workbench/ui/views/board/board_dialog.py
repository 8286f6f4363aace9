"""A board that is added, or described anew: its name, how it is reached, what is to be known before anything runs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QFormLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from workbench.foundation.errors import WorkbenchError
from workbench.quantize.platforms import CHIPS
from workbench.ui.boards import Boards
from workbench.ui.dialogs import dialog_buttons
from workbench.ui.models.board.environment import environment_of, environment_text
from workbench.ui.models.spoken import sentences, spoken
from workbench.ui.text_size import row_height
from workbench.ui.views.toolkit.fitted import FittedDialog
from workbench.ui.widgets import Choice, column, label

if TYPE_CHECKING:
    from workbench.sources.board.descriptions import Board

WIDTH, LINES = 560, 3
KINDS = ("adb", "ssh", "local")
ONE_LINE = QRegularExpression("[^\\x00-\\x1f]*")


class BoardDialog(FittedDialog):
    """`chosen` gives the `Board`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, boards: Boards, before: "Board | None" = None) -> None:
        super().__init__(parent, WIDTH)
        self.setWindowTitle(self.tr("Add a board") if before is None else self.tr("Change a board"))
        self._boards, self._before = boards, before
        self.name = self._line(self.tr("Name"))
        self.kind = Choice()
        self.kind.addItems([self.tr("ADB (USB or network)"), self.tr("SSH"), self.tr("This machine is the board")])
        self.kind.setAccessibleName(self.tr("Link"))
        self.address = QComboBox()
        self.address.setEditable(True)
        self.address.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.address.setAccessibleName(self.tr("Address"))
        self.address_title = label(self.tr("Address"))
        self.told = label("", "muted", wrap=True)
        self.chip = Choice()
        self.chip.addItems([self.tr("as the board says"), *CHIPS])
        self.chip.setAccessibleName(self.tr("Chip"))
        self.folder = self._line(self.tr("Folder"), self.tr("found out: /userdata, /data/local/tmp, home, /tmp"))
        self.environment = self._make_environment()
        self.problem = label("", "bad", wrap=True)
        self.buttons = dialog_buttons(self, self.tr("Add") if before is None else self.tr("Change"))
        self._lay_out()
        self._fill(before)
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        typed = self.name.textChanged, self.folder.textChanged, self.address.editTextChanged
        for signal in (*typed, self.environment.textChanged):
            signal.connect(self._check)
        boards.devices_found.connect(self._take_devices)
        boards.devices_missed.connect(self._miss_devices)
        self.accepted.connect(self._choose)
        self._on_kind_changed()
        self.name.setFocus()

    def board(self) -> "Board":
        """What is described; raises WorkbenchError where it is no board."""
        from dataclasses import replace

        from workbench.sources.board.descriptions import LINKS, Board, BoardError, check_board, is_link

        link = self._link()
        if not is_link(link):
            raise BoardError(f"{link} is no link.", LINKS)
        chip = "" if self.chip.currentIndex() == 0 else self.chip.currentText()
        known = self._before or Board(self.name.text(), link)
        board = replace(
            known, name=self.name.text().strip(), link=link, chip=chip, folder=self.folder.text().strip(),
            environment=environment_of(self.environment.toPlainText()),
        )  # fmt: skip
        return check_board(board)

    def _line(self, name: str, proposed: str = "") -> QLineEdit:
        result = QLineEdit()
        result.setValidator(QRegularExpressionValidator(ONE_LINE, result))
        result.setPlaceholderText(proposed)
        result.setAccessibleName(name)
        return result

    def _make_environment(self) -> QPlainTextEdit:
        result = QPlainTextEdit()
        result.setFixedHeight(LINES * row_height())
        result.setTabChangesFocus(True)
        result.setPlaceholderText("LD_LIBRARY_PATH=/userdata/lib")
        result.setAccessibleName(self.tr("Variables"))
        return result

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.address.setSizePolicy(QSizePolicy.Policy.Expanding, self.address.sizePolicy().verticalPolicy())
        reached = QWidget()
        reached.setLayout(column(self.address, self.told, spacing=4))
        reached.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        for title, field in (
            (self.tr("Name"), self.name), (self.tr("Link"), self.kind), (self.address_title, reached),
            (self.tr("Chip"), self.chip), (self.tr("Folder"), self.folder),
            (self.tr("Variables"), self.environment),
        ):  # fmt: skip
            form.addRow(title, field)
        self.fill(column(form, self.problem, None, self.buttons, spacing=16))

    def _fill(self, board: "Board | None") -> None:
        if board is None:
            return
        kind, _, address = board.link.partition(":")
        self.name.setText(board.name)
        self.kind.setCurrentIndex(KINDS.index(kind) if kind in KINDS else 0)
        self.address.setEditText(address)
        self.chip.setCurrentIndex(max(0, self.chip.findText(board.chip)))
        self.folder.setText(board.folder)
        self.environment.setPlainText(environment_text(board.environment))

    def _link(self) -> str:
        kind = KINDS[self.kind.currentIndex()]
        return kind if kind == "local" else f"{kind}:{self.address.currentText().strip()}"

    def _on_kind_changed(self) -> None:
        kind, typed = KINDS[self.kind.currentIndex()], self.address.currentText()
        stories = {
            "adb": self.tr("A serial number, or IP:PORT of a board whose adbd listens on the network."),
            "ssh": self.tr("user@host, user@host:port, or a host of ~/.ssh/config. Keys and the agent are used first."),
            "local": self.tr("The workbench runs on the board itself."),
        }
        self.told.setText(stories[kind])
        for part in (self.address, self.address_title):
            part.setVisible(kind != "local")
        self.address.clear()
        self.address.setEditText(typed)
        line = self.address.lineEdit()
        assert line is not None
        line.setPlaceholderText({"adb": "0123456789ABCDEF", "ssh": "root@192.168.1.20"}.get(kind, ""))
        if kind == "adb":
            self._boards.find_devices()
        self.fit_soon()
        self._check()

    def _take_devices(self, found: "tuple[tuple[str, str], ...]") -> None:
        """Offer what adb sees; the first is proposed where nothing is typed."""
        if KINDS[self.kind.currentIndex()] != "adb":
            return
        typed = self.address.currentText()
        self.address.clear()
        for serial, state in found:
            self.address.addItem(serial)
            self.address.setItemData(self.address.count() - 1, state)
        self.address.setEditText(typed or (found[0][0] if found else ""))
        if found:
            self.told.setText(
                self.tr("adb sees: {0}").format(", ".join(f"{serial} ({state})" for serial, state in found))
            )
        else:
            self.told.setText(self.tr("adb sees no device now. IP:PORT works too, where adbd listens on the network."))
        self.fit_soon()

    def _miss_devices(self, error: BaseException) -> None:
        if KINDS[self.kind.currentIndex()] == "adb" and isinstance(error, WorkbenchError):
            self.told.setText(sentences(spoken(error.message), spoken(error.hint)))
            self.fit_soon()

    def _check(self) -> None:
        problem = self._problem()
        is_begun = bool(self.name.text().strip()) and (
            bool(self.address.currentText().strip()) or self._link() == "local"
        )
        self.problem.setText(problem if is_begun else "")
        self.problem.setVisible(bool(self.problem.text()))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_begun and not problem)
        self.fit_soon()

    def _problem(self) -> str:
        name = self.name.text().strip()
        taken = {board.name for board in self._boards.known} - ({self._before.name} if self._before else set())
        if name in taken:
            return self.tr("There is a board of this name already.")
        try:
            self.board()
        except WorkbenchError as error:
            return sentences(spoken(error.message), spoken(error.hint))
        return ""

    def _choose(self) -> None:
        self.chosen.emit(self.board())
