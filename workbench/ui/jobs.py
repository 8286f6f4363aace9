"""Work away from the GUI thread: jobs that report steps, quiet questions, and those that the worker process answers.

Worker threads touch one `QObject`: the pool's two signals. Everything else in this module runs on the GUI thread.
"""

import importlib
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from workbench.foundation.steps import Event, Log, Progress, Steps, Warn
from workbench.ui.child import worker
from workbench.ui.models.remaining import Remaining
from workbench.ui.turns import Turns

EVENTS_EVERY_MS = 50
GRACE = 0.3
"""Seconds for what the worker process answers: one that is ended is started anew, with all that it imports."""
Done = Callable[[Any], None]
Failed = Callable[[BaseException], None]
ENDED = ("succeeded", "failed", "cancelled")


class Job(QObject):
    """One run of long work. It lives on the GUI thread; its signals arrive there.

    Its state is "queued", "running", "succeeded", "failed" or "cancelled".
    """

    began = Signal()
    reported = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()

    def __init__(self, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.state = "queued"
        self.progress: Progress | None = None
        self._remaining = Remaining()
        self.lines: list[Log | Warn] = []
        self.error: BaseException | None = None
        self.seconds = 0.0
        self._cancel = threading.Event()
        self._started = time.monotonic()

    @property
    def is_running(self) -> bool:
        """Whether the outcome is still open."""
        return self.state not in ENDED

    @property
    def elapsed(self) -> float:
        """Seconds since the start, or that the job took."""
        return time.monotonic() - self._started if self.is_running else self.seconds

    def cancel(self) -> None:
        """Ask the work to stop after its present step."""
        self._cancel.set()

    def is_cancelling(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancel.is_set()

    @property
    def seconds_left(self) -> float | None:
        """Until the present stage ends; None while nobody knows."""
        return self._remaining.left(time.monotonic()) if self.is_running else None

    def begin(self) -> None:
        """Note that a thread has taken it."""
        self.state, self._started = "running", time.monotonic()
        self.began.emit()

    def take(self, event: Event) -> None:
        """Note an event and pass it on."""
        if isinstance(event, Progress):
            self.progress = event
            if event.total:
                self._remaining.take(event.stage, event.done, event.total, time.monotonic())
        else:
            self.lines.append(event)
        self.reported.emit(event)

    def end(self, outcome: str, value: Any) -> None:
        """Note the outcome and pass it on."""
        self.seconds = 0.0 if self.state == "queued" else self.elapsed
        self.state = outcome
        if outcome == "failed":
            self.error = value
        if outcome == "cancelled":
            self.cancelled.emit()
        else:
            getattr(self, outcome).emit(value)
        self.finished.emit()


@dataclass(frozen=True, slots=True)
class _Question:
    ticket: int
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None] | None


class JobPool(QObject):
    """Owns the threads and the only signals that they may touch; the worker process is the program's."""

    job_started = Signal(object)
    unanswered = Signal(object)
    """The error of a question whose asker gave no `failed`."""

    _ended = Signal(int, str, object)
    _answered = Signal(str, int, bool, object)

    def __init__(self, workers: int = 2, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs: list[Job] = []
        self._running: dict[int, Job] = {}
        self._futures: dict[int, Future[None]] = {}
        self._questions: dict[str, _Question] = {}
        self._numbers = itertools.count()
        self._events: deque[tuple[int, Event | None]] = deque()  # None: it has begun
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._asker = ThreadPoolExecutor(1, thread_name_prefix="asker")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="aside")
        self._closed = False
        self.last_ended: Job | None = None
        self._timer = QTimer(self, interval=EVENTS_EVERY_MS)
        self._timer.timeout.connect(self._deliver_events)
        self._timer.timeout.connect(self._end_queued)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._turns = Turns(self)
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    @property
    def is_closed(self) -> bool:
        """Whether it was shut down."""
        return self._closed

    @property
    def running(self) -> list[Job]:
        """Those that run or wait, in the order of their start."""
        return [job for job in self.jobs if job.is_running]

    def start(self, title: str, make: Callable[[], Steps[Any]]) -> Job:
        """Run the steps that `make` gives on a worker thread."""
        job, number = Job(title, self), next(self._numbers)
        self._running[number] = job
        self.jobs.append(job)
        self._timer.start()
        self._futures[number] = self._threads.submit(self._run, number, job._cancel, make)
        self.job_started.emit(job)
        return job

    def ask(
        self,
        key: str,
        function: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Answer `function()` from the one reading thread; a newer question with the same key replaces this one."""
        if not self._closed:
            question = self._note(key, done, failed)
            self._reader.submit(self._answer, key, question.ticket, function)

    def ask_process(
        self,
        key: str,
        function: Callable[..., Any],
        args: Sequence[Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Answer `function(*args)` from the worker process: for what holds the interpreter's lock for long."""
        if not self._closed:
            question = self._note(key, done, failed)
            self._asker.submit(self._answer, key, question.ticket, lambda: worker.call(function, *args))

    def ask_aside(self, key: str, function: Callable[[], Any], done: Done, failed: Failed | None = None) -> None:
        """The same from a thread of its own: for what may have to wait for other machines."""
        if not self._closed:
            question = self._note(key, done, failed)
            self._aside.submit(self._answer, key, question.ticket, function)

    def load(self, modules: Sequence[str]) -> None:
        """Import modules that are needed soon; one that cannot be imported says so where it is needed."""
        if not self._closed:
            self._threads.submit(lambda: [importlib.import_module(name) for name in modules])

    def forget(self, key: str) -> None:
        """Drop a question: its asker no longer wants to know."""
        self._questions.pop(key, None)

    def shutdown(self) -> None:
        """Cancel everything and wait for the threads; nothing is delivered afterwards."""
        self._closed = True
        self._timer.stop()
        self._questions.clear()
        for job in self._running.values():
            job.cancel()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._reader.shutdown(wait=True, cancel_futures=True)
        self._asker.shutdown(wait=False, cancel_futures=True)
        worker.abort(GRACE)
        self._asker.shutdown(wait=True)
        self._aside.shutdown(wait=True, cancel_futures=True)

    def _note(self, key: str, done: Callable[[Any], None], failed: Callable[[BaseException], None] | None) -> _Question:
        question = _Question(next(self._numbers), done, failed)
        self._questions[key] = question
        return question

    # The next two run on worker threads: they hold no QObject but this pool, and only emit its signals.

    def _run(self, number: int, cancel: threading.Event, make: Callable[[], Steps[Any]]) -> None:
        outcome: str
        value: Any
        self._events.append((number, None))
        try:
            steps = make()
            try:
                outcome, value = "cancelled", None
                while not cancel.is_set():
                    self._events.append((number, next(steps)))
            except StopIteration as stop:
                outcome, value = "succeeded", stop.value
            finally:
                steps.close()
        except BaseException as error:  # a worker thread has no caller to raise to
            outcome, value = "failed", error
        self._ended.emit(number, outcome, value)

    def _answer(self, key: str, ticket: int, function: Callable[[], Any]) -> None:
        question = self._questions.get(key)
        if question is None or question.ticket != ticket:
            return
        try:
            self._answered.emit(key, ticket, True, function())
        except BaseException as error:  # as above
            self._answered.emit(key, ticket, False, error)

    def _deliver_events(self) -> None:
        """Pass on what came since the last time: of each job's progress the newest only, every line."""
        newest: dict[int, Progress] = {}
        while self._events:
            number, event = self._events.popleft()
            job = self._running.get(number)
            if isinstance(event, Progress):
                before = newest.get(number, job.progress if job is not None else None)
                is_new = before is None or before.stage != event.stage or event.text not in ("", before.text)
                if event.total or is_new:
                    newest[number] = event
            elif job is not None:
                job.begin() if event is None else job.take(event)
        for number, progress in newest.items():
            if (job := self._running.get(number)) is not None:
                job.take(progress)

    def _end_queued(self) -> None:
        """What is cancelled before a thread took it ends at once."""
        for number, job in list(self._running.items()):
            if job.state == "queued" and job.is_cancelling() and self._futures[number].cancel():
                self._on_ended(number, "cancelled", None)

    def _on_ended(self, number: int, outcome: str, value: Any) -> None:
        if self._closed:
            return
        self._deliver_events()
        job = self._running.pop(number)
        del self._futures[number]
        if not self._running:
            self._timer.stop()
        self.last_ended = job
        job.end(outcome, value)

    def _on_answered(self, *answer: Any) -> None:
        """Each answer in a turn of its own: those that come together do not keep the window away together."""
        self._turns.add(partial(self._tell, *answer))

    def _tell(self, key: str, ticket: int, fine: bool, value: Any) -> None:
        question = self._questions.get(key)
        if self._closed or question is None or question.ticket != ticket:
            return
        del self._questions[key]
        if fine:
            question.done(value)
        elif question.failed is not None:
            question.failed(value)
        else:
            self.unanswered.emit(value)
