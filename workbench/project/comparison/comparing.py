"""Anything compared with anything: two or three sides, each a live source of a session or dumps that lie somewhere.

In the results side A stands as "golden", B as "simulator" and C as "runtime". What was measured is kept in the folder
`comparisons` of a session, so that looking at it again measures nothing.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from workbench.compare.compare import COMPUTED, Errors, LayerError, compare_tensors, summarise
from workbench.dump.store import DumpWriter
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Progress, Steps, Warn
from workbench.project.board.timing import lent
from workbench.project.comparison.differences import differences
from workbench.project.comparison.open_side import OpenSide
from workbench.project.comparison.pairing import Paired, left_over, network_shape, pair_inputs, pair_tensors
from workbench.project.comparison.sides import Side, titles
from workbench.project.comparison.strangers import Strangers, find_strangers
from workbench.project.digests import key_of_values
from workbench.project.results import SOURCES, Difference, Results, load_results, save_results
from workbench.project.table import MAPPED
from workbench.project.what_if import PROGRAM
from workbench.quantize.encoding import Encoding

FOLDER = "comparisons"
RULES = 2  # of pairing and measuring: another number makes every comparison anew
NOT_COMPARED = "{0} of {1} tensors are not compared, their notes tell why. The first: {2}"
COLUMN = ("", "simulator.entire", "runtime.entire")
MOST_KEPT = 64  # comparisons in a session's folder: a matrix of 30 runs and more


@dataclass(frozen=True)
class Look:
    """What a comparison will be: how many tensors of each side are matched, how many stay alone, and what differs."""

    titles: tuple[str, ...]
    matched: tuple[int, ...]
    alone: tuple[int, ...]
    inputs: int
    differences: tuple[Difference, ...]
    strangers: Strangers


def look_at(sides: Sequence[Side], names: Mapping[str, str] | None = None, home: Path | None = None) -> Look:
    """Match two or three sides without measuring anything; `home` is the folder of the session that asks."""
    with _opened(sides) as opened:
        paired = pair_tensors(opened, names)
        counts = [sum(number in item.names for item in paired) for number in range(len(opened))]
        inputs, _ = pair_inputs(opened)
        alone = (len(left_over(number, opened, paired)) for number in range(len(opened)))
        called = titles(sides, home)
        strangers = find_strangers(opened, paired, called)
        return Look(called, tuple(counts), tuple(alone), len(inputs), differences(opened), strangers)


def compare_sides(
    sides: Sequence[Side], names: Mapping[str, str] | None = None, home: Path | None = None
) -> Steps[Results]:
    """Measure B, and C where given, against A: pair by pair, input by input.

    `names` maps names of the others to those of A. `home` is the session that keeps what was measured: without one,
    dumps of other formats are not converted into dumps that views can read.
    """
    with _opened(sides) as opened:
        folder = None if home is None else home / FOLDER / _key(opened, names or {})
        paired = pair_tensors(opened, names)
        called = titles(sides, home)
        strangers = find_strangers(opened, paired, called)
        strangers.refuse(opened, called)
        yield from map(Warn, strangers.cautions)
        yield from _warned(opened, names or {})
        measured = _kept(folder, opened)
        if measured is None:
            measured = yield from _Measurement(opened, paired, folder).run()
            if folder is not None:
                save_results(measured, folder)
                _remove_oldest(folder.parent)
        if without := [row for row in measured.rows if not row.errors]:
            yield Warn(NOT_COMPARED.format(len(without), len(measured.rows), without[0].note))
        boards = [side.results for side in opened if side.results is not None and side.side.source == "runtime"]
        return replace(
            measured,
            rows=lent(measured.rows, boards),
            times=next((results.times for results in boards if results.times), {}),
            dumps=_dumps(opened, folder),
            layers_of=_layers_of(measured.rows, opened, load_results(home) if home is not None else None),
            outputs=next((side.results.outputs for side in opened if side.results), ()),
            sides=dict(zip(SOURCES, called, strict=False)),
            differences=differences(opened),
            inputs=_inputs(opened),
            program=PROGRAM,
        )


class _Measurement:
    """One pass over all pairs; dumps of other formats are converted on the way."""

    def __init__(self, sides: Sequence[OpenSide], paired: Sequence[Paired], folder: Path | None) -> None:
        self._sides, self._paired, self._folder = sides, paired, folder
        self._inputs, _ = pair_inputs(sides)
        self._writers: dict[int, DumpWriter] = {}
        self._written: set[tuple[int, str]] = set()
        self._read = 0  # bytes since memory was last given back

    def run(self) -> Steps[Results]:
        rows: list[LayerError] = []
        used: set[str] = set()
        with ExitStack() as stack:
            if self._folder is not None:
                self._writers = {
                    number: stack.enter_context(DumpWriter(_file(self._folder, number), {"from": str(side.side.path)}))
                    for number, side in enumerate(self._sides)
                    if not side.is_ours
                }
            for index, item in enumerate(self._paired):
                yield Progress("compare", index, len(self._paired), item.subject.tensor)
                rows.append(self._row(index, item, used))
            if not any(row.errors for row in rows):
                raise DumpError(rows[0].note, "Nothing else of the sides can be compared: give other dumps.")
        yield Progress("compare", len(self._paired), len(self._paired))
        left = {SOURCES[at]: left_over(at, self._sides, self._paired) for at in range(len(self._sides))}
        return Results(tuple(rows), unmatched={source: found for source, found in left.items() if found})

    def _row(self, index: int, item: Paired, used: set[str]) -> LayerError:
        first, notes = item.names[0], []
        shape = network_shape(self._sides, item.names)
        errors: dict[str, Errors] = {}
        encoding: Encoding | None = None
        for number in range(1, len(self._sides)):
            if number in item.names:
                found, said, stored = self._measured(item, number, shape)
                notes.extend(said)
                encoding = encoding or stored
                if found:
                    errors[COLUMN[number]] = summarise(found)
        tensor = self._identity(item, used)
        runtime = item.names.get(2, "")
        return LayerError(
            index=index,
            op=item.subject.op or next(filter(None, (self._sides[at].op(name) for at, name in item.names.items())), ""),
            tensor=tensor,
            golden=first,
            group=item.subject.group,
            shape=shape or self._stored_shape(item),
            encoding=encoding,
            errors=errors,
            matched_by=COMPUTED if self._sides[0].has_computed(first) else item.rule,
            note=" ".join(dict.fromkeys(notes)),
            runtime=runtime if runtime not in (tensor, first) else "",
        )

    def _stored_shape(self, item: Paired) -> tuple[int, ...]:
        """As A has it; () where its file is damaged."""
        try:
            return self._sides[0].raw(item.names[0])[0].shape
        except DumpError:
            return ()

    def _measured(
        self, item: Paired, number: int, shape: tuple[int, ...] | None
    ) -> tuple[list[Mapping[str, float]], list[str], Encoding | None]:
        """The numbers of one side for every input, notes, and how it is stored."""
        found: list[Mapping[str, float]] = []
        notes: list[str] = []
        encoding: Encoding | None = None
        for samples in self._inputs:
            here, there = samples[0], samples[number]
            if here is None or there is None:
                continue
            try:
                golden, stored_golden = self._values(item, 0, here, shape)
                other, encoding = self._values(item, number, there, shape)
            except DumpError as error:  # one damaged file must not hide the others
                notes.append(error.message)
                continue
            if stored_golden is not None:
                golden = stored_golden.dequantize(golden)
            is_ours = self._sides[0].is_ours and self._sides[number].is_ours
            if is_ours and other.size == golden.size and (encoding is None or encoding.axis is None):
                other = other.reshape(golden.shape)
            values, note = compare_tensors(golden, other, encoding)
            found.extend([values] if values else [])
            notes.extend([note] if note else [])
        return found, notes, encoding

    def _values(
        self, item: Paired, number: int, sample: int, shape: tuple[int, ...] | None
    ) -> tuple[np.ndarray, Encoding | None]:
        name = item.names[number]
        values, encoding = self._sides[number].raw(name, sample, shape)
        if number in self._writers and (number, name) not in self._written:
            self._written.add((number, name))
            self._writers[number].add(name, np.array(values), self._sides[number].op(name), encoding)
        self._read += values.nbytes
        if self._read > MAPPED:
            self._read = 0
            for side in self._sides:
                side.release()
        return values, encoding

    @staticmethod
    def _identity(item: Paired, used: set[str]) -> str:
        """The name by which views know the row: B's, and never one that another row has."""
        wanted = (item.names.get(1), item.subject.tensor, item.names.get(2), f"{item.subject.tensor} ({item.names[0]})")
        name = next(name for name in wanted if name and name not in used)
        used.add(name)
        return name


@contextmanager
def _opened(sides: Sequence[Side]) -> Iterator[list[OpenSide]]:
    with ExitStack() as stack:
        yield [stack.enter_context(OpenSide(side)) for side in sides]


def _warned(sides: Sequence[OpenSide], names: Mapping[str, str]) -> Steps[None]:
    """Say what a reader of the numbers has to know about the sides."""
    for note in dict.fromkeys(note for side in sides for note in side.notes):
        yield Warn(note)
    known = {name for side in sides for name in side.names}
    for other, golden in names.items():
        if other not in known or golden not in known:
            yield Warn(f"The map of names has {other} -> {golden}, which names a tensor that is not there.")
    _, same = pair_inputs(sides)
    if not same:
        yield Warn("The sides are of other inputs: they are compared in the order in which they were analysed.")


def _kept(folder: Path | None, sides: Sequence[OpenSide]) -> Results | None:
    """What was measured before, where it and what it was converted to are still there."""
    if folder is None or any(not side.is_ours and not _file(folder, at).is_file() for at, side in enumerate(sides)):
        return None
    return load_results(folder)


def _dumps(sides: Sequence[OpenSide], folder: Path | None) -> dict[str, tuple[Path, ...]]:
    """Where views find the tensors of each side, one dump an input that all sides have."""
    inputs, _ = pair_inputs(sides)
    found: dict[str, tuple[Path, ...]] = {}
    for number, side in enumerate(sides):
        order = [samples[number] for samples in inputs]
        if side.is_ours:
            found[SOURCES[number]] = tuple(side.paths[at] for at in order if at is not None)
        elif folder is not None:
            found[SOURCES[number]] = (_file(folder, number),)
        if number == 0 and side.also:
            found["golden_deployed"] = tuple(side.also[at] for at in order if at is not None)
    return found


def _inputs(sides: Sequence[OpenSide]) -> tuple[str, ...]:
    """The file of every input that is compared; () where no side tells."""
    number, side = next(((at, side) for at, side in enumerate(sides) if all(side.inputs())), (0, None))
    if side is None:
        return ()
    files, order = side.inputs(), (samples[number] for samples in pair_inputs(sides)[0])
    return tuple(files[at] for at in order if at is not None)


def _layers_of(
    rows: Iterable[LayerError], sides: Sequence[OpenSide], home: Results | None
) -> dict[str, tuple[str, ...]]:
    """The layers of the user's network, by what any session knows of a row's names."""
    known: dict[str, tuple[str, ...]] = {}
    for results in (*(side.results for side in reversed(sides)), home):
        if results is not None:
            known |= {row.golden: results.layers_of.get(row.tensor, ()) for row in results.rows if row.golden}
    for results in (*(side.results for side in reversed(sides)), home):
        known |= results.layers_of if results is not None else {}
    found = ((row.tensor, next(filter(None, map(known.get, _names(row))), ())) for row in rows)
    return {tensor: layers for tensor, layers in found if layers}


def _names(row: LayerError) -> Iterator[str]:
    yield from (row.tensor, row.golden, row.runtime)


def _file(folder: Path, number: int) -> Path:
    return folder / f"{SOURCES[number]}.h5"


def _key(sides: Sequence[OpenSide], names: Mapping[str, str]) -> str:
    """What a comparison depends on."""
    held = [[side.digest(), side.side.sample] for side in sides]
    return key_of_values([PROGRAM, RULES, held, dict(names)])


def _remove_oldest(folder: Path) -> None:
    kept = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in kept[:-MOST_KEPT]:
        shutil.rmtree(path, ignore_errors=True)
