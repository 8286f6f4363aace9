"""Children: what they write comes line by line, and their whole group ends with them."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.waiting import SOON, until
from tests.processes import is_alive
from workbench.foundation.process import Finished, Line, Lines, ProcessError, lines_of

GRANDCHILD = "import subprocess, sys; child = subprocess.Popen(['sleep', '60']); print(child.pid, flush=True); "


def taken(code: str, **options: Any) -> tuple[list[Line], Finished]:
    steps, found = lines_of([sys.executable, "-c", code], **options), []
    while True:
        try:
            line = next(steps)
        except StopIteration as stop:
            return found, stop.value
        if line is not None:
            found.append(line)


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines if line.is_whole]


def first_line(steps: Lines) -> str:
    return next(line.text for line in steps if line is not None)


def test_that_lines_carry_the_stream_they_came_from() -> None:
    lines, finished = taken("import sys; print('a', flush=True); print('b', file=sys.stderr); sys.exit(3)")

    assert sorted((line.stream, line.text) for line in lines) == [("err", "b"), ("out", "a")]
    assert (finished.code, finished.signal, sorted(finished.last)) == (3, "", ["a", "b"])


def test_that_a_carriage_return_ends_a_line() -> None:
    assert texts(taken(r"print('\r10%\r20%\r\nlast', end='')")[0]) == ["10%", "20%", "last"]


def test_that_the_beginning_of_a_line_is_told_when_no_more_of_it_comes() -> None:
    lines, _ = taken(r"import time; print('\r40%', end='', flush=True); time.sleep(2); print(' done')")

    assert lines == [Line("out", "40%", is_whole=False), Line("out", "40% done")]


def test_that_bytes_that_are_no_text_do_no_harm() -> None:
    assert texts(taken(r"import sys; sys.stdout.buffer.write(b'a\xff\n')")[0]) == ["a\ufffd"]


def test_that_a_silent_child_gives_signs_of_life() -> None:
    steps = lines_of(["sleep", "60"])

    assert next(steps) is None
    steps.close()


@pytest.fixture(params=["here", "macOS"])
def _systems(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This one, and one whose Python has no `os.waitid`, as macOS before 3.13."""
    if request.param == "macOS":
        monkeypatch.delattr(os, "waitid")


@pytest.mark.usefixtures("_systems")
def test_that_closing_ends_all_that_the_child_started() -> None:
    steps = lines_of([sys.executable, "-c", GRANDCHILD + "child.wait()"])
    grandchild = int(first_line(steps))

    steps.close()

    until(lambda: not is_alive(grandchild), "it is gone")


@pytest.mark.usefixtures("_systems")
def test_that_what_outlives_the_child_is_ended_with_it() -> None:
    lines, finished = taken(GRANDCHILD + "sys.exit(0)")  # the grandchild holds the pipes open

    until(lambda: not is_alive(int(lines[0].text)), "it is gone")
    assert finished.code == 0


def test_that_a_child_that_ignores_signals_is_ended() -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    steps = lines_of([sys.executable, "-c", code])
    first_line(steps)

    begun = time.monotonic()
    steps.close()

    assert time.monotonic() - begun < SOON


@pytest.mark.usefixtures("_systems")
def test_that_the_name_of_the_deadly_signal_is_told() -> None:
    finished = taken("import os; os.abort()")[1]

    assert (finished.code, finished.signal) == (-6, "SIGABRT")


def test_that_a_child_that_is_silent_for_too_long_is_ended_as_hung() -> None:
    begun = time.monotonic()
    finished = taken("import time; print('working', flush=True); time.sleep(60)", silence=2)[1]

    assert finished.is_hung
    assert finished.last == ("working",)
    assert time.monotonic() - begun < SOON


def test_that_a_child_that_writes_is_not_hung() -> None:
    code = "import time\nfor _ in range(25): print('.', flush=True); time.sleep(0.2)"

    assert not taken(code, silence=4)[1].is_hung


def test_that_only_the_last_lines_are_kept() -> None:
    assert taken("print(*range(100), sep='\\n')")[1].last == tuple(map(str, range(60, 100)))


def test_that_the_environment_and_the_folder_are_the_childs(tmp_path: Path) -> None:
    lines, _ = taken("import os; print(os.environ['X'], os.getcwd())", folder=tmp_path, environment={"X": "1"})

    assert texts(lines) == [f"1 {tmp_path}"]


def test_that_an_untied_child_has_nothing_to_read() -> None:
    assert texts(taken("print(repr(input.__self__) and __import__('sys').stdin.read() == '')")[0]) == ["True"]


def test_that_the_input_of_a_tied_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    child = f"import os, sys; print(os.getpid(), flush=True); sys.stdin.read(); open({str(seen)!r}, 'w').close()"
    code = (
        "import sys; from workbench.foundation.process import lines_of\n"
        f"for line in lines_of([sys.executable, '-c', {child!r}], is_tied=True):\n"
        "    print(line.text if line else '', flush=True)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        number = int(next(line for line in parent.stdout if line.strip()))
        os.kill(parent.pid, 9)

    until(lambda: not is_alive(number), "it is gone")
    assert seen.exists()


def test_that_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(ProcessError, match="/nowhere/python cannot be started: No such file"):
        next(lines_of(["/nowhere/python"]))


def test_that_a_system_without_process_groups_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "killpg")

    with pytest.raises(ProcessError, match="sleep cannot be run on this system"):
        next(lines_of(["sleep", "60"]))
