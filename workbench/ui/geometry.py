"""Where things are on the screen, for tests that drive the program from outside with mouse and keys."""

import json
import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QRect, QTimer
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QTabBar, QWidget

from workbench.foundation.files import write_text
from workbench.ui.main_window import MainWindow

VARIABLE = "RKNN_WORKBENCH_GEOMETRY"
"""The environment variable that names the file; without it nothing is written."""
EVERY_MS = 50


def export_geometry(app: QApplication) -> None:
    """Write, each time it has changed, what is visible where, and what is selected."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    written = [""]

    def look() -> None:
        text = json.dumps({**_state(app), "widgets": _widgets(app)}, ensure_ascii=False)
        if text != written[0]:
            written[0] = text
            write_text(Path(path), text)

    timer = QTimer(app, interval=EVERY_MS)
    timer.timeout.connect(look)
    timer.start()


def _state(app: QApplication) -> dict[str, Any]:
    window = next((item for item in app.topLevelWidgets() if isinstance(item, MainWindow) and item.isVisible()), None)
    if window is None:
        return {}
    workspace, session = window.workspace, window.workspace.session
    return {
        "window": int((app.activeModalWidget() or window).winId()),
        "title": window.windowTitle(),
        "inputs": len(session.samples) if session else 0,
        "selected": workspace.selected,
        "results": len(workspace.rows) if workspace.results else 0,
        "running": window.runner.is_running,
    }


def _widgets(app: QApplication) -> list[dict[str, Any]]:
    found = []
    for widget in app.allWidgets():
        if widget.isVisible():
            corner = widget.mapToGlobal(QPoint(0, 0))
            found.append(
                {
                    "class": type(widget).__name__,
                    "name": widget.accessibleName() or widget.objectName(),
                    "text": _text(widget),
                    "rect": _numbers(QRect(corner, widget.size())),
                    "enabled": widget.isEnabled(),
                    "focus": widget.hasFocus(),
                    "parts": {text: _numbers(rect.translated(corner)) for text, rect in _parts(widget).items()},
                }
            )
    return found


def _text(widget: QWidget) -> str:
    """What is written in it: a label's or button's text, a field's, a window's title."""
    return str(next(filter(None, map(widget.property, ("text", "currentText", "windowTitle"))), ""))


def _parts(widget: QWidget) -> dict[str, QRect]:
    """The rectangles of tabs and of entries of menus, by their text."""
    if isinstance(widget, QTabBar):
        return {widget.tabText(at): widget.tabRect(at) for at in range(widget.count()) if widget.isTabVisible(at)}
    if isinstance(widget, QMenu | QMenuBar):
        return {action.text().replace("&", ""): widget.actionGeometry(action) for action in widget.actions()}
    return {}


def _numbers(rect: QRect) -> tuple[int, int, int, int]:
    return rect.x(), rect.y(), rect.width(), rect.height()
