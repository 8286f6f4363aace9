"""Starts the window."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import PySide6
from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

import workbench
from workbench.foundation.abrupt import watched
from workbench.foundation.resources import resource
from workbench.foundation.settings import load_settings
from workbench.ui import text_size, theme, translate
from workbench.ui.collecting import Collector
from workbench.ui.defects import telling, telling_of_threads
from workbench.ui.geometry import export_geometry
from workbench.ui.main_window import MainWindow
from workbench.ui.messages import started

UNUSABLE = 2
TICK_MS = 250
NUMBERS = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
"""Fields write and read them as tables, reports and the command line do, wherever the user lives: 1,000.5."""
SWITCH_AFTER = 0.001
"""Seconds until a computing thread lets the GUI thread go on; Python's 0.005 are felt: painting waits many times."""


def main(argv: Sequence[str] | None = None) -> int:
    """Show the window until it is closed; gives the exit status. `argv` has no program's name."""
    if problem := unusable(PySide6.__version_info__, sys.version_info[:2]):
        sys.stderr.write(f"{problem}\n")
        return UNUSABLE
    arguments = _parse(sys.argv[1:] if argv is None else argv)
    app = QApplication.instance() or QApplication(["rknn-workbench"])
    assert isinstance(app, QApplication)
    with watched(started()) as watch:
        window = start(app)
        window.defects.look_back()
        window.defects.keep(watch)
        if arguments.demo:
            window.opener.open_demo(arguments.path)
        elif arguments.path is not None:
            window.choosing.open(arguments.path)
        with_interrupts(app)
        export_geometry(app)
        return app.exec()


def start(app: QApplication, sessions: Path | None = None) -> MainWindow:
    """Show an empty window in the user's theme and language."""
    app.setApplicationName("rknn-workbench")
    app.setApplicationDisplayName("RKNN Workbench")
    app.setApplicationVersion(workbench.__version__)
    app.setDesktopFileName("rknn-workbench")
    QLocale.setDefault(NUMBERS)
    sys.setswitchinterval(SWITCH_AFTER)
    _follow_system(app)
    if app.findChild(Collector) is None:
        Collector(app)
    return show_window(app, sessions)


def show_window(app: QApplication, sessions: Path | None = None) -> MainWindow:
    """A window in the theme and language of the user's settings."""
    settings = load_settings()
    language = translate.install(app, settings.language)
    text_size.apply(app, settings.text_size)
    theme.apply(app, settings.theme)
    app.setWindowIcon(QIcon(str(resource("application.svg"))))
    with theme.plain(app):
        window = MainWindow(sessions, language)
    window.renewal_wanted.connect(
        lambda: QTimer.singleShot(0, app, lambda: replace_window(app, window, sessions)),
        Qt.ConnectionType.SingleShotConnection,
    )
    sys.excepthook = telling(window.messages)
    threading.excepthook = telling_of_threads(window.defects)
    window.show()
    QTimer.singleShot(0, window, window.prepare)
    return window


def replace_window(app: QApplication, old: MainWindow, sessions: Path | None = None) -> MainWindow:
    """Another language or size of texts: a new window goes on where the old one was, so that no text is left behind."""
    closes = app.quitOnLastWindowClosed()
    app.setQuitOnLastWindowClosed(False)
    geometry = old.saveGeometry()
    old.close()
    window = show_window(app, sessions)
    window.restoreGeometry(geometry)
    window.take_over(old)
    window.defects.take_over(old.defects)
    old.deleteLater()
    app.setQuitOnLastWindowClosed(closes)
    return window


def unusable(qt: tuple[object, ...], python: tuple[int, ...]) -> str:
    """Why this pair of versions cannot be used; "" when it can."""
    if tuple(qt[:2]) == (6, 12) and tuple(python) < (3, 12):
        versions = f"PySide6 {'.'.join(map(str, qt[:3]))} crashes on Python {'.'.join(map(str, python))}."
        return f"{versions} Install another: pip install 'PySide6-Essentials>=6.9,<6.12'"
    return ""


def with_interrupts(app: QApplication) -> None:
    """Let Ctrl+C in the terminal close the window: Python only looks at signals while Python runs."""
    signal.signal(signal.SIGINT, lambda *_: _close_windows(app))
    timer = QTimer(app, interval=TICK_MS)
    timer.timeout.connect(lambda: None)
    timer.start()


def _close_windows(app: QApplication) -> None:
    for window in app.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.leaving.close_at_once()


def _follow_system(app: QApplication) -> None:
    def on_changed() -> None:
        if load_settings().theme == "system":
            theme.apply(app, "system")

    QGuiApplication.styleHints().colorSchemeChanged.connect(on_changed)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("rknn-workbench-gui", description="Opens the window of RKNN Workbench.")
    parser.add_argument("path", nargs="?", type=Path, help="a network, a session's folder, or with --demo a new one's")
    parser.add_argument("--demo", action="store_true", help="open the demo")
    parser.add_argument("--version", action="version", version=f"rknn-workbench {workbench.__version__}")
    return parser.parse_args(list(arguments))
