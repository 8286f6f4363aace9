"""AveragePool as the toolkit sums it: one value after the other, row by row, divided by their number.

ONNX Runtime does so from opset 19 on only; its older kernel differs by an ulp, which moves the many averages of
integers that lie half-way between two steps. Checked bit for bit against the toolkit's golden values.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.graph.deployed import DeployedLayer
from workbench.graph.draft import Draft

WINDOW = "window"  # the attribute that holds the names of the constants
MOST = 64  # values in one window; larger ones are left to the runtime
NEWEST = 18  # the last opset with the older kernel
BETWEEN = 10  # the opset whose Slice has inputs, and whose Pad has attributes


def average_in_order(draft: Draft, pool: DeployedLayer) -> bool:
    """Spell an AveragePool out where the network's opset has the older kernel."""
    if pool.op != "AveragePool" or WINDOW in pool.attributes or not draft.is_float(pool.outputs[0]):
        return False
    taken, given = draft.shape(pool.inputs[0]), draft.shape(pool.outputs[0])
    opset = next((item.version for item in draft.model.proto.opset_import if item.domain in ("", "ai.onnx")), 1)
    if taken is None or given is None or len(taken) != 4 or opset > NEWEST or opset == BETWEEN:
        return False
    kernel, strides = pool.attributes["kernel_shape"], pool.attributes.get("strides", (1, 1))
    if np.prod(kernel) > MOST or any(item != 1 for item in pool.attributes.get("dilations", ())):
        return False
    spans = [(size - 1) * stride + wide for size, stride, wide in zip(given[2:], strides, kernel, strict=True)]
    pads = _pads(pool, taken[2:], spans)
    prepare = _constants if opset > BETWEEN else _numbers
    window = prepare(draft, pool, taken[2:], given[2:], pads)
    draft.replace([pool], [replace(pool, attributes={**pool.attributes, WINDOW: window})])
    return True


def spelled_average(pool: DeployedLayer, inputs: Sequence[str], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """The nodes of an AveragePool that `average_in_order` prepared."""
    pads, axes, strides, counts, *ends = pool.attributes[WINDOW]
    target = outputs[0]
    padded = f"{target}:padded" if pads else inputs[0]
    nodes = [_operator("Pad", inputs[0], padded, pads=pads)] if pads else []
    total = ""
    for number, (start, end) in enumerate(zip(ends[::2], ends[1::2], strict=True)):
        part = f"{target}:part{number}"
        nodes.extend(_slice(padded, part, start, end, axes, strides))
        if total:
            nodes.append(helper.make_node("Add", [total, part], [f"{target}:sum{number}"]))
        total = f"{target}:sum{number}" if total else part
    return [*nodes, helper.make_node("Div", [total, counts], outputs)]


def _slice(source: str, target: str, start: Any, end: Any, axes: Any, strides: Any) -> list[onnx.NodeProto]:
    """Every stride-th value from start to end; old operators have no steps, so that a pooling of one value skips."""
    if isinstance(start, str):
        return [helper.make_node("Slice", [source, start, end, axes, strides], [target])]
    cut = _operator("Slice", source, f"{target}:all", starts=start, ends=end, axes=axes)
    return [cut, helper.make_node("MaxPool", [f"{target}:all"], [target], kernel_shape=[1, 1], strides=strides)]


def _operator(op: str, source: str, target: str, **operands: Any) -> onnx.NodeProto:
    """An operator whose operands are inputs, or attributes where they are numbers."""
    if all(isinstance(item, str) for item in operands.values()):
        return helper.make_node(op, [source, *operands.values()], [target])
    return helper.make_node(op, [source], [target], **operands)


def _pads(pool: DeployedLayer, taken: Sequence[int], spans: Sequence[int]) -> list[int]:
    """Rows and columns of zeros: top, left, bottom, right."""
    automatic = pool.attributes.get("auto_pad", b"NOTSET")
    automatic = automatic.decode() if isinstance(automatic, bytes) else automatic
    if automatic.startswith("SAME"):
        whole = [max(span - size, 0) for span, size in zip(spans, taken, strict=True)]
        small = [item // 2 for item in whole]
        large = [item - half for item, half in zip(whole, small, strict=True)]
        return [*large, *small] if automatic == "SAME_LOWER" else [*small, *large]
    return list(pool.attributes.get("pads", (0, 0, 0, 0)))


def _numbers(
    draft: Draft, pool: DeployedLayer, taken: Sequence[int], given: Sequence[int], pads: Sequence[int]
) -> tuple[Any, ...]:
    """Pads ("" without), axes, strides, the name of the counts, and the start and end of every slice."""
    kernel, strides = pool.attributes["kernel_shape"], pool.attributes.get("strides", (1, 1))
    spans = [(size - 1) * stride + wide for size, stride, wide in zip(given, strides, kernel, strict=True)]
    beyond = [max(span - size - before, 0) for span, size, before in zip(spans, taken, pads[:2], strict=True)]
    zeros = [0, 0, *pads[:2], 0, 0, *beyond] if any((*pads[:2], *beyond)) else ""
    counts = draft.constant(f"{pool.outputs[0]}_counts", _counts(pool, taken, given, pads))
    ends: list[list[int]] = []
    for offset in np.ndindex(*kernel):
        last = [first + (size - 1) * stride + 1 for first, size, stride in zip(offset, given, strides, strict=True)]
        ends += [list(offset), last]
    return (zeros, [2, 3], list(strides), counts, *ends)


def _constants(
    draft: Draft, pool: DeployedLayer, taken: Sequence[int], given: Sequence[int], pads: Sequence[int]
) -> tuple[str, ...]:
    """The same as names of constants."""
    numbers = _numbers(draft, pool, taken, given, pads)
    return tuple(
        item if isinstance(item, str) else draft.constant(f"{pool.outputs[0]}_window{number}", np.asarray(item))
        for number, item in enumerate(numbers)
    )


def _counts(pool: DeployedLayer, taken: Sequence[int], given: Sequence[int], pads: Sequence[int]) -> np.ndarray:
    """How many values each average is of: those that are there, or all of the window with `count_include_pad`."""
    kernel, strides = pool.attributes["kernel_shape"], pool.attributes.get("strides", (1, 1))
    if pool.attributes.get("count_include_pad", 0):
        return np.asarray(np.prod(kernel), np.float32)
    along = []
    for axis in range(2):
        starts = np.arange(given[axis]) * strides[axis] - pads[axis]
        along.append(np.minimum(starts + kernel[axis], taken[axis]) - np.maximum(starts, 0))
    counts: np.ndarray = np.outer(*along).astype(np.float32)
    return counts[:1, :1].reshape(()) if np.all(counts == counts[0, 0]) else counts.reshape(1, 1, *counts.shape)
