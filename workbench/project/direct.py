"""Dumps compared with each other, without a network and without a session."""

from contextlib import ExitStack
from pathlib import Path

from workbench.compare.compare import LayerError, Measured, compare_dumps, summarise
from workbench.compare.match import Matching, match, read_map, unknown_names
from workbench.dump.formats import Dumps, open_dumps
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Steps, Warn
from workbench.project.results import Results

Column = tuple[Matching, dict[str, Measured]]


def compare_folders(
    golden: Path, other: Path, runtime: Path | None = None, names: Path | None = None
) -> Steps[Results]:
    """Measure `other`, and `runtime` where given, against `golden`: folders or files in any format we read.

    `names` is a file that maps their names to golden ones. Rows are golden tensors that have a partner.
    """
    paths = {"simulator.entire": other, **({} if runtime is None else {"runtime.entire": runtime})}
    mapping = {} if names is None else read_map(names)
    with ExitStack() as stack:
        reference = stack.enter_context(open_dumps(golden, "golden"))
        columns: dict[str, Column] = {}
        opened: list[Dumps] = [reference]
        for column, path in paths.items():
            dumps = stack.enter_context(open_dumps(path, column.partition(".")[0]))
            opened.append(dumps)
            matching = match(reference.names, dumps.names, mapping)
            measured = yield from compare_dumps(reference, dumps, matching)
            columns[column] = (matching, {item.pair.golden: item for item in measured})
        for note in dict.fromkeys(note for dumps in opened for note in dumps.notes):
            yield Warn(note)
        others = [name for dumps in opened[1:] for name in dumps.names]
        for entry in unknown_names(mapping, reference.names, others):
            yield Warn(f"The map of names has {entry}, which names a tensor that is not there.")
        return _results(golden, reference, columns)


def _results(path: Path, reference: Dumps, columns: dict[str, Column]) -> Results:
    found = [name for name in reference.names if any(name in measured for _, measured in columns.values())]
    if not found:
        raise DumpError(
            f"{path}: none of its {len(reference)} tensors has a partner of the same name in the other dump.",
            "Give a map of names with --map.",
        )
    unmatched = {"golden": tuple(name for name in reference.names if name not in set(found))}
    for column, (matching, _) in columns.items():
        unmatched[column.partition(".")[0]] = matching.only_other
    rows = tuple(_row(index, name, reference.op(name), columns) for index, name in enumerate(found))
    return Results(rows, unmatched={source: names for source, names in unmatched.items() if names})


def _row(index: int, golden: str, op: str, columns: dict[str, Column]) -> LayerError:
    measured = {column: items[golden] for column, (_, items) in columns.items() if golden in items}
    first = next(iter(measured.values()))
    return LayerError(
        index=index,
        op=op,
        tensor=first.pair.other if first.pair.by == "map" else golden,
        golden=golden,
        group=(),
        shape=first.shape,
        encoding=first.encoding,
        errors={column: summarise([item.values]) for column, item in measured.items() if item.values},
        matched_by=first.pair.by,
        note=" ".join(dict.fromkeys(item.note for item in measured.values() if item.note)),
    )
