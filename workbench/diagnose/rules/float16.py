"""Values that float16 cannot hold, too large or too small. Source: rknn_facts §7, no. 6; quantization semantics §4."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from workbench.compare.compare import ENTIRE, SINGLE, LayerError
from workbench.compare.head_room import FLOAT16_LIMIT, bits
from workbench.diagnose.case import Case
from workbench.diagnose.changes import Change
from workbench.diagnose.channels import channel_axis
from workbench.diagnose.distances import Distance, distances, farthest
from workbench.diagnose.findings import CAUSE, NOTE, Chart, Evidence, Finding, Fix
from workbench.diagnose.flow import born
from workbench.diagnose.rules.float16_constants import infinite_constants
from workbench.foundation.steps import Progress, Steps
from workbench.quantize.schemes import FLOAT16, INT8

STAGE = "diagnose"
SEEN = 0.02  # relative error of an output that a user may see; float16 alone costs a tenth of it
NORMAL = 2.0**-14  # the smallest number that has all its bits
SMALLEST = 2.0**-24
COARSE = 0.004  # relative error of a layer by itself: eight times what rounding to 11 bits gives
LISTED = 12
FOLLOWS = frozenset(("nan", "fp16-underflow", "quantization", "large-reduction", "norm-sum"))


def overflow(case: Case) -> Steps[tuple[Finding, ...]]:
    """Golden values beyond 65504 in tensors that are stored in float16."""
    yield Progress(STAGE, 0, 1, "float16")
    found = [row for row in case.rows if row.head_room is not None and row.head_room < 1]
    if not found:
        return ()
    first, *others = _by_head_room(born(case.takes, found))
    rows = (first, *others, *(row for row in found if row not in (first, *others)))
    output = farthest(distances(case, "simulated"))
    level = CAUSE if _is_off(output) else NOTE
    values = {"tensor": first.tensor, "largest": f"{_largest(first):g}", "count": str(len(found))}
    evidence = (*_beyond(case, first), *_damage(output))
    names = tuple(row.tensor for row in rows)
    return (Finding("fp16-overflow", 0.95, names, values, evidence, in_integers(case, rows), level, FOLLOWS),)


def underflow(case: Case) -> Steps[tuple[Finding, ...]]:
    """Layers that float16 makes coarse because what they take or give is too small for all its bits."""
    yield Progress(STAGE, 0, 1, "float16")
    found = [row for row in case.rows if is_half(row) and _own(row) > COARSE and not _broken(row)]
    told = [(row, text) for row in found if (text := _too_small(case, row))]
    if not told:
        return ()
    output = farthest(distances(case, "simulated"))
    level = CAUSE if _is_off(output) else NOTE
    if level == NOTE and max(_own(row) for row, _ in told) < SEEN:
        return ()
    told.sort(key=lambda one: -_own(one[0]))
    rows = tuple(row for row, _ in told)
    first, said = told[0]
    evidence = (
        said,
        Evidence(
            f"{first.tensor} by itself is off by {_own(first):.1%} of its length; rounding to float16 costs 0.05%.",
            first.tensor,
            view="scatter",
        ),
        *_damage(output),
    )
    values = {"tensor": first.tensor, "count": str(len(rows)), "error": f"{_own(first):.1%}"}
    confidence = min(0.95, 0.6 + _own(first))
    names = tuple(row.tensor for row in rows)
    return (
        Finding("fp16-underflow", confidence, names, values, evidence, in_integers(case, rows), level,
                frozenset(("nan", "quantization"))),
    )  # fmt: skip


def constants(case: Case) -> Steps[tuple[Finding, ...]]:
    """Constants beyond 65504: those that become infinite, and those that are folded away before."""
    yield Progress(STAGE, 0, 1, "float16")
    found = infinite_constants(case)
    if not found:
        return ()
    used = [item for item in found if item.row is not None and not item.is_folded]
    output = farthest(distances(case, "simulated"))
    rows = [item.row for item in used if item.row is not None and _broken(item.row)]
    level = CAUSE if rows and _is_off(output) else NOTE
    chosen = max(used or found, key=lambda item: item.largest)
    tensors = tuple(dict.fromkeys(item.row.tensor for item in (chosen, *used) if item.row is not None))
    values = {
        "constant": chosen.name,
        "largest": f"{chosen.largest:g}",
        "tensor": tensors[0] if tensors else chosen.layer,
        "count": str(len(found)),
    }
    evidence = (*(item.evidence() for item in sorted(found, key=lambda item: -item.largest)[:LISTED]),
                *(_damage(output) if level == CAUSE else _harmless(output)))  # fmt: skip
    fixes = in_integers(case, rows) if level == CAUSE else ()
    return (Finding("fp16-constant-overflow", 0.96, tensors, values, evidence, fixes, level, FOLLOWS),)


def in_integers(case: Case, rows: Sequence[LayerError]) -> tuple[Fix, ...]:
    """The layers in int8: alone where the rest is int8, else with all the others."""
    quant = case.quant
    if quant.dtype == "fp16":
        text = "Quantize the network to int8 (w8a8), whose range is calibrated."
        return (Fix(text, Change(quant=replace(quant, dtype="w8a8", float_tensors=(), int16_tensors=()))),)
    changed = quant
    for row in rows:
        changed = changed.with_layer(row.tensor, row.group, INT8)
    if changed == quant or not rows:
        return ()
    text = f"Quantize {rows[0].tensor} to int8 instead of float16."
    if len(rows) > 1:
        text = f"Quantize {rows[0].tensor} and {len(rows) - 1} more layers to int8 instead of float16."
    return (Fix(text, Change(quant=changed)),)


def is_half(row: LayerError) -> bool:
    """Whether a row is stored in float16."""
    return row.encoding is not None and row.encoding.dtype == FLOAT16


def _own(row: LayerError) -> float:
    """The relative error that a layer adds by itself; 0 where it was not measured."""
    found = row.errors.get(SINGLE)
    value = 0.0 if found is None else found.mean.get("relative", 0.0)
    return value if math.isfinite(value) else 0.0


def _broken(row: LayerError) -> bool:
    """Whether the simulator gave NaN or infinities there."""
    errors = row.errors.get(ENTIRE)
    return errors is not None and errors.worst.get("nan", 0.0) + errors.worst.get("inf", 0.0) > 0


def _is_off(output: Distance | None) -> bool:
    """Whether an output is further off than float16 explains: less than what spoils an output of a network in int8."""
    return output is not None and output.exceeds(SEEN)


def _largest(row: LayerError) -> float:
    assert row.golden_range is not None
    return max(map(abs, row.golden_range))


def _by_head_room(rows: Sequence[LayerError]) -> list[LayerError]:
    return sorted(rows, key=lambda row: row.head_room or 0.0)


def _beyond(case: Case, row: LayerError) -> Iterator[Evidence]:
    """How far, which values, and what power of two would bring them back."""
    largest = _largest(row)
    missing = bits(largest / FLOAT16_LIMIT)
    shift = math.ceil(missing) + 1
    yield Evidence(
        f"{row.tensor} reaches {largest:g}, {missing:.1f} bits more than float16 holds (±65504).",
        row.tensor,
        view="histogram",
        chart=_head_room_chart(case),
    )
    sample = _sample_of(case, row, largest)
    golden = case.golden(row, sample)
    if golden is not None:
        yield _which(row, golden, sample)
    yield Evidence(
        f"Weights and bias before {row.tensor} divided by 2^{shift} leave a bit of head-room there; what takes it "
        f"has to be multiplied by as much.",
        row.tensor,
        view="weights",
    )


def _which(row: LayerError, golden: np.ndarray, sample: int) -> Evidence:
    beyond = ~(np.abs(golden) <= FLOAT16_LIMIT)
    text = f"{int(beyond.sum())} of {golden.size} values of {row.tensor} are beyond it."
    if golden.ndim > 1:
        axis = channel_axis(golden.shape, row.op)
        channels = int(beyond.any(tuple(at for at in range(golden.ndim) if at != axis)).sum())
        text = (
            f"{int(beyond.sum())} of {golden.size} values of {row.tensor} are beyond it, in {channels} of "
            f"{golden.shape[axis]} channels."
        )
    return Evidence(text, row.tensor, sample, "channels")


def _head_room_chart(case: Case) -> Chart:
    rows = sorted((row for row in case.rows if row.head_room is not None), key=lambda row: row.head_room or 0.0)
    rows = [row for row in rows if row.head_room and math.isfinite(row.head_room)][:LISTED]
    room = tuple(bits(row.head_room or 1.0) for row in rows)
    return Chart("bars", "tensor", "bits of head-room", {"float16": room}, tuple(row.tensor for row in rows))


def _sample_of(case: Case, row: LayerError, largest: float) -> int:
    """The first sample that has the largest value."""
    for sample in range(len(case.dumps.get(row.golden_source, ()))):
        golden = case.golden(row, sample)
        if golden is not None and golden.size and float(np.nanmax(np.abs(golden))) >= largest * (1 - 1e-6):
            return sample
    return 0


def _damage(output: Distance | None) -> Iterator[Evidence]:
    if output is None:
        return
    if output.broken:
        text = f"{output.broken:.1%} of the output {output.row.tensor} are NaN or infinite."
        yield Evidence(text, output.row.tensor, output.sample, "nan")
    else:
        text = f"The output {output.row.tensor} is off by {output.relative:.2%} of its length."
        yield Evidence(text, output.row.tensor, output.sample, "scatter")


def _harmless(output: Distance | None) -> Iterator[Evidence]:
    if output is not None and not _is_off(output):
        text = f"Nothing is spoilt: the output {output.row.tensor} is off by {output.relative:.2%} of its length."
        yield Evidence(text, output.row.tensor, output.sample, "scatter")


def _too_small(case: Case, row: LayerError) -> Evidence | None:
    """What of a coarse layer is below the numbers that float16 has with all their bits: its values or its weights."""
    golden = case.golden(row)
    if golden is not None and (share := _share_below(golden)) > 0.5:
        lost = float(np.count_nonzero((golden != 0) & (np.abs(golden) < SMALLEST / 2)) / max(1, golden.size))
        return Evidence(
            f"{share:.0%} of the values of {row.tensor} are smaller than 6.1e-05, where float16 loses bits; "
            f"{lost:.0%} become zero (the largest is {float(np.nanmax(np.abs(golden))):.2g}).",
            row.tensor,
            0,
            "histogram",
        )
    for layer_name, weight in _weights(case, row):
        if (share := _share_below(weight)) > 0.5:
            return Evidence(
                f"{share:.0%} of the weights {layer_name} of {row.tensor} are smaller than 6.1e-05, where float16 "
                f"loses bits (the largest is {float(np.abs(weight).max()):.2g}).",
                row.tensor,
                view="weights",
            )
    return None


def _share_below(values: np.ndarray) -> float:
    """The share of the values' energy in numbers that float16 holds with fewer bits, or not at all."""
    flat = values[np.isfinite(values)].astype(np.float64)
    energy = float((flat**2).sum())
    return float((flat[np.abs(flat) < NORMAL] ** 2).sum()) / energy if energy else 0.0


def _weights(case: Case, row: LayerError) -> Iterator[tuple[str, np.ndarray]]:
    layer = case.graph.producers.get(row.tensor) if case.graph is not None else None
    if layer is not None and case.graph is not None:
        for name in layer.inputs:
            value = case.graph.constants.get(name)
            if value is not None and value.dtype == np.float32 and value.size:
                yield name, value


RULES = (overflow, constants, underflow)
