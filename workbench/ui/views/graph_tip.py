"""The tool-tip of a box: full names, shape and every value it has."""

from html import escape

from workbench.compare.metrics import METRICS
from workbench.ui.models.graph_colours import kind_of
from workbench.ui.models.graph_model import Box, plain_name
from workbench.ui.models.spoken import spoken
from workbench.ui.numbers import value_text
from workbench.ui.titles import column_title, short_title
from workbench.ui.views.graph_palette import kind_colour, kind_titles
from workbench.ui.views.graph_sheet import layers_text
from workbench.ui.views.tensor_texts import shape_text
from workbench.ui.workspace import Workspace

SHOWN = ("cos", "euc", "max_abs")
MOST_LAYERS = 6


def worst_of(workspace: Workspace, box: Box) -> str:
    """The tensor of the worst row that a box stands for, by the value that colours; its last one without values."""
    worse = METRICS[workspace.metric].higher_is_worse
    rows = (row for row in map(workspace.row, box.rows) if row is not None)
    valued = [(value, row.tensor) for row in rows if (value := workspace.value(row)) is not None]
    if not valued:
        return box.tensor
    return max(valued, key=lambda pair: (pair[0] != pair[0], pair[0] if worse else -pair[0]))[1]


def box_tip(box: Box, workspace: Workspace) -> str:
    """Rich text; names are escaped."""
    return _scope_tip(box, workspace) if box.kind == "scope" else _layer_tip(box, workspace)


def _scope_tip(box: Box, workspace: Workspace) -> str:
    """What is inside, and the worst of it."""
    worst = worst_of(workspace, box)
    head = f"<b>{escape(box.label)}</b>&nbsp;&nbsp;{layers_text(box.inside)}"
    values = _values(worst, workspace)
    return "<br>".join([head, escape(box.detail), *([escape(plain_name(worst))] if values else [])]) + values


def _layer_tip(box: Box, workspace: Workspace) -> str:
    shape = "" if box.shape is None else shape_text(box.shape)
    head = f"<b>{escape(box.op)}</b>&nbsp;&nbsp;{escape(shape)}&nbsp;&nbsp;{escape(box.detail)}"
    if box.kind == "layer":  # what the colour of its lower edge means
        title, colour = kind_titles()[kind_of(box.main)], kind_colour(box.main).name()
        head += f"&nbsp;&nbsp;&nbsp;<span style='color:{colour}'>■</span>&nbsp;{escape(title)}"
    parts = [head, *(escape(tensor) for tensor in box.tensors[:4])]
    if len(box.layers) > 1:
        more = len(box.layers) - MOST_LAYERS
        names = ", ".join(escape(layer) for layer in box.layers[:MOST_LAYERS])
        parts.append(f"<i>= {names}{f' … +{more}' if more > 0 else ''}</i>")
    return "<br>".join(parts) + _values(box.tensor, workspace)


def _values(tensor: str, workspace: Workspace) -> str:
    row = workspace.row(tensor)
    if row is None or not row.errors:
        return ""
    lines = [
        f"<tr><td>{escape(column_title(column, workspace.source_title(column.partition('.')[0])))}</td>"
        + "".join(
            f"<td align='right'>&nbsp;&nbsp;{short_title(metric)} {value_text(metric, errors.mean[metric])}</td>"
            for metric in SHOWN
            if metric in errors.mean
        )
        + "</tr>"
        for column, errors in row.errors.items()
    ]
    note = f"<br>{escape(spoken(row.note))}" if row.note else ""
    return f"<table>{''.join(lines)}</table>{note}"
