"""Where a session stands: on the vendor's troubleshooting path, and with the fixes that were applied to it.

Only what its folder has is read; nothing here brings what a run or a diagnosis needs.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.foundation.files import UNREADABLE
from workbench.project.findings.diagnosis_file import load_diagnosis, load_facts
from workbench.project.findings.path import Step, path_of
from workbench.project.results import load_results
from workbench.project.session import load_session

STEPS = "applied"  # folder of a session: what it was before each fix that was applied
CHANGED = ("model", "reference", "tail", "preprocess", "dataset", "quant", "plan", "simulator", "imports", "board")
"""Fields of a session that applying a fix may change."""
TITLE = "applied.json"


@dataclass(frozen=True)
class Applied:
    """A fix that was applied: `text` says what it did, to which `fields`; the session before it is in `folder`."""

    text: str
    folder: Path
    fields: tuple[str, ...]


def guide(folder: Path) -> tuple[Step, ...]:
    """The path of a session as it stands; nothing is run."""
    session, results = load_session(folder), load_results(folder)
    saved = load_diagnosis(folder, results)
    facts = load_facts(folder, results)
    if saved is None or saved.is_stale:
        return path_of(session, results, facts)
    return path_of(session, results, facts, saved.diagnosis.findings, saved.diagnosis.hurt)


def history(folder: Path) -> tuple[str, ...]:
    """What the fixes did that were applied to a session, the last one first."""
    return tuple(step.text for step in reversed(applied_fixes(folder)))


def applied_fixes(folder: Path) -> tuple[Applied, ...]:
    """The fixes that were applied to a session, the last one at the end."""
    found = []
    for step in sorted((folder / STEPS).glob("[0-9]*")):
        try:
            document: Any = json.loads((step / TITLE).read_text(encoding="utf-8"))
            fields = tuple(name for name in CHANGED if name in document["fields"])
            found.append(Applied(str(document["text"]), step, fields))
        except UNREADABLE:
            continue  # not written completely
    return tuple(found)
