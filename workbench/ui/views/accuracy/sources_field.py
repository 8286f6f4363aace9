"""Which sources answer: float, the simulator with the session's settings and others, the toolkit, the board."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu, QToolButton, QWidget

from workbench.project.session import Session
from workbench.ui.dialogs import choose_file
from workbench.ui.reading_accuracy import BOARD, USUAL
from workbench.ui.text_size import pixels
from workbench.ui.views.common.flowing import Flowing
from workbench.ui.widgets import tool

TYPED_WIDTH = 190
FIXED = (*USUAL, "toolkit", BOARD)
OTHERS = {
    "layer": "layer:method=layer", "channel": "channel:method=channel", "kl": "kl:algorithm=kl_divergence",
    "mmse": "mmse:algorithm=mmse", "fp16": "fp16:dtype=fp16",
}  # fmt: skip


class SourcesField(QWidget):
    """`changed` tells that others are chosen; `typed` gives a source that somebody wrote and nobody has looked at."""

    changed = Signal()
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        titles = {
            "float": self.tr("float"), "simulator": self.tr("simulator, as the session"),
            "toolkit": self.tr("vendor's toolkit"), BOARD: self.tr("board"),
        }  # fmt: skip
        self.boxes = {name: QCheckBox(titles[name]) for name in FIXED}
        self.others: list[str] = []
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(self.tr("name:method=layer"))
        self.edit.setAccessibleName(self.tr("Another source"))
        self.edit.setToolTip(
            self.tr("NAME:KEY=VALUE,…  keys: dtype, method, algorithm, optimization_level, cfg, float_tensors…")
        )
        self.edit.setFixedWidth(pixels(TYPED_WIDTH))
        self.add = self._make_add()
        self._flow = Flowing(self)
        self._chips: list[QToolButton] = []
        for name, box in self.boxes.items():
            box.setChecked(name in USUAL)
            box.toggled.connect(self.changed)
            self._flow.addWidget(box)
        self._flow.addWidget(self.add)
        self._flow.addWidget(self.edit)
        self.edit.returnPressed.connect(self._on_typed)

    @property
    def sources(self) -> tuple[str, ...]:
        """Those that are chosen, as the core takes them."""
        fixed = (name for name, box in self.boxes.items() if box.isChecked() and box.isEnabled())
        return (*fixed, *self.others)

    def choose(self, sources: Sequence[str]) -> None:
        """Choose these."""
        for name, box in self.boxes.items():
            box.setChecked(name in sources)
        self._set_others([text for text in sources if text not in FIXED])

    def take(self, text: str) -> None:
        """Choose one more."""
        name = text.partition(":")[0]
        self._set_others([*(other for other in self.others if other.partition(":")[0] != name), text])
        self.edit.clear()

    def show_session(self, session: Session) -> None:
        """What the session can have."""
        has_board = session.board is not None
        self.boxes[BOARD].setEnabled(has_board)
        self.boxes[BOARD].setToolTip("" if has_board else self.tr("The session has no board: choose one first."))

    def _on_typed(self) -> None:
        if text := self.edit.text().strip():
            self.typed.emit(text)

    def _set_others(self, others: list[str]) -> None:
        self.others = others
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._chips = [self._chip(text) for text in others]
        for chip in self._chips:
            self._flow.addWidget(chip)
            chip.show()
        self.updateGeometry()
        self.changed.emit()

    def _chip(self, text: str) -> QToolButton:
        name = text.partition(":")[0]
        result = tool("close", self.tr("Leave {0} out ({1})").format(name, text))
        result.setText(name)
        result.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        result.clicked.connect(lambda: self._set_others([other for other in self.others if other != text]))
        result.setParent(self)
        return result

    def _make_add(self) -> QToolButton:
        result = tool("add", self.tr("Add the simulator with other settings"))
        menu = QMenu(result)
        titles = {
            "layer": self.tr("Per layer"), "channel": self.tr("Per channel"), "kl": self.tr("KL divergence"),
            "mmse": "MMSE", "fp16": "float16",
        }  # fmt: skip
        for name, title in titles.items():
            menu.addAction(title).triggered.connect(lambda _=False, name=name: self.take(OTHERS[name]))
        menu.addSeparator()
        menu.addAction(self.tr("A plan from a file…")).triggered.connect(lambda: self._ask_plan())
        result.setMenu(menu)
        result.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return result

    def _ask_plan(self) -> None:
        pattern = self.tr("Plans") + " (*.cfg *.json *.yaml *.yml)"
        choose_file(self, self.tr("A plan"), pattern, lambda path: self.typed.emit(f"{path.stem}:cfg={path}"))
