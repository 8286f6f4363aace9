"""Networks of several frameworks, simulated by the real toolkit in the window: each has its table and its graph."""

from pathlib import Path

import cv2
import h5py
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.benchmarks.bench_vendor_window import Wish, generated, run_in
from tests.gui.test_flow_drops import drop, import_dialog
from workbench.dump.store import Dump
from workbench.ui.main_window import MainWindow

pytestmark = pytest.mark.toolkit
VERY_LONG = 240_000  # ms


@pytest.fixture(autouse=True)
def _toolkit(toolkit_python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RKNN_TOOLKIT_PYTHON", str(toolkit_python))


@pytest.mark.parametrize("framework", ["onnx", "caffe", "darknet"])
def test_that_the_window_shows_what_the_toolkit_printed(
    framework: str, window: MainWindow, toolkit_python: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    wish = generated(framework, tmp_path / "network", toolkit_python)

    seen = run_in(window, wish, lambda is_done: qtbot.waitUntil(lambda: bool(is_done()), timeout=VERY_LONG))

    assert seen.problem == ""
    assert seen.printed >= 4 * 5
    assert seen.equal >= 0.99 * seen.printed
    assert seen.coloured >= 0.5 * seen.boxes
    assert seen.selected in {row.tensor for row in window.workspace.rows}
    assert window.table.view.selected_tensors() == [seen.selected]


@pytest.mark.parametrize("form", ["folder", "h5"])
def test_that_what_the_user_computed_is_golden_for_a_network_of_caffe(
    form: str, window: MainWindow, toolkit_python: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    wish = generated("caffe", tmp_path / "network", toolkit_python)
    arrays = computed(wish)
    assert run_in(window, wish, lambda is_done: qtbot.waitUntil(lambda: bool(is_done()), timeout=VERY_LONG)).rows

    before = window.workspace.own_results
    drop(window, written(arrays, form, tmp_path / "golden"))
    dialog = import_dialog(window, qtbot)
    assert dialog.kind.currentText() == "Golden"
    dialog.accept()
    qtbot.waitUntil(lambda: "golden" in window.workspace.session.imports, timeout=VERY_LONG)

    qtbot.waitUntil(lambda: window.workspace.own_results is not before, timeout=VERY_LONG)

    results = window.workspace.own_results
    with Dump(results.dumps["golden"][0]) as golden:
        assert {name: golden[name].tolist() for name in arrays} == {name: arrays[name].tolist() for name in arrays}
    errors = {row.tensor: row.errors.get("simulator.entire") for row in window.workspace.rows}
    assert errors["sum"].mean["cos"] > 0.99
    assert [entry.text for entry in window.messages.entries if entry.severity == "error"] == []


def computed(wish: Wish) -> dict[str, np.ndarray]:
    """What a user's own program computes: every layer of the network for the first input."""
    net = cv2.dnn.readNetFromCaffe(str(wish.path), str(wish.path.with_suffix(".caffemodel")))
    net.setInput(np.load(wish.settings["samples"][0].files[0]))
    return {name: net.forward(name) for name in ("side", "sum", "fc", "prob")}


def written(arrays: dict[str, np.ndarray], form: str, folder: Path) -> Path:
    folder.mkdir()
    if form == "h5":
        with h5py.File(folder / "golden.h5", "w") as file:
            for name, array in arrays.items():
                file[name] = array
        return folder / "golden.h5"
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return folder
