"""What one input of a network is to be fed with, from one file: pixels, normalised values, stored integers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from workbench.foundation.errors import SettingsError
from workbench.graph.graph import Tensor
from workbench.preprocess.images import is_picture
from workbench.preprocess.preprocess import Preprocess, fixed_shape, normalised, unscaled
from workbench.quantize.encoding import Encoding

FIRST_GENERATION = ("rk1808", "rk3399pro", "rv1126", "rv1109")
DIRECT_CHANNELS = (1, 3, 4)  # kept as NHWC by the NPU; others as NC1HWC2 (rknn_facts §6.2)


@dataclass(frozen=True)
class NetworkInput:
    """An input as the deployed network takes it.

    `encoding` is that of the NPU's input node: integers, one without a scale for floats, None where it is not known.
    """

    tensor: Tensor
    settings: Preprocess
    encoding: Encoding | None
    chip: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """In the network's own layout."""
        return fixed_shape(self.tensor)

    @property
    def is_first_generation(self) -> bool:
        """Whether the chip is one of RKNPU1, whose stored type is uint8 and whose models know the channel order."""
        return self.chip in FIRST_GENERATION

    @property
    def is_picture(self) -> bool:
        """Whether the input has four dimensions, channels among them."""
        return len(self.shape) == 4

    @property
    def channel_axis(self) -> int:
        """Where the channels are; the last one where nothing is known."""
        return 1 if self.is_picture and self.settings.layout == "nchw" else len(self.shape) - 1

    @property
    def channels(self) -> int:
        """1 for a scalar."""
        return self.shape[self.channel_axis] if self.shape else 1

    @property
    def has_colours(self) -> bool:
        """Whether red and blue can be exchanged."""
        return self.is_picture and self.channels in (3, 4)

    def mean_of(self, channel: int) -> float:
        """The mean that a channel has."""
        return self.settings.mean[channel if len(self.settings.mean) > 1 else 0]

    def std_of(self, channel: int) -> float:
        """The divisor that a channel has."""
        return self.settings.std[channel if len(self.settings.std) > 1 else 0]


@dataclass(frozen=True)
class Expected:
    """An input and the file that it is fed with here; arrays are in the network's layout."""

    input: NetworkInput
    file: Path
    is_exchanged: bool = False

    @cached_property
    def pixels(self) -> np.ndarray:
        """What a program gives with pass_through=0: not normalised, channels in the network's order or exchanged."""
        found = unscaled(self.file, self.input.tensor, self.input.settings)
        if not self.is_exchanged:
            return found
        turned = np.arange(self.input.channels)
        turned[:3] = turned[2::-1]
        return np.take(found, turned, axis=self.input.channel_axis)

    @property
    def is_picture(self) -> bool:
        """Whether the file is one, so that its channels can be exchanged."""
        return is_picture(self.file)

    @cached_property
    def feed(self) -> np.ndarray:
        """Normalised, float32."""
        return np.asarray(normalised(self.pixels, self.input.settings), np.float32)

    @cached_property
    def stored(self) -> np.ndarray | None:
        """What the NPU's input node holds, and a program gives with pass_through=1; None where it is not known."""
        encoding = self.input.encoding
        if encoding is None:
            return None
        return encoding.quantize(self.feed) if encoding.is_quantized else self.feed.astype(encoding.dtype)

    @cached_property
    def swapped(self) -> "Expected":
        """The same file with red and blue exchanged, normalised with the same numbers."""
        return replace(self, is_exchanged=not self.is_exchanged)

    def twice(self) -> np.ndarray:
        """Normalised, and then again."""
        return np.asarray(normalised(self.feed, self.input.settings), np.float32)


def check_picture(inputs: Iterable[NetworkInput], picture: Path) -> None:
    """Refuse what is no picture or cannot be read, also where no input needs it."""
    if not is_picture(picture):
        raise SettingsError(f"{picture} is no picture.", "Give the picture that the program feeds, a PNG for example.")
    for network in inputs:
        if network.is_picture:
            _ = Expected(network, picture).pixels


State = Callable[[Expected], np.ndarray | None]
STATES: dict[str, State] = {
    "pixels": lambda expected: expected.pixels,
    "normalised": lambda expected: expected.feed,
    "stored": lambda expected: expected.stored,
    "shifted": lambda expected: expected.pixels.astype(np.float32) - 128 if expected.is_picture else None,
    "normalised-twice": lambda expected: expected.twice(),
    "unit": lambda expected: expected.pixels.astype(np.float32) / 255 if expected.is_picture else None,
    "unit-normalised": lambda expected: (
        np.asarray(normalised(expected.pixels / np.float32(255), expected.input.settings), np.float32)
        if expected.is_picture
        else None
    ),
}
"""How far a program may have brought a picture; the first that fits is meant."""
