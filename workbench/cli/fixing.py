"""Fixes of a diagnosis on the command line: tried, applied to the session, and taken back."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.console import harmless, print_json, run, write_out
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError

if TYPE_CHECKING:
    from workbench.diagnose.findings import OutputGain

NOTABLE = 0.005  # of a cosine
HINT = "`diagnose SESSION` lists them: 2 is the second finding, 2.3 its third fix."


def numbers_of(text: str, option: str) -> tuple[int, int | None]:
    """`2.3` as a finding and its fix, `2` as a finding; both counted from 0 on."""
    first, dot, second = text.partition(".")
    numbers = [first, second] if dot else [first]
    if not all(item.isdecimal() and int(item) > 0 for item in numbers):
        raise SettingsError(f"{option} {text!r} names no fix.", HINT)
    return int(first) - 1, int(second) - 1 if dot else None


def count_of(text: str) -> int:
    """How many fixes `--try` runs."""
    if not text.isdecimal():
        raise SettingsError(f"--try {text!r} is no number of fixes.", HINT)
    return int(text)


def apply_fix(common: Common, session: Path, text: str) -> int:
    """Make a fix part of the session and run it again; says what it brought."""
    from workbench.project.findings import fixing

    numbers = numbers_of(text, "--apply")
    before = fixing.outcome(session)
    fix = run(fixing.made_fix(session, *numbers), common.quiet)
    assert fix.change is not None
    run(fixing.apply(session, fix.change, fix.text), common.quiet)
    _tell(common, "applied", fix.text, fixing.gains(before, fixing.outcome(session)))
    return 0


def try_fix(common: Common, session: Path, text: str) -> int:
    """Run one fix beside the session; says what it would bring."""
    from workbench.project.findings import fixing

    fix = run(fixing.try_fix(session, *numbers_of(text, "--try")), common.quiet)
    _tell(common, "tried", fix.text, fix.gain)
    return 0


def calibrate_from(common: Common, session: Path, candidates: Path, count: int) -> int:
    """Calibrate with inputs chosen from many, and run the session again."""
    from workbench.project.findings import fixing

    before = fixing.outcome(session)
    fix = run(fixing.chosen_calibration(session, candidates, count), common.quiet)
    assert fix.change is not None
    run(fixing.apply(session, fix.change, fix.text), common.quiet)
    _tell(common, "applied", fix.text, fixing.gains(before, fixing.outcome(session)))
    return 0


def undo(common: Common, session: Path) -> int:
    """Take the last fix back, and run the session again."""
    from workbench.project.findings import fixing

    before, applied = fixing.outcome(session), fixing.history(session)
    run(fixing.undo(session), common.quiet)
    _tell(common, "undone", applied[0], fixing.gains(before, fixing.outcome(session)))
    return 0


def gained(gains: "tuple[OutputGain, ...]") -> str:
    """What a fix brings to the outputs, in one line; channels are told where the whole output hides them."""
    return "; ".join(text for gain in gains if (text := _gained(gain)))


def _gained(gain: "OutputGain") -> str:
    parts = [
        f"{title} {gain.before[metric]:.5f} -> {gain.after[metric]:.5f}"
        for metric, title in (("cos", "cos"), ("worst_channel", "its worst channel"))
        if metric in gain.before and metric in gain.after
    ]
    changed = abs(gain.after.get("worst_channel", 0.0) - gain.before.get("worst_channel", 0.0)) >= NOTABLE
    return f"{gain.output}: {', '.join(parts if changed else parts[:1])}" if parts else ""


def _tell(common: Common, what: str, text: str, gains: "tuple[OutputGain, ...]") -> None:
    if common.json:
        print_json({"schema": 1, what: text, "gain": [_plain(gain) for gain in gains]})
    else:
        write_out(harmless(f"{what}: {text}\n" + "".join(f"  {gained((gain,))}\n" for gain in gains)))


def _plain(gain: "OutputGain") -> dict[str, Any]:
    """As JSON values: what is no finite number is a string."""

    def numbers(values: Mapping[str, float]) -> dict[str, float | str]:
        return {key: value if math.isfinite(value) else str(value) for key, value in values.items()}

    return {"output": gain.output, "before": numbers(gain.before), "after": numbers(gain.after)}
