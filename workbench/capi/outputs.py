"""An output buffer in numbers: stored integers and the values they stand for, for want_float 0 and 1."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.capi.buffers import Buffer
from workbench.capi.findings import Finding, spelled
from workbench.capi.memory import GROUPED, NCHW, NHWC, OWN, Memory, group_of
from workbench.dump.layouts import GROUPS
from workbench.foundation.errors import DumpError
from workbench.quantize.encoding import Encoding

OFF_THE_STEPS = 0.01  # of a step, from the nearest integer


@dataclass(frozen=True)
class NetworkOutput:
    """An output as the deployed network gives it; `shape` is the network's own (N, C, H, W of four dimensions).

    `encoding` is what want_float=0 gives: integers, or one without a scale for floats; None where it is not known.
    """

    name: str
    shape: tuple[int, ...]
    encoding: Encoding | None
    chip: str = ""


@dataclass(frozen=True)
class OutputValues:
    """`stored` are the values of want_float=0, None for an output of floats without quantization; `real` are those of
    want_float=1. Both are in the network's shape.
    """

    network: NetworkOutput
    want_float: int
    memory: Memory
    stored: np.ndarray | None
    real: np.ndarray
    findings: tuple[Finding, ...]


def read_output(buffer: Buffer, network: NetworkOutput, layout: str = "") -> OutputValues:
    """The buffer as the output, by its size: stored values, or float32; `layout` "" is the network's, or native."""
    dtype, memory = _fitting(buffer, network, layout)
    at = np.arange(math.prod(network.shape))
    values = buffer.values(dtype)[memory.places(at)].reshape(network.shape)
    encoding = network.encoding
    if dtype == "float32" and (encoding is None or encoding.dtype != "float32"):
        stored, off = _quantised(values, encoding)
        findings = (*_about_layout(memory), *_about_steps(off, encoding), *_broken(values))
        return OutputValues(network, 1, memory, stored, values, findings)
    real = encoding.dequantize(values) if encoding is not None else np.asarray(values, np.float32)
    findings = (*_about_layout(memory), *_about_ends(values, encoding), *_broken(real))
    return OutputValues(network, 0, memory, values, real, findings)


def same_numbers(one: OutputValues, other: OutputValues) -> Finding:
    """Whether the buffers of want_float 0 and 1 say the same; half a step is what rounding in float32 may cost."""
    with np.errstate(all="ignore"):
        away = np.abs(one.real.astype(np.float64) - other.real.astype(np.float64))
    worst = float(np.nan_to_num(away, nan=math.inf).max(initial=0.0))
    encoding = one.network.encoding
    step = encoding.scale[0] if encoding is not None and encoding.is_quantized else 0.0
    if worst <= max(step * OFF_THE_STEPS, 1e-3 * float(np.abs(other.real).max(initial=0.0)) if not step else 0.0):
        text = f"Both buffers hold the same numbers (at most {worst:.3g} apart)."
        return Finding("same-numbers", "good", text)
    apart = f"{worst:.6g} ({worst / step:.3g} steps)" if step else f"{worst:.6g}"
    text = f"The buffers differ by up to {apart}."
    return Finding(
        "same-numbers", "bad", text, "Check zp and scale of this output, its layout, and that both are of one run."
    )


def _fitting(buffer: Buffer, network: NetworkOutput, layout: str) -> tuple[str, Memory]:
    count = math.prod(network.shape)
    stored = network.encoding.dtype if network.encoding is not None else ""
    types = (buffer.dtype,) if buffer.dtype else tuple(dict.fromkeys((stored or "int8", "float32")))
    for dtype in types:
        elements, rest = divmod(buffer.data.size, np.dtype(dtype).itemsize)
        for memory in _memories(network, dtype, layout):
            if not rest and memory.count == elements:
                return dtype, memory
    wanted = f"{count} elements ({spelled(network.shape)})"
    sizes = " or ".join(f"{count * np.dtype(dtype).itemsize} bytes as {dtype}" for dtype in types)
    raise DumpError(
        f"{buffer.path} has {_size_of(buffer)}, which is no buffer of the output {network.name!r}, {wanted}.",
        "Save the whole output, and nothing else, in the array." if buffer.dtype else f"Give {sizes}.",
    )


def _size_of(buffer: Buffer) -> str:
    """How large a buffer is: in values where its file says of which type."""
    if not buffer.dtype:
        return f"{buffer.data.size} bytes"
    return f"{buffer.data.size // np.dtype(buffer.dtype).itemsize} values of {buffer.dtype}"


def _memories(network: NetworkOutput, dtype: str, layout: str) -> Iterator[Memory]:
    if len(network.shape) != 4:
        yield Memory(OWN, network.shape)
        return
    usual = NHWC if layout.upper() == NHWC else NCHW
    known = group_of(network.chip, dtype)
    groups = [Memory(GROUPED, network.shape, group=group) for group in ((known,) if known else GROUPS)]
    yield from groups if layout.upper() == GROUPED else [Memory(usual, network.shape), *groups]


def _quantised(values: np.ndarray, encoding: Encoding | None) -> tuple[np.ndarray | None, float]:
    """The integers of real values, and the share of values that lie on none."""
    if encoding is None or not encoding.is_quantized:
        return None, 0.0
    stored = encoding.quantize(np.nan_to_num(values))
    away = np.abs(encoding.dequantize(stored).astype(np.float64) - values) / encoding.scale[0]
    return stored, float(np.count_nonzero(~(away <= OFF_THE_STEPS)) / max(1, away.size))


def _about_layout(memory: Memory) -> Iterator[Finding]:
    if memory.layout == GROUPED:
        text = f"The buffer is NC1HWC2 with C2 = {memory.group}: the native output, padding left out here."
        yield Finding("native", "note", text)


def _about_steps(off: float, encoding: Encoding | None) -> Iterator[Finding]:
    if off and encoding is not None:
        text = (
            f"{off:.1%} of the values lie on no step of scale {encoding.scale[0]:.9g} and zero point "
            f"{encoding.zero_point[0]}."
        )
        fix = "The board's model has another encoding: paste its rknn_tensor_attr."
        yield Finding("off-the-steps", "bad", text, fix)


def _about_ends(values: np.ndarray, encoding: Encoding | None) -> Iterator[Finding]:
    if encoding is None and values.dtype.kind != "f":
        text = "How the integers are encoded is not known: they are shown as they are."
        yield Finding("encoding-unknown", "doubt", text, "Paste the printed rknn_tensor_attr of this output.")
    if encoding is None or not encoding.is_quantized or not values.size:
        return
    at_ends = np.count_nonzero((values == encoding.limits[0]) | (values == encoding.limits[1])) / values.size
    if at_ends > 0.05 and encoding.dequantize(values).any():
        low, high = encoding.limits
        yield Finding("saturated", "note", f"{at_ends:.1%} of the values are {low} or {high}, the ends of the type.")
    if values.min() == values.max() and values.size > 1:
        yield Finding("constant", "doubt", f"All values are {values.flat[0]}.", "Compare with the simulator's output.")


def _broken(values: np.ndarray) -> Iterator[Finding]:
    count = int(np.count_nonzero(~np.isfinite(values)))
    if count:
        yield Finding("not-finite", "bad", f"{count} values are NaN or infinite.", "Look where float16 overflows.")
