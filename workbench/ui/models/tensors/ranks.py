"""What an axis counts - channels, features, tokens, rows - and how far a tensor's sources are apart at each. No Qt."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field

import numpy as np

from workbench.ui.models.tensors.cut import FEATURE, Cut
from workbench.ui.models.tensors.data import Stored
from workbench.ui.models.tensors.moments import Moments, MomentSums
from workbench.ui.models.tensors.parts import Part, parts, place
from workbench.ui.models.tensors.summary import ChannelErrors, Pair, Sources, Summary, channel_errors

MOST_RANKED = 1 << 17
"""Indices; more take too long to sort, and nobody reads them: a line's largest differences are listed elsewhere."""
CHANNELS = -1
"""In place of an axis: all those together that number the planes."""


@dataclass(frozen=True, eq=False)
class Ranks:
    """One number an index of the axis. `farthest` is where the difference is largest, a place in a plane of `cut`."""

    axis: int
    cut: Cut
    moments: Mapping[str, Moments]
    errors: Mapping[Pair, ChannelErrors]
    farthest: Mapping[Pair, np.ndarray] = field(default_factory=dict)

    def between(self, pair: Pair) -> ChannelErrors | None:
        """The errors, whichever of the two is subtracted; None where one of them is missing."""
        return self.errors.get(pair) or self.errors.get(pair[::-1])

    def element(self, pair: Pair, index: int) -> tuple[int, ...] | None:
        """Where the two are farthest apart at an index."""
        found = self.farthest.get(pair, self.farthest.get(pair[::-1]))
        return None if found is None else place(self.cut, index, int(found[index]))


def axes_to_rank(cut: Cut) -> tuple[int, ...]:
    """All axes whose indices can be ranked, and the planes where several axes number them or there are none."""
    axes = tuple(axis for axis in cut.long if cut.shape[axis] <= MOST_RANKED)
    return ((CHANNELS,) if len(cut.outer) > 1 or not axes else ()) + axes


def usual_axis(cut: Cut, names: tuple[str, ...]) -> int:
    """What is mostly ranked: channels, else features, else what the last axis counts."""
    axes = axes_to_rank(cut)
    if CHANNELS in axes:
        return CHANNELS
    wished = (*cut.outer, *(axis for axis, name in enumerate(names) if name == FEATURE))
    return next((axis for axis in wished if axis in axes), axes[-1])


def is_channels(cut: Cut, axis: int) -> bool:
    """Whether the indices are the channels of the cut, which its summary tells of."""
    return axis == CHANNELS or cut.outer == (axis,)


def ranks_of_channels(summary: Summary, cut: Cut, axis: int) -> Ranks:
    """What is known of the channels."""
    return Ranks(axis, cut, summary.moments, {pair: gap.channels for pair, gap in summary.gaps.items()})


def rank(found: Mapping[str, Stored], cut: Cut, axis: int) -> Generator[None, None, Ranks]:
    """Once through all sources; `axis` is one that is longer than 1."""
    along = Cut(cut.shape, axes=tuple(other for other in cut.long if other != axis))
    sources = Sources(found, along)
    sums = {key: MomentSums(along.channels) for key in sources.keys}
    farthest = {pair: _Farthest(along.channels) for pair in sources.pairs}
    for part in parts(along):
        for key, rows in sources.read(part).items():
            sums[key].add(part, rows)
            if key in farthest:
                farthest[key].add(part, rows)
        yield
    moments = {key: item.result() for key, item in sums.items()}
    return Ranks(
        axis,
        along,
        {source: moments[source, ""] for source in found},
        {pair: channel_errors(moments[pair[1], ""], moments[pair[0], ""], moments[pair]) for pair in sources.pairs},
        {pair: item.at for pair, item in farthest.items()},
    )


class _Farthest:
    """Where in each channel's plane the difference is largest; a NaN is as far as it gets."""

    def __init__(self, channels: int) -> None:
        self.at = np.zeros(channels, np.intp)
        self._most = np.full(channels, -1.0, np.float32)

    def add(self, part: Part, gaps: np.ndarray) -> None:
        distance = np.abs(gaps)
        at = distance.argmax(axis=1)  # the first NaN where there is one
        most = np.nan_to_num(distance[np.arange(len(at)), at], nan=np.inf)
        before, where = (numbers[part.first : part.last] for numbers in (self._most, self.at))
        is_more = most > before
        before[is_more], where[is_more] = most[is_more], part.start + at[is_more]
