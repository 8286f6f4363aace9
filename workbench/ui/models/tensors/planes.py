"""What the panes show of a tensor: one channel, tiles, a mean, or what is no number, ready to be painted. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from workbench.project.results import SOURCES
from workbench.project.table import SINGLE_SIM
from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors.cut import TOKEN, Cut
from workbench.ui.models.tensors.heat_image import AUTOMATIC, Colours, Range
from workbench.ui.models.tensors.mosaic import Mosaic

CHANNEL, TILES, MEAN, RMS, STRANGE = "channel", "tiles", "mean", "rms", "strange"
WAYS = (CHANNEL, TILES, MEAN, RMS, STRANGE)
GOLDEN, DIFFERENCE = "golden", "difference"
SHOWN = (*SOURCES, DIFFERENCE)
Pair = tuple[str, str]
REFERENCES = {SINGLE_SIM: "simulator"}
"""What a column is measured against; the others against golden."""


@dataclass(frozen=True)
class Choice:
    """What of a tensor is looked at, and how.

    Channel None is the worst of the `pair`, `last` None guesses where channels are; `axes` are rows and columns chosen
    by hand. `single` takes the simulator's values from golden inputs. `pair` is subtracted, the second from the first.
    """

    way: str = CHANNEL
    channel: int | None = None
    page: int = 0
    single: bool = False
    last: bool | None = None
    axes: tuple[int, ...] | None = None
    pair: Pair = ("simulator", GOLDEN)
    colours: Colours = AUTOMATIC


@dataclass(frozen=True)
class Strange:
    """What is no number, over all channels: how many channels at each place, the first of them, and how many in all."""

    channels: np.ndarray
    first: np.ndarray
    nan: int = 0
    infinite: int = 0
    negative: int = 0


@dataclass(frozen=True)
class Planes:
    """A row's tensor in every source that has it; `missing` says why the others have not.

    `values` are planes, in tiles channels x rows x columns; `gap` is the difference of the `pair` in the same form.
    By source and of the difference, `images` are indices into a table of colours, rows x columns, that span `limits`;
    a line has limits only.
    """

    cut: Cut
    channel: int
    values: Mapping[str, np.ndarray] = field(default_factory=dict)
    stored: Mapping[str, np.ndarray] = field(default_factory=dict)
    encodings: Mapping[str, Encoding | None] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    way: str = CHANNEL
    pair: Pair = ("", "")
    gap: np.ndarray | None = None
    images: Mapping[str, np.ndarray] = field(default_factory=dict)
    limits: Mapping[str, Range] = field(default_factory=dict)
    mosaic: Mosaic | None = None
    pages: int = 1
    strange: Mapping[str, Strange] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    by_hand: bool = False
    """Whether the axes were chosen by hand."""
    guessed: bool = False
    """Whether the channel is the worst as far as a sample of the elements tells."""

    @property
    def is_line(self) -> bool:
        """Whether what is shown has one axis."""
        return self.mosaic is None and len(self.cut.plane) == 1 and self.way != STRANGE

    @property
    def is_spatial(self) -> bool:
        """Whether rows and columns are those of a picture."""
        return self.mosaic is None and tuple(self.names[axis] for axis in self.cut.plane_axes) == ("h", "w")

    @property
    def extent(self) -> tuple[int, ...]:
        """Rows and columns of the images; the length of a line."""
        image = next(iter(self.images.values()), None)
        return self.cut.plane if image is None else (int(image.shape[0]), int(image.shape[1]))

    def holds(self, position: tuple[int, ...]) -> bool:
        """Whether there is such a position in the images."""
        extent = self.extent
        return len(position) == len(extent) and all(at < size for at, size in zip(position, extent, strict=True))

    @property
    def has_tokens(self) -> bool:
        """Whether rows or columns are tokens, which are no places in a picture."""
        return TOKEN in [self.names[axis] for axis in self.cut.plane_axes]

    def place(self, position: tuple[int, ...]) -> tuple[int, ...] | None:
        """Where in `values` a position of the image is; None in a gap between tiles."""
        if self.mosaic is not None:
            return self.mosaic.locate(position[0], position[1])
        return position[1:] if self.way == STRANGE and len(self.cut.plane) == 1 and len(position) == 2 else position

    def channel_at(self, position: tuple[int, ...]) -> int | None:
        """The channel that a position of the image belongs to; None where it is all of them, or none."""
        if self.mosaic is not None:
            place = self.mosaic.locate(position[0], position[1])
            return None if place is None else self.mosaic.first + place[0]
        return self.channel if self.way == CHANNEL else None

    def strange_channel(self, position: tuple[int, ...]) -> int | None:
        """The first channel in which something is no number there."""
        place = self.place(position)
        if place is None:
            return None
        found = [int(strange.first[place]) for strange in self.strange.values()]
        return min((channel for channel in found if channel >= 0), default=None)

    def element(self, position: tuple[int, ...]) -> tuple[int | None, ...] | None:
        """The index of an element in the tensor: None for axes that are summed up; None altogether in a gap."""
        place = self.place(position)
        if place is None:
            return None
        channel = self.channel_at(position)
        if self.mosaic is not None:
            place = tuple(at * self.mosaic.step for at in place[1:])
        index: tuple[int | None, ...] = self.cut.index(channel or 0, place)
        return tuple(None if channel is None and axis in self.cut.outer else at for axis, at in enumerate(index))


def usual_pair(column: str) -> Pair:
    """What a column of the layer table measures: its source, and what it is measured against."""
    return column.split(".")[0], REFERENCES.get(column, GOLDEN)
