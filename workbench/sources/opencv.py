"""The reference of Caffe, Darknet, TensorFlow and TensorFlow Lite networks: OpenCV's dnn module, layer by layer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from workbench.dump.store import DumpWriter
from workbench.foundation.steps import Steps, Warn
from workbench.foundation.threads import in_thread
from workbench.graph.execute import byte_sizes
from workbench.graph.foreign.layouts import to_own
from workbench.graph.foreign.opencv_net import layers_of, open_net, refused, to_opencv
from workbench.graph.foreign.tflite import constants
from workbench.sources.foreign_source import ForeignSource
from workbench.sources.source import DumpRequest
from workbench.sources.tflite_dense import DENSE, corrected

AT_ONCE = 256 * 2**20  # bytes of tensors that are asked for in one run
MOST_NAMED = 3
WRONG = "OpenCV computes {0} tensors behind a layer whose bias it leaves away, and they are left out: {1}."
LOST = "OpenCV computes {0} of {1} tensors as part of another and does not give their values: {2}."


class OpenCv(ForeignSource):
    """Golden values of one network, read on the first dump; one thread at a time.

    OpenCV computes in float32 and cannot be stopped inside a run.
    """

    def problems(self) -> list[str]:
        """Nothing is missing: OpenCV comes with the program."""
        return []

    def dump(self, request: DumpRequest, out: Path, later: ExitStack | None = None) -> Steps[Path]:
        """Write the golden dump; it is complete at the end, or when `later` closes."""
        net = open_net(self._model.framework, self._model.files)
        sources = layers_of(self._model.framework, self._model.graph.layers, net.getLayerNames())
        yield from self._told_of_missing(sources)
        with ExitStack() as stack:
            sizes = byte_sizes(self._model.graph.tensors)
            writer = stack.enter_context(self._writer(out, request, sum(sizes.values())))
            for name, array in request.feeds.items():
                writer.add(name, array, op="Input")
                net.setInput(to_opencv(array, self._model.framework), self._input(name))
            if any(layer.op == DENSE for layer in self._model.graph.layers):
                yield from self._put_right(net, sources, request.feeds, writer)
            else:
                yield from self._streamed(net, sources, writer)
            if later is not None:
                later.push(stack.pop_all())
        return out

    def _input(self, name: str) -> str:
        """OpenCV's name of an input; the only one needs none."""
        return name.removesuffix(":0") if len(self._model.graph.inputs) > 1 else ""

    def _streamed(self, net: object, sources: Mapping[str, str], writer: DumpWriter) -> Steps[None]:
        """Write what OpenCV gives, as much at a time as fits into memory."""
        for names in self._parts([name for name in sources if name in self._wanted]):
            arrays = yield from self._computed(net, [sources[name] for name in names])
            for name, array in zip(names, arrays, strict=True):
                self._keep(writer, name, self._own(name, array))

    def _put_right(
        self, net: object, sources: Mapping[str, str], feeds: Mapping[str, np.ndarray], writer: DumpWriter
    ) -> Steps[None]:
        """The same for networks with layers that OpenCV computes wrongly; all values are in memory at once."""
        arrays = yield from self._computed(net, list(sources.values()))
        values = {name: self._own(name, array) for name, array in zip(sources, arrays, strict=True)}
        found, lost = corrected(self._model.graph.layers, {**feeds, **values}, constants(self._model.files[0]))
        if lost:
            yield Warn(WRONG.format(len(lost), ", ".join(lost[:MOST_NAMED])))
        for name, value in found.items():
            if name in self._wanted:
                self._keep(writer, name, self._own(name, value))

    def _own(self, name: str, array: np.ndarray) -> np.ndarray:
        return to_own(array, self._model.framework, self._model.graph.tensors[name].static_shape)

    def _parts(self, names: Sequence[str]) -> Iterator[list[str]]:
        """As many tensors at a time as fit into memory; each part is a run of its own."""
        sizes = byte_sizes(self._model.graph.tensors)
        part: list[str] = []
        filled = 0
        for name in names:
            size = sizes.get(name, 0)
            if part and filled + size > AT_ONCE:
                yield part
                part, filled = [], 0
            part.append(name)
            filled += size
        if part:
            yield part

    def _computed(self, net: object, layers: Sequence[str]) -> Steps[list[np.ndarray]]:
        def run() -> list[np.ndarray]:
            with refused(self._model.path):
                return [np.asarray(array) for array in net.forward(list(layers))]  # type: ignore[attr-defined]

        return (yield from in_thread(run, "reference"))

    def _told_of_missing(self, sources: Mapping[str, str]) -> Steps[None]:
        lost = [name for layer in self._model.graph.layers for name in layer.outputs if name not in sources]
        lost = [name for name in lost if name in self._wanted]
        if lost:
            named = ", ".join(lost[:MOST_NAMED]) + (" …" if len(lost) > MOST_NAMED else "")
            yield Warn(LOST.format(len(lost), len(self._wanted), named))
