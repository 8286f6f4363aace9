"""Temporary folders: they go with what made them, however that ends."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.scratch import IN_USE, PREFIX, YOUNG_S, Scratch, remove_left, scratch_folder

MAKES_ONE = (
    "import sys, time; from workbench.foundation.scratch import Scratch; made = Scratch();"
    "(made.path / 'dump').write_bytes(bytes(1000)); print(made.path, flush=True); sys.stdin.read()"
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for temporary files."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def make_old(folder: Path) -> None:
    then = time.time() - 2 * YOUNG_S
    os.utime(folder, (then, then))


def begun() -> tuple["subprocess.Popen[str]", Path]:
    """A process that has a folder until its input ends."""
    child = subprocess.Popen([sys.executable, "-c", MAKES_ONE], stdin=-1, stdout=-1, text=True)
    assert child.stdout is not None
    return child, Path(child.stdout.readline().rstrip("\n"))


def test_that_a_folder_goes_with_its_block(place: Path) -> None:
    with scratch_folder() as folder:
        (folder / "dump").write_bytes(b"1")
        assert folder.parent == place
    assert list(place.iterdir()) == []


def test_that_a_folder_goes_with_its_process(place: Path) -> None:
    child, folder = begun()
    assert (folder / "dump").is_file()
    child.communicate()
    assert child.returncode == 0
    assert list(place.iterdir()) == []


def test_that_what_a_killed_process_left_goes_with_the_next_folder(place: Path) -> None:
    child, folder = begun()
    with child:
        child.kill()
    make_old(folder)
    assert (folder / "dump").is_file()
    with scratch_folder() as own:
        assert list(place.iterdir()) == [own]


def test_that_the_folder_of_a_process_that_works_stays(place: Path) -> None:
    child, folder = begun()
    make_old(folder)
    remove_left()
    assert (folder / "dump").is_file()
    child.communicate()
    assert not folder.exists()


def test_that_a_folder_that_has_just_been_made_stays(place: Path) -> None:
    child, folder = begun()
    with child:
        child.kill()
    remove_left()
    assert (folder / "dump").is_file()


def test_that_no_room_for_a_folder_is_a_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place / "gone"))
    with pytest.raises(WorkbenchError, match=r"Cannot write .*gone/rknn-workbench-.*: No such file"):
        Scratch()


def test_that_what_is_kept_stays(place: Path) -> None:
    scratch = Scratch()
    (scratch.path / "toolkit.log").write_text("no")
    scratch.keep()
    scratch.close()
    make_old(scratch.path)
    remove_left()
    assert [path.name for path in scratch.path.iterdir()] == ["toolkit.log"]


def test_that_what_others_made_stays(place: Path, tmp_path: Path) -> None:
    mine, linked = place / f"{PREFIX}mine", tmp_path / "linked"
    for folder in (mine, linked):
        folder.mkdir()
        (folder / "text").write_text("mine")
    (linked / IN_USE).touch()
    (place / f"{PREFIX}link").symlink_to(linked)
    (place / f"{PREFIX}file").write_text("a file")
    for path in (mine, linked, place / f"{PREFIX}file"):
        make_old(path)
    os.utime(place / f"{PREFIX}link", (0, 0), follow_symlinks=False)
    remove_left()
    assert (mine / "text").read_text() == (linked / "text").read_text() == "mine"
    assert len(list(place.iterdir())) == 3
