"""Which class of colour every box belongs to, by a metric or, before there are results, by its operator. No Qt."""

from collections.abc import Callable, Collection, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from workbench.compare.metrics import METRICS
from workbench.ui.models.graph_model import Diagram, Whole
from workbench.ui.models.graph_path import Path, on_path
from workbench.ui.models.layer_values import LayerValues

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

_known_kinds: WeakKeyDictionary[Diagram, np.ndarray] = WeakKeyDictionary()


@dataclass(frozen=True)
class Colouring:
    """`scale` is "bands", "ramp" or "kinds"; `classes` gives each box's class, the last class is "no value".

    `texts` are the boxes' numbers, `ticks` a ramp's values from good to bad.
    """

    scale: str
    classes: np.ndarray
    texts: Sequence[str]
    ticks: tuple[str, ...] = ()


class BoxValues:
    """Which rows each box of a diagram stands for; made once, for any number of colourings."""

    def __init__(self, diagram: Diagram, values: LayerValues) -> None:
        number = {row.tensor: at for at, row in enumerate(values.rows)}
        pairs = [(at, number[name]) for at, box in enumerate(diagram.boxes) for name in box.rows if name in number]
        self._values, self._count = values, len(diagram.boxes)
        self._boxes, self._rows = np.array(pairs, np.intp).reshape(-1, 2).T

    def shown(self, whole: Whole) -> "BoxValues":
        """Those of a folded diagram, where these are the whole one's."""
        result = copy(self)
        boxes = whole.places[self._boxes]
        order = np.argsort(boxes, kind="stable")
        result._boxes, result._rows, result._count = boxes[order], self._rows[order], len(whole.numbers)
        return result

    def worst(self, column: str, metric: str) -> tuple[np.ndarray, np.ndarray]:
        """The worst value of every box, and which boxes have one; NaN is worse than any number."""
        numbers, there = self._values.numbers(metric, column)
        known = there[self._rows]
        boxes, rows = self._boxes[known], self._rows[known]
        sign = 1.0 if METRICS[metric].higher_is_worse else -1.0
        found, has = np.full(self._count, np.nan), np.zeros(self._count, bool)
        starts = np.flatnonzero(np.diff(boxes, prepend=-1))
        if len(starts):
            found[boxes[starts]] = sign * np.maximum.reduceat(sign * numbers[rows], starts)
            has[boxes] = True
        return found, has


class _Texts(Sequence[str]):
    """Numbers as texts, each written when it is asked for: few of many boxes are seen."""

    def __init__(self, numbers: np.ndarray, there: np.ndarray, write: Callable[[float], str]) -> None:
        self._numbers, self._there, self._write = numbers, there, write

    def __getitem__(self, box: Any) -> Any:
        if isinstance(box, slice):
            return [self[number] for number in range(*box.indices(len(self)))]
        return self._write(float(self._numbers[box])) if self._there[box] else ""

    def __len__(self) -> int:
        return len(self._numbers)


def kind_of(op: str) -> int:
    """The number of an operator's kind in KIND_NAMES."""
    return _KIND_OF.get(op, len(KIND_NAMES) - 1)


def by_operator(diagram: Diagram) -> Colouring:
    """Neutral: what kind of operator a box is."""
    return Colouring("kinds", _kinds(diagram), [""] * len(diagram.boxes))


def _kinds(diagram: Diagram) -> np.ndarray:
    """Inputs, outputs and folded scopes have none."""
    none, whole = len(KIND_NAMES), diagram.whole
    if whole is None:
        return np.array([kind_of(box.op) if box.kind == "layer" else none for box in diagram.boxes], np.intp)
    return np.where(whole.numbers < 0, none, _kinds_of_whole(whole.diagram)[np.maximum(whole.numbers, 0)])


def _kinds_of_whole(diagram: Diagram) -> np.ndarray:
    if diagram not in _known_kinds:
        _known_kinds[diagram] = _kinds(diagram)
    return _known_kinds[diagram]


def by_metric(values: BoxValues, column: str, metric: str, write: Callable[[float], str]) -> Colouring:
    """The worst row of every box: bands for cos, ranks for anything else; `write` gives a value as text."""
    numbers, there = values.worst(column, metric)
    texts = _Texts(numbers, there, write)
    if metric in ("cos", "cos_toolkit"):
        return Colouring("bands", _bands(numbers, there), texts)
    classes, ticks = _ranks(numbers, there, METRICS[metric].higher_is_worse)
    return Colouring("ramp", classes, texts, tuple(map(write, ticks)))


def lit_boxes(diagram: Diagram, classes: np.ndarray, path: Path | None, faded: Collection[int]) -> np.ndarray | None:
    """Whether each box is on the path and of a class that does not fade; None where nothing fades."""
    lit: np.ndarray | None = None
    if path is not None:
        lit = on_path(diagram, path)
    if faded:
        shown = ~np.isin(classes, list(faded))
        lit = shown if lit is None else lit & shown
    return lit


def _bands(numbers: np.ndarray, there: np.ndarray) -> np.ndarray:
    """0 is good; a NaN is as bad as can be."""
    bands = np.full(len(numbers), len(COS_BANDS), np.intp)
    for limit in COS_BANDS:
        bands -= numbers >= limit
    bands[~there] = len(COS_BANDS) + 1
    return bands


def _ranks(numbers: np.ndarray, there: np.ndarray, higher_is_worse: bool) -> tuple[np.ndarray, list[float]]:
    """Classes of equal size among the values that differ, the worst last; some values from good to bad."""
    sign = 1.0 if higher_is_worse else -1.0
    badness = sign * numbers[there]
    order = np.argsort(badness)  # a NaN comes after every number: the worst
    ordered = badness[order]
    is_new = np.diff(ordered, prepend=ordered[:1]) != 0
    ranks = np.empty(len(order), np.intp)
    ranks[order] = np.cumsum(is_new)
    is_new[:1] = True
    levels = ordered[is_new & ~np.isnan(ordered)]
    classes = np.full(len(numbers), BINS, np.intp)
    classes[there] = np.clip(ranks * (BINS - 1) // max(1, len(levels) - 1), 0, BINS - 1)
    picks: list[int] | np.ndarray = (
        np.unique(np.linspace(0, len(levels) - 1, 5).round().astype(int)) if len(levels) else []
    )
    return classes, [float(sign * levels[pick]) for pick in picks]
