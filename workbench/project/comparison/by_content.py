"""Tensors of a dump whose names say nothing, matched with a session's by what is in them; and the map that is kept."""

import math
from collections.abc import Iterator, Sequence, Set
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from workbench.compare.compare import LayerError
from workbench.compare.content import LIKELY, Known, Suggestion, Unknown, suggest
from workbench.compare.match import match
from workbench.dump.formats import Dumps, open_dumps
from workbench.dump.formats.board import BORDERS
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError
from workbench.foundation.files import write_text
from workbench.foundation.steps import Steps
from workbench.project.imports import WHICH
from workbench.project.results import Results, load_results
from workbench.project.session import ImportedDumps

HEAD = "# their name -> the network's name, and the memory layout; one tensor a line"
NOT_RUN = "{0} has no values yet that dumps could be compared with."


def suggestions(folder: Path, imported: ImportedDumps, kind: str) -> Steps[tuple[Suggestion, ...]]:
    """For the tensors of `imported` that no name matches: what they may be of the session in `folder`.

    They are compared with the simulator's values where `kind` is "runtime" and there are such values, else with golden.
    """
    results = load_results(folder)
    if results is None or not results.rows or "golden" not in results.dumps:
        raise DumpError(NOT_RUN.format(folder), "Run the session first.")
    with ExitStack() as stack:
        dumps = stack.enter_context(open_dumps(imported.path, WHICH[kind], imported.layout))
        named = match(_names(results.rows), dumps.names, imported.names)
        taken = {pair.golden for pair in named.pairs}
        opened = [stack.enter_context(Dump(path)) for path in _references(results, kind)]
        left = (name for name in named.only_other if dumps.op(name) not in BORDERS)
        broken: set[str] = set()
        unknown = [Unknown(name, partial(_stored, dumps, name, broken)) for name in left]
        shown = [item for row in results.rows for item in _known(row, row.tensor, opened, taken)]
        found = yield from suggest(shown, unknown)
        used = {item.other for item in found} | broken
        inside = [item for row in results.rows for name in row.group for item in _known(row, name, opened, taken)]
        rest = yield from suggest(inside, [item for item in unknown if item.name not in used])
        return (*found, *rest)


def nameless(results: Results, kind: str) -> tuple[str, ...]:
    """The tensors of imported dumps without a partner, where the network has some without one too: theirs, perhaps."""
    column = "simulator.entire" if kind == "simulator" else "runtime.entire"
    paths = results.dumps.get(kind, ())
    if not paths or (kind != "golden" and all(column in row.errors for row in results.rows)):
        return ()
    with Dump(paths[0]) as dump:
        return tuple(dump.info.get("unmatched", ()))


def with_suggestions(
    imported: ImportedDumps, found: Sequence[Suggestion], above: float = LIKELY
) -> tuple[ImportedDumps, tuple[Suggestion, ...]]:
    """The dumps with the names and layouts of all suggestions of a confidence; and those that are left to decide."""
    sure = [item for item in found if item.confidence >= above]
    names = {item.other: item.golden for item in sure}
    layouts = {item.other: item.layout for item in sure}
    taken = replace(imported, names={**names, **imported.names}, layouts={**layouts, **imported.layouts})
    return taken, tuple(item for item in found if item.confidence < above)


def save_map(imported: ImportedDumps, path: Path, found: Sequence[Suggestion] = ()) -> None:
    """Write the names and layouts as a map file; `found` gives the evidence, which stands behind as a comment."""
    said = {item.other: f"  # confidence {item.confidence:.2f}, similarity {item.similarity:.5f}" for item in found}
    lines = [
        "\t".join(filter(None, (other, golden, imported.layouts.get(other, "")))) + said.get(other, "")
        for other, golden in imported.names.items()
    ]
    write_text(path, "\n".join((HEAD, *lines)) + "\n")


def _names(rows: Sequence[LayerError]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in (row.tensor, row.golden, *row.group) if name))


def _encoding(row: LayerError) -> tuple[float, int]:
    encoding = row.encoding
    if encoding is None or not encoding.is_quantized or len(encoding.scale) != 1:
        return 0.0, 0
    return encoding.scale[0], encoding.zero_point[0]


def _stored(dumps: Dumps, name: str, broken: set[str]) -> np.ndarray:
    """The stored array; what cannot be read is noted, so that it is told once."""
    try:
        return dumps.raw(name)[0]
    except DumpError:
        broken.add(name)
        raise


def _references(results: Results, kind: str) -> list[Path]:
    """The dumps of the first input to compare with, the nearest first."""
    order = ("simulator", "golden", "golden_deployed") if kind == "runtime" else ("golden", "golden_deployed")
    return [results.dumps[name][0] for name in order if results.dumps.get(name)]


def _known(row: LayerError, tensor: str, opened: Sequence[Dump], taken: Set[str]) -> Iterator[Known]:
    """A row's own tensor, or one inside its fused group: a board that fuses otherwise may have that."""
    is_own = tensor == row.tensor
    names = (tensor, row.golden) if is_own else (tensor,)
    place = next(((dump, name) for dump in opened for name in names if name and name in dump), None)
    if place is None or not taken.isdisjoint(names):
        return
    dump, name = place
    stored = dump.shape(name)
    is_reshaped = is_own and math.prod(row.shape) == math.prod(stored)  # golden may have another shape
    scale, zero = _encoding(row) if is_own else (0.0, 0)
    golden = row.golden if is_own else tensor
    yield Known(tensor, row.shape if is_reshaped else stored, partial(dump.__getitem__, name), scale, zero, golden)
