"""What a fault is: a session with one thing wrong, and the causes that are right answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.diagnosis.bench import Bench
from workbench.project.session import Session

AfterRun = Callable[[Path], "frozenset[str] | None"]


@dataclass(frozen=True)
class Injected:
    """`right` are the causes that are right; `tensors` are where it is; `after` goes on with the analysed session.

    Without `right` it is a clean run. `after` gives where it is, or None where it cannot be.
    """

    session: Session
    right: frozenset[str] = frozenset()
    tensors: frozenset[str] = frozenset()
    after: AfterRun | None = None


@dataclass(frozen=True)
class Fault:
    """`inject` gives None where a network cannot have it. `must_harm`: it counts only where the outputs are spoilt.

    Then other places are drawn until they are; a network whose outputs bear all of them does not count.
    """

    kind: str
    inject: Callable[[Bench], Injected | None]
    must_harm: bool = False


def causes(*keys: str) -> frozenset[str]:
    return frozenset(keys)
