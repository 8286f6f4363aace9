"""Which picture of the graph is exported, and where to."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from workbench.ui.dialogs import choose_target, dialog_buttons
from workbench.ui.views.graph.picture import FORMATS, Picture
from workbench.ui.widgets import Choice, button, column, label, row

WIDTH = 520
FACTORS = (1, 2, 4)


@dataclass(frozen=True)
class Wanted:
    """What was chosen."""

    whole: bool
    for_print: bool
    marked: bool
    legend: bool
    factor: float


class PictureDialog(QDialog):
    """`make` gives the picture for what is chosen, so that its size can be told before it is drawn."""

    chosen = Signal(object, Path)
    """A `Picture`, and its file."""

    def __init__(self, parent: QWidget, make: Callable[[Wanted], Picture], proposed: Path) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export the picture of the graph"))
        self.setMinimumWidth(WIDTH)
        self._make = make
        self.kind = Choice()
        self.kind.addItems([self.tr("SVG (vectors)"), self.tr("PDF (vectors)"), self.tr("PNG (pixels)")])
        self.whole, self.visible = QRadioButton(self.tr("Whole graph")), QRadioButton(self.tr("Visible part"))
        self.as_shown = QRadioButton(self.tr("As in the window"))
        self.for_print = QRadioButton(self.tr("Light, on white"))
        self.whole.setChecked(True)
        self.for_print.setChecked(True)
        self.legend, self.marked = QCheckBox(self.tr("Legend")), QCheckBox(self.tr("Selection, path and hits"))
        self.legend.setChecked(True)
        self.marked.setChecked(True)
        self.factor = Choice()
        self.factor.addItems([f"{factor} ×" for factor in FACTORS])
        self.factor.setCurrentIndex(1)
        self.path = QLineEdit(str(proposed))
        self.path.setAccessibleName(self.tr("File"))
        self.told = label("", "muted", wrap=True)
        self.buttons = dialog_buttons(self, self.tr("Export"))
        self._arrange()
        self._connect()
        self._on_kind_changed()

    def picture(self) -> Picture:
        """The picture that is chosen."""
        boxes = (self.whole, self.for_print, self.marked, self.legend)
        whole, for_print, marked, legend = (box.isChecked() for box in boxes)
        return self._make(Wanted(whole, for_print, marked, legend, FACTORS[self.factor.currentIndex()]))

    def _arrange(self) -> None:
        form = QFormLayout()
        form.addRow(self.tr("Format"), self.kind)
        form.addRow(self.tr("Part"), _choices(self, self.whole, self.visible))
        form.addRow(self.tr("Colours"), _choices(self, self.for_print, self.as_shown))
        form.addRow(self.tr("With"), row(self.legend, self.marked, None))
        form.addRow(self.tr("Size"), self.factor)
        form.addRow(self.tr("File"), row(self.path, button(self.tr("Choose…"), "folder", self._browse), spacing=4))
        layout = column(form, self.told, self.buttons, spacing=16)
        layout.setContentsMargins(24, 24, 24, 16)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        self.factor.currentIndexChanged.connect(self._check)
        for choice in (self.whole, self.visible, self.legend):
            choice.toggled.connect(self._check)
        self.path.textChanged.connect(self._check)
        self.accepted.connect(lambda: self.chosen.emit(self.picture(), self._target()))

    def _target(self) -> Path:
        """Where it goes; the ending says what it is."""
        path = Path(self.path.text().strip()).expanduser()
        ending = f".{FORMATS[self.kind.currentIndex()]}"
        return path if path.suffix.lower() == ending else path.with_name(path.name + ending)

    def _browse(self) -> None:
        kinds = {ending: f"{ending.upper()} (*.{ending})" for ending in (FORMATS[self.kind.currentIndex()],)}
        choose_target(self, self.windowTitle(), kinds, lambda path: self.path.setText(str(path)))

    def _on_kind_changed(self) -> None:
        ending = f".{FORMATS[self.kind.currentIndex()]}"
        path = Path(self.path.text().strip())
        if path.suffix.lower().removeprefix(".") in FORMATS:
            self.path.setText(str(path.with_suffix(ending)))
        self._check()

    def _check(self) -> None:
        """Tell how large it gets, and what a picture of pixels cannot hold."""
        is_png = FORMATS[self.kind.currentIndex()] == "png"
        self.factor.setEnabled(is_png)
        picture = self.picture()
        size = picture.png_size if is_png else picture.size.toSize()
        told = self.tr("{0} × {1} pixels").format(size.width(), size.height())
        if is_png and picture.png_factor < picture.factor:
            told += "\n" + self.tr("Larger would not fit into memory; SVG and PDF keep every detail.")
        self.told.setText(told)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.path.text().strip()))


def _choices(parent: QWidget, *choices: QRadioButton) -> QHBoxLayout:
    """Buttons of which one is chosen."""
    group = QButtonGroup(parent)
    for choice in choices:
        group.addButton(choice)
    return row(*choices, None)
