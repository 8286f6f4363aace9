"""Which class of colour every box belongs to, by a metric or, before there are results, by its operator. No Qt."""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from workbench.compare.grades import Grade, beyond, grade, grades, ranges
from workbench.compare.metrics import NUMBERS
from workbench.ui.models.graph.model import Diagram, Whole
from workbench.ui.models.graph.path import Path, on_path
from workbench.ui.models.table.layer_values import LayerValues, Numbers

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
FOREIGN = {
    "compute": "convolution convolutional deconvolution innerproduct conv2d depthwiseconv2d depthwiseconv2dnative "
    "transposeconv fullyconnected batchmatmul connected addmm linear convtranspose2d conv1d conv3d bmm matmul",
    "activation": "relu clip relu6 relun1to1 relu0to1 sigmoid logistic softmax hardswish leakyrelu prelu elu tanh "
    "leaky silu swish mish hardtanh gelu hardsigmoid lrelu logsoftmax softplus power",
    "arithmetic": "eltwise scale add addv2 biasadd sub mul div realdiv shortcut squareddifference maximum minimum "
    "rsqrt exp log abs neg sum",
    "normalization": "batchnorm batchnormalize batchnormalization fusedbatchnorm fusedbatchnormv3 lrn "
    "l2normalization normalize layernorm groupnorm instancenorm mvn",
    "pooling": "pooling averagepool2d maxpool2d avgpool maxpool avgpool2d adaptiveavgpool2d mean upsample interp "
    "resizebilinear resizenearestneighbor upsamplenearest2d upsamplebilinear2d reducemax reducemin",
    "shape": "reshape transpose permute flatten squeeze unsqueeze expanddims concat concatenation concatv2 concatenate "
    "cat split splitv stridedslice slice gather pad padv2 tile route reorg view quantize dequantize cast dropout crop "
    "pack unpack t contiguous spacetodepth depthtospace shufflechannel",
}
"""Operators of other frameworks: small letters without lines between, behind what says where they are of."""
KIND_NAMES = (*KINDS, "other")
_KIND_OF = {op: number for number, ops in enumerate(KINDS.values()) for op in ops.split()}
_KIND_OF_FOREIGN = {op: list(KINDS).index(kind) for kind, ops in FOREIGN.items() for op in ops.split()}

_known_kinds: WeakKeyDictionary[Diagram, np.ndarray] = WeakKeyDictionary()


@dataclass(frozen=True)
class Colouring:
    """`scale` is "grades", "ramp" or "kinds"; `classes` gives each box's class, the last class is "no value".

    `texts` are the boxes' numbers, `ticks` a ramp's values from good to bad, `grades` how bad each box is, and `ranges`
    what the grades mean, where the number has limits.
    """

    scale: str
    classes: np.ndarray
    texts: Sequence[str]
    ticks: tuple[str, ...] = ()
    grades: np.ndarray | None = None
    ranges: tuple[str, ...] = ()
    worst: "Worst | None" = None
    """Whose numbers these are; None before a run."""

    def symbol(self, box: int) -> str:
        """How bad a box is, without a colour; on a ramp only what is worth a look has one."""
        if self.grades is None:
            return ""
        found = Grade(self.grades[box])
        return found.symbol if found.is_marked or self.scale == "grades" else ""

    def extreme(self, box: int) -> str:
        """ "min" or "max" where a box's number is the worst of several rows; "" for a number of its own."""
        return self.worst.extreme if self.worst is not None and self.worst.counts[box] > 1 else ""


@dataclass(frozen=True)
class Worst:
    """Where several rows are one box, its number is their least or their largest."""

    extreme: str
    """ "min" or "max". """
    counts: np.ndarray
    """How many rows with a value each box has."""
    of_row: Callable[[str], tuple[str, Grade]]
    """The number of a row, and how bad it is."""


class BoxValues:
    """Which rows each box of a diagram stands for; made once, for any number of colourings."""

    def __init__(self, diagram: Diagram, values: LayerValues) -> None:
        self.places = number = {row.tensor: at for at, row in enumerate(values.rows)}
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

    def numbers(self, column: str, metric: str) -> Numbers:
        """The values of all rows, and which rows have one."""
        return self._values.numbers(metric, column)

    def worst(self, column: str, metric: str) -> tuple[np.ndarray, np.ndarray]:
        """The worst value of every box, and of how many rows it is; NaN is worse than any number."""
        numbers, there = self._values.numbers(metric, column)
        known = there[self._rows]
        boxes, rows = self._boxes[known], self._rows[known]
        sign = 1.0 if NUMBERS[metric].higher_is_worse else -1.0
        found = np.full(self._count, np.nan)
        starts = np.flatnonzero(np.diff(boxes, prepend=-1))
        if len(starts):
            found[boxes[starts]] = sign * np.maximum.reduceat(sign * numbers[rows], starts)
        return found, np.bincount(boxes, minlength=self._count)


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


@dataclass(frozen=True)
class _RowTexts:
    """The number of one row and its grade, written when it is asked for."""

    places: Mapping[str, int]
    numbers: Numbers
    told: tuple[str, str]
    write: Callable[[float], str]

    def __call__(self, tensor: str) -> tuple[str, Grade]:
        at, (numbers, there), (column, metric) = self.places.get(tensor, -1), self.numbers, self.told
        if at < 0 or not there[at]:
            return Grade.NONE.symbol, Grade.NONE
        value = float(numbers[at])
        return self.write(value), grade(metric, column, value)


def kind_of(op: str) -> int:
    """The number of an operator's kind in KIND_NAMES."""
    if (known := _KIND_OF.get(op)) is not None:
        return known
    plain = op.rpartition("::")[2].replace("_", "").lower()
    return _KIND_OF_FOREIGN.get(plain, len(KIND_NAMES) - 1)


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
    """The worst row of every box: grades for cos, ranks for anything else; `write` gives a value as text."""
    numbers, counts = values.worst(column, metric)
    there, higher_is_worse = counts > 0, NUMBERS[metric].higher_is_worse
    texts, found = _Texts(numbers, there, write), grades(metric, column, numbers, there)
    of_row = _RowTexts(values.places, values.numbers(column, metric), (column, metric), write)
    worst = Worst("max" if higher_is_worse else "min", counts, of_row)
    if metric in ("cos", "cos_toolkit"):
        return Colouring("grades", found, texts, (), found, ranges(metric, column), worst)
    classes, ticks = _ranks(numbers, there, higher_is_worse)
    return Colouring("ramp", classes, texts, tuple(map(write, ticks)), found, beyond(metric, column), worst)


def lit_boxes(diagram: Diagram, classes: np.ndarray, path: Path | None, faded: Collection[int]) -> np.ndarray | None:
    """Whether each box is on the path and of a class that does not fade; None where nothing fades."""
    lit: np.ndarray | None = None
    if path is not None:
        lit = on_path(diagram, path)
    if faded:
        shown = ~np.isin(classes, list(faded))
        lit = shown if lit is None else lit & shown
    return lit


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
