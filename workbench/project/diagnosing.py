"""From a session that has been run to what is wrong with it."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from workbench.diagnose.case import Case
from workbench.diagnose.findings import NOTE, Finding, Fix, OutputGain
from workbench.diagnose.ranking import ranked
from workbench.diagnose.rules import RULES
from workbench.dump.store import Dump
from workbench.foundation.errors import SessionError
from workbench.foundation.steps import Steps
from workbench.project.results import Results, load_results
from workbench.project.session import Session, load_session
from workbench.project.stages import Stages
from workbench.project.trials import SessionTrials, output_errors

MOST_TRIED = 2  # fixes that a diagnosis runs by itself
SURE = 0.5  # of a finding whose fix is run


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a session's run, the likeliest cause first."""

    findings: tuple[Finding, ...]
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)


def diagnose(folder: Path, tried: int = MOST_TRIED) -> Steps[Diagnosis]:
    """Look at a session's last run, and run the fixes of the `tried` likeliest findings."""
    begun = time.monotonic()
    session, results = _last_run(folder)
    with ExitStack() as stack:
        case = yield from case_of(session, folder, results, stack)
        found: list[Finding] = []
        for rule in RULES:
            found += yield from rule(case)
        findings = yield from _with_gains(ranked(found), case, results, tried)
        return Diagnosis(findings, time.monotonic() - begun, dict(case.versions))


def case_of(session: Session, folder: Path, results: Results, stack: ExitStack) -> Steps[Case]:
    """The case of a session; its dumps are open until `stack` closes."""
    stages = Stages(session, folder, results)
    graph, plan = (yield from stages.planned()) if stages.model.is_onnx else (None, None)
    return Case(
        model=stages.model,
        rows=results.rows,
        layers_of=results.layers_of,
        outputs=results.outputs,
        quant=session.quant,
        preprocess=session.preprocess,
        samples=session.samples,
        dataset=session.dataset,
        dumps={source: _opened(paths, stack) for source, paths in results.dumps.items()},
        feeds_of=stages.feeds_of,
        trials=SessionTrials(session, folder, results),
        graph=graph,
        plan=plan,
        own_golden="golden" not in session.imports,
        times=results.times,
    )


def tried_fix(case: Case, fix: Fix, before: Results) -> Steps[Fix]:
    """A fix with the gain that it measures."""
    assert fix.change is not None
    trial = yield from case.trials.run(fix.change)
    old = output_errors(before.rows, before.outputs)
    gain = tuple(OutputGain(name, old.get(name, {}), after) for name, after in trial.outputs.items())
    return Fix(fix.text, fix.change, gain)


def _with_gains(findings: tuple[Finding, ...], case: Case, results: Results, tried: int) -> Steps[tuple[Finding, ...]]:
    """The findings; of the first `tried` that have a fix that can be run, it has been run."""
    done: list[Finding] = []
    for finding in findings:
        at = next((number for number, fix in enumerate(finding.fixes) if fix.change is not None), None)
        if at is None or tried <= 0 or finding.level == NOTE or finding.confidence < SURE:
            done.append(finding)
            continue
        tried -= 1
        fix = yield from tried_fix(case, finding.fixes[at], results)
        done.append(finding.with_fixes((*finding.fixes[:at], fix, *finding.fixes[at + 1 :])))
    return tuple(done)


@contextmanager
def open_case(folder: Path) -> Iterator[Steps[Case]]:
    """The case of a session's last run, while the block lasts."""
    session, results = _last_run(folder)
    with ExitStack() as stack:
        yield case_of(session, folder, results, stack)


def _last_run(folder: Path) -> tuple[Session, Results]:
    session, results = load_session(folder), load_results(folder)
    if results is None:
        raise SessionError(f"{folder} has not been run.", "Run it first: rknn-workbench analyze, or Run in the window.")
    return session, results


def _opened(paths: tuple[Path, ...], stack: ExitStack) -> tuple[Dump, ...]:
    return tuple(stack.enter_context(Dump(path)) for path in paths if path.is_file())
