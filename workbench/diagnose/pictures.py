"""How a file may have become an input before it was normalised: order, resizing, grey, bytes in another layout."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from workbench.capi.expected import NetworkInput
from workbench.foundation.errors import WorkbenchError
from workbench.preprocess.images import is_picture
from workbench.preprocess.preprocess import Preprocess, normalised, unscaled

AS_IT_IS, PACKED, UNPACKED = "", "packed", "unpacked"
"""Bytes of a picture: as the network has them, in the other layout, or read as if they had been in the other one."""
MOST_NORMALISED = 16.0
FARTHEST = 3  # looks of more faults than that are not tried
RESIZED_BY = ("stretch", "letterbox", "crop")


@dataclass(frozen=True, slots=True)
class Look:
    """What is done to a file before mean and std."""

    order: str
    resize: str
    bytes: str = AS_IT_IS
    is_grey: bool = False


@dataclass
class Pictures:
    """A file for an input, in every look; arrays are in the network's shape, not normalised."""

    input: NetworkInput
    file: Path
    _known: dict[Look, np.ndarray | None] = field(default_factory=dict)

    @property
    def own(self) -> Look:
        """What the session does."""
        settings = self.input.settings
        return Look(settings.order, settings.resize)

    @property
    def holds_pixels(self) -> bool:
        """Whether the file's values are of 0 to 255; an array of smaller ones is normalised already."""
        pixels = self.pixels(self.own)
        return is_picture(self.file) or pixels is None or bool(pixels.min() >= 0 and pixels.max() > MOST_NORMALISED)

    def looks(self) -> Iterator[Look]:
        """The session's first, then those that differ in one thing, then those that differ in more."""
        own = self.own
        yield own
        if not self.input.is_picture:
            return
        orders = ("rgb", "bgr") if self.input.has_colours else (own.order,)
        sizes = RESIZED_BY if is_picture(self.file) else (own.resize,)
        layouts = (AS_IT_IS, PACKED, UNPACKED) if self.input.channels > 1 else (AS_IT_IS,)
        greys = (False, True) if self.input.has_colours else (False,)
        every = [
            Look(order, size, kind, grey) for grey in greys for kind in layouts for size in sizes for order in orders
        ]
        others = (look for look in every if look != own and _apart(look, own) <= FARTHEST)
        yield from sorted(others, key=lambda look: _apart(look, own))

    def pixels(self, look: Look) -> np.ndarray | None:
        """The file in a look, before it is normalised and then `packed`; None where it cannot have it.

        Or where it would be the same in the session's look.
        """
        if look not in self._known:
            self._known[look] = self._made(look)
        return self._known[look]

    def packed(self, values: np.ndarray, look: Look) -> np.ndarray:
        """What becomes of normalised values whose bytes are given in the other layout."""
        if look.bytes != PACKED:
            return values
        return np.ascontiguousarray(values.transpose(self._axes()[0])).reshape(values.shape)

    def feed(self, look: Look, settings: Preprocess) -> np.ndarray | None:
        """The input in a look, with mean, std and scale of some settings."""
        pixels = self.pixels(look)
        if pixels is None:
            return None
        return self.packed(np.asarray(normalised(pixels, settings), np.float32), look)

    def _axes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """How the network's layout becomes the other one, and back."""
        to_last, to_first = (0, 2, 3, 1), (0, 3, 1, 2)
        return (to_last, to_first) if self.input.settings.layout == "nchw" else (to_first, to_last)

    def _made(self, look: Look) -> np.ndarray | None:
        settings = replace(self.input.settings, order=look.order, resize=look.resize)
        if not is_picture(self.file):
            settings = self.input.settings
        try:
            found = unscaled(self.file, self.input.tensor, settings)
        except WorkbenchError:
            return None  # too small to be cropped so, or of one channel
        if not is_picture(self.file) and look.order != self.own.order:
            found = self._exchanged(found)
        if look.is_grey:
            found = self._grey(found, look.order)
        if look.bytes == UNPACKED:
            to_other, to_own = self._axes()
            shape = [found.shape[axis] for axis in to_other]
            found = np.ascontiguousarray(found).reshape(shape).transpose(to_own)
        return None if self._is_known(self.packed(found, look), look) else found

    def _exchanged(self, pixels: np.ndarray) -> np.ndarray:
        turned = np.arange(self.input.channels)
        turned[:3] = turned[2::-1]
        return np.take(pixels, turned, axis=self.input.channel_axis)

    def _grey(self, pixels: np.ndarray, order: str) -> np.ndarray:
        """The luminance (ITU-R BT.601, as OpenCV has it) in every channel."""
        axis = self.input.channel_axis
        shares = np.array([0.299, 0.587, 0.114] if order == "rgb" else [0.114, 0.587, 0.299])
        grey = np.rint(np.tensordot(np.moveaxis(pixels, axis, -1)[..., :3].astype(np.float64), shares, 1))
        return np.repeat(np.expand_dims(grey, axis), self.input.channels, axis)

    def _is_known(self, found: np.ndarray, look: Look) -> bool:
        """Whether the session's own look gives the same: a picture of the right size, or one without colours."""
        if look == self.own:
            return False
        own = self.pixels(self.own)
        return own is not None and own.shape == found.shape and bool(np.array_equal(own, found))


def _apart(look: Look, own: Look) -> int:
    """In how many things two looks differ; what is rare counts more."""
    return sum(
        (
            look.order != own.order,
            look.resize != own.resize,
            2 * (look.bytes != own.bytes),
            3 * (look.is_grey != own.is_grey),
        )
    )
