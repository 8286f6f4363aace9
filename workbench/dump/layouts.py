"""Memory layouts of dumped tensors, back to the network's own.

NC1HWC2 is how Rockchip's NPU keeps a feature map: channels in groups of C2 (4, 8 or 16, by platform and type), the
group innermost, the last one filled up (RKNN facts §6.2).
"""

import math
from collections.abc import Iterator

import numpy as np

LAYOUTS = ("", "nchw", "nhwc", "nc1hwc2")
GROUPS = (4, 8, 16)
GROUPED = "nc1hwc2"
LAST = "nlc"
"""Of three dimensions N, C, L the second one last."""

_WIDE = {"int8": 16, "uint8": 16, "float16": 8, "int16": 8}
_NARROW = {"int8": 8, "uint8": 8, "float16": 4, "int16": 4}
_SMALL = {"int8": 8, "uint8": 8}
C2 = {
    "rk3566": _NARROW, "rk3568": _NARROW, "rk3562": _WIDE, "rk3576": _WIDE, "rk3588": _WIDE, "rv1126b": _WIDE,
    "rv1103": _WIDE, "rv1106": _WIDE, "rv1103b": _SMALL, "rv1106b": _SMALL, "rk2118": {"float16": 4},
}  # fmt: skip
"""Channels in a group by chip and stored type. Source: RKNN facts §6.2; rv1126b is taken for one of the wide ones."""


class LayoutError(ValueError):
    """Values that cannot be brought into the network's layout; the text says why."""


def grouped(group: int) -> str:
    """NC1HWC2 with a known C2."""
    return f"{GROUPED}:{group}"


def is_layout(text: str) -> bool:
    """Whether a text names the layout of a tensor."""
    return text in (*LAYOUTS[1:], LAST, *map(grouped, GROUPS))


def on_chip(layout: str, chip: str, dtype: str) -> str:
    """NC1HWC2 with the C2 that a chip has for a stored type; any other layout, or of an unknown chip, as it is."""
    group = C2.get(chip.lower(), {}).get(dtype, 0)
    return grouped(group) if layout == GROUPED and group else layout


def to_network(values: np.ndarray, layout: str, shape: tuple[int, ...]) -> np.ndarray:
    """`values` in the network's `shape`; unchanged when the number of elements does not allow it.

    `layout` "" or "nchw": the network's own order. "nhwc": four dimensions come as N, H, W, C, unless the values have
    the network's shape and it is a different one. "nc1hwc2": five dimensions, or flat values whose C2 is unmistakable
    or given as in "nc1hwc2:16". "nlc": three dimensions come as N, L, C. Tensors that are not of four dimensions have
    no other layout: their order is the network's.
    """
    if layout == "nhwc" and len(shape) == 4:
        return _from_nhwc(values, shape)
    if layout == LAST and len(shape) == 3 and values.size == math.prod(shape):
        n, c, length = shape
        return np.ascontiguousarray(values.reshape(n, length, c).transpose(0, 2, 1))
    name, _, group = layout.partition(":")
    if name == GROUPED and len(shape) == 4 and values.shape != shape:
        return _from_nc1hwc2(values, shape, int(group or 0))
    fits = values.size == math.prod(shape) and (values.ndim <= 1 or _squeezed(values.shape, shape))
    return values.reshape(shape) if fits else values


def ways(shape: tuple[int, ...]) -> Iterator[tuple[str, int]]:
    """The layouts in which a tensor may lie in memory, each with the number of values it has there.

    Those that give the same order are left out: a tensor of one channel is the same in all.
    """
    size = math.prod(shape)
    yield "nchw", size
    if len(shape) == 3 and min(shape[1:]) > 1:
        yield LAST, size
    if len(shape) != 4 or size == 0:
        return
    n, c, h, w = shape
    if c > 1 and h * w > 1:
        yield "nhwc", size
    for group in GROUPS:
        stored = n * -(-c // group) * group * h * w
        if stored != size or (c > group and h * w > 1):  # else one of the two above, without padding
            yield grouped(group), stored


def network_places(shape: tuple[int, ...], layout: str, at: np.ndarray) -> np.ndarray:
    """Where in the network's own order the values lie that a layout has at the flat places `at`; -1 for padding."""
    if layout == LAST:
        _, c, length = shape
        rest, channel = np.divmod(at, c)
        batch, place = np.divmod(rest, length)
        return np.asarray((batch * c + channel) * length + place)
    if layout in ("", "nchw"):
        return at
    _, c, h, w = shape
    if layout == "nhwc":
        rest, channel = np.divmod(at, c)
        batch, place = np.divmod(rest, h * w)
    else:
        group = int(layout.partition(":")[2])
        rest, lane = np.divmod(at, group)
        rest, place = np.divmod(rest, h * w)
        batch, first = np.divmod(rest, -(-c // group))
        channel = first * group + lane
    found = (batch * c + channel) * (h * w) + place
    return np.where(channel < c, found, -1)


def _squeezed(shape: tuple[int, ...], network: tuple[int, ...]) -> bool:
    """Whether the shapes differ only by sides of one, so that the order cannot be mistaken."""
    return [side for side in shape if side != 1] == [side for side in network if side != 1]


def _from_nhwc(values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    n, c, h, w = shape
    if values.size != math.prod(shape) or (values.shape == shape and shape != (n, h, w, c)):
        return values
    if values.ndim > 1 and not _squeezed(values.shape, (n, h, w, c)):
        return values
    return np.ascontiguousarray(values.reshape(n, h, w, c).transpose(0, 3, 1, 2))


def _from_nc1hwc2(values: np.ndarray, shape: tuple[int, ...], group: int) -> np.ndarray:
    n, c, h, w = shape
    if values.ndim == 5:
        c2 = values.shape[4]
    elif values.ndim == 1 and 0 not in shape and values.size % (n * h * w) == 0:
        lanes = values.size // (n * h * w)
        c2 = _group(lanes, c, (group,) if group else GROUPS)
    else:
        return values
    c1 = -(-c // c2)
    if values.size != n * c1 * h * w * c2 or (values.ndim == 5 and values.shape != (n, c1, h, w, c2)):
        return values
    lanes_apart = values.reshape(n, c1, h, w, c2).transpose(0, 1, 4, 2, 3).reshape(n, c1 * c2, h, w)
    return np.ascontiguousarray(lanes_apart[:, :c])


def _group(lanes: int, channels: int, groups: tuple[int, ...]) -> int:
    """C2 of flat values that have room for `lanes` channels, of those that it can be."""
    fitting = [c2 for c2 in groups if -(-channels // c2) * c2 == lanes]
    if len(fitting) != 1:
        found = " or ".join(map(str, fitting)) or f"none of {', '.join(map(str, groups))}"
        raise LayoutError(f"{lanes} lanes for {channels} channels fit groups of {found}")
    return fitting[0]
