"""Long work: the queue, what is left, cancel by key, attention without focus."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Log, Progress, Steps
from workbench.ui import child
from workbench.ui.jobs import Job, JobPool
from workbench.ui.main_window import MainWindow
from workbench.ui.messages import Messages
from workbench.ui.models import remaining
from workbench.ui.views.bars import MessageBar
from workbench.ui.views.jobs import strip as jobs_panel
from workbench.ui.views.jobs.details_panel import DetailsPanel
from workbench.ui.views.jobs.strip import JobsStrip
from workbench.ui.views.jobs.table import LEFT, PROGRESS, STATE, JobsTable


class Gate:
    """Work that goes on when it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()

    def steps(self) -> Steps[int]:
        yield Log("begun")
        while not self.let.wait(0.01):
            yield Progress("simulator", 1, 4, "conv1")
        return 7


@pytest.fixture
def gates(jobs: JobPool) -> Iterator[list[Gate]]:
    made = [Gate() for _ in range(3)]
    yield made
    for gate in made:
        gate.let.set()


def started(jobs: JobPool, gates: list[Gate]) -> list[Job]:
    return [jobs.start(f"work {number}", gate.steps) for number, gate in enumerate(gates)]


def rows(table: JobsTable) -> list[tuple[str, ...]]:
    items = (table.tree.topLevelItem(at) for at in range(table.tree.topLevelItemCount()))
    return [tuple(item.text(at) for at in range(item.columnCount())) for item in items if item is not None]


def test_that_what_waits_for_a_thread_is_queued(qtbot: QtBot, jobs: JobPool, gates: list[Gate]) -> None:
    table = JobsTable(jobs)
    qtbot.addWidget(table)
    first, second, third = started(jobs, gates)
    qtbot.waitUntil(lambda: first.progress is not None and second.progress is not None, timeout=LONG)
    table._show_all()
    assert [job.state for job in (first, second, third)] == ["running", "running", "queued"]
    shown = rows(table)
    assert [row[STATE] for row in shown] == ["◌ waiting", "▶ running", "▶ running"]
    assert shown[1][PROGRESS] == "Simulator   1 of 4   conv1"
    gates[0].let.set()
    qtbot.waitUntil(lambda: third.state == "running" and first.state == "succeeded", timeout=LONG)
    assert rows(table)[2][STATE] == "✓ done"


def test_that_a_waiting_job_can_be_cancelled_by_key_at_once(qtbot: QtBot, jobs: JobPool, gates: list[Gate]) -> None:
    table = JobsTable(jobs)
    qtbot.addWidget(table)
    table.show()
    first, _, third = started(jobs, gates)
    qtbot.waitUntil(lambda: first.state == "running", timeout=LONG)
    assert table.chosen is not None
    table.tree.setCurrentItem(table.tree.topLevelItem(0))
    assert table.chosen is third
    with qtbot.waitSignal(third.cancelled, timeout=LONG):
        qtbot.keyClick(table.tree, Qt.Key.Key_Delete)
    assert third.state == "cancelled"
    assert first.is_running


def test_that_the_time_left_is_shown(qtbot: QtBot, jobs: JobPool, monkeypatch: pytest.MonkeyPatch) -> None:
    table, strip = JobsTable(jobs), JobsStrip(jobs, Messages())
    qtbot.addWidget(table)
    qtbot.addWidget(strip)
    gate = Gate()
    job = jobs.start("work", gate.steps)
    monkeypatch.setattr(Job, "seconds_left", property(lambda job: 83.0 if job.is_running else None))
    qtbot.waitUntil(lambda: job.progress is not None, timeout=LONG)
    table._show_all()
    assert rows(table)[0][LEFT] == "1 min 23 s"
    assert strip.left.full_text == "1 min 23 s left"
    gate.let.set()
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)


def test_that_the_strip_says_how_many_more_there_are(qtbot: QtBot, jobs: JobPool, gates: list[Gate]) -> None:
    strip = JobsStrip(jobs, Messages())
    qtbot.addWidget(strip)
    started(jobs, gates)
    assert strip.more.text() == "2 more"
    assert not strip.more.isHidden()
    for gate in gates:
        gate.let.set()
    qtbot.waitUntil(lambda: not any(job.is_running for job in jobs.jobs), timeout=LONG)
    assert strip.more.isHidden()


def test_that_the_log_of_a_job_is_found(qtbot: QtBot, jobs: JobPool) -> None:
    details = DetailsPanel(jobs, Messages())
    qtbot.addWidget(details)
    for number in range(2):
        gate = Gate()
        gate.let.set()
        job = jobs.start(f"work {number}", gate.steps)
        qtbot.waitUntil(lambda job=job: not job.is_running, timeout=LONG)
    details.show_log(jobs.jobs[0])
    assert details.currentWidget() is details.log
    assert details.log.textCursor().block().text() == "── work 0"


def test_that_long_work_asks_for_attention_only_of_an_inactive_window(
    qtbot: QtBot, jobs: JobPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(QApplication, "alert", lambda widget: asked.append(widget))
    monkeypatch.setattr(jobs_panel, "LONG", 0.0)
    strip = JobsStrip(jobs, Messages())
    qtbot.addWidget(strip)
    for is_active in (True, False):
        monkeypatch.setattr(JobsStrip, "isActiveWindow", lambda strip, is_active=is_active: is_active)
        gate = Gate()
        gate.let.set()
        job = jobs.start("work", gate.steps)
        qtbot.waitUntil(lambda job=job: not job.is_running, timeout=LONG)
        assert len(asked) == (0 if is_active else 1)


def test_that_news_stand_in_the_strip(qtbot: QtBot, jobs: JobPool) -> None:
    messages = Messages()
    strip = JobsStrip(jobs, messages)
    qtbot.addWidget(strip)
    messages.inform("Saved in x.")
    assert strip.text.full_text == "Saved in x."
    messages.refuse("no", "because")
    assert strip.text.full_text == "Saved in x."


def test_that_news_take_no_focus(qtbot: QtBot, jobs: JobPool) -> None:
    messages = Messages()
    bar = MessageBar(jobs, messages)
    qtbot.addWidget(bar)
    messages.inform("only in the list")
    assert bar.isHidden()
    messages.wrote("Written: x", Path("x"))
    assert not bar.isHidden()
    assert not bar.open_button.isHidden()
    messages.refuse("no", "because")
    assert bar.open_button.isHidden()
    assert bar.focusWidget() is None


def test_that_an_error_of_before_goes_when_a_job_begins(qtbot: QtBot, jobs: JobPool, gates: list[Gate]) -> None:
    messages = Messages()
    bar = MessageBar(jobs, messages)
    qtbot.addWidget(bar)
    messages.fail(WorkbenchError("The run failed.", "Mend it."))
    assert not bar.isHidden()
    jobs.start("work", gates[0].steps)
    assert bar.isHidden()


def test_that_the_strip_tells_of_what_ended_last(qtbot: QtBot, jobs: JobPool, gates: list[Gate]) -> None:
    strip = JobsStrip(jobs, Messages())
    qtbot.addWidget(strip)
    first, second, third = started(jobs, gates)
    for job, gate in ((second, gates[1]), (third, gates[2]), (first, gates[0])):
        gate.let.set()
        qtbot.waitUntil(lambda job=job: not job.is_running, timeout=LONG)
    assert strip.text.full_text.startswith("work 0: done")


def test_that_an_endless_name_leaves_room_for_what_goes_on(qtbot: QtBot, jobs: JobPool) -> None:
    strip = JobsStrip(jobs, Messages())
    qtbot.addWidget(strip)
    strip.resize(1000, 32)
    strip.show()
    strip.set_state("network " * 200 + " · inputs: 8", "", "network… · inputs: 8")
    qtbot.wait(20)
    assert strip.text.text() == "Ready"
    assert strip.state.text() == "network… · inputs: 8"


def test_that_closing_during_a_job_asks_first(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    window.jobs.start("long work", gate.steps)
    window.close()
    assert window.isVisible()
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "long work" in box.text()
    stop = next(button for button in box.buttons() if box.buttonRole(button) == QMessageBox.ButtonRole.DestructiveRole)
    assert box.defaultButton() is not stop
    stop.click()
    assert not window.isVisible()
    assert window.jobs.is_closed


def test_that_another_language_waits_for_every_job(window: MainWindow, qtbot: QtBot) -> None:
    gate, wanted = Gate(), []
    window.renewal_wanted.connect(lambda: wanted.append(True))
    job = window.jobs.start("export", gate.steps)
    window.actions_.language_chosen.emit("zh_CN")
    qtbot.waitUntil(lambda: "ended" in window.messages.entries[-1].text if window.messages.entries else False)
    qtbot.wait(300)
    assert not wanted
    gate.let.set()
    qtbot.waitUntil(lambda: bool(wanted), timeout=LONG)
    assert not job.is_running


def silent() -> Steps[int]:
    time.sleep(60)
    yield Progress("never", 1, 1)
    return 0


def test_that_a_silent_process_can_be_cancelled(qtbot: QtBot, jobs: JobPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 0.1)
    process = child.Child()
    job = jobs.start("work", lambda: process.steps(silent))
    qtbot.waitUntil(lambda: job.progress is not None, timeout=LONG)
    job.cancel()
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)
    assert job.state == "cancelled"


def test_that_a_killed_process_is_told_and_the_next_job_has_another(qtbot: QtBot, jobs: JobPool) -> None:
    process = child.Child()
    job = jobs.start("work", lambda: process.steps(silent))
    qtbot.waitUntil(lambda: job.progress is not None, timeout=LONG)
    assert process._process is not None
    process._process.kill()
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)
    assert isinstance(job.error, WorkbenchError)
    assert "memory" in job.error.hint
    assert process.call(max, 1, 2) == 2
    process.close()


def test_that_a_sign_of_life_hides_neither_progress_nor_what_is_left(
    qtbot: QtBot, jobs: JobPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remaining, "LEAST", 0.0)

    def steps() -> Steps[int]:
        for done in range(1, 40):
            yield Progress("simulator", done, 40)
            time.sleep(0.02)
            yield Progress("simulator", 0, 0)
        return 1

    job, seen = jobs.start("work", steps), []
    job.reported.connect(lambda event: seen.append((event.total, job.seconds_left)))
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)
    assert {total for total, _ in seen} == {40}
    assert any(left is not None for _, left in seen)
