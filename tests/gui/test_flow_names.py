"""For who cannot see the window or use a mouse: names, order of the focus, a visible focus."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFormLayout,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenuBar,
    QScrollBar,
    QSpinBox,
    QSplitterHandle,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from workbench.ui import theme
from workbench.ui.dialogs import ImportDialog
from workbench.ui.main_window import MainWindow

SPEAK = (QMenuBar, QTabBar, QScrollBar, QSplitterHandle)  # Qt names what they hold
TAB = Qt.FocusPolicy.TabFocus
MOST_ROWS = 30
"""Cells of a table that are looked at."""


def focusable(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        if widget.focusPolicy() & TAB and not widget.objectName().startswith("qt_"):
            yield widget


def is_named(widget: QWidget) -> bool:
    if isinstance(widget, SPEAK) or widget.focusProxy() is not None:
        return True
    own = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    title = widget.title() if isinstance(widget, QGroupBox) else ""
    return bool((widget.accessibleName() or own or title).strip()) or has_label(widget)


def has_label(widget: QWidget) -> bool:
    """Whether the label of a form's row speaks for it."""
    parent = widget.parentWidget()
    forms = parent.findChildren(QFormLayout) if parent is not None else []
    if parent is not None and isinstance(parent.layout(), QFormLayout):
        forms.append(parent.layout())
    return any(isinstance(form.labelForField(widget), QLabel) for form in forms)


def described(widget: QWidget) -> str:
    owners, parent = [], widget.parentWidget()
    while parent is not None and len(owners) < 3:
        owners.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} in {' in '.join(owners)}: {widget.toolTip()!r}"


def is_part(widget: QWidget) -> bool:
    """The inner line of a combo or spin box, whose name is the box's; an area that only scrolls its content."""
    parent = widget.parentWidget()
    if isinstance(widget, QLineEdit) and isinstance(parent, QComboBox | QSpinBox):
        return True
    return "QComboBoxPrivateContainer" in _owners(widget)


def _owners(widget: QWidget) -> list[str]:
    """The C++ classes of all that holds a widget."""
    found, parent = [], widget.parentWidget()
    while parent is not None:
        found.append(parent.metaObject().className())
        parent = parent.parentWidget()
    return found


def nameless(root: QWidget) -> list[str]:
    seen = (widget for widget in focusable(root) if widget.isVisibleTo(root))
    return sorted({described(widget) for widget in seen if not is_named(widget) and not is_part(widget)})


def test_that_every_control_of_the_window_has_a_name(done_window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: done_window.panes.views is not None, timeout=15_000)
    qtbot.waitUntil(lambda: done_window.graph.canvas.scenery is not None, timeout=15_000)
    done_window.details.show()
    found: list[str] = []
    for tabs in (done_window.desk.tabs, done_window.desk.maps, done_window.details):
        for at in range(tabs.count()):
            tabs.setCurrentIndex(at)
            found += nameless(done_window)
    assert found == [], "\n".join(found)


def test_that_the_empty_window_has_names(window: MainWindow) -> None:
    assert nameless(window) == []


def test_that_dialogs_name_their_controls(done_window: MainWindow) -> None:
    dialogs: list[QDialog | None] = [
        done_window.flow.exports.ask(), ImportDialog(done_window, "runtime"), done_window.flow.shortcuts,
        done_window.help,
    ]  # fmt: skip
    assert [nameless(dialog) for dialog in dialogs if dialog is not None] == [[]] * len(dialogs)
    for dialog in dialogs:
        if dialog is not None:
            dialog.close()


def test_that_a_screen_reader_finds_no_control_without_a_name(done_window: MainWindow, qtbot: QtBot) -> None:
    done_window.flow.touring.tour.stop(again=True)
    roles = QAccessible.Role
    controls = {
        roles.Button, roles.CheckBox, roles.RadioButton, roles.ComboBox, roles.EditableText, roles.SpinBox, roles.List,
        roles.Tree, roles.Table, roles.PageTab, roles.MenuItem, roles.ButtonMenu, roles.ButtonDropDown, roles.Slider,
    }  # fmt: skip
    nameless, waiting = [], [QAccessible.queryAccessibleInterface(done_window)]
    while waiting:
        item = waiting.pop()
        if item.role() in controls and not item.state().invisible and not item.text(QAccessible.Text.Name).strip():
            nameless.append(f"{item.role().name} {type(item.object()).__name__}")
        rows = MOST_ROWS if item.role() in (roles.Table, roles.Tree, roles.List) else item.childCount()
        children = (item.child(at) for at in range(min(rows, item.childCount())))
        waiting += [child for child in children if child is not None and child.isValid()]
    assert nameless == []


def test_that_tab_reaches_every_part_of_the_window_and_comes_round(done_window: MainWindow, qtbot: QtBot) -> None:
    done_window.flow.touring.tour.stop(again=True)
    done_window.table.view.setFocus()
    reached: list[QWidget] = []
    for _ in range(400):
        widget = done_window.focusWidget()
        if widget is None or widget in reached:
            break
        reached.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert reached.index(done_window.focusWidget()) == 0
    parts = {
        "toolbar": done_window.toolbar, "table": done_window.table, "graph": done_window.graph,
        "panes": done_window.panes, "inspector": done_window.inspector, "strip": done_window.strip,
    }  # fmt: skip
    missed = [name for name, part in parts.items() if not any(part.isAncestorOf(widget) for widget in reached)]
    assert missed == []


def test_that_tab_goes_from_the_controls_of_tensors_to_the_tensors(done_window: MainWindow, qtbot: QtBot) -> None:
    panes = done_window.panes
    qtbot.waitUntil(lambda: panes.views is not None and panes.stack.currentWidget() is panes.views, timeout=15_000)
    done_window.flow.touring.tour.stop(again=True)
    done_window.panes.controls.out.setFocus()
    qtbot.keyClick(done_window.panes.controls.out, Qt.Key.Key_Tab)
    assert done_window.panes.views.isAncestorOf(done_window.focusWidget())


def test_that_the_search_stays_in_a_narrow_window(done_window: MainWindow, qtbot: QtBot) -> None:
    toolbar, button = done_window.toolbar, done_window.toolbar.sources.buttons["simulator"]
    done_window.resize(1700, 800)
    qtbot.waitUntil(lambda: "w8a8" in button.text(), timeout=15_000)
    toolbar.resize(toolbar.least_width() - 20, toolbar.height())
    assert "w8a8" not in button.text()
    assert "w8a8" in button.toolTip()
    toolbar.resize(toolbar.least_width() - 20, toolbar.height())
    assert toolbar.least_width() <= toolbar.width()
    qtbot.waitUntil(toolbar.search.isVisible, timeout=15_000)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_that_the_focus_can_be_seen_on_every_control(done_window: MainWindow, qapp: QApplication, name: str) -> None:
    theme.apply(qapp, name)
    done_window.flow.touring.tour.stop(again=True)
    unseen = []
    for widget in focusable(done_window):
        if widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None and not widget.size().isEmpty():
            done_window.setFocus()
            before = widget.grab().toImage()
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            if widget.hasFocus() and widget.grab().toImage() == before:
                unseen.append(described(widget))
    assert unseen == [], "\n".join(unseen)
