"""What is done in the window before a picture is taken of it."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.made_files import write_buffer, write_nameless
from workbench.compare.metrics import TIME
from workbench.project.comparison.sides import Side
from workbench.project.session import BoardChoice, ImportedDumps
from workbench.quantize.schemes import FLOAT16
from workbench.sources.board.descriptions import Board, describe_board
from workbench.ui.boards import Tried
from workbench.ui.comparing import Comparison
from workbench.ui.main_window import MainWindow
from workbench.ui.models.tensors.planes import WAYS
from workbench.ui.models.told import Told
from workbench.ui.views.board.boards_dialog import BoardsDialog
from workbench.ui.views.board.match_dialog import MatchDialog
from workbench.ui.views.board.run_dialog import RunDialog
from workbench.ui.views.capi.window import ProgramWindow
from workbench.ui.views.toolkit.setup_dialog import SetupDialog

SPATIAL = 8
TARGET = 0.9999
SWEPT = {
    "type": ("w8a8", "fp16"), "method": ("channel", "layer"), "algorithm": ("normal", "kl_divergence"),
    "calibration": ("5", "all"),
}  # fmt: skip
COLUMN = "simulator.entire"
RUNS = {"demo": "normal", "demo mmse": "mmse", "demo kl": "kl_divergence"}
LIMIT, REST, LOOKS, MOST_LOOKS = 60.0, 0.25, 3, 200
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


BOARDS = (
    Board("bench", "adb:192.168.1.20:5555", chip="rk3588"),
    Board("orangepi", "ssh:root@orangepi5"),
)
EXAMINED = Tried(
    "findings",
    chip="rk3588",
    facts={
        "chip": "rk3588", "driver": "rknpu 0.9.8", "user": "orangepi (not root)",
        "runtime": "2.3.2 (/usr/lib/librknnrt.so)",
    },
    findings=(
        Told("The folder for dumps /userdata/dumps does not exist yet.", "problem", "", "mkdir -p /userdata/dumps"),
        Told(
            "The runtime 2.3.2 is older than the toolkit 2.5.0: it may refuse its networks.", "warning"
        ),
    ),
)  # fmt: skip
"""What a doctor might have found: no board is at hand."""


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

    def sweep(self) -> None:
        """Many settings side by side, the second best of them chosen."""
        sweeping, page = self.window.studies.sweeping, self.window.studies.sweep
        self.actions.sweep.trigger()
        self.until(lambda: sweeping.planned.offers)
        sweeping.vary(SWEPT, "embedded")
        self.until(lambda: sweeping.sweep is not None and tuple(sweeping.sweep.axes) == tuple(SWEPT))
        if sweeping.missing:
            page.begin.click()
        self.until(lambda: not sweeping.missing and not sweeping.is_running)
        page.choose(page.table.place(1).name)
        page.down.setSizes([1, 1])

    def accuracy(self) -> None:
        """The demo's labelled pictures, and what quantising loses on them."""
        evaluating, page = self.window.studies.evaluating, self.window.studies.accuracy
        self.actions.accuracy.trigger()
        self.until(lambda: evaluating.is_read)
        if evaluating.figures is None:
            page.form.sources.take("layer:method=layer")
            page.begin.click()
        self.until(lambda: evaluating.figures is not None and not evaluating.is_running)

    def mixed(self) -> None:
        """The layers that must stay precise."""
        self.window.mixtures.go_to(0)
        mixing, view = self.window.mixtures.mixing, self.window.mixtures.page.view
        view.form.cos.setValue(TARGET)
        if mixing.searched is None:
            view.begin.click()
        self.until(lambda: mixing.choice is not None and mixing.job is None)

    def findings(self) -> None:
        """What is wrong with the run."""
        diagnosing = self.window.diagnoses.diagnosing
        if diagnosing.diagnosis is None:
            diagnosing.diagnose()
            self.until(lambda: diagnosing.diagnosis is not None and not diagnosing.is_busy)
        self.desk.go_to_findings()
        self.window.diagnoses.findings.verticalScrollBar().setValue(0)

    def blame(self) -> None:
        """What each step costs a layer."""
        self.findings()
        self.desk.show_map(self.window.diagnoses.blame)

    def boards(self) -> None:
        """The boards that are known; this machine plays the one that was examined."""
        boards = self.window.boarding.boards
        self._describe_boards()
        self.actions.boards.trigger()
        dialog = self.window.findChildren(BoardsDialog)[-1]
        self.until(lambda: len(boards.known) == len(BOARDS))
        titles = boards._titles()
        facts = {titles[name]: value for name, value in EXAMINED.facts.items()}
        boards._note(BOARDS[0].name, replace(EXAMINED, facts=facts))
        boards.changed.emit()
        dialog.list.choose(BOARDS[0].name)

    def run_on_board(self) -> None:
        """What will run on a board."""
        self._choose_board()
        self.window.runner.run()
        self.until(lambda: bool(self.window.findChildren(RunDialog)))

    def board_settings(self) -> None:
        """What runs on the board, in the settings."""
        self._choose_board()
        self.window.toolbar.sources.board_wanted.emit()
        self.until(lambda: bool(self.window.settings_panel.board.lines.toPlainText()))
        bar = self.window.settings_panel.verticalScrollBar()
        bar.setValue(bar.maximum())

    def no_board(self) -> None:
        """As before: the session has no board."""
        self.window.boarding.runtimes.choose_none()
        self.window.settings_panel.board.fold.turn(is_open=False)
        self.desk.show_layers()

    def match(self) -> None:
        """Tensors without names, matched by content."""
        folder = self.sessions.parent / "dumps"
        if not folder.is_dir():
            assert self.window.workspace.own_results is not None
            write_nameless(self.window.workspace.own_results, folder)
        self.flow.matching.match(ImportedDumps(folder), "runtime")
        self.until(lambda: bool(self.window.findChildren(MatchDialog)))

    def times(self) -> None:
        """Times of a board beside the errors, and as the colour of the graph."""
        workspace = self.window.workspace
        results = workspace.own_results
        assert results is not None
        rows = tuple(
            replace(row, time_us=12.0 + 37.0 * (at * 7 % 13), on="CPU" if at % 9 == 4 else "NPU")
            for at, row in enumerate(results.rows)
        )
        workspace.set_results(replace(results, rows=rows))
        workspace.set_colouring(COLUMN, TIME.key)

    def c_program(self) -> None:
        """A buffer whose red and blue are exchanged."""
        path = self.sessions.parent / "input.bin"
        write_buffer(self.window.workspace, path, is_exchanged=True)
        self.actions.c_program.trigger()
        page = self.window.findChildren(ProgramWindow)[-1].input
        page.take(path)
        self.until(lambda: bool(page.found.shown))

    def _describe_boards(self) -> None:
        for board in BOARDS:
            describe_board(board)

    def _choose_board(self) -> None:
        self._describe_boards()
        self.window.boarding.boards.refresh()
        rknn = self.sessions.parent / "demo.rknn"
        rknn.write_bytes(b"RKNN")
        self.window.boarding.runtimes.choose_board(BOARDS[0].name)
        self.window.boarding.runtimes.edit(BoardChoice(BOARDS[0].name, rknn=rknn))

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
            if len(looks) > MOST_LOOKS:
                raise TimeoutError(f"something in {part!r} goes on moving")
        return QPixmap.fromImage(looks[-1])

    def _grabbed(self, part: str) -> QPixmap:
        """What lies over the window, the window with it, or a part of the window."""
        if part == "over":
            self.until(self.others)
            return max(self.others(), key=lambda item: item.width() * item.height()).grab()
        parts: dict[str, QWidget] = {
            "window": self.window, "maps": self.desk.maps, "tabs": self.desk.tabs, "panes": self.window.panes,
            "sweep": self.window.studies.sweep.down, "figures": self.window.studies.accuracy.view,
            "inspector": self.window.inspector, "details": self.window.details,
        }  # fmt: skip
        return parts[part].grab()
