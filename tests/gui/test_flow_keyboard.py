"""A whole session without a mouse: every key goes to what has the focus, and what has the focus can be seen."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from tests.networks import mobilenet
from workbench.ui.main_window import MainWindow
from workbench.ui.views.export_dialog import ExportDialog
from workbench.ui.views.graph.canvas import GraphCanvas

SIZE, MOST_TABS = 32, 80
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Hands:
    """Ten fingers on a keyboard."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot

    @property
    def focus(self) -> QWidget:
        """What has the focus; it is on the screen."""
        if QApplication.activeWindow() is None:  # a desktop goes back to the window when a dialog closes
            self.window.activateWindow()
        self._qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=LONG)
        widget = QApplication.focusWidget()
        parts = (widget, *widget.findChildren(QWidget))
        self._qtbot.waitUntil(lambda: any(not part.visibleRegion().isEmpty() for part in parts), timeout=LONG)
        return widget

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        QTest.keyClick(self.focus, key, held)

    def write(self, text: str) -> None:
        self.press(Qt.Key.Key_A, CTRL)
        QTest.keyClicks(self.focus, text)

    def tab_to(self, is_there: Callable[[QWidget], bool]) -> QWidget:
        for _ in range(MOST_TABS):
            if is_there(self.focus):
                return self.focus
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"the tab key does not lead there; it is at {self.focus}")

    def until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=2 * LONG)


def test_that_a_whole_session_needs_no_mouse(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    mobilenet(tmp_path / "net.onnx", SIZE)
    cv2.imwrite(str(tmp_path / "one.png"), np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), np.uint8))
    window.resize(1280, 800)
    window.activateWindow()
    hands = Hands(window, qtbot)
    open_and_run(hands, tmp_path)
    look_around(hands)
    change_and_undo(hands)
    export(hands, tmp_path / "report.html")
    assert "net.onnx" in (tmp_path / "report.html").read_text(encoding="utf-8")
    hands.press(Qt.Key.Key_Q, CTRL)
    hands.until(window.isHidden)


def test_that_the_keys_are_where_a_new_network_is_set(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.activateWindow()
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open(mobilenet(tmp_path / "net.onnx", SIZE))

    qtbot.waitUntil(window.settings_panel.hasFocus, timeout=LONG)

    assert window.settings_panel.isVisible()


def open_and_run(hands: Hands, folder: Path) -> None:
    workspace = hands.window.workspace
    hands.press(Qt.Key.Key_O, CTRL)
    write_path(hands, folder / "net.onnx")
    hands.until(hands.window.actions_.add_inputs.isEnabled)
    hands.press(Qt.Key.Key_I, CTRL)
    write_path(hands, folder / "one.png")
    hands.until(lambda: workspace.session is not None and workspace.session.samples)
    hands.press(Qt.Key.Key_F5)
    hands.until(lambda: workspace.results is not None and workspace.selected and not hands.window.runner.is_running)


def write_path(hands: Hands, path: Path) -> None:
    hands.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    hands.write(str(path))
    hands.press(Qt.Key.Key_Return)


def look_around(hands: Hands) -> None:
    """In the table, along the edges of the graph, by a search, in the inspector and the tensors."""
    window, workspace = hands.window, hands.window.workspace
    hands.press(Qt.Key.Key_1, ALT)
    assert hands.focus is window.table.view
    worst = workspace.selected
    hands.press(Qt.Key.Key_BracketRight)
    assert workspace.selected != worst
    hands.press(Qt.Key.Key_BracketLeft)
    assert workspace.selected == worst
    hands.press(Qt.Key.Key_Home)
    first = workspace.selected
    hands.tab_to(lambda widget: isinstance(widget, GraphCanvas))
    hands.press(Qt.Key.Key_Down)
    hands.until(lambda: workspace.selected not in ("", first))
    hands.press(Qt.Key.Key_K, CTRL)
    hands.write("add24")
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: "add24" in workspace.selected)
    hands.press(Qt.Key.Key_4, ALT)
    hands.tab_to(lambda widget: widget in window.inspector.precision.buttons())
    hands.tab_to(lambda widget: window.panes.isAncestorOf(widget))


def change_and_undo(hands: Hands) -> None:
    """The chip by the keys of a combo box, and back; a command by its name."""
    window, workspace = hands.window, hands.window.workspace
    hands.press(Qt.Key.Key_3, ALT)
    before = workspace.session
    assert hands.focus is window.settings_panel
    hands.tab_to(lambda widget: widget is window.settings_panel.quantization.target)
    hands.press(Qt.Key.Key_Down)
    assert workspace.session != before
    hands.press(Qt.Key.Key_Z, CTRL)
    assert workspace.session == before
    hands.press(Qt.Key.Key_P, CTRL, SHIFT)
    hands.write("log and mess")
    hands.press(Qt.Key.Key_Return)
    assert window.details.isVisible()
    hands.press(Qt.Key.Key_Escape)
    assert not window.details.isVisible()


def export(hands: Hands, path: Path) -> None:
    hands.press(Qt.Key.Key_E, CTRL)
    hands.until(lambda: isinstance(QApplication.activeWindow(), ExportDialog))
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, ExportDialog)
    hands.tab_to(lambda widget: widget is dialog.path)
    hands.write(str(path))
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: path.exists() and not hands.window.jobs.running)
