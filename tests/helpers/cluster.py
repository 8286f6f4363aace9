"""A real cluster on this machine: a dask scheduler and workers, each a process that a test can kill."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
QUIET = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "60s",
}  # as those of packaging/cluster are: they compute, and do not watch themselves
PATIENCE = 60  # s that a process has to begin on a busy machine


class RunningCluster:
    """Ends with its block, and everything that it started. `folder` takes what the processes write."""

    def __init__(self, folder: Path, workers: int = 2, options: Sequence[str] = (), **of_scheduler: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._options = folder, tuple(options)
        self._file = folder / "scheduler.json"
        more = [word for name, value in of_scheduler.items() for word in (f"--{name}", value)]
        local = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(self._file)]
        self.scheduler = self._start("scheduler", [*local, *self._options, *more])
        self.address = self._told_address()
        self.workers: list[subprocess.Popen[bytes]] = []
        for _ in range(workers):
            self.add_worker()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add_worker(self, *options: str) -> subprocess.Popen[bytes]:
        """One that nobody starts anew when it dies."""
        local = ["--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0"]
        places = ["--local-directory", str(self._folder / f"worker-{len(self.workers)}")]
        self.workers.append(self._start("worker", [self.address, *local, *places, *self._options, *options]))
        return self.workers[-1]

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, kind: str, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{kind}-{time.monotonic_ns()}.log").open("wb")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                cwd=self._folder, env=self._environment(),
            )  # fmt: skip

    @staticmethod
    def _environment() -> Mapping[str, str]:
        return {**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}

    def _told_address(self) -> str:
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit and self.scheduler.poll() is None:
            with suppress(OSError, ValueError, KeyError):
                return str(json.loads(self._file.read_text())["address"])
            time.sleep(0.05)
        said = "".join(path.read_text() for path in self._folder.glob("*.log"))
        self.scheduler.kill()
        raise AssertionError(f"no scheduler began: {said}")
