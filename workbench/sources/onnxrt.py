"""The reference: the user's network as ONNX Runtime computes it, every tensor exposed."""

from collections.abc import Collection, Mapping
from contextlib import ExitStack
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
        known = byte_sizes(model.graph.tensors)
        self._sizes = {name: known[name] for name in tensors if name in known}
        self._network = Network(model.proto, tensors, self._sizes, large=model.large)

    def problems(self) -> list[str]:
        """Nothing is missing: ONNX Runtime comes with the program."""
        return []

    def dump(self, request: DumpRequest, out: Path, later: ExitStack | None = None) -> Steps[Path]:
        """Write the golden dump as the values come; it is complete at the end, or when `later` closes."""
        info = {"source": self.name, **request.info}
        with ExitStack() as stack:
            writer = stack.enter_context(DumpWriter(out, info, sum(self._sizes.values())))
            for name, array in request.feeds.items():
                writer.add(name, array, op="Input")

            def keep(name: str, array: np.ndarray) -> None:
                if array.dtype.kind in "biuf":  # not strings
                    writer.add(name, array, op=self._ops.get(name, ""), encoding=self._encodings.get(name))

            with explained(self._model):
                yield from self._network.run(request.feeds, keep, "reference")
            if later is not None:
                later.push(stack.pop_all())
        return out
