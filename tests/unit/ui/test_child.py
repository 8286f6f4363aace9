"""Steps that another process takes."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workbench.foundation.errors import SessionError, WorkbenchError
from workbench.foundation.steps import Progress, drain
from workbench.project.session import Session, save_session
from workbench.ui.child import Child
from workbench.ui.opening import copy_session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session's folder."""
    save_session(Session(tmp_path / "net.onnx"), tmp_path / "session")
    return tmp_path / "session"


@pytest.fixture
def child() -> Iterator[Child]:
    """A process of its own."""
    result = Child()
    yield result
    result.close()


def test_that_events_and_the_result_arrive(child: Child, folder: Path, tmp_path: Path) -> None:
    steps = child.steps(copy_session, Session(tmp_path / "net.onnx"), folder, tmp_path / "copy")
    assert next(told for told in steps if told.stage != "prepare") == Progress("save", 0, 1, "session.json")
    assert drain(steps)[1] == tmp_path / "copy"


def test_that_an_error_is_raised_here(child: Child, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="lies inside the session"):
        drain(child.steps(copy_session, Session(tmp_path / "net.onnx"), folder, folder / "copy"))


def test_that_the_end_of_the_process_is_told(child: Child) -> None:
    with pytest.raises(WorkbenchError, match="ended unexpectedly"):
        drain(child.steps(os._exit, 3))


def test_that_closing_ends_the_work(child: Child, folder: Path, tmp_path: Path) -> None:
    for number in range(3000):
        (folder / f"{number}.txt").write_text("x")
    steps = child.steps(copy_session, Session(tmp_path / "net.onnx"), folder, tmp_path / "copy")
    next(steps)
    steps.close()
    assert len(list((tmp_path / "copy").glob("*"))) < 3000


def test_that_what_ends_within_the_grace_is_not_killed(child: Child) -> None:
    first = child.call(os.getpid)
    with ThreadPoolExecutor(1) as pool:
        short = pool.submit(child.call, time.sleep, 0.1)
        time.sleep(0.02)
        child.abort(grace=5)
        assert short.result() is None
        long = pool.submit(child.call, time.sleep, 60)
        time.sleep(0.1)
        child.abort(grace=0.1)
        with pytest.raises(WorkbenchError, match="ended unexpectedly"):
            long.result()
    assert child.call(os.getpid) != first


def test_that_it_goes_on_after_what_was_closed(child: Child, folder: Path, tmp_path: Path) -> None:
    first = child.call(os.getpid)
    steps = child.steps(copy_session, Session(tmp_path / "net.onnx"), folder, tmp_path / "copy")
    next(steps)
    steps.close()
    assert child.call(os.getpid) == first


def test_that_steps_need_not_wait_for_other_steps(child: Child, folder: Path, tmp_path: Path) -> None:
    long = child.steps(copy_session, Session(tmp_path / "net.onnx"), folder, tmp_path / "copy")
    next(long)
    drain(child.steps(copy_session, Session(tmp_path / "net.onnx"), folder, tmp_path / "other"))
    assert (tmp_path / "other" / "session.json").is_file()
    drain(long)


def test_that_it_closes_while_nobody_takes_its_steps(child: Child, folder: Path, tmp_path: Path) -> None:
    left = child.steps(copy_session, Session(tmp_path / "net.onnx"), folder, tmp_path / "copy")
    next(left)
    child.close()
    with pytest.raises(WorkbenchError, match="ended unexpectedly"):
        drain(left)


def test_that_a_large_answer_arrives_whole(child: Child) -> None:
    assert child.call(list, range(300_000)) == list(range(300_000))
