"""In which order the rows of the layer table stand, and which of them. No Qt."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from workbench.project.session import Session
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.filter import Filter, matching
from workbench.ui.models.table.layer_texts import sort_numbers
from workbench.ui.models.table.layer_values import LayerValues
from workbench.ui.models.table.row_scopes import Arrangement, flat, grouped

EVERYTHING = Filter()


@dataclass(frozen=True)
class Order:
    """What the user wants to see: rows that satisfy a filter, sorted by a column (worst first, or not).

    `folded` are the scopes whose rows are hidden; None is a table without headings, whose pinned rows stand on top.
    """

    filter: Filter = EVERYTHING
    sorting: tuple[Column, bool] | None = None
    folded: frozenset[str] | None = None

    @property
    def is_grouped(self) -> bool:
        """Whether rows stand under headings."""
        return self.folded is not None


def arranged(values: LayerValues, session: Session | None, wanted: Order) -> Arrangement:
    """The rows as wanted."""
    shown = matching(wanted.filter, values)
    order = np.flatnonzero(shown)
    if wanted.sorting is not None:
        everything = sorted_by(values, session, *wanted.sorting)
        order = everything[shown[everything]]
    if wanted.folded is not None:
        return grouped(order, values.scopes(), wanted.folded)
    return flat(_pinned_first(order, values))


def sorted_by(values: LayerValues, session: Session | None, column: Column, worst_first: bool) -> np.ndarray:
    """All rows in the order of a column."""
    return values.order((column, worst_first), lambda: _keys(values, session, column, worst_first))


def pinned_on_top(values: LayerValues, arrangement: Arrangement) -> int:
    """How many pinned rows stand above the others."""
    if arrangement.scopes is not None or not values.known.pinned:
        return 0
    return int(np.count_nonzero(values.are_pinned()[arrangement.order]))


def tensors_of(values: LayerValues, rows: Collection[int] | np.ndarray) -> list[str]:
    """The tensors of some rows."""
    return [values.rows[at].tensor for at in rows]


def _pinned_first(order: np.ndarray, values: LayerValues) -> np.ndarray:
    if not values.known.pinned:
        return order
    pinned = values.are_pinned()[order]
    return np.concatenate([order[pinned], order[~pinned]])


def _keys(values: LayerValues, session: Session | None, column: Column, worst_first: bool) -> np.ndarray:
    """Numbers whose ascending order is the wanted one; rows without a value come last both ways."""
    numbers = sort_numbers(values, session, column)
    return np.where(np.isnan(numbers), np.inf, numbers if worst_first else -numbers)
