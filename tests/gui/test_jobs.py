"""The rules of work away from the GUI thread."""

import os
import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from tests.helpers.waiting import LONG, SOON
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Log, Progress, Steps, Warn
from workbench.ui.jobs import JobPool


def counting(to: int, pause: float = 0.0) -> Steps[int]:
    for number in range(to):
        time.sleep(pause)
        yield Progress("count", number + 1, to)
    yield Log("counted")
    return to


def test_that_a_job_gives_its_result_on_the_gui_thread(jobs: JobPool, qtbot: QtBot) -> None:
    seen: list[object] = []
    job = jobs.start("count", lambda: counting(3))
    job.succeeded.connect(lambda value: seen.append((value, QThread.currentThread().isMainThread())))
    qtbot.waitUntil(lambda: bool(seen), timeout=LONG)
    assert seen == [(3, True)]
    assert job.state == "succeeded"


def test_that_the_last_progress_and_every_line_arrive_before_the_result(jobs: JobPool, qtbot: QtBot) -> None:
    order: list[object] = []
    job = jobs.start("count", lambda: counting(5000))
    job.reported.connect(order.append)
    job.finished.connect(lambda: order.append("finished"))
    qtbot.waitUntil(lambda: "finished" in order, timeout=LONG)
    assert order[-1] == "finished"
    assert Log("counted") in order
    assert job.progress == Progress("count", 5000, 5000)


def test_that_quick_progress_is_thinned_out(jobs: JobPool, qtbot: QtBot) -> None:
    events: list[object] = []
    job = jobs.start("count", lambda: counting(400, pause=0.001))
    job.reported.connect(events.append)
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)
    assert len(events) <= 2 + job.seconds * 25


def test_that_a_cancelled_job_closes_its_steps_and_says_so(jobs: JobPool, qtbot: QtBot) -> None:
    closed = threading.Event()

    def endless() -> Steps[None]:
        try:
            while True:
                time.sleep(0.005)
                yield Progress("wait", 0, 0)
        finally:
            closed.set()

    job = jobs.start("endless", endless)
    with qtbot.waitSignal(job.cancelled, timeout=LONG):
        job.cancel()
    assert closed.is_set()
    assert job.state == "cancelled"


def test_that_an_error_of_a_job_arrives_as_it_was_raised(jobs: JobPool, qtbot: QtBot) -> None:
    error = WorkbenchError("No room.", "Make some.")

    def failing() -> Steps[None]:
        yield Warn("soon")
        raise error

    job = jobs.start("fail", failing)
    with qtbot.waitSignal(job.failed, timeout=LONG) as failed:
        pass
    assert failed.args == [error]
    assert job.error is error


def test_that_the_newest_question_with_a_key_is_the_one_that_is_answered(jobs: JobPool, qtbot: QtBot) -> None:
    answers: list[int] = []
    gate = threading.Event()

    def slow(number: int) -> Callable[[], int]:
        return lambda: number if gate.wait(10) else -1

    for number in range(5):
        jobs.ask("same", slow(number), answers.append)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers), timeout=LONG)
    qtbot.wait(50)
    assert answers == [4]


def test_that_a_forgotten_question_is_not_answered(jobs: JobPool, qtbot: QtBot) -> None:
    answers: list[object] = []
    jobs.ask("preview", lambda: 1, answers.append)
    jobs.forget("preview")
    jobs.ask("other", lambda: 2, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=LONG)
    assert answers == [2]


def test_that_an_error_without_a_taker_is_not_lost(jobs: JobPool, qtbot: QtBot) -> None:
    with qtbot.waitSignal(jobs.unanswered, timeout=LONG) as caught:
        jobs.ask("divide", lambda: 1 / 0, lambda _: None)
    assert isinstance(caught.args[0], ZeroDivisionError)


def test_that_questions_are_answered_by_one_thread(jobs: JobPool, qtbot: QtBot) -> None:
    names: set[str] = set()
    count: list[None] = []

    def note() -> None:
        names.add(threading.current_thread().name)

    for number in range(20):
        jobs.ask(f"question {number}", note, count.append)
    qtbot.waitUntil(lambda: len(count) == 20, timeout=LONG)
    assert len(names) == 1


def test_that_the_worker_process_answers(jobs: JobPool, qtbot: QtBot) -> None:
    answers: list[int] = []
    jobs.ask_process("pid", os.getpid, (), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=LONG)
    assert answers[0] != os.getpid()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_that_a_worker_process_that_dies_is_an_error_and_is_replaced(jobs: JobPool, qtbot: QtBot) -> None:
    errors: list[BaseException] = []
    answers: list[int] = []
    jobs.ask_process("die", os._exit, (3,), lambda _: None, errors.append)
    qtbot.waitUntil(lambda: bool(errors), timeout=LONG)
    assert isinstance(errors[0], WorkbenchError)
    jobs.ask_process("add", max, (1, 2), answers.append)
    qtbot.waitUntil(lambda: answers == [2], timeout=LONG)


def test_that_nothing_is_delivered_after_the_shutdown(qtbot: QtBot) -> None:
    pool, answers = JobPool(), []
    pool.ask("late", lambda: time.sleep(0.05), answers.append)
    job = pool.start("count", lambda: counting(1000, pause=0.01))
    pool.shutdown()
    qtbot.wait(50)
    assert answers == []
    assert job.is_running


def test_that_a_shutdown_does_not_wait_for_the_worker_process() -> None:
    pool = JobPool()
    pool.ask_process("ready", os.getpid, (), lambda _: None)
    pool.ask_process("long", time.sleep, (60,), lambda _: None)
    time.sleep(0.5)
    began = time.monotonic()
    pool.shutdown()
    assert time.monotonic() - began < SOON


def test_that_what_is_done_is_told_where_nothing_is_counted(jobs: JobPool, qtbot: QtBot) -> None:
    def work() -> Steps[None]:
        for text in ("first", "", "second", ""):
            yield Progress("install", 0, 0, text)
            time.sleep(0.15)

    texts: list[str] = []
    job = jobs.start("work", work)
    job.reported.connect(lambda event: texts.append(event.text))
    qtbot.waitUntil(lambda: not job.is_running, timeout=LONG)
    assert texts == ["first", "second"]
