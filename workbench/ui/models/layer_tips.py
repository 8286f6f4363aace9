"""The tool-tips of the layer table: whose number it is, what it means, and why it is marked."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication

from workbench.compare.compare import YELLOW, LayerError, severity
from workbench.compare.metrics import METRICS
from workbench.ui.numbers import value_text

translate = QCoreApplication.translate


def of_column(column: str, metric: str) -> str:
    """What a column compares, and what it marks."""
    compared = {
        "simulator.entire": translate("LayerTips", "Simulator against golden, errors of earlier layers included"),
        "simulator.single": translate("LayerTips", "Simulator against golden, this layer alone on golden inputs"),
        "runtime.entire": translate("LayerTips", "Board against golden, errors of earlier layers included"),
        "runtime.single_sim": translate("LayerTips", "Board against simulator, both on the same inputs"),
    }
    parts = [METRICS[metric].title, compared.get(column, column)]
    if metric in YELLOW:
        parts.append(_limit(column, metric))
    return "\n".join([*parts, translate("LayerTips", "Click: worst first, best first, network order")])


def of_value(row: LayerError, column: str, metric: str) -> str:
    """A value of a row: of several inputs mean and worst, and why it is marked."""
    errors = row.errors.get(column)
    if errors is None or metric not in errors.mean:
        return row.note or translate("LayerTips", "No value: this tensor was not compared here")
    mean, title = value_text(metric, errors.mean[metric]), METRICS[metric].title
    parts = [f"{title} {mean}"]
    if errors.samples > 1:
        worst, at = value_text(metric, errors.worst[metric]), errors.worst_sample.get(metric, 0) + 1
        parts = [
            title,
            translate("LayerTips", "mean of {0} inputs: {1}\nworst: {2} (input {3})").format(
                errors.samples, mean, worst, at
            ),
        ]
    if severity(metric, column, errors.worst[metric]) == "yellow":
        parts.append(_limit(column, metric))
    return "\n".join(parts)


def of_change(before: str, turned: str) -> str:
    """What a what-if did to a value."""
    if turned == "better":
        return translate("LayerTips", "better than before: {0}").format(before)
    return translate("LayerTips", "worse than before: {0}").format(before)


def of_row(row: LayerError, operators: Sequence[str]) -> str:
    """A row's full names; `operators` are those of the user's layers that it stands for."""
    return "\n".join(_of_row(row, operators))


def _of_row(row: LayerError, operators: Sequence[str]) -> Iterator[str]:
    yield row.tensor
    shape = "×".join(map(str, row.shape))
    yield f"{row.op}   {shape}".strip()
    if operators and tuple(operators) != (row.op,):
        yield translate("LayerTips", "= {0} of yours").format(" + ".join(operators))
    if row.group:
        yield translate("LayerTips", "One layer on the NPU, together with:")
        yield from (f"  {name}" for name in row.group)
    if row.golden and row.golden != row.tensor:
        yield translate("LayerTips", "Compared with golden {0} (matched by {1})").format(row.golden, row.matched_by)
    if row.note:
        yield row.note


def _limit(column: str, metric: str) -> str:
    """The toolkit's limit in words."""
    limit = YELLOW[metric]["single" if column.rpartition(".")[2].startswith("single") else "entire"]
    above = METRICS[metric].higher_is_worse
    text = (
        translate("LayerTips", "▲ marks values above {0}, as the toolkit does")
        if above
        else translate("LayerTips", "▲ marks values below {0}, as the toolkit does")
    )
    return text.format(f"{limit:g}")
