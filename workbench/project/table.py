"""The layer table from dumps: every row of every sample measured, and what stayed without a partner."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.compare.alike import is_rescaled
from workbench.compare.compare import COMPUTED, Errors, LayerError, compare_tensors, summarise
from workbench.compare.head_room import Extremes, extremes
from workbench.dump.store import Dump
from workbench.foundation.steps import Progress, Steps
from workbench.project.rows import Row, unmatched_golden
from workbench.quantize.schemes import FLOAT16

MAPPED = 1 << 23  # bytes of dumps that stay in memory before they are let go of
SINGLE_SIM = "runtime.single_sim"
ON_BOARD = "simulator_on_board"
"""The simulator's dumps of what the board gave its layers."""
OTHER_INPUT = "The board's input is on another scale than golden: it is not compared."
NO_GOLDEN = "There is no golden tensor to compare with."


class Comparison:
    """Golden dumps, one a sample, and per column the dumps that are compared with them.

    `deployed` are golden dumps of the tensors that only the deployed graph has, `on_board` the simulator's of what the
    board gave its layers: with these, and not with golden, single_sim compares the board.
    """

    def __init__(
        self,
        golden: Sequence[Dump],
        columns: Mapping[str, Sequence[Dump]],
        deployed: Sequence[Dump] = (),
        on_board: Sequence[Dump] = (),
    ) -> None:
        self._golden = golden
        self._deployed = deployed
        self._columns = {column: dumps for column, dumps in columns.items() if dumps}
        self._on_board = on_board
        self._mapped = 0  # bytes that were read

    def row(self, index: int, row: Row) -> LayerError:
        """Measure one row; a value that does not exist is absent and the note says why."""
        notes = [row.note] if row.note else []
        errors: dict[str, Errors] = {}
        for column, dumps in self._columns.items():
            found, said = self._measured(row, dumps)
            notes.extend(said)
            if found:
                errors[column] = summarise(found)
        if single_sim := self._single_sim(row):
            errors[SINGLE_SIM] = summarise(single_sim)
        if "runtime.entire" in errors and self._is_other_input(row):
            errors = {column: item for column, item in errors.items() if not column.startswith("runtime.")}
            notes.append(OTHER_INPUT)
        seen = self._golden_range(row)
        if self._mapped > MAPPED:
            self._mapped = 0
            for dump in self._dumps():
                dump.release()
        if not errors and not self._has(row):
            notes.append(NO_GOLDEN)
        return LayerError(
            index=index,
            op=row.op,
            tensor=row.tensor,
            golden=row.golden,
            group=row.group,
            shape=self._shape(row),
            encoding=row.encoding,
            errors=errors,
            matched_by=self._matched_by(row),
            note=" ".join(dict.fromkeys(notes)),
            golden_range=seen,
        )

    def unmatched(self, rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
        """Per source, the tensors that no row compares."""
        found = {"golden": unmatched_golden(self._names(self._golden), rows)} if self._golden else {}
        for column, dumps in self._columns.items():
            source, _, kind = column.partition(".")
            if kind != "entire":
                continue
            without = [row.tensor for row in rows if _own_name(row, dumps[0]) is not None and not self._has(row)]
            found[source] = (*without, *dumps[0].info.get("unmatched", ()))
        return {source: names for source, names in found.items() if names}

    def _measured(self, row: Row, dumps: Sequence[Dump]) -> tuple[list[Mapping[str, float]], list[str]]:
        found: list[Mapping[str, float]] = []
        notes: list[str] = []
        for golden, other in zip(self._golden_of(row), dumps, strict=False):
            name = _own_name(row, other)
            if name is None or row.golden not in golden:
                continue
            reference = _golden_values(golden, row)
            stored, encoding = other.raw(name)
            self._mapped += reference.nbytes + stored.nbytes
            if stored.size == reference.size:
                stored = stored.reshape(reference.shape) if encoding is None or encoding.axis is None else stored
            values, note = compare_tensors(reference, stored, encoding)
            if values:
                found.append(values)
            notes.extend([note] if note else [])
        return found, notes

    def _is_other_input(self, row: Row) -> bool:
        """Whether a board's input is there as the program gave it, or on another scale: that is no divergence."""
        board = self._columns["runtime.entire"][0]
        golden, name = next(iter(self._golden_of(row)), None), _own_name(row, board)
        if golden is None or name is None or row.golden not in golden or golden.op(row.golden) != "Input":
            return False
        values, other = _golden_values(golden, row), board[name]
        return values.size == other.size and is_rescaled(values, other.reshape(values.shape))

    def _single_sim(self, row: Row) -> list[Mapping[str, float]]:
        runtime = self._columns.get("runtime.entire", ())
        found: list[Mapping[str, float]] = []
        for simulated, board in zip(self._on_board, runtime, strict=False):
            if row.tensor in simulated and row.tensor in board:
                stored, encoding = board.raw(row.tensor)
                values, _ = compare_tensors(simulated[row.tensor], stored, encoding)
                found.extend([values] if values else [])
        return found

    def _golden_range(self, row: Row) -> Extremes | None:
        """The range of golden values, where the row's own are stored in float16."""
        if row.encoding is None or row.encoding.dtype != FLOAT16:
            return None
        return extremes(_golden_values(golden, row) for golden in self._golden_of(row) if row.golden in golden)

    def _golden_of(self, row: Row) -> Sequence[Dump]:
        is_computed = any(row.golden in dump for dump in self._deployed)
        return self._deployed if is_computed else self._golden

    def _has(self, row: Row) -> bool:
        return any(row.golden in golden for golden in self._golden_of(row))

    def _shape(self, row: Row) -> tuple[int, ...]:
        for dump in self._dumps():
            name = _own_name(row, dump)
            if name is not None:
                return dump.shape(name)
        return ()

    def _dumps(self) -> tuple[Dump, ...]:
        columns = (dump for dumps in self._columns.values() for dump in dumps)
        return (*columns, *self._golden, *self._deployed, *self._on_board)

    def _matched_by(self, row: Row) -> str:
        if not self._has(row):
            return ""
        if self._golden_of(row) is self._deployed:
            return COMPUTED
        for dumps in self._columns.values():
            matched = dumps[0].info.get("matched", {}).get(row.tensor)
            if matched:
                return str(matched[1])
        return "name" if row.golden == row.tensor else "fusion"

    @staticmethod
    def _names(dumps: Sequence[Dump]) -> tuple[str, ...]:
        return tuple(name for name in dumps[0] if dumps[0].op(name) != "Input") if dumps else ()


def compared(
    shown: Sequence[Row],
    dumps: Mapping[str, tuple[Path, ...]],
    known: Mapping[str, LayerError],
    wanted: Collection[str] | None = None,
) -> Steps[tuple[tuple[LayerError, ...], dict[str, tuple[str, ...]]]]:
    """The table of some dumps and what has no partner; rows that are `known` are not measured again.

    Of rows other than those of `wanted` golden or own tensors only the names are there.
    """
    with ExitStack() as stack:

        def opened(source: str) -> list[Dump]:
            return [stack.enter_context(Dump(path)) for path in dumps.get(source, ()) if path.is_file()]

        comparison = Comparison(
            opened("golden"),
            {
                "simulator.entire": opened("simulator"),
                "simulator.single": opened("simulator_single"),
                "runtime.entire": opened("runtime"),
            },
            opened("golden_deployed"),
            opened(ON_BOARD),
        )
        table = []
        for index, row in enumerate(shown):
            found = measured_before(row, index, known)
            if wanted is not None and not {row.golden, row.tensor} & set(wanted):
                found = _named(row, index)
            if found is None:
                yield Progress("compare", index, len(shown), row.tensor)
                found = comparison.row(index, row)
            table.append(found)
        yield Progress("compare", len(shown), len(shown))
        return tuple(table), comparison.unmatched(shown)


def measured_before(row: Row, index: int, known: Mapping[str, LayerError]) -> LayerError | None:
    """The row as an earlier run measured it, where `known` has it; None where it has to be measured."""
    found = known.get(row.tensor)
    if found is None:
        return None
    same = (found.op, found.golden, found.encoding, found.note) == (row.op, row.golden, row.encoding, row.note)
    return replace(found, index=index, group=row.group) if same and found.errors else None


def _named(row: Row, index: int) -> LayerError:
    """A row that was not measured."""
    return LayerError(index, row.op, row.tensor, row.golden, row.group, (), row.encoding, {}, "", row.note)


def _golden_values(golden: Dump, row: Row) -> np.ndarray:
    """A row's golden values; mapped, not copied, where they are stored as they are."""
    values, encoding = golden.raw(row.golden)
    return values if encoding is None else golden[row.golden]


def _own_name(row: Row, dump: Dump) -> str | None:
    """Under which name a dump has a row's tensor."""
    return next((name for name in (row.tensor, row.golden) if name and name in dump), None)
