"""The tool-tip of a box: full names, shape and every value it has."""

from html import escape

from workbench.ui.models.graph_model import Box
from workbench.ui.numbers import value_text
from workbench.ui.views.graph_legend import column_title
from workbench.ui.workspace import Workspace

SHOWN = ("cos", "euc", "max_abs")
MOST_LAYERS = 6


def box_tip(box: Box, workspace: Workspace) -> str:
    """Rich text; names are escaped."""
    shape = "" if box.shape is None else " × ".join("?" if size is None else str(size) for size in box.shape)
    head = f"<b>{escape(box.op)}</b>&nbsp;&nbsp;{escape(shape)}"
    parts = [head, *(escape(tensor) for tensor in box.tensors[:4])]
    if len(box.layers) > 1:
        more = len(box.layers) - MOST_LAYERS
        names = ", ".join(escape(layer) for layer in box.layers[:MOST_LAYERS])
        parts.append(f"<i>= {names}{f' … +{more}' if more > 0 else ''}</i>")
    return "<br>".join(parts) + _values(box, workspace)


def _values(box: Box, workspace: Workspace) -> str:
    row = workspace.row(box.tensor)
    if row is None or not row.errors:
        return ""
    lines = [
        f"<tr><td>{escape(column_title(column))}</td>"
        + "".join(
            f"<td align='right'>&nbsp;&nbsp;{metric} {value_text(metric, errors.mean[metric])}</td>"
            for metric in SHOWN
            if metric in errors.mean
        )
        + "</tr>"
        for column, errors in row.errors.items()
    ]
    note = f"<br>{escape(row.note)}" if row.note else ""
    return f"<table>{''.join(lines)}</table>{note}"
