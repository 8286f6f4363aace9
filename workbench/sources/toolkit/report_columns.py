"""Which column a cell of a report stands in: by its place under the others, for empty cells are spaces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from workbench.sources.toolkit.report_cells import Cell

SIMULATOR = ("simulator.entire", "simulator.single")
RUNTIME = ("runtime.entire", "runtime.single_sim")
OLD_RUNTIME = ("runtime.entire_sim", "runtime.entire")
"""Of the oldest form: `simu_err` is the whole run on the board against that of the simulator, it accumulates."""
LABELS = {
    "entire": "entire",
    "single": "single",
    "per_layer": "single",
    "single_sim": "single_sim",
    "simu_err": "entire_sim",
    "golden_err": "entire",
}
SOURCES = ("simulator_error", "quant_error", "runtime_error")
APART = 10.0  # characters from the middle of a column: what is farther from all of them stands in none


@dataclass(frozen=True)
class Heads:
    """The head of a table: the columns it names, and the middles of their names in the line."""

    columns: tuple[str, ...] = ()
    middles: tuple[float, ...] = ()
    is_oldest: bool = False


@dataclass(frozen=True)
class Grid:
    """The columns of a table; `middles` are empty where spaces were lost."""

    columns: tuple[str, ...]
    middles: tuple[float, ...] = ()

    def placed(self, cells: Sequence[Cell]) -> Mapping[str, Cell]:
        """The cells of a row by column; what stands under no column counts from the left."""
        if len(cells) < len(self.columns) and self.middles:
            nearest = [self._nearest(cell) for cell in cells]
            if None not in nearest and len(set(nearest)) == len(nearest):
                return {self.columns[at]: cell for at, cell in zip(nearest, cells, strict=True) if at is not None}
        return dict(zip(self.columns, cells, strict=False))

    def _nearest(self, cell: Cell) -> int | None:
        apart, at = min((abs(cell.middle - middle), at) for at, middle in enumerate(self.middles))
        return at if apart <= APART else None


def heads_of(title: str, labels: str) -> Heads:
    """The columns that the lines `layer_name simulator_error …` and `entire single …` name."""
    is_oldest = "quant_error" in title or "per_layer" in labels
    has_simulator = is_oldest or "simulator_error" in title or "single " in f"{labels} "
    source, columns, middles, at = "simulator" if has_simulator else "runtime", [], [], 0
    for word in labels.split():
        kind = LABELS[word]
        column = f"{source}.{kind}"
        if column in columns or kind in ("single_sim", "entire_sim"):
            source = "runtime"
        columns.append(f"{source}.{kind}")
        at = labels.index(word, at)
        middles.append(at + len(word) / 2)
        at += len(word)
    return Heads(tuple(columns), tuple(middles), is_oldest)


def is_labels(line: str) -> bool:
    """Whether a line is the second one of a head."""
    words = line.split()
    return bool(words) and all(word in LABELS for word in words)


def grid_of(heads: Heads, rows: Sequence[Sequence[Cell]], has_operators: bool, has_places: bool) -> Grid:
    """The columns of a table with these rows; places are those of the full rows, else those of the head.

    Without `has_places` somebody made one space of several.
    """
    most = max(map(len, rows), default=0)
    columns = heads.columns or _usual(most, has_operators)
    full = [row for row in rows if len(row) == len(columns)]
    if not has_places:
        return Grid(columns)
    if full:
        return Grid(columns, tuple(median(row[at].middle for row in full) for at in range(len(columns))))
    return Grid(columns, heads.middles)


def _usual(count: int, has_operators: bool) -> tuple[str, ...]:
    if count <= len(SIMULATOR):
        return SIMULATOR
    return SIMULATOR + (RUNTIME if has_operators else OLD_RUNTIME)
