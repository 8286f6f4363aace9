"""The cluster that the window computes on, where the user has connected to one: its state, asked now and then."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDialog, QToolButton, QWidget

from workbench.foundation.errors import WorkbenchError
from workbench.project.workers.cluster_look import ClusterState, look
from workbench.ui.actions import Actions
from workbench.ui.child import Child
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import tool

QUESTION, LOOK_MS = "cluster", 3000


class Clusters(QObject):
    """`address` is "" where this machine computes; `state` is None until the scheduler has answered.

    A process of its own holds the connection: what other machines do never keeps the window waiting.
    """

    changed = Signal()
    connected = Signal(str)
    """The scheduler with this address has answered for the first time."""

    def __init__(self, window: QWidget, jobs: JobPool, messages: Messages) -> None:
        super().__init__(window)
        self._window, self._jobs, self._messages = window, jobs, messages
        self.address = ""
        self.state: ClusterState | None = None
        self.problem, self.hint = "", ""
        self.last = ""
        """The address that was used last."""
        self._child = Child()
        self._timer = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._timer.timeout.connect(self._look)
        self.button = self._make_button()
        self.changed.connect(self._show)

    @property
    def is_connecting(self) -> bool:
        """Whether a scheduler has not answered yet."""
        return bool(self.address) and self.state is None and not self.problem

    @property
    def used(self) -> str:
        """The address that what is started now is computed at; "" is this machine."""
        return self.address if self.state is not None else ""

    def connect_actions(self, actions: Actions) -> None:
        """Let the menu's action do it."""
        actions.cluster.triggered.connect(lambda: self.ask())
        self.button.clicked.connect(lambda: self.ask())

    def ask(self) -> QDialog:
        """Show the cluster, or ask for one."""
        from workbench.ui.views.cluster.dialog import ClusterDialog

        dialog = ClusterDialog(self._window, self)
        dialog.open()
        return dialog

    def connect_to(self, address: str) -> None:
        """Compute there from now on, once the scheduler has answered."""
        if "://" not in address:
            address = f"tcp://{address}"
        self.address, self.last, self.state, self.problem, self.hint = address, address, None, "", ""
        self._look()
        self.changed.emit()

    def disconnect_from_it(self) -> None:
        """Compute on this machine; what runs there already goes on."""
        self._timer.stop()
        self._jobs.forget(QUESTION)
        self.address, self.state, self.problem, self.hint = "", None, "", ""
        self._jobs.ask_aside("cluster.leave", self._child.close, lambda _: None)
        self.changed.emit()

    def close(self) -> None:
        """The window goes."""
        self._timer.stop()
        self._child.close()

    def _look(self) -> None:
        address, child = self.address, self._child
        self._jobs.ask_aside(QUESTION, lambda: child.call(look, address), self._take, self._fail)

    def _take(self, state: ClusterState) -> None:
        if state.address != self.address:
            return
        is_first = self.state is None
        self._timer.start()
        if state != self.state or self.problem:
            self.state, self.problem, self.hint = state, "", ""
            self.changed.emit()
        if is_first:
            self._messages.inform(
                self.tr("Connected: sweeps, searches and evaluations are computed at {0}.").format(self.address)
            )
            self.connected.emit(self.address)

    def _fail(self, error: BaseException) -> None:
        """Say it once; what was connected is not used until somebody connects again."""
        tell = self._messages.fail if self.state is not None else self._messages.note
        tell(error)
        self.problem, self.hint = str(error), ""
        if isinstance(error, WorkbenchError):
            self.problem, self.hint = error.message, error.hint
        self.state = None
        self.changed.emit()

    def _make_button(self) -> QToolButton:
        result = tool("link", self.tr("The cluster that computes"))
        result.setToolButtonStyle(result.toolButtonStyle().ToolButtonTextBesideIcon)
        result.hide()
        return result

    def _show(self) -> None:
        self.button.setVisible(bool(self.address))
        if self.problem:
            text = self.tr("▲ cluster lost")
        elif self.state is None:
            text = self.tr("cluster: connecting…")
        else:
            text = self.tr("cluster: {0} workers").format(len(self.state.workers))
        self.button.setText(text)
        self.button.setAccessibleName(text)
        self.button.setToolTip(plain_tip(f"{self.address}\n{self.problem}".strip()))
