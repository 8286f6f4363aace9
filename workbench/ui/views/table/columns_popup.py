"""Which columns the layer table shows: the metrics as a grid, the rest as a list."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QWidget

from workbench.compare.compare import COLUMNS
from workbench.compare.metrics import METRICS
from workbench.ui.models.table.columns import ALWAYS, FIRST, MORE, Column, metrics_of
from workbench.ui.models.table.layer_texts import part_title, plain_title
from workbench.ui.models.table.layer_tips import of_errors, of_header
from workbench.ui.models.table.layers import LayersModel
from workbench.ui.tips import plain_tip
from workbench.ui.titles import metric_title, short_title
from workbench.ui.widgets import button, column, label, row, rule


class ColumnsPopup(QFrame):
    """Every change is shown at once. `chosen` gives the keys of the columns; () are the usual ones."""

    chosen = Signal(tuple)

    def __init__(self, parent: QWidget, model: LayersModel, seen: Callable[[], Iterable[Column]]) -> None:
        """`seen` gives the columns that have room."""
        super().__init__(parent, Qt.WindowType.Popup)
        self._model, self._seen = model, seen
        self.boxes: dict[str, QCheckBox] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self.defaults = button(self.tr("Defaults"), clicked=self._restore)
        self.defaults.setToolTip(self.tr("The usual columns, as many as have room"))
        parts = [self._make_list(), rule(), self._make_grid()] if model.values.filled else [self._make_list()]
        head = row(label(self.tr("Columns"), "title"), None, self.defaults)
        layout = column(head, *parts, spacing=8)
        layout.setContentsMargins(12, 10, 12, 12)
        self.setLayout(layout)
        self._show_chosen()

    def show_at(self, corner: QPoint) -> None:
        """Show it with its corner somewhere on the screen."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        x, y = min(corner.x(), room.right() - self.width()), min(corner.y(), room.bottom() - self.height())
        self.move(max(room.left(), x), max(room.top(), y))
        self.show()
        next(iter(self.boxes.values())).setFocus(Qt.FocusReason.PopupFocusReason)

    def _make_list(self) -> QGridLayout:
        """The columns that are no metrics, in three columns of check boxes."""
        result = QGridLayout()
        result.setHorizontalSpacing(16)
        result.setVerticalSpacing(6)
        for at, kind in enumerate(kind for kind in (*FIRST, *MORE) if kind not in ALWAYS):
            item = Column(kind)
            box = self._make_box(item, plain_title(item, self._model.sides), of_header(item))
            box.setText(plain_title(item, self._model.sides))
            result.addWidget(box, at // 3, at % 3)
        return result

    def _make_grid(self) -> QGridLayout:
        """Metrics down, parts of the comparison across; a metric without values has no box."""
        found = metrics_of(self._model.values.rows)
        result = QGridLayout()
        result.setHorizontalSpacing(16)
        result.setVerticalSpacing(4)
        across = [name for name in COLUMNS if name in found]
        for at, name in enumerate(across, 1):
            result.addWidget(label(part_title(name, self._model.sides), "muted"), 0, at, Qt.AlignmentFlag.AlignHCenter)
        metrics = [metric for metric in METRICS if any(metric in found[name] for name in across)]
        for down, metric in enumerate(metrics, 1):
            title: QLabel = label(short_title(metric))
            title.setToolTip(metric_title(metric))
            result.addWidget(title, down, 0)
            for at, name in enumerate(across, 1):
                if metric in found[name]:
                    said = f"{part_title(name, self._model.sides)} {short_title(metric)}"
                    box = self._make_box(
                        Column("value", name, metric), said, of_errors(name, metric, self._model.sides)
                    )
                    result.addWidget(box, down, at, Qt.AlignmentFlag.AlignHCenter)
        result.setColumnStretch(0, 1)
        return result

    def _make_box(self, item: Column, name: str, tip: str) -> QCheckBox:
        box = QCheckBox()
        box.setAccessibleName(name)
        box.setToolTip(plain_tip(tip))
        box.toggled.connect(self._on_toggled)
        self.boxes[item.key] = box
        return box

    def _show_chosen(self) -> None:
        shown = {item.key for item in self._seen()}
        for key, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(key in shown)
            box.blockSignals(False)
        self.defaults.setEnabled(bool(self._model.chosen_columns))

    def _on_toggled(self) -> None:
        """What has no values now, and therefore no box, stays chosen."""
        absent = [key for key in self._model.chosen_columns if key not in self.boxes]
        self._choose((*(key for key, box in self.boxes.items() if box.isChecked()), *absent))

    def _restore(self) -> None:
        self._choose(())
        self._show_chosen()

    def _choose(self, keys: tuple[str, ...]) -> None:
        self._model.set_columns(keys)
        self.defaults.setEnabled(bool(keys))
        self.chosen.emit(keys)
