"""Which library computes the golden values of a network."""

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from workbench.foundation.errors import ModelError, SettingsError
from workbench.foundation.steps import Steps, Warn
from workbench.graph.foreign import kinds
from workbench.graph.graph import Model
from workbench.quantize.encoding import Encoding
from workbench.sources import litert
from workbench.sources.litert import LiteRt
from workbench.sources.onnxrt import Reference
from workbench.sources.opencv import OpenCv
from workbench.sources.source import DumpRequest
from workbench.sources.torchscript import Torch

WITHOUT = "The runtime of TensorFlow Lite cannot compute the golden values, OpenCV does: {0}"
INSTALL = "Install ai-edge-litert (pip install 'rknn-workbench[tflite]'), or import golden values of your own."


class GoldenSource(Protocol):
    """A source whose last dump may be completed later."""

    name: str

    def problems(self) -> list[str]: ...

    def dump(self, request: DumpRequest, out: Path, later: ExitStack | None = None) -> Steps[Path]: ...


def reference_of(
    model: Model, tensors: Collection[str], encodings: Mapping[str, Encoding] | None = None
) -> GoldenSource:
    """What computes the golden values of `tensors`; `encodings` are what integers among them stand for."""
    if model.is_onnx:
        return Reference(model, tensors, encodings)
    if model.framework == kinds.PYTORCH:
        return Torch(model, tensors)
    known = own_encodings(model)
    if model.framework == kinds.TFLITE:
        return _TfLite(model, tensors, known)
    return OpenCv(model, tensors, known)


def reference_name(model: Model) -> str:
    """What computes them, with its version: other golden values come of another one."""
    if model.framework == kinds.TFLITE and litert.is_installed():
        return f"litert {litert.version()}"
    if model.framework == kinds.PYTORCH:
        return "torch"
    import cv2

    return f"opencv {cv2.__version__}"


def own_encodings(model: Model) -> dict[str, Encoding]:
    """What the integers of a network stand for that stores its tensors so."""
    return {name: Encoding(grid.dtype, grid.scale, grid.zero_point, grid.axis) for name, grid in model.grids.items()}


def refuse_embedded(path: Path) -> None:
    """Say what can be done where the embedded simulator is chosen for a network that is not ONNX."""
    framework = kinds.framework_of(path)
    if framework != kinds.ONNX:
        raise SettingsError(
            f"The embedded simulator computes ONNX networks; {path.name} is of {kinds.TITLES[framework]}.",
            "Choose the vendor's toolkit (--simulator toolkit) or none, or convert the network to ONNX.",
        )


def refuse_toolkits_graph(path: Path) -> None:
    """Say that nothing computes the toolkit's own graph, which tells no values."""
    if kinds.framework_of(path) == kinds.RKNN:
        raise SettingsError(
            f"{path.name} is the toolkit's own graph: it can be looked at, and nothing computes it.",
            "Analyse the network that it was made from.",
        )


class _TfLite:
    """The network's own runtime where it is installed and takes the network, else OpenCV."""

    name = "reference"

    def __init__(self, model: Model, tensors: Collection[str], encodings: Mapping[str, Encoding]) -> None:
        self._own = LiteRt(model, tensors, encodings)
        self._opencv = OpenCv(model, tensors, encodings)

    def problems(self) -> list[str]:
        return []

    def dump(self, request: DumpRequest, out: Path, later: ExitStack | None = None) -> Steps[Path]:
        problems = self._own.problems()
        if not problems:
            return (yield from self._own.dump(request, out, later))
        if litert.is_installed():
            yield Warn(WITHOUT.format(problems[0]))
        try:
            return (yield from self._opencv.dump(request, out, later))
        except ModelError as error:
            raise ModelError(error.message, error.hint if litert.is_installed() else INSTALL) from error
