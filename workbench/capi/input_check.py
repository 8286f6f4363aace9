"""Whether a buffer is what the network expects, and if not, what was done to it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.capi.attributes import TensorAttr
from workbench.capi.buffers import Buffer
from workbench.capi.expected import DIRECT_CHANNELS, Expected, NetworkInput
from workbench.capi.findings import Finding, spelled
from workbench.capi.memory import GROUPED, NCHW, NHWC, OWN, TURNED, group_of
from workbench.capi.readings import ALIKE, SAME, Reading, best_reading
from workbench.capi.sizes import attribute_findings, size_findings
from workbench.capi.states import state_findings
from workbench.foundation.errors import SettingsError

GREYISH = 2.0  # mean difference of red and blue below which their order cannot be told
MOST_CHANNELS = 4  # that are told of


@dataclass(frozen=True)
class Declared:
    """What the program says in `rknn_input`, and the board of its input; "" and None where it is not known."""

    type: str = ""
    fmt: str = ""
    pass_through: int | None = None
    attr: TensorAttr | None = None


@dataclass(frozen=True)
class Checked:
    """`reading` is None where the bytes fit no input of the network."""

    reading: Reading | None
    findings: tuple[Finding, ...]
    statistics: tuple[str, ...] = ()


def check_input(buffer: Buffer, expected: Sequence[Expected], declared: Declared = Declared()) -> Checked:
    """Compare a buffer with what a network expects; `expected` are its inputs with files, the likeliest first."""
    if not expected:
        raise SettingsError(
            "There is no input to compare with.", "Analyse a picture in the session first, or give one."
        )
    reading = best_reading(buffer, expected)
    networks = tuple({one.input.tensor.name: one.input for one in expected}.values())
    if reading is None:
        return Checked(None, tuple(size_findings(buffer, networks, declared.type)))
    found = (*_about(buffer, reading, declared), *_broken(buffer, reading))
    return Checked(reading, found, _statistics(buffer, reading))


def _about(buffer: Buffer, reading: Reading, declared: Declared) -> Iterator[Finding]:
    yield _headline(reading)
    if reading.agreement < ALIKE:
        name, agreement = reading.expected.file.name, reading.agreement
        text = f"No reading of the buffer follows {name}; the best one agrees by {agreement:.2f}."
        fix = "Write the buffer for a picture that is analysed here, or name its picture."
        yield Finding("other-picture", "bad", text, fix)
        return
    yield from _type(reading, declared)
    yield from _layout(reading, declared)
    if declared.attr is not None:
        yield from attribute_findings(buffer, reading.expected.input, reading.dtype, declared.attr)
    yield from _order(reading, bool(declared.pass_through))
    yield from _resize(reading)
    yield from state_findings(reading, declared.pass_through, buffer.is_dump)


def _headline(reading: Reading) -> Finding:
    what = f"{reading.dtype} in {layout_name(reading)}"
    level = "good" if reading.agreement >= SAME else "doubt"
    name = reading.expected.input.tensor.name
    return Finding("reading", level, f"The buffer is read as {what} for the input {name!r}, {_order_of(reading)}.")


def layout_name(reading: Reading) -> str:
    """The layout for the eye, with what is special about it."""
    memory = reading.memory
    if memory.layout == OWN:
        return spelled(memory.shape)
    if memory.layout == GROUPED:
        return f"NC1HWC2 with C2 = {memory.group}"
    return f"{memory.layout} with rows of {memory.row}" if memory.row else memory.layout


def _order_of(reading: Reading) -> str:
    expected = reading.expected
    if not expected.input.has_colours:
        return "channels in their order"
    order = expected.input.settings.order
    return ("bgr" if order == "rgb" else "rgb").upper() if expected.is_exchanged else order.upper()


def _type(reading: Reading, declared: Declared) -> Iterator[Finding]:
    if declared.type and declared.type != reading.dtype:
        text = f"The program declares {declared.type}, but the buffer holds {reading.dtype}."
        if declared.type == "float32":
            text = f"The program declares FLOAT32, which an unset type means too, but the buffer holds {reading.dtype}."
        yield Finding("type", "bad", text, f"Set input.type = RKNN_TENSOR_{reading.dtype.upper()}.")
    if reading.memory.padding:
        text = f"Behind each row lie {reading.memory.padding} unused elements."
        fix = "Only zero-copy memory with w_stride is so; give rknn_inputs_set rows without padding."
        yield Finding("padding", "doubt", text, fix)


def _layout(reading: Reading, declared: Declared) -> Iterator[Finding]:
    memory, network = reading.memory, reading.expected.input
    if memory.layout == OWN or _is_flat(memory.shape):
        return
    native = GROUPED if declared.pass_through and network.channels not in DIRECT_CHANNELS else NHWC
    if memory.layout == native:
        yield from _group(reading, network)
    elif memory.layout == TURNED:
        text = "Height and width are exchanged."
        yield Finding("turned", "bad", text, "Give rows of the picture one below the other: N, H, W, C.")
    elif memory.layout == NCHW and declared.fmt == NCHW:
        text = "The buffer is NCHW, as it is declared; the runtime documents NHWC for pictures."
        yield Finding("layout", "doubt", text, "Give the picture as N, H, W, C, as OpenCV has it.")
    elif memory.layout == GROUPED and network.channels < memory.group:
        text = f"Each pixel has {memory.group} values (RGBA?), but the network has {network.channels} channels."
        yield Finding("channels", "bad", text, f"Convert the picture to {network.channels} channels.")
    elif memory.layout == GROUPED:
        yield Finding("layout", "bad", f"The buffer is NC1HWC2, but {native} is expected.", "Give it as N, H, W, C.")
    else:
        text = f"The buffer is {memory.layout}: its channels lie one behind the other, but {native} is expected."
        yield Finding(
            "layout", "bad", text, "Leave out the transpose to NCHW (np.transpose, cv::split, blobFromImage)."
        )


def _group(reading: Reading, network: NetworkInput) -> Iterator[Finding]:
    wanted = group_of(network.chip, reading.dtype)
    if reading.memory.group and wanted and reading.memory.group != wanted:
        text = f"Channels are in groups of {reading.memory.group}, but {network.chip} has {wanted} for {reading.dtype}."
        yield Finding("group", "bad", text, "Take C2 from RKNN_QUERY_NATIVE_INPUT_ATTR.")


def _is_flat(shape: tuple[int, ...]) -> bool:
    """Whether all layouts have one order: a single channel, or a single pixel."""
    return shape[1] == 1 or shape[2] * shape[3] == 1


def _order(reading: Reading, passed: bool) -> Iterator[Finding]:
    expected = reading.expected
    order = expected.input.settings.order.upper()
    if not expected.input.has_colours or not expected.is_picture:
        return
    if _is_grey(expected):
        text = "The picture has no colours: whether red and blue are exchanged cannot be told."
        yield Finding("order-unknown", "doubt", text, "Check with a picture that has colours.")
    elif expected.is_exchanged and expected.input.is_first_generation and not passed and order == "BGR":
        text = (
            "Red and blue are exchanged to what the network wants: right where the .rknn has reorder_channel '2 1 0'."
        )
        yield Finding("order-in-model", "doubt", text, "Without reorder_channel in rknn.config give BGR.")
    elif expected.is_exchanged:
        fix = "Exchange them (cv::cvtColor with COLOR_BGR2RGB does it either way)."
        yield Finding("order", "bad", f"Red and blue are exchanged: the network wants {order}.", fix)


def _is_grey(expected: Expected) -> bool:
    pixels = np.moveaxis(expected.pixels, expected.input.channel_axis, 0).astype(np.float32)
    return float(np.abs(pixels[0] - pixels[2]).mean()) < GREYISH


def _resize(reading: Reading) -> Iterator[Finding]:
    expected = reading.expected
    if reading.agreement < SAME:
        text = f"The picture is alike, not the same (agreement {reading.agreement:.3f})."
        yield Finding("alike", "doubt", text, "Resize, crop and pad as the session says, with INTER_LINEAR.")
    elif reading.is_resized:
        text = f"The picture was resized by {expected.input.settings.resize}, unlike in the session."
        yield Finding("resize", "bad", text, "Resize alike in the program and for the calibration.")


def _broken(buffer: Buffer, reading: Reading) -> Iterator[Finding]:
    values = buffer.values(reading.dtype)
    if values.dtype.kind == "f" and (count := int(np.count_nonzero(~np.isfinite(values)))):
        text = f"{count} values are NaN or infinite."
        yield Finding("not-finite", "bad", text, "Look for a division by zero, or memory that was never written.")
    if values.size > 1 and values.min() == values.max():
        text = f"All {values.size} values are {values[0]:g}."
        yield Finding("constant", "bad", text, "Write the buffer after the picture was copied into it.")


def _statistics(buffer: Buffer, reading: Reading) -> tuple[str, ...]:
    """Range and mean of the values, and of each channel what it has been scaled by."""
    values = buffer.values(reading.dtype).astype(np.float64)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return ()
    found = [f"{values.size} values, {finite.min():g} to {finite.max():g}, mean {finite.mean():.4g}"]
    if reading.agreement >= ALIKE:
        found += [
            f"channel {channel}: value = {gain:.6g} * pixel {'-' if offset < 0 else '+'} {abs(round(offset, 6)):.6g}"
            for channel, (gain, offset) in enumerate(zip(reading.gain, reading.offset, strict=True))
            if math.isfinite(gain) and channel < MOST_CHANNELS
        ]
    return tuple(found)
