"""All metrics of one source for the selected row: entire beside single, mean above worst."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.compare.compare import Errors
from workbench.compare.grades import Grade, grade
from workbench.compare.metrics import METRICS
from workbench.ui.models.table.changes import direction
from workbench.ui.numbers import value_text
from workbench.ui.titles import short_title
from workbench.ui.views.common.source_dot import SourceDot
from workbench.ui.views.inspector.fact_grid import Cell, FactGrid
from workbench.ui.widgets import ElidedLabel, column, row

ROLES = {Grade.POOR: "warning", Grade.BAD: "bad"}
ALWAYS = ("cos", "one_minus_cos", "euc", "max_abs", "sqnr_db", "steps")
"""Metrics that are shown whatever they are; the others only where they are not zero."""
TURNED = {"worse": "warning"}
"""The role of an old value that the new one is worse than."""
MODES = {"simulator": ("entire", "single"), "runtime": ("entire", "single_sim")}


class ErrorBlock(QWidget):
    """Hidden where the source has no values for the row. `sample_wanted` is the wish to look at a worst input."""

    sample_wanted = Signal(int)

    def __init__(self, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._before: Mapping[str, Errors] = {}
        self._samples: dict[tuple[int, int], int] = {}
        self._grid = FactGrid(3, numbers=True)
        self._grid.clicked.connect(lambda line, place: self.sample_wanted.emit(self._samples[line, place]))
        self.title = ElidedLabel(source, "title")
        self.setLayout(column(row(SourceDot(source), self.title, None, spacing=6), self._grid, spacing=4))

    def show_errors(self, errors: Mapping[str, Errors], before: Mapping[str, Errors] | None = None) -> None:
        """Show a row's errors, and those `before` a what-if; both have the columns of the layer table."""
        self._before = before or {}
        columns = {mode: f"{self._source}.{mode}" for mode in MODES[self._source]}
        found = {mode: errors[name] for mode, name in columns.items() if name in errors}
        self.setVisible(bool(found))
        head: list[Cell] = ["", *((mode, "muted") for mode in found)]
        rows: list[list[Cell]] = [head]
        self._samples = {}
        for key in METRICS:
            rows.extend(self._rows(key, columns, found))
            self._lead(len(rows) - 1, key, found)
        told = {cell: self.tr("Click: look at input {0}").format(sample + 1) for cell, sample in self._samples.items()}
        self._grid.show_rows(rows, told)

    def texts(self) -> list[list[str]]:
        """What is shown."""
        return self._grid.texts()

    def _rows(self, key: str, columns: Mapping[str, str], found: Mapping[str, Errors]) -> list[list[Cell]]:
        if not any(self._is_shown(key, errors) for errors in found.values()):
            return []
        means: list[Cell] = [
            short_title(key),
            *(self._cell(key, columns[mode], errors.mean.get(key)) for mode, errors in found.items()),
        ]
        rows = [means, *self._old(key, columns, found)]
        if not self._has_worst(key, found):
            return rows
        worst: list[Cell] = [(self.tr("\u2003worst"), "muted")]
        worst += [self._worst(key, columns[mode], errors) for mode, errors in found.items()]
        return [*rows, worst]

    def _lead(self, line: int, key: str, found: Mapping[str, Errors]) -> None:
        """Where the last row has the worst inputs of a metric, its cells lead to them."""
        for place, errors in enumerate(found.values(), 1):
            if self._has_worst(key, found) and key in errors.worst:
                self._samples[line, place] = errors.worst_sample[key]

    def _has_worst(self, key: str, found: Mapping[str, Errors]) -> bool:
        if not any(errors.samples > 1 and self._is_shown(key, errors) for errors in found.values()):
            return False
        return any(errors.worst.get(key) != errors.mean.get(key) for errors in found.values())

    def _old(self, key: str, columns: Mapping[str, str], found: Mapping[str, Errors]) -> list[list[Cell]]:
        """The values before a what-if, where one of them has changed."""
        old = [mean_of_errors(self._before, columns[mode], key) for mode in found]
        new = [errors.mean.get(key) for errors in found.values()]
        pairs = list(zip(old, new, strict=True))
        turned = ["" if was is None or now is None else direction(key, was, now) for was, now in pairs]
        if not any(turned):
            return []
        cells: list[Cell] = [(self.tr("\u2003before"), "muted")]
        cells += [
            (error_text(key, was) if sign and was is not None else "", TURNED.get(sign, "muted"))
            for was, sign in zip(old, turned, strict=True)
        ]
        return [cells]

    def _is_shown(self, key: str, errors: Errors) -> bool:
        if key not in errors.mean:
            return False
        if key == "cos_toolkit":
            return _differ(errors.mean) or _differ(errors.worst)
        return key in ALWAYS or errors.worst[key] != 0

    def _cell(self, key: str, column: str, value: float | None) -> Cell:
        if value is None:
            return Grade.NONE.symbol, "muted"
        found = grade(key, column, value)
        symbol = f"{found.symbol} " if found.is_marked else ""
        return symbol + error_text(key, value), ROLES.get(found, "")

    def _worst(self, key: str, column: str, errors: Errors) -> Cell:
        if key not in errors.worst:
            return "", "muted"
        found = grade(key, column, errors.worst[key])
        text = self.tr("#{0} {1}").format(errors.worst_sample[key] + 1, error_text(key, errors.worst[key]))
        return text, ROLES.get(found, "muted")


def mean_of_errors(errors: Mapping[str, Errors], column: str, key: str) -> float | None:
    """The mean of a column; None where there is none."""
    return errors[column].mean.get(key) if column in errors else None


def error_text(key: str, value: float) -> str:
    """A metric's value; what is tiny as a power of ten."""
    if key == "one_minus_cos" and 0 < value < 1:
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{mantissa}·10{_superscript(int(exponent))}"
    return value_text(key, value)


def _differ(values: Mapping[str, float]) -> bool:
    """Whether the toolkit's cosine has other digits than ours."""
    return value_text("cos", values["cos"]) != value_text("cos_toolkit", values["cos_toolkit"])


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
