"""Files that are complete or absent: written beside their place and renamed when done."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.foundation.errors import WorkbenchError


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its name when the block ends, and vanishes when it fails.

    An `OSError` inside the block (no room, no permission) becomes a `WorkbenchError` that names `path`.
    """
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
        os.close(handle)
        part = Path(name)
        part.chmod(0o666 & ~_umask())  # mkstemp makes private files; a report is to be shared
        yield part
        part.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if part is not None:
            with suppress(OSError):  # a drive that is gone: what is told is why it could not be written
                part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, completely or not at all."""
    with atomic_path(path) as part:
        part.write_text(text, encoding="utf-8")


def stamp_of(path: Path) -> tuple[int, int]:
    """What changes when a file does; zeros where there is none: who reads it says what is wrong."""
    try:
        state = path.stat()
    except OSError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


def cannot_write(path: Path, error: OSError) -> WorkbenchError:
    """The sentence for a failed write."""
    reason = error.strerror or str(error)
    return WorkbenchError(f"Cannot write {path}: {reason}.", "Free some room or choose another folder, then try again.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
