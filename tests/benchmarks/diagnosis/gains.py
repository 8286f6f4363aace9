"""Whether a fix brings what it promises: applied to a copy of the session, which is analysed anew."""

import math
import shutil
from pathlib import Path

from tests.benchmarks.diagnosis.judge import Gain, Verdict
from workbench.diagnose.findings import Finding, Fix, OutputGain
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.project.diagnosing import open_case
from workbench.project.fixing import apply
from workbench.project.trials import output_errors
from workbench.project.trying import tried

MOST = 1  # findings whose fixes are run


def measure(verdict: Verdict) -> None:
    """Run each fix that the first findings offer."""
    for finding in verdict.causes[:MOST]:
        for fix in finding.fixes:
            gain = _gain(verdict.folder, finding, fix) if fix.is_runnable else None
            if gain is not None:
                verdict.gains.append(gain)


def _gain(folder: Path, finding: Finding, fix: Fix) -> Gain | None:
    """None where nothing is promised: imported golden values have no outputs."""
    copy = folder.with_name("applied")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    try:
        promised = fix if fix.gain and fix.change is not None else _tried(folder, finding, fix)
        assert promised.change is not None
        if not promised.gain:
            return None
        shutil.rmtree(copy / "dumps")  # nothing that a trial computed is taken for what applying gives
        (copy / "results.json").unlink()
        results = drain(apply(copy, promised.change, fix.text))
        found = output_errors(results.rows, results.outputs)
        off = max(_distance(gain, found.get(gain.output, {})) for gain in promised.gain)
        return Gain(finding.cause, fix.text, off)
    except WorkbenchError as error:
        return Gain(finding.cause, fix.text, math.inf, refused=str(error))
    except Exception as error:  # noqa: BLE001 (a fix that fails is a miss, and the others go on)
        return Gain(finding.cause, fix.text, math.inf, failed=f"{type(error).__name__}: {error}"[:200])
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _tried(folder: Path, finding: Finding, fix: Fix) -> Fix:
    with open_case(folder) as steps:
        return drain(tried(drain(steps), fix, finding))


def _distance(gain: OutputGain, found: dict[str, float] | object) -> float:
    """Of the cosines; NaN is as far as another NaN."""
    assert isinstance(found, dict)
    one, other = gain.after.get("cos", math.nan), found.get("cos", math.nan)
    return 0.0 if math.isnan(one) and math.isnan(other) else abs(one - other) if one == one else math.inf
