"""How far a program brought a picture, and whether that is right for `pass_through` 0 or 1."""

from collections.abc import Iterator

from workbench.capi.expected import NetworkInput
from workbench.capi.findings import Finding, spelled
from workbench.capi.readings import SAME, Reading

_RAW = "Give the pixels as they are, or build the .rknn without mean and std."
_STORED = "Quantise as the snippet does (convertTo with alpha and beta), or give pixels with pass_through=0."
FLAT = 1e-12


def state_findings(reading: Reading, pass_through: int | None, is_dump: bool) -> Iterator[Finding]:
    """`pass_through` None: for which of both the values are right."""
    if reading.agreement < SAME:
        return
    states, network = reading.states, reading.expected.input
    if not states:
        yield _other_numbers(reading, network)
    elif "pixels" in states and pass_through != 1:
        yield Finding("pixels", "good", "The values are the pixels, not normalised: right for pass_through=0.")
        if reading.dtype == "float32" and reading.expected.is_picture:
            text = "The pixels are given as float32: four bytes for each that uint8 would take."
            yield Finding("float-pixels", "note", text, "Give RKNN_TENSOR_UINT8 where feeding takes long.")
        if "stored" in states and _is_stored_type(reading, network):
            yield Finding("pixels-stored", "good", "They are what the NPU stores, too: pass_through=1 gives the same.")
    elif "stored" in states and pass_through != 0 and _is_stored_type(reading, network):
        yield Finding("stored", "good", "The values are normalised and quantised: right for pass_through=1.")
    else:
        yield _wrong(reading, network, pass_through, is_dump)


def _is_stored_type(reading: Reading, network: NetworkInput) -> bool:
    return network.encoding is not None and network.encoding.dtype == reading.dtype


def _wrong(reading: Reading, network: NetworkInput, pass_through: int | None, is_dump: bool) -> Finding:
    states, stored = reading.states, network.encoding.dtype if network.encoding else "stored"
    if "pixels" in states:
        text = f"The values are the pixels, but with pass_through=1 nobody normalises and quantises them to {stored}."
        return Finding("not-normalised", "bad", text, _STORED)
    if "normalised" in states and pass_through == 1:
        text = f"The values are normalised, but with pass_through=1 they have to be {stored}."
        return Finding("not-quantised", "bad", text, _STORED)
    if "normalised" in states and is_dump:
        text = "The dump holds normalised values: written behind the driver's normalisation, or the program did it too."
        return Finding("normalised", "doubt", text, "Check the buffer of the program itself.")
    if "normalised" in states:
        text = "The values are normalised already; with pass_through=0 the driver applies mean and std once more."
        return Finding("normalised", "bad", text, _RAW)
    if "stored" in states:
        text = f"The values are quantised already: with pass_through=0 they count as pixels (the model has {stored})."
        return Finding("quantised", "bad", text, "Set pass_through=1, or give the pixels.")
    if "normalised-twice" in states:
        return Finding("normalised-twice", "bad", "Mean and std were applied twice by the program.", _RAW)
    if "shifted" in states:
        return Finding(
            "shifted", "bad", "The values are pixels - 128, which is not how this network is quantised.", _STORED
        )
    if "unit" in states:
        text = "The values are pixels / 255, but mean and std of the network are for pixels of 0 to 255."
        return Finding("unit", "bad", text, _RAW)
    text = "The pixels were divided by 255 before mean and std, which are for pixels of 0 to 255."
    return Finding("unit-normalised", "bad", text, "Leave out the division, and the mean and std of the program, too.")


def _other_numbers(reading: Reading, network: NetworkInput) -> Finding:
    if any(abs(gain) < FLAT for gain in reading.gain):
        return Finding("numbers", "bad", "A channel does not follow the picture.", "Check how the channels are copied.")
    means = [f"{round(-offset / gain, 4) + 0.0:g}" for gain, offset in zip(reading.gain, reading.offset, strict=True)]
    stds = [f"{1 / gain:.6g}" for gain in reading.gain]
    text = (
        f"The values are (pixel - mean) / std with mean {spelled(means, ', ')} and std {spelled(stds, ', ')}; "
        f"the session has mean {_told(network.settings.mean)} and std {_told(network.settings.std)}."
    )
    return Finding("numbers", "bad", text, "Use one set of numbers: in the .rknn, with plain pixels from the program.")


def _told(numbers: tuple[float, ...]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)
