"""Rules of files that are complete or absent."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import atomic_path, cannot_write, write_text


def test_that_a_file_appears_under_its_name_only_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "report.html"

    with atomic_path(target) as part:
        part.write_text("half")
        present_meanwhile = target.exists()

    assert (present_meanwhile, target.read_text()) == (False, "half")


def test_that_a_block_that_fails_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")

    with suppress(ValueError), atomic_path(target) as part:
        part.write_text("half")
        raise ValueError("stop")

    assert target.read_text() == "old"


def test_that_what_fails_in_a_block_other_than_writing_is_let_through(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stop"), atomic_path(tmp_path / "report.html"):
        raise ValueError("stop")


def test_that_a_block_that_fails_leaves_no_partial_file(tmp_path: Path) -> None:
    with suppress(ValueError), atomic_path(tmp_path / "report.html"):
        raise ValueError("stop")

    assert list(tmp_path.iterdir()) == []


def test_that_missing_folders_are_made(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b" / "notes.txt", "text")

    assert (tmp_path / "a" / "b" / "notes.txt").read_text() == "text"


def test_that_text_is_written_as_utf_8(tmp_path: Path) -> None:
    write_text(tmp_path / "notes.txt", "网络")

    assert (tmp_path / "notes.txt").read_bytes() == "网络".encode()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX systems")
def test_that_a_written_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()

    write_text(tmp_path / "atomic", "text")

    assert stat.S_IMODE((tmp_path / "atomic").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_that_a_full_disk_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    target = tmp_path / "golden.h5"

    with pytest.raises(WorkbenchError, match=r"Cannot write .*golden\.h5: No space left"), atomic_path(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_that_a_folder_that_is_a_file_is_an_error_that_names_the_target(tmp_path: Path) -> None:
    (tmp_path / "session").write_text("not a folder")

    with pytest.raises(WorkbenchError, match=r"session.json"):
        write_text(tmp_path / "session" / "session.json", "{}")


def test_that_a_name_of_the_longest_length_can_be_written(tmp_path: Path) -> None:
    write_text(tmp_path / ("n" * 255), "text")

    assert (tmp_path / ("n" * 255)).read_text() == "text"


def test_that_an_error_without_a_system_message_still_gives_a_reason() -> None:
    error = cannot_write(Path("out.h5"), OSError("unable to extend the file"))

    assert "unable to extend the file" in error.message
