"""A run on a board: pushed, run, pulled, and nothing left behind, however it ends. The board is a folder here."""

import ast
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from workbench.dump.formats import open_dumps
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.resources import resource
from workbench.foundation.steps import Event, Log, Progress, Warn, drain
from workbench.sources.board import leftovers
from workbench.sources.board.descriptions import Board
from workbench.sources.board.links import Link, LinkError, connect
from workbench.sources.board.runner import BoardRun, Ran, RunError, dump_on, planned

PROGRAM = Path(__file__).parents[3] / "board_program.py"
NETWORK = "Conv conv1_output 1x2x3x3\nConvRelu a_b 1x2x3x3\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "the board's folder"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path: Path) -> BoardRun:
    """Two rows of one input, and a program that dumps as the driver does."""
    model = tmp_path / "my model.rknn"
    model.write_text(NETWORK)
    rows = []
    for number in range(2):
        rows.append((tmp_path / f"in {number}.npy",))
        np.save(rows[-1][0], np.full((1, 3, 3, 2), number, np.float32))
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(PROGRAM))} {{model}} {{inputs}}"
    return BoardRun(model, tuple(rows), "command", command)


def board(place: Path, **variables: str) -> Board:
    return Board("my board", "local", folder=str(place), environment=variables)


def ran(run: BoardRun, place: Path, out: Path, variables: Mapping[str, str] | None = None) -> tuple[list[Event], Ran]:
    events: list[Event] = []
    with connect(board(place, **(variables or {}))) as link:
        return events, drain(dump_on(link, run, out), events.append)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_that_each_row_is_a_run_with_dumps_of_its_own(run: BoardRun, place: Path, tmp_path: Path) -> None:
    _, result = ran(run, place, tmp_path / "out")

    values = []
    for folder in result.folders:
        with open_dumps(folder) as dumps:
            values.append({name: float(dumps[name].max()) for name in dumps})
    assert values == [{"conv1_output": 1, "a_b": 2}, {"conv1_output": 2, "a_b": 3}]


def test_that_nothing_stays_on_the_board(run: BoardRun, place: Path, tmp_path: Path) -> None:
    ran(run, place, tmp_path / "out")

    assert left(place) == []


def test_that_the_command_is_said_before_it_runs(run: BoardRun, place: Path, tmp_path: Path) -> None:
    events, _ = ran(run, place, tmp_path / "out")

    texts = [event.text for event in events if isinstance(event, Log)]
    first = next(number for number, text in enumerate(texts) if text.startswith("my board$ cd "))
    assert "RKNN_LOG_LEVEL=5" in texts[first]
    assert texts.index("done") > first


def test_that_what_is_planned_is_what_runs(run: BoardRun, place: Path, tmp_path: Path) -> None:
    run = replace(run, is_timed=True)
    events, _ = ran(run, place, tmp_path / "out", {"LD_LIBRARY_PATH": "./lib"})

    said = [event.text.partition("$ ")[2] for event in events if isinstance(event, Log) and "my board$" in event.text]
    plan = planned(run, board(place, LD_LIBRARY_PATH="./lib"), str(place))
    pattern = leftovers.NAME
    assert [pattern.sub("rknn-workbench-…", line) for line in said] == list(plan)
    assert len(plan) == 3


def test_that_lines_about_each_layer_are_kept_and_not_shown(run: BoardRun, place: Path, tmp_path: Path) -> None:
    events, result = ran(run, place, tmp_path / "out")

    assert not any(isinstance(event, Log) and event.text.startswith("D RKNN:") for event in events)
    assert sum(line.startswith("D RKNN:") for line in result.lines) == 4
    assert "D RKNN:" in (tmp_path / "out" / "board.log").read_text()


def test_that_a_timed_run_gives_the_lines_of_the_layers_and_no_dump(run: BoardRun, place: Path, tmp_path: Path) -> None:
    _, result = ran(replace(run, is_timed=True), place, tmp_path / "out")

    assert result.times.count("D RKNN:") == 2
    assert len(result.folders) == 2


def test_that_an_rknpu1_board_gives_its_tensor_files(run: BoardRun, place: Path, tmp_path: Path) -> None:
    _, result = ran(replace(run, kind="rknpu1"), place, tmp_path / "out")

    assert left(result.folders[0]) == [
        "conv_at_conv1_output_0_0_out0_nhwc_1_3_3_2.tensor",
        "convrelu_at_a_b_1_1_out0_nhwc_1_3_3_2.tensor",
    ]
    assert left(place) == []


def test_that_our_python_runner_feeds_the_toolkit_of_the_board(run: BoardRun, place: Path, tmp_path: Path) -> None:
    package = tmp_path / "site" / "rknnlite"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "api.py").write_text(
        "import os, subprocess, sys, numpy as np\n"
        "class RKNNLite:\n"
        "    def load_rknn(self, path): self.path = path; return 0\n"
        "    def init_runtime(self): return 0\n"
        "    def inference(self, inputs):\n"
        "        np.save('fed.npy', inputs[0])\n"
        f"        subprocess.run([sys.executable, {str(PROGRAM)!r}, self.path, 'fed.npy'], check=True)\n"
        "        return [inputs[0]]\n"
        "    def release(self): pass\n"
    )
    lite = replace(run, kind="lite2", command=sys.executable)

    _, result = ran(lite, place, tmp_path / "out", {"PYTHONPATH": str(tmp_path / "site")})

    assert [len(left(folder)) for folder in result.folders] == [2, 2]
    assert "output 0: float32 1x3x3x2" in result.lines
    assert left(place) == []


def test_that_our_runner_is_read_by_the_old_pythons_of_boards() -> None:
    ast.parse(resource("board", "runner.py").read_text(), feature_version=(3, 5))


def test_that_a_board_without_its_toolkit_is_told(run: BoardRun, place: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="exit code 3") as caught:
        ran(replace(run, kind="lite2", command=sys.executable), place, tmp_path / "out")

    assert "toolkit" in caught.value.hint
    assert left(place) == []


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"FAIL": "7"}, "exit code 7."),
        ({"SILENT": "1"}, "ended well and dumped no layer"),
        ({"SHORT": "1"}, "was cut short"),
    ],
)
def test_that_half_a_dump_is_never_taken_for_one(
    run: BoardRun, place: Path, tmp_path: Path, variables: dict[str, str], message: str
) -> None:
    with pytest.raises(RunError, match=message):
        ran(run, place, tmp_path / "out", variables)

    assert left(tmp_path / "out") == ["board.log"]
    assert left(place) == []


def test_that_a_program_that_is_not_there_is_told(run: BoardRun, place: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="exit code 127") as caught:
        ran(replace(run, kind="benchmark", command="/opt/no-such-program"), place, tmp_path / "out")

    assert "whole path" in caught.value.hint


def test_that_cancelling_ends_the_program_and_empties_the_board(run: BoardRun, place: Path, tmp_path: Path) -> None:
    with connect(board(place, SLOW="60")) as link:
        steps = dump_on(link, run, tmp_path / "out")
        next(event for event in steps if isinstance(event, Log) and "RKNN_DUMP_DIR" in event.text)
        next(event for event in steps if isinstance(event, Progress) and event.stage == "run")
        steps.close()

    assert left(place) == []
    assert left(tmp_path / "out") == ["board.log"]
    running = subprocess.run(["pgrep", "-f", str(place)], capture_output=True, text=True, check=False).stdout
    assert running == ""


def test_that_too_little_room_is_told_before_anything_is_pushed(run: BoardRun, place: Path, tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="MB free"):
        ran(replace(run, needs=1 << 60), place, tmp_path / "out")

    assert left(place) == []


@pytest.fixture
def cut_run(place: Path) -> Path:
    """The folder of a run whose process was killed: a process that is no more began it."""
    code = (
        "import sys; from pathlib import Path; from workbench.sources.board.leftovers import *;"
        "from workbench.sources.board import leftovers as l; import os;"
        "print(f'{l.PREFIX}-{l._user()}-{os.getpid()}-{l._birth(os.getpid())}-0123abcd')"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    name = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    folder = place / name.stdout.strip()
    (folder / "dumps0").mkdir(parents=True)
    return folder


def test_that_what_a_killed_run_left_is_removed_by_the_next(
    run: BoardRun, place: Path, tmp_path: Path, cut_run: Path
) -> None:
    events, _ = ran(run, place, tmp_path / "out")

    assert left(place) == []
    assert any(isinstance(event, Log) and cut_run.name in event.text for event in events)


def others(name: str) -> Iterator[str]:
    """Names that look alike, and are not ours or are still in use."""
    prefix, user, number, birth, token = name.rsplit("-", 4)
    yield f"{prefix}-{'0' * 8}-{number}-{birth}-{token}"
    yield f"{prefix}-{user}-{os.getppid()}-{leftovers._birth(os.getppid())}-{token}"
    yield f"{name}-mine"
    yield "rknn-workbench"
    yield "data"


def test_that_no_folder_of_somebody_else_is_removed(run: BoardRun, place: Path, tmp_path: Path, cut_run: Path) -> None:
    foreign = sorted(others(cut_run.name))
    for name in foreign:
        (place / name).mkdir()

    ran(run, place, tmp_path / "out")

    assert left(place) == foreign


def test_that_a_run_beside_this_one_keeps_its_folder(run: BoardRun, place: Path, tmp_path: Path) -> None:
    with connect(board(place)) as link, leftovers.run_folder(link, str(place)) as other:
        ran(run, place, tmp_path / "out")

        assert left(place) == [Path(other).name]


def test_that_a_board_that_is_gone_is_no_reason_to_fail_once_more(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(self: Link, remote: str) -> None:
        raise LinkError("The board is gone.")

    with connect(board(place)) as link:
        monkeypatch.setattr(Link, "remove", gone)
        with pytest.raises(WorkbenchError, match="first"), leftovers.run_folder(link, str(place)):
            raise WorkbenchError("The first error.")


HOSTILE = [
    "$(touch harm).npy",
    "`touch harm`.npy",
    "a;touch harm.npy",
    "-rf",
    "two\nlines.npy",
    "quote'\".npy",
    "名 字.npy",
]


def test_that_names_of_the_boards_files_run_nothing_here_or_there(
    run: BoardRun, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = " ".join(shlex.quote(name) for name in HOSTILE)
    script = tmp_path / "names.sh"
    script.write_text(f'cd "$1"; for name in {names}; do cp ./000* "./$name"; done')
    command = f"{run.command}; sh {shlex.quote(str(script))} {{dumps}}"

    _, result = ran(replace(run, command=command), place, tmp_path / "out")

    assert set(HOSTILE) < set(left(result.folders[0]))
    assert not list(tmp_path.rglob("harm"))
    assert left(place) == []


def test_that_what_a_program_prints_moves_no_cursor(run: BoardRun, place: Path, tmp_path: Path) -> None:
    command = f"printf '\\033[2J\\033]0;title\\007{{}}\\r\\n'; {run.command}"

    events, _ = ran(replace(run, command=command), place, tmp_path / "out")

    assert not any(sign < " " for event in events if isinstance(event, Log) for sign in event.text)


def test_that_a_known_message_of_a_run_that_ended_well_is_a_warning(run: BoardRun, place: Path, tmp_path: Path) -> None:
    command = f"echo 'E RKNN: failed open dump path: x.npy'; {run.command}"

    events, _ = ran(replace(run, command=command), place, tmp_path / "out")

    assert any(isinstance(event, Warn) for event in events)
