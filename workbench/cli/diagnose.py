"""`diagnose`: why the numbers of a session part, and what mends it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import harmless, print_json, run, write_out
from workbench.cli.explain import LANGUAGES
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError

if TYPE_CHECKING:
    from workbench.diagnose.findings import Finding, Fix
    from workbench.project.diagnosing import Diagnosis


@dataclass(frozen=True)
class Told:
    """How far it goes, and in which language it is told."""

    tried: Annotated[
        int, typer.Option("--try", metavar="N", min=0, help="Fixes that are run to measure what they bring.")
    ] = 2
    language: Annotated[str, typer.Option("--language", metavar="|".join(LANGUAGES), help="Of the findings.")] = "en"


def diagnose(
    common: Common,
    told: Told,
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session that has been run.")],
) -> int:
    """Say why the numbers of a session part: causes, the likeliest first, and what mends them."""
    from workbench.project import diagnosing

    if told.language not in LANGUAGES:
        raise SettingsError(f"--language {told.language!r} is not spoken.", f"Choose one of {', '.join(LANGUAGES)}.")
    diagnosis = run(diagnosing.diagnose(session, told.tried), common.quiet)
    if common.json:
        print_json(document(diagnosis, told.language))
    else:
        write_out(harmless(text(diagnosis, told.language)))
    return 0


def document(diagnosis: "Diagnosis", language: str) -> dict[str, Any]:
    """The JSON document."""
    findings = [_finding(one, language) for one in diagnosis.findings]
    return {"schema": 1, "findings": findings, "versions": diagnosis.versions, "seconds": diagnosis.seconds}


def text(diagnosis: "Diagnosis", language: str) -> str:
    """The same for people."""
    from workbench.diagnose.causes import about

    if not diagnosis.findings:
        return "Nothing was found.\n"
    lines: list[str] = []
    for number, finding in enumerate(diagnosis.findings, start=1):
        title, meaning, help_ = about(finding, language)
        lines += [f"{number}. {title}  [{finding.cause}, {finding.confidence:.0%}]", f"   {meaning}", f"   {help_}"]
        lines += [f"   - {one.text}" for one in finding.evidence]
        lines += [f"   > {fix.text}{_gained(fix)}" for fix in finding.fixes]
    return "\n".join(lines) + "\n"


def _gained(fix: "Fix") -> str:
    parts = [
        f"{gain.output}: cos {gain.before['cos']:.5f} -> {gain.after['cos']:.5f}"
        for gain in fix.gain
        if "cos" in gain.before and "cos" in gain.after
    ]
    return f" ({'; '.join(parts)})" if parts else ""


def _finding(finding: "Finding", language: str) -> dict[str, Any]:
    from workbench.diagnose.causes import about

    title, meaning, help_ = about(finding, language)
    return {
        "cause": finding.cause,
        "title": title,
        "layers": list(finding.layers),
        "confidence": finding.confidence,
        "level": finding.level,
        "meaning": meaning,
        "evidence": [{"text": one.text, "tensor": one.tensor, "sample": one.sample} for one in finding.evidence],
        "fix": [
            {"text": fix.text, "can_be_tried": fix.change is not None, "gain": [asdict(gain) for gain in fix.gain]}
            for fix in finding.fixes
        ]
        or [{"text": help_, "can_be_tried": False, "gain": []}],
    }
