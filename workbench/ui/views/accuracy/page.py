"""Beside the graph: how good each source is on a data set, and the images on which float and quantised disagree."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QTableView, QWidget

from workbench.ui import keys
from workbench.ui.evaluating import Evaluating
from workbench.ui.models.accuracy.figure_table import BAR, COLUMNS, SOURCE, FigureTable
from workbench.ui.models.accuracy.texts import metric_title
from workbench.ui.reading_accuracy import SIDE
from workbench.ui.text_size import pixels, row_height
from workbench.ui.tips import plain_tip
from workbench.ui.views.accuracy.bars import ErrorBars
from workbench.ui.views.accuracy.form import AccuracyForm
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

MOST_ROWS, LEAST_SIZE = 8, (320, 200)


class AccuracyPage(QWidget):
    """Follows the last evaluation of the session."""

    def __init__(self, workspace: Workspace, evaluating: Evaluating) -> None:
        super().__init__()
        self._workspace, self._evaluating = workspace, evaluating
        self._is_due, self._rows = True, 0
        self._asked_of: Path | None = None
        """The session whose last evaluation the form began with."""
        self.form = AccuracyForm()
        self.fold = Fold(self.tr("What is measured"), self.tr("Show or hide what is measured"), self.form, is_open=True)
        self.story = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.begin = button(self.tr("Measure"), "", self._run, primary=True)
        self.stop = button(self.tr("Cancel"), "stop", evaluating.cancel)
        self.figure, self.source = self._choice(self.tr("Figure")), self._choice(self.tr("Source"))
        self.table, self.view = FigureTable(), QTableView()
        self.list = QListView()
        self.told, self.listed = label("", "muted"), ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.open_button = button(self.tr("Open the image as a session"), "open", self._open)
        self.none = label("", "muted", wrap=True)
        self._make()
        self._connect()
        self._show()

    def _make(self) -> None:
        self._make_views()
        head = row(self.fold, self.story, self.stop, self.begin)
        head.setStretch(1, 1)
        head.setContentsMargins(8, 6, 8, 4)
        above = row(self.figure, self.told, None)
        above.setContentsMargins(8, 6, 8, 4)
        below = row(self.source, self.listed, self.open_button)
        below.setStretch(1, 1)
        below.setContentsMargins(8, 6, 8, 4)
        upper, lower = QWidget(), QWidget()
        upper.setLayout(column(above, self.view, spacing=0))
        lower.setLayout(column(below, self.list, spacing=0))
        self.down = Splitter(Qt.Orientation.Vertical)
        self.down.setObjectName("accuracy")
        for part in (upper, lower):
            self.down.addWidget(part)
        self.down.setStretchFactor(1, 1)
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.none.setContentsMargins(24, 24, 24, 24)
        layout = column(head, self.form, rule(), self.none, self.down, spacing=0)
        layout.setStretchFactor(self.none, 1)
        layout.setStretchFactor(self.down, 1)
        self.setLayout(layout)
        self.setMinimumSize(*map(pixels, LEAST_SIZE))  # else all of it has to fit beside the tensors
        set_role(self, "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _make_views(self) -> None:
        self.view.setModel(self.table)
        self.view.setItemDelegateForColumn(BAR, ErrorBars(self.view))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.verticalHeader().hide()
        show_lines(self.view)
        self.view.setAccessibleName(self.tr("Accuracy of each source"))
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(BAR, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(pixels(48))
        for number in (SOURCE, *COLUMNS[BAR + 1 :]):
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.ResizeToContents)
        self.list.setModel(self._evaluating.apart)
        self.list.setIconSize(QSize(SIDE, SIDE))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        keys.set_place(self.list, self.tr("Images on which float and quantised disagree"))
        keys.bind(self.list, Qt.Key.Key_Return, self.tr("Open the image as a session"), self._open)

    def _choice(self, name: str) -> Choice:
        result = Choice()
        result.setAccessibleName(name)
        return result

    def _connect(self) -> None:
        self.fold.turned.connect(self._show_busy)
        self.form.changed.connect(self._show_busy)
        self.form.sources.typed.connect(self._evaluating.add_source)
        self._evaluating.source_taken.connect(self.form.sources.take)
        self.figure.activated.connect(lambda _: self._show_metric())
        self.source.activated.connect(lambda _: self._show_source())
        self.list.doubleClicked.connect(lambda _: self._open())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_busy())
        self._evaluating.show_in(self)
        self._evaluating.changed.connect(self._show)
        self._evaluating.busy_changed.connect(self._show_busy)
        self._workspace.session_changed.connect(self._show_busy)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._evaluating.look_if_due()
        if self._is_due:
            self._show()

    def _run(self) -> None:
        """Begin; what comes of it gets the room."""
        if self._evaluating.run(self.form.asked) is not None:
            self.fold.turn(is_open=False)

    def _show(self) -> None:
        self._is_due, figures = not self.isVisible(), self._evaluating.figures
        if self._is_due:
            return
        if self._asked_of != self._workspace.folder:
            self.form.show_asked(figures, self._workspace.session)
            self._asked_of = self._workspace.folder if self._evaluating.is_read else None
            self.fold.turn(is_open=figures is None)
        _refill(self.figure, {key: metric_title(key) for key in figures.metrics} if figures is not None else {})
        names = dict.fromkeys(one.source for one in figures.apart) if figures is not None else {}
        _refill(self.source, {"": self.tr("all sources"), **{name: name for name in names}})
        self.told.setText(self.tr("images: {0}").format(figures.images) if figures is not None else "")
        self.down.setVisible(figures is not None)
        self.none.setVisible(figures is None)
        self._show_metric()
        self._show_source()
        self._show_busy()

    def _show_metric(self) -> None:
        figures = self._evaluating.figures
        self.table.show(figures, self.figure.currentData() or "")
        rows = self.table.rowCount()
        if rows != self._rows:  # as high as they are; later the user divides
            self._rows = rows
            above = self.figure.sizeHint().height() + self.view.horizontalHeader().sizeHint().height()
            self.down.setSizes([above + (min(rows, MOST_ROWS) + 1) * row_height(), self.height()])

    def _show_source(self) -> None:
        apart = self._evaluating.apart
        apart.show_source(self.source.currentData() or "")
        count = apart.rowCount()
        self.listed.set_text(
            self.tr("images on which they disagree: {0}").format(count)
            if count
            else self.tr("They agree on all images.")
        )
        self._show_busy()

    def _show_busy(self) -> None:
        session, is_running = self._workspace.session, self._evaluating.is_running
        if session is not None:
            self.form.show_session(session)
        why_not = self.form.why_not if session is not None else self.tr("No network is open.")
        self.none.setText(
            why_not or self.tr("Measure: then each source's figures stand here, and the images on which they disagree.")
        )
        self.begin.setEnabled(not why_not)
        self.begin.setToolTip(plain_tip(why_not))
        self.begin.setVisible(not is_running)
        self.stop.setVisible(is_running)
        images = self.form.images.path if self.form.isHidden() else None
        self.story.set_text(images.name if images is not None else "", str(images or ""))
        self.open_button.setEnabled(self.list.currentIndex().isValid() and not is_running)

    def _open(self) -> None:
        if self.open_button.isEnabled():
            self._evaluating.open(self._evaluating.apart.apart(self.list.currentIndex().row()))


def _refill(choice: Choice, entries: dict[str, str]) -> None:
    """Offer others; what was chosen stays where it is one of them."""
    chosen = choice.currentData()
    choice.clear()
    for key, title in entries.items():
        choice.addItem(title, key)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))
    choice.setVisible(len(entries) > 1)
