"""How wide the columns of the layer table are, and which have room."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtGui import QFont, QFontMetrics

from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.layer_texts import cell_text, title_of
from workbench.ui.models.table.layers import DOWN, LayersModel
from workbench.ui.numbers import value_text
from workbench.ui.text_size import pixels
from workbench.ui.titles import short_title
from workbench.ui.views.table.layer_cells import change_widths

LEAST_TENSOR_WIDTH, GOOD_TENSOR_WIDTH = 96, 168
NARROW_OP, WIDE_OP, ROOMY = 80, 128, 480
PADDING = 16
MEASURED = 200
"""Rows that are looked at for the width of a text."""
PRIORITY = ("simulator.entire", "runtime.entire", "simulator.single", "runtime.single_sim")
MOST = {"shape": 128, "encoding": 168, "group": 168, "note": 120, "own_note": 168, "match": 96, "golden": 168}
LATE = {"time": (1, 1), "on": (2, 0), "note": (9, 0)}
"""Kinds that are no metrics and may go: the rank of a metric (1 is the first) and of a part of the comparison."""
DROPPED = ("value", *LATE)
"""What may go where there is no room."""


def fitted(model: LayersModel, font: QFont, room: int, given: Mapping[Column, int]) -> list[int]:
    """The width of each column, 0 where it has no room; the tensor's takes the rest. `given` are the user's own.

    Columns that the user chose are all there, even if the table has to be scrolled. Of the usual ones euc goes first,
    which also leaves when names get short, then the board's time and the single errors: the cosine of the whole run is
    read first.
    """
    columns, short, good = model.columns, LEAST_TENSOR_WIDTH, GOOD_TENSOR_WIDTH
    arrow, old = change_widths(font)
    more = [old if model.cells.has_changes(item) else 0 for item in columns]
    metrics = QFontMetrics(font)
    widths = [
        _wanted(model, item, metrics, room) + (arrow if extra else 0) for item, extra in zip(columns, more, strict=True)
    ]
    for at in sorted(range(len(columns)), key=lambda at: (columns[at] not in given, *_importance(columns, at))):
        if columns[at].kind == "tensor":
            continue
        if columns[at] in given:
            widths[at] = given[columns[at]]
            room -= widths[at]
            continue
        least = short if _importance(columns, at)[0] < 2 else good
        if room - widths[at] < least and columns[at].kind in DROPPED and not model.chosen_columns:
            widths[at] = 0
        else:
            widths[at] += more[at] if room - widths[at] - more[at] >= short else 0
            room -= widths[at]
    own = given.get(columns[model.tensor_section])
    widths[model.tensor_section] = own or max(good if model.chosen_columns else short, room)
    return widths


def _importance(columns: tuple[Column, ...], at: int) -> tuple[int, int, int]:
    item = columns[at]
    if item.kind != "value":
        return *LATE.get(item.kind, (0, 0)), at
    metrics = list(dict.fromkeys(other.metric for other in columns if other.kind == "value"))
    return 1 + metrics.index(item.metric), 2 * PRIORITY.index(item.column), at


def _wanted(model: LayersModel, item: Column, metrics: QFontMetrics, room: int) -> int:
    if item.kind == "value":
        texts = ("▲ 0.00000", f"{DOWN} {short_title(item.metric)}", *_extremes(model, item))
        return max(map(metrics.horizontalAdvance, texts)) + PADDING
    if item.kind == "index":
        return metrics.horizontalAdvance("0" * max(2, len(str(model.total)))) + PADDING
    most = (NARROW_OP if room < pixels(ROOMY) else WIDE_OP) if item.kind == "op" else MOST.get(item.kind, WIDE_OP)
    longest = model.values.longest(item.kind, lambda: _texts(model, item))
    title = metrics.horizontalAdvance(f"{DOWN} {title_of(item)}") + PADDING
    return max(
        min(pixels(most), max(48, metrics.horizontalAdvance(longest) + PADDING)), title if item.kind != "op" else 0
    )


def _extremes(model: LayersModel, item: Column) -> list[str]:
    """The smallest and the largest number of a column: they have the most digits."""
    numbers, there = model.values.numbers(item.metric, item.column)
    sizes = np.abs(numbers[there])
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    return [value_text(item.metric, float(size)) for size in (sizes.min(), sizes.max())] if sizes.size else []


def _texts(model: LayersModel, item: Column) -> list[str]:
    """The texts of the first rows; numbers that take long to find have a usual width."""
    if item.kind in ("jump", "macs", "head", "time"):
        return ["0.00 M×"]
    count = min(MEASURED, model.total)
    return [cell_text(model.values, model.session, at, item) for at in range(count)]
