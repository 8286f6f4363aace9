"""The tab of mixed precision on a demo that has run: what it looks for, shows, uses and writes."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.steps import drain
from workbench.mixed.search import Goal
from workbench.project.mixed.mixing import Wish
from workbench.project.mixed.searched import EFFECTS, FILE, search_and_keep
from workbench.project.session import load_session
from workbench.ui.locks import lock_of, set_lock
from workbench.ui.main_window import MainWindow
from workbench.ui.mixing import Mixing
from workbench.ui.models.layer_figures import LAYER
from workbench.ui.models.mixed.effects_table import ONLY, EffectsTable
from workbench.ui.models.mixed.wanted import Wanted
from workbench.ui.opening import copy_session
from workbench.ui.views.mixed.page import EFFECTS as EFFECTS_PAGE
from workbench.ui.views.mixed.page import SEARCH
from workbench.ui.views.mixed.view import MixedView
from workbench.ui.views.table.layer_menu import layer_menu

TWICE = 4 * LONG
TARGET = 0.9999


@pytest.fixture(scope="module")
def demo_searched(demo_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The session of a demo that was searched; not to be changed."""
    folder = tmp_path_factory.mktemp("searched") / "demo"
    drain(copy_session(load_session(demo_run), demo_run, folder))
    drain(search_and_keep(load_session(folder), folder, Wish(Goal(TARGET, runs=20))))
    return folder


@pytest.fixture
def searched(window: MainWindow, demo_searched: Path, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window on a copy of it, its tab in front."""
    folder = tmp_path / "sessions" / "demo"
    drain(copy_session(load_session(demo_searched), demo_searched, folder))
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open(folder)
    window.actions_.mixed.trigger()
    qtbot.waitUntil(lambda: mixing_of(window).choice is not None, timeout=LONG)
    return window


def mixing_of(window: MainWindow) -> Mixing:
    """What is known in a window."""
    return window.mixtures.mixing


def view_of(window: MainWindow) -> MixedView:
    """Its tab."""
    return window.mixtures.page.view


def test_that_an_empty_tab_says_what_to_do(demo_window: MainWindow, qtbot: QtBot) -> None:
    demo_window.mixtures.go_to(SEARCH)
    view = view_of(demo_window)
    qtbot.waitUntil(view.isVisible, timeout=LONG)
    assert "Search for the layers" in view.state.text()
    assert view.begin.isEnabled()
    assert not view.form.isHidden()
    demo_window.workspace.change(samples=())
    assert "Add inputs" in view.state.text()
    assert not view.begin.isEnabled()
    assert not demo_window.actions_.search_layers.isEnabled()


def test_that_a_search_is_run_and_shown_and_kept(demo_window: MainWindow, qtbot: QtBot) -> None:
    demo_window.mixtures.go_to(SEARCH)
    view, mixing = view_of(demo_window), mixing_of(demo_window)
    view.form.show_wanted(Wanted(TARGET, None, runs=8))
    with qtbot.waitSignal(mixing.searched_now, timeout=TWICE):
        demo_window.actions_.search_layers.trigger()
    qtbot.waitUntil(lambda: mixing.job is None, timeout=LONG)
    assert mixing.searched is not None
    assert mixing.at == mixing.searched.chosen
    assert view.form.isHidden()
    assert view.plot.isVisible()
    folder = demo_window.workspace.folder
    assert folder is not None
    assert (folder / FILE).is_file()
    assert (folder / EFFECTS).is_file()


def test_that_what_is_looked_for_is_what_the_chip_can_before_anybody_looks(demo_window: MainWindow) -> None:
    form = view_of(demo_window).form
    assert form.wanted.precision == "float16"
    assert demo_window.workspace.session is not None
    demo_window.workspace.change(quant=replace(demo_window.workspace.session.quant, target="rv1106"))
    assert form.wanted.precision == "int16"
    demo_window.workspace.change(quant=replace(demo_window.workspace.session.quant, target="rv1103b"))
    assert "rv1103b" in mixing_of(demo_window).why_not()


def test_that_a_search_that_is_cancelled_keeps_nothing(demo_window: MainWindow, qtbot: QtBot) -> None:
    mixing, folder = mixing_of(demo_window), demo_window.workspace.folder
    job = mixing.search(Wanted(TARGET))
    assert job is not None
    assert mixing.search(Wanted(TARGET)) is None
    with qtbot.waitSignal(job.finished, timeout=TWICE):
        mixing.cancel()
    assert job.state == "cancelled"
    assert folder is not None
    assert not (folder / FILE).exists()


def test_that_reopening_shows_the_last_search(searched: MainWindow) -> None:
    view, mixing = view_of(searched), mixing_of(searched)
    assert mixing.searched is not None
    assert view.form.wanted == Wanted(TARGET, None, runs=20)
    assert view.form.isHidden()
    assert view.panel.head.text().startswith(f"{len(mixing.layers)} layers in float16")
    assert "reaches the target" in view.panel.state.text()


def test_that_what_was_typed_stays_while_other_things_change(searched: MainWindow, qtbot: QtBot) -> None:
    view, workspace = view_of(searched), searched.workspace
    view.form.cos.setValue(0.5)
    with qtbot.waitSignal(mixing_of(searched).changed, timeout=LONG):
        set_lock(workspace, workspace.rows[3:4], "int8")
    assert view.form.wanted.cos == 0.5


def test_that_nothing_is_cut_off_in_a_small_window(searched: MainWindow, qtbot: QtBot) -> None:
    searched.resize(1280, 800)
    view = view_of(searched)
    view.fold.click()
    content = view.form.parentWidget()
    assert content is not None
    viewport = content.parentWidget()
    assert viewport is not None
    qtbot.waitUntil(lambda: view.form.isVisible() and viewport.width() <= 420, timeout=LONG)

    assert content.minimumSizeHint().width() <= viewport.width()


def test_that_keys_and_clicks_step_through_the_choices(searched: MainWindow, qtbot: QtBot) -> None:
    view, mixing = view_of(searched), mixing_of(searched)
    assert mixing.searched is not None
    last = len(mixing.searched.choices) - 1
    QTest.keyClick(view.plot, Qt.Key.Key_Home)
    assert mixing.at == 0
    assert "misses the target" in view.panel.state.text()
    QTest.keyClick(view.plot, Qt.Key.Key_Left)
    assert mixing.at == 0
    QTest.keyClick(view.plot, Qt.Key.Key_Right)
    assert mixing.at == 1
    view.panel.on.click()
    assert mixing.at == 2
    QTest.keyClick(view.plot, Qt.Key.Key_End)
    assert mixing.at == last
    assert not view.panel.on.isEnabled()
    front = view.plot._front
    first = view.plot.box.mapViewToScene(QPointF(front.places[0], front.heights[0]))
    assert view.plot._nearest(first) == 0
    assert view.plot._nearest(first + QPointF(0, 200)) != 0


def test_that_a_choice_is_marked_on_graph_and_table(searched: MainWindow, qtbot: QtBot) -> None:
    view, workspace = view_of(searched), searched.workspace
    layers = mixing_of(searched).layers
    rows = workspace.spared.rows(workspace.rows)
    assert rows
    assert set(rows.values()) == {"float16"}
    assert workspace.spared.layers == layers
    qtbot.waitUntil(lambda: len(searched.graph.canvas.marks.spared) >= 1, timeout=LONG)
    view.only.click()
    assert searched.table.filter_edit.text() == "spared"
    assert searched.table.model.shown == len(rows)
    view.shown.setChecked(False)
    assert not workspace.spared.layers
    assert not searched.graph.canvas.marks.spared


def test_that_a_layer_of_the_list_is_selected_everywhere(searched: MainWindow) -> None:
    panel, workspace = view_of(searched).panel, searched.workspace
    layer = next(iter(mixing_of(searched).layers))
    panel.layer_chosen.emit(layer)
    row = workspace.row(workspace.selected)
    assert row is not None
    assert layer in (row.tensor, *row.group)


def test_that_using_a_choice_is_an_edit_that_is_undone(searched: MainWindow, qtbot: QtBot) -> None:
    view, mixing, workspace = view_of(searched), mixing_of(searched), searched.workspace
    assert workspace.session is not None
    before = workspace.session.quant
    view.use.click()
    assert set(workspace.session.quant.float_tensors) == set(mixing.layers)
    assert not view.use.isEnabled()
    assert not mixing.is_stale
    qtbot.waitUntil(lambda: bool(searched.runner.stale), timeout=LONG)
    searched.flow.edits.undo()
    assert workspace.session.quant == before
    qtbot.waitUntil(lambda: not searched.runner.is_running, timeout=TWICE)


def test_that_other_settings_make_a_search_stale(searched: MainWindow, qtbot: QtBot) -> None:
    view, mixing, workspace = view_of(searched), mixing_of(searched), searched.workspace
    assert workspace.session is not None
    workspace.change(quant=replace(workspace.session.quant, algorithm="kl_divergence"))
    qtbot.waitUntil(lambda: mixing.is_stale, timeout=LONG)
    assert "search again" in view.state.text()
    assert not view.use.isEnabled()
    assert not view.export.isEnabled()


def test_that_every_format_that_needs_no_toolkit_is_offered_and_written(
    searched: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = searched.mixtures.ask_export()
    assert dialog is not None
    kinds = {offer.kind: offer.why_not for offer in dialog._offers}
    assert set(kinds) == {"cfg", "script", "toolkit1", "op_target", "qdq", "plan"}
    assert [kind for kind, why in kinds.items() if why] == ["toolkit1"]
    dialog.reject()
    job = mixing_of(searched).export("cfg", tmp_path / "x.quantization.cfg")
    assert job is not None
    with qtbot.waitSignal(job.succeeded, timeout=TWICE):
        pass
    text = (tmp_path / "x.quantization.cfg").read_text()
    assert all(name in text for name in mixing_of(searched).layers)


def test_that_layers_are_locked_from_their_menu_and_freed(searched: MainWindow, qtbot: QtBot) -> None:
    workspace, view = searched.workspace, view_of(searched)
    row = next(row for row in workspace.rows if row.group)
    menu = layer_menu(searched, workspace, row.tensor)
    inner = next(action.menu() for action in menu.actions() if isinstance(action.menu(), QMenu))
    assert isinstance(inner, QMenu)
    next(action for action in inner.actions() if "int8" in action.text()).trigger()
    assert workspace.session is not None
    assert workspace.session.locked == dict.fromkeys((row.tensor, *row.group), "int8")
    assert lock_of(workspace, [row]) == "int8"
    assert view.form.locked.text().startswith(str(1 + len(row.group)))
    searched.flow.edits.undo()
    assert not workspace.session.locked
    set_lock(workspace, [row], "float16")
    view.form.unlock.click()
    assert not workspace.session.locked


def test_that_effects_follow_the_selection(searched: MainWindow, qtbot: QtBot) -> None:
    searched.mixtures.go_to(EFFECTS_PAGE)
    qtbot.waitUntil(view_of(searched).effects.isVisible, timeout=LONG)
    effects, workspace = view_of(searched).effects, searched.workspace
    assert effects.table.rowCount() > 10
    assert "search" in effects.state.text()
    effects.view.setCurrentIndex(effects.table.index(2, LAYER))
    row = workspace.row(workspace.selected)
    assert row is not None
    assert effects.table.tensor(2) in (row.tensor, *row.group)
    first = effects.table.tensor(0)
    workspace.select(workspace.spared.row_of(first, workspace.rows))
    assert effects.view.currentIndex().row() == 0


def test_that_effects_are_measured_spared_alone_too(searched: MainWindow, qtbot: QtBot) -> None:
    searched.mixtures.go_to(EFFECTS_PAGE)
    qtbot.waitUntil(view_of(searched).effects.isVisible, timeout=LONG)
    view, mixing = view_of(searched).effects, mixing_of(searched)
    view.measure.click()
    qtbot.waitUntil(lambda: view.table.has_spared and mixing.job is None, timeout=TWICE)
    values = [view.table.value(view.table.row(at), ONLY) for at in range(view.table.rowCount())]
    view.table.sort(ONLY, Qt.SortOrder.DescendingOrder)
    assert view.table.value(view.table.row(0), ONLY) == max(value for value in values if value is not None)


def test_that_no_effects_are_no_rows() -> None:
    table = EffectsTable()
    table.show_effects(None)
    assert table.rowCount() == 0


@pytest.mark.toolkit
def test_that_a_round_trip_shows_predicted_beside_actual(searched: MainWindow, qtbot: QtBot) -> None:
    view, mixing = view_of(searched), mixing_of(searched)
    view.check.click()
    qtbot.waitUntil(lambda: mixing.choice is not None and mixing.choice.checked is not None, timeout=10 * TWICE)
    assert mixing.choice is not None
    assert mixing.choice.checked is not None
    assert mixing.choice.checked.furthest < 1e-4
    titles = [view.panel.tree.topLevelItem(at).text(0) for at in range(view.panel.tree.topLevelItemCount())]  # type: ignore[union-attr]
    assert mixing.choice.checked.toolkit in titles
