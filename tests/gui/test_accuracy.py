"""Accuracy on a data set in the window: what is asked for, the figures, the images on which sources disagree."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.errors import SessionError
from workbench.foundation.resources import resource
from workbench.project.session import BoardChoice
from workbench.ui.main_window import MainWindow
from workbench.ui.models.accuracy.apart_list import ApartList
from workbench.ui.models.accuracy.figure_table import BAR, DIFFERENCE, FIGURE, INTERVAL, SOURCE, VALUE, FigureTable
from workbench.ui.models.accuracy.figures import Apart, figures_of
from workbench.ui.reading_accuracy import CLASSIFICATION, DETECTION, SIDE, Asked, read_figures
from workbench.ui.views.accuracy.form import FILE, FLOAT, FOLDERS, OUTPUTS, SCORE, AccuracyForm

TOLD = {
    "task": "classification", "images": 200, "dataset": "/images", "labels": "/labels.txt",
    "sources": [
        {"source": "float", "with": "float", "values": {"top1": {"value": 0.975, "low": 0.94, "high": 0.99}},
         "difference": {}, "unanswered": 0, "seconds": 1.5, "computed": 200},
        {"source": "layer", "with": "layer:method=layer", "unanswered": 1, "seconds": 0.1, "computed": 0,
         "values": {"top1": {"value": 0.7, "low": 0.6, "high": 0.8}, "top5": {"value": 0.9, "low": 0.8, "high": 1.0}},
         "difference": {"top1": {"value": -0.275, "low": -0.3, "high": -0.2, "chance": 1e-9, "lost": 60, "won": 5}}},
        {"source": "fp16", "with": "fp16:dtype=fp16", "unanswered": 0, "seconds": 0.1, "computed": 0,
         "values": {"top1": {"value": 0.97, "low": 0.93, "high": 0.99}},
         "difference": {"top1": {"value": -0.005, "low": -0.02, "high": 0.01, "chance": 1.0, "lost": 1, "won": 0}}},
    ],
    "disagreements": [{"source": "layer", "image": "a.png", "text": "cat → dog, right is cat", "weight": 2.0}],
}  # fmt: skip


@pytest.fixture
def form(qtbot: QtBot) -> AccuracyForm:
    result = AccuracyForm()
    qtbot.addWidget(result)
    result.show()
    return result


def choose(form: AccuracyForm, task: str = CLASSIFICATION, right: str = FOLDERS) -> None:
    form.task.setCurrentIndex(form.task.findData(task))
    form.right.setCurrentIndex(form.right.findData(right))
    form._on_changed()


def test_that_images_are_needed(form: AccuracyForm) -> None:
    assert "images" in form.why_not
    form.images.edit.setText("/images")
    assert form.why_not == ""
    assert form.asked == Asked(Path("/images"))


@pytest.mark.parametrize(
    ("task", "right", "word"),
    [(CLASSIFICATION, FILE, "labels"), (DETECTION, FOLDERS, "what is on"), (SCORE, FOLDERS, "hook")],
)
def test_that_it_is_said_what_is_missing(form: AccuracyForm, task: str, right: str, word: str) -> None:
    form.images.edit.setText("/images")
    choose(form, task, right)
    assert word in form.why_not


def test_that_float_is_asked_where_its_answers_are_right(form: AccuracyForm) -> None:
    form.images.edit.setText("/images")
    choose(form, DETECTION, FLOAT)
    assert form.why_not == ""
    form.sources.boxes["float"].click()
    assert "float" in form.why_not


def test_that_only_what_a_task_needs_is_shown(form: AccuracyForm) -> None:
    choose(form, DETECTION, FILE)
    assert form.decoder.isVisible()
    assert not form.names.isVisible()
    choose(form, OUTPUTS)
    assert not form.right.isVisible()
    assert not form.hook.isVisible()


def test_that_sources_are_added_and_left_out(form: AccuracyForm) -> None:
    form.sources.take("layer:method=layer")
    form.sources.take("layer:method=layer,algorithm=mmse")
    assert form.sources.sources == ("float", "simulator", "layer:method=layer,algorithm=mmse")
    form.sources._chips[0].click()
    assert form.sources.sources == ("float", "simulator")


def test_that_a_session_without_a_board_offers_none(demo_window: MainWindow, form: AccuracyForm) -> None:
    session = demo_window.workspace.session
    assert session is not None
    form.show_session(session)
    assert not form.sources.boxes["board"].isEnabled()
    form.show_session(replace(session, board=BoardChoice("bench")))
    assert form.sources.boxes["board"].isEnabled()


def test_that_a_figure_stands_with_its_interval_and_what_it_loses() -> None:
    table = FigureTable()
    table.show(figures_of(TOLD), "top1")
    texts = [[table.index(row, column).data() for column in (SOURCE, VALUE, INTERVAL, DIFFERENCE)] for row in range(3)]
    assert texts[0] == ["float", "97.50 %", "94.00 – 99.00", ""]
    assert texts[1] == ["layer", "70.00 %", "60.00 – 80.00", "✖ −27.50"]
    assert texts[2] == ["fp16", "97.00 %", "93.00 – 99.00", "−0.50"]
    assert table.limits == (0.6, 0.99)
    assert table.index(0, BAR).data(FIGURE).value == 0.975


def test_that_a_figure_that_a_source_has_not_is_empty() -> None:
    table = FigureTable()
    table.show(figures_of(TOLD), "top5")
    assert [table.index(row, VALUE).data() for row in range(3)] == ["", "90.00 %", ""]
    assert "no answer: 1" in table.index(1, SOURCE).data(Qt.ItemDataRole.ToolTipRole)


def test_that_thumbnails_are_asked_for_once() -> None:
    model = ApartList()
    model.show_all([Apart("layer", f"{name}.png", "cat → dog") for name in "ab"], keeps=False)
    for _ in range(2):
        model.index(0).data(Qt.ItemDataRole.DecorationRole)
    assert model.take_wanted() == ["a.png"]
    model.take_pictures(["a.png"], {"a.png": np.full((20, SIDE, 3), 200, np.uint8)})
    picture = model.index(0).data(Qt.ItemDataRole.DecorationRole)
    assert isinstance(picture, QPixmap)
    assert picture.toImage().pixelColor(SIDE // 2, SIDE // 2).red() == 200
    assert picture.toImage().pixelColor(0, 0).alpha() == 0
    assert model.take_wanted() == []


def test_that_a_damaged_evaluation_is_a_sentence(tmp_path: Path) -> None:
    assert read_figures(tmp_path) is None
    (tmp_path / "evaluation.json").write_text('{"task": 3', encoding="utf-8")
    with pytest.raises(SessionError, match="damaged"):
        read_figures(tmp_path)


def test_that_the_form_asks_for_what_was_measured_last(form: AccuracyForm) -> None:
    options = {"names": "/names.txt", "first": 1, "most": 7, "decoder": "", "least": 0.001, "hook": "/hook.py"}
    form.show_asked(figures_of({**TOLD, "options": options}), None)
    assert form.asked == Asked(
        Path("/images"), CLASSIFICATION, Path("/labels.txt"), False, Path("/names.txt"), 1, 7, hook=Path("/hook.py"),
        sources=("float", "layer:method=layer", "fp16:dtype=fp16"),
    )  # fmt: skip


def test_that_the_demo_is_measured_an_image_opened_and_all_there_again(
    done_window: MainWindow, own_processes: None, qtbot: QtBot
) -> None:
    done_window.actions_.accuracy.trigger()
    page, evaluating = done_window.studies.accuracy, done_window.studies.evaluating
    qtbot.waitUntil(lambda: evaluating.is_read, timeout=LONG)
    assert page.form.asked.images == resource("demo") / "labelled"
    page.form.most.setValue(40)
    page.form.sources.take("layer:method=layer")
    page.begin.click()
    qtbot.waitUntil(lambda: not evaluating.is_running, timeout=8 * LONG)
    figures = evaluating.figures
    assert figures is not None
    assert [source.name for source in figures.sources] == ["float", "simulator", "layer"]
    assert figures.images == 40
    assert figures.apart
    assert page.table.rowCount() == 3
    assert read_figures(done_window.workspace.folder or Path()) == figures
    page.list.setFocus()
    page.list.setCurrentIndex(evaluating.apart.index(0))
    image = figures.apart[0].image
    with qtbot.waitSignal(done_window.opener.opened, timeout=8 * LONG):
        QTest.keyClick(page.list, Qt.Key.Key_Return)
    session = done_window.workspace.session
    assert session is not None
    assert [sample.files[0].name for sample in session.samples] == [image]
    assert done_window.graph.isVisible()


def test_that_a_source_that_cannot_be_run_is_refused(done_window: MainWindow, qtbot: QtBot) -> None:
    done_window.actions_.accuracy.trigger()
    sources = done_window.studies.accuracy.form.sources
    sources.edit.setFocus()
    QTest.keyClicks(sources.edit, "layer:methd=layer")
    QTest.keyClick(sources.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(done_window.messages.entries), timeout=LONG)
    assert "methd" in done_window.messages.entries[-1].text
    sources.edit.setText("layer:method=layer")
    QTest.keyClick(sources.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sources.others == ["layer:method=layer"], timeout=LONG)
