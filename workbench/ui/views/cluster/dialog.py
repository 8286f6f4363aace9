"""The cluster that computes: its address, its workers and what they have, and the way back to this machine."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from workbench.project.workers.cluster_look import WorkerState
from workbench.ui.clusters import Clusters
from workbench.ui.models.spoken import spoken
from workbench.ui.text_size import pixels, row_height
from workbench.ui.tips import plain_tip
from workbench.ui.views.toolkit.fitted import FittedDialog
from workbench.ui.widgets import button, column, digits, label, one_line, row, set_role

WIDTH, SHOWN_ROWS = 760, 6
WORKER, THREADS, RUNNING, MEMORY, RESOURCES = range(5)
WIDTHS = {THREADS: 80, RUNNING: 80, MEMORY: 150, RESOURCES: 150}
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
EXAMPLE = "tcp://192.168.1.10:8786"


class ClusterDialog(FittedDialog):
    """Follows what is known of the cluster."""

    def __init__(self, parent: QWidget, clusters: Clusters) -> None:
        super().__init__(parent, WIDTH)
        self.setWindowTitle(self.tr("Cluster"))
        self._clusters = clusters
        self.address = QLineEdit(clusters.address or clusters.last)
        self.address.setPlaceholderText(EXAMPLE)
        self.address.setAccessibleName(self.tr("Address of the scheduler"))
        self.address.returnPressed.connect(self._connect)
        self.begin = button(self.tr("Connect"), "link", self._connect)
        self.end = button(self.tr("Disconnect"), "close", clusters.disconnect_from_it)
        self.state = label("", "muted", wrap=True)
        self.problem, self.hint = label("", "bad", wrap=True), label("", "muted", wrap=True)
        self.notice = label("", "warning", wrap=True)
        self.list = self._make_list()
        self._lay_out()
        self.address.textChanged.connect(lambda _: self._show())
        clusters.changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        story = self.tr(
            "Sweeps, searches and evaluations can be computed by other machines: by the workers of a dask scheduler. "
            "Start one there, and a worker on each machine; boards are named as resources of the worker that reaches "
            "them."
        )
        commands = label(f'dask scheduler\ndask worker {EXAMPLE} --resources "rk3588=1"', "code")
        commands.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        commands.setAccessibleName(self.tr("Commands"))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.addRow(self.tr("Scheduler"), row(self.address, self.begin, self.end))
        buttons = QDialogButtonBox()
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        self.fill(
            column(
                label(story, "muted", wrap=True), commands, form, self.problem, self.hint, self.notice, self.state,
                self.list, None, buttons, spacing=12,
            )
        )  # fmt: skip

    def _make_list(self) -> QTreeWidget:
        result = QTreeWidget()
        result.setAccessibleName(self.tr("Workers"))
        result.setRootIsDecorated(False)
        result.setUniformRowHeights(True)
        result.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        result.setFont(digits(result.font()))
        result.setHeaderLabels(
            [self.tr("Worker"), self.tr("Threads"), self.tr("Running"), self.tr("Memory"), self.tr("Resources")]
        )
        header = result.header()
        header.setStretchLastSection(False)
        set_role(header, "plain")
        header.setSectionResizeMode(WORKER, QHeaderView.ResizeMode.Stretch)
        for at, width in WIDTHS.items():
            header.resizeSection(at, pixels(width))
        result.setFixedHeight((SHOWN_ROWS + 1) * row_height() + 8)
        return result

    def _connect(self) -> None:
        if self.begin.isEnabled():
            self._clusters.connect_to(self.address.text().strip())

    def _show(self) -> None:
        clusters, state = self._clusters, self._clusters.state
        typed = self.address.text().strip()
        is_other = bool(typed) and (typed != clusters.address or bool(clusters.problem))
        self.begin.setEnabled(is_other and not clusters.is_connecting)
        self.end.setEnabled(bool(clusters.address))
        for part, text in (
            (self.problem, clusters.problem), (self.hint, clusters.hint),
            (self.notice, state.notice if state is not None else ""),
        ):  # fmt: skip
            part.setText(spoken(text))
            part.setVisible(bool(text))
        self.state.setText(self._story())
        self.state.setVisible(bool(self.state.text()))
        self.list.setVisible(state is not None)
        self._fill(state.workers if state is not None else ())
        self.fit_soon()

    def _story(self) -> str:
        state = self._clusters.state
        if self._clusters.is_connecting:
            return self.tr("Connecting…")
        if state is None:
            return "" if self._clusters.problem else self.tr("Not connected: this machine computes.")
        if not state.workers:
            return self.tr("Connected, but nobody works there yet: start a worker.")
        return self.tr("Connected: {0} workers, {1} tasks at a time.").format(len(state.workers), state.threads)

    def _fill(self, workers: tuple[WorkerState, ...]) -> None:
        while self.list.topLevelItemCount() > len(workers):
            self.list.takeTopLevelItem(self.list.topLevelItemCount() - 1)
        while self.list.topLevelItemCount() < len(workers):
            QTreeWidgetItem(self.list).setSizeHint(WORKER, QSize(0, row_height()))
        for at, worker in enumerate(workers):
            item = self.list.topLevelItem(at)
            assert item is not None
            for number, text in enumerate(_texts(worker)):
                item.setText(number, one_line(text))
                item.setTextAlignment(number, NUMBER if number in (THREADS, RUNNING, MEMORY) else NAME)
            item.setToolTip(WORKER, plain_tip(worker.address))


def _texts(worker: WorkerState) -> tuple[str, ...]:
    name = worker.address if worker.name in ("", worker.address) else f"{worker.name}  {worker.address}"
    limit = f" / {worker.memory_limit / 1e9:.1f}" if worker.memory_limit else ""
    resources = ", ".join(f"{key} {count:g}" for key, count in worker.resources.items())
    return name, str(worker.threads), str(worker.running), f"{worker.memory / 1e9:.1f}{limit} GB", resources or "–"
