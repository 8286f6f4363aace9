"""The nouns of a network. All values are immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from workbench.graph.grids import Grid

if TYPE_CHECKING:  # slow to import, and whoever only names tensors needs none of it
    import onnx

Shape = tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True)
class Tensor:
    """A named array; a dimension is a number, a symbol or None; `dtype` is numpy's name, "" where unknown."""

    name: str
    shape: Shape | None
    dtype: str = ""

    @property
    def static_shape(self) -> tuple[int, ...] | None:
        """The shape when every dimension is a number."""
        if self.shape is None or not all(isinstance(size, int) for size in self.shape):
            return None
        return cast("tuple[int, ...]", self.shape)


@dataclass(frozen=True, slots=True)
class Layer:
    """An operator and the tensors it takes and gives; an absent optional input is ""."""

    name: str
    op: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    domain: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    """Layers in execution order. `tensors` knows every tensor, constants included; `constants` names those."""

    layers: tuple[Layer, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    tensors: Mapping[str, Tensor]
    constants: frozenset[str]

    @cached_property
    def producers(self) -> Mapping[str, Layer]:
        """The layer that gives each tensor."""
        return {name: layer for layer in self.layers for name in layer.outputs if name}

    @cached_property
    def consumers(self) -> Mapping[str, tuple[Layer, ...]]:
        """The layers that take each tensor, in execution order."""
        found: dict[str, list[Layer]] = {}
        for layer in self.layers:
            for name in dict.fromkeys(layer.inputs):
                if name:
                    found.setdefault(name, []).append(layer)
        return {name: tuple(layers) for name, layers in found.items()}


@dataclass(frozen=True)
class Model:
    """A network as the workbench runs it.

    `proto` is normalised: dimensions fixed, Constant nodes turned into initialisers, initialisers no inputs, every
    node named. It must not be changed. Of large constants it has the description only: their values are in `large`.
    `digest` is the hash of file, external data and shapes.

    A network of another framework has its operators as they are; its `proto` can be looked at and not be run. `files`
    are what the framework's loader takes, `grids` what the integers of its tensors stand for.

    `stamps` are those of its files, if a later look at them tells whether it is still the same (`settled_stamps`).
    """

    path: Path
    proto: "onnx.ModelProto"
    graph: Graph
    digest: str
    framework: str = "onnx"
    files: tuple[Path, ...] = ()
    grids: Mapping[str, Grid] = field(default_factory=dict)
    large: Mapping[str, np.ndarray] = field(default_factory=dict)
    stamps: Mapping[Path, tuple[int, int]] = field(default_factory=dict, compare=False)

    @property
    def is_onnx(self) -> bool:
        """Whether ONNX Runtime can run it."""
        return self.framework == "onnx"

    @property
    def is_channels_last(self) -> bool:
        """Whether it has pictures as NHWC by nature."""
        return self.framework in ("tflite", "tensorflow")

    @cached_property
    def constants(self) -> Mapping[str, np.ndarray]:
        """The initialisers as arrays."""
        from workbench.graph.large_constants import values_of

        return {item.name: values_of(item, self.large) for item in self.proto.graph.initializer}
