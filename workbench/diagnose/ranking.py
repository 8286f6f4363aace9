"""Which finding is told first."""

from collections.abc import Iterable

from workbench.diagnose.divergence import Divergence
from workbench.diagnose.findings import NOTE, Finding

MEASURED = 0.1
"""What it adds to a finding's confidence that its layers do all the damage, measured."""


def ranked(findings: Iterable[Finding], divergence: Divergence | None = None) -> tuple[Finding, ...]:
    """The likeliest first; what another finding explains stands behind it, notes at the end.

    Among equals those stand first whose layers do most to the outputs, as far as that was measured.
    """
    found = list(findings)
    explained = {cause: one for one in sorted(found, key=lambda item: item.confidence) for cause in one.explains}

    def likely(finding: Finding) -> float:
        done = 0.0 if divergence is None else max(map(divergence.effect, finding.layers), default=0.0)
        return finding.confidence + MEASURED * min(1.0, done)

    def place(finding: Finding) -> tuple[bool, float]:
        above = explained.get(finding.cause)
        is_behind = above is not None and above is not finding and above.level != NOTE
        confidence = min(likely(finding), likely(above) - 0.01) if is_behind and above else likely(finding)
        return finding.level == NOTE, -confidence

    return tuple(sorted(found, key=place))
