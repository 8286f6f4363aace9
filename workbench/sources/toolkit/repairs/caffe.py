"""Repairs of Caffe's prototxt files: inputs, rounding of pooling, layers that decode boxes.

What the toolkit refuses: "Rockchip Trouble Shooting RKNN Toolkit" 1.7.5, common issues of Caffe model conversion.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.sources.toolkit.repairs.patched import Patched, RepairError, patched_text, read_text
from workbench.sources.toolkit.repairs.prototxt import Field, edited, line_of, parse

AXES = 4  # input_dim gives as many numbers an input
CEIL_MODES = {"CEIL": "true", "0": "true", "FLOOR": "false", "1": "false"}
DECODERS = ("detectionoutput", "detectionevaluate", "proposal", "python", "yolov3detectionoutput", "regionoutput")
"""Types of layers that compute boxes, in small letters; the toolkit converts none of them."""
LAYER = """layer {{
  name: "{name}"
  type: "Input"
  top: "{name}"
  input_param {{
    shape {{
{dims}
    }}
  }}
}}
"""


def input_layers(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """`input:` with `input_dim:` or `input_shape` as layers of type Input, which Caffe has since 2015."""
    text = read_text(path)
    network = parse(text)
    names = [part.string for part in network.all("input")]
    if not names:
        return (patched_text(path, text, text),)
    _refuse_v1(path, network)
    shapes = _shapes(path, network, len(names))
    layers = "".join(map(_input_layer, names, shapes))
    old = list(network.all("input", "input_dim", "input_shape"))
    first = line_of(text, old[0])[0]
    edits = [(*line_of(text, part), "") for part in old]
    return (patched_text(path, text, edited(text, _with_insertion(edits, first, layers, text))),)


def ceil_modes(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """`round_mode: CEIL` as `ceil_mode: true`, FLOOR as false."""
    text = read_text(path)
    edits = [(part.start, part.end, _ceil_mode(path, part)) for part in _everywhere(parse(text), "round_mode")]
    return (patched_text(path, text, edited(text, edits)),)


def without_decoders(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """The network without its layers that decode boxes and those that need their tops."""
    text = read_text(path)
    layers = list(parse(text).all("layer", "layers"))
    gone = list(_decoders(layers))
    after = edited(text, [(*line_of(text, layer), "") for layer in gone])
    return (patched_text(path, text, after, _new_outputs(layers, gone)),)


def _refuse_v1(path: Path, network: Field) -> None:
    if any(network.all("layers")):
        raise RepairError(
            f"{path.name} is in Caffe's V1 format.", "Upgrade it with Caffe's upgrade_net_proto_text first."
        )


def _shapes(path: Path, network: Field, inputs: int) -> list[list[str]]:
    shapes = [[dim.string for dim in shape.all("dim")] for shape in network.all("input_shape")]
    dims = [dim.string for dim in network.all("input_dim")]
    shapes = shapes or [dims[at : at + AXES] for at in range(0, len(dims), AXES)]
    if len(shapes) != inputs or not all(shapes):
        raise RepairError(
            f"{path.name} names {inputs} inputs and {len(shapes)} shapes.", "Write input_dim four times for each input."
        )
    return shapes


def _input_layer(name: str, shape: Iterable[str]) -> str:
    return LAYER.format(name=name, dims="\n".join(f"      dim: {dim}" for dim in shape))


def _with_insertion(edits: list[tuple[int, int, str]], at: int, new: str, text: str) -> Iterator[tuple[int, int, str]]:
    """The edits, the first one bringing `new`, with the file's line endings."""
    ending = "\r\n" if "\r\n" in text else "\n"
    for start, end, _ in edits:
        yield start, end, new.replace("\n", ending) if start == at else ""


def _ceil_mode(path: Path, part: Field) -> str:
    if part.string.upper() not in CEIL_MODES:
        raise RepairError(f"{path.name} rounds with {part.string!r}.", "Write CEIL or FLOOR.")
    return f"ceil_mode: {CEIL_MODES[part.string.upper()]}"


def _everywhere(message: Field, name: str) -> Iterator[Field]:
    for part in message.fields:
        if part.name == name:
            yield part
        yield from _everywhere(part, name)


def _decoders(layers: Iterable[Field]) -> Iterator[Field]:
    lost: set[str] = set()  # tops that are not computed any more
    for layer in layers:
        bottoms = {part.string for part in layer.all("bottom")}
        if _kind(layer) in DECODERS or bottoms & lost:
            lost |= {part.string for part in layer.all("top")}
            yield layer


def _kind(layer: Field) -> str:
    """The type in small letters without underscores: DetectionOutput, DETECTION_OUTPUT."""
    return layer.first("type").lower().replace("_", "")


def _new_outputs(layers: Iterable[Field], gone: list[Field]) -> tuple[str, ...]:
    lost = {part.string for layer in gone for part in layer.all("top")}
    given = {part.string for layer in layers for part in layer.all("top")} - lost
    wanted = dict.fromkeys(part.string for layer in gone for part in layer.all("bottom") if part.string in given)
    if not gone:
        return ()
    return (f"Compute on the CPU what follows from the new outputs: {', '.join(wanted)}.",)
