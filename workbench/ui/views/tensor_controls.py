"""The line above the panes: which view, which run, which input, which channel, which range of colours."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QSlider, QSpinBox, QToolButton, QWidget

from workbench.ui import theme
from workbench.ui.models.tensor_data import Cut
from workbench.ui.widgets import row, rule

SLIDER, SPIN = 50, 120
NARROW_SPIN, ROOMY = 84, 740
NO_BUTTONS = "QSpinBox::up-button, QSpinBox::down-button { width: 0; height: 0; border: none; }"
"""The slider is beside it; Qt's own way without buttons misplaces the text under a style sheet."""


class TensorControls(QWidget):
    """Knows nothing of tensors but their cut; it tells what was chosen."""

    view_chosen = Signal(int)
    single_chosen = Signal(bool)
    sample_chosen = Signal(int)
    channel_chosen = Signal(int)
    worst_requested = Signal()
    last_chosen = Signal(bool)
    central_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views = self._group(
            [("heatmap", self.tr("Heatmaps")), ("histogram", self.tr("Histograms")), ("values", self.tr("Values"))]
        )
        self.modes = self._group([("", self.tr("entire")), ("", self.tr("single"))])
        self.modes.button(0).setToolTip(self.tr("Every layer feeds the next: errors add up"))
        self.modes.button(1).setToolTip(self.tr("Every layer gets golden inputs: its own error alone"))
        self.samples = QComboBox()
        self.samples.setAccessibleName(self.tr("Input"))
        self.channel = QSpinBox()
        self.channel.setStyleSheet(NO_BUTTONS)
        self.channel.lineEdit().setTextMargins(6, 0, 6, 0)
        self.channel.setAccessibleName(self.tr("Channel"))
        self.channel.setToolTip(self.tr("Channel"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMinimumWidth(SLIDER)
        self.slider.setAccessibleName(self.tr("Channel"))
        self.worst = self._button(
            "sort-worst", self.tr("Worst channel"), self.tr("Go to the channel with the largest difference")
        )
        self.last = self._button("", self.tr("NHWC"), self.tr("The last axis holds the channels"), checkable=True)
        self.central = self._button(
            "palette", self.tr("Central values"), self.tr("Colour the central 99 % of the values only"), checkable=True
        )
        self._has_channels = False
        self._arrange()
        self._connect()
        self.show_cut(Cut((1,)), 0)
        self.show_samples([], 0)

    def show_cut(self, cut: Cut, channel: int) -> None:
        """Offer the channels of a tensor."""
        with QSignalBlocker(self.channel), QSignalBlocker(self.slider), QSignalBlocker(self.last):
            for control in (self.channel, self.slider):
                control.setRange(0, max(0, cut.channels - 1))
                control.setValue(channel)
            self.last.setChecked(cut.last)
        self.channel.setSuffix(self.tr(" of {0}").format(cut.channels))
        self._has_channels = cut.channels > 1
        self._fit()
        self.last.setVisible(len(cut.long) > 2)

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

    def _fit(self) -> None:
        """Where there is little room the slider goes; the number and the arrow keys do the same."""
        is_roomy = self.width() >= ROOMY
        self.channel.setPrefix(self.tr("channel ") if is_roomy else "")
        self.channel.setMinimumWidth(SPIN if is_roomy else NARROW_SPIN)
        for part in (self.channel, self.worst):
            part.setVisible(self._has_channels)
        self.slider.setVisible(self._has_channels and is_roomy)

    def _arrange(self) -> None:
        views, modes = (row(*group.buttons(), spacing=2) for group in (self.views, self.modes))
        channels = row(self.channel, self.slider, self.worst)
        layout = row(views, rule(vertical=True), modes, self.samples, None, channels, self.last, self.central)
        layout.setContentsMargins(8, 4, 8, 4)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.views.idClicked.connect(self.view_chosen)
        self.modes.idClicked.connect(lambda number: self.single_chosen.emit(number == 1))
        self.samples.currentIndexChanged.connect(self.sample_chosen)
        self.channel.valueChanged.connect(self.channel_chosen)
        self.slider.valueChanged.connect(self.channel_chosen)
        self.worst.clicked.connect(self.worst_requested)
        self.last.clicked.connect(self.last_chosen)
        self.central.clicked.connect(self.central_chosen)
