"""Copying and saving of what the panes show: a menu for each source, and keys for the one that is looked at."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Steps
from workbench.ui import dialogs, theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.spoken import spoken
from workbench.ui.models.tensors.data import Place
from workbench.ui.models.tensors.files import Painted, python_text, save_array, save_picture, save_tensor, shown_values
from workbench.ui.models.tensors.planes import DIFFERENCE, GOLDEN, STRANGE, Planes
from workbench.ui.views.tensors.pane_row import PaneRow
from workbench.ui.views.tensors.texts import difference_title

ICONS = {"copy": "copy", "shown": "save", "whole": "save"}
KEYS = {"copy": "Ctrl+Alt+C", "shown": "Ctrl+Alt+S", "whole": "Ctrl+Alt+Shift+S"}
NOT_IN_NAMES = '<>:"/\\|?* '


class TensorExport(QObject):
    """Asks for the file, writes in a job, and says what happened in one sentence."""

    said = Signal(str)

    def __init__(self, row: PaneRow, jobs: JobPool, parent: QWidget) -> None:
        super().__init__(parent)
        self._row, self._jobs, self._widget = row, jobs, parent
        self._planes: Planes | None = None
        self._wanted: dict[str, Place] = {}
        self._tensor = ""
        self._parts: list[QMenu] = []
        self._texts = {
            "copy": self.tr("Copy as numpy"), "shown": self.tr("Save what is shown…"),
            "whole": self.tr("Save the whole tensor…"),
        }  # fmt: skip
        self._deeds: dict[str, Callable[[str], object]] = {
            "copy": self.copy,
            "shown": self.ask_shown,
            "whole": self.ask_whole,
        }
        row.menu_wanted.connect(self._on_menu_wanted)

    def set_planes(self, planes: Planes, wanted: dict[str, Place], tensor: str) -> None:
        """What is shown from now on."""
        self._planes, self._wanted, self._tensor = planes, wanted, tensor

    @property
    def sources(self) -> list[str]:
        """The panes that show something."""
        if self._planes is None:
            return []
        return [*self._planes.values, *([DIFFERENCE] if self._planes.gap is not None else [])]

    @property
    def current(self) -> str:
        """The pane that fills the row, else the one pointed at last, else the first."""
        wished = self._row.enlarged or self._row.current
        return wished if wished in self.sources else next(iter(self.sources), GOLDEN)

    def fill(self, menu: QMenu) -> None:
        """Offer everything, by key too, for the current pane, and for every pane in a menu of its own."""
        for deed, text in self._texts.items():
            action = menu.addAction(theme.icon(ICONS[deed]), text)
            action.setShortcut(QKeySequence(KEYS[deed]))
            action.triggered.connect(lambda _=False, deed=deed: self.do(deed))
            self._widget.addAction(action)
        menu.addSeparator()
        self._parts = [menu.addMenu("") for _ in range(4)]
        for at, part in enumerate(self._parts):
            for deed, text in self._texts.items():
                action = part.addAction(theme.icon(ICONS[deed]), text)
                action.triggered.connect(lambda _=False, deed=deed, at=at: self._deeds[deed](self.sources[at]))
        menu.aboutToShow.connect(self._show_parts)

    def do(self, deed: str) -> None:
        """Copy or save the current pane, as a key wishes."""
        if self.sources:
            self._deeds[deed](self.current)

    def copy(self, source: str) -> None:
        """Put the code of a pane's values on the clipboard."""
        assert self._planes is not None
        name = "".join(letter if letter.isalnum() else "_" for letter in source)
        try:
            text = python_text(shown_values(self._planes, source), name, self._comment(source))
        except WorkbenchError as error:
            self.said.emit(spoken(str(error)))
            return
        QGuiApplication.clipboard().setText(text)
        self.said.emit(self.tr("Copied {0} as numpy.").format(self._title(source)))

    def ask_shown(self, source: str) -> None:
        """Save what a pane shows."""
        picture, table = self.tr("Picture"), self.tr("Table")
        patterns = {"npy": "NumPy (*.npy)", "png": f"{picture} (*.png)", "csv": f"{table} (*.csv)"}
        self._ask(self._texts["shown"], patterns, source, lambda path: self.save_shown(source, path))

    def ask_whole(self, source: str) -> None:
        """Save a whole tensor."""
        patterns = {"npy": "NumPy (*.npy)", "csv": self.tr("Table") + " (*.csv)"}
        self._ask(self._texts["whole"], patterns, source, lambda path: self.save_whole(source, path))

    def save_shown(self, source: str, path: Path) -> None:
        """Write what a pane shows; the file's ending says how."""
        assert self._planes is not None
        planes = self._planes
        if path.suffix.lower() == ".png":
            painted = self._painted(source)
            self._start(path, lambda: save_picture(path, painted))
        else:
            self._start(path, lambda: save_array(path, shown_values(planes, source)))

    def save_whole(self, source: str, path: Path) -> None:
        """Write a whole tensor."""
        assert self._planes is not None
        wanted, pair = self._wanted, self._planes.pair
        self._start(path, lambda: save_tensor(path, wanted, source, pair))

    def _show_parts(self) -> None:
        for at, part in enumerate(self._parts):
            part.menuAction().setVisible(at < len(self.sources))
            if at < len(self.sources):
                part.setTitle(self._title(self.sources[at]))

    def _start(self, path: Path, make: Callable[[], Steps[Path]]) -> None:
        job = self._jobs.start(self.tr("Save {0}").format(path.name), make)
        job.succeeded.connect(lambda path: self.said.emit(self.tr("Saved {0}.").format(path)))
        job.failed.connect(self._jobs.unanswered)

    def _ask(self, title: str, patterns: dict[str, str], source: str, then: Callable[[Path], object]) -> None:
        dialog = dialogs.choose_target(self._widget, title.rstrip("…"), patterns, then)
        name = "".join("_" if letter in NOT_IN_NAMES else letter for letter in f"{self._tensor}-{source}")
        dialog.selectFile(f"{name}.{next(iter(patterns))}")

    def _painted(self, source: str) -> Painted | np.ndarray:
        assert self._planes is not None
        pane = self._row.panes[source]
        if source in self._planes.images:
            heatmap = pane.heatmap
            picture = heatmap.picture.image if heatmap.picture.isVisible() else None
            return Painted(self._planes.images[source], heatmap.image.lut, picture, heatmap.image.opacity())
        image = pane.line.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
        pixels = np.array(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
        return pixels[:, : image.width()]

    def _comment(self, source: str) -> str:
        assert self._planes is not None
        planes = self._planes
        parts = [self._tensor, self._title(source)]
        if planes.way == STRANGE:
            parts.append("1 NaN, 2 +inf, 3 -inf")
        elif planes.mosaic is None and planes.cut.channels > 1:
            parts.append(f"channel {planes.channel}" if planes.way == "channel" else planes.way)
        return ", ".join(parts).replace("\n", " ")

    def _title(self, source: str) -> str:
        if source == DIFFERENCE and self._planes is not None:
            return difference_title(self._planes.pair, self._row.title)
        return self._row.title(source)

    def _on_menu_wanted(self, source: str, place: QPoint) -> None:
        if source not in self.sources:
            return
        menu = QMenu(self._widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for deed, text in self._texts.items():
            action = menu.addAction(theme.icon(ICONS[deed]), text)
            action.triggered.connect(lambda _=False, deed=deed: self._deeds[deed](source))
        menu.popup(place)
