"""Networks become .rknn from the window: what is asked, what is told, and the real toolkit whatever happens to it."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.steps import Progress, Steps
from workbench.project.session import Session
from workbench.project.toolkit.hybrid import HybridOutcome
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.host import WORKER, ToolkitError
from workbench.ui import converting
from workbench.ui import toolkit as controller
from workbench.ui.jobs import Job
from workbench.ui.main_window import MainWindow
from workbench.ui.views.toolkit.convert_dialog import Conversion, ConvertDialog
from workbench.ui.views.toolkit.facts import TARGETS
from workbench.ui.views.toolkit.mixed_dialog import MixedDialog, Mixture

NOBODY = Toolkit("toolkit", Path("/opt/toolkit/bin/python"))
VERY_LONG = 120_000  # ms; the toolkit starts in seconds, on a busy machine


@pytest.fixture
def ready(demo_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window on the demo that knows of one toolkit, which is never started."""
    monkeypatch.setattr(controller, "_described", lambda: (NOBODY,))
    return demo_window


def session_of(window: MainWindow) -> Session:
    assert window.workspace.session is not None
    return window.workspace.session


def folder_of(window: MainWindow) -> Path:
    assert window.workspace.folder is not None
    return window.workspace.folder


def asked_to_convert(window: MainWindow, qtbot: QtBot) -> ConvertDialog:
    window.actions_.convert.trigger()
    dialog = window.findChild(ConvertDialog)
    assert isinstance(dialog, ConvertDialog)
    qtbot.waitUntil(lambda: window.flow.conversions.toolkits.is_read, timeout=LONG)
    return dialog


def asked_to_mix(window: MainWindow, qtbot: QtBot) -> MixedDialog:
    window.actions_.mixed_precision.trigger()
    dialog = window.findChild(MixedDialog)
    assert isinstance(dialog, MixedDialog)
    qtbot.waitUntil(lambda: window.flow.conversions.toolkits.is_read, timeout=LONG)
    return dialog


def is_offered(dialog: ConvertDialog | MixedDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def keep_precise(window: MainWindow, count: int = 2) -> tuple[str, ...]:
    names = tuple(row.tensor for row in window.workspace.rows if row.op == "Conv")[1 : 1 + count]
    window.workspace.change(quant=replace(session_of(window).quant, float_tensors=names))
    return names


def test_that_without_a_toolkit_converting_leads_to_setting_one_up(
    demo_window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(controller, "_described", lambda: ())
    dialog = asked_to_convert(demo_window, qtbot)
    # what the window read of its own accord, before there was none, may be shown first
    qtbot.waitUntil(lambda: not dialog.toolkit.none.isHidden(), timeout=LONG)
    assert not is_offered(dialog)
    with qtbot.waitSignal(dialog.toolkit.setup_wanted, timeout=LONG):
        dialog.toolkit.setup.click()


def test_that_the_rknn_is_proposed_in_the_sessions_folder_by_chip_and_type(ready: MainWindow, qtbot: QtBot) -> None:
    dialog = asked_to_convert(ready, qtbot)
    assert dialog.file.path == folder_of(ready) / "demo-rk3588-w8a8.rknn"
    dialog.target.setCurrentText("rk3566")
    assert dialog.file.path == folder_of(ready) / "demo-rk3566-w8a8.rknn"
    dialog.file.edit.setText(str(folder_of(ready) / "mine"))
    dialog.target.setCurrentText("rk3576")
    assert dialog.file.path == folder_of(ready) / "mine.rknn"
    assert is_offered(dialog)


def test_that_what_would_be_replaced_is_said(ready: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = asked_to_convert(ready, qtbot)
    assert dialog.file.note.isHidden()
    (tmp_path / "old.rknn").touch()
    dialog.file.edit.setText(str(tmp_path / "old.rknn"))
    assert not dialog.file.note.isHidden()


def test_that_a_chip_without_the_data_type_is_refused_in_the_dialog(ready: MainWindow, qtbot: QtBot) -> None:
    dialog = asked_to_convert(ready, qtbot)
    dialog.target.setCurrentText("rk2118")
    assert not is_offered(dialog)
    assert dialog.problem.text() == "rk2118 does not have w8a8: choose another target or data type."
    dialog.target.setCurrentText("rk3588")
    assert is_offered(dialog)


def test_that_chips_of_the_first_toolkit_are_no_targets(ready: MainWindow, qtbot: QtBot) -> None:
    quant = replace(session_of(ready).quant, target="rk1808", dtype="fp16")
    ready.workspace.change(quant=quant)
    dialog = asked_to_convert(ready, qtbot)
    assert "rk1808" not in TARGETS
    assert not is_offered(dialog)


def test_that_nothing_is_converted_without_anything_to_calibrate_with(ready: MainWindow, qtbot: QtBot) -> None:
    ready.workspace.change(dataset=(), samples=())
    dialog = asked_to_convert(ready, qtbot)
    assert not is_offered(dialog)
    with qtbot.waitSignal(ready.flow.conversions.settings_wanted, timeout=LONG):
        dialog.settings.click()


def test_that_a_report_without_its_network_is_not_converted(ready: MainWindow, qtbot: QtBot) -> None:
    ready.workspace.change(model=Path("report.model"))
    dialog = asked_to_convert(ready, qtbot)
    assert not is_offered(dialog)
    assert dialog.problem.text().startswith("report.model is the toolkit's own graph")


def test_that_a_conversion_ends_with_the_way_to_its_file(
    ready: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    targets: list[str] = []

    def converted(session: Session, folder: Path, wanted: Conversion) -> Steps[Path]:
        targets.append(session.quant.target)
        yield Progress("build", 12, 105, "OpFusing 1")
        return wanted.path

    monkeypatch.setattr(converting, "_convert", converted)
    dialog = asked_to_convert(ready, qtbot)
    dialog.target.setCurrentText("rk3566")
    path = dialog.file.path
    dialog.accept()
    qtbot.waitUntil(lambda: not ready.jobs.running, timeout=LONG)
    assert targets == ["rk3566"]
    assert session_of(ready).quant.target == "rk3588"
    bar = ready.message_bar
    assert bar.text.text() == f"Converted: {path}"
    assert not bar.folder_button.isHidden()
    assert bar.open_button.isHidden()


def test_that_the_toolkits_refusal_is_told_with_what_to_do(
    ready: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def refused(session: Session, folder: Path, wanted: Conversion) -> Steps[Path]:
        yield Progress("load", 0, 0)
        raise ToolkitError("The toolkit failed while it loaded the network: no.", "Do something else.", ("E no",))

    monkeypatch.setattr(converting, "_convert", refused)
    asked_to_convert(ready, qtbot).accept()
    qtbot.waitUntil(lambda: not ready.jobs.running, timeout=LONG)
    assert ready.messages.entries[-1].severity == "error"
    assert ready.message_bar.text.text().startswith("The toolkit failed while it loaded the network")


def test_that_mixed_precision_shows_its_layers_and_needs_some(ready: MainWindow, qtbot: QtBot) -> None:
    dialog = asked_to_mix(ready, qtbot)
    assert not dialog.none.isHidden()
    assert not is_offered(dialog)
    dialog.proposal.setChecked(True)
    assert is_offered(dialog)
    dialog.analysis.setChecked(False)
    dialog.export.setChecked(False)
    assert not is_offered(dialog)
    dialog.reject()


def test_that_layers_of_the_session_are_those_that_the_toolkit_is_given(ready: MainWindow, qtbot: QtBot) -> None:
    names = keep_precise(ready)
    dialog = asked_to_mix(ready, qtbot)
    assert [dialog.list.topLevelItem(at).text(0) for at in range(len(names))] == list(names)
    with qtbot.waitSignal(dialog.chosen, timeout=LONG) as chosen:
        ready.flow.conversions.blockSignals(True)
        dialog.chosen.disconnect(ready.flow.conversions.mix)
        dialog.accept()
    assert chosen.args[0].layers == dict.fromkeys(names, "float16")


def test_that_proposed_layers_become_the_sessions_and_are_analysed_by_the_toolkit(
    ready: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    (own,) = keep_precise(ready, 1)
    other = ready.workspace.rows[-1].tensor
    runs: list[str] = []

    def mixed(session: Session, folder: Path, wanted: Mixture) -> Steps[HybridOutcome]:
        yield Progress("build", 0, 0)
        return HybridOutcome(folder / "x.cfg", wanted.path, (), {**wanted.layers, other: "float16"})

    monkeypatch.setattr(converting, "_mix", mixed)
    monkeypatch.setattr(ready.runner, "run_soon", lambda: runs.append(session_of(ready).simulator))
    path = folder_of(ready) / "mixed.rknn"
    ready.flow.conversions.mix(Mixture(NOBODY, {own: "float16"}, True, True, path))
    qtbot.waitUntil(lambda: bool(runs), timeout=LONG)
    assert runs == ["toolkit"]
    assert session_of(ready).quant.float_tensors == (own, other)
    assert ready.message_bar.text.text() == f"Layers in another precision: 2. Converted: {path}"
    ready.flow.edits.undo()
    assert session_of(ready).quant.float_tensors == (own,)
    assert session_of(ready).simulator == "embedded"


# The real toolkit


@pytest.fixture
def real(demo_window: MainWindow, toolkit_python: Path) -> tuple[MainWindow, Toolkit]:
    """A window on the demo with few inputs to calibrate with."""
    demo_window.workspace.change(dataset=session_of(demo_window).dataset[:2])
    return demo_window, Toolkit("toolkit", toolkit_python)


def begun(window: MainWindow, toolkit: Toolkit, target: str = "rk3588") -> Job:
    job = window.flow.conversions.convert(Conversion(toolkit, target, folder_of(window) / "demo.rknn"))
    assert job is not None
    return job


def worker_of(folder: Path) -> int | None:
    """The process in which the toolkit works for a session."""

    def commands() -> Iterator[tuple[int, str]]:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                yield int(path.parent.name), path.read_bytes().decode("utf-8", "replace")
            except OSError:
                continue

    own = (number for number, text in commands() if WORKER.name in text and is_below(text.split("\0"), folder))
    return next(own, None)


def is_below(words: list[str], folder: Path) -> bool:
    return any(Path(word).resolve().is_relative_to(folder.resolve()) for word in words if word.endswith(".json"))


def is_loading(job: Job) -> Callable[[], bool]:
    return lambda: not job.is_running or (job.progress is not None and job.progress.stage in ("load", "build"))


@pytest.mark.toolkit
def test_that_the_rknn_of_a_real_conversion_lands_in_the_session(
    real: tuple[MainWindow, Toolkit], qtbot: QtBot
) -> None:
    window, toolkit = real
    stages: list[str] = []
    job = begun(window, toolkit)
    job.reported.connect(lambda event: isinstance(event, Progress) and stages.append(event.stage))
    qtbot.waitUntil(lambda: not job.is_running, timeout=VERY_LONG)
    assert job.state == "succeeded", job.error
    assert (folder_of(window) / "demo.rknn").read_bytes()[:4] == b"RKNN"
    assert "build" in stages  # shorter ones may pass between two looks


@pytest.mark.toolkit
def test_that_real_mixed_precision_writes_its_layers_into_the_cfg(
    real: tuple[MainWindow, Toolkit], qtbot: QtBot
) -> None:
    window, toolkit = real
    (name,) = keep_precise(window, 1)
    path = folder_of(window) / "mixed.rknn"
    job = window.flow.conversions.mix(Mixture(toolkit, {name: "float16"}, False, False, path))
    assert job is not None
    qtbot.waitUntil(lambda: not job.is_running, timeout=VERY_LONG)
    assert job.state == "succeeded", job.error
    assert path.is_file()
    (cfg,) = folder_of(window).rglob("*.quantization.cfg")
    assert f"{name}" in cfg.read_text(encoding="utf-8").partition("quantize_parameters")[0]


@pytest.mark.toolkit
def test_that_cancelling_ends_the_toolkit_and_leaves_no_file(real: tuple[MainWindow, Toolkit], qtbot: QtBot) -> None:
    window, toolkit = real
    job = begun(window, toolkit)
    qtbot.waitUntil(is_loading(job), timeout=VERY_LONG)
    job.cancel()
    qtbot.waitUntil(lambda: worker_of(folder_of(window)) is None, timeout=LONG)
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)
    assert job.state == "cancelled"
    assert not list(folder_of(window).rglob("*.rknn"))


@pytest.mark.toolkit
def test_that_the_window_lives_on_and_says_so_when_the_toolkit_is_killed(
    real: tuple[MainWindow, Toolkit], qtbot: QtBot
) -> None:
    window, toolkit = real
    job = begun(window, toolkit)
    qtbot.waitUntil(is_loading(job), timeout=VERY_LONG)
    worker = worker_of(folder_of(window))
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)
    assert job.state == "failed"
    assert "was killed" in window.message_bar.text.text()
    assert window.message_bar.hint.text()


@pytest.mark.toolkit
def test_that_the_window_lives_on_and_says_so_when_the_toolkit_aborts(
    real: tuple[MainWindow, Toolkit], qtbot: QtBot
) -> None:
    window, toolkit = real
    job = begun(window, toolkit, "rk2118")  # quantised, it aborts; the dialog does not offer it
    qtbot.waitUntil(lambda: not job.is_running, timeout=VERY_LONG)
    assert job.state == "failed"
    assert "crashed" in window.message_bar.text.text()
    assert window.isVisible()
