"""Rules of what other processes inherit: no place from which a stranger's library would be loaded."""

import multiprocessing
import os
import sys
from pathlib import Path

import pytest

from workbench.foundation.children import without_main
from workbench.foundation.process import lines_of
from workbench.foundation.steps import drain
from workbench.foundation.variables import LIBRARIES, for_others

ADDED = "/somewhere/site-packages/cv2/../../lib64:"


@pytest.mark.parametrize(
    ("before", "after"), [(ADDED, None), (f"{ADDED}/opt/lib", "/opt/lib"), ("/a::/b:", "/a:/b"), ("/a:/b", "/a:/b")]
)
def test_that_only_what_the_user_named_is_passed_on(before: str, after: str | None) -> None:
    assert for_others({LIBRARIES: before, "HOME": "/home/me"}).get(LIBRARIES) == after
    assert for_others({"HOME": "/home/me"}) == {"HOME": "/home/me"}


def test_that_a_program_does_not_look_in_the_current_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import cv2

    monkeypatch.setenv(LIBRARIES, f"{Path(cv2.__file__).parent}/../../lib64:")
    told = [sys.executable, "-c", f"import os; print(os.environ.get('{LIBRARIES}'))"]

    assert drain(lines_of(told, folder=tmp_path)).last == ("None",)


def test_that_a_process_that_computes_does_not_look_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIBRARIES, ADDED)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_tell, args=(theirs,))
    with without_main():
        process.start()

    assert ours.recv() is None
    process.join(20)


def _tell(pipe: "multiprocessing.connection.Connection") -> None:
    pipe.send(os.environ.get(LIBRARIES))
