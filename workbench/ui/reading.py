"""What the worker process does for the window. Nothing here knows Qt, so that the process starts quickly."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.graph.graph import Model, Tensor
from workbench.graph.read import DynamicShapeError, read_model


@dataclass(frozen=True)
class OpenShapes:
    """A network whose inputs leave dimensions open; `guess` proposes a shape for each."""

    inputs: tuple[Tensor, ...]
    guess: Mapping[str, tuple[int, ...]]


def read_network(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> Model | OpenShapes:
    """The network, or what has to be asked before it can be read."""
    try:
        return read_model(path, shapes)
    except DynamicShapeError as error:
        return OpenShapes(error.inputs, error.guess)


def warm_up() -> bool:
    """Nothing but the imports of this module: the first network then opens at once."""
    return True
