"""Which column of a report colours at first."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.gui.made_results import some_results
from workbench.compare.compare import summarise
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.ui.workspace import Workspace


def report(simulator: float, board: float) -> Results:
    results = some_results([simulator, simulator])
    rows = [replace(row, errors={**row.errors, "runtime.entire": summarise([{"cos": board}])}) for row in results.rows]
    return replace(results, rows=tuple(rows), dumps={})


def shown(results: Results, simulator: str = "none") -> Workspace:
    workspace = Workspace()
    workspace.set_session(Session(Path("net.onnx"), simulator=simulator), Path("session"), None)
    workspace.set_results(results)
    return workspace


@pytest.mark.parametrize(
    ("simulator", "board", "column"),
    [
        (0.9995, 0.4, "runtime.entire"),
        (0.9995, float("nan"), "runtime.entire"),
        (0.9995, 0.9992, "simulator.entire"),
        (0.4, 0.9995, "simulator.entire"),
    ],
)
def test_that_a_report_is_coloured_by_its_worse_column(simulator: float, board: float, column: str) -> None:
    assert shown(report(simulator, board)).column == column


def test_that_a_column_that_was_chosen_stays() -> None:
    workspace = shown(report(0.9995, 0.4))
    workspace.set_colouring("simulator.entire", "cos")
    workspace.set_results(report(0.9995, 0.3))
    assert workspace.column == "simulator.entire"


def test_that_the_columns_of_an_analysis_are_left_alone() -> None:
    assert shown(report(0.9995, 0.4), simulator="embedded").column == "simulator.entire"
