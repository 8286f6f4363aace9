"""What the tensor panes read: where a row's tensors are, and one plane of each. No Qt; one thread only.

All functions that take a `Shelf` run on the reading thread.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from workbench.compare.compare import LayerError
from workbench.dump.store import Dump
from workbench.project.results import Results
from workbench.quantize.encoding import Encoding

SOURCES = ("golden", "simulator", "runtime")
MOST_OPEN = 12
MOST_SEARCHED = 1 << 22  # elements; about 30 ms of the reading thread


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
        stamp = _stamp(path)
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
class Cut:
    """How a tensor falls into channels: planes of the last two axes, or with `last` of the two before the last.

    Axes of length 1 count for nothing: what has one long axis is a line (`plane` has one number).
    """

    shape: tuple[int, ...]
    last: bool = False

    @property
    def long(self) -> tuple[int, ...]:
        """The axes that are longer than 1."""
        return tuple(axis for axis, size in enumerate(self.shape) if size != 1)

    @property
    def _axes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        axes = self.long
        if len(axes) < 3:
            return (), axes
        return ((*axes[:-3], axes[-1]), axes[-3:-1]) if self.last else (axes[:-2], axes[-2:])

    @property
    def plane_axes(self) -> tuple[int, ...]:
        """The axes of a plane."""
        return self._axes[1]

    @property
    def plane(self) -> tuple[int, ...]:
        """Rows and columns of a plane; of a line its length."""
        return tuple(self.shape[axis] for axis in self._axes[1]) or (1,)

    @property
    def channels(self) -> int:
        """How many planes there are."""
        return math.prod(self.shape[axis] for axis in self._axes[0])

    def select(self, channel: int) -> tuple[int | slice, ...]:
        """What to index an array of this shape with to get one plane."""
        return self._index(channel, {})

    def index(self, channel: int, position: tuple[int, ...]) -> tuple[int, ...]:
        """The element of the tensor at a position of a plane."""
        return tuple(int(i) for i in self._index(channel, dict(zip(self._axes[1], position, strict=False))))  # type: ignore[arg-type]

    def channel_of(self, flat: int) -> int:
        """The plane that an element of the flattened tensor lies in."""
        index = np.unravel_index(flat, self.shape) if self.shape else ()
        outer = self._axes[0]
        if not outer:
            return 0
        return int(np.ravel_multi_index([index[axis] for axis in outer], [self.shape[axis] for axis in outer]))

    def _index(self, channel: int, inner: Mapping[int, int]) -> tuple[int | slice, ...]:
        outer, plane = self._axes
        where = np.unravel_index(channel, [self.shape[axis] for axis in outer]) if outer else ()
        chosen: dict[int, int] = {axis: int(i) for axis, i in zip(outer, where, strict=True)} | dict(inner)
        ground: int | slice = 0
        return tuple(chosen.get(axis, slice(None) if axis in plane else ground) for axis in range(len(self.shape)))


def looks_channels_last(shape: tuple[int, ...]) -> bool:
    """Whether two equal axes stand before another one at the end, as in 1 x 257 x 257 x 3."""
    axes = [size for size in shape if size != 1]
    return len(axes) == 3 and axes[0] == axes[1] != axes[2]


@dataclass(frozen=True)
class Stored:
    """One source's tensor as it lies in its dump: mapped, not yet copied."""

    array: np.ndarray
    encoding: Encoding | None
    op: str = ""

    def part(self, select: tuple[int | slice, ...]) -> np.ndarray:
        """Some of it as float32."""
        if self.encoding is None:
            return np.array(self.array[select], np.float32)
        if self.encoding.axis is None or len(self.encoding.scale) == 1:
            return self.encoding.dequantize(np.asarray(self.array[select]))
        return self.encoding.dequantize(self.array)[select]

    def integers(self, select: tuple[int | slice, ...]) -> np.ndarray | None:
        """Some of its stored integers; None where it holds plain floats."""
        return np.array(self.array[select]) if self.encoding is not None and self.encoding.is_quantized else None


@dataclass(frozen=True)
class Planes:
    """One channel of a row's tensor in every source that has it; `missing` says why the others have not."""

    cut: Cut
    channel: int
    values: Mapping[str, np.ndarray] = field(default_factory=dict)
    stored: Mapping[str, np.ndarray] = field(default_factory=dict)
    encodings: Mapping[str, Encoding | None] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


def places(results: Results, row: LayerError | None, tensor: str, sample: int, single: bool) -> dict[str, Place]:
    """Where a row's tensor is in every source; `single` takes the simulator's values from golden inputs."""
    names = tuple(name for name in dict.fromkeys((row.tensor, row.golden) if row else (tensor,)) if name)
    found = {}
    for source in SOURCES:
        kind = "simulator_single" if source == "simulator" and single else source
        paths = results.dumps.get(row.golden_source if row and source == "golden" else kind, ())
        if sample < len(paths):
            found[source] = Place(paths[sample], names[::-1] if source == "golden" else names)
    return found


def find(shelf: Shelf, wanted: Mapping[str, Place]) -> tuple[dict[str, Stored], dict[str, str]]:
    """The tensors of the sources that have it, in the shape that golden has; why the others have not."""
    found: dict[str, Stored] = {}
    missing: dict[str, str] = {}
    for source, place in wanted.items():
        dump = shelf.dump(place.path)
        name = next((name for name in place.names if name in dump), None)
        if name is None:
            missing[source] = f"This dump has no tensor {place.names[0]}."
            continue
        array, encoding = dump.raw(name)
        shape = next(iter(found.values())).array.shape if found else array.shape
        if array.size != math.prod(shape):
            missing[source] = f"Its shape is {_shape(array.shape)}, golden's is {_shape(shape)}."
            continue
        if array.shape != shape and encoding is not None and encoding.axis is not None:
            array, encoding = encoding.dequantize(array), None
        found[source] = Stored(array.reshape(shape), encoding, dump.op(name))
    return found, missing


def read_planes(
    shelf: Shelf, wanted: Mapping[str, Place], channel: int | None, last: bool | None, other: str = "simulator"
) -> Planes:
    """One channel of every source; `last` None guesses the layout, a channel beyond the end is the last one.

    Channel None is the one in which `other` is farthest from golden, or the first one of a large tensor.
    """
    found, missing = find(shelf, wanted)
    if not found:
        return Planes(Cut((0,)), 0, missing=missing)
    shape = next(iter(found.values())).array.shape
    cut = Cut(shape, looks_channels_last(shape) if last is None else last)
    if channel is None:
        channel = worst_channel(found, cut, other)
    channel = min(max(0, channel), max(0, cut.channels - 1))
    select = cut.select(channel)
    integers = {source: stored.integers(select) for source, stored in found.items()}
    return Planes(
        cut,
        channel,
        {source: stored.part(select).reshape(cut.plane) for source, stored in found.items()},
        {source: array.reshape(cut.plane) for source, array in integers.items() if array is not None},
        {source: stored.encoding for source, stored in found.items()},
        missing,
    )


def worst_channel(found: Mapping[str, Stored], cut: Cut, other: str) -> int:
    """Where the root mean square of the difference is largest, a NaN before all; 0 where that takes long to know."""
    others = [source for source in (other, *found) if source in found and source != "golden"]
    if "golden" not in found or not others or cut.channels < 2 or math.prod(cut.shape) > MOST_SEARCHED:
        return 0
    everything = tuple(slice(None) for _ in cut.shape)
    with np.errstate(invalid="ignore", over="ignore"):
        gap = found[others[0]].part(everything) - found["golden"].part(everything)
        squares = np.mean(np.square(gap, dtype=np.float64), axis=cut.plane_axes).reshape(-1)
    return int(np.argmax(np.where(np.isnan(squares), np.inf, squares)))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return 0, 0  # Dump says what is wrong
    return state.st_mtime_ns, state.st_size


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "a scalar"
