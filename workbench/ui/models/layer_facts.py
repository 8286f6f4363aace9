"""What the inspector tells of a row besides its errors: members, attributes, constants. No Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.graph.graph import Graph, Layer
from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors.layer_constants import Constant, constants

LONGEST = 60
MOST_CONSTANTS = 8


@dataclass(frozen=True)
class Facts:
    """`members` are the operators of the user's network that the row stands for, the others are all theirs."""

    members: tuple[tuple[str, str], ...]
    attributes: tuple[tuple[str, str], ...]
    constants: tuple[Constant, ...]


def facts(graph: Graph, names: Sequence[str]) -> Facts:
    """The facts about some layers of the user's network."""
    wanted = set(names)
    layers = [layer for layer in graph.layers if layer.name in wanted]
    own = {item.name: item for item in constants(graph, names) if item.folded is None}
    return Facts(
        tuple((layer.op, layer.name) for layer in layers),
        tuple(attributes(layers)),
        tuple(own.values())[:MOST_CONSTANTS],
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


def represented(encoding: Encoding) -> tuple[float, float] | None:
    """The least and greatest value that an encoding can hold, over all its channels; None for floats."""
    if not encoding.is_quantized:
        return None
    low, high = encoding.held
    return float(low.min()), float(high.max())
