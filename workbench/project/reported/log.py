"""What a log around a report adds to it: the toolkit's own warnings, what ran on the board, shapes of tensors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from workbench.compare.compare import LayerError
from workbench.sources.toolkit.logs import read_log
from workbench.sources.toolkit.report import Report
from workbench.sources.toolkit.runtime_tables import RuntimeLayer, layers_in, memory_in

OUTLIERS = "The toolkit's log tells of outliers in {0} constants, which may cost accuracy: {1}."
RANGES = "The toolkit's log tells of values that float16 does not hold: {0}."
NAMED = 5  # names in a sentence


def origin_of(report: Report, text: str) -> str:
    """Who wrote a report, and for which chip, as far as its text tells."""
    log = read_log(text)
    chip = f" for {log.target}" if log.target else ""
    rules = f" It rewrote the network {len(log.rewrites)} times." if log.rewrites else ""
    return f"The report is of {report.version_guess}{chip}.{rules}"


def warnings_of(text: str) -> Iterator[str]:
    """What the toolkit warned of that bears on accuracy."""
    log = read_log(text)
    constants = list(dict.fromkeys(outlier.tensor for outlier in log.outliers))
    tensors = list(dict.fromkeys(found.tensor for found in log.ranges))
    if constants:
        yield OUTLIERS.format(len(constants), _some(constants))
    if tensors:
        yield RANGES.format(_some(tensors))


def with_board(rows: Sequence[LayerError], layers_of: Mapping[str, Sequence[str]], text: str) -> tuple[LayerError, ...]:
    """The rows with what a log of the board tells of their layers: operator, core and time, and missing shapes."""
    ran = {layer.node: layer for layer in layers_in(text) if layer.node}
    shapes = {tensor.tensor: tensor.shape for tensor in memory_in(text)}
    if not ran and not shapes:
        return tuple(rows)
    return tuple(
        replace(
            row,
            shape=row.shape or shapes.get(row.tensor, ()),
            note=" ".join(filter(None, (row.note, *_told(ran, (*layers_of.get(row.tensor, ()), row.tensor))))),
        )
        for row in rows
    )


def _told(ran: Mapping[str, RuntimeLayer], names: Sequence[str]) -> Iterator[str]:
    for layer in dict.fromkeys(ran[name] for name in names if name in ran):
        time = "" if layer.micros is None else f", {layer.micros} µs"
        yield f"{layer.op} ({layer.target} {layer.dtype}{time})."


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
