"""Tells where long gaps of the event loop came from, by the stacks that were seen in them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tests.benchmarks.gui.clock import Gap, Phase

SHOWN, LISTED, LINES = 20, 6, 40
TITLES = ("median", "p95", "p99", "max", "comput.", "core", "blocked")
HEAD = f"{'[ms]':34} {' '.join(f'{title:>7}' for title in TITLES)}"


def line(name: str, phase: Phase, limit: float) -> str:
    """The figures of a phase; of its longest gap what the GUI thread did in it."""
    worst, late = phase.longest, sum(1 for gap in phase.gaps if gap.length > limit)
    lengths = " ".join(f"{phase.at(percent):7.1f}" for percent in (50, 95, 99, 100))
    shares = f"{worst.computing:7.1f} {worst.core:7.1f} {worst.blocked:7.1f}"
    return f"{name:34} {lengths} {shares}; over the limit {late} of {len(phase.gaps)} in {phase.seconds:.1f} s"


def story(phases: Mapping[str, Phase], limit: float) -> str:
    """What the program's functions cost in gaps over `limit` ms, and the longest gaps one by one."""
    long = [(name, gap) for name, phase in phases.items() for gap in phase.gaps if gap.length > limit]
    text = [f"functions of the program on the GUI thread's stack in the {len(long)} gaps over {limit:.0f} ms:"]
    text += [f"{'ms':>8} {'gaps':>5} {'worst':>6}  function"]
    text += list(_functions([gap for _, gap in long]))
    text += ["", f"{'ms':>8} {'gaps':>5} {'worst':>6}  event and its receiver, without the events inside it"]
    text += list(_listed(_costs(gap.events for _, gap in long)))
    for name, gap in sorted(long, key=lambda item: -item[1].length)[:SHOWN]:
        text.append(f"\n{gap.length:.0f} ms in {name}: computing {gap.computing:.0f}, {_waits(gap)}")
        text += [f"    {share:4.0f} ms  {' < '.join(stack[:7]) or 'Qt alone'}" for share, stack in _spent(gap)]
    return "\n".join(text)


def _waits(gap: Gap) -> str:
    others = f"; meanwhile {', '.join(gap.others)}" if gap.others else ""
    return f"waiting for a core {gap.core:.0f}, blocked {gap.blocked:.0f}, lock held for {gap.locked:.0f} ms{others}"


def _functions(gaps: Iterable[Gap]) -> Iterable[str]:
    """Each function with all that it called: ms over all gaps, in how many gaps, the most in one gap."""
    return _listed(_costs(_inside(gap).items() for gap in gaps))


def _inside(gap: Gap) -> Mapping[str, float]:
    inside: dict[str, float] = defaultdict(float)
    for stack in gap.stacks:
        for name in set(stack) or {"(no function of the program: Qt)"}:
            inside[name] += gap.length / len(gap.stacks)
    return inside


def _costs(gaps: Iterable[Iterable[tuple[str, float]]]) -> Mapping[str, list[float]]:
    cost: dict[str, list[float]] = defaultdict(list)
    for gap in gaps:
        for name, share in gap:
            cost[name].append(share)
    return cost


def _listed(costs: Mapping[str, list[float]]) -> Iterable[str]:
    for name, shares in sorted(costs.items(), key=lambda item: -sum(item[1]))[:LINES]:
        yield f"{sum(shares):8.0f} {len(shares):5d} {max(shares):6.0f}  {name}"


def _spent(gap: Gap) -> list[tuple[float, tuple[str, ...]]]:
    shares: dict[tuple[str, ...], float] = defaultdict(float)
    for stack in gap.stacks:
        shares[stack] += gap.length / len(gap.stacks)
    return sorted(((share, stack) for stack, share in shares.items()), reverse=True)[:LISTED]
