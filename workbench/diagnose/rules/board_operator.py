"""Layers that a board computes otherwise than the simulator does on the same inputs; layers on its CPU.

The column single_sim tells them: on a real RK3588 every layer is within 0.1 % there (rknn_facts §2, the artefact).
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from workbench.compare.compare import RUNTIME, SINGLE_SIM, LayerError
from workbench.diagnose.case import Case
from workbench.diagnose.distances import apart, distances, farthest
from workbench.diagnose.findings import CAUSE, NOTE, Chart, Evidence, Finding, Fix
from workbench.diagnose.flow import born
from workbench.diagnose.rules.board_output import outputs, should_be
from workbench.diagnose.symptoms import symptoms
from workbench.foundation.steps import Progress, Steps
from workbench.graph.deployed import CONVERT

STAGE = "diagnose"
OFF = 0.05  # relative difference of a layer that is computed right: a tenth of it
EXACT = 0.001  # relative difference of a layer that nothing can be said against
STEPS = 2.5  # rounding makes one step, two in sums of sums
WRONG = 0.5  # relative difference of a channel that is another one
SEEN = 0.1  # relative difference of an output
MOST = 0.6  # of all layers: no operator is wrong, but the network is another one
LEAST = 4  # layers that tell such a network
LISTED = 12
WEIGHTED = ("Conv", "ConvTranspose", "Gemm", "MatMul", "exMatMul")
LESSER = frozenset(("version-mismatch", "board-cpu-operator"))


def board(case: Case) -> Steps[tuple[Finding, ...]]:
    """Outputs that are read wrong, and operators that are wrong by themselves besides."""
    if not case.dumps.get("runtime"):
        return ()
    read = yield from outputs(case)
    yield Progress(STAGE, 0, 1, "board")
    return (*read, *operators(case, frozenset(name for one in read for name in one.layers)))


def operators(case: Case, known: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """The layers that are wrong by themselves; where nearly all are, the board runs another network.

    What is wrong with the rows in `known` is known.
    """
    measured = [row for row in case.rows if row.op != CONVERT and SINGLE_SIM in row.errors and row.tensor not in known]
    if not any(SINGLE_SIM in row.errors for row in case.rows):
        return _without_single_sim(case, known)
    wrong = [row for row in measured if _is_wrong(row)]
    if not wrong and not known and _is_off(case):
        if len(measured) <= len(case.output_rows):
            return _only_outputs(case)
        wrong = [row for row in measured if _has_wrong_channel(case, row)]
        if not wrong:
            return _slightly(case, [row for row in measured if _off(row) > EXACT])
    if not wrong:
        return ()
    weighted = [row for row in measured if row.op in WEIGHTED or _has_weights(case, row)]
    bad = [row for row in weighted if row in wrong]
    if len(bad) >= max(LEAST, MOST * len(weighted)):
        return (_other_network(bad, len(weighted)),)
    return (_operator(case, wrong),)


def on_cpu(case: Case) -> Steps[tuple[Finding, ...]]:
    """Layers that the NPU has not computed: what they take of the time."""
    yield Progress(STAGE, 0, 1, "board")
    rows = [row for row in case.rows if "CPU" in row.on.split(", ") and row.op != CONVERT]
    if not rows:
        return ()
    taken = sum(row.time_us or 0.0 for row in rows)
    total = sum(row.time_us or 0.0 for row in case.rows)
    ordered = sorted(rows, key=lambda row: -(row.time_us or 0.0))
    evidence = tuple(_time(row, total) for row in ordered[:LISTED])
    values = {
        "tensor": ordered[0].tensor,
        "op": ordered[0].op,
        "count": str(len(rows)),
        "share": f"{taken / total:.0%}" if total else "?",
    }
    names = tuple(row.tensor for row in ordered)
    return (Finding("board-cpu-operator", 0.9, names, values, evidence, level=NOTE),)


def _time(row: LayerError, total: float) -> Evidence:
    text = f"{row.tensor} ({row.op}) runs on the CPU."
    if total and row.time_us is not None:
        text = f"{row.tensor} ({row.op}) runs on the CPU and takes {row.time_us / total:.0%} of the time."
    return Evidence(text, row.tensor)


def _is_wrong(row: LayerError) -> bool:
    """Whether the board's values are not the simulator's of the same inputs, by more than rounding."""
    found = row.errors[SINGLE_SIM].worst
    if found.get("nan", 0.0) + found.get("inf", 0.0) > 0:
        return True
    relative = found.get("relative")
    if relative is None:
        return found.get("max_abs", 0.0) > 0 and found.get("euc", 0.0) > 0
    return relative > OFF and found.get("steps", math.inf) > STEPS and _is_off_in_steps(row)


def _is_off_in_steps(row: LayerError) -> bool:
    """Whether a layer stored in steps is off by more than two of them at most."""
    if row.encoding is None or not row.encoding.is_quantized:
        return True
    return row.errors[SINGLE_SIM].worst.get("max_abs", math.inf) > STEPS * max(row.encoding.scale)


def _has_weights(case: Case, row: LayerError) -> bool:
    if case.graph is None:
        return False
    names = (row.tensor, *row.group)
    return any(case.graph.producers[name].op in WEIGHTED for name in names if name in case.graph.producers)


def _off(row: LayerError) -> float:
    found = row.errors[SINGLE_SIM].worst.get("relative", math.inf) if SINGLE_SIM in row.errors else math.inf
    return found if math.isfinite(found) else 10.0


def _operator(case: Case, wrong: Sequence[LayerError]) -> Finding:
    first = wrong[0]
    sample = first.errors[SINGLE_SIM].worst_sample.get("relative", 0)
    is_fed = len(wrong) == 1 and takes_input(case, first)  # what the board was fed with may be at fault as well
    output = farthest(distances(case, "runtime", "simulated"))
    level = CAUSE if output is None or output.exceeds(SEEN) else NOTE
    evidence = (
        Evidence(
            f"On the board's own inputs the simulator gives another {first.tensor} ({first.op}): it is off by "
            f"{_said(_off(first))} of its length; the layers before it are right.",
            first.tensor,
            sample,
            "scatter",
            _chart(case),
        ),
        *_symptoms(case, first, sample),
        *_where(first),
        *(Evidence(f"So is {row.tensor} ({row.op}), by {_said(_off(row))}.", row.tensor) for row in wrong[1:LISTED]),
        *_damage(case),
    )
    values = {"tensor": first.tensor, "op": first.op, "count": str(len(wrong)), "error": _said(_off(first))}
    confidence = 0.65 if is_fed else min(0.95, 0.8 + _off(first) / 4)
    names = tuple(row.tensor for row in wrong)
    return Finding("board-operator", confidence, names, values, evidence, _fixes(first), level, LESSER)


def takes_input(case: Case, row: LayerError) -> bool:
    """Whether a row takes what the network is fed with, as it is or converted."""
    fed = {tensor.name for tensor in case.model.graph.inputs}
    taken = case.takes.get(row.tensor, ())
    converts = [name for name in taken if name in case.by_tensor and case.by_tensor[name].op == CONVERT]
    return any(fed.intersection(case.takes.get(name, ())) for name in (row.tensor, *converts))


def _said(relative: float) -> str:
    return ">1000%" if relative >= 10 else f"{relative:.1%}"


def _fixes(row: LayerError) -> tuple[Fix, ...]:
    return (
        Fix(f"Keep {row.tensor} in float16 (custom_quantize_layers), which takes another path of the NPU."),
        Fix(f"Put {row.tensor} on the CPU: op_target={{'{row.tensor}': 'cpu'}} in rknn.config."),
        Fix("Convert with another optimization_level, or with a newer toolkit and its runtime."),
    )


def _symptoms(case: Case, row: LayerError, sample: int) -> Iterator[Evidence]:
    values, wanted = case.runtime(row, sample), should_be(case, row, sample)
    if values is not None and wanted is not None and values.size == wanted.size:
        for text, view in symptoms(values.reshape(wanted.shape), wanted):
            yield Evidence(f"How {row.tensor} is wrong: {text}.", row.tensor, sample, view)


def _where(row: LayerError) -> Iterator[Evidence]:
    if row.on:
        yield Evidence(f"The board computed {row.tensor} on its {row.on}.", row.tensor)


def _damage(case: Case) -> Iterator[Evidence]:
    output = farthest(distances(case, "runtime", "simulated"))
    if output is not None:
        text = f"The board's output {output.row.tensor} is off the simulator's by {output.relative:.1%} of its length."
        if output.broken:
            text = f"{output.broken:.0%} of the board's output {output.row.tensor} are NaN or infinite."
        yield Evidence(text, output.row.tensor, output.sample, "scatter")


def _chart(case: Case) -> Chart:
    rows = [row for row in case.rows if SINGLE_SIM in row.errors]
    errors = tuple(min(10.0, max(1e-6, _off(row))) for row in rows)
    return Chart("bars", "tensor", "relative error (single_sim)", {"board": errors}, tuple(row.tensor for row in rows))


def _other_network(bad: Sequence[LayerError], count: int) -> Finding:
    evidence = tuple(
        Evidence(
            f"{row.tensor} ({row.op}) is off by {_said(_off(row))} on the same inputs.", row.tensor, view="scatter"
        )
        for row in bad[:LISTED]
    )
    values = {"count": str(len(bad)), "all": str(count)}
    fix = Fix("Convert this network with these settings anew and put that .rknn on the board.")
    return Finding("board-other-network", 0.85, tuple(row.tensor for row in bad), values, evidence, (fix,),
                   explains=LESSER | {"board-operator"})  # fmt: skip


def _without_single_sim(case: Case, known: frozenset[str]) -> tuple[Finding, ...]:
    """Only what feeds each other can be compared: what is wrong first."""
    apart_by = {
        row.tensor: apart(values, wanted)
        for row in case.rows
        if RUNTIME in row.errors and row.op != CONVERT and row.tensor not in known
        for values, wanted in [(case.runtime(row), case.simulated(row))]
        if values is not None and wanted is not None and values.size == wanted.size
    }
    wrong = [row for row in case.rows if apart_by.get(row.tensor, 0.0) > SEEN]
    if not wrong or not _is_off(case):
        return ()
    if len(apart_by) <= len(case.output_rows):
        return () if known else _only_outputs(case)
    first = born(case.takes, wrong)[0]
    off = _said(apart_by[first.tensor])
    text = f"{first.tensor} ({first.op}) is the first where the board is off the simulator, by {off}."
    evidence = (Evidence(text, first.tensor, 0, "scatter"), *_symptoms(case, first, 0), *_damage(case))
    said = {"tensor": first.tensor, "op": first.op, "count": str(len(wrong)), "error": off}
    return (Finding("board-operator", 0.6, (first.tensor,), said, evidence, _fixes(first), explains=LESSER),)


def _is_off(case: Case) -> bool:
    """Whether an output is far from the simulator's, and not as both are from golden."""
    output, own = farthest(distances(case, "runtime", "simulated")), farthest(distances(case, "simulated"))
    if output is None or not output.exceeds(SEEN):
        return False
    return output.broken > 0 or own is None or output.relative > 2 * own.relative


def _has_wrong_channel(case: Case, row: LayerError) -> bool:
    """Whether one of a layer's channels is another one, which the whole layer's error hides."""
    values, wanted = case.runtime(row), should_be(case, row)
    if values is None or wanted is None or wanted.ndim != 4 or values.size != wanted.size:
        return False
    away = (values.reshape(wanted.shape) - wanted).astype(np.float64)
    error, energy = ((item**2).sum(axis=(0, 2, 3)) for item in (away, wanted.astype(np.float64)))
    step = max(row.encoding.scale) if row.encoding is not None and row.encoding.is_quantized else 0.0
    is_far = np.abs(away).max(axis=(0, 2, 3)) > STEPS * step
    return bool((is_far & (error > WRONG**2 * energy)).any())


def _slightly(case: Case, measured: Sequence[LayerError]) -> tuple[Finding, ...]:
    """No layer stands out; those that are off most, if any is."""
    if not measured:
        return ()
    rows = sorted(measured, key=lambda row: -_off(row))[:LISTED]
    texts = (f"{row.tensor} ({row.op}) is off by {_said(_off(row))} on the same inputs." for row in rows)
    pairs = zip(rows, texts, strict=True)
    evidence = (*_damage(case), *(Evidence(text, row.tensor, view="scatter") for row, text in pairs))
    values = {"tensor": rows[0].tensor, "op": rows[0].op, "count": str(len(rows)), "error": _said(_off(rows[0]))}
    names = tuple(row.tensor for row in rows)
    return (Finding("board-operator", 0.35, names, values, evidence, _fixes(rows[0])),)


def _only_outputs(case: Case) -> tuple[Finding, ...]:
    """The outputs are off and no layer shows why: what to dump."""
    output = farthest(distances(case, "runtime", "simulated"))
    assert output is not None
    evidence = (
        *_damage(case),
        Evidence("The board's layers were not dumped: which one is wrong cannot be told.", output.row.tensor),
    )
    fix = Fix("Dump the board's layers (RKNN_LOG_LEVEL=5, or analyze --board) and run the diagnosis again.")
    values = {"tensor": output.row.tensor, "op": output.row.op, "count": "1", "error": _said(output.relative)}
    return (Finding("board-operator", 0.3, (output.row.tensor,), values, evidence, (fix,)),)


RULES = (board, on_cpu)
