"""Rules of who may write into a session."""

import errno
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.holders import is_free, other_program
from workbench.foundation.steps import drain
from workbench.project import holding
from workbench.project.findings.fixing import undo
from workbench.project.holding import FILE, SessionHeldError, held, hold, is_untouched, let_go
from workbench.project.pipeline import analyze, demo_session
from workbench.project.session import load_session, save_session


def write_in(folder: Path) -> str:
    save_session(demo_session(), folder)
    return "written"


def test_that_a_session_that_another_program_has_is_refused_with_the_process(tmp_path: Path) -> None:
    with other_program(tmp_path) as other, pytest.raises(SessionHeldError) as refused, held(tmp_path):
        pass

    assert refused.value.message.startswith(f"{tmp_path} is in use by another RKNN Workbench (process {other.pid} on ")
    assert refused.value.hint


def test_that_another_program_cannot_have_what_is_held_here(tmp_path: Path) -> None:
    with held(tmp_path):
        assert not is_free(tmp_path)

    assert is_free(tmp_path)


def test_that_a_session_is_free_again_when_its_program_was_killed(tmp_path: Path) -> None:
    with other_program(tmp_path) as other:
        other.kill()
        other.wait()

        with held(tmp_path):
            pass


def test_that_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    with held(tmp_path / "new"):
        assert (tmp_path / "new" / FILE).is_file()

    assert list((tmp_path / "new").iterdir()) == []


def test_that_a_folder_is_untouched_until_somebody_has_it_or_writes_into_it(tmp_path: Path) -> None:
    folder, file = tmp_path / "new", tmp_path / "file"
    assert is_untouched(folder)
    folder.mkdir()
    assert is_untouched(folder)
    with other_program(folder):
        assert not is_untouched(folder)
    assert is_untouched(folder)  # that program was killed

    (folder / "notes.txt").touch()
    file.touch()
    assert not is_untouched(folder)
    assert not is_untouched(file)
    assert is_untouched(file / "below")


def test_that_what_a_killed_program_signed_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"process": 1, "parent": 0, "host": "elsewhere"}', encoding="utf-8")

    with held(tmp_path):
        assert not is_free(tmp_path)


def test_that_a_session_is_held_until_the_last_one_here_lets_go(tmp_path: Path) -> None:
    assert hold(tmp_path)
    with held(tmp_path):
        let_go(tmp_path)

        assert not is_free(tmp_path)

    assert is_free(tmp_path)


def test_that_a_process_that_works_for_the_holder_may_write(tmp_path: Path) -> None:
    with held(tmp_path), ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(write_in, tmp_path).result() == "written"


def test_that_a_file_system_without_locks_keeps_nobody_from_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(holding, "lock", refuse)

    assert not hold(tmp_path)
    save_session(demo_session(), tmp_path)
    assert load_session(tmp_path)


def test_that_a_full_disk_gives_the_lock_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "write", refuse)
        assert not hold(tmp_path)

    assert is_free(tmp_path)


def test_that_a_folder_that_cannot_be_written_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, flags: int, mode: int) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)

    assert not hold(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: save_session(demo_session(), folder),
        lambda folder: drain(analyze(demo_session(), folder)),
        lambda folder: drain(undo(folder)),
    ],
    ids=["save", "analyze", "undo"],
)
def test_that_nothing_changes_in_a_session_that_another_program_has(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    save_session(demo_session(), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    with other_program(tmp_path), pytest.raises(SessionHeldError):
        change(tmp_path)

    (tmp_path / FILE).unlink(missing_ok=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
