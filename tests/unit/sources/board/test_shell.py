"""The lines that run on a board, and what is read of their output."""

import subprocess
import time
from pathlib import Path

import pytest

from tests.helpers.boards import running
from tests.helpers.waiting import until
from workbench.sources.board.paths import entries_in, local_path, shown
from workbench.sources.board.shell import Lines, Output, plain_line, run_line
from workbench.sources.board.wire import LinkError

MARK = "rknn-0123456789abcdef"
SHELLS = ("sh", "bash", "dash", "mksh", "busybox")


@pytest.mark.parametrize("shell", SHELLS)
def test_that_every_shell_runs_the_line(shell: str, tmp_path: Path) -> None:
    line = run_line(["sh", "-c", 'printf "%s" "$A"; exit 5'], str(tmp_path), {"A": "it's $HOME"}, MARK)
    with begun(shell, line) as child:
        assert child.stdout is not None  # its input stays open: as soon as it ends, the command is killed
        written = child.stdout.read()
    output = Output(MARK)
    assert output.cut(written) == b"it's $HOME"
    assert output.code == 5


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
@pytest.mark.parametrize("shell", SHELLS)
def test_that_every_shell_kills_all_of_a_run_whose_input_ends(shell: str) -> None:
    for _time in range(5):  # it killed the first process alone in six of ten
        end_the_input_of_a_run(shell)


def end_the_input_of_a_run(shell: str) -> None:
    """Run something that starts another, and wait until both are gone."""
    word = f"{time.time():.6f}"
    line = run_line(["sh", "-c", f"echo up; sleep {word}; :"], "", {}, f"rknn-{time.time_ns():016x}")
    with begun(shell, line) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == b"up\n"
        child.stdin.close()
        until(lambda: not running(word), "all is gone")


def begun(shell: str, line: str) -> "subprocess.Popen[bytes]":
    """A line in one of the shells that boards have."""
    command = ["busybox", "sh"] if shell == "busybox" else [shell]
    try:
        return subprocess.Popen(
            [*command, "-c", line], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except FileNotFoundError:
        pytest.skip(f"needs {shell}")


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_that_the_end_is_found_however_the_bytes_come(size: int) -> None:
    text = b"rknn- rknn-01 " + MARK.encode() + b": no end\nlast\r\nno newline" + f"{MARK}:12\n".encode()
    output, own = Output(MARK), b""
    for start in range(0, len(text), size):
        own += output.cut(text[start : start + size])
    assert own == text[: -len(MARK) - 4]
    assert output.code == 12


def test_that_a_whole_line_is_not_held_back() -> None:
    assert Output(MARK).cut(b"50 %\n") == b"50 %\n"


def test_that_lines_end_with_newlines_and_carriage_returns_however_they_come() -> None:
    lines, text = Lines(), b"a\r\n\r\nb\r50%\r100%\r\nrest"
    found = [line for byte in text for line in lines.cut(bytes([byte]))]
    assert [*found, *lines.rest()] == ["a", "", "b", "50%", "100%", "rest"]


def test_that_a_line_without_an_end_is_cut() -> None:
    lines = Lines()
    found = [line for _ in range(100) for line in lines.cut(bytes([65]) * 10_000)]
    assert found
    assert max(map(len, found)) <= 4002


@pytest.mark.parametrize("name", ["A B", "A=1;reboot", "", "1A", "A\n"])
def test_that_a_variable_has_a_name(name: str) -> None:
    with pytest.raises(LinkError, match="is no name of a variable"):
        run_line(["true"], "", {name: "1"}, MARK)


def test_that_a_word_has_no_zero_and_a_line_has_an_end() -> None:
    with pytest.raises(LinkError, match="cannot be a word"):
        run_line(["a\0b"], "", {}, MARK)
    with pytest.raises(LinkError, match="too long"):
        plain_line("x" * 70_000, MARK)


@pytest.mark.parametrize("record", [b"zz 1 ./a", b"81a4 -1 ./a", b"81a4 1", b"", b"81a4 1_0 ./a", b"81a4 1 "])
def test_that_a_list_that_is_none_is_refused(record: bytes) -> None:
    with pytest.raises(LinkError, match="cannot be read"):
        tuple(entries_in(MARK.encode() + b" " + record, MARK))


@pytest.mark.parametrize("name", ["..", "/a", "a/../b", "a//b", "a/.", "", "./../a", "a\0b"])
def test_that_no_name_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(LinkError, match="would lie outside"):
        local_path(tmp_path, name)


def test_that_what_is_shown_is_one_harmless_line() -> None:
    assert shown("\x1b[31mred\x1b]52;c;YQ==\x07\x00\u202eevil\n\udcff我\t.") == "redevil?我\t."
