"""The tab of findings on a demo that has run: what it says, where it leads, what its fixes do."""

import math
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.diagnose.changes import Change
from workbench.diagnose.divergence import Divergence, LayerShare
from workbench.diagnose.findings import NOTE, Chart, Evidence, Finding, Fix, OutputGain
from workbench.diagnose.parts import LOST, LayerBlame
from workbench.foundation.steps import drain
from workbench.project.findings.diagnosing import diagnose
from workbench.project.findings.path import Step
from workbench.project.session import load_session
from workbench.ui.diagnoses import CHANNELS
from workbench.ui.main_window import MainWindow
from workbench.ui.models.diagnosis.blame_table import INHERITED, ONLY, OWN, SHARES, WITHOUT, BlameTable
from workbench.ui.models.diagnosis.steps import BAD, step_title
from workbench.ui.models.diagnosis.texts import gain_lines, how_sure
from workbench.ui.models.layer_figures import LAYER
from workbench.ui.opening import copy_session
from workbench.ui.reading_diagnosis import CHOSEN
from workbench.ui.views.diagnosis.blame import StackedBars
from workbench.ui.views.diagnosis.card import FindingCard, Link
from workbench.ui.views.diagnosis.chart import MiniChart
from workbench.ui.views.diagnosis.chart_drawing import limits
from workbench.ui.views.diagnosis.guide import Guide

TWICE = 4 * LONG


@pytest.fixture(scope="module")
def demo_diagnosed(demo_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The session of a demo that has run and was diagnosed; not to be changed."""
    folder = tmp_path_factory.mktemp("diagnosed") / "demo"
    drain(copy_session(load_session(demo_run), demo_run, folder))
    drain(diagnose(folder))
    return folder


@pytest.fixture
def diagnosed(window: MainWindow, demo_diagnosed: Path, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window on a copy of it."""
    folder = copied(demo_diagnosed, tmp_path)
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open(folder)
    window.desk.go_to_findings()
    qtbot.waitUntil(lambda: bool(window.diagnoses.findings.cards), timeout=LONG)
    return window


def copied(diagnosed: Path, place: Path) -> Path:
    """A session of its own with the same diagnosis."""
    folder = place / "sessions" / "demo"
    drain(copy_session(load_session(diagnosed), diagnosed, folder))
    for name in ("diagnosis.json", "guide.json"):
        (folder / name).write_bytes((diagnosed / name).read_bytes())
    return folder


def test_that_an_empty_tab_says_what_to_do(demo_window: MainWindow) -> None:
    demo_window.desk.go_to_findings()
    assert "F5" in demo_window.diagnoses.findings.state.text()
    assert not demo_window.diagnoses.findings.begin.isEnabled()


def test_that_the_path_and_the_causes_of_a_run_are_shown(diagnosed: MainWindow, qtbot: QtBot) -> None:
    view, found = diagnosed.diagnoses.findings, diagnosed.diagnoses.diagnosing.diagnosis
    qtbot.waitUntil(lambda: found is not None and len(view.cards) == len(found.findings), timeout=LONG)
    assert found is not None
    assert found.findings
    assert [stop.step.key for stop in view.guide.stops] == ["reference", "float16", "quantized", "board", "c_program"]
    assert step_title("quantized") in next(s.accessibleName() for s in view.guide.stops if s.step.state == BAD)
    assert [card.finding.cause for card in view.cards] == [one.cause for one in found.findings]
    assert [card.fold.is_open for card in view.cards] == [True, *[False] * (len(view.cards) - 1)]


def test_that_findings_that_are_being_read_are_not_said_to_be_missing(
    window: MainWindow, demo_diagnosed: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, said = copied(demo_diagnosed, tmp_path), list[str]()
    view = window.diagnoses.findings
    monkeypatch.setattr(view.state, "setText", said.append)
    with qtbot.waitSignal(window.opener.opened, timeout=LONG):
        window.opener.open(folder)
    window.desk.go_to_findings()
    qtbot.waitUntil(lambda: bool(view.cards), timeout=LONG)

    assert "found" in said[-1]
    assert not any("Nothing has been looked for" in text for text in said)


def test_that_evidence_leads_to_its_tensor_and_view(diagnosed: MainWindow, qtbot: QtBot) -> None:
    tensor = diagnosed.workspace.rows[5].tensor
    diagnosed.diagnoses.findings.evidence_chosen.emit(Evidence("Look.", tensor, 0, "channels"))
    assert diagnosed.workspace.selected == tensor
    assert diagnosed.panes.controls.views.checkedId() == CHANNELS


def test_that_the_way_from_the_guilty_layer_is_lit(diagnosed: MainWindow, qtbot: QtBot) -> None:
    finding = next(one for one in diagnosed.diagnoses.diagnosing.known.saved.diagnosis.findings if one.layers)
    with qtbot.waitSignal(diagnosed.graph.path.changed, timeout=LONG):
        diagnosed.diagnoses.findings.chain_wanted.emit(finding)
    assert diagnosed.workspace.selected == finding.layers[0]
    assert diagnosed.graph.path.path is not None


def first_runnable(window: MainWindow) -> tuple[int, int]:
    """The places of a finding and of one of its fixes that changes settings only."""
    found = window.diagnoses.diagnosing.diagnosis
    assert found is not None
    return next(
        (at, number)
        for at, finding in enumerate(found.findings)
        for number, fix in enumerate(finding.fixes)
        if fix.change is not None and fix.change.model is None
    )


def test_that_a_fix_that_is_tried_says_what_it_brings(diagnosed: MainWindow, qtbot: QtBot) -> None:
    diagnosing, before = diagnosed.diagnoses.diagnosing, diagnosed.workspace.session
    at, number = first_runnable(diagnosed)
    job = diagnosing.try_fix(at, number)
    assert job is not None
    with qtbot.waitSignal(job.succeeded, timeout=TWICE):
        pass
    qtbot.waitUntil(lambda: bool(diagnosing.finding(at).fixes[number].gain), timeout=LONG)
    assert diagnosing.finding(at).fixes[number].gain
    assert diagnosed.workspace.session == before


def test_that_a_fix_of_settings_is_applied_run_and_undone(diagnosed: MainWindow, qtbot: QtBot) -> None:
    diagnosing, before = diagnosed.diagnoses.diagnosing, diagnosed.workspace.session
    at, number = first_runnable(diagnosed)
    with qtbot.waitSignal(diagnosed.runner.succeeded, timeout=TWICE):
        assert diagnosing.apply(at, number) is not None
    assert diagnosed.workspace.session != before
    qtbot.waitUntil(lambda: diagnosing.is_stale, timeout=LONG)
    diagnosed.desk.go_to_findings()
    assert "again" in diagnosed.diagnoses.findings.state.text()
    diagnosed.flow.edits.undo()
    assert diagnosed.workspace.session is not None
    assert before is not None
    assert diagnosed.workspace.session.quant == before.quant


def test_that_a_run_is_diagnosed_where_the_user_wants_it(done_window: MainWindow, qtbot: QtBot) -> None:
    diagnosing = done_window.diagnoses.diagnosing
    done_window.actions_.automatic.setChecked(False)
    done_window.actions_.automatic.setChecked(True)
    done_window.runner.run()
    qtbot.waitUntil(lambda: diagnosing.job is not None, timeout=TWICE)
    diagnosing.cancel()
    qtbot.waitUntil(lambda: diagnosing.job is None, timeout=LONG)


def test_that_the_bundle_is_one_of_the_exports(diagnosed: MainWindow) -> None:
    dialog = diagnosed.flow.exports.ask("bundle")
    assert dialog is not None
    assert dialog.offer.kind == "bundle"
    assert dialog.path.text().endswith(".zip")
    dialog.reject()


def test_that_blame_follows_the_selection(diagnosed: MainWindow, qtbot: QtBot) -> None:
    view = diagnosed.diagnoses.blame
    diagnosed.diagnoses.findings.blame_wanted.emit()
    assert view.isVisible()
    assert view.table.rowCount() == len(diagnosed.workspace.rows)
    view.view.setCurrentIndex(view.table.index(3, 0))
    assert diagnosed.workspace.selected == view.table.tensor(3)
    diagnosed.workspace.select(view.table.tensor(0))
    assert view.view.currentIndex().row() == 0


def test_that_shares_are_sorted_and_told() -> None:
    table = BlameTable()
    table.show_blame((LayerBlame("a", 0.0, 0.01, None, 0.01), LayerBlame("b", 0.0, 0.04, 0.05, 0.09)))
    assert [table.tensor(at) for at in range(2)] == ["b", "a"]
    assert table.index(0, 1).data(SHARES) == (0.0, 0.04, 0.05)
    assert table.index(0, 2).data() == "30.0 %"
    table.sort(LAYER)
    assert table.tensor(0) == "a"


def test_that_effects_on_the_outputs_are_told_where_they_were_measured() -> None:
    table = BlameTable()
    shares = (LayerShare("a", 0.01, 0.0, {"y": 0.03}, {"y": 0.01}), LayerShare("b", 0.04, None))
    blame = (LayerBlame("a", 0.0, 0.01, None, 0.01), LayerBlame("b", 0.0, 0.04, None, 0.04))
    table.show_blame(blame, Divergence(shares, total={"y": 0.04}))
    table.sort(LAYER)
    told = [[table.index(at, column).data() for column in (OWN, INHERITED, ONLY, WITHOUT)] for at in range(2)]
    assert told == [["10.0 %", "0.00 %", "75 %", "75 %"], ["20.0 %", "", "", ""]]
    table.sort(ONLY, Qt.SortOrder.DescendingOrder)
    assert [table.tensor(at) for at in range(2)] == ["a", "b"]


def test_what_a_gain_says() -> None:
    gains = [("scores", 0.9, 0.99), ("boxes", 0.9, 0.8), ("masks", 0.5, 0.5)]
    told = Fix("Fix.", Change(), tuple(OutputGain(name, {"cos": old}, {"cos": new}) for name, old, new in gains))
    assert gain_lines(told) == (
        ("scores: cos 0.90000 → 0.99000", "good"),
        ("boxes: cos 0.90000 → 0.80000", "bad"),
        ("masks: cos 0.50000 → 0.50000", "muted"),
    )
    assert not gain_lines(Fix("Fix."))


def test_that_a_gain_that_is_no_number_is_no_gain() -> None:
    lost = Fix("Fix.", Change(), (OutputGain("scores", {"cos": 0.9}, {"cos": math.nan}),))
    assert gain_lines(lost) == (("scores: cos 0.90000 → nan", "bad"),)


def test_that_how_sure_a_finding_is_is_said_in_words() -> None:
    assert how_sure(Finding("nan", 0.95)) == "almost certain, 95%"
    assert how_sure(Finding("nan", 0.7)) == "likely, 70%"
    assert how_sure(Finding("nan", 0.3)) == "possible, 30%"
    assert how_sure(Finding("nan", 0.95, level=NOTE)) == "worth knowing"


@pytest.mark.parametrize(("kind", "highest"), [("bars", 3), ("lines", 3), ("points", 2)])
def test_that_charts_draw_what_is_no_number_as_a_gap(kind: str, highest: int, qtbot: QtBot) -> None:
    chart = Chart(kind, "channel", "range", {"a": (1.0, math.nan, math.inf, 3.0), "b": (0.0, 1.0, 2.0, 1.0)})
    shown, empty = MiniChart(chart), MiniChart(Chart(kind, "channel", "range", {"one": ()}))
    for part in (shown, empty):
        qtbot.addWidget(part)
        part.resize(300, 120)
        part.grab()
    assert shown.accessibleName() == f"range over channel, from 0 to {highest}"


def test_that_names_that_do_not_fit_beside_each_other_stand_below(qtbot: QtBot) -> None:
    series = {f"/block{at}/depthwise/act/Relu_output_0": (1.0, 2.0) for at in range(3)}
    shown = MiniChart(Chart("lines", "calibration inputs", "extent of the range", series))
    qtbot.addWidget(shown)
    assert shown.heightForWidth(300) == shown.heightForWidth(2000) + 3 * shown.fontMetrics().height()


def test_that_a_few_places_with_names_are_lines_of_their_own(qtbot: QtBot) -> None:
    few, many = (MiniChart(Chart("bars", "tensor", "", {"share": (1.0,) * count}, ("t",) * count)) for count in (8, 9))
    for part in (few, many):
        qtbot.addWidget(part)
    line = few.fontMetrics().height()
    assert few.heightForWidth(300) > 8 * line
    assert many.heightForWidth(300) == MiniChart(Chart("bars", "channel", "", {"a": (1.0,)})).heightForWidth(300)


def test_that_two_rows_of_points_are_one_over_the_other() -> None:
    chart = Chart("points", "simulator", "board", {"simulator": (0.0, 2.0), "board": (-5.0, math.nan)})
    assert (limits(chart, is_across=True), limits(chart)) == ((0.0, 2.0), (-5.0, -5.0))


def test_that_a_step_leads_to_what_was_found_where_no_numbers_tell_it(qtbot: QtBot) -> None:
    findings = [Finding("nan", 0.9), Finding("input-std", 0.8, (), {"input": "image"})]
    guide = Guide()
    qtbot.addWidget(guide)
    steps = (
        Step("reference", BAD, "The golden values are there.", causes=("input-std",)),
        Step("float16", BAD, "", outputs={"y": {"cos": 0.5}}, causes=("nan",)),
    )
    guide.show_steps(steps, findings)
    (link,) = guide.findChildren(Link)
    assert link.accessibleName() == "Another std at image"
    with qtbot.waitSignal(guide.finding_wanted) as heard:
        link.click()
    assert heard.args == [1]


def test_that_a_step_opens_the_card_of_its_finding(diagnosed: MainWindow, qtbot: QtBot) -> None:
    view = diagnosed.diagnoses.findings
    diagnosed.desk.go_to_findings()
    qtbot.waitUntil(lambda: bool(view.cards), timeout=LONG)
    card = view.cards[-1]
    card.fold.turn(is_open=False)
    view.guide.finding_wanted.emit(len(view.cards) - 1)
    assert card.fold.is_open
    qtbot.waitUntil(lambda: card.visibleRegion().boundingRect().height() > 0, timeout=LONG)


def test_that_the_bar_of_what_is_lost_ends_with_its_cell(qapp: QApplication) -> None:
    table, option = BlameTable(), QStyleOptionViewItem()
    table.show_blame((LayerBlame("lost", 0.0, LOST, None, LOST), LayerBlame("a", 0.0, 0.01, None, 0.01)))
    option.rect = QRect(0, 0, 60, 24)
    picture = QPixmap(200, 24)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    StackedBars().paint(painter, option, table.index(0, 1))
    painter.end()
    colours = [picture.toImage().pixelColor(x, 12).name() for x in range(200)]
    assert "#ffffff" not in colours[10:50]
    assert set(colours[60:]) == {"#ffffff"}


def test_that_keys_reach_everything_of_a_card(qtbot: QtBot) -> None:
    finding = Finding("nan", 0.9, ("t",), {}, (Evidence("See <b>it</b>.", "t"),), (Fix("Do it.", Change()),))
    card = FindingCard(finding, 1, is_open=False)
    qtbot.addWidget(card)
    card.show()
    assert not card.fold.is_open
    qtbot.keyClick(card.fold, Qt.Key.Key_Space)
    assert card.fold.is_open
    with qtbot.waitSignal(card.evidence_chosen):
        qtbot.keyClick(card.links[0], Qt.Key.Key_Return)
    with qtbot.waitSignal(card.try_wanted):
        qtbot.keyClick(card.tries[0], Qt.Key.Key_Return)
    with qtbot.waitSignal(card.apply_wanted):
        qtbot.keyClick(card.applies[0], Qt.Key.Key_Return)


def test_that_a_finding_about_calibration_leads_to_a_choice_of_inputs(qtbot: QtBot) -> None:
    card = FindingCard(Finding("calibration-few", 0.9), 1, is_open=True)
    qtbot.addWidget(card)
    assert card.choose is not None
    with qtbot.waitSignal(card.calibration_wanted):
        card.choose.click()


def test_that_chosen_inputs_become_the_dataset_and_are_run(diagnosed: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    before = diagnosed.workspace.session
    assert before is not None
    many = tmp_path / "many"
    many.mkdir()
    for number in range(24):
        file = before.dataset[number % len(before.dataset)].files[0]
        (many / f"{number:02}{file.suffix}").write_bytes(file.read_bytes())
    with qtbot.waitSignal(diagnosed.runner.succeeded, timeout=TWICE):
        assert diagnosed.diagnoses.diagnosing.choose_calibration(many) is not None
    assert diagnosed.workspace.session is not None
    assert len(diagnosed.workspace.session.dataset) == CHOSEN
    diagnosed.flow.edits.undo()
    assert diagnosed.workspace.session.dataset == before.dataset
