"""Makes every picture of the help and the README anew: each view, light and dark, in each language.

    python -m tests.gui.screenshots [--only NAME …] [--languages en zh_CN] [--themes light dark] [--into FOLDER]

One line of `VIEWS` is one picture. They are made on the demo, analysed with six pictures and three settings. Look at
what comes out: the script only knows that the window has come to rest.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.small_png import save_small
from workbench.foundation.settings import UserSettings, save_settings
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze, demo_session
from workbench.project.sides import Side
from workbench.ui import app as program
from workbench.ui.comparing import Comparison
from workbench.ui.main_window import MainWindow
from workbench.ui.models.tensors.planes import WAYS

ROOT = Path(__file__).resolve().parents[2]
INTO = ROOT / "resources" / "help" / "pictures"
SIZE = (1280, 800)
INPUTS, SPATIAL = 6, 8
RUNS = {"demo": "normal", "demo mmse": "mmse", "demo kl": "kl_divergence"}
LIMIT, REST, LOOKS = 60.0, 0.25, 3


class Studio:
    """A window with the sessions that are looked at, and what a picture needs to be done with it."""

    def __init__(self, app: QApplication, window: MainWindow, sessions: Path) -> None:
        self.app, self.window, self.sessions = app, window, sessions
        self.actions, self.desk, self.flow = window.actions_, window.desk, window.flow
        self.graph, self.table, self.commands = window.graph, window.table, window.graph.commands

    def open(self) -> None:
        """The session with its results."""
        workspace = self.window.workspace
        self.window.opener.open(self.sessions / "demo")
        self.until(lambda: workspace.results is not None and self.window.panes.summary is not None)
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


def nothing(_: Studio) -> None:
    """Leave everything as it is."""


@dataclass(frozen=True)
class View:
    """A picture: how its view is shown, which part of the screen it is, and how it goes away again."""

    name: str
    part: str = "window"
    show: Callable[[Studio], object] = nothing
    hide: Callable[[Studio], object] = nothing


VIEWS = (
    View("window", "window", lambda it: it.open()),
    View("graph", "maps"),
    View("graph-path", "maps", lambda it: it.graph.commands.up.trigger(), lambda it: it.graph.path.end()),
    View("graph-growth", "maps", lambda it: it.growth(True), lambda it: it.growth(False)),
    View("graph-twins", "maps", lambda it: it.graph.show_twins(True), lambda it: it.graph.show_twins(False)),
    View("graph-fold", "maps", lambda it: it.commands.fold_all.trigger(), lambda it: it.commands.unfold_all.trigger()),
    View("graph-search", "maps", lambda it: it.search("op:Conv"), lambda it: it.search("")),
    View("inputs", "maps", lambda it: it.map(1)),
    View("runs", "maps", lambda it: it.runs(), lambda it: it.map(0)),
    View("comparison", "window", lambda it: it.compare(), lambda it: it.actions.own_results.trigger()),
    View("compare-dialog", "over", lambda it: it.actions.compare.trigger()),
    View("table", "tabs", lambda it: it.actions.worst_first.trigger(), lambda it: it.actions.worst_first.trigger()),
    View("table-scopes", "tabs", lambda it: it.table.group_button.click(), lambda it: it.table.group_button.click()),
    View("table-filter", "tabs", lambda it: it.filter("op:Conv cos<0.999"), lambda it: it.filter("")),
    View("table-columns", "over", lambda it: it.table.choose_columns()),
    View("tensor-channel", "panes"),
    View("tensor-tiles", "panes", lambda it: it.way("tiles")),
    View("tensor-mean", "panes", lambda it: it.way("mean"), lambda it: it.way("channel")),
    View("tensor-histograms", "panes", lambda it: it.view(1)),
    View("tensor-values", "panes", lambda it: it.view(2)),
    View("tensor-scatter", "panes", lambda it: it.view(3)),
    View("tensor-channels", "panes", lambda it: it.view(4)),
    View("tensor-weights", "panes", lambda it: it.view(5), lambda it: it.view(0)),
    View("inspector", "inspector"),
    View("settings", "window", lambda it: it.desk.show_settings(), lambda it: it.desk.show_layers()),
    View("palette", "window", lambda it: it.actions.palette.trigger(), lambda it: it.flow.palette.close_up()),
    View("shortcuts", "over", lambda it: it.actions.shortcuts.trigger()),
    View("export", "over", lambda it: it.actions.export.trigger()),
    View("messages", "details", lambda it: it.actions.details.trigger(), lambda it: it.actions.details.trigger()),
    View("tour", "window", lambda it: it.flow.touring.begin(), lambda it: it.flow.touring.tour.stop(again=False)),
    View("start", "window", lambda it: it.leave()),
)


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=[view.name for view in VIEWS])
    parser.add_argument("--languages", nargs="+", default=["en", "zh_CN"])
    parser.add_argument("--themes", nargs="+", default=["light", "dark"])
    parser.add_argument("--into", type=Path, default=INTO)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(["screenshots"])
    app.setCursorFlashTime(0)
    folder = Path(tempfile.gettempdir()) / "RKNN Workbench"  # it is seen in pictures: the same each time
    os.environ["RKNN_WORKBENCH_SETTINGS"] = str(folder / "settings")
    folder.mkdir()
    try:
        sessions = made_sessions(folder)
        for language in options.languages:
            for theme in options.themes:
                save_settings(UserSettings(theme=theme, language=language, tour_seen=True))
                take_pictures(app, sessions, options.into / f"{language}-{theme}", options.only)
    finally:
        shutil.rmtree(folder)


def made_sessions(folder: Path) -> Path:
    """The demo analysed with several settings."""
    session = demo_session()
    samples = session.dataset[:INPUTS]
    for name, algorithm in RUNS.items():
        quant = replace(session.quant, algorithm=algorithm)
        drain(analyze(replace(session, samples=samples, quant=quant), folder / "sessions" / name))
    return folder / "sessions"


def take_pictures(app: QApplication, sessions: Path, into: Path, only: list[str] | None) -> None:
    """All pictures of one theme and language, with a window of their own."""
    window = program.start(app, sessions)
    window.resize(*SIZE)
    studio = Studio(app, window, sessions)
    for view in VIEWS:
        view.show(studio)
        if only is None or view.name in only:
            save_small(studio.settled(view.part), into / f"{view.name}.png")
        view.hide(studio)
        studio.close_others()
    window.close()


if __name__ == "__main__":
    main()
