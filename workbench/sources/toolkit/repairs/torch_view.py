"""`x.view(x.size(0), -1)` as `x.view(int(x.size(0)), -1)`: PyTorch then traces a number, not an operator.

("Rockchip Trouble Shooting RKNN Toolkit" 1.7.5, "The tsr.op_type is not Constant".)
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from workbench.sources.toolkit.repairs.patched import Patched, RepairError, patched_text, read_text

SHAPING = ("view", "reshape", "expand", "repeat")


def numbers(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """A Python file whose sizes in calls of view and reshape are numbers."""
    text = read_text(path)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise RepairError(
            f"{path.name} is no Python 3 file: {error}.", "Give the file that defines the network."
        ) from error
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    for part in sorted(_sizes(tree), key=lambda part: (part.lineno, part.col_offset), reverse=True):
        _wrap(lines, part)
    return (patched_text(path, text, b"".join(lines).decode()),)


def _sizes(tree: ast.AST) -> Iterator[ast.expr]:
    """Arguments of view and reshape that are computed from the size of a tensor."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in SHAPING:
            for argument in call.args:
                entries = argument.elts if isinstance(argument, (ast.Tuple, ast.List)) else [argument]
                yield from (entry for entry in entries if _is_size(entry))


def _is_size(part: ast.expr) -> bool:
    """One number of a shape: x.size(0), x.shape[1], or what is computed from them; whole shapes are left alone."""
    if isinstance(part, ast.BinOp):
        return _is_size(part.left) or _is_size(part.right)
    if isinstance(part, ast.Subscript):
        return (
            isinstance(part.value, ast.Attribute)
            and part.value.attr == "shape"
            and not isinstance(part.slice, ast.Slice)
        )
    is_call = isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)
    return is_call and part.func.attr == "size" and bool(part.args)  # type: ignore[attr-defined]


def _wrap(lines: list[bytes], part: ast.expr) -> None:
    """Write int( and ) around an expression; columns of `ast` count bytes."""
    assert part.end_lineno is not None
    assert part.end_col_offset is not None
    last = part.end_lineno - 1
    lines[last] = lines[last][: part.end_col_offset] + b")" + lines[last][part.end_col_offset :]
    first = part.lineno - 1
    lines[first] = lines[first][: part.col_offset] + b"int(" + lines[first][part.col_offset :]
