"""A network of the size of MobileNetV2 (3.5 million weights, 300 million multiply-accumulates), with random weights."""

from pathlib import Path

from tests.networks import Builder

BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""Expansion, channels, repetitions and first stride of the blocks, from the paper's table 2."""


def mobilenet_v2(path: Path, size: int = 224) -> Path:
    """The network with `size` x `size` pictures and 1000 classes."""
    net = Builder()
    value, channels = net.clip(net.conv("input", 3, 32, 3, 2)), 32
    for expansion, given, count, first in BLOCKS:
        for number in range(count):
            value, channels = _block(net, value, (channels, given, expansion, first if number == 0 else 1)), given
    value = net.clip(net.conv(value, channels, 1280))
    net.add("GlobalAveragePool", [value], "/pool/GlobalAveragePool_output_0")
    value = net.conv("/pool/GlobalAveragePool_output_0", 1280, 1000)
    net.add("Flatten", [value], "output", axis=1)
    return net.save(path, (1, 3, size, size), {"output": (1, 1000)})


def _block(net: Builder, source: str, sizes: tuple[int, int, int, int]) -> str:
    taken, given, expansion, stride = sizes
    wide = taken * expansion
    value = source if expansion == 1 else net.clip(net.conv(source, taken, wide))
    value = net.clip(net.conv(value, wide, wide, 3, stride, group=wide))
    value = net.conv(value, wide, given)
    if stride != 1 or taken != given:
        return value
    return net.add("Add", [source, value], f"{value}/Add_output_0")
