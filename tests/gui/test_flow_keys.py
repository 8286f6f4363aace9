"""The overview of keys has all of them."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

import workbench
from tests.helpers.waiting import LONG
from workbench.ui.keys import Binding, bindings, key_text, plain
from workbench.ui.main_window import MainWindow
from workbench.ui.views.shortcuts_window import ShortcutsWindow, grouped

NAMES = {
    "Return": "Enter", "Equal": "+", "Plus": "+", "Minus": "-", "Escape": "Esc", "Delete": "Del", "Backspace": "Del",
}  # fmt: skip


def handled(tree: ast.Module) -> dict[str, set[str]]:
    """The keys that each class of a module names in its `keyPressEvent`, there or in a constant of the module."""
    constants = {
        target.id: key_names(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name == "keyPressEvent":
                    used = {name.id for name in ast.walk(part) if isinstance(name, ast.Name)}
                    found[node.name] = key_names(part).union(*(constants[name] for name in used & set(constants)))
    return found


def key_names(node: ast.AST) -> set[str]:
    names = {item.attr[4:] for item in ast.walk(node) if isinstance(item, ast.Attribute) and item.attr[:4] == "Key_"}
    return {NAMES.get(name, name) for name in names}


def last_key(keys: str) -> str:
    return keys if len(keys) == 1 else keys.rsplit("+", 1)[-1]


def told_in(tree: ast.Module) -> dict[str, set[str]]:
    """The keys that each class of a module tells the overview of."""
    found: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            calls = [item for item in ast.walk(node) if isinstance(item, ast.Call)]
            tells = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) == "tell"]
            pairs = [pair.elts[0] for call in tells for pair in call.args if isinstance(pair, ast.Tuple)]
            texts = [str(text.value) for text in pairs if isinstance(text, ast.Constant)]
            found[node.name] = {last_key(keys) for text in texts for keys in text.split(" / ")}
    return found


def test_that_every_key_that_a_view_handles_is_told() -> None:
    folder, missing = Path(workbench.__file__).parent / "ui", {}
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = told_in(tree)
        missing |= {name: keys - told[name] for name, keys in handled(tree).items() if keys - told[name]}
    assert missing == {}


@pytest.fixture
def listed(done_window: MainWindow, qtbot: QtBot) -> list[Binding]:
    """What a window has whose views are all made."""
    qtbot.waitUntil(lambda: done_window.panes.views is not None, timeout=LONG)
    return bindings(done_window)


def test_that_every_action_with_keys_is_listed_with_a_title(done_window: MainWindow, listed: list[Binding]) -> None:
    shown = {(keys, binding.title) for binding in listed for keys in binding.keys}
    actions = [action for action in done_window.findChildren(QAction) if not action.shortcut().isEmpty()]
    assert len(actions) > 20
    wanted = {(key_text(keys), plain(action.text())) for action in actions for keys in action.shortcuts()}
    assert wanted - shown == set()
    assert [binding.keys for binding in listed if not binding.title] == []


def test_that_every_shortcut_of_a_view_is_listed(done_window: MainWindow, listed: list[Binding]) -> None:
    shown = {keys for binding in listed for keys in binding.keys}
    shortcuts = [shortcut.key() for shortcut in done_window.findChildren(QShortcut) if not shortcut.key().isEmpty()]
    assert shortcuts
    assert [key_text(keys) for keys in shortcuts if key_text(keys) not in shown] == []


def test_that_keys_of_the_whole_window_mean_one_thing(done_window: MainWindow, listed: list[Binding]) -> None:
    """Qt calls a key ambiguous, and does nothing, where it is bound in a view and in the whole window."""
    window_wide: Counter[str] = Counter()
    elsewhere: set[str] = set()
    for action in done_window.findChildren(QAction):
        is_wide = action.shortcutContext() == Qt.ShortcutContext.WindowShortcut
        for keys in map(key_text, action.shortcuts()):
            window_wide[keys] += is_wide
            elsewhere |= set() if is_wide else {keys}
    for shortcut in done_window.findChildren(QShortcut):
        is_wide = shortcut.context() == Qt.ShortcutContext.WindowShortcut and shortcut.isEnabled()
        window_wide[key_text(shortcut.key())] += is_wide
        elsewhere |= set() if is_wide else {key_text(shortcut.key())}
    wide = {keys for keys, count in window_wide.items() if count and keys}
    assert sorted(keys for keys in wide if window_wide[keys] > 1) == []
    assert sorted(wide & elsewhere) == []


def test_that_the_overview_is_searched_by_key_and_by_word(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    overview = window.flow.shortcuts
    assert overview.isVisible()
    for text, title in (("ctrl+shift+p", "Commands"), ("walk edges", "Walk along the edges")):
        overview.edit.setText(text)
        assert shown_titles(overview) == [title]
    overview.edit.setText("no such thing")
    assert overview.none.isVisible()
    overview.close()


def shown_titles(overview: ShortcutsWindow) -> list[str]:
    return [row.text(0) for rows in overview._rows.values() for row in rows if not row.isHidden()]


def test_that_what_works_everywhere_comes_first() -> None:
    found = [Binding(("A",), "a", "Graph"), Binding(("B",), "b"), Binding(("C",), "c", "Graph")]
    assert [(place, len(rows)) for place, rows in grouped(found)] == [("", 1), ("Graph", 2)]


@pytest.mark.parametrize(
    ("text", "shown"), [("&Open…", "Open"), ("打开(&O)…", "打开"), ("Save && close", "Save & close"), ("F&it", "Fit")]
)
def test_that_titles_have_no_mnemonics(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("key", [Qt.Key.Key_K, Qt.Key.Key_E, Qt.Key.Key_D])
def test_that_keys_of_the_window_do_not_edit_text_in_a_popup(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    field = QLineEdit("text", window)
    field.setWindowFlag(Qt.WindowType.Popup)
    window.activateWindow()
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.ControlModifier)
    QApplication.sendEvent(field, event)
    assert field.text() == "text"
    assert not event.isAccepted()
    field.hide()


def test_that_letters_of_an_open_menu_are_not_taken_by_views(demo_window: MainWindow, qtbot: QtBot) -> None:
    opened: list[bool] = []
    demo_window.actions_.convert.triggered.disconnect()
    demo_window.actions_.convert.triggered.connect(lambda: opened.append(True))
    demo_window.table.view.setFocus()
    menu = demo_window.actions_.tools
    menu.popup(demo_window.mapToGlobal(demo_window.rect().center()))
    qtbot.keyClick(menu, Qt.Key.Key_C)
    assert opened == [True]
    assert not menu.isVisible()
