"""The English texts of the core, read from its source: errors with their hints, warnings, notes and reasons.

Errors that the window raises where it has no Qt are among them.
"""

import ast
import builtins
import errno
import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import workbench

ROOT = Path(str(workbench.__file__)).parent
NOT_CORE, WINDOW = "cli", "ui"
NOT_SHOWN = "A quantization plan of RKNN Workbench. It gives"  # what a written ONNX file says about itself
PLURAL = "{0} has {1} channel{2} ({3})"  # its place {2} is an English ending
NOUNS = {"operators", *("input", "inputs", "output", "outputs")}
COUNTED = {"{0} file", "{0} files", "{0} input", "{0} inputs"}
OF_DATASETS = {
    *("{0} file for {1} inputs", "{0} files for {1} input", "{0} files for {1} inputs"),
    "{0} files for {1} input, put the path into quotes",
    *("line {0}:", "{0} line {1}:"),
}
"""Texts that the core composes of words and numbers."""
PLACE = "\x00"


@cache
def all_texts() -> dict[str, bool]:
    """Every text with a blank in it as a template with numbered places, by package; True: a window shows it."""
    found: dict[str, bool] = {}
    for path in sorted(ROOT.rglob("*.py")):
        package = path.relative_to(ROOT).parts[0]
        if package == NOT_CORE:
            continue
        for text, is_told in _of_module(ast.parse(path.read_text(encoding="utf-8"))):
            if package == WINDOW and not is_told:
                continue
            shown = is_told or (package != "report" and _is_sentence(text) and not text.startswith(NOT_SHOWN))
            found[text] = found.get(text, False) or shown
    return found


def shown_texts() -> list[str]:
    """Those that a window shows as whole sentences."""
    return [text for text, shown in all_texts().items() if shown]


def known_sources() -> set[str]:
    """All that may be in a place of a text or be one: texts of the core, counted words, reasons of the system."""
    return {*all_texts(), *NOUNS, *COUNTED, *OF_DATASETS, *map(os.strerror, errno.errorcode)}


def _is_sentence(text: str) -> bool:
    return text.endswith(".") and (text[0].isupper() or text[0] == "{")


def _of_module(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    told = {id(part) for call in ast.walk(tree) if _tells(call) for part in ast.walk(call)}
    told -= {id(part) for call in ast.walk(tree) if _translates(call) for part in ast.walk(call)}
    pieces = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # documentation
    for node in ast.walk(tree):
        template = None if id(node) in pieces else _template(node)
        if template is None:
            continue
        pieces |= set(_pieces(node))
        text = _numbered(template)
        if re.search(r"[A-Za-z]{2}", re.sub(r"{\d+}", "", text)) and " " in text.strip():
            yield text, id(node) in told and (text[0].isupper() or text.endswith("."))


def _tells(node: ast.AST) -> bool:
    name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    return name == "Warn" or (name.endswith("Error") and not hasattr(builtins, name))


def _translates(node: ast.AST) -> bool:
    name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
    return name == "tr" or (name == "translate" and isinstance(node.args[0], ast.Constant))  # type: ignore[attr-defined]


def _template(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(PLACE if isinstance(part, ast.FormattedValue) else part.value for part in node.values)  # type: ignore[attr-defined]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = _template(node.left), _template(node.right)
        return None if sides == (None, None) else "".join(PLACE if side is None else side for side in sides)
    return None


def _pieces(node: ast.AST) -> Iterator[int]:
    """The literals that a text is made of, which are no texts themselves; what is in its places may be."""
    if isinstance(node, ast.JoinedStr):
        yield from (id(part) for part in node.values)
        yield from (id(part.format_spec) for part in node.values if isinstance(part, ast.FormattedValue))
    elif isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            yield id(side)
            yield from _pieces(side)


def _numbered(template: str) -> str:
    numbers = count()
    return re.sub(PLACE, lambda _: f"{{{next(numbers)}}}", template)
