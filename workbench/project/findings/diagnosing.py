"""From a session that has been run to what is wrong with it."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from workbench.diagnose.blame import blame, in_float16
from workbench.diagnose.case import Case
from workbench.diagnose.changes import Change
from workbench.diagnose.divergence import diverged
from workbench.diagnose.findings import NOTE, Finding, Fix
from workbench.diagnose.measuring import measured, searched
from workbench.diagnose.ranking import ranked
from workbench.diagnose.rules import RULES
from workbench.dump.store import Dump
from workbench.foundation.errors import SessionError, WorkbenchError
from workbench.foundation.steps import Steps, T, Warn
from workbench.project.findings import trying
from workbench.project.findings.diagnosis import Diagnosis
from workbench.project.findings.diagnosis_file import load_facts, save_diagnosis, save_facts
from workbench.project.findings.path import Facts, Outputs, path_of
from workbench.project.findings.trials import SessionTrials
from workbench.project.results import Results, load_results
from workbench.project.session import Session, load_session
from workbench.project.stages import Stages
from workbench.project.versions import versions_of

__all__ = ["Diagnosis", "case_of", "diagnose", "open_case"]

MOST_TRIED = 2  # findings whose fixes a diagnosis runs by itself
ATTEMPTS = 2  # fixes of a finding that are run until one helps
SURE = 0.5  # of a finding whose fix is run


def diagnose(folder: Path, tried: int = MOST_TRIED, all_layers: bool = False) -> Steps[Diagnosis]:
    """Look at a session's last run, run the fixes of the `tried` likeliest findings, and keep what was found.

    What layers do to the outputs is measured for those that cost most, or for `all_layers`.
    """
    begun = time.monotonic()
    session, results = _last_run(folder)
    with ExitStack() as stack:
        case = yield from case_of(session, folder, results, stack)
        found: list[Finding] = []
        for rule in RULES:
            found += yield from _unless_refused(rule(case), ())
        divergence = diverged(case)
        effects = measured(case, divergence) if all_layers else searched(case, divergence)
        divergence = yield from _unless_refused(effects, divergence)
        findings = yield from _with_gains(trying.offered(case, ranked(found, divergence)), case, tried)
        facts = yield from _unless_refused(_with_float16(case, folder, results), load_facts(folder, results))
        hurt = (*case.hurt, *case.hurt_on_board) if case.has_golden_outputs else ()
        diagnosis = Diagnosis(
            findings=findings,
            versions=dict(case.versions),
            guide=path_of(session, results, facts, findings, hurt),
            blame=(yield from _unless_refused(blame(case), ())),
            divergence=divergence,
            hurt=hurt,
        )
    diagnosis = replace(diagnosis, seconds=time.monotonic() - begun)
    save_diagnosis(diagnosis, folder, results)
    return diagnosis


def _unless_refused(steps: Steps[T], otherwise: T) -> Steps[T]:
    """What steps give; where something cannot be done to this session, a warning, and what else is found stays."""
    try:
        return (yield from steps)
    except WorkbenchError as error:
        yield Warn(str(error))
        return otherwise


def run_in_float16(case: Case) -> Steps[Outputs]:
    """The outputs' metrics where nothing is quantised; the trial is the one that the blame looks at."""
    trial = yield from case.trials.run(Change(quant=in_float16(case.quant)), (0,), is_whole=True)
    return dict(trial.outputs)


def _with_float16(case: Case, folder: Path, results: Results) -> Steps[Facts]:
    """What is known of the guide's steps, with the run in float16 that a diagnosis makes."""
    facts = load_facts(folder, results)
    is_quantized = case.quant.type.is_quantized and case.model.is_onnx and bool(case.dumps.get("simulator"))
    if facts.float16 is not None or not is_quantized:
        return facts
    facts = replace(facts, float16=(yield from run_in_float16(case)))
    save_facts(facts, folder, results)
    return facts


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
        reference=session.reference,
        tail=session.tail,
        versions=versions_of(session, folder, results),
        times=results.times,
        constants_of=stages.constants_of,
    )


def _with_gains(findings: tuple[Finding, ...], case: Case, tried: int) -> Steps[tuple[Finding, ...]]:
    """The findings; of the first `tried` that have fixes that can be run, some have been."""
    done: list[Finding] = []
    for finding in findings:
        is_wanted = any(fix.is_runnable for fix in finding.fixes) and finding.level != NOTE
        if is_wanted and tried > 0 and finding.confidence >= SURE:
            tried -= 1
            finding = yield from _with_gain(finding, case)
        done.append(finding)
    return tuple(done)


def _with_gain(finding: Finding, case: Case) -> Steps[Finding]:
    """A finding whose fixes have been run one after another until one helps, at most `ATTEMPTS`; that stands first."""
    fixes, attempts = list(finding.fixes), 0
    for at, fix in enumerate(finding.fixes):
        if not fix.is_runnable or attempts == ATTEMPTS:
            continue
        attempts += 1
        try:
            fixes[at] = yield from trying.tried(case, fix, finding, (0,))
        except WorkbenchError as error:
            yield Warn(str(error))
            fixes[at] = Fix(fix.text)
        if fixes[at].helps:
            fixes.insert(0, fixes.pop(at))
            break
    return finding.with_fixes(tuple(fixes))


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
