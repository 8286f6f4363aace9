"""Which way a tensor is looked at: a button that opens a menu, and a key for each way."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from workbench.ui import theme
from workbench.ui.models.tensors.planes import CHANNEL, MEAN, RMS, STRANGE, TILES, WAYS, Planes
from workbench.ui.models.tensors.ranks import CHANNELS
from workbench.ui.views.tensors.texts import ranked_word

ICONS = {CHANNEL: "channel", TILES: "grid", MEAN: "mean", RMS: "magnitude", STRANGE: "infinite"}
KEYS = {CHANNEL: "V", TILES: "T", MEAN: "M", RMS: "R", STRANGE: "Shift+N"}


class WayButton(QToolButton):
    """Also holds what decides which planes there are: the place of the channels, and axes chosen by hand."""

    way_chosen = Signal(str)
    last_chosen = Signal(bool)
    axes_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(self.tr("What is shown of the channels"))
        self._effect = ""
        self.ways = QActionGroup(self)
        menu = QMenu(self)
        titles = {
            CHANNEL: self.tr("One channel"), TILES: self.tr("All channels as tiles"),
            MEAN: self.tr("Mean of all channels"), RMS: self.tr("Magnitude (root mean square) of all channels"),
            STRANGE: self.tr("NaN and infinity"),
        }  # fmt: skip
        for way in WAYS:
            self.ways.addAction(self._action(menu, titles[way], ICONS[way], KEYS[way]))
        self.ways.triggered.connect(self._on_way_chosen)
        menu.addSeparator()
        self.axes = self._action(menu, self.tr("Choose axes"), "axes", "A")
        self.axes.triggered.connect(self.axes_wanted)
        self.last = self._action(menu, self.tr("Channels are the last axis (NHWC)"), "", "")
        self.last.triggered.connect(self.last_chosen)
        self.setMenu(menu)
        self.show_way(CHANNEL)

    def show_way(self, way: str) -> None:
        """Mark the way that was chosen."""
        self.ways.actions()[WAYS.index(way)].setChecked(True)
        self.show_effect(way)

    def show_effect(self, way: str) -> None:
        """Tell the way that has something to show for this tensor; for one channel the number stands beside it."""
        if way == self._effect:
            return
        self._effect = way
        words = {
            TILES: self.tr("Tiles"), MEAN: self.tr("Mean"), RMS: self.tr("Magnitude"), STRANGE: self.tr("NaN, ∞"),
        }  # fmt: skip
        text = words.get(way, "")
        self.setText(text)
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonTextBesideIcon if text else style.ToolButtonIconOnly)
        theme.decorate(self, ICONS[way])
        self.setToolTip(f"{self.ways.actions()[WAYS.index(way)].text()} ({', '.join(KEYS.values())})")

    def _on_way_chosen(self, action: QAction) -> None:
        way = WAYS[self.ways.actions().index(action)]
        self.show_way(way)
        self.way_chosen.emit(way)

    def _action(self, menu: QMenu, title: str, icon: str, keys: str) -> QAction:
        action = menu.addAction(title)
        action.setCheckable(True)
        if icon:
            theme.decorate(action, icon)
        if keys:
            action.setShortcut(QKeySequence(keys))
            self.addAction(action)
        return action


def counted_word(planes: Planes) -> str:
    """What the number in the line of controls counts: pages of tiles, channels, or an axis of another name."""
    if planes.mosaic is not None:
        return QCoreApplication.translate("Tensors", "page")
    outer = planes.cut.outer
    return ranked_word(planes.cut, planes.names, outer[0] if len(outer) == 1 else CHANNELS)
