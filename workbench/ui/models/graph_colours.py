"""Which class of colour every box belongs to, by a metric or, before there are results, by its operator. No Qt."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.compare.compare import LayerError
from workbench.compare.metrics import METRICS
from workbench.ui.models.graph_model import Box, Diagram

COS_BANDS = (0.999, 0.99, 0.95)
BINS = 16
KINDS = {
    "compute": "Conv ConvTranspose Gemm MatMul Einsum QLinearConv QLinearMatMul ConvInteger MatMulInteger LSTM GRU RNN",
    "activation": "Relu Clip Sigmoid HardSigmoid HardSwish LeakyRelu PRelu Elu Selu Tanh Softmax LogSoftmax Softplus "
    "Gelu Mish Swish Erf exSwish exGelu exSoftmax13",
    "arithmetic": "Add Sub Mul Div Pow Sqrt Exp Log Abs Neg Max Min Sum Mean Reciprocal Where Equal Greater Less",
    "normalization": "BatchNormalization InstanceNormalization LayerNormalization GroupNormalization LRN exNorm",
    "pooling": "MaxPool AveragePool GlobalAveragePool GlobalMaxPool ReduceMean ReduceSum ReduceMax ReduceMin Resize "
    "Upsample",
    "shape": "Reshape Transpose Flatten Squeeze Unsqueeze Concat Split Slice Gather Pad Expand Tile Shape Cast "
    "Identity DepthToSpace SpaceToDepth ConstantOfShape QuantizeLinear DequantizeLinear",
}
KIND_NAMES = (*KINDS, "other")
_KIND_OF = {op: number for number, ops in enumerate(KINDS.values()) for op in ops.split()}
RowOf = Callable[[str], LayerError | None]


@dataclass(frozen=True)
class Colouring:
    """`scale` is "bands", "ramp" or "kinds"; `classes` gives each box's class, the last class is "no value".

    `ticks` are a ramp's values from good to bad.
    """

    scale: str
    classes: np.ndarray
    texts: tuple[str, ...]
    ticks: tuple[str, ...] = ()


def by_operator(diagram: Diagram) -> Colouring:
    """Neutral: what kind of operator a box is."""
    none = len(KIND_NAMES)
    classes = [_KIND_OF.get(box.op, none - 1) if box.kind == "layer" else none for box in diagram.boxes]
    return Colouring("kinds", np.array(classes, np.intp), ("",) * len(classes))


def by_metric(diagram: Diagram, row_of: RowOf, column: str, metric: str, write: Callable[[float], str]) -> Colouring:
    """The worst row of every box: bands for cos, ranks for anything else; `write` gives a value as text."""
    values = [_worst(box, row_of, column, metric) for box in diagram.boxes]
    texts = tuple("" if value is None else write(value) for value in values)
    if metric in ("cos", "cos_toolkit"):
        return Colouring("bands", np.array([_band(value) for value in values], np.intp), texts)
    classes, ticks = _ranks(values, METRICS[metric].higher_is_worse)
    return Colouring("ramp", classes, texts, tuple(map(write, ticks)))


def _worst(box: Box, row_of: RowOf, column: str, metric: str) -> float | None:
    rows = [row for row in map(row_of, box.rows) if row is not None and column in row.errors]
    values = [row.errors[column].mean[metric] for row in rows if metric in row.errors[column].mean]
    if not values:
        return None
    if any(math.isnan(value) for value in values):
        return math.nan
    return max(values) if METRICS[metric].higher_is_worse else min(values)


def _band(value: float | None) -> int:
    """0 is good; a NaN is as bad as can be."""
    if value is None:
        return len(COS_BANDS) + 1
    return next((band for band, limit in enumerate(COS_BANDS) if value >= limit), len(COS_BANDS))


def _ranks(values: Sequence[float | None], higher_is_worse: bool) -> tuple[np.ndarray, list[float]]:
    """Classes of equal size among the values that differ, the worst last; some values from good to bad."""
    sign = 1.0 if higher_is_worse else -1.0
    badness = sign * np.array([np.nan if value is None else value for value in values], np.float64)
    levels = np.unique(badness[~np.isnan(badness)])
    ranks = np.searchsorted(levels, badness)  # a NaN comes after every number: the worst
    classes = np.clip(ranks * (BINS - 1) // max(1, len(levels) - 1), 0, BINS - 1).astype(np.intp)
    classes[np.array([value is None for value in values], bool)] = BINS
    picks: list[int] | np.ndarray = (
        np.unique(np.linspace(0, len(levels) - 1, 5).round().astype(int)) if len(levels) else []
    )
    return classes, [float(sign * levels[pick]) for pick in picks]
