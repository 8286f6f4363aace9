"""Files that are complete or absent: written beside their place and renamed when done."""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.foundation.errors import WorkbenchError

CLOCK = 3 * 10**9  # ns between two ticks of the coarsest clock of a file system, and some more
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that are devices on Windows, whatever their ending."""
UNSTORABLE = re.compile(r'[<>:"/\\|?*\x00-\x1f\ud800-\udfff]')
UNREADABLE = (
    OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
)  # fmt: skip
"""What comes of reading a document that is not what we write: it is gone, it is no JSON, or it has another shape."""


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its name when the block ends, and vanishes when it fails.

    An `OSError` inside the block (no room, no permission) becomes a `WorkbenchError` that names `path`.
    """
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # a name has at most 255 bytes, a letter at most 4
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:60]}.", suffix=".part", dir=path.parent)
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
    """Write `text` as UTF-8, completely or not at all.

    What is no Unicode, as in names of files that are none, stands as `\\udce9`: that is what JSON calls it, too.
    """
    with atomic_path(path) as part:
        part.write_text(text, encoding="utf-8", errors="backslashreplace")


def portable(name: str) -> str:
    """A file's name as every system can store it: what is not its own there becomes `_`."""
    name = UNSTORABLE.sub("_", name).rstrip(". ") or "_"
    return f"_{name}" if RESERVED.fullmatch(name) else name


def stamp_of(path: Path) -> tuple[int, int]:
    """What changes when a file does; zeros where there is none: who reads it says what is wrong."""
    try:
        state = path.stat()
    except OSError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


def settled_stamps(paths: Iterable[Path], before: int) -> dict[Path, tuple[int, int]]:
    """The stamps of files that changed last well before a time (`time.time_ns`); {} if one did not.

    A file that was read after that time is another one when its stamp is; on a coarse clock a younger one may not be.
    """
    stamps = {path: stamp_of(path) for path in paths}
    return stamps if all(0 < changed < before - CLOCK for changed, _ in stamps.values()) else {}


def cannot_write(path: Path, error: OSError) -> WorkbenchError:
    """The sentence for a failed write."""
    reason = error.strerror or str(error)
    return WorkbenchError(f"Cannot write {path}: {reason}.", "Free some room or choose another folder, then try again.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
