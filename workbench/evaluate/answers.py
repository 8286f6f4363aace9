"""What a network answers for each image, kept as it comes: a run that was killed goes on where it ended.

A file of lines, each the JSON of one image: its name, what changes when its files do, the answer. A line that was not
written to its end is left out when the file is read.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from workbench.evaluate.items import Item
from workbench.foundation.files import cannot_write

Answer = dict[str, Any]
SUFFIX = ".jsonl"


def read_answers(path: Path, items: Sequence[Item]) -> dict[str, Answer]:
    """The answers that are known for items as their files are now, by the items' names."""
    stamps = {item.name: item.stamp for item in items}
    found: dict[str, Answer] = {}
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                name, stamp, answer = _parsed(line)
                if stamps.get(name) == stamp:
                    found[name] = answer
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):  # what cannot be read is computed again
        return {}
    return found


def add_answers(path: Path, answers: Iterable[tuple[Item, Answer]]) -> None:
    """Write more answers behind those that are there."""
    lines = [json.dumps([item.name, item.stamp, answer], allow_nan=False) for item, answer in answers]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.is_file() else "w+b") as file:
            _to_last_line(file)
            file.write("".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        raise cannot_write(path, error) from error


def _to_last_line(file: Any) -> None:
    """Behind the last whole line; what a killed run began to write is overwritten."""
    end = file.seek(0, 2)
    if not end:
        return
    step = min(end, 1 << 20)
    file.seek(end - step)
    rest = file.read(step)
    file.seek(end - step + rest.rfind(b"\n") + 1)
    file.truncate()


def _parsed(line: str) -> tuple[str, str, Answer]:
    try:
        name, stamp, answer = json.loads(line)
    except (ValueError, TypeError, RecursionError):
        return "", "", {}
    return (name, stamp, answer) if isinstance(name, str) and isinstance(answer, dict) else ("", "", {})
