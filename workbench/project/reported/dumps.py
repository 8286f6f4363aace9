"""The tensors of the snapshot that a report lies in: looked at as those of any session, and the report recomputed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from workbench.compare.compare import Errors, LayerError, compare_tensors, summarise
from workbench.compare.match import match
from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Progress, Steps, Warn
from workbench.project.results import SOURCES, Results

COLUMNS = {"simulator": "simulator.entire", "runtime": "runtime.entire"}
OTHER = (
    "The dumps beside the report give other numbers than it prints for {0} of {1} rows, such as {2}: it is of others."
)
COS, EUC = 5e-5, 1e-3  # of float32 sums over large tensors, and of a number cut to six characters
LEAST_EUC = 5e-3  # absolute: "0.0" stands for less


def with_dumps(results: Results, source: Path, folder: Path) -> Steps[Results]:
    """The results of a report in the snapshot `source`, with its dumps in the session `folder`.

    What the dumps tell takes the place of what is printed: the same numbers, and all metrics. `single` and `single_sim`
    stay as they are printed: nothing is dumped that they compare.
    """
    dumps: dict[str, tuple[Path, ...]] = {}
    for kind in (kind for kind in SOURCES if (source / kind).is_dir()):
        path = folder / "dumps" / f"report-{kind}.h5"
        try:
            if (yield from _converted(results.rows, source, kind, path)):
                dumps[kind] = (path,)
        except DumpError as error:  # a report can be read without them
            yield Warn(f"{error.message} {error.hint}")
    if "golden" not in dumps or len(dumps) < 2:
        return replace(results, dumps=dumps)
    with ExitStack() as stack:
        opened = {kind: stack.enter_context(Dump(paths[0])) for kind, paths in dumps.items()}
        rows = yield from _recomputed(results.rows, opened)
    warnings = tuple(_doubts(results.rows, rows))
    yield from map(Warn, warnings)
    return replace(results, rows=rows, dumps=dumps, warnings=(*results.warnings, *warnings))


def _converted(rows: Sequence[LayerError], source: Path, kind: str, path: Path) -> Steps[bool]:
    """Whether any tensor of the rows is among the dumps."""
    from workbench.dump.formats import open_dumps  # many readers; only needed here

    shapes = {row.tensor: row.shape for row in rows} | {name: () for row in rows for name in row.group}
    with open_dumps(source, kind) as dumps:
        matching = match(tuple(shapes), dumps.names)
        if not matching.pairs:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        with DumpWriter(path, {"source": kind, "from": str(source)}) as writer:
            for done, pair in enumerate(matching.pairs):
                yield Progress("import", done, len(matching.pairs), pair.other)
                array, encoding = dumps.raw(pair.other, shapes[pair.golden] or None)
                writer.add(pair.golden, array, dumps.op(pair.other), encoding)
    return True


def _recomputed(rows: Sequence[LayerError], dumps: Mapping[str, Dump]) -> Steps[tuple[LayerError, ...]]:
    found = []
    for done, row in enumerate(rows):
        yield Progress("compare", done, len(rows), row.tensor)
        found.append(_measured(row, dumps))
    return tuple(found)


def _measured(row: LayerError, dumps: Mapping[str, Dump]) -> LayerError:
    golden = dumps["golden"]
    if row.tensor not in golden:
        return row
    values = golden[row.tensor]
    errors: dict[str, Errors] = {}
    for kind, column in COLUMNS.items():
        if kind in dumps and row.tensor in dumps[kind] and column in row.errors:
            measured, _ = compare_tensors(values, *dumps[kind].raw(row.tensor))
            errors |= {column: summarise([measured])} if measured else {}
    return replace(row, shape=values.shape, errors={**row.errors, **errors})


def _doubts(printed: Sequence[LayerError], computed: Sequence[LayerError]) -> Iterator[str]:
    both = [(one, other) for one, other in zip(printed, computed, strict=True) if one.errors is not other.errors]
    apart = [one.tensor for one, other in both if any(_differ(one, other, column) for column in COLUMNS.values())]
    if apart:
        yield OTHER.format(len(apart), len(both), apart[0])


def _differ(printed: LayerError, computed: LayerError, column: str) -> bool:
    if column not in printed.errors:
        return False
    one, other = printed.errors[column].mean, computed.errors[column].mean
    return any(
        abs(one[key] - other[key]) > (COS if key == "cos" else max(LEAST_EUC, EUC * abs(other[key])))
        for key in ("cos", "euc")
        if key in one and key in other
    )
