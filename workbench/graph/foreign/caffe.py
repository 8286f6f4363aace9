"""Networks of Caffe: the layers of a prototxt. The values of the weights stay in the caffemodel.

A layer that works in place gives a tensor of its own here, named after the layer, as the vendor's toolkit names it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.foundation.errors import ModelError
from workbench.graph.foreign.kinds import read_text
from workbench.graph.foreign.prototxt import Message, ProtoTextError, parse
from workbench.graph.foreign.sketch import Sketch
from workbench.graph.graph import Layer, Shape, Tensor

FEEDING = ("Input", "Data", "ImageData", "HDF5Data", "MemoryData", "WindowData", "DummyData")
TRAINING = ("Accuracy", "SoftmaxWithLoss", "EuclideanLoss", "HingeLoss", "SigmoidCrossEntropyLoss", "Silence")
OWN = ("name", "type", "bottom", "top", "param", "include", "exclude", "blobs", "propagate_down", "loss_weight")


def read(files: tuple[Path, ...]) -> Sketch:
    """The layers that run outside of training."""
    try:
        net = parse(read_text(files[0]))
        return _sketch(net, files[0])
    except (ProtoTextError, RecursionError) as error:
        raise ModelError(f"{files[0]} is no network of Caffe: {error}.", "Correct the file.") from error


@dataclass
class _Names:
    """Which tensor a blob's name stands for at a place of the network."""

    current: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def give(self, top: str, layer: str) -> str:
        """A new tensor under a blob's name; the layer's name where the blob is written anew."""
        wish = layer if top in self.current and layer else top
        name, number = wish, 0
        while name in self.taken:
            number += 1
            name = f"{wish}_{number}"
        self.taken.add(name)
        self.current[top] = name
        return name


def _sketch(net: Message, path: Path) -> Sketch:
    names, layers = _Names(), []
    inputs = [Tensor(names.give(name, ""), shape, "float32") for name, shape in _inputs(net)]
    for number, layer in enumerate(_layers(net)):
        op = layer.text("type", "Layer")
        if op in FEEDING or op in TRAINING:
            continue
        missing = [bottom for bottom in layer.texts("bottom") if bottom not in names.current]
        if missing:
            raise _unfed(path, layer.text("name"), missing[0])
        taken = tuple(names.current[bottom] for bottom in layer.texts("bottom"))
        label = layer.text("name") or f"{op}_{number}"
        given = tuple(names.give(top, label) for top in layer.texts("top"))
        layers.append(Layer(label, op, taken, given, attributes=dict(_attributes(layer))))
    return Sketch(tuple(layers), tuple(inputs), tuple(_ends(layers)))


def _layers(net: Message) -> Iterator[Message]:
    """Those of the test phase, in the file's order, which is the order of execution."""
    for layer in (*net.messages("layer"), *net.messages("layers")):
        phases = [rule.text("phase") for rule in layer.messages("include")]
        without = [rule.text("phase") for rule in layer.messages("exclude")]
        if "TEST" not in without and (not any(phases) or "TEST" in phases):
            yield layer


def _inputs(net: Message) -> Iterator[tuple[str, Shape | None]]:
    """The names and shapes in each of the three ways that Caffe knows; a layer that reads files has no shape."""
    shapes: list[Shape] = [tuple(shape.numbers("dim")) for shape in net.messages("input_shape")]
    sizes = net.numbers("input_dim")
    shapes += [tuple(sizes[start : start + 4]) for start in range(0, len(sizes), 4)]
    for index, name in enumerate(net.texts("input")):
        yield name, shapes[index] if index < len(shapes) else None
    for layer in _layers(net):
        if layer.text("type") not in FEEDING:
            continue
        stated = [shape for param in layer.messages("input_param") for shape in param.messages("shape")]
        tops = layer.texts("top") if layer.text("type") in ("Input", "DummyData") else layer.texts("top")[:1]
        for index, top in enumerate(tops):
            yield top, tuple(stated[min(index, len(stated) - 1)].numbers("dim")) if stated else None


def _attributes(layer: Message) -> Iterator[tuple[str, Any]]:
    for name, values in layer.values.items():
        if name in OWN:
            continue
        for value in values:
            if isinstance(value, str):
                yield name, value
            else:
                yield from ((key, ", ".join(value.texts(key)) or "…") for key in value.values)


def _ends(layers: list[Layer]) -> Iterator[str]:
    """What no layer takes, as Caffe has it: its outputs."""
    taken = {name for layer in layers for name in layer.inputs}
    return (name for layer in layers for name in layer.outputs if name not in taken)


def _unfed(path: Path, layer: str, blob: str) -> ModelError:
    return ModelError(
        f"{path}: the layer '{layer}' takes '{blob}', which nothing gives.",
        "Give the deploy form of the network (with an Input layer), not the one for training.",
    )
