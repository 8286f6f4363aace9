"""All long jobs: what waits, what runs and for how long still, how it ended; each can be stopped."""

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from workbench.foundation.steps import Progress
from workbench.ui import keys
from workbench.ui.jobs import Job, JobPool
from workbench.ui.numbers import seconds_text
from workbench.ui.text_size import pixels
from workbench.ui.tips import plain_tip
from workbench.ui.views.jobs.texts import progress_text, state_text
from workbench.ui.widgets import button, column, label, row

TITLE, STATE, PROGRESS, PASSED, LEFT = range(5)
WIDTHS = {STATE: 110, PASSED: 90, LEFT: 110}
EVERY_MS, ROW = 500, 26
TAKES_ALL = 1000
"""The share of the width that the rows have; without any, the buttons stay at the right."""
SYMBOLS = {"queued": "◌", "running": "▶", "succeeded": "✓", "failed": "✖", "cancelled": "■"}


class JobsTable(QWidget):
    """The newest job first. `log_wanted` gives the job whose log is to be shown."""

    log_wanted = Signal(object)

    def __init__(self, pool: JobPool) -> None:
        super().__init__()
        self._pool = pool
        self._rows: dict[Job, QTreeWidgetItem] = {}
        self.tree = self._make_tree()
        self.none = label(self.tr("Nothing has run yet."), "muted")
        self.none.setContentsMargins(8, 8, 8, 8)
        self.stop = button(self.tr("Stop the job"), "stop", self.cancel)
        self.log = button(self.tr("Its log"), "log", self._ask_log)
        side = column(self.stop, self.log, None, spacing=4)
        side.setContentsMargins(4, 4, 8, 4)
        layout = row(column(self.none, None, spacing=0), self.tree, None, side, spacing=0)
        layout.setStretchFactor(self.tree, TAKES_ALL)
        self.setLayout(layout)
        self._clock = QTimer(self, interval=EVERY_MS)
        self._clock.timeout.connect(self._show_all)
        keys.set_place(self, self.tr("Jobs"))
        keys.tell(self, ("Del", self.tr("Stop the chosen job")), ("Enter", self.tr("Show its log")))
        pool.job_started.connect(self._add)
        for job in pool.jobs:
            self._add(job)
        self._show_buttons()

    def cancel(self) -> None:
        """Stop the chosen job."""
        job = self.chosen
        if job is not None and job.is_running:
            job.cancel()
            self._show(job)

    @property
    def chosen(self) -> Job | None:
        """The job of the current row."""
        item = self.tree.currentItem()
        return next((job for job, found in self._rows.items() if found is item), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask_log()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu, job = QMenu(self), self.chosen
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.stop.text(), self.cancel).setEnabled(job is not None and job.is_running)
        menu.addAction(self.log.text(), self._ask_log).setEnabled(job is not None)
        menu.popup(QPoint(event.globalPos()))

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName(self.tr("Jobs"))
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        headers = (self.tr("Job"), self.tr("State"), self.tr("Progress"), self.tr("Time"), self.tr("Left"))
        tree.setHeaderLabels(list(headers))
        tree.header().setStretchLastSection(False)
        for at, width in WIDTHS.items():
            tree.header().resizeSection(at, pixels(width))
        for at in (TITLE, PROGRESS):
            tree.header().setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        tree.currentItemChanged.connect(lambda *_: self._show_buttons())
        return tree

    def _add(self, job: Job) -> None:
        item = QTreeWidgetItem()
        for at in (PASSED, LEFT):
            item.setTextAlignment(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setSizeHint(TITLE, QSize(0, pixels(ROW)))
        self.tree.insertTopLevelItem(0, item)
        self._rows[job] = item
        job.began.connect(lambda: self._show(job))
        job.finished.connect(lambda: self._show(job))
        self._show(job)
        if self.tree.currentItem() is None or not (self.chosen and self.chosen.is_running):
            self.tree.setCurrentItem(item)
        self._clock.start()

    def _show_all(self) -> None:
        running = [job for job in self._rows if job.is_running]
        for job in running:
            self._show(job)
        if not running:
            self._clock.stop()

    def _show(self, job: Job) -> None:
        item = self._rows[job]
        left = job.seconds_left
        texts = (
            job.title, f"{SYMBOLS[job.state]} {state_text(job)}",
            progress_text(job.progress) if job.is_running and isinstance(job.progress, Progress) else "",
            seconds_text(job.elapsed) if job.state != "queued" else "",
            "" if left is None else seconds_text(left),
        )  # fmt: skip
        for at, text in enumerate(texts):
            if item.text(at) != text:
                item.setText(at, text)
        item.setToolTip(STATE, plain_tip(str(job.error)) if job.error is not None else "")
        self._show_buttons()

    def _show_buttons(self) -> None:
        job = self.chosen
        self.none.setVisible(not self._rows)
        self.tree.setVisible(bool(self._rows))
        self.stop.setEnabled(job is not None and job.is_running and not job.is_cancelling())
        self.log.setEnabled(job is not None)

    def _ask_log(self) -> None:
        if self.chosen is not None:
            self.log_wanted.emit(self.chosen)
