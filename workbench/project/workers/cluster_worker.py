"""What runs on a worker of a cluster. It is imported there."""

import ctypes
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from distributed import Worker, get_worker

from workbench.foundation import cores
from workbench.project.what_if import PROGRAM
from workbench.project.workers.parcels import Parcel, Piece, complete, placed, put, with_places
from workbench.project.workers.worker import Done, work_in

STORE, SCRATCH = "rknn-workbench-files", "rknn-workbench-scratch"
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of malloc.h
OTHER_VERSION = "it has version {0} of the program, not {1}"


@dataclass(frozen=True)
class Call:
    """A task as it is sent; `program` is the version that asks for it."""

    program: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    parcels: tuple[Parcel, ...]


def work_on_cluster(call: Call) -> Done:
    """A task in a thread of a worker; where files are missing it says so and does nothing."""
    worker = get_worker()
    if call.program != PROGRAM:
        return Done(refused=OTHER_VERSION.format(PROGRAM, call.program), worker=worker.address)
    store, scratch = (Path(worker.local_directory) / name for name in (STORE, SCRATCH))
    missing = lacking([parcel.digest for parcel in call.parcels], worker)
    if missing:
        return Done(missing=missing, worker=worker.address)
    _settle()
    arguments = with_places(call.arguments, placed(store, call.parcels))
    return work_in(scratch, worker.address, _forgotten(worker), call.function, arguments)


def lacking(digests: Iterable[str], dask_worker: Worker) -> tuple[str, ...]:
    """The parcels that are not here."""
    store = Path(dask_worker.local_directory) / STORE
    return tuple(digest for digest in digests if not (store / digest).is_dir())


def receive(sender: str, pieces: list[Piece], dask_worker: Worker) -> None:
    """Pieces of files that come here."""
    put(Path(dask_worker.local_directory) / STORE, sender, pieces)


def install(sender: str, digests: list[str], dask_worker: Worker) -> None:
    """The last piece of these has come."""
    complete(Path(dask_worker.local_directory) / STORE, sender, digests)


@cache
def _settle() -> None:
    """Make the process as one at home is.

    Dask gives every thread of a worker a task. It also has malloc give back what is freed at once (the variable
    MALLOC_TRIM_THRESHOLD_, which stops glibc from learning sizes, too): simulators then take twice the time, for pages
    that are asked for again and again. These are the bounds up to which glibc learns by itself.
    """
    cores.share(1)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 64 << 20)


def _forgotten(worker: Worker) -> Callable[[], bool]:
    """Whether the scheduler does not want the current task any more: it was cancelled, or who asked is gone."""
    key = worker.get_current_task()

    def is_forgotten() -> bool:
        task = worker.state.tasks.get(key)
        return task is None or task.state == "cancelled"

    return is_forgotten
