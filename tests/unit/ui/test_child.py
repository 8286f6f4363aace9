"""Steps that another process takes."""

import os
from pathlib import Path

import pytest

from workbench.foundation.errors import SessionError, WorkbenchError
from workbench.foundation.steps import Progress, drain
from workbench.project.session import Session, save_session
from workbench.ui.child import in_child
from workbench.ui.opening import copy_session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session's folder."""
    save_session(Session(tmp_path / "net.onnx"), tmp_path / "session")
    return tmp_path / "session"


def test_that_events_and_the_result_arrive(folder: Path, tmp_path: Path) -> None:
    steps = in_child(copy_session, Session(tmp_path / "net.onnx"), folder, tmp_path / "copy")
    assert next(steps) == Progress("save", 0, 1, "session.json")
    assert drain(steps)[1] == tmp_path / "copy"


def test_that_an_error_is_raised_here(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="lies inside the session"):
        drain(in_child(copy_session, Session(tmp_path / "net.onnx"), folder, folder / "copy"))


def test_that_the_end_of_the_process_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="ended unexpectedly"):
        drain(in_child(os._exit, 3))


def test_that_closing_ends_the_work(folder: Path, tmp_path: Path) -> None:
    for number in range(3000):
        (folder / f"{number}.txt").write_text("x")
    steps = in_child(copy_session, Session(tmp_path / "net.onnx"), folder, tmp_path / "copy")
    next(steps)
    steps.close()
    assert len(list((tmp_path / "copy").glob("*"))) < 3000
