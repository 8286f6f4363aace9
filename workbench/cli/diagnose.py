"""`diagnose`: why the numbers of a session part, and what mends it."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import fixing
from workbench.cli.console import harmless, print_json, run, write_out
from workbench.cli.explain import LANGUAGES
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError

SYMBOLS = {"good": "●", "bad": "✖", "not_run": "○", "blocked": "◌"}
TITLES = {
    "reference": "reference",
    "float16": "simulator, float16",
    "quantized": "simulator, quantised",
    "board": "board",
    "c_program": "C program",
}

if TYPE_CHECKING:
    from workbench.diagnose.findings import Finding, Fix
    from workbench.project.findings.diagnosis import Diagnosis


@dataclass(frozen=True)
class Told:
    """How far it goes, and in which language it is told."""

    tried: Annotated[
        str,
        typer.Option(
            "--try",
            metavar="N",
            help="Findings whose fixes are run until one helps; N.M runs only fix M of finding N.",
        ),
    ] = "2"
    applied: Annotated[
        str,
        typer.Option(
            "--apply", metavar="N[.M]", help="Make fix M (else the first) of finding N part of the session, and run it."
        ),
    ] = ""
    candidates: Annotated[
        Path | None,
        typer.Option(
            "--calibrate-from", metavar="PATH", help="Calibrate with inputs chosen from this folder or list, and run."
        ),
    ] = None
    images: Annotated[int, typer.Option("--images", metavar="N", min=1, help="How many of them.")] = 20
    undo: Annotated[bool, typer.Option("--undo", help="Take the last fix back, and run the session again.")] = False
    all_layers: Annotated[
        bool, typer.Option("--all-layers", help="Measure what every layer does to the outputs; by default some.")
    ] = False
    language: Annotated[str, typer.Option("--language", metavar="|".join(LANGUAGES), help="Of the findings.")] = "en"


def diagnose(
    common: Common,
    told: Told,
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session that has been run.")],
) -> int:
    """Say why the numbers of a session part: causes, the likeliest first, and what mends them."""
    from workbench.project.findings import diagnosing

    if told.language not in LANGUAGES:
        raise SettingsError(f"--language {told.language!r} is not spoken.", f"Choose one of {', '.join(LANGUAGES)}.")
    if told.undo:
        return fixing.undo(common, session)
    if told.candidates is not None:
        return fixing.calibrate_from(common, session, told.candidates, told.images)
    if told.applied:
        return fixing.apply_fix(common, session, told.applied)
    if "." in told.tried:
        return fixing.try_fix(common, session, told.tried)
    diagnosis = run(diagnosing.diagnose(session, fixing.count_of(told.tried), told.all_layers), common.quiet)
    if common.json:
        print_json(document(diagnosis, told.language))
    else:
        write_out(harmless(text(diagnosis, told.language)))
    return 0


def document(diagnosis: "Diagnosis", language: str) -> dict[str, Any]:
    """The JSON document."""
    found: dict[str, Any] = plain(
        {
            "schema": 1,
            "findings": [_finding(one, language) for one in diagnosis.findings],
            "guide": [asdict(step) for step in diagnosis.guide],
            "hurt": [asdict(one) for one in diagnosis.hurt],
            "divergence": None if diagnosis.divergence is None else asdict(diagnosis.divergence),
            "blame": [asdict(one) for one in diagnosis.blame],
            "versions": dict(diagnosis.versions),
            "seconds": diagnosis.seconds,
        }
    )
    return found


def plain(value: Any) -> Any:
    """As JSON values; what JSON has no number for is a string."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple | frozenset) else value


def text(diagnosis: "Diagnosis", language: str) -> str:
    """The same for people."""
    lines = [f"{name}: {version}" for name, version in diagnosis.versions.items()]
    lines += [f"{SYMBOLS[step.state]} {TITLES[step.key]:<21}{step.text}" for step in diagnosis.guide]
    lines += _diverged(diagnosis)
    lines += _findings(diagnosis, language) or ["Nothing was found."]
    return "\n".join(lines) + "\n"


def _diverged(diagnosis: "Diagnosis") -> list[str]:
    """Where the numbers part, and what the guiltiest layers do to the outputs."""
    found = diagnosis.divergence
    if found is None or not found.first:
        return []
    lines = [f"The numbers part for good at {found.first}."]
    effects = {name: found.effect(name) for name in found.guilty}
    lines += [
        f"  {name} does {effect:.0%} of what is wrong with an output." for name, effect in effects.items() if effect
    ]
    return lines


def _findings(diagnosis: "Diagnosis", language: str) -> list[str]:
    from workbench.diagnose.causes import about

    lines: list[str] = []
    for number, finding in enumerate(diagnosis.findings, start=1):
        title, meaning, help_ = about(finding, language)
        mark = finding.cause if finding.level == "cause" else f"{finding.cause}, a note"
        lines += [f"{number}. {title}  [{mark}, {finding.confidence:.0%}]", f"   {meaning}", f"   {help_}"]
        lines += [f"   - {one.text}" for one in finding.evidence]
        lines += [f"   {number}.{part} > {fix.text}{_gained(fix)}" for part, fix in enumerate(finding.fixes, start=1)]
    return lines


def _gained(fix: "Fix") -> str:
    told = fixing.gained(fix.gain)
    return f" ({told})" if told else ""


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
        "evidence": [asdict(one) for one in finding.evidence],
        "fix": [
            {"text": fix.text, "can_be_tried": fix.is_runnable, "gain": [asdict(gain) for gain in fix.gain]}
            for fix in finding.fixes
        ]
        or [{"text": help_, "can_be_tried": False, "gain": []}],
    }
