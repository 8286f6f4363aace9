"""Rules of room on the disk that is taken in advance."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.dump.room import AHEAD, SPARE, Room

pytestmark = pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system cannot reserve room")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    """A new file, open for writing."""
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    yield descriptor
    os.close(descriptor)


def test_that_room_is_taken_for_the_size_and_some_more(file: int) -> None:
    room = Room(file)

    sizes = []
    for size in (1000, 1000 + 3 * SPARE, 3 * AHEAD):
        room.reserve(size)
        sizes.append(os.fstat(file).st_size)

    assert sizes == [1000 + 2 * SPARE, 2000 + 6 * SPARE, 3 * AHEAD + SPARE + 2000 + 6 * SPARE]


def test_that_nearly_full_disks_give_what_is_needed(file: int, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(file)
    taken: list[int] = []

    def scarce(_: int, offset: int, size: int) -> None:
        if offset + size > 1000 + SPARE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken.append(offset + size)

    monkeypatch.setattr(os, "posix_fallocate", scarce)
    room.reserve(1000)

    assert taken == [1000 + SPARE]


def test_that_a_disk_without_room_is_an_error(file: int, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(file)
    monkeypatch.setattr(os, "posix_fallocate", _refusing(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left"):
        room.reserve(1000)


def test_that_a_disk_that_reserves_nothing_is_no_error(file: int, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(file)
    monkeypatch.setattr(os, "posix_fallocate", _refusing(errno.EOPNOTSUPP))

    room.reserve(1000)


def _refusing(number: int) -> object:
    def refuse(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse
