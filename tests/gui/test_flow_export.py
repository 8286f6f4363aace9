"""Exports from the window."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.errors import SessionError
from workbench.foundation.steps import Warn, drain
from workbench.project.exports import FORMATS, NAMES, Target, export
from workbench.project.session import load_session
from workbench.project.toolkit.disguise import KINDS
from workbench.ui.exporting import BUNDLE
from workbench.ui.main_window import MainWindow
from workbench.ui.views import bars
from workbench.ui.views.export_dialog import ExportDialog


def exported(window: MainWindow, qtbot: QtBot, kind: str, path: Path) -> None:
    job = window.flow.exports.export(kind, path)
    assert job is not None
    qtbot.waitUntil(lambda: not job.is_running, timeout=4 * LONG)
    assert job.state == "succeeded", job.error


def test_that_there_is_nothing_to_export_before_a_run(demo_window: MainWindow) -> None:
    assert not demo_window.actions_.export.isEnabled()
    assert demo_window.actions_.export.statusTip() == "Run first: there are no results yet."


def test_that_a_report_is_written_and_can_be_opened(
    done_window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, shown = tmp_path / "report.html", []
    monkeypatch.setattr(bars, "show_file", shown.append)
    monkeypatch.setattr(bars, "show_folder", lambda shown_path: shown.append(shown_path.parent))
    bar = done_window.message_bar
    exported(done_window, qtbot, "html", path)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert bar.text.text() == f"Written: {path}"
    bar.open_button.click()
    bar.folder_button.click()
    assert shown == [path, tmp_path]


def test_that_tables_and_tensors_are_of_the_session(done_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    exported(done_window, qtbot, "json", tmp_path / "r.json")
    exported(done_window, qtbot, "npy", tmp_path / "t")
    rows = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["layers"]
    assert len(rows) == len(done_window.workspace.rows)
    listed = json.loads((tmp_path / "t" / "tensors.json").read_text(encoding="utf-8"))
    assert listed
    assert np.load(next((tmp_path / "t").rglob("*.npy"))).dtype == np.float32


def test_that_a_folder_that_cannot_be_written_is_told(done_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    job = done_window.flow.exports.export("csv", tmp_path / "file" / "r.csv")
    assert job is not None
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)
    assert job.state == "failed"
    assert done_window.messages.entries[-1].severity == "error"


def test_that_the_dialog_proposes_a_name_and_keeps_the_one_that_was_typed(
    done_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = done_window.flow.exports.ask()
    assert isinstance(dialog, ExportDialog)
    folder = done_window.workspace.folder
    assert folder is not None
    assert Path(dialog.path.text()) == folder / "report.html"
    dialog.choose("qdq")
    assert Path(dialog.path.text()) == folder / "model_qdq.onnx"
    dialog.path.setText(str(tmp_path / "mine.csv"))
    dialog.choose("csv")
    assert Path(dialog.path.text()) == tmp_path / "mine.csv"
    with qtbot.waitSignal(dialog.chosen, timeout=LONG) as chosen:
        dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    assert chosen.args == ["csv", tmp_path / "mine.csv"]
    qtbot.waitUntil((tmp_path / "mine.csv").is_file, timeout=4 * LONG)


def test_that_the_dialog_warns_of_what_it_would_replace(done_window: MainWindow, tmp_path: Path) -> None:
    dialog = done_window.flow.exports.ask()
    assert dialog is not None
    (tmp_path / "a.html").write_bytes(b"")
    dialog.path.setText(str(tmp_path / "a.html"))
    assert dialog.problem.isVisible()
    dialog.path.setText("")
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.reject()


def test_that_the_window_offers_what_the_command_offers(done_window: MainWindow) -> None:
    dialog = done_window.flow.exports.ask()
    assert dialog is not None
    assert {item.kind.partition("-")[0] for item in dialog._offers} == {*FORMATS, BUNDLE}
    assert {item.kind.partition("-")[2] for item in dialog._offers} == {"", *KINDS}
    assert sorted(NAMES) == sorted(FORMATS)
    greyed = {item.kind for item in dialog._offers if item.why_not}
    assert greyed == {"cfg"}  # nobody imported one of the toolkit's
    dialog.reject()


def test_that_a_session_without_results_is_refused(demo_run: Path, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="no results"):
        drain(export(load_session(demo_run), tmp_path, Target("csv", tmp_path / "r.csv")))


def test_that_a_report_without_its_network_warns(demo_run: Path, tmp_path: Path) -> None:
    session = replace(load_session(demo_run), model=tmp_path / "gone.onnx")
    events: list[object] = []
    drain(export(session, demo_run, Target("html", tmp_path / "r.html")), events.append)
    assert next(event.text for event in events if isinstance(event, Warn)).startswith("The network is not drawn")
    assert (tmp_path / "r.html").is_file()
