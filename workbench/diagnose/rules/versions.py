"""Versions of toolkit, runtime and driver that are not made for each other. Source: rknn_facts §6.1; the doctor's."""

from workbench.diagnose.case import Case
from workbench.diagnose.distances import distances, farthest
from workbench.diagnose.findings import CAUSE, NOTE, Evidence, Finding, Fix
from workbench.foundation.steps import Progress, Steps
from workbench.sources.board.checks import LEVELS, PROBLEM, misfits
from workbench.sources.board.probe import Probe
from workbench.sources.board.state import State
from workbench.sources.board.told_versions import CONVERTED_BY, DRIVER, RUNTIME, SERVER
from workbench.sources.board.versions import numbers

SEEN = 0.1  # relative difference of an output on the board
TOOLKIT = "toolkit"


def fit(case: Case) -> Steps[tuple[Finding, ...]]:
    """A cause where the board's outputs are off, else a note."""
    yield Progress("diagnose", 0, 1, "versions")
    known = case.versions
    state = State(
        link_kind="",
        address="",
        described_chip="",
        chip=case.quant.target,
        toolkit=known.get(CONVERTED_BY) or known.get(TOOLKIT, ""),
        probe=Probe(),
        libraries={RUNTIME: known[RUNTIME]} if RUNTIME in known else {},
        servers={SERVER: known[SERVER]} if SERVER in known else {},
        driver=known.get(DRIVER, ""),
    )
    found = sorted(misfits(state), key=lambda one: LEVELS.index(one.level))
    texts = [one.title for one in found]
    if (other := _simulated_by_another(case)) is not None:
        texts.append(other)
    if not texts:
        return ()
    output = farthest(distances(case, "runtime", "simulated"))
    is_off = output is not None and output.exceeds(SEEN)
    is_problem = bool(found) and found[0].level == PROBLEM
    tensor = output.row.tensor if output is not None and is_off else ""
    return (
        Finding(
            "version-mismatch",
            0.55 if is_problem else 0.4,
            (tensor,) if tensor else (),
            {"what": ", ".join(f"{name} {version}" for name, version in known.items())},
            tuple(Evidence(text, tensor) for text in texts),
            tuple(Fix(f"Run: {one.command}") for one in found if one.command),
            CAUSE if is_off and found else NOTE,
        ),
    )


def _simulated_by_another(case: Case) -> str | None:
    made, simulated = case.versions.get(CONVERTED_BY, ""), case.versions.get(TOOLKIT, "")
    if made and simulated and numbers(made) != numbers(simulated):
        return f"The .rknn was made by toolkit {made}, the simulator's values are of toolkit {simulated}."
    return None


RULES = (fit,)
