"""The reference of TensorFlow Lite networks where their own runtime is installed (the extra `tflite`)."""

import importlib.util
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from workbench.dump.store import DumpWriter
from workbench.foundation.errors import ModelError
from workbench.foundation.steps import Progress, Steps
from workbench.graph.foreign.tflite import names_of
from workbench.sources.foreign_source import ForeignSource
from workbench.sources.source import DumpRequest

PACKAGE = "ai_edge_litert"
HOW = "Give dumps of your own as golden values (`rknn-workbench import SESSION DUMPS --as golden`)."


class LiteRt(ForeignSource):
    """Golden values, integers as the network stores them; the reference kernels compute them, in one thread."""

    _interpreter: Any = None

    def problems(self) -> list[str]:
        """Why it cannot run: the package is missing, or refuses the network."""
        if not is_installed():
            return ["The runtime of TensorFlow Lite is not installed; install ai-edge-litert."]
        try:
            self._open()
        except ModelError as error:
            return [error.message]
        return []

    def dump(self, request: DumpRequest, out: Path, later: ExitStack | None = None) -> Steps[Path]:
        """Write the golden dump; it is complete at the end, or when `later` closes."""
        interpreter = self._open()
        yield Progress("reference", 0, 0)
        with ExitStack() as stack:
            writer = stack.enter_context(self._writer(out, request))
            for details, (name, array) in zip(interpreter.get_input_details(), request.feeds.items(), strict=True):
                writer.add(name, array, op="Input", encoding=self._encodings.get(name))
                interpreter.set_tensor(details["index"], np.asarray(array, details["dtype"]))
            interpreter.invoke()
            yield from self._write(writer, interpreter)
            if later is not None:
                later.push(stack.pop_all())
        return out

    def _write(self, writer: DumpWriter, interpreter: Any) -> Steps[None]:
        places = {name: index for index, name in enumerate(names_of(self._model.files[0]))}
        given = self._given()
        for done, name in enumerate(given):
            yield Progress("reference", done, len(given), name)
            self._keep(writer, name, np.asarray(interpreter.get_tensor(places[name])))

    def _open(self) -> Any:
        """The interpreter, with every tensor kept and its inputs as large as the session says."""
        if self._interpreter is None:
            from ai_edge_litert.interpreter import Interpreter, OpResolverType

            try:
                interpreter = Interpreter(
                    str(self._model.files[0]),
                    experimental_preserve_all_tensors=True,
                    experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
                    num_threads=1,
                )
                for details, item in zip(interpreter.get_input_details(), self._model.graph.inputs, strict=True):
                    if tuple(details["shape"]) != item.static_shape:
                        interpreter.resize_tensor_input(details["index"], item.static_shape)
                interpreter.allocate_tensors()
            except (ValueError, RuntimeError) as error:
                reason = " ".join(str(error).split())[:200]
                raise ModelError(
                    f"The runtime of TensorFlow Lite refuses {self._model.path.name}: {reason}.", HOW
                ) from error
            self._interpreter = interpreter
        return self._interpreter


def is_installed() -> bool:
    """Whether the package is there."""
    return importlib.util.find_spec(PACKAGE) is not None


def version() -> str:
    """The package's version."""
    from importlib.metadata import version as version_of

    return version_of("ai-edge-litert")
