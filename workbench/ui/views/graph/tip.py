"""The tool-tip of a box: full names, shape and every value it has."""

from html import escape

from PySide6.QtCore import QCoreApplication

from workbench.compare.compare import LayerError
from workbench.compare.grades import grade
from workbench.ui.models.graph.colours import kind_of
from workbench.ui.models.graph.model import Box, plain_name, short_name
from workbench.ui.models.graph.rows import rows_of
from workbench.ui.models.spoken import spoken
from workbench.ui.numbers import value_text
from workbench.ui.titles import colouring_title, column_title, short_title
from workbench.ui.views.graph.palette import kind_colour, kind_titles
from workbench.ui.views.graph.sheet import layers_text
from workbench.ui.views.tensors.texts import shape_text
from workbench.ui.workspace import Workspace

SHOWN = ("cos", "euc", "max_abs")
MOST_LAYERS, MOST_ROWS, LONGEST = 6, 5, 90


def box_tip(box: Box, workspace: Workspace) -> str:
    """Rich text; names are escaped."""
    told = _scope_tip(box, workspace) if box.kind == "scope" else _layer_tip(box, workspace)
    return f"<div style='white-space:nowrap'>{told}</div>"


def _name(text: str) -> str:
    """A name in rich text; of an endless one the beginning and the end."""
    plain = " ".join(text.split())
    return escape(plain if len(plain) <= LONGEST else f"{plain[: LONGEST // 2]} … {plain[-LONGEST // 2 :]}")


def _scope_tip(box: Box, workspace: Workspace) -> str:
    """What is inside, and the worst of it."""
    head = f"<b>{escape(box.label)}</b>&nbsp;&nbsp;{layers_text(box.inside)}"
    return "<br>".join([head, escape(box.detail)]) + _worst_rows(box, workspace)


def _layer_tip(box: Box, workspace: Workspace) -> str:
    shape = "" if box.shape is None else shape_text(box.shape)
    head = f"<b>{escape(box.op)}</b>&nbsp;&nbsp;{escape(shape)}&nbsp;&nbsp;{escape(box.detail)}"
    if box.kind == "layer":  # what the colour of its lower edge means
        title, colour = kind_titles()[kind_of(box.main)], kind_colour(box.main).name()
        head += f"&nbsp;&nbsp;&nbsp;<span style='color:{colour}'>■</span>&nbsp;{escape(title)}"
    parts = [head, *(_name(tensor) for tensor in box.tensors[:4])]
    if len(box.layers) > 1:
        more = len(box.layers) - MOST_LAYERS
        names = ",<br>".join(_name(layer) for layer in box.layers[:MOST_LAYERS])
        parts.append(f"<i>= {names}{f' … +{more}' if more > 0 else ''}</i>")
    several = len(box.rows) > 1
    return "<br>".join(parts) + (_worst_rows(box, workspace) if several else _values(box.tensor, workspace))


def _worst_rows(box: Box, workspace: Workspace) -> str:
    """Of which row the number of a box of several is, the next ones, and all values of that row."""
    rows = rows_of(workspace, box)
    if not rows:
        return ""
    title = colouring_title(workspace.metric, workspace.column, workspace.sides)
    told = QCoreApplication.translate("GraphTip", "Worst of {0} rows, by {1}; a click goes there")
    lines = "".join(_row_line(row, workspace) for row in rows[:MOST_ROWS])
    more = f"<tr><td colspan='2'>… +{len(rows) - MOST_ROWS}</td></tr>" if len(rows) > MOST_ROWS else ""
    head = f"<p>{escape(told.format(len(rows), title))}</p>"
    return f"{head}<table>{lines}{more}</table><p><b>{_name(plain_name(rows[0].tensor))}</b></p>" + _values(
        rows[0].tensor, workspace
    )


def _row_line(row: LayerError, workspace: Workspace) -> str:
    """A row with its number and the symbol of its grade."""
    value = workspace.value(row)
    assert value is not None
    symbol = grade(workspace.metric, workspace.column, value).symbol
    number = f"<td align='right'>&nbsp;&nbsp;{symbol} {value_text(workspace.metric, value)}</td>"
    return f"<tr><td>{escape(row.op)}&nbsp;&nbsp;{escape(short_name(row.tensor, 48))}</td>{number}</tr>"


def _values(tensor: str, workspace: Workspace) -> str:
    row = workspace.row(tensor)
    if row is None or not row.errors:
        return ""
    lines = [
        f"<tr><td>{escape(column_title(column, workspace.sides))}</td>"
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
