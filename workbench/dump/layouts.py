"""Memory layouts of dumped tensors, back to the network's own.

NC1HWC2 is how Rockchip's NPU keeps a feature map: channels in groups of C2 (4, 8 or 16, by platform and type), the
group innermost, the last one filled up (RKNN facts §6.2).
"""

import math

import numpy as np

LAYOUTS = ("", "nchw", "nhwc", "nc1hwc2")
GROUPS = (4, 8, 16)


class LayoutError(ValueError):
    """Values that cannot be brought into the network's layout; the text says why."""


def to_network(values: np.ndarray, layout: str, shape: tuple[int, ...]) -> np.ndarray:
    """`values` in the network's `shape`; unchanged when the number of elements does not allow it.

    `layout` "" or "nchw": the network's own order. "nhwc": four dimensions come as N, H, W, C, unless the values have
    the network's shape and it is a different one. "nc1hwc2": five dimensions, or flat values whose C2 is unmistakable.
    Tensors that are not of four dimensions have no layout: their order is the network's.
    """
    if layout == "nhwc" and len(shape) == 4:
        return _from_nhwc(values, shape)
    if layout == "nc1hwc2" and len(shape) == 4 and values.shape != shape:
        return _from_nc1hwc2(values, shape)
    fits = values.size == math.prod(shape) and (values.ndim <= 1 or _squeezed(values.shape, shape))
    return values.reshape(shape) if fits else values


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


def _from_nc1hwc2(values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    n, c, h, w = shape
    if values.ndim == 5:
        c2 = values.shape[4]
    elif values.ndim == 1 and 0 not in shape and values.size % (n * h * w) == 0:
        c2 = _group(values.size // (n * h * w), c)
    else:
        return values
    c1 = -(-c // c2)
    if values.size != n * c1 * h * w * c2 or (values.ndim == 5 and values.shape != (n, c1, h, w, c2)):
        return values
    grouped = values.reshape(n, c1, h, w, c2).transpose(0, 1, 4, 2, 3).reshape(n, c1 * c2, h, w)
    return np.ascontiguousarray(grouped[:, :c])


def _group(lanes: int, channels: int) -> int:
    """C2 of flat values that have room for `lanes` channels."""
    fitting = [c2 for c2 in GROUPS if -(-channels // c2) * c2 == lanes]
    if len(fitting) != 1:
        found = " or ".join(map(str, fitting)) or "none of 4, 8 and 16"
        raise LayoutError(f"{lanes} lanes for {channels} channels fit groups of {found}")
    return fitting[0]
