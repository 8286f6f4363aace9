"""What a repair makes of one file."""

import difflib
from dataclasses import dataclass
from pathlib import Path

from workbench.foundation.errors import WorkbenchError

LARGEST = 2**31 - 1  # bytes; neither ONNX nor Caffe files can be larger


class RepairError(WorkbenchError):
    """A file that cannot be repaired in this way."""


@dataclass(frozen=True)
class Patched:
    """The new content of a file beside its source; `diff` shows it as lines, also where the file is binary."""

    source: Path
    content: bytes
    diff: str
    notes: tuple[str, ...] = ()


def read(path: Path) -> bytes:
    """The bytes of a file that is to be repaired."""
    try:
        if path.exists() and not path.is_file():  # reading a pipe would wait for ever
            raise RepairError(f"{path} is no file.", "Give the file that the message is about.")
        if path.stat().st_size > LARGEST:
            raise RepairError(f"{path} is larger than 2 GB.", "Repair the smaller file that it was made from.")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise RepairError(f"Cannot open {path}: {reason}.", "Check the path and its permissions.") from error


def read_text(path: Path) -> str:
    """The text of a file as it is, with its line endings."""
    try:
        return read(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RepairError(f"{path} is no UTF-8 text.", "Save it as UTF-8 first.") from error


def patched_text(path: Path, before: str, after: str, notes: tuple[str, ...] = ()) -> Patched:
    """A text file with its unified diff."""
    return Patched(path, after.encode("utf-8"), unified(path.name, before.splitlines(), after.splitlines()), notes)


def unified(name: str, before: list[str], after: list[str]) -> str:
    """The lines that go (-) and come (+), three lines around them."""
    lines = difflib.unified_diff(before, after, name, f"{name} (repaired)", lineterm="")
    return "".join(f"{line}\n" for line in lines)
