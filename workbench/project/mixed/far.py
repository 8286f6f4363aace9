"""Choices of layers, run by other processes of this machine or by a cluster; each opens the network once."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.foundation.files import write_text
from workbench.foundation.steps import Steps
from workbench.mixed import mixtures
from workbench.mixed.mixtures import Layers, Mixtures
from workbench.mixed.sensitivity import NONE
from workbench.project.digests import key_of_values
from workbench.project.mixed.mixing import Network, mixtures_of, opened
from workbench.project.session import Session
from workbench.project.workers.executors import Outcome, Task, Workers, completed, scratch
from workbench.project.workers.shipping import files_of_session
from workbench.project.workers.tasks import Together
from workbench.project.workers.worker import lasting

NAME = "{0} layers"


@dataclass(frozen=True)
class Told:
    """What workers are told: as in `mixing.opened`, and the ranges that are known, by the names of their files."""

    session: Session
    precision: str
    samples: int
    ranges: Mapping[str, str]

    @property
    def key(self) -> str:
        """What runs depend on."""
        return key_of_values([repr(self.session), self.precision, self.samples, dict(self.ranges)])


class FarMixtures:
    """Asks workers for what `Mixtures` would give."""

    def __init__(self, pool: Workers, network: Network, precision: str, samples: int) -> None:
        session = replace(network.session, imports={}, runs=(), board=None)
        files = {path.name: path.read_text(encoding="utf-8") for path in network.stages.planning.files}
        self._pool, self._told = pool, Told(session, precision, samples, files)
        self._files: tuple[Together, ...] = files_of_session(session)
        pool.begin(__name__)
        pool.announce(self._files)

    def run_each(self, choices: Sequence[Layers]) -> Steps[list[mixtures.Outcome]]:
        """The outputs' errors of each choice; as many are run at a time as there are workers."""
        tasks = [Task(tried, (self._told, dict(one)), NAME.format(len(one)), self._files) for one in choices]
        found: dict[Task, mixtures.Outcome] = {}

        def take(outcome: Outcome) -> None:
            if outcome.error is not None:
                raise outcome.error
            found[outcome.task] = outcome.value

        yield from completed(self._pool, tasks, take, mixtures.STAGE, len(tasks))
        return [found[task] for task in tasks]


def tried(told: Told, layers: Layers) -> Steps[mixtures.Outcome]:
    """What a worker does: the outputs' errors of one choice."""
    place = yield from lasting(told.key, lambda: _opened(told))
    return (yield from place.mixtures.run(layers))


@dataclass(frozen=True)
class _Place:
    """A network that a worker has open, and the folder that is its session's there."""

    folder: Path
    mixtures: Mixtures

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _opened(told: Told) -> Steps[_Place]:
    folder = Path(tempfile.mkdtemp(prefix="mixed-", dir=scratch()))
    for name, text in told.ranges.items():
        write_text(folder / "dumps" / name, text)
    network = yield from opened(told.session, folder, told.precision, told.samples)
    found = yield from mixtures_of(network)
    yield from found.run({}, keep=NONE)
    return _Place(folder, found)
