"""Which finding is told first."""

from collections.abc import Iterable

from workbench.diagnose.findings import NOTE, Finding


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The likeliest first; what another finding explains stands behind it, notes at the end."""
    found = list(findings)
    explained = {cause: one for one in sorted(found, key=lambda item: item.confidence) for cause in one.explains}

    def place(finding: Finding) -> tuple[bool, float]:
        above = explained.get(finding.cause)
        is_behind = above is not None and above is not finding and above.level != NOTE
        confidence = min(finding.confidence, above.confidence - 0.01) if is_behind and above else finding.confidence
        return finding.level == NOTE, -confidence

    return tuple(sorted(found, key=place))
