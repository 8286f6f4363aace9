"""What was chosen, as JSON values and in Rockchip's words."""

import dataclasses
from typing import Any

from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.schemes import QuantSettings
from workbench.report.inputs import RunSettings

Document = dict[str, Any]


def settings_document(session: RunSettings) -> Document:
    """Everything that decided the numbers, as JSON values."""
    document: Document = {
        "inputs": [_sample_document(sample) for sample in session.samples],
        "calibration": len(session.dataset),
        "preprocess": {name: preprocess_document(item) for name, item in session.preprocess.items()},
        "quantization": quant_document(session.quant),
        "simulator": session.simulator,
        "tensors": list(session.tensors),
        "shapes": {name: list(shape) for name, shape in session.shapes.items()},
    }
    if session.simulator == "toolkit" and session.toolkit_options:
        document["toolkit_options"] = dict(session.toolkit_options)
    if session.board is not None and "runtime" not in session.imports:
        document["board"] = {"name": session.board.name, "runner": session.board.runner}
    if session.imports:
        document["imports"] = {kind: str(item.path) for kind, item in session.imports.items()}
    return document


def preprocess_document(settings: Preprocess) -> Document:
    """How one input's file becomes a feed, as JSON values."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in vars_of(settings).items()}


def quant_document(settings: QuantSettings) -> Document:
    """The quantization settings as JSON values; a float run has no method and no algorithm."""
    if settings.dtype == "fp32":
        return {"dtype": settings.dtype}
    document: Document = {"dtype": settings.dtype, "target": settings.target}
    if settings.type.is_quantized:
        document["method"] = settings.method
    if settings.type.calibrates:
        document["algorithm"] = settings.algorithm
    document["optimization_level"] = settings.optimization_level
    if settings.ranges:
        document["ranges"] = {name: [low, high] for name, low, high in settings.ranges}
    tensors = {"float_tensors": list(settings.float_tensors), "int16_tensors": list(settings.int16_tensors)}
    return document | {key: names for key, names in tensors.items() if names}


def vars_of(settings: Preprocess) -> Document:
    """The fields that are set."""
    fields = (item.name for item in dataclasses.fields(settings))
    values = {name: getattr(settings, name) for name in fields}
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _sample_document(sample: Sample) -> Any:
    files = [str(path) for path in sample.files]
    return files[0] if len(files) == 1 else files
