"""The layer table of the toolkit's own simulator: its report's rows, measured in its dumps.

The single run has no dump: its numbers are those that the toolkit printed, and what follows from them.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from workbench.compare.compare import Errors, LayerError, summarise
from workbench.dump.store import Dump
from workbench.graph.graph import Model
from workbench.graph.vendor_names import homes
from workbench.project.rows import NOT_KNOWN_EXACT, Row
from workbench.project.table import Comparison
from workbench.project.toolkit.groups import fused_groups, with_folded
from workbench.sources.toolkit.report import Report, ReportRow

ENTIRE, SINGLE = "simulator.entire", "simulator.single"
INPUT = "Input"
ADDED = re.compile(r"(?:(?:_[A-Za-z]+)?__\d+(?::\d+)?|#Y\d+)(?:_\w+)?$")
"""What the toolkit's converters put behind a name: that of TensorFlow `_Gemm__24:0_mm`, that of Caffe `#Y0_mm`."""
LONG = 80  # letters of a name that the toolkit may have cut
FLOAT32 = 2.0**-23  # relative; the toolkit's euc is a float32
BLANK = "The toolkit prints no numbers: it computes this layer together with a later one."
PRINTED = "The toolkit printed cos {0} and euc {1}; its dumps give {2} and {3}."


def rows_of_report(
    report: Report, ours: Mapping[str, Row], model: Model, golden: Dump | None, simulator: Dump
) -> tuple[Row, ...]:
    """The rows in the toolkit's order; what it left blank is in the group of the layer that it is computed with.

    `ours` are the rows of the deployed graph by tensor: they tell what a row stands for in the user's network.
    """
    there = [row for row in report.rows if row.op != INPUT and row.tensor in simulator]
    groups = {row.tensor: ours[row.tensor].group for row in there if row.values and row.tensor in ours}
    hidden = frozenset[str]().union(*groups.values())
    groups |= fused_groups([row for row in there if row.tensor not in hidden], golden)
    hidden = hidden.union(*groups.values())
    shown = [row for row in there if row.values or row.tensor not in hidden]
    origins = _origins([row.tensor for row in there], ours, model)
    rows = tuple(
        _row(row, ours.get(row.tensor), groups.get(row.tensor, ()), origins, golden, simulator) for row in shown
    )
    return rows if model.is_onnx else tuple(with_folded(rows, model.graph))


def with_printed(found: LayerError, printed: Sequence[ReportRow | None], golden: Sequence[Dump]) -> LayerError:
    """A measured row with the single errors that the toolkit printed, one report an input.

    Its note says where the printed errors of the whole run are not those of the dumps.
    """
    pairs = [(row, dump) for row, dump in zip(printed, golden, strict=False) if row is not None]
    values = [values for row, dump in pairs if (values := single_values(row, dump))]
    notes = [found.note, *(_disagreement(found.errors.get(ENTIRE), row, at) for at, (row, _) in enumerate(pairs))]
    errors = {**found.errors, SINGLE: summarise(values)} if values else found.errors
    return replace(found, errors=errors, note=" ".join(dict.fromkeys(filter(None, notes))))


def single_values(row: ReportRow, golden: Dump) -> dict[str, float]:
    """The printed numbers of a single run as metrics; {} where it printed none or a word for zeros.

    Relative error and SQNR follow from euc and the norm of golden. 1 − cos is known to half of the last printed digit.
    """
    printed = row.values.get(SINGLE, {})
    cos, euc = printed.get("cos"), printed.get("euc")
    found: dict[str, float] = {}
    if cos is not None:
        found |= {"cos": cos, "cos_toolkit": cos, "one_minus_cos": cos if math.isnan(cos) else round(1 - cos, 6)}
    if euc is not None:
        found["euc"] = euc
    if euc is not None and math.isfinite(euc) and row.tensor in golden and (norm := _norm(golden, row.tensor)) > 0:
        found["relative"] = euc / norm
        if euc > 0:
            found["sqnr_db"] = 20 * math.log10(norm / euc)
    return found


def table_row(
    comparison: Comparison, index: int, row: Row, reports: Sequence[Report], golden: Sequence[Dump]
) -> LayerError:
    """One row, measured, with what the reports print of it."""
    printed = [report.by_tensor.get(row.tensor) for report in reports]
    return with_printed(comparison.row(index, row), printed, golden)


def _row(
    row: ReportRow,
    ours: Row | None,
    group: tuple[str, ...],
    origins: Mapping[str, tuple[str, ...]],
    golden: Dump | None,
    simulator: Dump,
) -> Row:
    name = row.tensor
    if golden is not None and name not in golden and ours is not None and ours.golden in golden:
        name = ours.golden
    notes = [part for part in (ours.note.split("; ") if ours else []) if part and part != NOT_KNOWN_EXACT]
    parts = [part for part in group if ours is None or part not in ours.group]
    layers = [layer for part in (*parts, row.tensor) for layer in origins.get(part, ())]
    return Row(
        op=row.op,
        tensor=row.tensor,
        golden=name,
        group=group,
        origins=tuple(dict.fromkeys(layers)),
        encoding=simulator.encoding(row.tensor),
        note="; ".join(notes if row.values else [*notes, BLANK]),
    )


def _origins(names: Sequence[str], ours: Mapping[str, Row], model: Model) -> dict[str, tuple[str, ...]]:
    """The user's layers of tensors; of those that are no rows of ours by their names. The toolkit cuts long ones."""
    others = [name for name in names if name not in ours]
    found = {name: ours[name].origins for name in names if name in ours}
    found |= {name: home.layers for name, home in homes(others, model.graph).items()}
    for name in others:
        begun = ADDED.sub("", name)
        if name not in found and begun in model.graph.producers:
            found[name] = (model.graph.producers[begun].name,)
        elif name not in found and len(begun) >= LONG:
            layers = [layer.name for own, layer in model.graph.producers.items() if own.startswith(begun)]
            found |= {name: tuple(layers)} if len(layers) == 1 else {}
    return found


def _norm(golden: Dump, name: str) -> float:
    values = golden[name].ravel().astype(np.float64)
    finite = values[np.isfinite(values)]
    return math.sqrt(float(np.dot(finite, finite)))


def _disagreement(errors: Errors | None, row: ReportRow, sample: int) -> str:
    """Where a printed number is more than one in its last digit away from the measured one."""
    texts = row.texts.get(ENTIRE, {})
    if errors is None or "cos" not in texts or "euc" not in texts:
        return ""
    found = [errors.of_sample(metric, sample) for metric in ("cos_toolkit", "euc")]
    is_same = all(_is_near(value, text) for value, text in zip(found, (texts["cos"], texts["euc"]), strict=True))
    said = ("–" if value is None else f"{value:.5f}" for value in found)
    return "" if is_same else PRINTED.format(texts["cos"], texts["euc"], *said)


def _is_near(value: float | None, text: str) -> bool:
    """Whether a value may be printed so: in float32, give or take one in the last digit; words are no numbers."""
    try:
        printed = float(text)
    except ValueError:
        return True
    digits = len(text.partition(".")[2])
    return value is not None and abs(value - printed) <= 1.01 * 10.0**-digits + FLOAT32 * abs(printed)
