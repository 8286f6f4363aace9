"""What the references of networks that are not ONNX have in common."""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from workbench.dump.store import DumpWriter
from workbench.graph.graph import Model
from workbench.quantize.encoding import Encoding
from workbench.sources.source import DumpRequest


class ForeignSource:
    """Golden values of one network, with the operator that gave each."""

    name = "reference"

    def __init__(self, model: Model, tensors: Collection[str], encodings: Mapping[str, Encoding] | None = None) -> None:
        """`tensors` are what a dump holds besides the inputs, `encodings` what integers among them stand for."""
        self._model = model
        self._wanted = frozenset(tensors)
        self._encodings = encodings or {}
        self._ops = {name: layer.op for layer in model.graph.layers for name in layer.outputs}

    def _given(self) -> list[str]:
        """What a dump holds besides the inputs, in the order of the layers."""
        return [name for name in self._ops if name in self._wanted]

    def _writer(self, out: Path, request: DumpRequest, size: int = 0) -> DumpWriter:
        """Writes the dump of `size` bytes, as far as that is known."""
        return DumpWriter(out, {"source": self.name, "framework": self._model.framework, **request.info}, size)

    def _keep(self, writer: DumpWriter, name: str, array: np.ndarray) -> None:
        """Write a tensor of numbers; integers have an encoding where the network gives one."""
        encoding = self._encodings.get(name) if array.dtype.kind in "iu" else None
        if array.dtype.kind in "biuf":
            writer.add(name, array, op=self._ops.get(name, ""), encoding=encoding)
