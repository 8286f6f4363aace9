"""The right classes for the images of a data set, from the files that people have them in.

A line an image (`name class`, also with commas), a class a line in the images' order, JSON {name: class}, the labels of
MNIST (idx), or the names of folders.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from workbench.evaluate.items import Item, idx_array, is_idx
from workbench.foundation.errors import DatasetError

SHOWN = 3
CLASS_HINT = "Write a line an image: its file's name and its class, a number or one of the names in --classes."


def read_names(path: Path) -> tuple[str, ...]:
    """The names of classes, one a line, in the network's order."""
    return tuple(line.strip() for line in text_of(path).splitlines() if line.strip())


def read_classes(path: Path | None, items: Sequence[Item], names: Sequence[str] = (), first: int = 0) -> list[int]:
    """The class of every image as the network counts them, from 0 on; `first` is what the labels call the first one.

    Without a file the folders of the data set are the classes: numbers, names, or in the order of their names.
    """
    if path is None:
        return _of_folders(items, names, first)
    if is_idx(path):
        values = [str(value) for value in idx_array(path).reshape(-1)]
        return _in_order(values, items, names, first, path)
    found = _class_lines(path)
    if isinstance(found, list):
        return _in_order(found, items, names, first, path)
    by_name = {key_of(name): text for name, text in found.items()}
    texts = [looked_up(by_name, item) for item in items]
    refuse_missing([item for item, text in zip(items, texts, strict=True) if text is None], path, CLASS_HINT)
    return [_number(str(text), names, first, path) for text in texts]


def _of_folders(items: Sequence[Item], names: Sequence[str], first: int) -> list[int]:
    groups = list(dict.fromkeys(item.group for item in items))
    if not items or not all(groups):
        raise DatasetError("It is not known what is on the images.", "Give --labels, or folders named after classes.")
    if all(group.isdecimal() or group in names for group in groups):
        return [_number(item.group, names, first, Path(item.group)) for item in items]
    if names:
        unknown = next(group for group in groups if not group.isdecimal() and group not in names)
        raise DatasetError(f"The folder {unknown} is none of the classes.", "Call folders as the classes are called.")
    order = {group: at for at, group in enumerate(sorted(groups))}
    return [order[item.group] for item in items]


def _in_order(texts: Sequence[str], items: Sequence[Item], names: Sequence[str], first: int, path: Path) -> list[int]:
    """One for every image of the whole data set, of which `items` may be a part: an idx file's know their places."""
    places = [at if item.number is None else item.number for at, item in enumerate(items)]
    is_part = all(item.number is not None for item in items)
    if max(places, default=-1) >= len(texts) or (not is_part and len(texts) != len(items)):
        message = f"{path} has {len(texts)} labels, the data set {len(items)} images."
        raise DatasetError(
            message, "Give labels and images of the same set, or write each image's name before its class."
        )
    return [_number(texts[at], names, first, path) for at in places]


def _class_lines(path: Path) -> dict[str, str] | list[str]:
    """By the images' names, or in their order."""
    text = text_of(path)
    if text.lstrip().startswith("{"):
        document = json_of(text, path)
        return {str(name): str(value) for name, value in document.items()}
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    cells = [re.split(r"[,;\t]\s*|\s+", line, maxsplit=1) if not _quoted(line) else _quoted(line) for line in lines]
    pairs = [tuple(part.strip().strip('"') for part in row or ()) for row in cells]
    if not pairs:
        raise DatasetError(f"{path} has no labels.", CLASS_HINT)
    if all(len(row) == 1 for row in pairs):
        return [row[0] for row in pairs]
    if any(len(row) != 2 for row in pairs):
        number = next(at for at, row in enumerate(pairs, start=1) if len(row) != 2)
        raise DatasetError(f"{path} line {number} is no name and class.", CLASS_HINT)
    return {row[0]: row[1] for row in pairs}


def _quoted(line: str) -> list[str] | None:
    """`"a name" class`."""
    found = re.match(r'^"([^"]+)"[,;\s]+(.+)$', line)
    return None if found is None else [found[1], found[2]]


def _number(text: str, names: Sequence[str], first: int, path: Path) -> int:
    """A class as the network counts them; a name that is also a number is the name."""
    if text in names:
        return list(names).index(text)
    try:
        number = int(text) - first
    except ValueError:
        raise DatasetError(f"{path}: {text!r} is no class.", CLASS_HINT) from None
    if number < 0:
        raise DatasetError(f"{path}: {text} is below the first class, {first}.", "Set --first-class.")
    return number


def looked_up(by_name: Mapping[str, Any], item: Item) -> Any:
    """By its name, its file's name, or that without its ending."""
    path = PurePosixPath(key_of(item.name))
    names = (str(path), path.name, str(path.with_suffix("")), path.stem)
    return next((by_name[name] for name in names if name in by_name), None)


def key_of(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")


def refuse_missing(missing: Sequence[Item], path: Path, hint: str) -> None:
    if missing:
        shown = ", ".join(item.name for item in missing[:SHOWN])
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        raise DatasetError(f"{path} says nothing about {shown}{more}.", hint)


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DatasetError(
            f"{path} cannot be read: {reason}.", "Check the path; it must be a text in UTF-8."
        ) from error


def json_of(text: str, path: Path) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path} is no JSON: {error}.", "Write the file again.") from error
    assert isinstance(document, dict)
    return document
