"""Whether a program may give raw pixels with `pass_through=1`: a proof over all 256 values, and on a picture.

A pixel p of channel c is stored as q = round(((p * scale - mean_c) / std_c) / s) + z, cut to the stored type. Raw bytes
are the same where q = p for all channels (uint8), or q = p - 128 (int8, after that subtraction).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from workbench.capi.expected import DIRECT_CHANNELS, Expected, NetworkInput
from workbench.capi.findings import Finding
from workbench.preprocess.preprocess import normalised
from workbench.quantize.encoding import RANGES, Encoding, asymmetric

PIXELS = np.arange(256)
SIGNED_SHIFT = 128
EQUAL, CLOSE, UNEQUAL = "equal", "close", "unequal"


@dataclass(frozen=True)
class Table:
    """What each pixel value is stored as, (channels, 256), and how far raw bytes are from that, in steps."""

    stored: np.ndarray
    shift: int

    @property
    def away(self) -> np.ndarray:
        """Raw minus stored, per channel and pixel value."""
        return np.asarray(PIXELS[np.newaxis] - self.shift - self.stored.astype(np.int64))


@dataclass(frozen=True)
class Proof:
    """`verdict`: raw bytes are `EQUAL`, `CLOSE` (one step away at most) or `UNEQUAL` to what the driver would store.

    `shift` is what has to be subtracted from each byte (0; 128 for int8). `alpha` and `beta` are those of each
    channel: stored = pixel * alpha + beta. `worst` is the largest distance in steps over all pixel values, `differing`
    the share of pixel values that differ; `on_picture` counts elements of a picture: (all, differing, worst step).
    """

    verdict: str
    shift: int
    encoding: Encoding
    is_assumed: bool
    alpha: tuple[float, ...]
    beta: tuple[float, ...]
    worst: int
    differing: float
    on_picture: tuple[int, int, int] | None
    findings: tuple[Finding, ...]


def prove(network: NetworkInput, expected: Expected | None = None) -> Proof | None:
    """The proof for a quantised input; None where the NPU takes floats there, and raw bytes cannot be right.

    Without an encoding the one is taken that a calibration with black and white in its pictures gives.
    """
    encoding = network.encoding or _full(network)
    if not encoding.is_quantized or encoding.dtype not in ("uint8", "int8"):
        return None
    table = table_of(network, encoding)
    worst, differing = int(np.abs(table.away).max()), float(np.count_nonzero(table.away) / table.away.size)
    verdict = EQUAL if not worst else CLOSE if worst == 1 else UNEQUAL
    if network.channels not in DIRECT_CHANNELS and network.is_picture:
        verdict = UNEQUAL
    alpha, beta = constants(network, encoding)
    on_picture = None if expected is None else _on_picture(expected, encoding, table.shift)
    proof = Proof(
        verdict,
        table.shift,
        encoding,
        network.encoding is None,
        alpha,
        beta,
        worst,
        differing,
        on_picture,
        (),
    )
    return _told(proof, network)


def constants(network: NetworkInput, encoding: Encoding) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """alpha and beta of `convertTo` for each channel: pixels to stored integers in one step, before rounding."""
    settings, scale, zero_point = network.settings, encoding.scale[0], encoding.zero_point[0]
    stds = [network.std_of(channel) for channel in range(network.channels)]
    alpha = tuple(settings.scale / (std * scale) for std in stds)
    means = [network.mean_of(channel) for channel in range(network.channels)]
    return alpha, tuple(zero_point - mean / (std * scale) for mean, std in zip(means, stds, strict=True))


def table_of(network: NetworkInput, encoding: Encoding) -> Table:
    """Every pixel value, as the driver normalises and quantises it."""
    rows = [_stored(network, encoding, channel) for channel in range(network.channels)]
    return Table(np.stack(rows), SIGNED_SHIFT if encoding.dtype == "int8" else 0)


def _stored(network: NetworkInput, encoding: Encoding, channel: int) -> np.ndarray:
    real = (PIXELS * network.settings.scale - network.mean_of(channel)) / network.std_of(channel)
    return encoding.quantize(real.astype(np.float32))


def _full(network: NetworkInput) -> Encoding:
    """The encoding of a calibration that has seen pixels of 0 and 255 in every channel."""
    ends = [
        (end * network.settings.scale - network.mean_of(channel)) / network.std_of(channel)
        for channel in range(network.channels)
        for end in (0, 255)
    ]
    return asymmetric(min(ends), max(ends), "uint8" if network.is_first_generation else "int8")


def _on_picture(expected: Expected, encoding: Encoding, shift: int) -> tuple[int, int, int]:
    pixels = expected.pixels
    feed = np.asarray(normalised(pixels, expected.input.settings), np.float32)
    away = np.abs(pixels.astype(np.int64) - shift - encoding.quantize(feed).astype(np.int64))
    return away.size, int(np.count_nonzero(away)), int(away.max(initial=0))


def _told(proof: Proof, network: NetworkInput) -> Proof:
    return replace(proof, findings=(*_verdict(proof, network), *_reasons(proof, network), *_evidence(proof)))


def _verdict(proof: Proof, network: NetworkInput) -> Iterator[Finding]:
    shifted = f", after {proof.shift} was subtracted from each byte (XOR 0x80)" if proof.shift else ""
    if proof.verdict == EQUAL:
        text = f"Raw pixels with pass_through=1 are what the driver would store{shifted}: all 256 values, all channels."
        yield Finding("pass-through", "good", text)
    elif proof.verdict == CLOSE:
        text = f"Raw pixels with pass_through=1 are one step from what the driver would store at most{shifted}."
        yield Finding("pass-through", "doubt", text, "Use it where one step of the input does not matter.")
    else:
        text = "Raw pixels with pass_through=1 are not what the driver would store."
        yield Finding("pass-through", "bad", text, "Leave pass_through=0, or quantise as the snippet does.")
    if network.is_first_generation and network.settings.order == "bgr":
        text = "With pass_through=1 the driver does not exchange channels either (reorder_channel '2 1 0')."
        yield Finding("pass-through-order", "doubt", text, "Give the channels in the network's order, BGR.")


def _reasons(proof: Proof, network: NetworkInput) -> Iterator[Finding]:
    settings = network.settings
    pairs = {(network.mean_of(channel), network.std_of(channel)) for channel in range(network.channels)}
    if len(pairs) > 1:
        mean, std = (", ".join(f"{number:g}" for number in numbers) for numbers in (settings.mean, settings.std))
        text = f"Mean ({mean}) and std ({std}) differ between channels; one scale for all cannot undo that."
        yield Finding("channels-differ", "bad", text, "Only equal mean and std for all channels allow raw pixels.")
    elif proof.verdict != EQUAL:
        wanted = -proof.shift
        text = (
            f"stored = {proof.alpha[0]:.6g} * pixel {'-' if proof.beta[0] < 0 else '+'} {abs(proof.beta[0]):.6g}; "
            f"raw pixels need 1 * pixel {'-' if wanted < 0 else '+'} {abs(wanted)}."
        )
        fix = "A calibration whose pictures hold both black and white gives that, with equal mean and std."
        yield Finding("encoding-differs", "bad" if proof.verdict == UNEQUAL else "note", text, fix)
    if network.is_picture and network.channels not in DIRECT_CHANNELS:
        text = f"An input of {network.channels} channels is stored as NC1HWC2, not as the pixels lie."
        yield Finding("grouped", "bad", text, "Leave pass_through=0.")


def _evidence(proof: Proof) -> Iterator[Finding]:
    encoding = proof.encoding
    origin = "assumed for pictures with black and white" if proof.is_assumed else "of this network"
    low, high = RANGES[encoding.dtype]
    text = (
        f"Encoding {encoding.dtype} ({low} to {high}), scale {encoding.scale[0]:.9g}, zero point "
        f"{encoding.zero_point[0]}, {origin}."
    )
    yield Finding("encoding", "note", text)
    text = f"{proof.differing:.1%} of the pixel values differ, by {proof.worst} steps at most."
    yield Finding("all-values", "note", text)
    if proof.on_picture is not None:
        count, differing, worst = proof.on_picture
        text = f"On the picture {differing} of {count} elements differ, by {worst} steps at most."
        yield Finding("on-picture", "note", text)
