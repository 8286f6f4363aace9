"""Processes that end without a word."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench.foundation.abrupt import YOUNG, crashes_before, watched
from workbench.foundation.crashes import crashes_folder

PROGRAM = """
import faulthandler, os, sys
from workbench.foundation.abrupt import watched
with watched("a window") as watch:
    watch.note("said before the end")
    print("there", flush=True)
    {end}
"""
SEGFAULT, ABORT, WAITS = "faulthandler._sigsegv()", "os.abort()", "sys.stdin.read()"


def started(end: str) -> subprocess.Popen[bytes]:
    """A watched process, once it is watched."""
    command = [sys.executable, "-c", PROGRAM.format(end=end)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"there"
    return process


@pytest.mark.parametrize(("end", "sign"), [(SEGFAULT, "Segmentation fault"), (ABORT, "Aborted")])
def test_that_a_crash_is_found_once_with_its_trace(end: str, sign: str) -> None:
    started(end).communicate()
    (crash,) = crashes_before()
    text = crash.report.read_text(encoding="utf-8")
    assert f"ended abruptly: Fatal Python error: {sign}" in text
    assert "started: a window" in text
    assert 'File "<string>"' in text
    assert "said before the end" in text
    assert abs(crash.when.timestamp() - time.time()) < 60
    assert crashes_before() == ()
    assert list(crashes_folder().iterdir()) == [crash.report]


def test_that_an_orderly_end_leaves_nothing() -> None:
    process = started(WAITS)
    process.communicate()
    assert process.returncode == 0
    assert list(crashes_folder().iterdir()) == []


def test_that_a_process_that_lives_is_not_accused() -> None:
    process = started(WAITS)
    (file,) = crashes_folder().iterdir()
    with file.open("a", encoding="utf-8") as more:
        more.write("Fatal Python error: written by somebody else\n")
    assert crashes_before() == ()
    process.communicate()
    assert process.returncode == 0


def test_that_what_was_killed_is_no_crash_and_is_cleared_away() -> None:
    process = started(WAITS)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert crashes_before() == ()
    (file,) = crashes_folder().iterdir()
    os.utime(file, (0, time.time() - YOUNG - 1))
    assert crashes_before() == ()
    assert list(crashes_folder().iterdir()) == []


def test_that_only_the_process_asked_for_is_looked_at() -> None:
    process = started(ABORT)
    process.communicate()
    assert crashes_before(process.pid + 1) == ()
    assert len(crashes_before(process.pid)) == 1


def test_that_a_folder_that_cannot_be_written_is_no_failure(user_settings_folder: Path) -> None:
    user_settings_folder.write_text("a file where a folder should be")
    with watched("here") as watch:
        assert watch is None
    assert crashes_before() == ()


def test_that_a_crash_waits_where_there_is_no_room_for_its_report(monkeypatch: pytest.MonkeyPatch) -> None:
    started(ABORT).communicate()
    with monkeypatch.context() as full:
        full.setattr(Path, "write_text", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
        assert crashes_before() == ()
    assert len(crashes_before()) == 1
