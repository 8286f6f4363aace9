"""Dumps of the board's runtime: `%03d_<Op>_<tensor>_shape_<sides>_<type>.npy` (RKNN facts §3.2).

The operator is the fused one and the tensor its output, with the toolkit's sanitised name. With RKNN_DUMP_QUANT=1 the
values are those of the model's own type, without their scale; level 6 writes `.txt` too, in NC1HWC2.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.dump.formats.dumps import Found
from workbench.dump.formats.files import item
from workbench.dump.layouts import GROUPED

NAME = re.compile(r"(\d{3,})_([A-Za-z][A-Za-z0-9]*)_(.*)_shape_(\d+(?:_\d+)*)_([a-z]+\d*)")
BORDERS = ("InputOperator", "OutputOperator")
"""What is put in and what a program reads: they are listed and never compared."""
FLOATS = ("float", "float32", "float16")


@dataclass(frozen=True, slots=True)
class BoardName:
    """The parts of a file name; `shape` is the logical one, NCHW."""

    number: int
    op: str
    tensor: str
    shape: tuple[int, ...]
    dtype: str


def parse_name(stem: str) -> BoardName | None:
    """The parts of a file's stem, or None when the board did not write it."""
    found = NAME.fullmatch(stem)
    if found is None:
        return None
    number, op, tensor, shape, dtype = found.groups()
    return BoardName(int(number), op, tensor, tuple(int(side) for side in shape.split("_")), dtype)


def is_board(files: Iterable[Path]) -> bool:
    """Whether the board wrote any of the files."""
    return any(parse_name(file.stem) for file in files)


def find_board(files: Iterable[Path], names: Mapping[str, str]) -> Found:
    """The tensors in the order in which the board computed them; `names` leads from sanitised names to real ones.

    What the input operator holds is what was put in, before or after normalisation and not on golden's scale, and an
    output operator repeats a tensor as the program reads it. Both keep the name of their file, so that they are
    listed and never compared.
    """
    found = Found("dump of the board's runtime", {})
    parsed = [(parse_name(file.stem), file) for file in files]
    for name, file in sorted(parsed, key=lambda pair: pair[0].number if pair[0] else -1):
        if name is None or name.op in BORDERS:
            found.items[file.stem] = item(file, name.op if name else "")
            if name is not None:
                found.notes.append(_note(name, file))
            continue
        tensor = names.get(name.tensor, name.tensor)
        if tensor in found.items:
            found.notes.append(f"{file.name} repeats the tensor {tensor} and keeps the name of its file.")
            tensor = file.stem
        layout = GROUPED if file.suffix == ".txt" and len(name.shape) == 4 else ""
        found.items[tensor] = replace(item(file, name.op), shape=name.shape, layout=layout)
        if name.dtype not in FLOATS:
            found.unscaled[tensor] = (
                f"{file.name} holds {name.dtype} values without their scale: dump with RKNN_DUMP_QUANT=0."
            )
    return found


def _note(name: BoardName, file: Path) -> str:
    what = "what was put in" if name.op == "InputOperator" else "the output as a program reads it"
    return f"{file.name} holds {what} and is not compared."
