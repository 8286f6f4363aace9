"""The lines that a program needs to feed a network and to read its outputs, with this network's constants."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.capi.expected import DIRECT_CHANNELS, NetworkInput
from workbench.capi.outputs import NetworkOutput
from workbench.capi.passing import constants, table_of
from workbench.foundation.errors import SettingsError
from workbench.quantize.encoding import Encoding

LANGUAGES = ("c++", "python")
STORED = ("int8", "uint8", "int16", "uint16", "int32", "float16", "float32")
Write = Callable[[Sequence["Feeding"], Sequence[NetworkOutput]], str]


@dataclass(frozen=True)
class Feeding:
    """An input and how it is fed; `alpha` and `beta` are those of `convertTo`, one or as many as channels.

    `apart` counts pixel values (of 256 a channel) for which `convertTo` rounds an exact half unlike the driver.
    """

    index: int
    network: NetworkInput
    is_passed: bool
    alpha: tuple[float, ...] = ()
    beta: tuple[float, ...] = ()
    apart: int = 0

    @property
    def takes_picture(self) -> bool:
        """Whether one picture is fed; otherwise floats in the input's order."""
        network = self.network
        return network.is_picture and network.shape[0] == 1 and network.channels in DIRECT_CHANNELS

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the picture."""
        shape = self.network.shape
        return (shape[2], shape[3]) if self.network.channel_axis == 1 else (shape[1], shape[2])

    @property
    def count(self) -> int:
        """Elements."""
        return math.prod(self.network.shape)

    @property
    def stored(self) -> Encoding:
        """What pass_through=1 has to give."""
        assert self.network.encoding is not None
        return self.network.encoding


def snippet(
    language: str, inputs: Sequence[NetworkInput], outputs: Sequence[NetworkOutput], pass_through: bool = False
) -> str:
    """The program text in "c++" or "python"; with `pass_through` the program normalises and quantises itself."""
    from workbench.capi import snippet_cpp, snippet_python  # they import this module

    if language not in LANGUAGES:
        raise SettingsError(f"There is no snippet in {language!r}.", f"Choose one of {', '.join(LANGUAGES)}.")
    _check(inputs, outputs)
    feedings = [feeding(index, network, pass_through) for index, network in enumerate(inputs)]
    write: Write = snippet_cpp.text if language == "c++" else snippet_python.text
    return write(feedings, outputs)


def feeding(index: int, network: NetworkInput, pass_through: bool) -> Feeding:
    """How an input is fed; one that the NPU keeps in groups of channels, or with an unknown encoding, is not passed."""
    encoding = network.encoding
    grouped = network.is_picture and network.channels not in DIRECT_CHANNELS
    if not pass_through or encoding is None or grouped:
        return Feeding(index, network, False)
    alpha, beta = constants(network, encoding) if encoding.is_quantized else _float_constants(network)
    if len(set(zip(alpha, beta, strict=True))) == 1:
        alpha, beta = alpha[:1], beta[:1]
    return Feeding(index, network, True, alpha, beta, _apart(network, encoding))


def _check(inputs: Sequence[NetworkInput], outputs: Sequence[NetworkOutput]) -> None:
    """Refuse what is no number where one stands: a session may come from anybody, and this becomes a program."""
    found = [*(one.encoding for one in inputs), *(one.encoding for one in outputs)]
    encodings = [one for one in found if one is not None]
    numbers = [number for one in encodings for number in (*one.scale, *one.zero_point)]
    sides = [side for output in outputs for side in output.shape]
    if (
        any(one.dtype not in STORED for one in encodings)
        or not all(map(_is_number, numbers))
        or not all(_is_number(side) and side == int(side) for side in sides)
    ):
        raise SettingsError("The session's encodings are damaged.", "Run the session again.")


def _is_number(value: object) -> bool:
    """Whatever the types of the fields say, they were read from a file."""
    return isinstance(value, int | float) and math.isfinite(value)


def harmless(text: str) -> str:
    """A name that can stand in a comment of one line: nothing in it ends the line or goes on behind it."""
    return "".join(letter if letter.isprintable() and letter != "\\" else "?" for letter in text[:200])


def spelled(numbers: Sequence[float]) -> str:
    """Numbers that lose nothing, separated by commas."""
    return ", ".join(repr(float(number)) for number in numbers)


def _float_constants(network: NetworkInput) -> tuple[tuple[float, ...], tuple[float, ...]]:
    channels = range(network.channels)
    alpha = tuple(network.settings.scale / network.std_of(channel) for channel in channels)
    return alpha, tuple(-network.mean_of(channel) / network.std_of(channel) for channel in channels)


def _apart(network: NetworkInput, encoding: Encoding) -> int:
    """OpenCV multiplies and adds in float32 and rounds the sum; the driver rounds before it adds the zero point."""
    if not encoding.is_quantized:
        return 0
    alpha, beta = (np.array(numbers, np.float32)[:, np.newaxis] for numbers in constants(network, encoding))
    low, high = encoding.limits
    ours = np.clip(np.rint(np.arange(256, dtype=np.float32) * alpha + beta), low, high)
    return int(np.count_nonzero(ours != table_of(network, encoding).stored))
