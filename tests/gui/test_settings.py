"""The Settings tab: what an edit changes, what is shown of it, and what cannot be chosen."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from tests.unit.networks import declared, network, node
from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import Session
from workbench.ui.jobs import JobPool
from workbench.ui.main_window import MainWindow
from workbench.ui.views.settings.inputs_panel import InputsPanel
from workbench.ui.workspace import Workspace

INPUT = "image"


def preprocess_of(window: MainWindow) -> Preprocess:
    assert window.workspace.session is not None
    return window.workspace.session.preprocess[INPUT]


def choose(combo: QComboBox, text: str) -> None:
    combo.setCurrentText(text)
    combo.activated.emit(combo.currentIndex())


def pictures(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"picture {number}.png" for number in range(count)]
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), np.full((40, 60, 3), 40 * number, np.uint8))
    return paths


def test_that_the_demo_s_picture_is_shown_before_and_after(demo_window: MainWindow, qtbot: QtBot) -> None:
    preview = demo_window.settings_panel.preprocess.preview
    qtbot.waitUntil(lambda: preview.original.has_picture and preview.seen.has_picture, timeout=LONG)
    assert "1×3×64×64 float32" in preview.values.text()
    assert "values" in preview.values.text()


def test_that_a_preset_changes_mean_std_and_order_at_once(demo_window: MainWindow) -> None:
    panel = demo_window.settings_panel.preprocess
    choose(panel.preset, "Caffe BGR")
    found = preprocess_of(demo_window)
    assert (found.mean, found.std, found.order) == ((103.939, 116.779, 123.68), (1.0,), "bgr")
    assert panel.mean.text() == "103.939 116.779 123.68"


def test_that_typed_numbers_are_taken_while_they_are_typed(demo_window: MainWindow, qtbot: QtBot) -> None:
    panel = demo_window.settings_panel.preprocess
    panel.mean.clear()
    qtbot.keyClicks(panel.mean, "1, 2, 3")
    assert preprocess_of(demo_window).mean == (1.0, 2.0, 3.0)
    assert panel.mean.text() == "1, 2, 3"
    assert panel.preset.currentText() == "custom"


def test_that_scrolling_over_a_choice_changes_nothing(demo_window: MainWindow) -> None:
    combo, before = demo_window.settings_panel.preprocess.resize_combo, preprocess_of(demo_window)
    nowhere, down = QPoint(), QPoint(0, -120)
    keys, button = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    wheel = QWheelEvent(QPointF(5, 5), QPointF(5, 5), nowhere, down, button, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(combo, wheel)
    assert preprocess_of(demo_window) == before


def test_that_a_field_without_a_number_is_marked_and_changes_nothing(demo_window: MainWindow, qtbot: QtBot) -> None:
    panel, before = demo_window.settings_panel.preprocess, preprocess_of(demo_window)
    panel.std.clear()
    qtbot.keyClicks(panel.std, "abc")
    assert panel.std.property("invalid") is True
    assert preprocess_of(demo_window) == before


def test_that_settings_that_cannot_be_used_say_why(demo_window: MainWindow, qtbot: QtBot) -> None:
    panel = demo_window.settings_panel.preprocess
    panel.mean.clear()
    qtbot.keyClicks(panel.mean, "1 2")
    assert INPUT in panel.problem.text()
    assert not panel.problem.isHidden()


def test_that_rockchip_s_spelling_follows_the_settings(demo_window: MainWindow) -> None:
    choose(demo_window.settings_panel.preprocess.preset, "−1–1")
    text = demo_window.settings_panel.spelling.text()
    assert "mean_values=[[127.5, 127.5, 127.5]]" in text
    assert 'channel_mean_value "127.5 127.5 127.5 127.5"' in text
    assert 'reorder_channel "0 1 2"' in text


@pytest.mark.parametrize(
    "text",
    [
        "rknn.config(mean_values=[[128, 128, 128]], std_values=[[64, 64, 64]], quant_img_RGB2BGR=True)",
        "channel_mean_value='128 128 128 64', reorder_channel='2 1 0'",
    ],
)
def test_that_either_spelling_can_be_pasted(demo_window: MainWindow, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    demo_window.settings_panel.paste_spelling()
    found = preprocess_of(demo_window)
    assert set(found.mean) == {128.0}
    assert set(found.std) == {64.0}
    assert found.order == "bgr"


def test_that_pasted_nonsense_is_a_message(demo_window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("no settings")
    demo_window.settings_panel.paste_spelling()
    assert demo_window.messages.entries[-1].severity == "error"
    assert demo_window.messages.entries[-1].hint


def test_that_added_pictures_are_listed_once(demo_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    panel, paths = demo_window.settings_panel.inputs, pictures(tmp_path, 2)
    for _ in range(2):
        panel.take_files(paths)
        qtbot.waitUntil(lambda: panel.list.count() == 3, timeout=LONG)
        qtbot.wait(30)
    assert panel.list.count() == 3
    assert panel.list.item(1).text().endswith("picture 0.png")


def test_that_calibration_follows_the_inputs_until_a_dataset_is_chosen(
    demo_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    workspace, panel = demo_window.workspace, demo_window.settings_panel.inputs
    assert workspace.session is not None
    workspace.change(dataset=workspace.session.samples)
    panel.take_files(pictures(tmp_path, 1))
    qtbot.waitUntil(lambda: panel.list.count() == 2, timeout=LONG)
    assert workspace.session.dataset == workspace.session.samples
    panel.take_dataset(tmp_path)
    qtbot.waitUntil(lambda: len(workspace.session.dataset) == 1, timeout=LONG)
    assert panel.dataset.full_text.endswith("· 1")


def test_that_a_bad_line_of_a_dataset_is_named_where_it_was_chosen(
    demo_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (dataset := tmp_path / "dataset.txt").write_text("missing.png\n")
    panel = demo_window.settings_panel.inputs
    panel.take_dataset(dataset)
    qtbot.waitUntil(lambda: not panel.problem.isHidden(), timeout=LONG)
    assert "line 1" in panel.problem.text()
    assert "missing.png" in panel.problem.text()


def test_that_a_damaged_picture_is_told_beside_the_preview(
    demo_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (broken := tmp_path / "broken.png").write_bytes(b"no picture")
    panel = demo_window.settings_panel
    panel.inputs.take_files([broken])
    qtbot.waitUntil(lambda: panel.inputs.list.count() == 2, timeout=LONG)
    panel.inputs.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: "broken.png" in panel.preprocess.preview.values.text(), timeout=LONG)
    assert not panel.preprocess.preview.seen.has_picture


def test_that_what_does_not_exist_is_grey_and_says_why(demo_window: MainWindow) -> None:
    panel = demo_window.settings_panel.quantization
    for combo, text, why in (
        (panel.dtype, "w4a16", "rk3588 does not have it"),
        (panel.dtype, "asymmetric_quantized-u8", "rv1109"),
        (panel.method, "group32", "w8a8 has channel, layer"),
        (panel.algorithm, "gdq", "toolkit has it"),
    ):
        model = combo.model()
        assert isinstance(model, QStandardItemModel)
        item = model.item(combo.findText(text))
        assert not item.isEnabled()
        assert why in str(item.data(Qt.ItemDataRole.ToolTipRole))


def test_that_another_chip_brings_a_data_type_that_it_has(demo_window: MainWindow) -> None:
    panel = demo_window.settings_panel.quantization
    choose(panel.target, "rk3576")
    choose(panel.dtype, "w4a16")
    choose(panel.method, "group64")
    assert demo_window.workspace.session is not None
    assert demo_window.workspace.session.quant.method == "group64"
    assert not panel.algorithm.isEnabled()

    choose(panel.target, "rv1109")
    quant = demo_window.workspace.session.quant
    assert (quant.dtype, quant.method) == ("asymmetric_quantized-u8", "layer")
    assert panel.dtype.currentText() == "asymmetric_quantized-u8"


def test_that_fp16_leaves_nothing_else_to_choose(demo_window: MainWindow) -> None:
    panel = demo_window.settings_panel.quantization
    choose(panel.dtype, "fp16")
    assert demo_window.workspace.session is not None
    assert demo_window.workspace.session.quant.dtype == "fp16"
    assert not panel.method.isEnabled()
    assert panel.method.toolTip()


def test_that_the_selected_layer_can_be_kept_in_float16_and_dropped(demo_window: MainWindow) -> None:
    workspace, panel = demo_window.workspace, demo_window.settings_panel.quantization
    tensor = workspace.rows[3].tensor
    assert not panel.keep.isEnabled()
    workspace.select(tensor)
    panel.keep.click()
    assert workspace.session is not None
    assert workspace.session.quant.float_tensors == (tensor,)
    panel.float_list.setCurrentRow(0)
    panel.drop.click()
    assert workspace.session.quant.float_tensors == ()


def test_that_settings_are_written_into_a_session_that_has_a_folder(done_window: MainWindow, qtbot: QtBot) -> None:
    workspace, folder = done_window.workspace, done_window.workspace.folder
    assert workspace.session is not None
    assert folder is not None
    workspace.change(quant=replace(workspace.session.quant, method="layer"))
    text = folder / "session.json"
    qtbot.waitUntil(lambda: '"method": "layer"' in text.read_text(), timeout=LONG)


def test_that_a_preset_of_one_number_leaves_the_channel_order(demo_window: MainWindow) -> None:
    panel = demo_window.settings_panel.preprocess
    choose(panel.order, "BGR")
    choose(panel.preset, "0–1")
    assert (preprocess_of(demo_window).std, preprocess_of(demo_window).order) == ((255.0,), "bgr")
    assert panel.preset.currentText() == "0–1"


def test_that_files_of_several_inputs_can_be_added_one_by_one(tmp_path: Path, jobs: JobPool, qtbot: QtBot) -> None:
    workspace = Workspace()
    model = network(tmp_path, [node("Add", ["x", "z"], ["y"])], inputs=[declared(name, (1, 3, 8, 8)) for name in "xz"])
    panel = InputsPanel(workspace, jobs)
    qtbot.addWidget(panel)
    workspace.set_session(Session(model.path), tmp_path, model)
    first, second = pictures(tmp_path, 2)

    panel.take_files([first])
    assert "z" in panel.problem.text()
    panel.take_files([second])

    qtbot.waitUntil(lambda: bool(workspace.session and workspace.session.samples), timeout=LONG)
    assert workspace.session is not None
    assert workspace.session.samples[0].files == (first, second)
    assert not panel.problem.text()


def test_that_an_error_of_the_inputs_stays_in_the_message_list(demo_window: MainWindow, qtbot: QtBot) -> None:
    demo_window.desk.show_settings()
    demo_window.settings_panel.inputs.take_list(Path("nowhere/dataset.txt"))
    qtbot.waitUntil(lambda: bool(demo_window.messages.entries), timeout=LONG)
    assert "dataset.txt" in demo_window.messages.entries[-1].text
    assert not demo_window.message_bar.isVisible()
