"""One side of a comparison, chosen: whose values, and which of them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QMenu, QToolButton, QWidget

from workbench.project.comparison.sides import Side, short_names
from workbench.project.session import FILE
from workbench.ui.dialogs import choose_file, choose_folder
from workbench.ui.jobs import JobPool
from workbench.ui.reading import sources_of_path
from workbench.ui.tips import plain_tip
from workbench.ui.views.common.source_dot import SourceDot
from workbench.ui.widgets import label, tool

USUAL = {"A": ("golden",), "B": ("simulator", "runtime"), "C": ("runtime", "simulator")}
OF_SIDE = {"A": "golden", "B": "simulator", "C": "runtime"}


class SideRow(QObject):
    """The widgets of one side; who shows them puts them into a grid. `letter` is "A", "B" or "C"; C may be empty."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget, letter: str, jobs: JobPool) -> None:
        super().__init__(parent)
        self.letter, self._jobs, self._parent = letter, jobs, parent
        self._wanted = ""
        self.has_no_values = False
        self.dot = SourceDot(OF_SIDE[letter])
        self.title = label(letter, "title")
        self.place, self.source = QComboBox(), QComboBox()
        self.place.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.place.setMinimumContentsLength(28)
        self.place.setAccessibleName(self.tr("Side {0}: session or dumps").format(letter))
        self.source.setAccessibleName(self.tr("Side {0}: which values").format(letter))
        self.source.setMinimumContentsLength(16)
        self.more = self._more()
        self.place.currentIndexChanged.connect(self._on_place_changed)
        self.source.currentIndexChanged.connect(self.changed)

    def offer(self, home: Path, others: Sequence[Path]) -> None:
        """Fill the places: the open session and the others that are known."""
        self.place.blockSignals(True)
        self.place.clear()
        if self.letter == "C":
            self.place.addItem(self.tr("none"), None)
        self._add(home, self.tr("This session"))
        for path, name in zip(others, short_names(others), strict=True):
            self._add(path, name)
        self.place.blockSignals(False)

    def choose(self, side: Side | None) -> None:
        """Show this side; a place that was not offered is added."""
        if side is None:
            self.place.setCurrentIndex(0 if self.letter == "C" else self.place.currentIndex())
            self._on_place_changed()
            return
        known = [self.place.itemData(at) for at in range(self.place.count())]  # findData takes equal paths for others
        at = known.index(side.path) if side.path in known else -1
        if at < 0:
            self._add(side.path, side.path.name)
            at = self.place.count() - 1
        self._wanted = side.source
        if at == self.place.currentIndex():
            self._on_place_changed()
        else:
            self.place.setCurrentIndex(at)

    def side(self, layout: str = "", sample: int = 0) -> Side | None:
        """What is chosen; None while that is not known. `layout` and `sample` are of dumps that are no session's."""
        path: Path | None = self.place.currentData()
        if path is None or self.source.currentIndex() < 0:
            return None
        source: str = self.source.currentData()
        return Side(path, source, layout, sample)

    @property
    def is_empty(self) -> bool:
        """Whether this side is left out."""
        return self.place.currentData() is None

    def _add(self, path: Path, name: str) -> None:
        self.place.addItem(name, path)
        self.place.setItemData(self.place.count() - 1, plain_tip(str(path)), Qt.ItemDataRole.ToolTipRole)

    def _more(self) -> QToolButton:
        button = tool("open", self.tr("Side {0}: choose a session or dumps").format(self.letter))
        menu = QMenu(button)
        menu.addAction(self.tr("Session's folder…")).triggered.connect(lambda: self._ask_folder(self.tr("Session")))
        menu.addAction(self.tr("Folder of dumps…")).triggered.connect(lambda: self._ask_folder(self.tr("Dumps")))
        menu.addAction(self.tr("File of dumps…")).triggered.connect(self._ask_file)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _ask_folder(self, title: str) -> None:
        choose_folder(self._parent, title, self.take)

    def _ask_file(self) -> None:
        pattern = self.tr("Dumps") + " (*.h5 *.npz *.npy)"
        choose_file(self._parent, self.tr("File of dumps"), pattern, self.take)

    def take(self, path: Path) -> None:
        """Choose what the user pointed at."""
        self.choose(Side(path.parent if path.name == FILE else path, USUAL[self.letter][0]))

    def _on_place_changed(self) -> None:
        self.source.clear()
        self.has_no_values = False
        path: Path | None = self.place.currentData()
        self.source.setEnabled(path is not None)
        self.place.setToolTip("" if path is None else plain_tip(str(path)))
        if path is None:
            self._jobs.forget(self._key)
            self.changed.emit()
            return
        self._jobs.ask_process(self._key, sources_of_path, (path,), self._take_sources, self.failed.emit)

    @property
    def _key(self) -> str:
        return f"compare.sources.{self.letter}"

    def _take_sources(self, sources: tuple[str, ...]) -> None:
        self.source.blockSignals(True)
        self.source.clear()
        for name in sources:
            self.source.addItem(source_name(name), name)
        wanted = [self._wanted, *USUAL[self.letter], *sources]
        at = next((self.source.findData(name) for name in wanted if self.source.findData(name) >= 0), -1)
        self.source.setCurrentIndex(at)
        self.source.blockSignals(False)
        self.source.setEnabled(len(sources) > 1)
        self.has_no_values = not sources
        if self.has_no_values:
            self.source.setPlaceholderText(self.tr("not run yet"))
        self.changed.emit()


def source_name(source: str) -> str:
    """What a source of a session is called in a list."""
    names = {
        "golden": QCoreApplication.translate("Sources", "golden"),
        "simulator": QCoreApplication.translate("Sources", "simulator"),
        "simulator_single": QCoreApplication.translate("Sources", "simulator, single layers"),
        "runtime": QCoreApplication.translate("Sources", "runtime"),
        "toolkit": QCoreApplication.translate("Sources", "vendor's toolkit"),
        "embedded": QCoreApplication.translate("Sources", "embedded simulator"),
        "reference": QCoreApplication.translate("Sources", "golden of the embedded simulator"),
        "": QCoreApplication.translate("Sources", "all tensors"),
    }
    return names.get(source, source)
