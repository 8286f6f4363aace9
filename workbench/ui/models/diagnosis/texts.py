"""What a finding says, as texts: how sure it is, what a fix brings."""

from PySide6.QtCore import QCoreApplication, QLocale

from workbench.diagnose.causes import About, about
from workbench.diagnose.findings import NOTE, Finding, Fix, OutputGain
from workbench.ui.models.spoken import language

SURE, LIKELY = 0.9, 0.6
DIGITS = 5


def about_finding(finding: Finding) -> About:
    """Title, meaning and help in the window's language."""
    return about(finding, language())


def how_sure(finding: Finding) -> str:
    """In words and percent."""
    percent = f"{finding.confidence:.0%}"
    if finding.level == NOTE:
        return QCoreApplication.translate("Diagnosis", "worth knowing")
    if finding.confidence >= SURE:
        return QCoreApplication.translate("Diagnosis", "almost certain, {0}").format(percent)
    if finding.confidence >= LIKELY:
        return QCoreApplication.translate("Diagnosis", "likely, {0}").format(percent)
    return QCoreApplication.translate("Diagnosis", "possible, {0}").format(percent)


def gain_lines(fix: Fix) -> tuple[tuple[str, str], ...]:
    """A line for each output that was measured before and after, with its role: "good", "bad" or "muted"."""
    return tuple(_line(gain) for gain in fix.gain if "cos" in gain.before and "cos" in gain.after)


def _line(gain: OutputGain) -> tuple[str, str]:
    before, after = (f"{values['cos']:.{DIGITS}f}" for values in (gain.before, gain.after))
    gained = gain.after["cos"] - gain.before["cos"]
    role = "muted" if before == after else "good" if gained > 0 else "bad"
    return f"{gain.output}: cos {before} → {after}", role


def number(value: float) -> str:
    """A number of an axis, short."""
    return QLocale.c().toString(float(value), "g", 3)
