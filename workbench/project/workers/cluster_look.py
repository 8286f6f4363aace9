"""Who works on a cluster, for people who look: asked again and again over one connection of this process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.foundation.errors import WorkbenchError
from workbench.project.workers.executors import needs_extra

if TYPE_CHECKING:
    from distributed import Client


@dataclass(frozen=True)
class WorkerState:
    """`memory` is used of `memory_limit` bytes (0: there is none), `running` how many tasks it computes."""

    name: str
    address: str
    threads: int
    memory: int
    memory_limit: int
    running: int
    resources: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ClusterState:
    """The workers by their names; `notice` is what the user should know of the connection."""

    address: str
    workers: tuple[WorkerState, ...] = ()
    notice: str = ""

    @property
    def threads(self) -> int:
        """How many tasks are done at a time."""
        return sum(worker.threads for worker in self.workers)


_connections: "dict[str, Client]" = {}
"""The one connection, by its address."""


def look(address: str) -> ClusterState:
    """Who works there now; the first look connects, and waits for the scheduler."""
    with needs_extra():
        from workbench.project.workers.cluster import AGAIN, LOST, NEAR, PLAIN, connected

    if address not in _connections:
        leave()
        _connections[address] = connected(address)
    client = _connections[address]
    try:
        told = client.scheduler_info() if client.status == "running" else None
    except (OSError, TimeoutError, RuntimeError):
        told = None
    if told is None:
        leave()
        raise WorkbenchError(LOST.format(address), AGAIN)
    workers = (_state(where, item) for where, item in told["workers"].items())
    notice = "" if address.startswith(NEAR) else PLAIN.format(address)
    return ClusterState(address, tuple(sorted(workers, key=lambda one: (one.name, one.address))), notice)


def leave() -> None:
    """End the connection; the cluster goes on."""
    while _connections:
        _, client = _connections.popitem()
        client.close(timeout=2)  # type: ignore[no-untyped-call]


def _state(address: str, told: Mapping[str, Any]) -> WorkerState:
    """Of what a scheduler tells; a worker that has just come has no metrics yet."""
    metrics = told.get("metrics", {})
    return WorkerState(
        str(told.get("name", "")), address, int(told.get("nthreads", 0)), int(metrics.get("memory", 0)),
        int(told.get("memory_limit") or 0), int(metrics.get("task_counts", {}).get("executing", 0)),
        {str(name): float(count) for name, count in told.get("resources", {}).items()},
    )  # fmt: skip
