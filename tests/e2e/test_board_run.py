"""A network on a board by each kind of link, from the command line: the board is played by this machine."""

import json
import shlex
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.boards import PlayedBoard
from tests.helpers.waiting import until
from tests.unit.networks import conv_net, random
from workbench.cli.app import main
from workbench.dump.store import Dump
from workbench.foundation.steps import Log, drain
from workbench.project.pipeline import analyze
from workbench.project.results import load_results
from workbench.project.session import BoardChoice, load_session
from workbench.sources.board.descriptions import describe_board
from workbench.sources.board.links import LinkError, connect
from workbench.sources.board.runner import BoardRun, RunError, dump_on

PROGRAM = Path(__file__).parents[1] / "board_program.py"


@pytest.fixture
def material(tmp_path: Path) -> Path:
    """A network, an input, and a .rknn that gives what the network's golden values are, with something added."""
    model = conv_net(tmp_path)
    np.save(tmp_path / "x.npy", random(1, 3, 6, 6, seed=1))
    assert main(["analyze", str(model), "-i", str(tmp_path / "x.npy"), "-o", str(tmp_path / "s"), "--quiet"]) == 0
    results = load_results(tmp_path / "s")
    assert results is not None
    with Dump(results.dumps["golden"][0]) as dump, (tmp_path / "net.rknn").open("wb") as file:
        np.savez(file, r1=dump["r1"] + 0.5, sum=dump["sum"] + 2)
    return tmp_path


def program(played: PlayedBoard) -> PlayedBoard:
    """A board with an NPU program in its PATH."""
    describe_board(played.board)
    played.write_program("npu", f'exec {shlex.quote(sys.executable)} {shlex.quote(str(PROGRAM))} "$@"\n')
    return played


def left(played: PlayedBoard) -> list[str]:
    return sorted(path.name for path in played.userdata.iterdir())


def run_options(material: Path, played: PlayedBoard) -> list[str]:
    return [
        str(material / "s"),
        played.board.name,
        "--rknn",
        str(material / "net.rknn"),
        "--command",
        "npu {model} {inputs}",
    ]


def test_that_a_session_gets_its_runtime_from_a_board(
    any_board: PlayedBoard, material: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    played = program(any_board)
    capsys.readouterr()

    assert main(["board", "run", *run_options(material, played), "--json"]) == 0

    said = capsys.readouterr()
    rows = {row["tensor"]: row for row in json.loads(said.out)["layers"]}
    assert rows["r1"]["runtime"]["entire"]["max_abs"] == pytest.approx(0.5, abs=1e-5)
    assert "runtime" not in rows["r2"]
    assert rows["r1"]["time_us"] > 0
    assert said.err.index("RKNN_LOG_LEVEL=5") < said.err.index("D RKNN") if "D RKNN" in said.err else True
    assert left(played) == []


def test_that_the_commands_are_shown_before_they_run(
    local_board: PlayedBoard, material: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    played = program(local_board)
    capsys.readouterr()

    assert main(["board", "run", *run_options(material, played), "--dry-run", "--json"]) == 0

    shown = json.loads(capsys.readouterr().out)["commands"]
    assert [("RKNN_LOG_LEVEL=4" in line, "RKNN_LOG_LEVEL=5" in line) for line in shown] == [
        (True, False),
        (False, True),
    ]
    assert load_session(material / "s").board is None
    assert left(played) == []


def test_that_analyze_takes_a_board(
    local_board: PlayedBoard, material: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    played = program(local_board)
    source = ["analyze", str(material / "net.onnx"), "-i", str(material / "x.npy"), "-o", str(material / "t")]
    options = ["--board", played.board.name, "--rknn", str(material / "net.rknn"), "--command", "npu {model} {inputs}"]

    assert main([*source, *options, "--quiet", "--no-times"]) == 0

    results = load_results(material / "t")
    assert results is not None
    assert {row.tensor for row in results.rows if "runtime.entire" in row.errors} == {"r1", "sum"}
    assert load_session(material / "t").board == BoardChoice(
        played.board.name, "command", "npu {model} {inputs}", material / "net.rknn", is_timed=False
    )


def test_that_a_sessions_command_is_not_run_for_somebody_who_has_not_seen_it(
    local_board: PlayedBoard, material: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    played = program(local_board)
    assert main(["board", "run", *run_options(material, played), "--quiet"]) == 0
    capsys.readouterr()
    monkeypatch.setenv("RKNN_WORKBENCH_SETTINGS", str(material / "somebody-else"))
    describe_board(played.board)

    assert main(["board", "run", str(material / "s")]) == 2

    assert "not agreed" in capsys.readouterr().err


@pytest.fixture
def run(tmp_path: Path) -> BoardRun:
    (tmp_path / "m.rknn").write_text("".join(f"Conv t{number} 1x64x64x64\n" for number in range(6)))
    np.save(tmp_path / "i.npy", np.zeros((1, 4, 4, 3), np.uint8))
    return BoardRun(tmp_path / "m.rknn", ((tmp_path / "i.npy",),), "command", "npu {model} {inputs}")


@pytest.mark.parametrize("kind", ["adb", "ssh"])
def test_that_a_cable_pulled_during_the_run_leaves_nothing_here_and_the_next_run_cleans_there(
    kind: str, run: BoardRun, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    played: PlayedBoard = program(request.getfixturevalue(f"{kind}_board"))
    played.write_program("npu", "sleep 60\n")
    assert played.cable is not None
    with connect(played.board) as link:
        steps = dump_on(link, run, tmp_path / "out")
        next(event for event in steps if isinstance(event, Log) and "RKNN_DUMP_DIR" in event.text)
        timer = threading.Timer(0.5, played.cable.pull)
        timer.start()
        with pytest.raises((LinkError, RunError)):
            drain(steps)
        timer.join()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["board.log"]

    played.write_program("npu", f'exec {shlex.quote(sys.executable)} {shlex.quote(str(PROGRAM))} "$@"\n')
    with connect(played.board) as link:
        ran = drain(dump_on(link, run, tmp_path / "again"))
    assert len(list(ran.folders[0].iterdir())) == 6
    assert left(played) == []


@pytest.mark.parametrize("kind", ["adb", "ssh"])
def test_that_a_cable_pulled_during_the_pull_leaves_no_dump(
    kind: str, run: BoardRun, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    played: PlayedBoard = program(request.getfixturevalue(f"{kind}_board"))
    assert played.cable is not None
    with connect(played.board) as link:
        steps = dump_on(link, run, tmp_path / "out")
        next(event for event in steps if isinstance(event, Log) and event.text == "done")
        played.cable.cut_after = 300_000
        with pytest.raises((LinkError, RunError)):
            drain(steps)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["board.log"]


def test_that_a_full_disk_of_the_board_is_told(adb_board: PlayedBoard, run: BoardRun, tmp_path: Path) -> None:
    played = program(adb_board)
    assert played.daemon is not None
    played.daemon.room = 50  # type: ignore[union-attr]

    with connect(played.board) as link, pytest.raises(LinkError):
        drain(dump_on(link, run, tmp_path / "out"))

    assert left(played) == []


@pytest.mark.parametrize("name", ["adb", "ssh", "local"])
def test_that_cancelling_leaves_the_board_clean(
    name: str, run: BoardRun, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    played: PlayedBoard = program(request.getfixturevalue(f"{name}_board"))
    played.write_program("npu", "sleep 60 & echo begun; wait\n")
    with connect(played.board) as link:
        steps = dump_on(link, run, tmp_path / "out")
        next(event for event in steps if isinstance(event, Log) and event.text == "begun")
        steps.close()

    assert left(played) == []


def test_that_a_session_whose_board_fails_keeps_what_was_computed(local_board: PlayedBoard, material: Path) -> None:
    played = program(local_board)
    played.write_program("npu", "echo 'E RKNN: no'; exit 9\n")
    session = load_session(material / "s")
    choice = BoardChoice(played.board.name, "benchmark", "npu", material / "net.rknn")
    with pytest.raises(RunError, match="exit code 9"):
        drain(analyze(replace(session, board=choice), material / "s", lambda question: "yes"))

    assert any((material / "s" / "dumps").glob("simulator-*.h5"))


def test_that_a_killed_workbench_leaves_no_program_there_and_the_next_run_cleans(
    local_board: PlayedBoard, material: Path
) -> None:
    played = program(local_board)
    begun = material / "begun"
    played.write_program("npu", f"echo $$ > {shlex.quote(str(begun))}; exec sleep 60\n")
    with subprocess.Popen(
        [sys.executable, "-m", "workbench", "board", "run", *run_options(material, played), "-q"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as killed:
        until(lambda: begun.is_file() and begun.read_text().endswith("\n"), "it runs")
        killed.kill()
    number = int(begun.read_text())
    assert len(left(played)) == 1
    until(lambda: not Path(f"/proc/{number}").exists(), "it is gone")
    program(played)

    assert main(["board", "run", *run_options(material, played), "-q"]) == 0

    assert left(played) == []
