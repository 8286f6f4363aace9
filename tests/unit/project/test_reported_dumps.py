"""Rules of a real snapshot of an RK3588, imported without a hand on it, and of snapshots that are not whole."""

import shutil
from pathlib import Path

import pytest

from workbench.dump.store import Dump
from workbench.foundation.steps import Event, Warn, drain
from workbench.project.reported.reported import report_session
from workbench.project.results import Results, load_results
from workbench.sources.toolkit.report import read_report_file


@pytest.fixture
def snapshot(shared: Path) -> Path:
    return shared / "artifacts" / "mobilenetv2_rk3588_runtime"


@pytest.fixture
def results(snapshot: Path, tmp_path: Path) -> Results:
    return drain(report_session(snapshot, None, tmp_path / "session"))


def on_board(results: Results) -> list[str]:
    with Dump(results.dumps["runtime"][0]) as board, Dump(results.dumps["golden"][0]) as golden:
        return [row.tensor for row in results.rows if row.tensor in board and row.tensor in golden]


@pytest.mark.parametrize(("column", "source"), [("runtime.entire", "runtime"), ("simulator.entire", "simulator")])
def test_that_what_is_recomputed_has_the_digits_of_the_report(
    results: Results, snapshot: Path, column: str, source: str
) -> None:
    printed = {row.tensor: row.values[column] for row in read_report_file(snapshot).rows if column in row.values}
    with Dump(results.dumps[source][0]) as dump, Dump(results.dumps["golden"][0]) as golden:
        there = [row for row in results.rows if row.tensor in dump and row.tensor in golden and row.tensor in printed]
    assert len(there) >= 12
    for row in there:
        values = row.errors[column].mean
        assert "max_abs" in values, f"{row.tensor} was not recomputed"
        assert values["cos"] == pytest.approx(printed[row.tensor]["cos"], abs=2e-5)
        assert values["euc"] == pytest.approx(printed[row.tensor]["euc"], rel=1e-3)


def test_that_all_four_columns_of_the_report_stand_in_the_table(results: Results) -> None:
    for tensor in on_board(results):
        row = next(row for row in results.rows if row.tensor == tensor)
        assert {"simulator.entire", "simulator.single", "runtime.entire", "runtime.single_sim"} <= row.errors.keys()


def test_that_a_layer_that_the_board_fused_away_has_blank_cells(results: Results) -> None:
    row = next(row for row in results.rows if row.tensor == "/features/features.15/conv/conv.2/Conv_output_0")

    assert row.errors.keys() == {"simulator.entire", "simulator.single"}


def test_that_the_boards_input_is_not_compared(results: Results) -> None:
    row = next(row for row in results.rows if row.op == "Input")

    assert "runtime.entire" not in row.errors


def test_that_the_session_can_be_opened_again_with_its_tensors(results: Results, tmp_path: Path) -> None:
    again = load_results(tmp_path / "session")

    assert again is not None
    assert again.dumps.keys() == {"golden", "simulator", "runtime"}
    assert all(path.is_file() for paths in again.dumps.values() for path in paths)


def test_that_dumps_of_other_values_than_the_reports_are_told(snapshot: Path, tmp_path: Path) -> None:
    copy = tmp_path / "snapshot"
    shutil.copytree(snapshot, copy)
    text = (copy / "error_analysis.txt").read_text()
    (copy / "error_analysis.txt").write_text(text.replace("| 44.470", "| 11.111").replace("| 44.469", "| 11.111"))
    events: list[Event] = []

    drain(report_session(copy, None, tmp_path / "session"), events.append)

    said = [event.text for event in events if isinstance(event, Warn)]
    assert any("give other numbers" in text and "features.17/conv/conv.1" in text for text in said)


def test_that_a_snapshot_without_dumps_is_still_a_report(snapshot: Path, tmp_path: Path) -> None:
    (tmp_path / "snapshot" / "golden").mkdir(parents=True)
    shutil.copy(snapshot / "error_analysis.txt", tmp_path / "snapshot")

    results = drain(report_session(tmp_path / "snapshot", None, tmp_path / "session"))

    assert (len(results.rows), results.dumps) == (67, {})
