"""Fixes beside a session: which there are for a finding, made when they are asked for, run to see what they bring."""

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from workbench.compare.compare import ENTIRE, LayerError
from workbench.diagnose.case import Case
from workbench.diagnose.findings import Finding, Fix, OutputGain
from workbench.diagnose.fixes.table import MAKERS, fixes_of
from workbench.diagnose.fixes.verify import lowest_cosine
from workbench.dump.store import Dump
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Steps

WORST_CHANNEL = "worst_channel"


def offered(case: Case, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with what is known to help against their causes, behind what the rules themselves propose."""
    return tuple(_with_offers(case, finding) for finding in findings)


def made(case: Case, fix: Fix, finding: Finding | None = None) -> Steps[Fix]:
    """A fix with its change; a network is written and checked now. It is for the layers of `finding`."""
    if fix.change is not None and (fix.change.model is None or fix.change.model.is_file()):
        return fix
    if fix.key not in MAKERS:
        raise SettingsError(f"Only you can do this: {fix.text}", "Do it, and run the session again.")
    found = yield from MAKERS[fix.key](case, () if finding is None else finding.layers)
    if found is None:
        raise SettingsError(f"This cannot be done to {case.model.path.name}: {fix.text}", "Try another fix.")
    return dataclasses.replace(found, key=fix.key)


def tried(case: Case, fix: Fix, finding: Finding | None = None, samples: Sequence[int] | None = None) -> Steps[Fix]:
    """A fix with what it brings, run beside the session on some of its inputs; on all of them without `samples`."""
    whole = yield from made(case, fix, finding)
    assert whole.change is not None
    wanted = tuple(range(len(case.samples)) if samples is None else samples)
    trial = yield from case.trials.run(whole.change, wanted)
    before = measured(case.rows, case.outputs, case.dumps, wanted)
    with ExitStack() as stack:
        dumps = {source: [stack.enter_context(Dump(path)) for path in paths] for source, paths in trial.dumps.items()}
        after = measured(trial.rows, case.outputs, dumps, range(len(wanted)))
    gain = tuple(OutputGain(name, before.get(name, {}), found) for name, found in after.items())
    return dataclasses.replace(whole, gain=gain)


def measured(
    rows: Sequence[LayerError], outputs: Sequence[str], dumps: Mapping[str, Sequence[Dump]], samples: Sequence[int]
) -> dict[str, Mapping[str, float]]:
    """The entire errors of the network's outputs on some samples, by the outputs' names: the means over them.

    Besides the metrics of the table `worst_channel`, the lowest cosine of a channel, which the whole one hides.
    """
    last = {name: row for row in rows for name in (row.golden, row.tensor) if name in outputs and ENTIRE in row.errors}
    found: dict[str, Mapping[str, float]] = {}
    for name, row in last.items():
        errors = row.errors[ENTIRE]
        each = {metric: [errors.of_sample(metric, number) for number in samples] for metric in errors.mean}
        each[WORST_CHANNEL] = [_worst_channel(row, dumps, number) for number in samples]
        there = {metric: [item for item in values if item is not None] for metric, values in each.items()}
        found[name] = {metric: sum(values) / len(values) for metric, values in there.items() if values}
    return found


def _worst_channel(row: LayerError, dumps: Mapping[str, Sequence[Dump]], sample: int) -> float | None:
    golden, other = dumps.get(row.golden_source, ()), dumps.get("simulator", ())
    if sample >= min(len(golden), len(other)) or row.golden not in golden[sample]:
        return None
    name = next((name for name in (row.tensor, row.golden) if name in other[sample]), None)
    if name is None or golden[sample].shape(row.golden) != other[sample].shape(name):
        return None
    return lowest_cosine(golden[sample][row.golden], other[sample][name])


def _with_offers(case: Case, finding: Finding) -> Finding:
    own = finding.fixes
    known = {repr(fix.change) for fix in own if fix.change is not None} | {fix.key for fix in own if fix.key}
    offers = (fix for fix in fixes_of(case, finding) if (fix.key or repr(fix.change)) not in known)
    return finding.with_fixes((*own, *offers))
