"""Plans in the window: one is imported, the run uses it, and it leaves as a network."""

from pathlib import Path

import onnx
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.steps import drain
from workbench.project.plans import export_plan
from workbench.ui.main_window import MainWindow


def own_plan(window: MainWindow, path: Path) -> Path:
    session, folder = window.workspace.session, window.workspace.folder
    assert session is not None
    assert folder is not None
    return drain(export_plan(session, folder, "plan", path))


def test_that_an_imported_plan_is_the_sessions_and_can_be_removed(
    done_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = own_plan(done_window, tmp_path / "plan.json")

    done_window.plans.import_plan(path)

    qtbot.waitUntil(lambda: done_window.workspace.session.plan == path, timeout=LONG)
    assert "plan.json" in done_window.messages.entries[-1].text
    done_window.actions_.drop_plan.trigger()
    assert done_window.workspace.session.plan is None
    assert not done_window.actions_.drop_plan.isEnabled()


def test_that_a_file_that_is_no_plan_changes_nothing(done_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "other.cfg"
    path.write_text("a: [1", encoding="utf-8")

    done_window.plans.import_plan(path)

    qtbot.waitUntil(lambda: any("is no YAML" in item.text for item in done_window.messages.entries), timeout=LONG)
    assert done_window.workspace.session.plan is None


def test_that_a_cfg_of_layers_alone_chooses_their_precision(
    done_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path, name = tmp_path / "short.quantization.cfg", done_window.workspace.rows[3].tensor
    path.write_text(
        f'custom_quantize_layers:\n    "{name}": float16\nquantize_parameters:\n    "{name}":\n        qtype: asym\n'
        "        dtype: int8\n        min:\n        -   0.0\n        max:\n        -   1.0\n",
        encoding="utf-8",
    )

    done_window.plans.import_plan(path)

    qtbot.waitUntil(lambda: done_window.workspace.session.quant.float_tensors == (name,), timeout=LONG)
    assert done_window.workspace.session.plan is None
    assert "only says which layers" in done_window.messages.entries[-1].text


def test_that_the_plan_leaves_as_a_network(done_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "demo_qdq.onnx"

    done_window.flow.exports.export("qdq", path)

    qtbot.waitUntil(lambda: any(str(path) in item.text for item in done_window.messages.entries), timeout=LONG)
    assert "DequantizeLinear" in {node.op_type for node in onnx.load(path).graph.node}


def test_that_there_is_nothing_to_export_before_a_run(demo_window: MainWindow) -> None:
    assert not demo_window.actions_.export.isEnabled()
    assert demo_window.actions_.import_plan.isEnabled()
