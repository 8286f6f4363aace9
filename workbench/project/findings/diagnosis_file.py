"""A diagnosis and the facts of its guide beside the session they are of: `diagnosis.json`, `guide.json`.

Both can be made again: what is damaged, of another program's version or of other results is as good as absent.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from workbench.diagnose.causes import causes
from workbench.diagnose.findings import Fix
from workbench.foundation.errors import SettingsError
from workbench.project.digests import key_of_values
from workbench.project.findings.diagnosis import Diagnosis
from workbench.project.findings.path import Facts
from workbench.project.results import Results, load_results
from workbench.project.value_file import load_value, save_value

FILE, GUIDE = "diagnosis.json", "guide.json"
TRIALS = "trials"  # folder of a session: networks that fixes wrote to be run


@dataclass(frozen=True)
class Saved:
    """A diagnosis, and whether the session has other results by now."""

    diagnosis: Diagnosis
    is_stale: bool


def save_diagnosis(diagnosis: Diagnosis, folder: Path, results: Results | None = None) -> None:
    """Keep a diagnosis of the session's last results, and of the networks that fixes wrote those that it speaks of."""
    save_value(folder / FILE, Diagnosis, diagnosis, results_key(results or load_results(folder)))
    _remove_unused(diagnosis, folder / TRIALS)


def load_diagnosis(folder: Path, results: Results | None = None) -> Saved | None:
    """The diagnosis that was made last; None where there is none that can be read."""
    found = load_value(folder / FILE, Diagnosis)
    if found is None or any(one.cause not in causes() for one in found[0].findings):
        return None
    return Saved(found[0], found[1] != results_key(results or load_results(folder)))


def with_fix(folder: Path, finding: int, number: int, fix: Fix) -> Diagnosis:
    """Keep a fix in the place of fix `number` of a finding (both from 0), with what it was measured to bring."""
    saved = load_diagnosis(folder)
    if saved is None or finding >= len(saved.diagnosis.findings):
        raise SettingsError(f"{folder} has no such finding.", "Run the diagnosis again.")
    findings = list(saved.diagnosis.findings)
    fixes = list(findings[finding].fixes)
    if number >= len(fixes):
        raise SettingsError(f"Finding {finding + 1} has no fix {number + 1}.", "Run the diagnosis again.")
    fixes[number] = fix
    findings[finding] = findings[finding].with_fixes(tuple(fixes))
    diagnosis = dataclasses.replace(saved.diagnosis, findings=tuple(findings))
    if not saved.is_stale:
        save_diagnosis(diagnosis, folder)
    return diagnosis


def save_facts(facts: Facts, folder: Path, results: Results | None) -> None:
    """Keep what steps of the guide found out."""
    save_value(folder / GUIDE, Facts, facts, results_key(results))


def load_facts(folder: Path, results: Results | None) -> Facts:
    """What is known of the session's last results; nothing of others."""
    found = load_value(folder / GUIDE, Facts)
    return found[0] if found is not None and found[1] == results_key(results) else Facts()


def results_key(results: Results | None) -> str:
    """What results are: the dumps they compare, whose names tell what they depend on, and their settings."""
    if results is None:
        return ""
    dumps = {source: [path.name for path in paths] for source, paths in sorted(results.dumps.items())}
    said = [dumps, list(results.outputs), dict(results.quant), len(results.rows)]
    return key_of_values(said)


def _remove_unused(diagnosis: Diagnosis, trials: Path) -> None:
    """A network that is removed is written again when its fix is tried again."""
    changes = [fix.change for finding in diagnosis.findings for fix in finding.fixes if fix.change is not None]
    named = [path for change in changes for path in (change.model, change.tail, change.reference) if path is not None]
    kept = {path.resolve() for path in named}
    for path in trials.iterdir() if trials.is_dir() else ():
        if path.is_file() and path.resolve() not in kept:
            path.unlink(missing_ok=True)
