"""What the window asks of the core about a session's diagnosis. For the worker process and the one that computes."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.foundation.steps import Steps
from workbench.project.session import Session

if TYPE_CHECKING:
    from workbench.project.findings.diagnosis import Diagnosis
    from workbench.project.findings.diagnosis_file import Saved
    from workbench.project.findings.path import Step
    from workbench.project.results import Results

CHOSEN = 20  # calibration inputs, as on the command line


@dataclass(frozen=True)
class Known:
    """What a session's folder has: its last diagnosis, the path, the fixes that wrote its network."""

    saved: "Saved | None" = None
    steps: "tuple[Step, ...]" = ()
    applied: tuple[str, ...] = ()


def read_known(folder: Path) -> Known:
    """What there is; nothing is computed."""
    from workbench.project.findings.diagnosis_file import load_diagnosis
    from workbench.project.findings.standing import guide, history

    return Known(load_diagnosis(folder), guide(folder), history(folder))


def run_diagnosis(folder: Path) -> "Steps[Diagnosis]":
    """Look for causes."""
    from workbench.project.findings.diagnosing import diagnose

    return (yield from diagnose(folder))


def run_all_layers(folder: Path) -> "Steps[Diagnosis]":
    """Measure what each layer costs the outputs."""
    from workbench.project.findings.sensitivity import sensitivity

    return (yield from sensitivity(folder))


def run_step(folder: Path, key: str, buffer: Path | None = None) -> "Steps[tuple[Step, ...]]":
    """Run a step of the path; `buffer` is what a C program fed."""
    from workbench.project.findings.guide import run_step

    return (yield from run_step(folder, key, buffer=buffer))


def try_one(folder: Path, finding: int, fix: int) -> "Steps[Diagnosis]":
    """Run one fix of the last diagnosis and keep its gain there."""
    from workbench.project.findings.fixing import try_one

    return (yield from try_one(folder, finding, fix))


def make(folder: Path, session: Session, finding: int, fix: int) -> Steps[Session]:
    """The session with a fix: where that wrote a network, it has been run and saved."""
    from workbench.project.findings.fixing import applied_fix

    return (yield from applied_fix(folder, session, finding, fix))


def choose_inputs(folder: Path, session: Session, candidates: Path) -> Steps[Session]:
    """The session with a dataset of the most typical inputs of a folder."""
    from workbench.project.findings.fixing import applied, chosen_calibration

    fix = yield from chosen_calibration(folder, candidates, CHOSEN)
    assert fix.change is not None
    return applied(session, folder, fix.change)


def undo(folder: Path) -> "Steps[Results]":
    """Take the last fix that wrote a network back."""
    from workbench.project.findings.fixing import undo

    return (yield from undo(folder))
