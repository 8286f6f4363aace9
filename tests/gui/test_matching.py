"""Dumps whose names say nothing: matched by content, confirmed in a table, imported, kept as a map."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from tests.gui.made_files import write_nameless
from tests.helpers.waiting import LONG
from workbench.compare.content import LIKELY, Suggestion
from workbench.dump.store import Dump
from workbench.project.session import ImportedDumps
from workbench.ui.main_window import MainWindow
from workbench.ui.models.board.suggestions import CONFIDENCE, THEIRS, Suggestions
from workbench.ui.runtimes import DUMPS
from workbench.ui.views.board.match_dialog import MatchDialog

OK = QDialogButtonBox.StandardButton.Ok
FOUND = (
    Suggestion("t1", "a", "nchw", 0.99, 0.99999, 4096, "b", 0.4),
    Suggestion("t2", "b", "nhwc", 0.75, 0.999, 4096),
    Suggestion("t3", "c", "nchw", 0.5, 0.999, 64, twins=("d",)),
)


@pytest.fixture
def nameless(done_window: MainWindow, tmp_path: Path) -> Path:
    assert done_window.workspace.own_results is not None
    write_nameless(done_window.workspace.own_results, tmp_path / "nameless")
    return tmp_path / "nameless"


def test_that_what_is_sure_is_ticked_and_the_line_can_be_moved(window: MainWindow) -> None:
    dialog = MatchDialog(window, FOUND, LIKELY)
    assert [item.other for item in dialog.rows.confirmed] == ["t1", "t2"]
    dialog.line.setValue(0.9)
    dialog.all_above.click()
    assert [item.other for item in dialog.rows.confirmed] == ["t1"]
    dialog.none.click()
    assert dialog.rows.confirmed == ()
    assert not dialog.buttons.button(OK).isEnabled()
    assert dialog.state.text() == "0 of 3 confirmed"


def test_that_a_row_is_confirmed_by_its_box_and_twins_are_told() -> None:
    rows = Suggestions(FOUND)
    index = rows.index(2, THEIRS)
    assert rows.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert [item.other for item in rows.confirmed] == ["t3"]
    assert "d" in rows.data(rows.index(2, CONFIDENCE), Qt.ItemDataRole.ToolTipRole)


def test_that_confirmed_tensors_are_imported_and_the_rest_is_not(
    done_window: MainWindow, nameless: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    done_window.flow.matching.match(ImportedDumps(nameless), "runtime")
    qtbot.waitUntil(lambda: done_window.findChild(MatchDialog) is not None, timeout=2 * LONG)
    dialog = done_window.findChild(MatchDialog)
    assert isinstance(dialog, MatchDialog)
    confirmed = dialog.rows.confirmed
    assert len(confirmed) > 0.8 * len(dialog.rows.found)
    dialog.map_wanted.emit(confirmed, tmp_path / "map.txt")
    qtbot.waitUntil(lambda: (tmp_path / "map.txt").is_file(), timeout=LONG)
    dialog.buttons.button(OK).click()
    qtbot.waitUntil(lambda: done_window.boarding.runtimes.kind == DUMPS, timeout=2 * LONG)
    qtbot.waitUntil(lambda: not done_window.runner.is_running, timeout=LONG)
    worst = done_window.workspace.worst()
    assert worst is not None
    assert worst.matched_by == "map"
    assert abs(worst.errors["runtime.entire"].mean["cos"] - worst.errors["simulator.entire"].mean["cos"]) < 1e-5
    session = done_window.workspace.session
    assert session is not None
    assert set(session.imports["runtime"].names) == {item.other for item in confirmed}


def test_that_dumps_of_something_else_are_refused_with_a_sentence(
    done_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "strange"
    folder.mkdir()
    np.save(folder / "x.npy", np.zeros((3, 3), np.float32))
    done_window.flow.matching.match(ImportedDumps(folder), "runtime")
    told = done_window.messages.entries
    qtbot.waitUntil(lambda: any("is like one of the network" in entry.text for entry in told), timeout=2 * LONG)
    assert done_window.findChild(MatchDialog) is None


@pytest.mark.parametrize("named", [0, 5])
def test_that_an_import_whose_names_do_not_lead_offers_to_match_by_content(
    done_window: MainWindow, nameless: Path, named: int, qtbot: QtBot
) -> None:
    results = done_window.workspace.own_results
    assert results is not None
    with Dump(results.dumps["simulator"][0]) as dump:
        for row in [item for item in results.rows if item.tensor in dump][:named]:
            np.save(nameless / f"{row.tensor.replace('/', '_')}.npy", dump[row.tensor])
    done_window.runner.import_dumps(ImportedDumps(nameless), "runtime")
    bar = done_window.message_bar
    qtbot.waitUntil(lambda: bar.match_button.isVisible(), timeout=2 * LONG)
    assert ("such as t000" in bar.text.text()) == bool(named)
    qtbot.waitUntil(lambda: not done_window.runner.is_running, timeout=LONG)
    bar.match_button.click()
    qtbot.waitUntil(lambda: done_window.findChild(MatchDialog) is not None, timeout=2 * LONG)
