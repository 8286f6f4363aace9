"""The network as a drawing: boxes, lines and the row of the table that each box belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.compare.compare import LayerError
from workbench.compare.grades import Grade, grade
from workbench.graph.graph import Graph
from workbench.graph.layout import place
from workbench.report.inputs import RunResults
from workbench.report.table import present_columns, value_of

HEIGHT = 34.0
MARGIN = 16.0
LETTER = 7.6  # width of a letter of the label, px
NUMBER = 96.0  # room for the symbol, the number and the gaps, px
MINIMUM = 120.0
LONGEST = 24  # letters of a label


@dataclass(frozen=True)
class Box:
    """One layer, or an input of the network; `grades` holds how bad it is in every kind of run."""

    left: float
    top: float
    width: float
    op: str
    title: str
    row: int | None
    values: Mapping[str, str]
    grades: Mapping[str, Grade]


@dataclass(frozen=True)
class Drawing:
    """All in pixels; a line is the value of SVG's `points` attribute."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Node:
    op: str
    name: str
    tensors: tuple[str, ...]
    row: LayerError | None


def draw(graph: Graph, results: RunResults) -> Drawing:
    """Lay the network out, top to bottom."""
    nodes = _nodes(graph, results)
    widths = [max(MINIMUM, len(_label(node.op)) * LETTER + NUMBER) for node in nodes]
    placement = place(widths, _edges(graph, nodes), height=HEIGHT)
    columns = present_columns(results)
    shift_x = min((x - width / 2 for x, width in zip(placement.x, widths, strict=True)), default=0.0) - MARGIN
    shift_y = min(placement.y, default=0.0) - HEIGHT / 2 - MARGIN
    boxes = tuple(
        _box(node, (float(x - width / 2 - shift_x), float(y - HEIGHT / 2 - shift_y)), width, columns)
        for node, x, y, width in zip(nodes, placement.x, placement.y, widths, strict=True)
    )
    lines = tuple(" ".join(f"{x - shift_x:.1f},{y - shift_y:.1f}" for x, y in edge) for edge in placement.edges)
    right = max((box.left + box.width for box in boxes), default=0.0)
    bottom = max((box.top for box in boxes), default=0.0)
    return Drawing(right + MARGIN, bottom + HEIGHT + MARGIN, boxes, lines)


def rows_of_layers(results: RunResults) -> dict[str, LayerError]:
    """The row that stands for each layer of the user's network."""
    found: dict[str, LayerError] = {}
    for row in results.rows:
        for layer in results.layers_of.get(row.tensor, ()):
            found[layer] = row
    return found


def _nodes(graph: Graph, results: RunResults) -> list[_Node]:
    by_layer = rows_of_layers(results)
    by_tensor = {row.golden: row for row in results.rows if row.errors}
    inputs = [_Node("Input", item.name, (item.name,), by_tensor.get(item.name)) for item in graph.inputs]
    layers = [
        _Node(layer.op, layer.name, layer.outputs, _first(by_tensor, layer.outputs) or by_layer.get(layer.name))
        for layer in graph.layers
    ]
    return inputs + layers


def _label(op: str) -> str:
    return op if len(op) <= LONGEST else f"{op[: LONGEST - 1]}…"


def _first(rows: Mapping[str, LayerError], tensors: tuple[str, ...]) -> LayerError | None:
    return next((rows[name] for name in tensors if name in rows), None)


def _edges(graph: Graph, nodes: list[_Node]) -> list[tuple[int, int]]:
    giver = {name: number for number, node in enumerate(nodes) for name in node.tensors if name}
    first = len(graph.inputs)
    pairs = (
        (giver[name], first + number)
        for number, layer in enumerate(graph.layers)
        for name in layer.inputs
        if name in giver
    )
    return list(dict.fromkeys(pairs))


def _box(node: _Node, corner: tuple[float, float], width: float, columns: list[str]) -> Box:
    cosines = {column: None if node.row is None else value_of(node.row, column, "cos") for column in columns}
    return Box(
        left=corner[0],
        top=corner[1],
        width=width,
        op=_label(node.op),
        title=_title(node, columns),
        row=None if node.row is None else node.row.index,
        values={column: "" if cos is None else f"{cos:.5f}" for column, cos in cosines.items()},
        grades={column: grade("cos", column, cos) for column, cos in cosines.items()},
    )


def _title(node: _Node, columns: list[str]) -> str:
    lines = [f"{node.op}  {node.name}"]
    row = node.row
    if row is None:
        return "\n".join([*lines, "no value: nothing of this layer is compared"])
    lines.append(f"tensor {row.tensor}  {'×'.join(map(str, row.shape))}")
    for column in columns:
        cos, euc = value_of(row, column, "cos"), value_of(row, column, "euc")
        parts = [f"cos {cos:.5f}" if cos is not None else "", f"euc {euc:.5g}" if euc is not None else ""]
        lines.append(f"{column}  {'  '.join(part for part in parts if part) or 'no value'}")
    return "\n".join([*lines, row.note] if row.note else lines)
