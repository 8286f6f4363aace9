"""Networks of TensorFlow Lite. Source: tensorflow/compiler/mlir/lite/schema/schema.fbs, whose numbers stand here."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench.foundation.errors import ModelError
from workbench.graph.foreign.flat import FlatError, Table, root
from workbench.graph.foreign.kinds import TFLITE_MARK, read_bytes
from workbench.graph.foreign.sketch import Sketch
from workbench.graph.foreign.tflite_operators import OPERATORS
from workbench.graph.graph import Layer, Shape, Tensor
from workbench.graph.grids import STORED, Grid

TYPES = (
    "float32", "float16", "int32", "uint8", "int64", "object", "bool", "int16", "complex64", "int8", "float64",
    "complex128", "uint64", "object", "object", "uint32", "uint16", "int4", "bfloat16",
)  # fmt: skip
CODES, SUBGRAPHS, BUFFERS = 1, 2, 4  # of Model
TENSORS, INPUTS, OUTPUTS, LAYERS = 0, 1, 2, 3  # of SubGraph
SHAPE, TYPE, BUFFER, NAME, QUANTIZATION, SIGNATURE = 0, 1, 2, 3, 4, 7  # of Tensor
SCALE, ZERO_POINT, AXIS = 2, 3, 6  # of QuantizationParameters
CUSTOM = 32
ACTIVATIONS = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT")
FUSED = {
    "CONV_2D": 3, "DEPTHWISE_CONV_2D": 4, "FULLY_CONNECTED": 0, "ADD": 0, "SUB": 0, "MUL": 0, "DIV": 0,
    "AVERAGE_POOL_2D": 5, "MAX_POOL_2D": 5, "CONCATENATION": 1,
}  # fmt: skip
"""Where an operator's options name the activation in it."""


def read(files: tuple[Path, ...]) -> Sketch:
    """The first subgraph of a file."""
    data = read_bytes(files[0])
    try:
        if data[4:8] != TFLITE_MARK:
            raise FlatError("it has not the mark TFL3")
        model = root(data)
        return _sketch(model, model.tables(SUBGRAPHS)[0])
    except (FlatError, IndexError) as error:
        message = f"{files[0]} cannot be read as a network of TensorFlow Lite: {error}."
        raise ModelError(message, "Download or export it again.") from error


def constants(path: Path) -> dict[str, np.ndarray]:
    """The values of a network's constants, as they are stored, by name."""
    model = root(read_bytes(path))
    graph, buffers = model.tables(SUBGRAPHS)[0], model.tables(BUFFERS)
    found: dict[str, np.ndarray] = {}
    for name, tensor in zip(_names(graph.tables(TENSORS)), graph.tables(TENSORS), strict=True):
        values = buffers[tensor.number(BUFFER, "I")].array(0, "u1")
        dtype = TYPES[tensor.number(TYPE, "b")]
        if values.size and dtype in _WHOLE:
            found[name] = values.view(dtype).reshape(tensor.array(SHAPE, "<i4"))
    return found


def names_of(path: Path) -> list[str]:
    """The names of all tensors by their numbers, as `read` gives them."""
    return _names(root(read_bytes(path)).tables(SUBGRAPHS)[0].tables(TENSORS))


_WHOLE = frozenset(TYPES) - {"object", "int4", "bfloat16"}


def _sketch(model: Table, graph: Table) -> Sketch:
    stored, buffers = graph.tables(TENSORS), model.tables(BUFFERS)
    names = _names(stored)
    constant = {
        name for name, item in zip(names, stored, strict=True) if buffers[item.number(BUFFER, "I")].array(0, "u1").size
    }
    tensors = {name: _tensor(name, item) for name, item in zip(names, stored, strict=True)}
    ops = [_operator(code) for code in model.tables(CODES)]
    layers = [_layer(ops, names, constant, item) for item in graph.tables(LAYERS)]
    grids = {name: grid for name, item in zip(names, stored, strict=True) if (grid := _grid(item)) is not None}
    return Sketch(
        layers=tuple(layer for layer in layers if layer.outputs),
        inputs=tuple(_input(tensors[names[index]], stored[index]) for index in graph.array(INPUTS, "<i4")),
        outputs=tuple(names[index] for index in graph.array(OUTPUTS, "<i4")),
        tensors={name: tensor for name, tensor in tensors.items() if name not in constant},
        grids=_given(grids, constant),
    )


def _given(grids: Mapping[str, Grid], constant: set[str]) -> dict[str, Grid]:
    return {name: grid for name, grid in grids.items() if name not in constant}


def _names(tensors: list[Table]) -> list[str]:
    """The tensors' names; a second one of a name gets its number behind it."""
    taken: set[str] = set()
    found = []
    for number, tensor in enumerate(tensors):
        name = tensor.text(NAME) or f"tensor_{number}"
        name = f"{name}_{number}" if name in taken else name
        taken.add(name)
        found.append(name)
    return found


def _tensor(name: str, tensor: Table) -> Tensor:
    return Tensor(name, tuple(tensor.array(SHAPE, "<i4").tolist()), TYPES[tensor.number(TYPE, "b")])


def _input(known: Tensor, tensor: Table) -> Tensor:
    """With the sizes open that the network's signature leaves open; elsewhere they are 1 for the time being."""
    sizes = tensor.array(SIGNATURE, "<i4")
    shape: Shape = tuple(None if size < 0 else int(size) for size in sizes)
    return replace(known, shape=shape) if sizes.size else known


def _operator(code: Table) -> str:
    """The larger of both fields counts: the older one has room for 127 operators only."""
    number = max(code.number(0, "b"), code.number(3))
    if number == CUSTOM:
        return code.text(1) or "CUSTOM"
    return OPERATORS[number] if number < len(OPERATORS) else f"OPERATOR_{number}"


def _layer(ops: list[str], names: list[str], constant: set[str], operator: Table) -> Layer:
    taken = [names[index] if index >= 0 else "" for index in operator.array(1, "<i4")]
    given = tuple(names[index] for index in operator.array(2, "<i4"))
    inputs = tuple(name for name in taken if name and name not in constant)
    op = ops[operator.number(0, "I")]
    return Layer(given[0] if given else "", op, inputs, given, attributes={**_options(op, operator), "takes": taken})


def _options(op: str, operator: Table) -> dict[str, Any]:
    """The activation that an operator has in it."""
    options = operator.table(4)
    field = FUSED.get(op)
    if options is None or field is None:
        return {}
    number = options.number(field, "b")
    return {"activation": ACTIVATIONS[number]} if 0 < number < len(ACTIVATIONS) else {}


def _grid(tensor: Table) -> Grid | None:
    """The integers' meaning; a tensor that is not quantised has no scale."""
    found, dtype = tensor.table(QUANTIZATION), TYPES[tensor.number(TYPE, "b")]
    if found is None or dtype not in STORED:
        return None
    scales, zeros = found.array(SCALE, "<f4"), found.array(ZERO_POINT, "<i8")
    if not scales.size:
        return None
    zeros = zeros if zeros.size == scales.size else np.zeros(scales.size, np.int64)
    axis = found.number(AXIS) if scales.size > 1 else None
    return Grid(dtype, tuple(scales.tolist()), tuple(zeros.tolist()), axis)
