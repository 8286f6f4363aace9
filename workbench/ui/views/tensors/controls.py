"""The line above the panes: which view, what of the channels, which run and input, which colours, what goes out."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QMenu, QSlider, QSpinBox, QToolButton, QWidget

from workbench.ui import theme
from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.planes import CHANNEL, TILES, Planes
from workbench.ui.views.tensors.axes_bar import NO_BUTTONS, AxesBar
from workbench.ui.views.tensors.colours_popup import ColoursButton
from workbench.ui.views.tensors.view_menu import ViewMenu
from workbench.ui.views.tensors.way_button import WayButton, counted_word
from workbench.ui.widgets import column, row, rule

SLIDER, SPIN = 50, 120
NARROW_SPIN, ROOMY, NARROWEST = 84, 780, 420
SLIM = "QToolButton { padding: 3px 4px; }"


class TensorControls(QWidget):
    """Knows nothing of tensors but how they are cut; it tells what was chosen."""

    view_chosen = Signal(int)
    single_chosen = Signal(bool)
    sample_chosen = Signal(int)
    channel_chosen = Signal(int)
    page_chosen = Signal(int)
    worst_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views = self._group([
            ("heatmap", self.tr("Heatmaps")), ("histogram", self.tr("Histograms")), ("values", self.tr("Values")),
            ("scatter", self.tr("Scatter plot")), ("channels", self.tr("Channels or features, the worst first")),
            ("weights", self.tr("Weights and bias of the layer")),
        ])  # fmt: skip
        for button in self.views.buttons():
            button.setStyleSheet(SLIM)
        self.view_menu = ViewMenu(self.views)
        self.modes = self._group([("", self.tr("entire")), ("", self.tr("single"))])
        self.modes.button(0).setToolTip(self.tr("Every layer feeds the next: errors add up"))
        self.modes.button(1).setToolTip(self.tr("Every layer gets golden inputs: its own error alone"))
        self.samples = QComboBox()
        self.samples.setAccessibleName(self.tr("Input"))
        self.way, self.colours, self.axes = WayButton(), ColoursButton(), AxesBar()
        self.channel = QSpinBox()
        self.channel.setStyleSheet(NO_BUTTONS)
        self.channel.lineEdit().setTextMargins(6, 0, 6, 0)
        self.channel.setAccessibleName(self.tr("Channel"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMinimumWidth(SLIDER)
        self.slider.setAccessibleName(self.tr("Channel"))
        self.worst = self._button(
            "sort-worst",
            self.tr("Worst channel"),
            self.tr("Go to the worst channel, of a matrix or a line to the worst element (Shift+W)"),
        )
        self.out = self._button("export", self.tr("Copy and save"), self.tr("Copy as numpy, save as npy, png or csv"))
        self.out.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.out.setMenu(QMenu(self.out))
        self._has_channels = self._has_worst = False
        self._way, self._word = CHANNEL, ""
        self._arrange()
        self._connect()
        self.show_nothing()
        self.show_samples([], 0)

    def show_planes(self, planes: Planes) -> None:
        """Offer the channels, the pages of tiles and the axes of a tensor."""
        is_paged = planes.mosaic is not None
        page = planes.mosaic.first // max(1, planes.mosaic.count) if planes.mosaic is not None else 0
        count, at = (planes.pages, page) if is_paged else (planes.cut.channels, planes.channel)
        self._way = TILES if is_paged else CHANNEL
        with QSignalBlocker(self.channel), QSignalBlocker(self.slider):
            for control in (self.channel, self.slider):
                control.setRange(0, max(0, count - 1))
                control.setValue(at)
        self._word = counted_word(planes)
        self._write_around(self.channel.prefix(), self.tr(" of {0}").format(count))
        self.channel.setAccessibleName(self._word)
        self._has_channels = count > 1 and planes.way in (CHANNEL, TILES)
        self._has_worst = planes.way == CHANNEL and bool(planes.cut.long)
        self._fit()
        self.way.show_effect(planes.way)
        self.way.last.setChecked(planes.cut.last)
        self.way.last.setEnabled(len(planes.cut.long) > 2)
        self.axes.show_planes(planes)
        self.colours.popup.show_limits(
            next((limits for source, limits in planes.limits.items() if source != "difference"), None),
            planes.limits.get("difference"),
        )

    def show_nothing(self) -> None:
        """There is no tensor."""
        self.show_planes(Planes(Cut((1,)), 0))

    def set_usable(self, usable: bool) -> None:
        """Without a tensor only the view can be chosen: the weights of a layer need none."""
        for part in (self.way, self.channel, self.slider, self.worst, self.colours, self.out, self.axes):
            part.setEnabled(usable)

    def minimumSizeHint(self) -> QSize:
        """With little room there are fewer parts: what is visible now does not count."""
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_samples(self, names: list[str], current: int) -> None:
        """Offer the analysed inputs."""
        with QSignalBlocker(self.samples):
            if [self.samples.itemText(number) for number in range(self.samples.count())] != names:
                self.samples.clear()
                self.samples.addItems(names)
            self.samples.setCurrentIndex(current if names else -1)
        self.samples.setVisible(len(names) > 1)

    def show_worst(self, known: bool) -> None:
        """Whether the worst channel is known."""
        self.worst.setEnabled(known)

    def show_mode(self, single: bool, possible: bool) -> None:
        """Which of the two runs of the simulator is shown, and whether there are two."""
        self.modes.button(int(single)).setChecked(True)
        self.modes.button(1).setEnabled(possible)
        why = self.tr("There are no tensors of single layers here; the vendor's toolkit keeps only their numbers")
        self.modes.button(1).setToolTip(self.tr("single") if possible else why)

    def _group(self, entries: list[tuple[str, str]]) -> QButtonGroup:
        group = QButtonGroup(self)
        for number, (icon, text) in enumerate(entries):
            group.addButton(self._button(icon, text, text, checkable=True), number)
        group.button(0).setChecked(True)
        return group

    def _button(self, icon: str, text: str, tip: str, *, checkable: bool = False) -> QToolButton:
        result = QToolButton()
        result.setCheckable(checkable)
        result.setToolTip(tip)
        result.setAccessibleName(text)
        if icon:
            theme.decorate(result, icon)
        else:
            result.setText(text)
        return result

    def _write_around(self, prefix: str, suffix: str) -> None:
        """Each of them lays everything out anew, whether it is another one or not."""
        if prefix != self.channel.prefix():
            self.channel.setPrefix(prefix)
        if suffix != self.channel.suffix():
            self.channel.setSuffix(suffix)

    def _fit(self) -> None:
        """Where there is little room the views become a menu and the slider goes; the arrow keys do the same."""
        is_roomy = self.width() >= ROOMY
        self._write_around(f"{self._word} " if is_roomy else "", self.channel.suffix())
        self.channel.setToolTip(self._word)
        self.channel.setMinimumWidth(SPIN if is_roomy else NARROW_SPIN)
        self.channel.setVisible(self._has_channels)
        self.worst.setVisible(self._has_worst)
        self.slider.setVisible(self._has_channels and is_roomy)
        self._buttons.setVisible(is_roomy)
        self.view_menu.setVisible(not is_roomy)

    def _arrange(self) -> None:
        self._buttons = QWidget()
        self._buttons.setLayout(row(*self.views.buttons(), spacing=2))
        modes = row(*self.modes.buttons(), spacing=2)
        channels = row(self.way, self.channel, self.slider, self.worst, spacing=4)
        out = row(self.colours, self.out, spacing=2)
        layout = row(self._buttons, self.view_menu, rule(vertical=True), channels, None, modes, self.samples, out)
        layout.setContentsMargins(8, 4, 8, 4)
        self.axes.hide()
        self.setLayout(column(layout, self.axes, spacing=0))

    def _connect(self) -> None:
        self.views.idClicked.connect(self.view_chosen)
        self.modes.idClicked.connect(lambda number: self.single_chosen.emit(number == 1))
        self.samples.currentIndexChanged.connect(self.sample_chosen)
        self.channel.valueChanged.connect(self._on_number_chosen)
        self.slider.valueChanged.connect(self._on_number_chosen)
        self.worst.clicked.connect(self.worst_requested)
        self.way.axes_wanted.connect(self.axes.setVisible)
        self.axes.channel_chosen.connect(self.channel_chosen)
        self.addAction(self.colours.over)
        steps = ((self.tr("Worst channel"), "Shift+W", self.worst_requested.emit),
                 (self.tr("Next channel"), ".", lambda: self.channel.stepBy(1)),
                 (self.tr("Previous channel"), ",", lambda: self.channel.stepBy(-1)))  # fmt: skip
        for title, keys, done in steps:
            action = QAction(title, self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _=False, done=done: done())
            self.addAction(action)

    def _on_number_chosen(self, number: int) -> None:
        (self.page_chosen if self._way == TILES else self.channel_chosen).emit(number)
