"""Fixes that are settings: how finely, how precisely, and in which range numbers are stored."""

from collections.abc import Collection
from dataclasses import replace

from workbench.diagnose.case import Case
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Fix
from workbench.quantize.schemes import FLOAT16, INT8, INT16, QuantSettings

ALGORITHMS = {
    "normal": "Take the whole range that calibration sees (algorithm normal).",
    "kl_divergence": "Choose ranges that keep the distribution of the values (algorithm kl_divergence).",
    "mmse": "Search ranges and scales of the least squared error (algorithm mmse; it takes long).",
}
MOST_NAMED = 3


def channelwise(case: Case) -> Fix | None:
    """A scale for each channel of the weights; None where they have one, or the data type knows none."""
    if case.quant.method == "channel" or "channel" not in case.quant.type.methods:
        return None
    quant = replace(case.quant, method="channel")
    return Fix("Give each channel of the weights a scale of its own (method channel).", Change(quant=quant))


def algorithm(case: Case, name: str) -> Fix | None:
    """Ranges by another algorithm; None where that is the one, or nothing is calibrated."""
    if case.quant.algorithm == name or not case.quant.type.calibrates:
        return None
    return Fix(ALGORITHMS[name], Change(quant=replace(case.quant, algorithm=name)))


def in_float16(case: Case, tensors: Collection[str], *, through: bool = False) -> Fix | None:
    """The layers of some rows in float16; None where they are already, or cannot be named.

    A layer in integers that takes such a row rounds it again: `through` keeps those layers in float16 too.
    """
    wanted = _nameable(case, [*tensors, *(_takers(case, tensors) if through else ())])
    if not wanted or not case.quant.type.calibrates:
        return None
    return Fix(f"Keep {_named(wanted)} in float16 (mixed precision).", Change(quant=_with(case, wanted, FLOAT16)))


def in_int16(case: Case, tensors: Collection[str]) -> Fix | None:
    """The layers of some rows in int16; of w8a8 only."""
    wanted = _nameable(case, tensors)
    if not wanted or case.quant.dtype != "w8a8":
        return None
    return Fix(f"Compute {_named(wanted)} in int16 (mixed precision).", Change(quant=_with(case, wanted, INT16)))


def in_integers(case: Case, tensors: Collection[str]) -> Fix | None:
    """Layers that are kept in float16 in integers again; all of them where the whole network is in float16."""
    if case.quant.dtype == "fp16" and case.dataset:
        return Fix(
            "Quantize the network to int8, which has no such limit.", Change(quant=replace(case.quant, dtype="w8a8"))
        )
    named = {name for tensor in tensors for name in (tensor, *_group(case, tensor))}
    wanted = [name for name in case.quant.float_tensors if name in named]
    if not wanted:
        return None
    left = tuple(name for name in case.quant.float_tensors if name not in named)
    return Fix(f"Quantize {_named(wanted)} to int8 again.", Change(quant=replace(case.quant, float_tensors=left)))


def with_range(case: Case, tensor: str, low: float, high: float) -> Fix | None:
    """A given range for one tensor's encoding; None where it is not quantised."""
    if case.plan is None or tensor not in case.plan.encodings or not low < high:
        return None
    ranges = (*(item for item in case.quant.ranges if item[0] != tensor), (tensor, low, high))
    text = f"Give {tensor} the range {low:g} to {high:g}."
    return Fix(text, Change(quant=replace(case.quant, ranges=ranges)))


def optimization_level(case: Case, level: int = 0) -> Fix | None:
    """Less rewriting of the network by the vendor's compiler; only a run of the toolkit shows what it brings."""
    if case.quant.optimization_level <= level:
        return None
    quant = replace(case.quant, optimization_level=level)
    text = f"Let the toolkit rewrite less (optimization level {level}); only a run of the toolkit shows what it brings."
    return Fix(text, Change(quant=quant))


def _nameable(case: Case, tensors: Collection[str]) -> tuple[str, ...]:
    """Rows whose layers are in the plan's integers: they can get another precision."""
    if case.graph is None or case.plan is None or case.graph.is_quantized:
        return ()
    found = []
    for tensor in tensors:
        giver = case.graph.producers.get(tensor)
        if giver is not None and case.plan.of(giver) in (INT8, INT16, "uint8"):
            found.append(tensor)
    return tuple(dict.fromkeys(found))


def _takers(case: Case, tensors: Collection[str]) -> list[str]:
    """The rows of the layers that take some tensors."""
    if case.graph is None:
        return []
    rows = {name: row.tensor for row in case.rows for name in (*row.group, row.tensor)}
    taken = [layer.outputs[0] for layer in case.graph.layers if not frozenset(tensors).isdisjoint(layer.inputs)]
    return [rows[name] for name in taken if name in rows]


def _with(case: Case, tensors: Collection[str], precision: str) -> QuantSettings:
    quant = case.quant
    for tensor in tensors:
        quant = quant.with_layer(tensor, _group(case, tensor), precision)
    return quant


def _group(case: Case, tensor: str) -> tuple[str, ...]:
    row = case.by_tensor.get(tensor)
    return () if row is None else row.group


def _named(tensors: Collection[str]) -> str:
    names = list(tensors)
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
