"""What the suite found, for people."""

from collections.abc import Iterable, Sequence
from statistics import median

from tests.benchmarks.diagnosis.judge import Gain, Verdict

LIMITS = {"first": 0.90, "within": 0.98, "alarms": 0.02, "times": 3.0}


def line(verdict: Verdict) -> str:
    """One fault in one network."""
    told = ", ".join(f"{one.cause} {one.confidence:.2f}" for one in verdict.causes[:4]) or "nothing"
    where = {None: "", True: "", False: " elsewhere"}[verdict.is_where if verdict.rank else None]
    place = f"{'alarm' if verdict.is_alarm else 'sick' if verdict.is_sick else 'quiet':5}"
    rank = place if verdict.is_clean else f"{verdict.rank or '-'!s:5}"
    times = verdict.seconds / max(verdict.analysis, 1e-9)
    text = f"{verdict.network:16} {verdict.kind:22} {rank} {verdict.analysis:6.2f} {times:5.1f}x  {told}{where}"
    fixes = f"  [{_kept(verdict.gains)}]" if verdict.gains else ""
    return f"{text}{fixes}  {verdict.failed}"


def by_kind(verdicts: Iterable[Verdict]) -> str:
    """A line a kind of fault."""
    groups: dict[str, list[Verdict]] = {}
    for item in verdicts:
        groups.setdefault(item.kind, []).append(item)
    lines = [f"{'kind':22} {'nets':>4} {'first':>6} {'in 3':>6} {'where':>7}"]
    for kind, group in sorted(groups.items(), key=lambda item: item[1][0].is_clean):
        if group[0].is_clean:
            sick, alarms = sum(item.is_sick for item in group), sum(item.is_alarm for item in group)
            lines.append(f"{kind:22} {len(group):4} {alarms:6} alarms ({sick} not healthy)")
            continue
        placed = [item.is_where for item in group if item.is_where is not None and item.rank is not None]
        where = f"{sum(map(bool, placed))}/{len(placed)}" if placed else ""
        lines.append(f"{kind:22} {len(group):4} {_within(group, 1):6.1%} {_within(group, 3):6.1%} {where:>7}")
    return "\n".join(lines)


def summary(verdicts: Sequence[Verdict]) -> tuple[str, str, bool]:
    """The figures that count, the same in a sentence, and whether all hold."""
    faults = [item for item in verdicts if not item.is_clean]
    clean = [item for item in verdicts if item.is_clean]
    times = [item.seconds / item.analysis for item in verdicts if item.analysis]
    gains = [gain for item in verdicts for gain in item.gains]
    found = {
        "first": _within(faults, 1),
        "within": _within(faults, 3),
        "alarms": sum(item.is_alarm for item in clean) / max(1, len(clean)),
        "times": median(times) if times else 0.0,
    }
    holds = found["first"] >= LIMITS["first"] and found["within"] >= LIMITS["within"]
    holds = holds and found["alarms"] <= LIMITS["alarms"] and found["times"] <= LIMITS["times"]
    holds = holds and all(gain.is_kept for gain in gains)
    kinds, networks = len({item.kind for item in faults}), len({item.network for item in faults})
    lines = [
        f"{len(faults)} faults of {kinds} kinds in {networks} networks",
        f"right cause first        {found['first']:7.1%}  (at least {LIMITS['first']:.0%})",
        f"right cause within three {found['within']:7.1%}  (at least {LIMITS['within']:.0%})",
        f"alarms on {len(clean):3} clean runs {found['alarms']:7.1%}  (at most {LIMITS['alarms']:.0%})",
        f"median time              {found['times']:6.1f}x  of one analysis (at most {LIMITS['times']:.0f}x)",
        f"failed                   {sum(bool(item.failed) for item in verdicts):7}",
    ]
    if gains:
        lines.append(f"as promised, first      {_kept(gain for gain in gains if gain.is_first)}")
        lines.append(f"as promised, all        {_kept(gains)}")
    short = f"{len(faults)} faults of {kinds} kinds: the right cause first {found['first']:.0%}"
    short += f", alarms {found['alarms']:.0%}, {found['times']:.1f} analyses at the median"
    return "\n".join(lines), short + (f", fixes as promised: {_kept(gains)}" if gains else ""), holds


def _kept(gains: Iterable[Gain]) -> str:
    asked = list(gains)
    refused = sum(bool(gain.refused) for gain in asked)
    kept = sum(gain.is_kept for gain in asked) - refused
    return f"{kept} of {len(asked) - refused} gains" + (f", {refused} fixes could not be made" if refused else "")


def _within(verdicts: Sequence[Verdict], place: int) -> float:
    return sum(item.rank is not None and item.rank <= place for item in verdicts) / max(1, len(verdicts))
