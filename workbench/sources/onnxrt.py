"""The reference: the user's network as ONNX Runtime computes it, every tensor exposed."""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from workbench.dump.store import DumpWriter
from workbench.foundation.steps import Steps
from workbench.graph.execute import Network, byte_sizes
from workbench.graph.graph import Model
from workbench.quantize.encoding import Encoding
from workbench.sources.source import DumpRequest, explained


class Reference:
    """Golden values. Its sessions are made on the first dump and kept; one thread at a time."""

    name = "reference"

    def __init__(self, model: Model, tensors: Collection[str], encodings: Mapping[str, Encoding] | None = None) -> None:
        """`tensors` are what a dump holds besides the inputs, `encodings` what integers among them stand for."""
        self._model = model
        self._encodings = encodings or {}
        self._ops = {name: layer.op for layer in model.graph.layers for name in layer.outputs}
        self._network = Network(model.proto, tensors, byte_sizes(model.graph.tensors))

    def problems(self) -> list[str]:
        """Nothing is missing: ONNX Runtime comes with the program."""
        return []

    def dump(self, request: DumpRequest, out: Path) -> Steps[Path]:
        """Write the golden dump as the values come."""
        with DumpWriter(out, {"source": self.name, **request.info}) as writer, explained(self._model):
            for name, array in request.feeds.items():
                writer.add(name, array, op="Input")

            def keep(name: str, array: np.ndarray) -> None:
                if array.dtype.kind in "biuf":  # not strings
                    writer.add(name, array, op=self._ops.get(name, ""), encoding=self._encodings.get(name))

            yield from self._network.run(request.feeds, keep, "reference")
        return out
