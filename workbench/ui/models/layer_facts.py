"""What the inspector tells of a row besides its errors: members, attributes, weights. No Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import numpy_helper

from workbench.graph.graph import Graph, Layer, Model
from workbench.quantize.encoding import Encoding

LONGEST = 60
MOST_WEIGHTS = 8
Weight = tuple[str, tuple[int, ...], float, float]
"""Name, shape, least and greatest value."""


@dataclass(frozen=True)
class Facts:
    """`members` are the operators of the user's network that the row stands for; `attributes` are the first one's."""

    members: tuple[tuple[str, str], ...]
    attributes: tuple[tuple[str, str], ...]
    constants: tuple[str, ...]


def facts(graph: Graph, names: Sequence[str]) -> Facts:
    """The facts about some layers of the user's network."""
    wanted = set(names)
    layers = [layer for layer in graph.layers if layer.name in wanted]
    constants = dict.fromkeys(name for layer in layers for name in layer.inputs if name in graph.constants)
    return Facts(
        tuple((layer.op, layer.name) for layer in layers),
        tuple(attributes(layers)),
        tuple(constants),
    )


def attributes(layers: Iterable[Layer]) -> Iterable[tuple[str, str]]:
    """The attributes of all layers, as text."""
    for layer in layers:
        for key, value in layer.attributes.items():
            yield key, attribute_text(value)


def attribute_text(value: Any) -> str:
    """An attribute in one line."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        text = " ".join(attribute_text(item) for item in value)
    elif isinstance(value, np.ndarray):
        text = " × ".join(map(str, value.shape)) or str(value)
    else:
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def weights(model: Model, names: Sequence[str]) -> list[Weight]:
    """Shape and range of some constants. Decodes only these; not for the GUI thread."""
    wanted = set(list(names)[:MOST_WEIGHTS])
    found = {}
    for item in model.proto.graph.initializer:
        if item.name in wanted:
            array = numpy_helper.to_array(item)
            found[item.name] = (item.name, array.shape, *_ends(array))
    return [found[name] for name in names if name in found]


def represented(encoding: Encoding) -> tuple[float, float] | None:
    """The least and greatest value that an encoding can hold, over all its channels; None for floats."""
    if not encoding.is_quantized:
        return None
    low, high = encoding.limits
    ends = [
        ((low - zero) * scale, (high - zero) * scale)
        for scale, zero in zip(encoding.scale, encoding.zero_point, strict=True)
    ]
    return min(end[0] for end in ends), max(end[1] for end in ends)


def _ends(array: np.ndarray) -> tuple[float, float]:
    if not array.size or array.dtype.kind not in "fiub":
        return float("nan"), float("nan")
    return float(array.min()), float(array.max())
