"""The tool-tips of the layer table: whose number it is, what it means, and why it is marked."""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from workbench.compare.compare import LayerError
from workbench.compare.grades import Grade, beyond, grade, limits
from workbench.ui.models.attributes import shape_text
from workbench.ui.models.spoken import spoken
from workbench.ui.models.table.columns import Column
from workbench.ui.models.table.jumps import FLOOR
from workbench.ui.numbers import value_text
from workbench.ui.titles import metric_title

translate = QCoreApplication.translate


def click() -> str:
    """What a click on a header does."""
    return translate("LayerTips", "Click: worst first, best first, network order")


def of_header(column: Column, sides: Mapping[str, str] | None = None) -> str:
    """What a column tells; `sides` are titles where sources stand for the sides of another comparison."""
    if column.kind == "value":
        return of_errors(column.column, column.metric, sides or {})
    about = {
        "jump": translate("LayerTips", "How many times 1 − cos is that of the worst input of the layer"),
        "encoding": translate("LayerTips", "How the values are stored: data type, scale, zero point"),
        "precision": translate("LayerTips", "What the layer is computed in"),
        "head": translate("LayerTips", "By which factor golden values may grow in float16"),
        "macs": translate("LayerTips", "Multiplications that are added up, for one input"),
        "time": translate("LayerTips", "What the board took for the layer, in microseconds"),
        "on": translate("LayerTips", "Where the board computed the layer: NPU, CPU or GPU"),
        "golden": translate("LayerTips", "What the tensor is called where the golden values are from"),
        "match": translate("LayerTips", "How the golden tensor was found"),
        "group": translate("LayerTips", "The other tensors of the fused layer"),
        "own_note": translate("LayerTips", "What you wrote down about the layer"),
    }.get(column.kind, "")
    return "\n".join(part for part in (about, click()) if part)


def of_heading(path: str, count: int) -> str:
    """What a heading stands for."""
    text = translate("LayerTips", "{0} layers; each number is their worst. Click, or Left and Right: fold and unfold")
    return f"{path}\n{text.format(count)}"


def spoken_heading(title: str, is_open: bool) -> str:
    """A heading for a screen reader."""
    text = translate("LayerTips", "{0}, unfolded") if is_open else translate("LayerTips", "{0}, folded")
    return text.format(title)


def of_jump(growth: float, errors: tuple[float, float], source: str) -> str:
    """Why a jump is marked: the error, that of the worst input, and whose it is."""
    now, before = (value_text("one_minus_cos", value) for value in errors)
    text = translate("LayerTips", "⇡ The error jumps here: 1 − cos is {0}, {1} times that of the worst input").format(
        now, f"{growth:.3g}"
    )
    whose = translate("LayerTips", "{0} has {1}").format(source, before) if source else ""
    floor = translate("LayerTips", "what is below {0} counts as {0}").format(f"{FLOOR:g}")
    return "\n".join(part for part in (text, whose, floor if errors[1] < FLOOR else "") if part)


def of_pin() -> str:
    """What the pin means."""
    return translate("LayerTips", "Pinned: it stays on top")


def of_spared(precision: str) -> str:
    """What the precision beside the name means."""
    return translate("LayerTips", "In the choice that is shown under Mixed it computes in {0}").format(precision)


def of_note(text: str) -> str:
    """The user's note."""
    return translate("LayerTips", "Your note: {0}").format(text)


def of_errors(column: str, metric: str, sides: Mapping[str, str]) -> str:
    """What a column compares, and what it marks."""
    compared = {
        "simulator.entire": translate("LayerTips", "Simulator against golden, errors of earlier layers included"),
        "simulator.single": translate("LayerTips", "Simulator against golden, this layer alone on golden inputs"),
        "runtime.entire": translate("LayerTips", "Board against golden, errors of earlier layers included"),
        "runtime.single_sim": translate("LayerTips", "Board against simulator, both on the same inputs"),
    }
    source = column.partition(".")[0]
    if source in sides:
        compared[column] = translate("LayerTips", "{0} against {1}").format(
            sides[source], sides.get("golden", "golden")
        )
    parts = [metric_title(metric), compared.get(column, column)]
    return "\n".join([*parts, *([of_limit(column, metric)] if limits(metric, column) else []), click()])


def of_value(row: LayerError, column: str, metric: str) -> str:
    """A value of a row: of several inputs mean and worst, and why it is marked."""
    errors = row.errors.get(column)
    if errors is None or metric not in errors.mean:
        return spoken(row.note) or translate("LayerTips", "No value: this tensor was not compared here")
    mean, title = value_text(metric, errors.mean[metric]), metric_title(metric)
    parts = [f"{title} {mean}"]
    if errors.samples > 1:
        worst, at = value_text(metric, errors.worst[metric]), errors.worst_sample.get(metric, 0) + 1
        parts = [
            title,
            translate("LayerTips", "mean of {0} inputs: {1}\nworst: {2} (input {3})").format(
                errors.samples, mean, worst, at
            ),
        ]
    told = of_grade(column, metric, errors.worst[metric])
    return "\n".join([*parts, told] if told else parts)


def of_change(before: str, turned: str) -> str:
    """What a what-if did to a value."""
    if turned == "better":
        return translate("LayerTips", "better than before: {0}").format(before)
    return translate("LayerTips", "worse than before: {0}").format(before)


def of_grade(column: str, metric: str, value: float) -> str:
    """Why a value is marked; "" for one that is not."""
    return of_limit(column, metric) if limits(metric, column) and grade(metric, column, value).is_marked else ""


def of_limit(column: str, metric: str) -> str:
    """What the marks of a number that has limits mean."""
    *_, poor, bad = beyond(metric, column)
    found = limits(metric, column) or ()
    near = f"{Grade.POOR.symbol} {poor}   " if len(set(found)) > 1 else ""
    if not any(found):  # a count
        return f"{Grade.BAD.symbol} {bad}"
    told = translate("LayerTips", "{0}: the vendor toolkit's limit; also NaN and infinite")
    return near + told.format(f"{Grade.BAD.symbol} {bad}")


def of_row(row: LayerError, operators: Sequence[str], sides: Mapping[str, str]) -> str:
    """A row's full names; `operators` are those of the user's layers that it stands for."""
    return "\n".join([*_of_row(row, operators), *_of_partners(row, sides), *([spoken(row.note)] if row.note else [])])


def _of_row(row: LayerError, operators: Sequence[str]) -> Iterator[str]:
    yield row.tensor
    yield f"{row.op}   {shape_text(row.shape)}".strip()
    if operators and tuple(operators) != (row.op,):
        yield translate("LayerTips", "= {0} of yours").format(" + ".join(operators))
    if row.group:
        yield translate("LayerTips", "One layer on the NPU, together with:")
        yield from (f"  {name}" for name in row.group)


def _of_partners(row: LayerError, sides: Mapping[str, str]) -> Iterator[str]:
    """Under which other names the sources have it."""
    if row.golden and row.golden != row.tensor:
        text = translate("LayerTips", "Compared with {0} {1} (matched by {2})")
        yield text.format(sides.get("golden", "golden"), row.golden, row.matched_by)
    if row.runtime:
        yield translate("LayerTips", "{0}: {1}").format(sides.get("runtime", "runtime"), row.runtime)
