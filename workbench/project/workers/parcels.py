"""Files on their way to the workers of a cluster: each goes there once, by its content."""

import dataclasses
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from workbench.foundation.errors import WorkbenchError
from workbench.project.digests import file_digest, key_of_values
from workbench.project.workers.tasks import Together

CHUNK = 1 << 22  # bytes that are sent at a time
LONG_AGO = 946_684_800  # a time that every file system knows


@dataclass(frozen=True)
class Parcel:
    """Files that lie together: `names` are their places below the folder that they have in common."""

    digest: str
    names: tuple[str, ...]
    paths: tuple[Path, ...]


def parcel_of(files: Together) -> Parcel:
    """Files as they are sent."""
    root = Path(os.path.commonpath([path.absolute().parent for path in files]))
    names = tuple(path.absolute().relative_to(root).as_posix() for path in files)
    held = [[name, file_digest(path)] for name, path in zip(names, files, strict=True)]
    return Parcel(key_of_values(held, 32), names, files)


@dataclass(frozen=True)
class Piece:
    """Bytes of a file of a parcel, and where they belong."""

    digest: str
    name: str
    at: int
    data: bytes


def batches(parcels: Iterable[Parcel]) -> Iterator[list[Piece]]:
    """All pieces of parcels, as many together as are worth a trip."""
    batch: list[Piece] = []
    room = CHUNK
    for piece in (piece for parcel in parcels for piece in _pieces(parcel)):
        if batch and len(piece.data) > room:
            yield batch
            batch, room = [], CHUNK
        batch.append(piece)
        room -= len(piece.data)
    yield batch


def put(store: Path, sender: str, pieces: Iterable[Piece]) -> None:
    """Pieces are written where they wait for the others."""
    for piece in pieces:
        path = _part(store, piece.digest, sender) / _checked(piece.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if piece.at else "wb") as file:
            file.seek(piece.at)
            file.write(piece.data)


def complete(store: Path, sender: str, digests: Iterable[str]) -> None:
    """All pieces of these parcels are there: each takes its place, unless another sender's has it."""
    for digest in digests:
        part, place = _part(store, digest, sender), store / digest
        for path in part.rglob("*"):
            os.utime(path, (LONG_AGO, LONG_AGO))  # it lies under its content and never changes: one look is enough
        try:
            part.replace(place)
        except OSError:
            if not place.is_dir():
                raise
            shutil.rmtree(part, ignore_errors=True)


def placed(store: Path, parcels: Iterable[Parcel]) -> dict[Path, Path]:
    """Where the files of parcels are here, by where they were."""
    return {
        path: store / parcel.digest / name
        for parcel in parcels
        for path, name in zip(parcel.paths, parcel.names, strict=True)
    }


def with_places(value: Any, places: Mapping[Path, Path]) -> Any:
    """A value with other paths in it, however deep they are in dataclasses, tuples, lists and mappings."""
    if isinstance(value, Path):
        return places.get(value, value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        held = {item.name: getattr(value, item.name) for item in dataclasses.fields(value) if item.init}
        other = {name: found for name, one in held.items() if (found := with_places(one, places)) is not one}
        return dataclasses.replace(value, **other) if other else value
    if type(value) in (tuple, list):
        found = [with_places(item, places) for item in value]
        is_same = all(one is other for one, other in zip(found, value, strict=True))
        return value if is_same else type(value)(found)
    if isinstance(value, Mapping):
        changed = {with_places(key, places): with_places(item, places) for key, item in value.items()}
        return value if all(changed.get(key) is item for key, item in value.items()) else changed
    return value


def _pieces(parcel: Parcel) -> Iterator[Piece]:
    """An empty file is one empty piece."""
    for name, path in zip(parcel.names, parcel.paths, strict=True):
        with path.open("rb") as file:
            at = 0
            while (data := file.read(CHUNK)) or not at:
                yield Piece(parcel.digest, name, at, data)
                at += len(data) or 1


def _part(store: Path, digest: str, sender: str) -> Path:
    return store / f".{digest}.{_checked(sender)}.part"


def _checked(name: str) -> str:
    """A name below a folder: who sends it is trusted, and mistaken at most."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise WorkbenchError(f"A file cannot be sent under the name {name!r}.", "Give it another name.")
    return name
