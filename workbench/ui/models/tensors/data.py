"""Where a row's tensors are, and how they are read. No widgets; all that takes a `Shelf` runs on the reading thread."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication

from workbench.compare.compare import LayerError
from workbench.dump.file_array import FileArray
from workbench.dump.store import Dump
from workbench.foundation.files import stamp_of
from workbench.project.results import SOURCES, Results
from workbench.project.table import ON_BOARD, SINGLE_SIM
from workbench.quantize.encoding import Encoding
from workbench.ui.models.attributes import shape_text
from workbench.ui.models.tensors.cut import Cut

MOST_OPEN = 12
LARGE = 1 << 20  # elements; a copy of them takes 10 ms, most of it for new memory


@dataclass(frozen=True, slots=True)
class Place:
    """A file and the names under which the tensor may be there, the likeliest first."""

    path: Path
    names: tuple[str, ...]


class Shelf:
    """Dumps that are open, by path; a file that was replaced is opened again."""

    def __init__(self) -> None:
        self._open: dict[Path, tuple[tuple[int, int], Dump]] = {}

    def dump(self, path: Path) -> Dump:
        """The dump at `path`; raises DumpError."""
        stamp = stamp_of(path)
        known = self._open.pop(path, None)
        if known is not None and known[0] != stamp:
            known[1].close()
            known = None
        self._open[path] = known or (stamp, Dump(path))
        while len(self._open) > MOST_OPEN:
            self._open.pop(next(iter(self._open)))[1].close()
        return self._open[path][1]

    def close(self) -> None:
        """Let go of all files."""
        while self._open:
            self._open.popitem()[1][1].close()


@dataclass(frozen=True)
class Stored:
    """One source's tensor as it lies in its dump, not yet read."""

    array: np.ndarray | FileArray
    encoding: Encoding | None
    op: str = ""

    def part(self, select: tuple[int | slice, ...]) -> np.ndarray:
        """Some of it as float32; not to be changed, it may be somebody else's."""
        part = self.array[select]
        if self.encoding is None or not self.encoding.is_quantized:
            return _taken(part, np.float32)
        return _part_of(self.encoding, self.array.ndim, select).dequantize(part)

    def integers(self, select: tuple[int | slice, ...]) -> np.ndarray | None:
        """Some of its stored integers, as `part`; None where it holds plain floats."""
        if self.encoding is None or not self.encoding.is_quantized:
            return None
        return _taken(self.array[select], self.array.dtype)

    def integer_planes(self, cut: Cut, which: slice, step: int = 1) -> np.ndarray | None:
        """As `planes`, but its stored integers; None where it holds plain floats."""
        if self.encoding is None or not self.encoding.is_quantized:
            return None
        return np.array(_planes(self.array, cut, (which, *(slice(None, None, step) for _ in cut.plane))))

    def planes(self, cut: Cut, which: slice, step: int = 1) -> np.ndarray:
        """Several planes, of each every `step`-th row and column, as float32: channels x rows x columns."""
        where = (which, *(slice(None, None, step) for _ in cut.plane))
        part = _planes(self.array, cut, where)
        if self.encoding is None or not self.encoding.is_quantized:
            return np.array(part, np.float32)
        if len(self.encoding.scale) == 1:
            return self.encoding.dequantize(part)
        scale, zero_point = (
            cut.stack(np.broadcast_to(_along(numbers, self.encoding.axis, self.array.ndim), self.array.shape))[where]
            for numbers in (np.asarray(self.encoding.scale, np.float32), np.asarray(self.encoding.zero_point))
        )
        real: np.ndarray = (part.astype(np.int64) - zero_point).astype(np.float32) * scale
        return real


def simulator_of(results: Results, column: str, single: bool) -> str:
    """Which of the simulator's dumps are looked at: what `column` compares the board with, where there are such.

    Else with `single` those from golden inputs.
    """
    if column == SINGLE_SIM and results.dumps.get(ON_BOARD):
        return ON_BOARD
    return "simulator_single" if single else "simulator"


def places(
    results: Results, row: LayerError | None, tensor: str, sample: int, simulator: str = "simulator"
) -> dict[str, Place]:
    """Where a row's tensor is in every source; `simulator` are the simulator's dumps that are looked at."""
    names = tuple(name for name in dict.fromkeys((row.tensor, row.golden) if row else (tensor,)) if name)
    found = {}
    for source in SOURCES:
        kind = simulator if source == "simulator" else source
        paths = results.dumps.get(row.golden_source if row and source == "golden" else kind, ())
        if sample < len(paths):
            own = (row.runtime,) if row and row.runtime and source == "runtime" else ()
            found[source] = Place(paths[sample], names[::-1] if source == "golden" else (*own, *names))
    return found


def find(shelf: Shelf, wanted: Mapping[str, Place]) -> tuple[dict[str, Stored], dict[str, str]]:
    """The tensors of the sources that have it, in the shape that golden has; why the others have not."""
    found: dict[str, Stored] = {}
    missing: dict[str, str] = {}
    for source, place in wanted.items():
        dump = shelf.dump(place.path)
        name = next((name for name in place.names if name in dump), None)
        if name is None:
            text = QCoreApplication.translate("Tensors", "This dump has no tensor {0}.")
            missing[source] = text.format(place.names[0])
            continue
        array, encoding = dump.on_file(name)
        shape = next(iter(found.values())).array.shape if found else array.shape
        if array.size != math.prod(shape):
            scalar = QCoreApplication.translate("Tensors", "scalar")
            text = QCoreApplication.translate("Tensors", "Its shape is {0}, that of the others is {1}.")
            missing[source] = text.format(shape_text(array.shape) or scalar, shape_text(shape) or scalar)
            continue
        if array.shape != shape and encoding is not None and encoding.axis is not None:
            array, encoding = encoding.dequantize(array[()]), None
        found[source] = Stored(array.reshape(shape), encoding, dump.op(name))
    return found, missing


def _taken(part: np.ndarray, dtype: npt.DTypeLike) -> np.ndarray:
    """A copy, but of what is large where it is as it should be."""
    stays = part.size >= LARGE and part.dtype == dtype and part.flags.c_contiguous
    return part if stays else np.array(part, dtype)


def _planes(array: np.ndarray | FileArray, cut: Cut, where: tuple[slice, ...]) -> np.ndarray:
    """Some of the channels x rows x columns of a tensor."""
    if isinstance(array, FileArray):
        return array.part(lambda whole: cut.stack(whole)[where])
    return cut.stack(array)[where]


def _part_of(encoding: Encoding, rank: int, select: tuple[int | slice, ...]) -> Encoding:
    """The encoding of what `select` takes from an array of `rank` axes."""
    if encoding.axis is None or len(encoding.scale) == 1:
        return encoding
    axis = encoding.axis % rank
    kept = select[axis] if axis < len(select) else slice(None)
    if isinstance(kept, int):
        at = slice(kept, kept + 1)
        return replace(encoding, scale=encoding.scale[at], zero_point=encoding.zero_point[at], axis=None)
    before = sum(isinstance(item, int) for item in select[:axis])
    return replace(encoding, scale=encoding.scale[kept], zero_point=encoding.zero_point[kept], axis=axis - before)


def _along(numbers: np.ndarray, axis: int | None, rank: int) -> np.ndarray:
    shape = [1] * rank
    shape[axis or 0] = -1
    return numbers.reshape(shape)
