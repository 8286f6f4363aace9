"""Reads networks of other frameworks; see `sketch` for what becomes of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.foundation.errors import ModelError
from workbench.graph import shapes as dims
from workbench.graph.foreign import caffe, darknet, kinds, tensorflow, tflite, torchscript, vendor
from workbench.graph.foreign.opencv_net import READERS, known_shapes, open_net, refused
from workbench.graph.foreign.sketch import Sketch, checked, digest_of, model_of
from workbench.graph.graph import Graph, Model, Tensor

Shapes = Mapping[str, tuple[int, ...]]
SKETCHES: Mapping[str, Callable[[tuple[Path, ...]], Sketch]] = {
    kinds.TFLITE: tflite.read, kinds.TENSORFLOW: tensorflow.read, kinds.CAFFE: caffe.read,
    kinds.DARKNET: darknet.read, kinds.PYTORCH: torchscript.read, kinds.RKNN: vendor.read,
}  # fmt: skip


def read_foreign(path: Path, weights: Path | None, shapes: Shapes, known: Model | None = None) -> Model:
    """The network of a file, its inputs fixed by `shapes`; see `read_model`."""
    framework, files = kinds.framework_of(path), kinds.files_of(path, weights)
    for file in files:
        kinds.read_start(file)
    if known is not None and known.files == files and digest_of(files, known.graph.inputs) == known.digest:
        return known
    sketch = checked(_sketched(framework, files, shapes), path.name)
    fixed = dims.fix_shapes(path.name, sketch.inputs, shapes)
    if framework in READERS and not _stated(sketch, fixed):
        sketch = replace(sketch, tensors={name: replace(item, shape=None) for name, item in sketch.tensors.items()})
        fixed |= _found(framework, files, sketch, fixed)
    model = model_of(framework, path, files, sketch, fixed)
    dims.refuse_huge(path.name, model.graph.tensors.values())
    return model


def foreign_inputs(path: Path, weights: Path | None) -> tuple[Tensor, ...]:
    """The inputs of a network, open dimensions among them."""
    files = kinds.files_of(path, weights)
    for file in files:
        kinds.read_start(file)
    return checked(_sketched(kinds.framework_of(path), files, {}), path.name).inputs


def _sketched(framework: str, files: tuple[Path, ...], shapes: Shapes) -> Sketch:
    """What the files say; of TorchScript's tensors torch alone knows the shapes."""
    return torchscript.read(files, shapes) if framework == kinds.PYTORCH else SKETCHES[framework](files)


def _stated(sketch: Sketch, fixed: Shapes) -> bool:
    """Whether the file says all shapes, for the inputs as they are."""
    known = sketch.tensors
    return all(item.name in known and known[item.name].shape == fixed[item.name] for item in sketch.inputs)


def _found(framework: str, files: Sequence[Path], sketch: Sketch, fixed: Shapes) -> dict[str, tuple[int, ...]]:
    """The shapes of the tensors as OpenCV infers them; {} where it cannot: the network has a graph all the same."""
    inputs = tuple(Tensor(item.name, fixed[item.name], item.dtype) for item in sketch.inputs)
    graph = Graph(sketch.layers, inputs, (), {}, frozenset())
    try:
        net = open_net(framework, files)
        with refused(files[0]):
            return known_shapes(net, framework, graph)
    except ModelError:
        return {}
