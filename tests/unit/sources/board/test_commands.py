"""What runs on a board: the words, the variables, and what becomes of a user's placeholders."""

import shlex
import subprocess

import pytest

from workbench.sources.board.commands import KINDS, CommandError, Places, check, dumping, filled, timing

PLAIN = Places("/b/w", "/b/w/model.rknn", ("/b/w/input0-0.npy", "/b/w/input0-1.npy"), "/b/w/dumps0", "/b/w/runner.py")
SPACED = Places("/b/my board", "/b/my board/m.rknn", ("/b/my board/i'0.npy",), "/b/my board/d", "/b/my board/r.py")
EVIL = Places("/b/$(touch x)`id`;", "/b/$(touch x)`id`;/m", ("/b/$(touch x)`id`;/i",), "/b/$(touch x)`id`;/d", "/r")


def test_that_our_runner_gets_network_and_inputs() -> None:
    command = dumping("lite2", "", PLAIN)

    assert command.words == ("python3", PLAIN.runner, PLAIN.model, *PLAIN.inputs)
    assert command.folder == "/b/w"


def test_that_the_runtime_is_told_to_dump_in_float_unless_native_types_are_wanted() -> None:
    variables = {"RKNN_LOG_LEVEL": "5", "RKNN_DUMP_DIR": "/b/w/dumps0", "RKNN_DUMP_QUANT": "0"}

    assert dumping("lite2", "", PLAIN).environment == variables
    assert dumping("benchmark", "", PLAIN, is_native=True).environment == {**variables, "RKNN_DUMP_QUANT": "1"}


def test_that_the_benchmark_runs_once_with_all_inputs_in_one_word() -> None:
    inputs = "/b/w/input0-0.npy#/b/w/input0-1.npy"

    assert dumping("benchmark", "/opt/bench", PLAIN).words == ("/opt/bench", PLAIN.model, inputs, "1")


def test_that_an_rknpu1_board_dumps_into_the_folder_it_runs_in() -> None:
    command = dumping("rknpu1", "./demo {model}", PLAIN)

    assert command.environment == {"NN_LAYER_DUMP": "1"}
    assert command.folder == PLAIN.dumps
    assert command.words == ("sh", "-c", "./demo /b/w/model.rknn")


def test_that_the_timed_run_dumps_nothing() -> None:
    assert timing("lite2", "", PLAIN).environment == {"RKNN_LOG_LEVEL": "4"}


@pytest.mark.parametrize("places", [PLAIN, SPACED, EVIL])
def test_that_the_shell_takes_each_placeholder_for_one_word_and_runs_nothing_in_it(places: Places) -> None:
    line = filled("printf '%s\\0' {model} {inputs} {input0} {dumps} {folder}", places)

    words = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout.split("\0")[:-1]

    assert words == [places.model, *places.inputs, places.inputs[0], places.dumps, places.folder]


def test_that_the_line_for_the_eye_is_what_runs() -> None:
    command = dumping("command", "prog --model={model} 'a b'", SPACED)

    assert shlex.split(command.line)[:2] == ["cd", "/b/my board"]
    assert shlex.split(command.line)[-3:] == list(command.words)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("cd ${HOME} && run {model}", "cd ${HOME} && run /b/w/model.rknn"),
        ("run {model} | awk '{print}'", "run /b/w/model.rknn | awk '{print}'"),
        (r"run \{model} {a,b}", r"run \{model} {a,b}"),
        ("sh -c 'run {model}'", "sh -c 'run /b/w/model.rknn'"),
    ],
)
def test_that_the_shells_own_braces_stay(line: str, shown: str) -> None:
    assert filled(line, PLAIN) == shown


def test_that_a_placeholder_in_quotes_is_refused_where_its_path_is_not_plain() -> None:
    with pytest.raises(CommandError, match="quotation marks"):
        filled("sh -c 'run {model}'", EVIL)


@pytest.mark.parametrize("line", ["run {modle}", "run {input7}"])
def test_that_a_placeholder_nobody_knows_is_refused(line: str) -> None:
    with pytest.raises(CommandError, match="stands for nothing"):
        check("command", line, 2)


@pytest.mark.parametrize(("kind", "line"), [("command", " "), ("command", "a\nb"), ("shell", ""), ("lite2", "a\0b")])
def test_that_what_cannot_run_is_refused_before_a_board_is_reached(kind: str, line: str) -> None:
    with pytest.raises(CommandError):
        check(kind, line)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "command"])
def test_that_every_other_kind_needs_no_line(kind: str) -> None:
    check(kind, "")
