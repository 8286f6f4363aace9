"""Rules of room on the disk that is taken in advance."""

import errno
import os
from pathlib import Path

import pytest

from workbench.dump.room import AHEAD, SPARE, Room

pytestmark = pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system cannot reserve room")


def test_that_room_is_taken_for_the_size_and_some_more(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    room = Room(path)

    sizes = []
    for size in (1000, 1000 + 3 * SPARE, 3 * AHEAD):
        room.reserve(size)
        sizes.append(path.stat().st_size)
    room.close()

    assert sizes == [1000 + 2 * SPARE, 2000 + 6 * SPARE, 3 * AHEAD + SPARE + 2000 + 6 * SPARE]


def test_that_nearly_full_disks_give_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    room = Room(tmp_path / "file")
    taken: list[int] = []

    def scarce(_: int, offset: int, size: int) -> None:
        if offset + size > 1000 + SPARE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken.append(offset + size)

    monkeypatch.setattr(os, "posix_fallocate", scarce)
    room.reserve(1000)
    room.close()

    assert taken == [1000 + SPARE]


def test_that_a_disk_without_room_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    room = Room(tmp_path / "file")
    monkeypatch.setattr(os, "posix_fallocate", _refusing(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left"):
        room.reserve(1000)
    room.close()


def test_that_a_disk_that_reserves_nothing_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    room = Room(tmp_path / "file")
    monkeypatch.setattr(os, "posix_fallocate", _refusing(errno.EOPNOTSUPP))

    room.reserve(1000)
    room.close()


def test_that_closing_twice_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    room = Room(tmp_path / "file")

    room.close()
    room.close()


def _refusing(number: int) -> object:
    def refuse(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse
