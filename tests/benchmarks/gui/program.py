"""The real window for a measurement: settings, sessions and the tool's own folder are temporary."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.benchmarks.gui.clock import Clock
from tests.benchmarks.gui.events import CountingApplication
from workbench.foundation.settings import UserSettings, save_settings
from workbench.ui.app import start
from workbench.ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
SIZE = (1280, 800)


@dataclass(frozen=True)
class Program:
    """A window that lives, and the clock on its event loop."""

    app: QApplication
    window: MainWindow
    clock: Clock
    folder: Path

    def open(self, path: Path | None) -> None:
        """Open a network or a session, or the demo, and wait until its graph is drawn."""
        opener, workspace, canvas = self.window.opener, self.window.workspace, self.window.graph.canvas
        opener.open_demo() if path is None else opener.open(path)
        self.clock.until(lambda: workspace.model is not None and canvas.scenery is not None)

    def run(self) -> None:
        """Run the session and wait until its worst layer is shown."""
        self.window.runner.run()
        self.clock.until(lambda: self.window.workspace.results is not None and not self.window.runner.is_running)
        self.clock.until(lambda: self.window.panes.summary is not None)


@contextmanager
def program(*, looks: bool = False) -> Iterator[Program]:
    """Start the window as a user does; `looks` also finds out where gaps come from."""
    if looks:
        gc.disable()  # else objects of Qt are deleted in the thread that looks
    with tempfile.TemporaryDirectory(prefix="bench-gui-") as name:
        folder = Path(name)
        os.environ["RKNN_WORKBENCH_SETTINGS"] = str(folder / "settings")
        save_settings(UserSettings(theme="light", language="en"))
        app = QApplication.instance() or (CountingApplication() if looks else QApplication(["bench"]))
        assert isinstance(app, QApplication)
        window = start(app, folder / "sessions")
        window.resize(*SIZE)
        clock = Clock(looks=looks)
        clock.wait(2.0)  # what the program loads while it waits for its user
        yield Program(app, window, clock, folder)
        window.leaving.close_at_once()  # a diagnosis may run
        clock.wait(0.1)
        clock.stop()
