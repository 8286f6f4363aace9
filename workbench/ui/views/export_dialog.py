"""What is exported, and where to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QDialogButtonBox, QGridLayout, QLineEdit, QRadioButton, QWidget

from workbench.ui.dialogs import choose_folder, choose_target, dialog_buttons
from workbench.ui.text_size import pixels
from workbench.ui.widgets import button, column, label, row

WIDTH = 560
FOLDERS = ("npy",)


@dataclass(frozen=True)
class Offer:
    """A format: `name` is what its file is called unless the user says more, `why_not` why it cannot be had."""

    kind: str
    title: str
    story: str
    name: str
    why_not: str = ""


class ExportDialog(QDialog):
    """`chosen` gives the kind and the path."""

    chosen = Signal(str, Path)

    def __init__(self, parent: QWidget, offers: Sequence[Offer], folder: Path) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(pixels(WIDTH))
        self._offers, self._folder, self._proposed = tuple(offers), folder, ""
        self.kinds = QButtonGroup(self)
        self.path = QLineEdit()
        self.path.setAccessibleName(self.tr("File or folder"))
        self.path.textChanged.connect(self._check)
        self.problem = label("", "muted", wrap=True)
        self.buttons = dialog_buttons(self, self.tr("Export"))
        browse = button(self.tr("Choose…"), "folder", self._browse)
        layout = column(self._make_grid(), row(self.path, browse, spacing=4), self.problem, self.buttons, spacing=16)
        layout.setContentsMargins(24, 24, 24, 16)
        self.setLayout(layout)
        self.kinds.idToggled.connect(self._on_toggled)
        self.choose(self._offers[0].kind)
        self.accepted.connect(lambda: self.chosen.emit(self.offer.kind, self._target()))

    @property
    def offer(self) -> Offer:
        """The format that is chosen."""
        return self._offers[max(0, self.kinds.checkedId())]

    def choose(self, kind: str) -> None:
        """Choose a format."""
        at = next(number for number, item in enumerate(self._offers) if item.kind == kind)
        self.kinds.button(at).setChecked(True)
        self.kinds.button(at).setFocus()

    def _make_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for at, item in enumerate(self._offers):
            choice, story = QRadioButton(item.title), label(item.why_not or item.story, "muted")
            choice.setAccessibleDescription(story.text())
            choice.setEnabled(not item.why_not)
            story.setEnabled(not item.why_not)
            self.kinds.addButton(choice, at)
            grid.addWidget(choice, at, 0)
            grid.addWidget(story, at, 1)
        return grid

    def _on_toggled(self, at: int, is_chosen: bool) -> None:
        """Propose a name, unless the user wrote another; the folder stays."""
        if not is_chosen:
            return
        typed = self.path.text().strip()
        if not typed or typed == self._proposed:
            folder = Path(typed).parent if typed else self._folder
            self._proposed = str(folder / self._offers[at].name)
            self.path.setText(self._proposed)
        self._check()

    def _target(self) -> Path:
        return Path(self.path.text().strip()).expanduser().absolute()

    def _browse(self) -> None:
        title, item = self.tr("Export {0}").format(self.offer.title), self.offer
        if item.kind in FOLDERS:
            choose_folder(self, title, lambda path: self.path.setText(str(path)), new=True)
        else:
            ending = item.name.partition(".")[2]
            patterns = {ending: f"{item.title} (*.{ending})"}
            choose_target(self, title, patterns, lambda path: self.path.setText(str(path)))

    def _check(self) -> None:
        text = self.path.text().strip()
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(text))
        exists = bool(text) and self._target().exists()
        self.problem.setText(self.tr("It exists already and will be replaced."))
        self.problem.setVisible(exists)
