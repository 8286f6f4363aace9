"""Beside the graph: what is varied, every setting as a line and as a row, the best first; any opens and can be used."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from workbench.project.session import Session
from workbench.ui import keys
from workbench.ui.models.spoken import spoken
from workbench.ui.models.sweep.lines import lines_of
from workbench.ui.models.sweep.place_table import PlaceTable
from workbench.ui.models.sweep.places import told, value_title
from workbench.ui.sweeping import Sweeping
from workbench.ui.text_size import pixels
from workbench.ui.views.sweep.axes_form import AxesForm
from workbench.ui.views.sweep.parallel_plot import ParallelPlot
from workbench.ui.widgets import (
    Choice,
    ElidedLabel,
    Fold,
    Splitter,
    button,
    column,
    label,
    row,
    rule,
    set_role,
    show_lines,
)
from workbench.ui.workspace import Workspace

AXES = ("type", "method", "algorithm", "level", "calibration", "order")
LEAST_WIDTH, MOST_TOLD = 40, 60
LEAST_SIZE = (320, 200)


class SweepPage(QWidget):
    """Follows what is known of the session's sweep."""

    add_wanted = Signal()

    def __init__(self, workspace: Workspace, sweeping: Sweeping) -> None:
        super().__init__()
        self._workspace, self._sweeping = workspace, sweeping
        self._is_due = True
        self._chosen, self._known = "", 0
        self.form, self.plot = AxesForm(AXES), ParallelPlot()
        self.table, self.view = PlaceTable(), QTableView()
        self.simulator = self._make_simulator()
        self.fold = Fold(self.tr("What is varied"), self.tr("Show or hide what is varied"), self.form, is_open=True)
        self.story = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.begin = button("", "", self._run, primary=True)
        self.stop = button(self.tr("Cancel"), "stop", sweeping.cancel)
        self.problem = label("", "warning", wrap=True)
        self.left_out = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.open_button = button(self.tr("Compare with the session"), "compare", self._open)
        self.use_button = button(self.tr("Use these settings"), "settings", self._use)
        self.none = label("", "muted", wrap=True)
        self.add_button = button(self.tr("Add inputs…"), "image", self.add_wanted.emit)
        self.stack = QStackedWidget()
        self._make()
        self._connect()
        self._show()

    @property
    def chosen(self) -> str:
        """The name of the place that is chosen; "" without one."""
        return self._chosen

    def choose(self, name: str) -> None:
        """Choose a place in the table and among the lines."""
        self._chosen = name
        at = self.table.row_of(name)
        if at >= 0 and at != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.table.index(at, 0))
        self.plot.select(name)
        self._show_busy()

    def _make(self) -> None:
        self._make_table()
        head = row(self.fold, self.simulator, self.story, self.stop, self.begin, spacing=8)
        head.setStretch(2, 1)
        head.setContentsMargins(8, 6, 8, 4)
        self.problem.setContentsMargins(8, 0, 8, 6)
        foot = row(self.left_out, self.open_button, self.use_button)
        foot.setStretch(0, 1)
        foot.setContentsMargins(8, 4, 8, 6)
        self.down = Splitter(Qt.Orientation.Vertical)
        self.down.setObjectName("sweep")
        self.down.addWidget(self.plot)
        self.down.addWidget(self.view)
        self.down.setStretchFactor(1, 1)
        full = QWidget()
        layout = column(head, self.form, self.problem, rule(), self.down, rule(), foot, spacing=0)
        layout.setStretchFactor(self.down, 1)
        full.setLayout(layout)
        self.stack.addWidget(self._make_empty())
        self.stack.addWidget(full)
        self.setLayout(column(self.stack, spacing=0))
        self.setMinimumSize(*map(pixels, LEAST_SIZE))  # else all of it has to fit beside the tensors
        set_role(self, "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _make_table(self) -> None:
        self.view.setModel(self.table)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.verticalHeader().hide()
        show_lines(self.view)
        self.view.setAccessibleName(self.tr("Settings that were swept"))
        keys.set_place(self.view, self.tr("Settings that were swept"))
        keys.bind(self.view, Qt.Key.Key_Return, self.tr("Compare the settings with the session"), self._open)
        header = self.view.horizontalHeader()
        header.setMinimumSectionSize(pixels(LEAST_WIDTH))
        header.setStretchLastSection(True)
        header.setResizeContentsPrecision(MOST_TOLD)
        self.view.setSortingEnabled(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def _make_simulator(self) -> Choice:
        result = Choice()
        result.addItem(self.tr("embedded simulator"), "embedded")
        result.addItem(self.tr("vendor's toolkit"), "toolkit")
        result.setAccessibleName(self.tr("What simulates the settings"))
        return result

    def _make_empty(self) -> QWidget:
        result = QWidget()
        self.none.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(result)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addStretch(1)
        layout.addWidget(self.none)
        layout.addLayout(row(None, self.add_button, None))
        layout.addStretch(2)
        return result

    def _connect(self) -> None:
        self.form.chosen.connect(self._vary)
        self.simulator.activated.connect(self._vary)
        self.plot.chosen.connect(self.choose)
        self.plot.opened.connect(self._open_line)
        self.plot.brushed.connect(self._on_brushed)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        self.view.doubleClicked.connect(lambda _: self._open())
        self._sweeping.show_in(self)
        self._sweeping.changed.connect(self._show)
        self._sweeping.busy_changed.connect(self._show_busy)
        self._workspace.session_changed.connect(self._show_stack)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sweeping.look_if_due()
        if self._is_due:
            self._show()

    def _run(self) -> None:
        """Begin; what comes of it gets the room."""
        if self._sweeping.run() is not None:
            self.fold.turn(is_open=False)

    def _vary(self) -> None:
        self._sweeping.vary(self.form.axes, self.simulator.currentData())

    def _show(self) -> None:
        self._is_due = not self.isVisible()
        if self._is_due:
            return
        planned, wanted, session = self._sweeping.planned, self._sweeping.wanted, self._workspace.session
        if wanted is not None and planned.offers and session is not None:
            self.form.show_offers(planned.offers, wanted.axes, _own(session))
            self.simulator.setCurrentIndex(max(0, self.simulator.findData(wanted.simulator)))
        self.problem.setText(spoken(f"{planned.problem} {planned.hint}".strip()))
        self.problem.setVisible(bool(planned.problem))
        self._show_places()
        self._show_left_out()
        self._show_stack()
        self._show_busy()

    def _show_places(self) -> None:
        sweep = self._sweeping.sweep
        is_new = sweep is None or tuple(sweep.axes) != self.table.axes
        self.table.show_sweep(sweep)
        places = sweep.places if sweep is not None else ()
        self.plot.show_lines(lines_of(sweep), {place.name: spoken(told(place)) for place in places})
        self.plot.setVisible(bool(self.plot.lines.names))
        self.table.show_only(self.plot.inside)
        if is_new:
            self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        if is_new or len(self.plot.lines.names) != self._known:
            self._known = len(self.plot.lines.names)
            self.view.resizeColumnsToContents()
        self.choose(self._chosen if self.table.row_of(self._chosen) >= 0 else "")

    def _show_left_out(self) -> None:
        sweep = self._sweeping.sweep
        left = sweep.left_out if sweep is not None else ()
        lines = [
            f"{', '.join(value_title(axis, value) for axis, value in item.at.items() if value)}: {spoken(item.reason)}"
            for item in left
        ]
        text = self.tr("Left out: {0} ({1})").format(len(lines), lines[0]) if lines else ""
        self.left_out.set_text(text, "\n".join(lines[:MOST_TOLD]))

    def _show_stack(self) -> None:
        why_not = self._sweeping.why_not
        self.none.setText(why_not)
        self.add_button.setVisible(self._workspace.session is not None)
        self.stack.setCurrentIndex(0 if why_not else 1)

    def _show_busy(self) -> None:
        sweeping = self._sweeping
        is_running, missing = sweeping.is_running, len(sweeping.missing)
        places = sweeping.sweep.places if sweeping.sweep is not None else ()
        self.story.set_text(self.tr("{0} of {1} known").format(len(places) - missing, len(places)))
        self.begin.setText(self.tr("Compute {0}").format(missing) if missing else self.tr("Compute"))
        self.begin.setToolTip("" if missing else self.tr("All of it is known already."))
        self.begin.setEnabled(bool(missing))
        self.begin.setVisible(not is_running)
        self.stop.setVisible(is_running)
        for part in (self.form, self.simulator):
            part.setEnabled(not is_running)
        at = self.table.row_of(self._chosen)
        has_place = at >= 0
        self.use_button.setEnabled(has_place)
        self.open_button.setEnabled(has_place and not is_running and not self.table.place(at).problem)

    def _on_row(self, now: QModelIndex) -> None:
        if now.isValid():
            self.choose(self.table.place(now.row()).name)

    def _on_brushed(self) -> None:
        self.table.show_only(self.plot.inside)
        self.choose(self._chosen)

    def _open(self) -> None:
        if self.open_button.isEnabled():
            self._sweeping.open(self._chosen)

    def _open_line(self, name: str) -> None:
        self.choose(name)
        self._open()

    def _use(self) -> None:
        at = self.table.row_of(self._chosen)
        if at >= 0:
            self._sweeping.use(self.table.place(at).at)


def _own(session: Session) -> dict[str, str]:
    """The session's own values of the axes, where they are one."""
    quant = session.quant
    return {
        "type": quant.dtype, "method": quant.method, "algorithm": quant.algorithm,
        "level": str(quant.optimization_level), "calibration": str(len(session.dataset)),
    }  # fmt: skip
