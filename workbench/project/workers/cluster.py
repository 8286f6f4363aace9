"""Workers of a cluster: those that a `dask.distributed` scheduler knows. The extra `cluster` has what this needs.

Who reaches the scheduler can run programs on its workers, and who is the scheduler on whoever connects: a cluster is
used by people who trust each other, behind a firewall or with certificates (`tls://`).
"""

import logging
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Collection
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from distributed import Client, fire_and_forget
from distributed.scheduler import KilledWorker

from workbench.foundation.errors import WorkbenchError
from workbench.project.what_if import PROGRAM
from workbench.project.workers.cluster_worker import Call, install, lacking, receive, work_on_cluster
from workbench.project.workers.parcels import Parcel, batches, parcel_of
from workbench.project.workers.tasks import Task, Together
from workbench.project.workers.worker import Done, load

LIMIT = 15  # seconds to connect in
NEWS = 2.0  # seconds after which the workers are counted again
AWAY = "No scheduler answers at {0}: {1}."
START = "Start one there (dask scheduler), and name it as it names itself: tcp://HOST:8786."
LOST = "The connection to the cluster {0} was lost."
AGAIN = "See to the scheduler, then start again: what is done is kept."
UNABLE = "A worker of the cluster cannot do this: {0}."
SAME = "Install the same version of the program there: pip install 'rknn-workbench[cluster]=={0}'."
UNSENT = "Files cannot be sent to the worker {0}: {1}."
ROOM = "See that there is room on its disk (--local-directory), then start again: what is done is kept."
DIED = "{0}: the workers that computed it ended unexpectedly, again and again."
MEMORY = "Where their memory ran out, give them more (--memory-limit) or start fewer on a machine."
NOBODY = "The cluster {0} has no worker: waiting for one (dask worker {0})."
LACKING = 'No worker of the cluster has a {0}: waiting for one (dask worker --resources "{0}=1").'
PLAIN = "The connection to {0} is not encrypted: use it in a network where you trust everybody, or a tls:// address."
NEAR = ("tcp://127.", "tcp://localhost", "tcp://[::1]", "tls://", "inproc://")


class Cluster:
    """The workers behind a scheduler, as many as there are at a time; they may come and go."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Any = None
        self._is_closing = threading.Event()
        self._connecting: Future[None] | None = None
        self._opening: Future[None] | None = None  # the last of what is done before the first task
        self._executors: dict[tuple[tuple[str, int], ...], Executor] = {}
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="cluster")
        self._known: dict[Together, Parcel] = {}
        self._sending: dict[tuple[str, str], Future[None]] = {}
        self._threads, self._counted = 0, 0.0
        self._told: set[str] = set()
        self._lacking: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """The threads of all workers; at least one will come."""
        return max(1, self._threads)

    def begin(self, *modules: str) -> None:
        """Connect, in a thread of its own; each worker that there is imports the modules."""
        if self._connecting is None:
            self._connecting = self._opening = self._sender.submit(self._connect, modules)

    def announce(self, files: Collection[Together]) -> None:
        """Each worker that there is gets them, after the connection."""
        new = [item for item in files if item not in self._known]
        if new:
            self.begin()
            self._opening = self._sender.submit(self._spread, [self._parcel(item) for item in new])

    def opening(self) -> Future[None] | None:
        """The connection, and the files that were announced."""
        self.begin()
        return self._opening

    def notice(self) -> str:
        """That nobody works, and who could listen."""
        notices = [NOBODY.format(self._address)] if self._counted and not self._threads else []
        notices += [LACKING.format(name) for name in self._lacking]
        notices += [PLAIN.format(self._address)] if not self._address.startswith(NEAR) else []
        told = next((text for text in notices if text not in self._told), "")
        self._told.add(told)
        return told

    def has_room(self, running: int) -> bool:
        """For twice as many as are done at a time, so that no worker has to wait."""
        if time.monotonic() - self._counted > NEWS:
            self._threads, self._counted = self._count(), time.monotonic()
            self._lacking = self._found_lacking()
        return running < 2 * self.count

    def accepts(self, task: Task, running: Collection[Task]) -> bool:
        """Unless its files are on their way; the scheduler sees to resources."""
        return not self._is_awaited(task)

    def start(self, task: Task) -> Future[Done]:
        """The scheduler chooses a worker."""
        call = Call(PROGRAM, task.function, task.arguments, self._parcels(task))
        needs = tuple(sorted(task.needs.items()))
        if needs not in self._executors:
            self._executors[needs] = self._client.get_executor(pure=False, resources=dict(needs) or None)
        return self._executors[needs].submit(work_on_cluster, call)

    def settled(self, task: Task, future: Future[Done]) -> Done | None:
        """Where files were missing they are on their way: it is done again."""
        try:
            done = future.result()
        except CancelledError as error:
            raise WorkbenchError(LOST.format(self._address), AGAIN) from error
        except KilledWorker:
            return Done(error=(DIED.format(task.name or task.function.__name__), MEMORY))
        except (ImportError, AttributeError) as error:
            raise self._unable(error) from error
        if done.refused:
            raise self._unable(done.refused)
        if done.missing:
            self._send([item for item in self._parcels(task) if item.digest in done.missing], done.worker)
            return None
        return done

    def cancel(self, futures: Collection[Future[Done]]) -> None:
        """The scheduler forgets them; steps end at their next event."""
        for future in futures:
            future.cancel()

    def close(self) -> None:
        """Leaves the cluster as it is."""
        self._is_closing.set()
        self._sender.shutdown(wait=True, cancel_futures=True)
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, TimeoutError):
                client.close(timeout=LIMIT)

    def _connect(self, modules: tuple[str, ...]) -> None:
        self._client = connected(self._address)
        for worker in self._client.nthreads() if modules else ():
            fire_and_forget(self._client.submit(load, modules, workers=[worker], pure=False))  # type: ignore[no-untyped-call]

    def _spread(self, parcels: Collection[Parcel]) -> None:
        assert self._connecting is not None
        self._connecting.result()  # what went wrong there is what is told
        digests = [parcel.digest for parcel in parcels]
        alike = defaultdict[tuple[str, ...], list[str]](list)  # mostly all workers miss all, or none
        for worker, missing in self._client.run(lacking, digests, on_error="ignore").items():
            alike[missing].append(worker)
        alike.pop((), None)
        for missing, workers in alike.items():
            with suppress(OSError):  # a task that misses them says so, and they are sent again
                self._sent_to([parcel for parcel in parcels if parcel.digest in missing], *workers)

    def _count(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except (OSError, TimeoutError, RuntimeError) as error:
            raise WorkbenchError(LOST.format(self._address), AGAIN) from error

    def _found_lacking(self) -> tuple[str, ...]:
        """The resources that tasks need and no worker has."""
        wanted = {name for needs in self._executors for name, _ in needs}
        if not wanted:
            return ()
        workers = self._client.scheduler_info()["workers"].values()
        return tuple(sorted(wanted - {name for one in workers for name in one.get("resources", {})}))

    def _parcels(self, task: Task) -> tuple[Parcel, ...]:
        """The files of a task; their content is looked at once."""
        return tuple(map(self._parcel, task.files))

    def _parcel(self, files: Together) -> Parcel:
        if files not in self._known:
            self._known[files] = parcel_of(files)
        return self._known[files]

    def _is_awaited(self, task: Task) -> bool:
        """Whether files of a task are on their way to some worker."""
        for (worker, digest), future in list(self._sending.items()):
            if future.done():
                del self._sending[worker, digest]
                self._check_sent(worker, future.exception())
        wanted = {parcel.digest for parcel in self._parcels(task)} if self._sending else set()
        return any(digest in wanted for _, digest in self._sending)

    def _check_sent(self, worker: str, error: BaseException | None) -> None:
        """A worker that is gone needs nothing any more; anything else would go wrong again."""
        if error is not None and worker in self._client.nthreads():
            raise WorkbenchError(UNSENT.format(worker, _reason(error)), ROOM) from error

    def _send(self, parcels: Collection[Parcel], worker: str) -> None:
        new = [item for item in parcels if (worker, item.digest) not in self._sending]
        if new:
            future = self._sender.submit(self._sent_to, new, worker)
            self._sending |= {(worker, item.digest): future for item in new}

    def _sent_to(self, parcels: Collection[Parcel], *workers: str) -> None:
        sender = uuid.uuid4().hex
        for batch in batches(parcels):
            if self._is_closing.is_set():
                return
            self._client.run(receive, sender, batch, workers=list(workers))
        self._client.run(install, sender, [item.digest for item in parcels], workers=list(workers))

    def _unable(self, reason: object) -> WorkbenchError:
        return WorkbenchError(UNABLE.format(reason), SAME.format(PROGRAM.split()[0]))


def connected(address: str) -> Client:
    """A client of the scheduler with this address; waits for it."""
    for name in ("distributed", "distributed.client"):  # what happens is told in our own sentences
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return _Connection(address)
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        raise WorkbenchError(AWAY.format(address, _reason(error)), START) from error


class _Connection(Client):
    """Closes itself where it could not be made: dask would close it when it is collected, be it in the middle of
    making another one, which then waits for itself for ever.
    """

    def __init__(self, address: str) -> None:
        try:
            super().__init__(address, timeout=LIMIT, set_as_default=False, name="rknn-workbench")  # type: ignore[no-untyped-call]
        except BaseException:
            with suppress(AttributeError, OSError, TimeoutError):
                self.close()  # type: ignore[no-untyped-call]
            raise


def _reason(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).rstrip(".")
