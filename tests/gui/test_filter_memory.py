"""Filters used lately, and examples, in the fields of table and graph."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.settings import load_settings
from workbench.ui.main_window import MainWindow
from workbench.ui.views.filter_memory import MOST, FilterMemory, remembered
from workbench.ui.views.table.filter_edit import FilterEdit


@pytest.fixture
def edit(qtbot: QtBot) -> FilterEdit:
    result = FilterEdit()
    qtbot.addWidget(result)
    result.show()
    result.activateWindow()
    result.setFocus()
    qtbot.waitUntil(result.hasFocus)
    return result


def offered(edit: FilterEdit) -> list[str]:
    menu = edit.findChildren(QMenu)[-1]
    texts = [action.text().partition("\t")[0] for action in menu.actions() if action.isEnabled() and action.text()]
    menu.close()
    return texts


def test_that_up_offers_what_was_used_lately_and_examples(edit: FilterEdit, qtbot: QtBot) -> None:
    remembered(["euc>5", "relu"], edit)
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    found = offered(edit)
    assert found[:2] == ["euc>5", "relu"]
    assert "cos<0.99" in found


def test_that_what_is_chosen_from_the_list_filters(edit: FilterEdit, qtbot: QtBot) -> None:
    remembered(["euc>5"], edit)
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    edit.findChildren(QMenu)[-1].actions()[1].trigger()
    assert edit.text() == "euc>5"


def test_that_a_filter_is_remembered_when_its_field_is_left(edit: FilterEdit) -> None:
    memory = remembered([], edit)
    edit.setText(" cos<0.9 ")
    edit.clearFocus()
    assert memory.texts == ("cos<0.9",)


@pytest.mark.parametrize("text", ["", "  ", "cos<abc"])
def test_that_nothing_and_what_is_not_understood_is_not_remembered(edit: FilterEdit, text: str) -> None:
    memory = FilterMemory(["relu"], edit)
    memory.remember(text)
    assert memory.texts == ("relu",)


def test_that_a_filter_used_again_comes_first_and_the_oldest_go(edit: FilterEdit) -> None:
    memory = FilterMemory([], edit)
    for at in range(MOST + 2):
        memory.remember(f"cos<0.{at}")
    memory.remember("cos<0.3")
    assert len(memory.texts) == MOST
    assert memory.texts[0] == "cos<0.3"
    assert memory.texts.count("cos<0.3") == 1


def test_that_table_and_graph_share_what_is_kept_for_the_next_window(done_window: MainWindow, qtbot: QtBot) -> None:
    edit = done_window.table.filter_edit
    edit.setText("op:Conv")
    edit.editingFinished.emit()
    qtbot.waitUntil(lambda: load_settings().filters == ("op:Conv",), timeout=LONG)
    qtbot.keyClick(done_window.toolbar.search, Qt.Key.Key_Up)
    menu = done_window.toolbar.search.findChildren(QMenu)[-1]
    assert "op:Conv" in [action.text() for action in menu.actions()]
    menu.close()
