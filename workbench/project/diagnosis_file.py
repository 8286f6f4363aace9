"""A diagnosis and the facts of its guide beside the session they are of: `diagnosis.json`, `guide.json`.

Both can be made again: what is damaged, of another program's version or of other results is as good as absent.
"""

import dataclasses
import hashlib
import json
import math
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.diagnose.causes import causes
from workbench.diagnose.findings import Fix
from workbench.foundation.errors import SettingsError
from workbench.foundation.files import write_text
from workbench.project.diagnosis import Diagnosis
from workbench.project.path import Facts
from workbench.project.results import Results, load_results

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FILE, GUIDE = "diagnosis.json", "guide.json"
TRIALS = "trials"  # folder of a session: networks that fixes wrote to be run
VERSION = 1
MOST_BYTES = 1 << 26
INSIDE = "session:"
"""Before the names of files that lie in the session's folder."""
T = TypeVar("T")
_adapters: dict[type, Any] = {}  # making one takes a while


@dataclass(frozen=True)
class Saved:
    """A diagnosis, and whether the session has other results by now."""

    diagnosis: Diagnosis
    is_stale: bool


def save_diagnosis(diagnosis: Diagnosis, folder: Path, results: Results | None = None) -> None:
    """Keep a diagnosis of the session's last results, and of the networks that fixes wrote those that it speaks of."""
    _save(folder / FILE, Diagnosis, diagnosis, results or load_results(folder))
    _remove_unused(diagnosis, folder / TRIALS)


def load_diagnosis(folder: Path, results: Results | None = None) -> Saved | None:
    """The diagnosis that was made last; None where there is none that can be read."""
    found = _load(folder / FILE, Diagnosis)
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
    _save(folder / GUIDE, Facts, facts, results)


def load_facts(folder: Path, results: Results | None) -> Facts:
    """What is known of the session's last results; nothing of others."""
    found = _load(folder / GUIDE, Facts)
    return found[0] if found is not None and found[1] == results_key(results) else Facts()


def results_key(results: Results | None) -> str:
    """What results are: the dumps they compare, whose names tell what they depend on, and their settings."""
    if results is None:
        return ""
    dumps = {source: [path.name for path in paths] for source, paths in sorted(results.dumps.items())}
    said = [dumps, list(results.outputs), dict(results.quant), len(results.rows)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _remove_unused(diagnosis: Diagnosis, trials: Path) -> None:
    """A network that is removed is written again when its fix is tried again."""
    changes = [fix.change for finding in diagnosis.findings for fix in finding.fixes if fix.change is not None]
    named = [path for change in changes for path in (change.model, change.tail, change.reference) if path is not None]
    kept = {path.resolve() for path in named}
    for path in trials.iterdir() if trials.is_dir() else ():
        if path.is_file() and path.resolve() not in kept:
            path.unlink(missing_ok=True)


def _save(path: Path, kind: type[T], value: T, results: Results | None) -> None:
    content = _plain(_adapter(kind).dump_python(value), path.parent.resolve())
    document = {"version": VERSION, "results": results_key(results), "content": content}
    write_text(path, json.dumps(document, allow_nan=False) + "\n")


def _load(path: Path, kind: type[T]) -> tuple[T, str] | None:
    """The value and the key of the results that it is of."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        if path.stat().st_size > MOST_BYTES:
            return None
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            return None
        content = _rooted(document["content"], path.parent.resolve())
        return _adapter(kind).validate_python(content), str(document["results"])
    return None


def _adapter(kind: type[T]) -> "TypeAdapter[T]":
    from pydantic import TypeAdapter  # slow to import

    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    found: TypeAdapter[T] = _adapters[kind]
    return found


def _plain(value: Any, folder: Path) -> Any:
    """As JSON values: numbers that JSON has not and names of files as strings."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Path):
        return INSIDE + value.relative_to(folder).as_posix() if value.is_relative_to(folder) else value.as_posix()
    if isinstance(value, dict):
        return {str(key): _plain(item, folder) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, folder) for item in value]
    return value


def _rooted(value: Any, folder: Path) -> Any:
    """The same with names of files where the session is now."""
    if isinstance(value, str) and value.startswith(INSIDE):
        return (folder / value.removeprefix(INSIDE)).as_posix()
    if isinstance(value, dict):
        return {key: _rooted(item, folder) for key, item in value.items()}
    if isinstance(value, list):
        return [_rooted(item, folder) for item in value]
    return value
