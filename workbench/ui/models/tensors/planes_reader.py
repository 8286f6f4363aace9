"""Reads what the panes show, on the reading thread; what was read last stays warm. No Qt."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from workbench.graph.graph import Graph
from workbench.ui.models.tensors.cut import Cut, axis_names, is_sequence_network, looks_channels_last, usual_axes
from workbench.ui.models.tensors.data import Place, Shelf, Stored, find
from workbench.ui.models.tensors.heat_image import AUTOMATIC, LEVELS, Colours, strangeness
from workbench.ui.models.tensors.images import painted
from workbench.ui.models.tensors.mosaic import Mosaic
from workbench.ui.models.tensors.planes import (
    CHANNEL,
    DIFFERENCE,
    MEAN,
    RMS,
    STRANGE,
    TILES,
    Choice,
    Pair,
    Planes,
    Strange,
)  # fmt: skip

MOST_TILES, MOST_IN_TILES = 1024, 1 << 20
BLOCK = 1 << 19  # elements of one source that are held at once
MOST_SEARCHED = 1 << 18  # elements; of a larger tensor a sample tells the worst channel
KEPT = 192 << 20  # bytes
Found = Mapping[str, Stored]


class GivenUpError(Exception):
    """Somebody wants to see something else by now."""


@dataclass(frozen=True)
class Reading:
    """The tensors, the page of tiles, and whether it is still wanted: asked between blocks."""

    found: Found
    page: int = 0
    is_wanted: Callable[[], bool] = lambda: True


class PlanesReader:
    """Answers for one reading thread."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self._graph: Graph | None = None
        self._is_sequence = False
        self._warm: OrderedDict[object, tuple[Colours, Planes]] = OrderedDict()

    def close(self) -> None:
        """Let go of all files and of what was read."""
        self._warm.clear()
        self.shelf.close()

    def read(
        self,
        wanted: Mapping[str, Place],
        choice: Choice,
        graph: Graph | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Planes:
        """What `choice` looks at, in every source; without values when no source has the tensor.

        A network that works on tokens has names of axes of its own. A `GivenUpError` as soon as `is_wanted` denies.
        """
        is_sequence = self._works_on_tokens(graph)
        key = (tuple(wanted.items()), replace(choice, colours=AUTOMATIC), is_sequence)
        colours, planes = self._warm.pop(key, None) or (None, self._read(wanted, choice, is_sequence, is_wanted))
        if colours != choice.colours:
            planes = painted(planes, choice)
        self._warm[key] = choice.colours, planes
        while len(self._warm) > 1 and sum(_bytes(planes) for _, planes in self._warm.values()) > KEPT:
            self._warm.popitem(last=False)
        return planes

    def _works_on_tokens(self, graph: Graph | None) -> bool:
        if graph is not self._graph:  # a scan of all layers
            self._graph, self._is_sequence = graph, graph is not None and is_sequence_network(graph)
        return self._is_sequence

    def _read(
        self, wanted: Mapping[str, Place], choice: Choice, is_sequence: bool, is_wanted: Callable[[], bool]
    ) -> Planes:
        found, missing = find(self.shelf, wanted)
        if not found:
            return Planes(Cut((0,)), 0, missing=missing)
        first = next(iter(found.values()))
        cut, names = fitting_cut(first.array.shape, choice, first.op, is_sequence)
        channel, guessed = choice.channel, False
        pair = fitting_pair(choice.pair, tuple(found))
        if channel is None:
            channel, guessed = worst_channel(found, cut, pair)
        planes = Planes(
            cut,
            min(max(0, channel), max(0, cut.channels - 1)),
            encodings={source: stored.encoding for source, stored in found.items()},
            missing=missing,
            pair=pair,
            names=names,
            by_hand=choice.axes is not None and cut.axes == choice.axes,
            guessed=guessed,
        )
        return READERS[fitting_way(choice.way, cut)](planes, Reading(found, choice.page, is_wanted))


def fitting_cut(
    shape: tuple[int, ...], choice: Choice, op: str = "", is_sequence: bool = False
) -> tuple[Cut, tuple[str, ...]]:
    """The choice's cut where the shape has such axes, else the usual one; and the names of the axes."""
    last = looks_channels_last(shape) if choice.last is None else choice.last
    names = axis_names(shape, last, op, is_sequence)
    axes = choice.axes
    fits = axes is not None and all(axis < len(shape) and shape[axis] > 1 for axis in axes)
    return Cut(shape, last, axes if fits else usual_axes(names)), names


def fitting_way(way: str, cut: Cut) -> str:
    """The way to look where there is something to be seen by it: a single plane is shown as it is."""
    if cut.channels < 2 and way != STRANGE:
        return CHANNEL
    return CHANNEL if way == TILES and len(cut.plane) < 2 else way


def fitting_pair(pair: Pair, sources: tuple[str, ...]) -> Pair:
    """The pair that was chosen where both are there, else the first other source and golden."""
    if set(pair) <= set(sources) or len(sources) < 2:
        return pair
    return sources[1], sources[0]


def worst_channel(found: Found, cut: Cut, pair: Pair) -> tuple[int, bool]:
    """Where the root mean square of the difference is largest, a NaN before all; and whether only a sample was seen."""
    if not set(pair) <= found.keys() or cut.channels < 2:
        return 0, False
    size = int(np.prod(cut.plane))
    step = max(1, round((cut.channels * size / MOST_SEARCHED) ** (1 / len(cut.plane))))
    everything = slice(None)
    with np.errstate(invalid="ignore", over="ignore"):
        gap = found[pair[0]].planes(cut, everything, step) - found[pair[1]].planes(cut, everything, step)
        squares = np.einsum("ij,ij->i", *(2 * (gap.reshape(cut.channels, -1),)))
    return int(np.argmax(np.where(np.isnan(squares), np.inf, squares))), step > 1


def _channel(planes: Planes, reading: Reading) -> Planes:
    select, lay = planes.cut.select(planes.channel), planes.cut.lay
    integers = {source: stored.integers(select) for source, stored in reading.found.items()}
    values = {source: lay(stored.part(select)) for source, stored in reading.found.items()}
    kept = {source: lay(array) for source, array in integers.items() if array is not None}
    return replace(planes, values=values, stored=kept, gap=difference(values, planes.pair))


def _tiles(planes: Planes, reading: Reading) -> Planes:
    cut = planes.cut
    pages = -(-cut.channels // MOST_TILES)
    page = min(reading.page, pages - 1)
    which = slice(page * MOST_TILES, min(cut.channels, (page + 1) * MOST_TILES))
    count, (rows, columns) = which.stop - which.start, cut.plane
    step = max(1, round((count * rows * columns / MOST_IN_TILES) ** 0.5))
    values = {source: stored.planes(cut, which, step) for source, stored in reading.found.items()}
    integers = {source: stored.integer_planes(cut, which, step) for source, stored in reading.found.items()}
    kept = {source: array for source, array in integers.items() if array is not None}
    mosaic = Mosaic(which.start, count, -(-rows // step), -(-columns // step), step)
    gap = difference(values, planes.pair)
    return replace(planes, values=values, stored=kept, gap=gap, way=TILES, mosaic=mosaic, pages=pages)


def _mean(planes: Planes, reading: Reading) -> Planes:
    sums = _added(planes.cut, reading, lambda blocks: {source: block.sum(axis=0) for source, block in blocks.items()})
    values = {source: (total / planes.cut.channels).astype(np.float32) for source, total in sums.items()}
    return replace(planes, values=values, gap=difference(values, planes.pair), way=MEAN)


def _rms(planes: Planes, reading: Reading) -> Planes:
    def squares(blocks: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        gap = difference(blocks, planes.pair)
        both = blocks if gap is None else {**blocks, DIFFERENCE: gap}
        return {source: np.einsum("i...,i...->...", block, block) for source, block in both.items()}

    sums = _added(planes.cut, reading, squares)
    values = {source: np.sqrt(total / planes.cut.channels).astype(np.float32) for source, total in sums.items()}
    gap = values.pop(DIFFERENCE, None)
    return replace(planes, values=values, gap=gap, way=RMS)


def _strange(planes: Planes, reading: Reading) -> Planes:
    """Of several channels at one place NaN is shown before plus and minus infinity."""
    totals: dict[str, Strange] = {}
    images: dict[str, np.ndarray] = {}
    size = planes.cut.plane
    for start, blocks in _blocks(planes.cut, reading):
        gap = difference(blocks, planes.pair)
        for source, block in (blocks if gap is None else {**blocks, DIFFERENCE: gap}).items():
            so_far = totals.get(source) or Strange(np.zeros(size, np.int32), np.full(size, -1, np.int32))
            codes = strangeness(block)
            totals[source] = _strange_with(so_far, codes, start)
            images[source] = _foremost(images.get(source), codes)
    values = {source: images[source] for source in reading.found if source in images}
    shown = {source: image.reshape(image.shape if image.ndim == 2 else (1, -1)) for source, image in images.items()}
    return replace(planes, values=values, gap=images.get(DIFFERENCE), way=STRANGE, images=shown, strange=totals)


READERS: Mapping[str, Callable[[Planes, Reading], Planes]] = {
    CHANNEL: _channel, TILES: _tiles, MEAN: _mean, RMS: _rms, STRANGE: _strange,
}  # fmt: skip


def difference(values: Mapping[str, np.ndarray], pair: Pair) -> np.ndarray | None:
    """What is subtracted from what; None when one of the two is not there."""
    if not set(pair) <= values.keys():
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        gap: np.ndarray = values[pair[0]] - values[pair[1]]
    return gap


def _blocks(cut: Cut, reading: Reading) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Some channels of every source at a time, and the number of the first."""
    size = max(1, BLOCK // max(1, int(np.prod(cut.plane))))
    for start in range(0, cut.channels, size):
        if not reading.is_wanted():
            raise GivenUpError
        which = slice(start, min(cut.channels, start + size))
        yield start, {source: stored.planes(cut, which) for source, stored in reading.found.items()}


def _added(
    cut: Cut, reading: Reading, reduce: Callable[[Mapping[str, np.ndarray]], dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """What `reduce` makes of every block, summed in float64."""
    totals: dict[str, np.ndarray] = {}
    with np.errstate(invalid="ignore", over="ignore"):
        for _, blocks in _blocks(cut, reading):
            for source, part in reduce(blocks).items():
                totals[source] = part.astype(np.float64) + totals.get(source, 0.0)
    return totals


def _strange_with(so_far: Strange, codes: np.ndarray, start: int) -> Strange:
    if not codes.any():
        return so_far
    is_strange = codes >= LEVELS
    here = np.where(is_strange.any(axis=0), start + is_strange.argmax(axis=0), -1).astype(np.int32)
    counts = np.bincount(codes.reshape(-1), minlength=256)[-3:].tolist()
    return Strange(
        so_far.channels + is_strange.sum(axis=0, dtype=np.int32),
        np.where(so_far.first >= 0, so_far.first, here),
        so_far.nan + counts[0],
        so_far.infinite + counts[1],
        so_far.negative + counts[2],
    )


def _foremost(so_far: np.ndarray | None, codes: np.ndarray) -> np.ndarray:
    """The smallest code that is not 0."""

    def least(stack: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.where(stack == 0, 0, 256 - stack.astype(np.int16)).max(axis=0)
        return np.where(found == 0, 0, 256 - found).astype(np.uint8)

    here = least(codes) if codes.any() else np.zeros(codes.shape[1:], np.uint8)
    return here if so_far is None else least(np.stack([so_far, here]))


def _bytes(planes: Planes) -> int:
    arrays = [*planes.values.values(), *planes.stored.values(), *planes.images.values()]
    return sum(array.nbytes for array in arrays) + (0 if planes.gap is None else planes.gap.nbytes)
