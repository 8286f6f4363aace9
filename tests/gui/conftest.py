"""A window on the demo, with its sessions in a folder of the test."""

import gc
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.made_views import open_graph
from tests.gui.made_workspace import made_workspace
from tests.gui.variables import exchange
from tests.helpers.waiting import LONG
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze, demo_session
from workbench.project.session import load_session
from workbench.ui import theme
from workbench.ui.child import computer, worker
from workbench.ui.jobs import JobPool
from workbench.ui.main_window import MainWindow
from workbench.ui.opening import copy_session
from workbench.ui.reading import warm_up
from workbench.ui.views.graph.view import GraphView
from workbench.ui.workspace import Workspace

END = 5  # s that a cancelled run may take to clean up
FULL_EVERY = 20  # tests


@pytest.fixture(scope="session", autouse=True)
def garbage_is_collected_here() -> Iterator[None]:
    """As in the program: a collection in a worker thread could delete a widget there."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def garbage_of_a_test_goes_with_it(garbage_is_collected_here: None) -> Iterator[None]:
    """Its windows at once; young objects are looked at after every test, all of them now and then."""
    yield
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # else Qt styles them beside the next window
    gc.collect(1 if next(_tests) % FULL_EVERY else 2)


_tests = itertools.count(1)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    """An empty window."""
    if theme.active().name != "light" or not qapp.styleSheet():
        theme.apply(qapp, "light")
    worker.call(warm_up)  # a window that closes while its process begins ends it, and the next one starts another
    with theme.plain(qapp):  # as in the program
        result = MainWindow(tmp_path / "sessions")
    result.diagnoses.diagnosing.is_automatic = False  # most tests end with the run
    qtbot.addWidget(result)
    result.show()
    yield result
    result.leaving.close_at_once()


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobPool]:
    """A pool of its own."""
    pool = JobPool()
    yield pool
    pool.shutdown()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A small network that has run."""
    return made_workspace(tmp_path)


@pytest.fixture
def view(workspace: Workspace, jobs: JobPool, qtbot: QtBot) -> GraphView:
    """The graph of the workspace."""
    return open_graph(workspace, jobs, qtbot)


@pytest.fixture
def demo_window(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window with the demo open, not run."""
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open_demo()
    return window


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The session of a demo that has run; not to be changed."""
    folder = tmp_path_factory.mktemp("demo-run") / "demo"
    drain(analyze(demo_session(), folder))
    return folder


@pytest.fixture
def done_window(window: MainWindow, demo_run: Path, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window on a copy of the session of a demo that has run."""
    folder = tmp_path / "sessions" / "demo"
    drain(copy_session(load_session(demo_run), demo_run, folder))
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open(folder)
    return window


@pytest.fixture
def own_processes(done_window: MainWindow, user_settings_folder: Path) -> Iterator[None]:
    """The processes that work for the window have this test's environment, its settings and its board among it.

    To be asked for after the board.
    """
    before = [(process, process.call(exchange, dict(os.environ))) for process in (worker, computer)]
    yield
    for process, variables in before:
        process.abort(grace=END)
        process.call(exchange, variables)
