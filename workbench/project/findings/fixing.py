"""Fixes in a session: those of its diagnosis are tried, applied and taken back."""

import dataclasses
import json
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from workbench.compare.compare import ENTIRE
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Finding, Fix, OutputGain
from workbench.diagnose.fixes.calibration import choose
from workbench.dump.store import Dump
from workbench.foundation.errors import SessionError, SettingsError
from workbench.foundation.files import atomic_path
from workbench.foundation.steps import Steps
from workbench.preprocess.dataset import read_dataset
from workbench.project.findings import trying
from workbench.project.findings.diagnosing import diagnose, open_case
from workbench.project.findings.diagnosis import Diagnosis
from workbench.project.findings.diagnosis_file import load_diagnosis, with_fix
from workbench.project.findings.standing import CHANGED, STEPS, TITLE, applied_fixes, history
from workbench.project.findings.trials import changed_session
from workbench.project.holding import held
from workbench.project.pipeline import analyze
from workbench.project.results import Results, load_results
from workbench.project.session import Session, load_session, save_session

__all__ = [
    "applied", "applied_fix", "applied_fixes", "apply", "chosen_calibration", "gains", "history", "made_fix", "outcome",
    "try_fix", "try_one", "undo",
]  # fmt: skip

NETWORKS = "networks"  # folder of a session: networks that fixes wrote
Outcome = Mapping[str, Mapping[str, float]]
"""The errors of outputs, by their names."""
UNKNOWN = "`rknn-workbench diagnose SESSION` lists the findings and their fixes."


def applied(session: Session, folder: Path, change: Change) -> Session:
    """The session with a change; networks that were written for it are copied into the session's folder.

    Dumps of a simulator or a board are let go of: they are of what the session was. So is a board's own .rknn.
    """
    kept = dataclasses.replace(
        change,
        model=_kept(change.model, folder, session),
        tail=_kept(change.tail, folder, session),
        reference=_kept(change.reference, folder, session),
    )
    simulator = session.simulator if session.simulator != "none" else "embedded"
    is_compared = kept.reference is not None and kept.tail is None  # the toolkit knows of no other reference
    has_rknn = session.board is not None and session.board.rknn is not None
    return dataclasses.replace(
        changed_session(session, kept),
        simulator="embedded" if is_compared else simulator,
        board=None if has_rknn else session.board,
    )


def made_fix(folder: Path, finding: int, fix: int | None = None) -> Steps[Fix]:
    """A fix of a session's diagnosis with its change, by the places of finding and fix from 0 on.

    Without `fix` it is the first one that can be run.
    """
    found = yield from _found(folder, finding)
    with open_case(folder) as steps:
        case = yield from steps
        return (yield from trying.made(case, _fix_of(found, fix), found))


def try_fix(folder: Path, finding: int, fix: int | None = None) -> Steps[Fix]:
    """The same with what it brings to all of the session's inputs."""
    found = yield from _found(folder, finding)
    with open_case(folder) as steps:
        case = yield from steps
        return (yield from trying.tried(case, _fix_of(found, fix), found))


def chosen_calibration(folder: Path, candidates: Path, count: int) -> Steps[Fix]:
    """The fix that calibrates with `count` inputs chosen from a folder or list of many."""
    with open_case(folder) as steps:
        case = yield from steps
        samples = read_dataset(candidates, len(case.model.graph.inputs))
        found = yield from choose(case, samples, count)
    if found is None:
        raise SettingsError(
            f"{count} of the {len(samples)} inputs in {candidates} cannot be chosen to calibrate with.",
            "Give more inputs than shall be chosen, and a network that is not quantised already.",
        )
    return found


def try_one(folder: Path, finding: int, fix: int) -> Steps[Diagnosis]:
    """The session's diagnosis with what one of its fixes brings, which is run now and kept."""
    found = yield from try_fix(folder, finding, fix)
    return with_fix(folder, finding, fix, found)


def applied_fix(folder: Path, session: Session, finding: int, fix: int) -> Steps[Session]:
    """The session with a fix of its diagnosis: only changed if these are settings, run and saved if it is a network.

    `session` is what the user has chosen by now; the one in `folder` has been run.
    """
    whole = yield from made_fix(folder, finding, fix)
    assert whole.change is not None
    if whole.change.model is None:
        return applied(session, folder, whole.change)
    save_session(session, folder)
    yield from apply(folder, whole.change, whole.text)
    return load_session(folder)


def apply(folder: Path, change: Change, text: str) -> Steps[Results]:
    """Make a change part of a session and run it; the session is as it was when that fails."""
    with held(folder):
        before = load_session(folder)
        session = applied(before, folder, change)
        step = _remember(before, session, folder, text)
        try:
            return (yield from analyze(session, folder))
        except BaseException:
            save_session(before, folder)
            shutil.rmtree(step, ignore_errors=True)
            raise


def undo(folder: Path) -> Steps[Results]:
    """Take the last fix back and run the session again; what else was changed since stays."""
    with held(folder):
        return (yield from _undone(folder))


def _undone(folder: Path) -> Steps[Results]:
    steps = applied_fixes(folder)
    if not steps:
        raise SessionError(f"No fix was applied to {folder}.", "Apply one first: diagnose SESSION --apply N.")
    last, now = steps[-1], load_session(folder)
    old = load_session(last.folder)
    session = dataclasses.replace(now, **{name: getattr(old, name) for name in last.fields})
    try:
        results = yield from analyze(session, folder)
    except BaseException:
        save_session(now, folder)
        raise
    shutil.rmtree(last.folder, ignore_errors=True)
    return results


def outcome(folder: Path) -> Outcome:
    """The errors of a session's outputs in its last run, over all of its inputs."""
    results = last_results(folder)
    with ExitStack() as stack:
        opened = {
            source: [stack.enter_context(Dump(path)) for path in paths if path.is_file()]
            for source, paths in results.dumps.items()
        }
        samples = max((row.errors[ENTIRE].samples for row in results.rows if ENTIRE in row.errors), default=0)
        return trying.measured(results.rows, results.outputs, opened, range(samples))


def gains(before: Outcome, after: Outcome) -> tuple[OutputGain, ...]:
    """What a fix brought, from the outcomes of two runs."""
    return tuple(OutputGain(name, before.get(name, {}), errors) for name, errors in after.items())


def last_results(folder: Path) -> Results:
    """What the last run of a session left."""
    results = load_results(folder)
    if results is None:
        raise SessionError(f"{folder} has not been run.", "Run it first: rknn-workbench analyze, or Run in the window.")
    return results


def _remember(session: Session, after: Session, folder: Path, text: str) -> Path:
    """Keep what a session was, so that a fix can be taken back."""
    fields = [name for name in CHANGED if getattr(session, name) != getattr(after, name)]
    numbers = [int(step.folder.name) for step in applied_fixes(folder)]
    step = folder / STEPS / f"{max(numbers, default=0) + 1:03}"
    shutil.rmtree(step, ignore_errors=True)
    save_session(session, step)
    with atomic_path(step / TITLE) as path:
        path.write_text(json.dumps({"text": text, "fields": fields}, ensure_ascii=False), encoding="utf-8")
    return step


def _kept(path: Path | None, folder: Path, session: Session) -> Path | None:
    """A network that a fix wrote, in the session's folder; the user's own stay where they are."""
    if path is None or path.resolve() in (session.model.resolve(), *_others(session)):
        return path
    target = folder / NETWORKS / path.name
    if path.resolve() != target.resolve():
        with atomic_path(target) as part:
            shutil.copyfile(path, part)
    return target


def _others(session: Session) -> tuple[Path, ...]:
    return tuple(path.resolve() for path in (session.reference, session.tail) if path is not None)


def _found(folder: Path, number: int) -> Steps[Finding]:
    saved = load_diagnosis(folder)
    is_there = saved is not None and not saved.is_stale
    findings = (saved.diagnosis if saved and is_there else (yield from diagnose(folder, 0))).findings
    if not 0 <= number < len(findings):
        raise SettingsError(f"There is no finding {number + 1}: the diagnosis has {len(findings)}.", UNKNOWN)
    return findings[number]


def _fix_of(finding: Finding, number: int | None) -> Fix:
    runnable = [place for place, fix in enumerate(finding.fixes) if fix.is_runnable]
    place = next(iter(runnable), None) if number is None else number
    if place is None or place not in runnable:
        raise SettingsError(f"That is no fix of {finding.cause} which the program can run.", UNKNOWN)
    return finding.fixes[place]
