"""Workers of this machine: a pool of processes that is made anew when one of them dies."""

from collections import Counter
from collections.abc import Collection
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from workbench.foundation import cores
from workbench.foundation.children import Children
from workbench.foundation.scratch import Scratch
from workbench.project.workers.tasks import Task, Together
from workbench.project.workers.worker import Done, begin, load, work_at_home

PATIENCE = 5  # seconds that a cancelled process has to remove its half-written files
MOST_DEATHS = 2  # of workers that had nothing else to do than this task
DIED = "The process that computed {0} ended unexpectedly, {1} times."
MEMORY = "Where memory ran out, use fewer processes (--jobs), or close other programs."


class Home:
    """So many processes, started with the first task; each counts with its share of the cores."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._context = Children()
        self._stop = self._context.Event()
        self._executor: ProcessPoolExecutor | None = None
        self._scratch: Scratch | None = None
        self._running: set[Future[Done]] = set()  # of the executor that there is now
        self._suspects: list[Task] = []  # ran when a process died: they are done one at a time
        self._deaths: Counter[Task] = Counter()
        self._ran = 0  # how many tasks ran when the executor broke

    @property
    def count(self) -> int:
        """One task a process."""
        return self._jobs

    def begin(self, *modules: str) -> None:
        """Start them all, and have them import modules."""
        if self._executor is None:
            self._executor = self._started()
            for _ in range(self._jobs):
                self._executor.submit(load, modules)

    def announce(self, files: Collection[Together]) -> None:
        """They are where they are."""

    def opening(self) -> Future[None] | None:
        """Processes start with the first task."""
        return None

    def notice(self) -> str:
        """Nothing happens here that the user has to see to."""
        return ""

    def has_room(self, running: int) -> bool:
        """For one more than there are processes, so that none has to wait."""
        return running == 0 if self._suspects else running <= self._jobs

    def accepts(self, task: Task, running: Collection[Task]) -> bool:
        """Resources are there once; who may have killed a process is done first, alone."""
        if self._suspects:
            return task in self._suspects
        return all(task.needs.keys().isdisjoint(other.needs) for other in running)

    def start(self, task: Task) -> Future[Done]:
        """Files are where they are; nothing is copied."""
        if self._executor is None:
            self._executor = self._started()
        try:
            future = self._executor.submit(work_at_home, task.function, task.arguments)
        except BrokenProcessPool as error:  # one has just died, and that is not settled yet
            future = Future()
            future.set_exception(error)
        self._running.add(future)
        return future

    def settled(self, task: Task, future: Future[Done]) -> Done | None:
        """Where a process died all that ran is done again, one at a time: who is alone then is to blame."""
        try:
            done = future.result()
        except BrokenProcessPool:
            return self._died(task, future)
        self._running.discard(future)
        if task in self._suspects:
            self._suspects.remove(task)
        return done

    def cancel(self, futures: Collection[Future[Done]]) -> None:
        """Steps end at their next event; a process that has not ended by then is killed."""
        self._stop.set()
        for future in futures:
            future.cancel()
        wait([future for future in futures if not future.cancelled()], PATIENCE)
        self._end()

    def close(self) -> None:
        """Nothing runs any more, or it is not wanted: no process is waited for."""
        self._context.kill()
        self._end()
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None

    def _started(self) -> ProcessPoolExecutor:
        self._scratch = self._scratch or Scratch()
        self._stop.clear()
        share = max(1, cores.count() // self._jobs)
        first = (self._stop.is_set, share, self._scratch.path)
        return ProcessPoolExecutor(self._jobs, self._context, initializer=begin, initargs=first)

    def _died(self, task: Task, future: Future[Done]) -> Done | None:
        self._ran = self._ran or len(self._running)
        self._deaths[task] += self._ran == 1
        self._running.discard(future)
        if not self._running:
            self._end()
        if self._deaths[task] >= MOST_DEATHS:
            self._suspects = [item for item in self._suspects if item is not task]
            return Done(error=(DIED.format(task.name or task.function.__name__, MOST_DEATHS), MEMORY))
        if task not in self._suspects:
            self._suspects.append(task)
        return None

    def _end(self) -> None:
        executor, self._executor, self._ran = self._executor, None, 0
        self._running.clear()
        if executor is None:
            return
        if self._stop.is_set():
            self._context.kill()
        executor.shutdown(wait=True, cancel_futures=True)
        self._context.forget()
