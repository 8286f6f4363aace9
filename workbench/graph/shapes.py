"""Shapes of a network's inputs: read from the proto, fixed by the user, guessed."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

import onnx

from workbench.foundation.errors import ModelError
from workbench.graph.graph import Shape, Tensor

IMAGE = 224
SEQUENCE = 128
WINDOW = 576  # of audio: 64 samples of context and 512 new ones at 16 kHz
SECOND = 16000  # samples of audio
CHANNELS = (1, 3, 4)

BATCH = re.compile(r"n|bs|batch(_?size)?|batch_?\d*", re.IGNORECASE)
LENGTH = re.compile(r"seq|len|time|frames|token|steps|samples", re.IGNORECASE)
SYMBOL = re.compile(r"(?!none\b|unknown\b|dynamic\b)[A-Za-z_]", re.IGNORECASE)  # a name, not "?" or "-1"

DTYPES = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "object", 9: "bool",
    10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128", 16: "bfloat16",
    17: "float8_e4m3fn", 18: "float8_e4m3fnuz", 19: "float8_e5m2", 20: "float8_e5m2fnuz", 21: "uint4", 22: "int4",
    23: "float4_e2m1fn", 24: "float8_e8m0fnu", 25: "uint2", 26: "int2",
}  # fmt: skip
MOST_VALUES = 1 << 31  # of a tensor: 8 GB in float32, more than any NPU takes


class DynamicShapeError(ModelError):
    """Inputs whose dimensions only the user knows; `guess` proposes a shape for each."""

    def __init__(self, file: str, inputs: tuple[Tensor, ...], guess: dict[str, tuple[int, ...]]) -> None:
        names = ", ".join(f"'{item.name}' ({shape_text(item.shape)})" for item in inputs)
        options = " ".join(f"--shape {_option(name, shape)}" for name, shape in guess.items())
        word = "input" if len(inputs) == 1 else "inputs"
        super().__init__(f"{file} leaves the shape of its {word} {names} open.", f"Fix it, for example with {options}.")
        self.file = file
        self.inputs = inputs
        self.guess = guess

    def __reduce__(self) -> tuple[type["DynamicShapeError"], tuple[object, ...]]:
        return type(self), (self.file, self.inputs, self.guess)  # it comes back from worker processes


def tensor_of(info: onnx.ValueInfoProto) -> Tensor:
    """The tensor that `info` describes; sequences, optionals and unknown types have no shape and no dtype."""
    kind = info.type
    if kind.WhichOneof("value") not in ("tensor_type", "sparse_tensor_type"):
        return Tensor(info.name, None)
    tensor = kind.tensor_type if kind.HasField("tensor_type") else kind.sparse_tensor_type
    shape = tuple(_dimension(dim) for dim in tensor.shape.dim) if tensor.HasField("shape") else None
    return Tensor(info.name, shape, DTYPES.get(tensor.elem_type, ""))


def refuse_huge(file: str, tensors: Iterable[Tensor]) -> None:
    """A `ModelError` for a tensor that fills all memory, before anything is computed: a few bytes can say so."""
    for item in tensors:
        if math.prod(item.static_shape or ()) > MOST_VALUES:
            text = f"The tensor '{item.name}' of {file} is {shape_text(item.shape)}, more values than fit into memory."
            raise ModelError(text, "Check the shapes given for the inputs, or export the network with smaller ones.")


def shape_text(shape: Shape | None) -> str:
    """`1x3x?x?`; a scalar is `scalar`, no shape at all `unknown`."""
    if shape is None:
        return "unknown"
    return "x".join("?" if size is None else str(size) for size in shape) or "scalar"


def fix_shapes(
    file: str, inputs: Sequence[Tensor], shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """The static shape of every input: as stored, as given in `shapes`, batch 1 where only the batch is open.

    A symbol that one input fixes counts for all. What stays open is a `DynamicShapeError`.
    """
    _check_given(file, inputs, shapes)
    symbols = symbol_values(file, inputs, shapes)
    fixed = {item.name: tuple(shapes[item.name]) for item in inputs if item.name in shapes}
    open_inputs = []
    for item in inputs:
        known = Tensor(item.name, _with_batch(substitute(item.shape, symbols)), item.dtype).static_shape
        if item.name not in fixed and known is None:
            open_inputs.append(item)
        elif known is not None:
            fixed.setdefault(item.name, known)
    if open_inputs:
        raise DynamicShapeError(file, tuple(open_inputs), guess_shapes(open_inputs, symbols))
    return fixed


def symbol_values(file: str, inputs: Sequence[Tensor], shapes: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """The size of every symbol that `shapes` or the batch rule fixes."""
    values: dict[str, int] = {}
    for item in inputs:
        for symbol, size in zip(item.shape or (), shapes.get(item.name, ()), strict=False):
            if isinstance(symbol, str) and values.setdefault(symbol, size) != size:
                raise ModelError(
                    f"The given shapes make the dimension '{symbol}' of {file} both {values[symbol]} and {size}.",
                    "Give the same size wherever the symbol stands.",
                )
    for item in inputs:
        for position, symbol in enumerate(item.shape or ()):
            if isinstance(symbol, str) and (position == 0 or BATCH.fullmatch(symbol)):
                values.setdefault(symbol, 1)
    return values


def substitute(shape: Shape | None, symbols: Mapping[str, int]) -> Shape | None:
    """`shape` with the known symbols replaced by their sizes."""
    if shape is None:
        return None
    return tuple(symbols.get(size, size) if isinstance(size, str) else size for size in shape)


def guess_shapes(inputs: Sequence[Tensor], symbols: Mapping[str, int] | None = None) -> dict[str, tuple[int, ...]]:
    """A sensible shape for every input of `inputs` that is not static."""
    known = dict(symbols or {})
    guess: dict[str, tuple[int, ...]] = {}
    for item in inputs:
        if item.static_shape is not None:
            continue
        shape = _guess(Tensor(item.name, _with_batch(substitute(item.shape, known)), item.dtype))
        guess[item.name] = shape
        known.update({sym: size for sym, size in zip(item.shape or (), shape, strict=False) if isinstance(sym, str)})
    return guess


def set_shape(info: onnx.ValueInfoProto, shape: Shape | None) -> None:
    """Replace the shape of a tensor's description; None removes it."""
    tensor = info.type.tensor_type
    tensor.ClearField("shape")
    if shape is None:
        return
    tensor.shape.SetInParent()
    for size in shape:
        dim = tensor.shape.dim.add()
        if isinstance(size, int):
            dim.dim_value = size
        elif isinstance(size, str):
            dim.dim_param = size


def _dimension(dim: onnx.TensorShapeProto.Dimension) -> int | str | None:
    """A size, a symbol, or None: exporters also write "?" and "-1" for dimensions that have nothing in common."""
    if dim.WhichOneof("value") == "dim_value":
        return dim.dim_value if dim.dim_value > 0 else None
    return dim.dim_param if SYMBOL.match(dim.dim_param) else None


def _option(name: str, shape: tuple[int, ...]) -> str:
    return f"{name}:{','.join(map(str, shape))}"


def _check_given(file: str, inputs: Sequence[Tensor], shapes: Mapping[str, tuple[int, ...]]) -> None:
    by_name = {item.name: item for item in inputs}
    known = "Its inputs are " + ", ".join(f"{item.name} ({shape_text(item.shape)})" for item in inputs) + "."
    for name, shape in shapes.items():
        if name not in by_name:
            raise ModelError(f"{file} has no input '{name}'.", known)
        if any(size < 1 for size in shape):
            raise ModelError(f"The shape {shape_text(tuple(shape))} for input '{name}' has a size below 1.", known)
        declared = by_name[name].shape
        if declared is not None and not _fits(declared, shape):
            raise ModelError(f"The shape {shape_text(tuple(shape))} does not fit input '{name}' of {file}.", known)


def _fits(declared: Shape, shape: tuple[int, ...]) -> bool:
    if len(declared) != len(shape):
        return False
    return all(not isinstance(size, int) or size == given for size, given in zip(declared, shape, strict=True))


def _with_batch(shape: Shape | None) -> Shape | None:
    return shape if not shape or isinstance(shape[0], int) else (1, *shape[1:])


def _guess(item: Tensor) -> tuple[int, ...]:
    shape = item.shape
    if shape is None:
        return (1, 3, IMAGE, IMAGE)
    if len(shape) == 4 and not item.name.startswith(("past", "cache")):
        return _guess_image(shape)
    return tuple(size if isinstance(size, int) else _guess_size(item, size) for size in shape)


def _guess_image(shape: Shape) -> tuple[int, ...]:
    nhwc = shape[3] in CHANNELS and shape[1] not in CHANNELS
    channel, sides = (3, (1, 2)) if nhwc else (1, (2, 3))
    known = [size for size in (shape[side] for side in sides) if isinstance(size, int)]
    size = [item if isinstance(item, int) else (known or [IMAGE])[0] for item in shape]
    if not isinstance(shape[channel], int):
        size[channel] = 3
    return tuple(size)


def _guess_size(item: Tensor, symbol: str | None) -> int:
    rank = len(item.shape or ())
    if item.name.startswith(("past", "cache")) or (symbol is None and rank > 4):
        return 1
    if symbol is not None and not LENGTH.search(symbol):
        return 1
    if symbol is not None and "sample" in symbol.lower():
        return SECOND
    return WINDOW if item.dtype.startswith("float") and rank == 2 else SEQUENCE
