"""The inspector: what it tells of a row, and the precision it changes."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.made_workspace import made_workspace
from workbench.compare.compare import summarise
from workbench.project.results import OWN_QUANTIZATION
from workbench.quantize.encoding import Encoding
from workbench.quantize.schemes import QuantSettings
from workbench.ui.jobs import JobPool
from workbench.ui.views.inspector.error_block import ErrorBlock, error_text
from workbench.ui.views.inspector.fact_grid import FactGrid
from workbench.ui.views.inspector.inspector import Inspector
from workbench.ui.workspace import Workspace

TURNS = 10


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return made_workspace(tmp_path, samples=2)


@pytest.fixture
def inspector(workspace: Workspace, jobs: JobPool, qtbot: QtBot) -> Inspector:
    result = Inspector(workspace, jobs)
    qtbot.addWidget(result)
    result.resize(280, 700)
    result.show()
    return result


def settle() -> None:
    """Let the inspector show what was chosen: it does so in a turn of its own."""
    for _ in range(TURNS):
        QApplication.processEvents()


def test_that_a_fused_row_names_the_layers_of_the_user(inspector: Inspector, workspace: Workspace) -> None:
    workspace.select("block/b")
    settle()

    assert inspector.op.full_text == "Conv"
    assert inspector.tensor.full_text == "block/b"
    assert inspector.members.text() == "= Conv + Relu of yours"
    assert inspector.members.toolTip() == "conv\nrelu"
    assert ["Shape", "1 × 4 × 6 × 6"] in inspector.about.texts()


def test_that_the_encoding_is_told_with_the_range_it_can_hold(inspector: Inspector, workspace: Workspace) -> None:
    workspace.select("block/b")
    settle()

    assert inspector.stored.texts() == [
        ["Type", "int8"], ["Scale", "0.05"], ["Zero point", "4"], ["Range", "−6.6 … 6.15"],
    ]  # fmt: skip


def test_that_errors_stand_with_mean_and_worst_of_the_inputs(inspector: Inspector, workspace: Workspace) -> None:
    workspace.select("block/b")
    settle()
    errors = workspace.row("block/b").errors["simulator.entire"]  # type: ignore[union-attr]

    lines = inspector.simulator.texts()

    assert lines[0] == ["", "entire", "single"]
    assert lines[1][0] == "cos"
    assert lines[1][1].endswith(f"{errors.mean['cos']:.5f}")
    assert lines[1][2] == "1.00000"
    assert lines[2][1] == f"#{errors.worst_sample['cos'] + 1} {errors.worst['cos']:.5f}"
    assert inspector.runtime.isHidden()


def test_that_a_click_on_the_worst_value_looks_at_its_input(
    inspector: Inspector, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.select("block/b")
    settle()
    errors = workspace.row("block/b").errors["simulator.entire"]  # type: ignore[union-attr]
    workspace.set_sample(1 - errors.worst_sample["cos"])
    grid = inspector.simulator.findChild(FactGrid)
    line = next(at for at, texts in enumerate(grid.texts()) if texts[1].startswith("#"))

    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place(line, 1).center())

    assert workspace.sample == errors.worst_sample["cos"]


def test_that_a_bad_value_has_a_symbol_beside_its_colour(inspector: Inspector, workspace: Workspace) -> None:
    workspace.select("block/b")
    settle()

    assert inspector.simulator.texts()[1][1].startswith("✖")


def test_that_the_toolkits_cosine_is_shown_where_its_digits_differ(qtbot: QtBot) -> None:
    block = ErrorBlock("simulator")
    qtbot.addWidget(block)
    shown = []
    for values in ({"cos": 0.5}, {"cos": 0.5, "cos_toolkit": 0.500001}, {"cos": 0.5, "cos_toolkit": 0.50004}):
        block.show_errors({"simulator.entire": summarise([values])})
        shown.append([line[0] for line in block.texts()[1:]])

    assert shown == [["cos"], ["cos"], ["cos", "cos (toolkit)"]]


def test_that_one_minus_cos_is_written_in_powers_of_ten() -> None:
    assert error_text("one_minus_cos", 2.591e-4) == "2.59·10⁻⁴"
    assert error_text("one_minus_cos", 0.0) == "0"


def test_that_the_constants_of_a_row_are_told(inspector: Inspector, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("block/b")
    settle()

    qtbot.waitUntil(lambda: bool(inspector.constants.texts()), timeout=10_000)
    assert inspector.constants.texts()[0][0] == "4 × 3 × 3 × 3"
    assert inspector.constants.texts()[0][1].endswith("w")


def test_that_the_name_is_copied_whole(inspector: Inspector, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("block/b")
    settle()

    qtbot.mouseClick(inspector.copy, Qt.MouseButton.LeftButton)

    assert QGuiApplication.clipboard().text() == "block/b"


def test_that_float16_changes_the_session_and_int8_takes_it_back(
    inspector: Inspector, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.select("block/b")
    settle()
    session = workspace.session
    assert session is not None

    inspector.precision.button(2).click()
    settle()
    assert workspace.session is not None
    assert workspace.session.quant.float_tensors == ("block/b",)

    inspector.precision.button(1).click()
    settle()
    assert workspace.session.quant.int16_tensors == ("block/b",)
    assert workspace.session.quant.float_tensors == ()

    inspector.precision.button(0).click()
    settle()
    assert workspace.session.quant.int16_tensors == ()


def test_that_space_switches_the_precision(inspector: Inspector, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("block/b")
    settle()

    qtbot.keyClick(inspector, Qt.Key.Key_Space)
    settle()
    assert inspector.precision.checkedButton().text() == "float16"
    qtbot.keyClick(inspector, Qt.Key.Key_Space)
    settle()
    assert inspector.precision.checkedButton().text() == "int8"


def test_that_a_float_network_offers_no_precision(inspector: Inspector, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.select("block/b")
    settle()

    workspace.change(quant=replace(QuantSettings(), dtype="fp16"))
    settle()

    assert not inspector.precision.button(0).isEnabled()
    assert "fp16" in inspector.why_fixed.text()
    qtbot.keyClick(inspector, Qt.Key.Key_Space)
    settle()
    assert workspace.session is not None
    assert workspace.session.quant.float_tensors == ()


def test_that_a_quantised_network_offers_no_precision(inspector: Inspector, workspace: Workspace, qtbot: QtBot) -> None:
    assert workspace.results is not None
    rows = tuple(replace(row, note=OWN_QUANTIZATION) for row in workspace.results.rows)
    workspace.set_results(replace(workspace.results, rows=rows))
    settle()
    workspace.select("block/b")
    settle()

    assert not inspector.precision.button(0).isVisible()
    qtbot.keyClick(inspector, Qt.Key.Key_Space)
    settle()
    assert workspace.session is not None
    assert workspace.session.quant.float_tensors == ()


def test_that_an_empty_selection_says_what_to_do(inspector: Inspector, workspace: Workspace) -> None:
    assert "Select a layer" in inspector.hint.text()
    assert inspector.hint.isVisible()

    workspace.set_session(None, None, None)
    settle()
    assert "Open a network" in inspector.hint.text()


def test_that_a_layer_is_described_before_any_run(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = made_workspace(tmp_path / "fresh", run=False)
    inspector = Inspector(workspace, jobs)
    qtbot.addWidget(inspector)

    workspace.select("block/a")
    settle()

    assert inspector.op.full_text == "Conv"
    assert ["pads", "1 1 1 1"] in inspector.attributes.texts()
    assert inspector.simulator.isHidden()


@pytest.mark.parametrize(
    ("seen", "text"),
    [((-2.0, 4.0), "× 16376, 14.0 bits"), ((0.0, 131008.0), "overflows (× 0.5)"), ((0.0, 0.0), "unlimited")],
)
def test_that_a_row_in_float16_tells_its_head_room(
    inspector: Inspector, workspace: Workspace, seen: tuple[float, float], text: str
) -> None:
    assert workspace.results is not None
    rows = [replace(row, encoding=Encoding("float16"), golden_range=seen) for row in workspace.results.rows]
    workspace.set_results(replace(workspace.results, rows=tuple(rows)))
    settle()
    workspace.select("block/b")
    settle()

    lines = inspector.stored.texts()

    assert [line[0] for line in lines] == ["Type", "Holds", "Golden range", "Head-room"]
    assert (lines[1][1], lines[3][1]) == ("±65504", text)


def test_that_a_key_in_the_turn_of_the_selection_goes_to_what_was_selected(
    inspector: Inspector, workspace: Workspace
) -> None:
    workspace.select("block/b")
    inspector.take_focus()

    assert inspector.op.full_text == "Conv"
    assert inspector.focusWidget().accessibleName() == "Details of the layer"
