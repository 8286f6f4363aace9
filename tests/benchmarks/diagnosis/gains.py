"""Whether a fix brings what it promises: applied to a copy of the session, which is analysed anew."""

import math
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.diagnosis.judge import Gain, Verdict
from workbench.diagnose.case import Case
from workbench.diagnose.findings import Finding, Fix
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.project.findings.diagnosing import open_case
from workbench.project.findings.fixing import apply, outcome
from workbench.project.findings.trying import WORST_CHANNEL, tried

COMPUTED = shutil.ignore_patterns("dumps", "results.json")  # what a trial left is not what applying gives
JUDGED = ("cos", WORST_CHANNEL)


def measure(verdict: Verdict) -> None:
    """Run each fix that a diagnosis offers; what several findings offer is run once."""
    known: set[str] = set()
    with open_case(verdict.folder) as steps:
        case = drain(steps)
        for finding in verdict.findings:
            for fix in finding.fixes:
                gain = _gain(verdict, case, finding, fix, known) if fix.is_runnable else None
                if gain is not None:
                    verdict.gains.append(gain)


def _gain(verdict: Verdict, case: Case, finding: Finding, fix: Fix, known: set[str]) -> Gain | None:
    """None where nothing is promised, as imported golden values have no outputs, and where it is known."""
    is_first = finding in verdict.causes[:1]
    try:
        promised = fix if fix.gain and fix.change is not None else drain(tried(case, fix, finding))
        if not promised.gain or repr(promised.change) in known:
            return None
        known.add(repr(promised.change))
        return Gain(finding.cause, fix.text, is_first, off(promised, measured(verdict.folder, promised)))
    except WorkbenchError as error:
        return Gain(finding.cause, fix.text, is_first, math.inf, refused=str(error))
    except Exception as error:  # noqa: BLE001 (a fix that fails is a miss, and the others go on)
        return Gain(finding.cause, fix.text, is_first, math.inf, failed=f"{type(error).__name__}: {error}"[:200])


def measured(folder: Path, fix: Fix) -> Mapping[str, Mapping[str, float]]:
    """The errors of the outputs once a fix is applied to a copy of a session without anything computed."""
    assert fix.change is not None
    copy = folder.with_name("applied")
    shutil.copytree(folder, copy, ignore=COMPUTED)
    try:
        drain(apply(copy, fix.change, fix.text))
        return outcome(copy)
    finally:
        shutil.rmtree(copy)


def off(promised: Fix, found: Mapping[str, Mapping[str, float]]) -> float:
    """How far the outputs' cosines are from those that were promised; infinite where one of the two is none."""
    return max(
        _distance(gain.after.get(metric, math.nan), found.get(gain.output, {}).get(metric, math.nan))
        for gain in promised.gain
        for metric in JUDGED
    )


def _distance(one: float, other: float) -> float:
    if math.isnan(one) or math.isnan(other):
        return 0.0 if math.isnan(one) and math.isnan(other) else math.inf
    return abs(one - other)
