"""Makes every picture of the help and the README anew: each view, light and dark, in each language.

    python -m tests.gui.screenshots [--only NAME …] [--languages en zh_CN] [--themes light dark] [--into FOLDER]

One line of `VIEWS` is one picture. They are made on the demo, analysed with six pictures and three settings, and once
by the vendor's toolkit where it is set up; without it the pictures that need it stay as they are. Look at what comes
out: the script only knows that the window has come to rest.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.gui.small_png import save_small
from tests.gui.studio import RUNS, VENDOR, Studio
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.settings import UserSettings, save_settings
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze, demo_session
from workbench.sources.toolkit.descriptions import VARIABLE, Toolkit, describe, usual_toolkit
from workbench.ui import app as program

ROOT = Path(__file__).resolve().parents[2]
INTO = ROOT / "resources" / "help" / "pictures"
SIZE = (1280, 800)
INPUTS = 6
TOOLKIT = "rknn-toolkit2"
"""What the vendor's toolkit is called in the pictures."""


def nothing(_: Studio) -> None:
    """Leave everything as it is."""


@dataclass(frozen=True)
class View:
    """A picture: how its view is shown, which part of the screen it is, and how it goes away again."""

    name: str
    part: str = "window"
    show: Callable[[Studio], object] = nothing
    hide: Callable[[Studio], object] = nothing
    needs_toolkit: bool = False


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
    View("findings", "window", lambda it: it.findings(), lambda it: it.desk.show_layers()),
    View("blame", "maps", lambda it: it.blame(), lambda it: (it.map(0), it.desk.show_layers())),
    View("sweep", "sweep", lambda it: it.sweep()),
    View("accuracy", "figures", lambda it: it.accuracy(), lambda it: it.map(0)),
    View("mixed", "tabs", lambda it: it.mixed(), lambda it: it.desk.show_layers()),
    View("palette", "window", lambda it: it.actions.palette.trigger(), lambda it: it.flow.palette.close_up()),
    View("shortcuts", "over", lambda it: it.actions.shortcuts.trigger()),
    View("export", "over", lambda it: it.actions.export.trigger()),
    View("messages", "details", lambda it: it.actions.details.trigger(), lambda it: it.actions.details.trigger()),
    View("toolkit-setup", "over", lambda it: it.set_up(), needs_toolkit=True),
    View("toolkit-convert", "over", lambda it: it.actions.convert.trigger(), needs_toolkit=True),
    View("toolkit-mixed", "over", lambda it: it.mix(), lambda it: it.actions.undo.trigger(), needs_toolkit=True),
    View("toolkit-beside", "window", lambda it: it.beside(), lambda it: it.open(), needs_toolkit=True),
    View("toolkit-report", "window", lambda it: it.report(), lambda it: it.open()),
    View("toolkit-log", "over", lambda it: it.explain()),
    View("toolkit-repair", "over", lambda it: it.repair()),
    View("boards", "over", lambda it: it.boards()),
    View("board-run", "over", lambda it: it.run_on_board(), lambda it: it.no_board()),
    View("board-settings", "window", lambda it: it.board_settings(), lambda it: it.no_board()),
    View("board-match", "over", lambda it: it.match()),
    View("board-times", "window", lambda it: it.times(), lambda it: it.open()),
    View("c-program", "over", lambda it: it.c_program()),
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
        has_toolkit = known_toolkit(folder)
        sessions = made_sessions(folder, has_toolkit)
        for language in options.languages:
            for theme in options.themes:
                save_settings(UserSettings(theme=theme, language=language, tour_seen=True))
                views = [view for view in VIEWS if has_toolkit or not view.needs_toolkit]
                take_pictures(app, sessions, options.into / f"{language}-{theme}", views, options.only)
    finally:
        shutil.rmtree(folder)


def known_toolkit(folder: Path) -> bool:
    """Whether the vendor's toolkit is set up; it is seen in pictures under a name and in a folder of their own."""
    try:
        python = usual_toolkit().python
    except WorkbenchError:
        return False
    os.environ.pop(VARIABLE, None)
    (folder / TOOLKIT).symlink_to(python.parents[1], target_is_directory=True)
    describe(Toolkit(TOOLKIT, folder / TOOLKIT / "bin" / python.name))
    return True


def made_sessions(folder: Path, has_toolkit: bool) -> Path:
    """The demo analysed with several settings."""
    session = demo_session()
    samples = session.dataset[:INPUTS]
    for name, algorithm in RUNS.items():
        quant = replace(session.quant, algorithm=algorithm)
        drain(analyze(replace(session, samples=samples, quant=quant), folder / "sessions" / name))
    if has_toolkit:
        vendors = replace(session, samples=samples[:1], dataset=samples, simulator="toolkit")
        drain(analyze(vendors, folder / "sessions" / VENDOR))
    return folder / "sessions"


def take_pictures(app: QApplication, sessions: Path, into: Path, views: Sequence[View], only: list[str] | None) -> None:
    """All pictures of one theme and language, with a window of their own."""
    window = program.start(app, sessions)
    window.resize(*SIZE)
    studio = Studio(app, window, sessions)
    for view in views:
        view.show(studio)
        picture = studio.settled(view.part)  # what comes late belongs to this view, wanted or not
        if only is None or view.name in only:
            save_small(picture, into / f"{view.name}.png")
        view.hide(studio)
        studio.close_others()
    window.close()


if __name__ == "__main__":
    main()
