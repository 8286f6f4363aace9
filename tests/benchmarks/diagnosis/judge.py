"""One fault in one network: inject, analyse, diagnose, and see which place the right cause has."""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.diagnosis.bench import Bench, bench
from tests.benchmarks.diagnosis.health import Health, health
from tests.benchmarks.diagnosis.kinds import Fault, Injected
from workbench.diagnose.causes import causes
from workbench.diagnose.findings import CAUSE, Finding
from workbench.foundation.steps import drain
from workbench.project.findings.diagnosing import diagnose
from workbench.project.pipeline import analyze
from workbench.project.prepared import forget
from workbench.project.results import Results, load_results
from workbench.project.session import Session

ATTEMPTS = 5  # draws of a fault until the outputs are spoilt
NEAR = 1e-4  # a gain that is this far off is another one than was promised
ELSEWHERE = ("input", "board")  # groups of causes that cannot explain what int8 does to a network


@dataclass
class Verdict:
    """`rank` counts causes only, from 1; None where no finding is right. `seconds` are of `analyze` and `diagnose`."""

    network: str
    kind: str
    right: frozenset[str]
    folder: Path
    findings: tuple[Finding, ...] = ()
    is_where: bool | None = None
    analysis: float = 0.0
    seconds: float = 0.0
    failed: str = ""
    is_sick: bool = False
    gains: list["Gain"] = field(default_factory=list)

    @property
    def causes(self) -> list[Finding]:
        """In their order."""
        return [one for one in self.findings if one.level == CAUSE]

    @property
    def rank(self) -> int | None:
        return next((place for place, one in enumerate(self.causes, 1) if one.cause in self.right), None)

    @property
    def is_alarm(self) -> bool:
        """Whether a clean run is blamed; one whose int8 is not healthy, for its input or board only."""
        blamed = [one for one in self.causes if not self.is_sick or causes()[one.cause].group in ELSEWHERE]
        return self.is_clean and bool(blamed)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was injected."""
        return not self.right


@dataclass(frozen=True)
class Gain:
    """What a fix promised for the outputs and what an analysis of the changed session gives; `off` is the distance.

    `is_first` tells whether the first of the causes offers it. `refused` is what was said of a fix that could not be
    made of this network: it promised nothing.
    """

    cause: str
    text: str
    is_first: bool
    off: float
    refused: str = ""
    failed: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether it measures what it promised; what could not be made promised nothing."""
        return bool(self.refused) or (not self.failed and self.off <= NEAR)


class Judge:
    """Keeps what clean runs of a network gave."""

    def __init__(self, shared: Path, scratch: Path, seed: int = 0) -> None:
        self.shared, self.scratch, self.seed = shared, scratch, seed
        self._clean: dict[str, Health] = {}

    def judge(self, name: str, fault: Fault) -> Verdict | None:
        """None where the network cannot have the fault, or bears it; the session's folder stays."""
        for attempt in range(ATTEMPTS if fault.must_harm else 1):
            place = self.scratch / f"{name}-{fault.kind}-{attempt}"
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            own = bench(self.shared, name, place, fault.kind, attempt, self.seed)
            injected = fault.inject(own)
            verdict = None if injected is None else self._analysed(own, fault, injected)
            if verdict is not None:
                return self._diagnosed(verdict)
            shutil.rmtree(place)
            if injected is None:
                return None
        return None

    def _analysed(self, own: Bench, fault: Fault, injected: Injected) -> Verdict | None:
        folder = own.scratch / "session"
        forget()
        begun = time.perf_counter()
        results = drain(analyze(injected.session, folder))
        seconds = time.perf_counter() - begun
        tensors = injected.tensors
        if injected.after is not None:
            found = injected.after(folder)
            if found is None:
                return None
            tensors, results = found, load_results(folder) or results
        now = health(results, "runtime" if injected.after is not None and fault.must_harm else "simulator")
        if fault.must_harm and not now.is_spoilt(self._clean_health(own, injected.session)):
            return None
        verdict = Verdict(own.name, fault.kind, injected.right, folder, analysis=seconds)
        verdict.is_sick = not injected.right and not now.is_good
        verdict.is_where = False if tensors else None
        self._tensors = _rows_of(results, tensors)
        return verdict

    def _diagnosed(self, verdict: Verdict) -> Verdict:
        forget()
        begun = time.perf_counter()
        try:
            verdict.findings = drain(diagnose(verdict.folder)).findings
        except Exception as error:  # noqa: BLE001 (a rule that fails is a miss, and the others go on)
            verdict.failed = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        verdict.seconds = time.perf_counter() - begun
        rank = verdict.rank
        if rank is not None and verdict.is_where is not None:
            verdict.is_where = bool(self._tensors & set(verdict.causes[rank - 1].layers))
        return verdict

    def _clean_health(self, own: Bench, session: Session) -> Health:
        """Of the network as it is, with the same settings."""
        key = f"{own.name} {session.quant}"
        if key not in self._clean:
            folder = self.scratch / f"{own.name}-clean"
            whole = Session(**{**vars(own.session), "quant": session.quant})
            self._clean[key] = health(drain(analyze(whole, folder)))
            shutil.rmtree(folder)
        return self._clean[key]


def _rows_of(results: Results, tensors: frozenset[str]) -> set[str]:
    """The rows that stand for tensors of the user's network."""
    return {
        row.tensor for row in results.rows if tensors & {row.tensor, row.golden, *row.group} or row.tensor in tensors
    }
