"""Inputs of several networks, a picture with colours, and what a program may give for it."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.capi.buffers import Buffer
from workbench.capi.expected import Expected, NetworkInput
from workbench.graph.graph import Tensor
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.encoding import Encoding, asymmetric

IMAGENET = Preprocess(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))


def network(
    shape: tuple[int, ...], settings: Preprocess, chip: str = "rk3588", dtype: str = "int8", name: str = "data"
) -> NetworkInput:
    """An input whose encoding comes from pixels of 0 to 255."""
    found = NetworkInput(Tensor(name, shape, "float32"), settings, None, chip)
    ends = [
        (end * settings.scale - found.mean_of(channel)) / found.std_of(channel)
        for channel in range(found.channels)
        for end in (0, 255)
    ]
    return replace(found, encoding=asymmetric(min(ends), max(ends), dtype))


NETWORKS = {
    "rgb": network((1, 3, 24, 32), IMAGENET),
    "bgr": network((1, 3, 32, 24), Preprocess((104.0, 117.0, 123.0), (1.0,), order="bgr")),
    "nhwc": network((1, 40, 28, 3), Preprocess((127.5,), (127.5,), layout="nhwc")),
    "grey": network((1, 1, 28, 36), Preprocess((33.0,), (78.0,), order="gray")),
    "rv1126": network((1, 3, 24, 24), Preprocess((128.0,), (128.0,)), "rv1126", "uint8"),
    "float16": replace(network((1, 3, 24, 32), IMAGENET), encoding=Encoding("float16")),
}


def picture(folder: Path, height: int, width: int) -> Path:
    """Smooth, with channels that are unlike each other."""
    import cv2

    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    planes = [255 * x, 255 * (1 - y) * x + 20 * y, 60 + 120 * np.sin(3 * x + 5 * y) ** 2]
    path = folder / "picture.png"
    cv2.imwrite(str(path), np.clip(np.stack(planes, 2), 0, 255).astype(np.uint8))
    return path


def expected(folder: Path, name: str) -> Expected:
    """The input of one of `NETWORKS` with a picture of its size."""
    found = NETWORKS[name]
    sides = found.shape[1:]
    height, width = (sides[0], sides[1]) if found.settings.layout == "nhwc" else (sides[1], sides[2])
    return Expected(found, picture(folder, height, width))


def as_fed(values: np.ndarray, one: Expected) -> np.ndarray:
    """An array of the network's layout as N, H, W, C, as a program gives it."""
    return values if one.input.settings.layout == "nhwc" else values.transpose(0, 2, 3, 1)


def buffer_of(values: np.ndarray, dtype: str = "") -> Buffer:
    """The bytes of an array; its type is not told unless it is given."""
    return Buffer(Path("fed.bin"), np.ascontiguousarray(values).reshape(-1).view(np.uint8), dtype)
