"""Where the panes' values come from: what a source is called in them, and how the runtime's are got."""

from PySide6.QtCore import QCoreApplication

from workbench.project.table import ON_BOARD
from workbench.ui.models.tensors.data import simulator_of
from workbench.ui.runtimes import BOARD, kind_of
from workbench.ui.widgets import one_line
from workbench.ui.workspace import Workspace


def runtime_lead(workspace: Workspace) -> tuple[str, str, str]:
    """What to do in order to get values of the runtime, and the word and the icon for it on a button."""
    session = workspace.session
    if session is not None and session.board is not None and kind_of(session) == BOARD:
        text = QCoreApplication.translate("TensorPanes", "There are no values of {0} yet.")
        return text.format(one_line(session.board.name)), QCoreApplication.translate("TensorPanes", "Run"), "run"
    return (
        QCoreApplication.translate("TensorPanes", "Connect a board or import its dumps."),
        QCoreApplication.translate("TensorPanes", "Import…"),
        "import",
    )


def ask_for_runtime(workspace: Workspace) -> None:
    """Let happen what `runtime_lead` says."""
    if workspace.session is not None and kind_of(workspace.session) == BOARD:
        workspace.run_wanted.emit()
    else:
        workspace.import_wanted.emit("runtime")


def source_title(workspace: Workspace, source: str) -> str:
    """What a source is called in the panes: the simulator's values may be those on the board's inputs."""
    results = workspace.results
    is_simulator = source == "simulator" and results is not None and not results.sides
    if is_simulator and results is not None and simulator_of(results, workspace.column, False) == ON_BOARD:
        return QCoreApplication.translate("TensorPanes", "simulator on the board's inputs")
    return workspace.source_title(source)
