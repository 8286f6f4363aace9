"""Networks of other frameworks as OpenCV's dnn module reads them, and which of its layers gives which tensor.

OpenCV computes pictures with channels first, whatever the network's own layout is; see `layouts`.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from workbench.foundation.errors import ModelError
from workbench.graph.foreign import kinds
from workbench.graph.foreign.layouts import nchw_shape, own_shape, to_nchw
from workbench.graph.graph import Graph, Layer, Tensor

READERS = {
    kinds.CAFFE: "readNetFromCaffe", kinds.DARKNET: "readNetFromDarknet", kinds.TFLITE: "readNetFromTFLite",
    kinds.TENSORFLOW: "readNetFromTensorflow",
}  # fmt: skip
BIASED = ("Conv2D", "DepthwiseConv2dNative", "MatMul", "Conv2DBackpropInput", "Conv3D")
HINT = "Import golden values of your own (`rknn-workbench import SESSION DUMPS --as golden`), or convert it to ONNX."
ACTIVATIONS = {"lrelu": "relu"}


def open_net(framework: str, files: Sequence[Path]) -> Any:
    """The network; nothing is fused or transformed, so that every tensor can be asked for."""
    import cv2

    path = files[0]
    for file in files:
        kinds.read_start(file)  # OpenCV's words for a missing file say nothing to a user
    with refused(path):
        net = getattr(cv2.dnn, READERS[framework])(*map(str, files))
    net.enableFusion(False)
    net.enableWinograd(False)
    return net


@contextmanager
def refused(path: Path) -> Any:
    """What OpenCV raises inside becomes a sentence about the network."""
    import cv2

    try:
        with _quiet():
            yield
    except (cv2.error, SystemError) as error:
        raise ModelError(f"OpenCV cannot compute {path.name}: {_reason(error)}.", HINT) from error


def layers_of(framework: str, graph_layers: Sequence[Layer], names: Sequence[str]) -> dict[str, str]:
    """Which of OpenCV's layers, `names` in its order, gives each tensor; those that it does not keep are missing."""
    if framework == kinds.TFLITE:
        return _behind_activation(graph_layers, names)
    if framework == kinds.TENSORFLOW:
        return _with_bias(graph_layers, names)
    find = _of_darknet if framework == kinds.DARKNET else _of_caffe
    found: dict[str, str] = {}
    place = 0
    for layer in graph_layers:  # both are in the order of the file
        wanted = find(layer)
        at = next((at for at in range(place, len(names)) if names[at] in wanted), None)
        if at is not None and layer.outputs:
            found[layer.outputs[0]] = names[at]
            place = at + 1
    return found


def shapes_of(
    net: Any, framework: str, sources: Mapping[str, str], inputs: Sequence[Tensor]
) -> dict[str, tuple[int, ...]]:
    """The shapes of the tensors that OpenCV gives, in the network's own layout; `sources` is `layers_of`."""
    fed = [list(nchw_shape(item.static_shape or (), framework)) for item in inputs]
    _, _, given = net.getLayersShapes(fed if len(fed) > 1 else fed[0])
    by_layer = {name: shapes[0] for name, shapes in zip(["", *net.getLayerNames()], given, strict=False) if len(shapes)}
    found = {}
    for tensor, layer in sources.items():
        if layer in by_layer:
            shape = tuple(int(size) for size in np.asarray(by_layer[layer]).ravel())
            found[tensor] = own_shape(shape, framework)
    return found


def to_opencv(array: np.ndarray, framework: str) -> np.ndarray:
    """Feeds as OpenCV takes them: float32, pictures with channels first."""
    return np.ascontiguousarray(to_nchw(np.asarray(array, np.float32), framework))


def known_shapes(net: Any, framework: str, graph: Graph) -> dict[str, tuple[int, ...]]:
    """The shapes of a graph's tensors, as far as OpenCV knows them."""
    return shapes_of(net, framework, layers_of(framework, graph.layers, net.getLayerNames()), graph.inputs)


def _behind_activation(layers: Sequence[Layer], names: Sequence[str]) -> dict[str, str]:
    """Layers have the names of TensorFlow Lite's tensors; one with an activation in it is two in OpenCV."""
    known = set(names)
    found: dict[str, str] = {}
    for name in (name for layer in layers for name in layer.outputs[:1]):
        best = next((item for item in (f"{name}/activ", name) if item in known), None)
        if best is not None:
            found[name] = best
    return found


def _with_bias(layers: Sequence[Layer], names: Sequence[str]) -> dict[str, str]:
    """Layers have the names of nodes; a bias that OpenCV has put into the operator before it has that one's name."""
    known = set(names)
    found = {layer.outputs[0]: layer.name for layer in layers if layer.outputs and layer.name in known}
    ops = {layer.outputs[0]: layer.op for layer in layers}
    for layer in layers:
        if layer.op in ("BiasAdd", "Add", "AddV2") and layer.name not in known and len(layer.inputs) == 1:
            (source,) = layer.inputs
            if ops.get(source) in BIASED and source in found:
                found[layer.outputs[0]] = found.pop(source)
    return {
        layer.outputs[0]: found[layer.outputs[0]] for layer in layers if layer.outputs and layer.outputs[0] in found
    }


def _of_caffe(layer: Layer) -> tuple[str, ...]:
    return (layer.name, *layer.outputs[:1])


def _of_darknet(layer: Layer) -> tuple[str, ...]:
    """OpenCV counts sections without [net]; it counts an activation as the section behind its own."""
    number, kind = layer.outputs[0].split("_", 1)
    place = int(number) - 1
    kind, _, part = kind.partition("_") if not kind.startswith("scale_channels") else (kind, "", "")
    if part == "bn":
        return (f"bn_{place}",)
    if part:
        return tuple(f"{name}_{place + 1}" for name in (part, layer.op, ACTIVATIONS.get(part, part)))
    return tuple(f"{name}_{place}" for name in _DARKNET.get(kind, (kind,)))


_DARKNET = {
    "convolutional": ("conv",), "connected": ("fullyConnected",), "maxpool": ("pool",), "route": ("concat", "identity"),
}  # fmt: skip


@contextmanager
def _quiet() -> Any:
    """OpenCV prints its complaints, and raises them as well."""
    import cv2

    before = cv2.getLogLevel() if hasattr(cv2, "getLogLevel") else cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(before)


def _reason(error: BaseException) -> str:
    """The part of OpenCV's message that a user can read: what stands behind the error's number."""
    text = " ".join(str(error).split())
    found = re.search(r"error: \(-?\d+:[^)]*\) (.*)", text)
    tail = found[1] if found else text
    return tail.rstrip(".")[:300]
