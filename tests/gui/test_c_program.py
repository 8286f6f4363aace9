"""The window that checks the C program: buffers dropped, attributes pasted, code to copy."""

from pathlib import Path

import numpy as np
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.made_files import write_buffer
from tests.helpers.waiting import LONG
from workbench.ui.main_window import MainWindow
from workbench.ui.views.capi.window import ProgramWindow

ATTRS = (
    "input tensors:\n index=0, name=data, n_dims=4, dims=[1, 112, 112, 3], n_elems=37632, size=37632, fmt=NHWC, "
    "type=INT8, qnt_type=AFFINE, zp=0, scale=0.007843"
)


def opened(window: MainWindow) -> ProgramWindow:
    window.actions_.c_program.trigger()
    view = window.findChildren(ProgramWindow)[-1]
    assert isinstance(view, ProgramWindow)
    return view


def fed(window: MainWindow, path: Path, *, is_bgr: bool) -> Path:
    write_buffer(window.workspace, path, is_exchanged=is_bgr)
    return path


def test_that_a_buffer_with_red_and_blue_exchanged_is_told(
    done_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page = opened(done_window).input
    page.take(fed(done_window, tmp_path / "in.bin", is_bgr=True))
    qtbot.waitUntil(lambda: bool(page.found.shown), timeout=2 * LONG)
    assert [told.title for told in page.found.shown if told.level == "bad"] == [
        "Red and blue are exchanged: the network wants RGB."
    ]


def test_that_a_buffer_of_another_size_says_what_would_fit(
    done_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page = opened(done_window).input
    path = tmp_path / "short.bin"
    path.write_bytes(b"12345")
    page.take(path)
    qtbot.waitUntil(lambda: bool(page.found.shown), timeout=2 * LONG)
    assert any(told.is_serious and "5 bytes" in told.title for told in page.found.shown)


def test_that_raw_pixels_are_refused_where_channels_have_means_of_their_own(
    done_window: MainWindow, qtbot: QtBot
) -> None:
    page = opened(done_window).input
    page.prove.click()
    qtbot.waitUntil(lambda: bool(page.found.shown), timeout=2 * LONG)
    assert page.found.shown[0].level == "bad"
    assert any("differ between channels" in told.title for told in page.found.shown)


def test_that_pasted_attributes_are_explained_without_a_network(window: MainWindow, qtbot: QtBot) -> None:
    view = opened(window)
    view.attributes.text.setPlainText(ATTRS)
    qtbot.waitUntil(lambda: bool(view.attributes.found.shown), timeout=2 * LONG)
    titles = [told.title for told in view.attributes.found.shown]
    assert titles[0] == "input 0  data"
    assert any("0.007843" in title for title in titles)
    assert not view.input.check.isEnabled()
    assert not view.code.language.isEnabled()


def test_that_a_text_without_attributes_says_what_to_paste(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window).attributes
    page.text.setPlainText("hello")
    qtbot.waitUntil(lambda: bool(page.found.shown), timeout=2 * LONG)
    assert page.found.shown[0].title == "The text holds no printed rknn_tensor_attr."
    assert page.found.shown[0].fix


def test_that_an_output_is_read_for_both_want_floats(done_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    page = opened(done_window).output
    path = tmp_path / "out.bin"
    path.write_bytes(np.arange(10, dtype=np.int8).tobytes())
    page.dropped.emit(path)
    qtbot.waitUntil(lambda: bool(page.found.facts), timeout=2 * LONG)
    assert page.found.facts["want_float=0"].split()[:3] == ["0", "1", "2"]
    assert {"want_float=1", "golden", "simulator"} <= set(page.found.facts)


def test_that_the_code_has_the_constants_of_the_session_and_is_copied(done_window: MainWindow, qtbot: QtBot) -> None:
    view = opened(done_window)
    view.tabs.setCurrentWidget(view.code)
    qtbot.waitUntil(lambda: "rknn_inputs_set" in view.code.text.toPlainText(), timeout=2 * LONG)
    view.code.language.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "import " in view.code.text.toPlainText(), timeout=2 * LONG)
    view.code.copy.click()
    assert QGuiApplication.clipboard().text() == view.code.text.toPlainText()


def test_that_a_window_that_was_closed_hears_no_answer(done_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    view = opened(done_window)
    view.input.take(fed(done_window, tmp_path / "in.bin", is_bgr=False))
    with qtbot.waitSignal(view.finished, timeout=LONG):
        view.close()
    qtbot.waitUntil(lambda: not isValid(view), timeout=LONG)
    qtbot.wait(500)
    assert not [entry for entry in done_window.messages.entries if entry.severity == "error"]


def test_that_two_windows_do_not_take_each_others_answers(done_window: MainWindow, qtbot: QtBot) -> None:
    one, other = opened(done_window), opened(done_window)
    assert one is not other
    for view in (one, other):
        view.tabs.setCurrentWidget(view.code)
    for view in (one, other):
        qtbot.waitUntil(lambda view=view: "rknn_inputs_set" in view.code.text.toPlainText(), timeout=2 * LONG)
