"""Networks of Darknet: the sections of a cfg.

Tensors have the names of the vendor's toolkit: the number of the section (000 is [net]) and its kind, `_bn` behind the
normalisation, `_lrelu` behind a leaky activation. Decoding of boxes ([yolo], [region]) is no layer: the toolkit leaves
it to the program that uses the network.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbench.foundation.errors import ModelError
from workbench.graph.foreign.kinds import read_text
from workbench.graph.foreign.sketch import Sketch
from workbench.graph.graph import Layer, Tensor

DECODING = ("yolo", "region", "detection")
PASSING = ("dropout", "cost")
ACTIVATED = ("convolutional", "connected", "shortcut")
SHORT = {"leaky": "lrelu"}
NETS = ("net", "network")


@dataclass(frozen=True)
class Section:
    """A section; `number` counts as the toolkit does, from 0 for [net]."""

    number: int
    kind: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.number:03d}_{self.kind}"

    def integers(self, key: str) -> list[int]:
        """A list of integers; [] where the key is missing."""
        return [int(text) for text in self.values.get(key, "").split(",") if text.strip()]


def read(files: tuple[Path, ...]) -> Sketch:
    """The network of a cfg."""
    path = files[0]
    found = sections(read_text(path))
    if not found or found[0].kind not in NETS:
        raise ModelError(f"{path} is no network of Darknet: it does not begin with [net].", "Give another file.")
    try:
        return _sketch(found)
    except (ValueError, IndexError) as error:
        raise ModelError(f"{path} cannot be read: {error}.", "Correct the file.") from error


def sections(text: str) -> list[Section]:
    """The sections in order; what is no `key=value` is passed over, as Darknet does."""
    found: list[Section] = []
    for line in text.splitlines():
        line = re.sub(r"\s", "", re.sub(r"[#;].*", "", line))
        if line.startswith("[") and "]" in line:
            found.append(Section(len(found), line[1 : line.index("]")]))
        elif "=" in line and found:
            key, _, value = line.partition("=")
            found[-1].values[key] = value
    return found


def _sketch(found: list[Section]) -> Sketch:
    net, *others = found
    sizes = [int(net.values.get(key, default)) for key, default in (("channels", 3), ("height", 416), ("width", 416))]
    source = Tensor(net.name, (1, *sizes), "float32")
    ends: list[str] = []  # the tensor behind each section
    layers: list[Layer] = []
    before = net.name
    for section in others:
        made = list(_made(section, before, ends))
        layers += made
        before = made[-1].outputs[0] if made else before
        ends.append(before)
    outputs = tuple(_outputs(layers, [item.kind for item in others], ends))
    return Sketch(tuple(layers), (source,), outputs)


def _made(section: Section, before: str, ends: list[str]) -> Iterator[Layer]:
    """The layers of a section: the operator, its normalisation, its activation."""
    if section.kind in DECODING or section.kind in PASSING:
        return
    attributes = dict(section.values)
    activation = attributes.pop("activation", "linear")
    name = section.name
    yield Layer(name, section.kind, _taken(section, before, ends), (name,), attributes=attributes)
    if attributes.get("batch_normalize") == "1":
        yield _follow(name, name := f"{section.name}_bn", "batch_normalize")
    if activation != "linear" and section.kind in ACTIVATED:
        yield _follow(name, f"{section.name}_{SHORT.get(activation, activation)}", activation)


def _follow(source: str, name: str, op: str) -> Layer:
    return Layer(name, op, (source,), (name,))


def _taken(section: Section, before: str, ends: list[str]) -> tuple[str, ...]:
    """What a section takes; [route] and [shortcut] count back from themselves, or from the network's start."""
    if section.kind == "route":
        return tuple(_behind(section, number, ends) for number in section.integers("layers"))
    if section.kind in ("shortcut", "scale_channels", "sam"):
        return (before, *(_behind(section, number, ends) for number in section.integers("from")))
    return (before,)


def _behind(section: Section, number: int, ends: list[str]) -> str:
    place = number + len(ends) if number < 0 else number
    if not 0 <= place < len(ends):
        raise ValueError(f"[{section.kind}] number {section.number} names the section {number}, which is not there")
    return ends[place]


def _outputs(layers: list[Layer], kinds: list[str], ends: list[str]) -> Iterator[str]:
    """What no layer takes, and what is decoded."""
    taken = {name for layer in layers for name in layer.inputs}
    decoded = {end for kind, end in zip(kinds, ends, strict=True) if kind in DECODING}
    return (layer.outputs[0] for layer in layers if layer.outputs[0] not in taken or layer.outputs[0] in decoded)
