"""Names and paths on a board: which ones may be used there, and under which names its files may lie here."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.sources.board.wire import LinkError

FOLDER_BIT, FILE_BIT, KIND_BITS = 0x4000, 0x8000, 0xF000  # of st_mode, see inode(7)
CONTROLS = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]"  # of a terminal: colours, cursor
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # its title, the clipboard
    r"|[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]"  # any other, and those that turn the direction
)
LONGEST_SHOWN = 4000  # characters of a line


@dataclass(frozen=True)
class Entry:
    """Something in a folder of a board; `name` is its path from that folder, `size` in bytes.

    `is_file` False and `is_folder` False: a link, a device or a pipe, which is never read.
    """

    name: str
    size: int
    is_folder: bool
    is_file: bool = True


def remote_path(path: str) -> str:
    """A path on a board as it may be used there: absolute and without `..`."""
    if not path.startswith("/") or ".." in path.split("/") or "\0" in path:
        words = f"{shown(path)!r} is no path that may be used on a board."
        raise LinkError(words, "Name it from the root, without `..`.")
    return str(PurePosixPath("/" + path.lstrip("/")))


def removable(path: str) -> str:
    """A path that may be removed on a board: never the root or a folder that stands in it."""
    checked = remote_path(path)
    if checked.count("/") < 2:
        words = f"{shown(checked)} is not removed: it may belong to the board's system."
        raise LinkError(words, "Choose a folder deeper down.")
    return checked


def quoted(path: str) -> str:
    """A path as one word of the board's shell, whatever is in it."""
    return shlex.quote(remote_path(path))


def listing_line(folder: str, mark: str, *, is_deep: bool) -> str:
    """The shell's line that tells what is in a folder; `mark` stands before every entry. Links are not followed.

    `-prune` for all but the folder itself is how POSIX find stays in it.
    """
    stay = "" if is_deep else "! -name . -prune "
    tell = f"stat -c {shlex.quote(mark + ' %f %s %n')}"
    return f"cd {quoted(folder)} && find . {stay}-exec {tell} {{}} +"


def entries_in(answer: bytes, mark: str) -> Iterator[Entry]:
    """The entries of an answer to `listing_line`; raises LinkError for a name that would lead out of the folder."""
    for record in answer.split(mark.encode() + b" ")[1:]:
        mode, size, name = _fields(record)
        if name not in (".", "./"):
            kind = mode & KIND_BITS
            yield Entry(_inside(name), size, kind == FOLDER_BIT, kind == FILE_BIT)


def local_path(folder: Path, name: str) -> Path:
    """Where the file of a board comes to lie below `folder`; bytes that are no UTF-8 are written as `%XX`."""
    text = "".join(f"%{ord(sign) - 0xDC00:02X}" if "\udc80" <= sign <= "\udcff" else sign for sign in _inside(name))
    return folder.joinpath(*text.split("/"))


def shown(text: str) -> str:
    """A text from a board as one line that may be shown: without what moves cursors, colours or turns the direction."""
    line = CONTROLS.sub("", text).encode("utf-8", "replace").decode("utf-8")
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]} …"


def _fields(record: bytes) -> tuple[int, int, str]:
    mode, _, rest = record.removesuffix(b"\n").removesuffix(b"\r").partition(b" ")
    size, _, name = rest.partition(b" ")
    if not re.fullmatch(rb"[0-9a-f]{1,8}", mode) or not size.isdigit() or not name:
        raise LinkError("The board's list of a folder cannot be read.", "Check its `find` and `stat`.")
    return int(mode, 16), int(size), name.decode("utf-8", "surrogateescape")


def _inside(name: str) -> str:
    """A name that stays in its folder; raises LinkError for any other."""
    bare = name.removeprefix("./")
    if "\0" in bare or any(part in ("", ".", "..") for part in bare.split("/")):
        raise LinkError(
            f"The board names a file {shown(bare)!r}, which would lie outside its folder.",
            "Nothing was taken from it. Look at the folder on the board before you trust it.",
        )
    return bare
