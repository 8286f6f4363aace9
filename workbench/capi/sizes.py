"""Why so many bytes are no input of a network."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from workbench.capi.attributes import TensorAttr
from workbench.capi.buffers import Buffer
from workbench.capi.expected import NetworkInput
from workbench.capi.findings import Finding, spelled


def size_findings(buffer: Buffer, networks: Sequence[NetworkInput], declared: str = "") -> Iterator[Finding]:
    """The sizes that fit, and what the bytes look like instead."""
    for network in networks:
        count = math.prod(network.shape)
        if not count:
            continue
        name, shape = network.tensor.name, spelled(network.shape)
        if buffer.dtype:
            elements = buffer.data.size // np.dtype(buffer.dtype).itemsize
            text = f"The file has {elements} values of {buffer.dtype}; the input {name!r} ({shape}) has {count}."
            yield Finding("size", "bad", text, "Save the array that the program feeds, all of it and nothing else.")
        else:
            text = (
                f"The buffer has {buffer.data.size} bytes; the input {name!r} ({shape}) "
                f"has {count} as uint8 or int8, {2 * count} as float16, {4 * count} as float32."
            )
            yield Finding("size", "bad", text, "Give n_elems times the bytes of the type.")
        yield from _looks_like(buffer.data.size, network, count)
    if declared and networks and buffer.data.size % np.dtype(declared).itemsize:
        text = f"{buffer.data.size} bytes are no whole number of {declared} values."
        yield Finding("size-of-type", "bad", text, "Check input.size: it counts bytes, not elements.")


def attribute_findings(buffer: Buffer, network: NetworkInput, dtype: str, attr: TensorAttr) -> Iterator[Finding]:
    """What the board's own attribute of an input says of a buffer that was read as `dtype`."""
    count = math.prod(network.shape)
    said = math.prod(attr.dims) if attr.dims else attr.n_elems
    if said is not None and said != count:
        text = f"The board's input has {said} elements, but the network's has {count}."
        yield Finding("attribute-elements", "bad", text, "Open the network that the .rknn on the board was made of.")
    size = buffer.data.size
    if dtype != attr.type or not attr.size_with_stride:
        return
    if size == attr.size_with_stride:
        yield Finding(
            "size-with-stride", "good", f"The buffer has size_with_stride, {size} bytes: right for zero copy."
        )
    elif size < attr.size_with_stride:
        text = (
            f"Zero-copy memory of this input has {attr.size_with_stride} bytes (size_with_stride), the buffer {size}."
        )
        yield Finding(
            "size-with-stride", "note", text, "Copy row by row to w_stride there; rknn_inputs_set needs nothing."
        )


def _looks_like(size: int, network: NetworkInput, count: int) -> Iterator[Finding]:
    channels = network.channels
    if not network.is_picture or not channels:
        return
    plane = count // channels
    if 2 * size == 3 * plane:
        text = "The size is that of a YUV picture with 12 bits a pixel (NV12, NV21, I420)."
        yield Finding("yuv", "bad", text, "Convert it to RGB or BGR first (RGA, or cv::cvtColor).")
    for other, name in ((4, "RGBA"), (3, "RGB"), (1, "grey")):
        if other != channels and size == plane * other:
            text = f"The size is that of a picture with {other} channels ({name}), but the network has {channels}."
            yield Finding("channels", "bad", text, f"Convert the picture to {channels} channels.")
