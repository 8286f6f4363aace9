"""What is done in the window before a picture is taken of it."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from workbench.project.sides import Side
from workbench.quantize.schemes import FLOAT16
from workbench.ui.comparing import Comparison
from workbench.ui.main_window import MainWindow
from workbench.ui.models.tensors.planes import WAYS
from workbench.ui.views.toolkit.setup_dialog import SetupDialog

SPATIAL = 8
COLUMN = "simulator.entire"
RUNS = {"demo": "normal", "demo mmse": "mmse", "demo kl": "kl_divergence"}
LIMIT, REST, LOOKS = 60.0, 0.25, 3
VENDOR = "demo toolkit"
"""The session that the vendor's toolkit has simulated."""
INSTALLED_AT = "~/rknn-toolkit2"
LOG = """I rknn-toolkit2 version: 2.5.0
--> Loading model
E load_caffe: Deprecated caffe input usage, please change it to input layer
E load_caffe: Catch exception when loading caffe model: net.prototxt!
W load_caffe: ===================== WARN(0) =====================
"""
PROTOTXT = """name: "net"
input: "data"
input_dim: 1
input_dim: 3
input_dim: 224
input_dim: 224
layer {
  name: "pool1"
  type: "Pooling"
  bottom: "data"
  top: "pool1"
  pooling_param { pool: MAX kernel_size: 2 stride: 2 }
}
"""


class Studio:
    """A window with the sessions that are looked at, and what a picture needs to be done with it."""

    def __init__(self, app: QApplication, window: MainWindow, sessions: Path) -> None:
        self.app, self.window, self.sessions = app, window, sessions
        self.actions, self.desk, self.flow = window.actions_, window.desk, window.flow
        self.graph, self.table, self.commands = window.graph, window.table, window.graph.commands

    def open(self, name: str = "demo") -> None:
        """A session with its results."""
        workspace, folder = self.window.workspace, self.sessions / name
        self.window.opener.open(folder)
        self.until(lambda: workspace.folder == folder and workspace.results is not None)
        self.until(lambda: self.window.panes.summary is not None)
        self.look()

    def leave(self) -> None:
        """Close the session: the window invites to open another, or one of the last again."""
        self.actions.close_session.trigger()
        self.until(lambda: self.window.workspace.session is None)

    def look(self) -> None:
        """Select the worst layer that has pictures in its channels."""
        workspace = self.window.workspace
        spatial = [row for row in workspace.worst_first() if len(row.shape) == 4 and row.shape[-1] > SPATIAL]
        workspace.select(spatial[0].tensor)
        self.until(lambda: self.window.panes.summary is not None)

    def view(self, number: int) -> None:
        """Another view of the tensor."""
        self.window.panes.controls.views.button(number).click()

    def way(self, name: str) -> None:
        """Another way to look at the channels."""
        self.window.panes.controls.way.ways.actions()[WAYS.index(name)].trigger()

    def growth(self, is_shown: bool) -> None:
        """The growth of the error along the path to the worst layer."""
        if is_shown:
            self.window.workspace.select(self.window.workspace.worst_first()[0].tensor)
        self.graph.show_growth(is_shown)
        if not is_shown:
            self.graph.path.end()
            self.look()

    def map(self, number: int) -> None:
        """The graph, or a matrix in its place."""
        self.window.desk.maps.setCurrentIndex(number)

    def runs(self) -> None:
        """The layers of all sessions."""
        self.map(2)
        self.window.comparisons.runs.add([self.sessions / name for name in RUNS])

    def compare(self) -> None:
        """One session's simulator with another's."""
        sides = tuple(Side(self.sessions / name, "simulator") for name in list(RUNS)[:2])
        self.window.comparisons.comparer.compare(Comparison(sides))
        self.until(lambda: self.window.workspace.is_comparing)

    def beside(self) -> None:
        """What the vendor's toolkit simulated, compared with the embedded simulator."""
        self.open(VENDOR)
        self.actions.beside.trigger()
        self.until(lambda: self.window.workspace.is_comparing)

    def set_up(self) -> None:
        """The toolkits that are known, once each was looked at."""
        toolkits = self.flow.conversions.toolkits
        self.actions.setup_toolkit.trigger()
        self.until(lambda: toolkits.looks and not toolkits.is_looking)
        self.window.findChildren(SetupDialog)[-1].install.folder.setText(INSTALLED_AT)

    def mix(self) -> None:
        """The dialog of mixed precision, with the three worst layers in float16."""
        workspace = self.window.workspace
        assert workspace.session is not None
        quant = workspace.session.quant
        known = [row for row in workspace.worst_first() if len(row.shape) == 4 and row.op != "exDataConvert"]
        for row in known[:3]:
            quant = quant.with_layer(row.tensor, row.group, FLOAT16)
        workspace.change(quant=quant)
        self.actions.mixed_precision.trigger()

    def report(self) -> None:
        """A report of the toolkit that was copied from somewhere, without its network."""
        workspace = self.window.workspace
        lines = [
            f"[{row.op}] {row.tensor} {row.errors[COLUMN].mean['cos']:.5f} | {row.errors[COLUMN].mean['euc']:.5g}"
            for row in workspace.rows
            if COLUMN in row.errors
        ]
        self.leave()
        self.app.clipboard().setText("\n".join(("layer_name simulator_error", "entire", "cos euc", *lines)))
        self.actions.paste.trigger()
        self.until(lambda: workspace.results is not None)

    def explain(self) -> None:
        """A log with what its messages mean."""
        self.flow.explaining.explain_lines(LOG.splitlines(), "convert.log")

    def repair(self) -> None:
        """What a repair would change in a network of Caffe."""
        path = self.sessions.parent / "net.prototxt"
        path.write_text(PROTOTXT, encoding="utf-8")
        self.flow.explaining.repair_file(path, "")

    def filter(self, text: str) -> None:
        """Show some layers only."""
        self.window.table.filter_edit.setText(text)

    def search(self, text: str) -> None:
        """Find layers in the graph; "" ends it."""
        box = self.window.toolbar.search
        box.setText(text)
        QTest.keyClick(box, Qt.Key.Key_Return if text else Qt.Key.Key_Escape)
        if not text:
            self.look()

    def close_others(self) -> None:
        """Close dialogs, popups and menus."""
        for widget in self.others():
            widget.close()

    def others(self) -> list[QWidget]:
        """What is shown beside the window."""
        return [item for item in self.app.topLevelWidgets() if item.isVisible() and item is not self.window]

    def until(self, is_done: Callable[[], object]) -> None:
        """Let the window live until something has happened."""
        end = time.monotonic() + LIMIT
        while not is_done():
            if time.monotonic() > end:
                raise TimeoutError("the window did not get there")
            self.app.processEvents()
            time.sleep(0.01)

    def settled(self, part: str) -> QPixmap:
        """A part of the screen when several looks at it show the same and nothing runs."""
        looks: list[QImage] = []
        while len(looks) < LOOKS or any(look != looks[-1] for look in looks[-LOOKS:]):
            rest = time.monotonic() + REST
            self.until(lambda rest=rest: time.monotonic() > rest)
            self.until(lambda: not any(job.is_running for job in self.window.jobs.jobs))
            looks.append(self._grabbed(part).toImage())
        return QPixmap.fromImage(looks[-1])

    def _grabbed(self, part: str) -> QPixmap:
        """What lies over the window, the window with it, or a part of the window."""
        if part == "over":
            self.until(self.others)
            return max(self.others(), key=lambda item: item.width() * item.height()).grab()
        parts: dict[str, QWidget] = {
            "window": self.window, "maps": self.desk.maps, "tabs": self.desk.tabs, "panes": self.window.panes,
            "inspector": self.window.inspector, "details": self.window.details,
        }  # fmt: skip
        return parts[part].grab()
