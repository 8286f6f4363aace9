"""Files to a board and from it: they have their names only when they are complete."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from workbench.foundation.files import cannot_write
from workbench.foundation.steps import Progress, Steps, Warn
from workbench.sources.board.paths import Entry, entries_in, listing_line, local_path, quoted, remote_path, shown
from workbench.sources.board.talking import answer, mark
from workbench.sources.board.wire import Arrival, Bytes, LinkError, Wire

PUSH, PULL = "push", "pull"
UNFINISHED = "It may still be being written on the board; pull it again when the program there has ended."


def pushed(wire: Wire, local: Path, remote: str) -> Steps[None]:
    """Write a local file into one of the board that gets its name at the end. Progress in bytes."""
    target = PurePosixPath(remote_path(remote))
    part = str(target.with_name(f".{mark()}.part"))
    answer(wire, f"cd {quoted(str(target.parent))}")  # adb would make the folders
    try:
        with local.open("rb") as source:
            state = local.stat()
            try:
                yield from _counted(wire.send(source, state.st_size, part), PUSH, state.st_size, local.name)
                _take_over(wire, part, target, state.st_size, "755" if state.st_mode & 0o100 else "644")
            except BaseException:
                with suppress(LinkError):  # the board may be gone; the first error is the one that counts
                    answer(wire, f"rm -f {quoted(part)}")
                raise
    except OSError as error:
        raise LinkError(f"{local} cannot be read: {error.strerror or error}.", "Check the file.") from error


def pulled_file(wire: Wire, remote: str, local: Path) -> Steps[None]:
    """Bring a file of a board in the place of `local`. Progress in bytes."""
    source = PurePosixPath(remote)
    size = size_of(wire, remote)
    with _beside(local, size) as place:
        wanted = {source.name: Arrival(place / "file", size)}
        yield from _counted(wire.fetch(str(source.parent), wanted), PULL, size, shown(source.name))
        _check(wanted)
        (place / "file").replace(local)


def pulled_folder(wire: Wire, remote: str, local: Path) -> Steps[None]:
    """Bring a folder of a board with all files in it to `local`, which is new or empty. Progress in bytes."""
    if local.exists() and (not local.is_dir() or any(local.iterdir())):
        raise LinkError(f"{local} is there already.", "Choose a new name, or remove it first.")
    entries = listed(wire, remote, is_deep=True)
    others = [entry for entry in entries if not entry.is_file and not entry.is_folder]
    if others:
        yield Warn(f"{len(others)} links or devices were left on the board, among them {shown(others[0].name)}.")
    total = sum(entry.size for entry in entries if entry.is_file)
    with _beside(local, total) as place:
        wanted = _arrivals(entries, place / "folder")
        yield from _counted(wire.fetch(remote, wanted), PULL, total, shown(PurePosixPath(remote).name))
        _check(wanted)
        (place / "folder").replace(local)


def listed(wire: Wire, remote: str, *, is_deep: bool) -> tuple[Entry, ...]:
    """What is in a folder of a board, by name."""
    word = mark()
    found = entries_in(answer(wire, listing_line(remote, word, is_deep=is_deep)), word)
    return tuple(sorted(found, key=lambda entry: entry.name))


def size_of(wire: Wire, remote: str) -> int:
    """The bytes of a file of a board."""
    said = answer(wire, f"wc -c < {quoted(remote)}").strip()
    if not said.isdigit():
        raise LinkError(f"{wire.name} does not say how large {shown(remote)} is.", "Check `wc` on the board.")
    return int(said)


def _counted(counts: Bytes, stage: str, total: int, name: str) -> Steps[None]:
    try:
        for done in counts:
            yield Progress(stage, done, total, name)
    finally:
        counts.close()


def _take_over(wire: Wire, part: str, target: PurePosixPath, size: int, mode: str) -> None:
    there = size_of(wire, part)
    if there != size:
        words = f"{wire.name} kept {there} of the {size} bytes of {shown(target.name)}."
        raise LinkError(words, "Free some room there, then try again.")
    if answer(wire, f"[ ! -d {quoted(str(target))} ] || echo folder"):
        raise LinkError(f"{shown(str(target))} is a folder on {wire.name}.", "Name the file in it.")
    answer(wire, f"chmod {mode} {quoted(part)} && mv -f {quoted(part)} {quoted(str(target))}")


@contextmanager
def _beside(local: Path, size: int) -> Iterator[Path]:
    """A folder beside a path for what is not complete yet; it vanishes with all that is still in it.

    An `OSError` inside (no room, no permission) becomes an error that names the path.
    """
    place = None
    try:
        local.parent.mkdir(parents=True, exist_ok=True)
        _check_room(local, size)
        place = Path(tempfile.mkdtemp(prefix=f".{local.name[:60]}.", suffix=".part", dir=local.parent))
        yield place
    except OSError as error:
        raise cannot_write(local, error) from error
    finally:
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)


def _check_room(local: Path, size: int) -> None:
    """What a board says about sizes may be anything; it is refused before a byte has come."""
    free = shutil.disk_usage(local.parent).free
    if size > free:
        words = f"The board has {size / 1e6:,.0f} MB for {local}, where {free / 1e6:,.0f} MB are free."
        raise LinkError(words, "Free some room, or choose another folder.")


def _arrivals(entries: Iterable[Entry], folder: Path) -> dict[str, Arrival]:
    """Where each file comes to lie below a folder, which is made with all its folders; nothing lies there twice."""
    made: dict[str, Arrival] = {}
    taken: set[Path] = set()
    folder.mkdir()
    for entry in entries:
        path = local_path(folder, entry.name)
        if path in taken:
            words = f"The board has two files that would both be {shown(entry.name)} here."
            raise LinkError(words, "Rename one of them there.")
        taken.add(path)
        if entry.is_folder:
            path.mkdir(parents=True, exist_ok=True)
        elif entry.is_file:
            path.parent.mkdir(parents=True, exist_ok=True)
            made[entry.name] = Arrival(path, entry.size)
    return made


def _check(wanted: Mapping[str, Arrival]) -> None:
    """Every file must be there with as many bytes as the board said before."""
    for name, arrival in wanted.items():
        there = arrival.path.stat().st_size if arrival.path.is_file() else -1
        if there < 0:
            raise LinkError(f"{shown(name)} did not come.", UNFINISHED)
        if there != arrival.size:
            raise LinkError(f"{shown(name)} came with {there} of its {arrival.size} bytes.", UNFINISHED)
