"""The settings of a session as arguments of the toolkit's API. Source: rknn_facts §1.1."""

from collections.abc import Iterator
from typing import Any

from workbench.foundation.errors import SettingsError
from workbench.graph.deployed import quantizes
from workbench.graph.graph import Model
from workbench.graph.read import read_inputs
from workbench.quantize.schemes import FLOAT16, INT16, QuantSettings
from workbench.sources.toolkit.descriptions import Toolkit, described, usual_toolkit
from workbench.sources.toolkit.recipe import Network

TYPES = ("w8a8", "w8a16", "w4a16", "w16a16i_dfp", "fp16")
"""The data types of rknn-toolkit2."""


def problems(quant: QuantSettings) -> list[tuple[str, str]]:
    """What of the settings the toolkit does not do, and what to do about it; [] when it does all."""
    return list(_problems(quant))


def config_of(quant: QuantSettings) -> dict[str, Any]:
    """The arguments of `config`; mean and std are not among them, for inputs come as feeds."""
    for message, hint in problems(quant):
        raise SettingsError(message, hint)
    found: dict[str, Any] = {"target_platform": quant.target, "optimization_level": quant.optimization_level}
    if quant.type.is_quantized:
        found["quantized_dtype"] = quant.dtype
        found["quantized_algorithm"] = quant.algorithm
        found["quantized_method"] = quant.method
    return found


def toolkit_called(name: str) -> Toolkit:
    """The described toolkit of a name, the usual one where none is given."""
    if not name:
        return usual_toolkit()
    known = {toolkit.name: toolkit for toolkit in described()}
    if name not in known:
        hint = f"There are {', '.join(known)}." if known else "Set one up, or describe one that is installed."
        raise SettingsError(f"The toolkit {name!r} is not described.", hint)
    return known[name]


def custom_layers(quant: QuantSettings) -> dict[str, str]:
    """The precision of single layers by their output, as a `custom_quantize_layers` has it."""
    if not quant.type.is_quantized:
        return {}
    return {**dict.fromkeys(quant.int16_tensors, INT16), **dict.fromkeys(quant.float_tensors, FLOAT16)}


def quantizes_itself(model: Model) -> bool:
    """Whether a network brings its own quantization: the toolkit keeps it, and analyses it on a board only."""
    return bool(model.grids) or any(quantizes(layer.op) for layer in model.graph.layers)


def network_of(model: Model) -> Network:
    """How the toolkit loads a network; shapes are given where the file leaves them open."""
    framework = model.framework
    files = model.files or (model.path,)
    names = tuple(item.name for item in model.graph.inputs)
    shapes = tuple(item.static_shape or () for item in model.graph.inputs)
    outputs = tuple(item.name for item in model.graph.outputs)
    match framework:
        case "onnx":
            is_open = any(item.static_shape is None for item in read_inputs(model.path))
            return Network(framework, files, names, shapes) if is_open else Network(framework, files)
        case "tensorflow":
            nodes = tuple(name.removesuffix(":0") for name in names)  # with the number it finds none of them
            return Network(framework, files, nodes, shapes, tuple(name.removesuffix(":0") for name in outputs))
        case "pytorch":
            return Network(framework, files, input_shapes=shapes)
        case _:
            return Network(framework, files)


def _problems(quant: QuantSettings) -> Iterator[tuple[str, str]]:
    if quant.dtype not in TYPES:
        hint = f"Choose one of {', '.join(TYPES)}, or the embedded simulator."
        yield f"RKNN-Toolkit2 does not simulate {quant.dtype}.", hint
    if quant.ranges:
        names = ", ".join(name for name, _, _ in quant.ranges[:3])
        yield f"The toolkit takes no ranges of single tensors ({names}).", "Remove them, or use the embedded simulator."
