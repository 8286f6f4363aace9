"""Errors as a matrix: a row a layer, a column an input or a run; heat and order by numpy. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from workbench.compare.compare import LayerError
from workbench.compare.grades import grades
from workbench.compare.metrics import METRICS

LEVELS = 16
ABSENT = -1
WORST, NETWORK = -1, -2
"""Orders of the rows besides that of one column: by the worst cell of a row, as in the network."""
ANCHORS = {
    "one_minus_cos": (1e-5, 0.05), "relative": (1e-3, 0.5), "steps": (0.5, 16.0), "saturated": (1e-4, 0.1),
    "nan": (0.5, 1.0), "inf": (0.5, 1.0),
}  # fmt: skip
"""The errors that are drawn as no heat and as full heat; those of other metrics are the matrix's own extremes."""
SQNR_ANCHORS = (-50.0, -5.0)


@dataclass(frozen=True)
class Head:
    """What a column is: its title, what it differs in or is worst in, a longer text, and a picture of it."""

    title: str
    lines: tuple[str, ...] = ()
    tip: str = ""
    picture: Path | None = None


@dataclass(frozen=True)
class RowHead:
    """What a row is: its tensor in the table, and its operator."""

    tensor: str
    op: str


@dataclass(frozen=True)
class Matrix:
    """`values` has a row a layer and a column a head, NaN where `there` is false or where the error itself is NaN."""

    rows: tuple[RowHead, ...] = ()
    heads: tuple[Head, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    there: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))
    metric: str = "cos"
    column: str = "simulator.entire"

    @cached_property
    def badness(self) -> np.ndarray:
        """Higher is worse; NaN errors are infinite, what is not there is minus infinity."""
        values = self.values if METRICS[self.metric].higher_is_worse else -self.values
        bad = np.where(np.isnan(values), np.inf, values)
        return np.where(self.there, bad, -np.inf)

    @cached_property
    def heat(self) -> np.ndarray:
        """The level of heat of each cell, 0 to LEVELS - 1, or ABSENT."""
        if not self.values.size:
            return np.zeros(self.values.shape, np.int8)
        share = _share(self.metric, self.values, self.there)
        share = np.where(np.isnan(self.values), 1.0, share)
        levels = np.clip(share * LEVELS, 0, LEVELS - 1).astype(np.int8)
        return np.where(self.there, levels, np.int8(ABSENT))

    @cached_property
    def grades(self) -> np.ndarray:
        """How bad each cell is."""
        return grades(self.metric, self.column, self.values, self.there)

    def row_order(self, by: int = WORST) -> np.ndarray:
        """The rows by their worst cell, in the network's order, or by a column; the worst first."""
        if by == NETWORK:
            return np.arange(len(self.rows))
        bad = self.badness
        keys = bad.max(axis=1, initial=-np.inf) if by == WORST else bad[:, by]
        return np.argsort(-keys, kind="stable")

    def column_order(self, row: int | None = None) -> np.ndarray:
        """The columns by the mean of their shares of heat, or by one row, the worst first; those without values last.

        Beyond full heat the shares go on, else all inputs of a network that is bad everywhere would be equal.
        """
        if row is not None:
            return np.argsort(-self.badness[row], kind="stable")
        share = np.where(np.isnan(self.values), LEVELS, _share(self.metric, self.values, self.there))
        count = self.there.sum(axis=0)
        means = np.where(self.there, share, 0.0).sum(axis=0) / np.maximum(count, 1)
        return np.argsort(-np.where(count > 0, means, -np.inf), kind="stable")

    def worst_row(self, column: int) -> int | None:
        """The row in which a column is worst."""
        bad = self.badness[:, column]
        return int(np.argmax(bad)) if bad.size and bad.max() > -np.inf else None


def of_inputs(rows: Sequence[LayerError], inputs: Sequence[Head], column: str, metric: str) -> Matrix:
    """A column an input, from the errors that the comparison kept of every sample."""
    values = np.full((len(rows), len(inputs)), np.nan)
    there = np.zeros(values.shape, bool)
    for at, row in enumerate(rows):
        errors = row.errors.get(column)
        if errors is None:
            continue
        if errors.samples == 1:
            found: Sequence[float] = (errors.mean[metric],) if metric in errors.mean else ()
        else:
            found = errors.each.get(metric, ())[: len(inputs)]
        values[at, : len(found)] = found
        there[at, : len(found)] = True
    return Matrix(_heads_of(rows), tuple(inputs), values, there, metric, column)


@dataclass(frozen=True)
class Run:
    """One run as a column: its rows, by the names under which other runs know them."""

    head: Head
    rows: Sequence[LayerError]


def of_runs(runs: Sequence[Run], column: str, metric: str) -> Matrix:
    """A column a run; rows are those of the first run and, where they belong, what only others have."""
    places = _Places()
    cells: list[tuple[int, int, float]] = []
    for number, run in enumerate(runs):
        for row, at in zip(run.rows, places.of(run.rows), strict=True):
            errors = row.errors.get(column)
            if errors is not None and metric in errors.mean:
                cells.append((at, number, errors.mean[metric]))
    values = np.full((len(places.heads), len(runs)), np.nan)
    there = np.zeros(values.shape, bool)
    for at, number, value in cells:
        values[at, number], there[at, number] = value, True
    order = places.order
    rows = tuple(places.heads[at] for at in order)
    return Matrix(rows, tuple(run.head for run in runs), values[order], there[order], metric, column)


def with_lines(matrix: Matrix, texts: Mapping[int, tuple[str, ...]]) -> Matrix:
    """The same with other lines below the titles of some columns."""
    heads = (replace(head, lines=texts.get(at, head.lines)) for at, head in enumerate(matrix.heads))
    result = replace(matrix, heads=tuple(heads))
    result.heat, result.grades  # noqa: B018 - what takes long is done where this is called, not where it is painted
    return result


class _Places:
    """Where the rows of runs stand: with the row of their own name, else with one of the same golden tensor.

    `order` are the places in the order of the runs: a new one behind what stands before it in its own run.
    """

    def __init__(self) -> None:
        self.heads: list[RowHead] = []
        self.order: list[int] = []
        self._by_tensor: dict[str, int] = {}
        self._by_golden: dict[str, list[int]] = {}

    def of(self, rows: Sequence[LayerError]) -> list[int]:
        """The places of one run's rows, each another one; what no run had before gets a new one."""
        found = [self._by_tensor.get(row.tensor) for row in rows]
        taken = set(found)
        for number, row in enumerate(rows):
            if found[number] is None:
                free = (at for at in self._by_golden.get(row.golden or row.tensor, ()) if at not in taken)
                found[number] = next(free, None)
                taken.add(found[number])
        known = len(self.heads)
        result = [self._new(row) if at is None else at for row, at in zip(rows, found, strict=True)]
        if len(self.heads) > known:
            self._put_in_order(result, known)
        return result

    def _put_in_order(self, places: Sequence[int], known: int) -> None:
        """Put the new ones, from `known` on, behind those that come before them in one run."""
        behind: dict[int, list[int]] = {}
        last = -1
        for at in places:
            if at < known:
                last = at
            else:
                behind.setdefault(last, []).append(at)
        self.order = behind.get(-1, []) + [place for at in self.order for place in (at, *behind.get(at, ()))]

    def _new(self, row: LayerError) -> int:
        at = len(self.heads)
        self.heads.append(RowHead(row.tensor, row.op))
        self._by_tensor[row.tensor] = at
        self._by_golden.setdefault(row.golden or row.tensor, []).append(at)
        return at


def _share(metric: str, values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """0 for good to 1 for bad, more for what is worse than that."""
    if metric == "sqnr_db":
        low, high = SQNR_ANCHORS
        return np.maximum((np.nan_to_num(-values, posinf=high, neginf=low) - low) / (high - low), 0.0)
    if metric in ("cos", "cos_toolkit"):
        metric, values = "one_minus_cos", 1.0 - values
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(np.maximum(values, 1e-30))
    finite = logs[there & np.isfinite(logs) & (values > 0)]
    if metric in ANCHORS:
        low, high = np.log10(ANCHORS[metric])
    elif finite.size:
        low, high = np.percentile(finite, (2, 98))
    else:
        return np.zeros(values.shape)
    return np.maximum((logs - low) / max(high - low, 1e-9), 0.0)


def _heads_of(rows: Sequence[LayerError]) -> tuple[RowHead, ...]:
    return tuple(RowHead(row.tensor, row.op) for row in rows)
