"""A session's board: what is fed to it, when it runs, and what is left when it fails. The board is a folder here."""

import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.made_toolkit import Calls, Made
from tests.unit.networks import declared, node, random, write_network
from tests.unit.project.conftest import MakeSamples
from workbench.dump.store import Dump
from workbench.foundation.errors import SessionError, SettingsError, WorkbenchError
from workbench.foundation.steps import Event, Log, drain
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.board.stages import fed, plan_of
from workbench.project.board.timing import load_times
from workbench.project.pipeline import analyze, import_dumps, run_on_board, stale
from workbench.project.session import BoardChoice, ImportedDumps, Session, load_session, save_session
from workbench.report.settings import settings_document
from workbench.report.settings_text import Line, settings_lines
from workbench.sources.board.descriptions import Board, describe_board, forget_board
from workbench.sources.board.runner import RunError
from workbench.sources.board.trust import agree, is_agreed
from workbench.sources.toolkit.descriptions import describe

PROGRAM = Path(__file__).parents[2] / "board_program.py"
COMMAND = f"{shlex.quote(sys.executable)} {shlex.quote(str(PROGRAM))} {{model}} {{inputs}}"
GIVEN = {"r1": 0.5, "sum": 2.0}
"""What the made board adds to the golden values of these tensors."""


@pytest.fixture
def board(tmp_path: Path) -> Board:
    (tmp_path / "board").mkdir()
    board = Board("made", "local", folder=str(tmp_path / "board"), command=COMMAND)
    describe_board(board)
    return board


@pytest.fixture
def golden(session: Session, tmp_path: Path) -> dict[str, np.ndarray]:
    results = drain(analyze(session, tmp_path / "first"))
    with Dump(results.dumps["golden"][0]) as dump:
        return {name: dump[name] for name in GIVEN}


@pytest.fixture
def rknn(tmp_path: Path, golden: dict[str, np.ndarray]) -> Path:
    """A network for the made board: the golden values of two tensors, with something added."""
    path = tmp_path / "net.rknn"
    with path.open("wb") as file:
        np.savez(file, **{name: values + GIVEN[name] for name, values in golden.items()})
    return path


@pytest.fixture
def on_board(session: Session, board: Board, rknn: Path) -> Session:
    return replace(session, board=BoardChoice("made", "command", rknn=rknn, is_timed=False))


def max_abs(results: object, tensor: str) -> float:
    row = next(row for row in results.rows if row.tensor == tensor)  # type: ignore[attr-defined]
    return float(row.errors["runtime.entire"].mean["max_abs"])


def test_that_the_board_gives_the_runtime_column(on_board: Session, folder: Path) -> None:
    results = drain(analyze(on_board, folder))

    measured = {row.tensor for row in results.rows if "runtime.entire" in row.errors}
    assert measured == set(GIVEN)
    assert {name: max_abs(results, name) for name in GIVEN} == pytest.approx(GIVEN, abs=1e-5)


def test_that_an_rknpu1_board_gives_the_same(on_board: Session, folder: Path) -> None:
    assert on_board.board is not None
    results = drain(analyze(replace(on_board, board=replace(on_board.board, runner="rknpu1")), folder))

    assert {name: max_abs(results, name) for name in GIVEN} == pytest.approx(GIVEN, abs=1e-5)


def test_that_a_board_needs_no_simulator(on_board: Session, folder: Path) -> None:
    results = drain(analyze(replace(on_board, simulator="none"), folder))

    assert {name: max_abs(results, name) for name in GIVEN} == pytest.approx(GIVEN, abs=1e-5)


def test_that_each_input_of_a_network_is_a_file_of_its_own(tmp_path: Path, board: Board, folder: Path) -> None:
    nodes = [node("Add", ["a", "b"], "y")]
    inputs = [declared("a", (1, 2, 3, 4)), declared("b", (1, 2, 3, 4))]
    model = write_network(tmp_path / "two.onnx", nodes, shape=(1, 2, 3, 4), inputs=inputs)
    for name in "ab":
        np.save(tmp_path / f"{name}.npy", random(1, 2, 3, 4))
    describe_board(replace(board, command=f"ls {{input0}} {{input1}} && {COMMAND}"))
    (tmp_path / "two.rknn").write_text("Add y 1x2x3x4\n")
    sample = Sample((tmp_path / "a.npy", tmp_path / "b.npy"))
    choice = BoardChoice("made", "command", rknn=tmp_path / "two.rknn", is_timed=False)

    results = drain(analyze(Session(model, samples=(sample,), dataset=(sample,), board=choice), folder))

    assert "runtime.entire" in next(row for row in results.rows if row.tensor == "y").errors


def test_that_each_sample_has_a_run_of_its_own(on_board: Session, folder: Path, samples_of: MakeSamples) -> None:
    results = drain(analyze(replace(on_board, samples=samples_of(1, 5)), folder))

    assert len(results.dumps["runtime"]) == 2
    row = next(row for row in results.rows if row.tensor == "r1")
    assert row.errors["runtime.entire"].samples == 2


def test_that_nothing_runs_twice_for_the_same_network_and_inputs(on_board: Session, folder: Path) -> None:
    drain(analyze(on_board, folder))
    events: list[Event] = []
    drain(analyze(on_board, folder), events.append)

    assert not any(isinstance(event, Log) and "made$" in event.text for event in events)
    assert stale(on_board, folder) == ()


def test_that_a_board_that_has_not_run_is_what_is_missing(session: Session, on_board: Session, folder: Path) -> None:
    assert stale(on_board, folder) == ("reference", "simulator", "board", "compare")
    drain(analyze(session, folder))
    assert stale(on_board, folder) == ("board", "compare")
    drain(analyze(on_board, folder))
    assert stale(on_board, folder) == ()
    assert on_board.board is not None
    changed = replace(on_board, board=replace(on_board.board, is_native=True))
    assert stale(changed, folder) == ("board", "compare")
    assert stale(session, folder) == ("compare",)


@pytest.mark.parametrize("change", [{"command": COMMAND + " --fast"}, {"environment": {"LD_LIBRARY_PATH": "/new"}}])
def test_that_another_command_or_variable_of_the_board_makes_its_values_stale(
    on_board: Session, board: Board, folder: Path, change: dict[str, Any]
) -> None:
    drain(analyze(on_board, folder))
    assert stale(on_board, folder) == ()
    describe_board(replace(board, **change))
    assert stale(on_board, folder) == ("board", "compare")


def test_that_another_command_of_the_board_is_nothing_to_a_session_with_its_own(
    on_board: Session, board: Board, folder: Path
) -> None:
    assert on_board.board is not None
    own = replace(on_board, board=replace(on_board.board, command=COMMAND))
    drain(analyze(own, folder))
    describe_board(replace(board, command=COMMAND + " --fast"))
    assert stale(own, folder) == ()


def test_that_a_board_that_was_forgotten_keeps_its_values(on_board: Session, board: Board, folder: Path) -> None:
    assert on_board.board is not None
    own = replace(on_board, board=replace(on_board.board, command=COMMAND))
    drain(analyze(own, folder))
    forget_board(board)
    assert stale(own, folder) == ()


def test_that_another_sample_runs_alone(on_board: Session, folder: Path, samples_of: MakeSamples) -> None:
    drain(analyze(on_board, folder))
    events: list[Event] = []
    drain(analyze(replace(on_board, samples=samples_of(1, 5)), folder), events.append)

    assert sum(isinstance(event, Log) and "made$" in event.text for event in events) == 1


def test_that_a_run_on_the_board_can_be_made_anew(on_board: Session, folder: Path) -> None:
    drain(analyze(on_board, folder))
    events: list[Event] = []
    assert on_board.board is not None
    results = drain(run_on_board(folder, on_board.board), events.append)

    assert any(isinstance(event, Log) and "made$" in event.text for event in events)
    assert max_abs(results, "sum") == pytest.approx(2.0, abs=1e-5)


def test_that_the_old_values_stay_when_a_new_run_fails(on_board: Session, board: Board, folder: Path) -> None:
    before = drain(analyze(on_board, folder))
    describe_board(replace(board, environment={"FAIL": "3"}))
    assert on_board.board is not None

    with pytest.raises(RunError, match="exit code 3"):
        drain(run_on_board(folder, on_board.board))

    assert all(path.is_file() for path in before.dumps["runtime"])
    assert load_session(folder).board == on_board.board
    assert [path.name for path in (folder / "board").iterdir()] == ["board.log"]
    assert "the NPU said no" in (folder / "board" / "board.log").read_text()


def test_that_imported_dumps_take_the_boards_place(on_board: Session, folder: Path, tmp_path: Path) -> None:
    before = drain(analyze(on_board, folder))
    (tmp_path / "dumps").mkdir()
    with Dump(before.dumps["golden"][0]) as dump:
        np.save(tmp_path / "dumps" / "r2.npy", dump["r2"])

    results = drain(import_dumps(folder, ImportedDumps(tmp_path / "dumps"), "runtime"))

    assert {row.tensor for row in results.rows if "runtime.entire" in row.errors} == {"r2"}


def test_that_a_board_that_is_not_there_is_told_before_anything_is_computed(on_board: Session, folder: Path) -> None:
    assert on_board.board is not None
    gone = replace(on_board, board=replace(on_board.board, name="adb:192.0.2.1:5555", command=COMMAND))

    with pytest.raises(WorkbenchError):
        drain(analyze(gone, folder))

    assert list((folder / "dumps").iterdir()) == []


def test_that_a_rknn_that_is_gone_is_told(on_board: Session, rknn: Path, folder: Path) -> None:
    rknn.unlink()

    with pytest.raises(SessionError, match=r"net\.rknn is not there"):
        drain(analyze(on_board, folder))


def strangers(session: Session, tmp_path: Path) -> Session:
    """A session of somebody else, whose command nobody here has seen."""
    assert session.board is not None
    return replace(session, board=replace(session.board, command=f"touch {tmp_path / 'harm'}; {COMMAND}"))


def test_that_a_sessions_own_command_runs_only_when_it_is_agreed_to(
    on_board: Session, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="not agreed"):
        drain(analyze(strangers(on_board, tmp_path), folder))

    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("answer", ["", "no", "y es"])
def test_that_every_answer_but_yes_is_a_no(on_board: Session, folder: Path, tmp_path: Path, answer: str) -> None:
    with pytest.raises(SettingsError, match="not agreed"):
        drain(analyze(strangers(on_board, tmp_path), folder, lambda question: answer))

    assert not (tmp_path / "harm").exists()


def test_that_a_command_is_asked_for_once(on_board: Session, board: Board, folder: Path, tmp_path: Path) -> None:
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return "yes"

    session = strangers(on_board, tmp_path)
    drain(analyze(session, folder, ask))

    assert len(questions) == 1
    assert str(tmp_path / "harm") in questions[0]
    assert session.board is not None
    assert is_agreed(board, session.board.command)


def test_that_a_command_is_agreed_to_for_one_board_only(board: Board) -> None:
    agree(board, "run {model}")

    assert is_agreed(board, "run {model}")
    assert not is_agreed(replace(board, link="ssh:elsewhere"), "run {model}")


def test_that_the_times_of_the_layers_are_kept(on_board: Session, board: Board, folder: Path) -> None:
    assert on_board.board is not None
    drain(analyze(replace(on_board, board=replace(on_board.board, is_timed=True)), folder))

    assert (folder / "board" / "board.log").read_text().count("$ cd ") == 2
    assert load_times(folder).layers


def test_that_table_and_report_name_the_board_and_what_ran_there(on_board: Session) -> None:
    assert settings_document(on_board)["board"] == {"name": "made", "runner": "command"}
    assert Line("board", "made · command") in settings_lines(on_board)


def test_that_a_board_survives_saving(on_board: Session, folder: Path) -> None:
    save_session(on_board, folder)

    assert load_session(folder).board == on_board.board


def test_that_a_runner_nobody_knows_is_refused(on_board: Session, folder: Path) -> None:
    assert on_board.board is not None
    save_session(replace(on_board, board=replace(on_board.board, runner="magic")), folder)

    with pytest.raises(SessionError, match=r"board\.runner is 'magic'"):
        load_session(folder)


def test_that_the_plan_shows_a_line_for_each_run(on_board: Session, samples_of: MakeSamples) -> None:
    lines = plan_of(replace(on_board, samples=samples_of(1, 5)))

    assert len(lines) == 2
    assert all("board_program.py" in line and "RKNN_DUMP_DIR=" in line for line in lines)


def test_that_the_plan_of_the_toolkit_shows_its_calls(session: Session) -> None:
    describe_board(Board("wired", "adb:0123456789"))

    lines = plan_of(replace(session, board=BoardChoice("wired", "toolkit")))

    assert lines[0] == "rknn.accuracy_analysis(inputs=…, target='rk3588', device_id='0123456789')"
    assert [line for line in lines if "eval_" in line and "init" not in line] == [
        "rknn.eval_perf()",
        "rknn.eval_memory()",
    ]


Change = Callable[[np.ndarray], np.ndarray]


@pytest.mark.parametrize(
    ("shape", "is_last", "expected"),
    [((1, 3, 4, 5), False, (1, 4, 5, 3)), ((1, 4, 5, 3), True, (1, 4, 5, 3)), ((1, 7), False, (1, 7))],
)
def test_that_channels_come_last_on_the_board(shape: tuple[int, ...], is_last: bool, expected: tuple[int, ...]) -> None:
    assert fed(random(*shape), is_last).shape == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda values: values, "uint8"),
        (lambda values: values + 0.5, "float32"),
        (lambda values: values - 1, "float32"),
        (lambda values: values * 256, "float32"),
        (lambda values: values * np.nan, "float32"),
        (lambda values: values.astype(np.int64), "int64"),
    ],
)
def test_that_pictures_are_fed_in_8_bits_and_nothing_else(change: Change, expected: str) -> None:
    values = np.arange(256, dtype=np.float32).reshape(1, 1, 16, 16)

    assert fed(change(values), False).dtype == expected


def test_that_a_rknn_that_normalises_itself_gets_raw_values(
    session: Session, board: Board, rknn: Path, folder: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "fed"
    describe_board(replace(board, command=f"cp {{inputs}} {kept}.npy; {COMMAND}"))
    one = replace(session, preprocess={"x": Preprocess(mean=(2.0,), std=(4.0,), scale=1.0, resize="none")})
    seen = []
    for choice in ("raw", "normalised"):
        drain(analyze(replace(one, board=BoardChoice("made", "command", rknn=rknn, fed=choice)), folder))
        seen.append(np.load(f"{kept}.npy"))

    np.testing.assert_allclose(seen[1], (seen[0] - 2) / 4, rtol=1e-6)


def test_that_the_toolkit_converts_where_no_rknn_is_given(
    session: Session, board: Board, rknn: Path, folder: Path, toolkit_that: Made, calls: Calls
) -> None:
    describe(toolkit_that())
    describe_board(
        replace(board, command=f"{shlex.quote(sys.executable)} {shlex.quote(str(PROGRAM))} {rknn} {{inputs}}")
    )
    session = replace(session, board=BoardChoice("made", "command", is_timed=False))

    drain(analyze(session, folder))
    drain(run_on_board(folder, session.board))  # type: ignore[arg-type]

    assert [name for name, _ in calls()].count("export_rknn") == 1
    assert len(list((folder / "board").glob("*.rknn"))) == 1


def test_that_without_a_toolkit_the_user_is_told_to_give_the_rknn(
    session: Session, board: Board, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.sources.toolkit.descriptions.described", lambda: ())

    with pytest.raises(WorkbenchError) as caught:
        drain(analyze(replace(session, board=BoardChoice("made", "command")), folder))

    assert "--rknn" in caught.value.hint


def test_that_a_network_for_another_chip_is_refused(on_board: Session, board: Board, folder: Path) -> None:
    describe_board(replace(board, chip="RK3566"))

    with pytest.raises(SettingsError, match="is a RK3566"):
        drain(analyze(replace(on_board, board=BoardChoice("made", "command")), folder))


@pytest.fixture
def wired(session: Session, toolkit_that: Made) -> Session:
    """A session whose board the toolkit reaches."""
    describe(toolkit_that())
    describe_board(Board("wired", "adb:0123456789"))
    return replace(session, board=BoardChoice("wired", "toolkit"))


def test_that_the_toolkit_runs_the_network_on_its_board(wired: Session, folder: Path, calls: Calls) -> None:
    results = drain(analyze(wired, folder))

    assert max_abs(results, "r1") == pytest.approx(1.0, abs=1e-5)
    arguments = dict(calls())["accuracy_analysis"]
    assert (arguments["target"], arguments["device_id"]) == ("rk3588", "0123456789")
    assert load_times(folder).layers
    assert not (folder / "board" / "snapshots").exists()


def test_that_a_board_that_cannot_be_measured_has_its_dumps_all_the_same(
    session: Session, toolkit_that: Made, folder: Path
) -> None:
    describe(toolkit_that(measure="raise ValueError('perf_debug is not supported')"))
    describe_board(Board("wired", "adb:0123456789"))

    results = drain(analyze(replace(session, board=BoardChoice("wired", "toolkit")), folder))

    assert max_abs(results, "r1") == pytest.approx(1.0, abs=1e-5)
    assert any("perf_debug is not supported" in text for text in results.warnings)


def test_that_the_toolkits_simulator_and_its_board_stand_side_by_side(wired: Session, folder: Path) -> None:
    results = drain(analyze(replace(wired, simulator="toolkit"), folder))

    row = next(row for row in results.rows if row.tensor == "r1")
    assert {"simulator.entire", "runtime.entire"} <= set(row.errors)


def test_that_the_toolkit_reaches_no_board_but_by_adb(wired: Session, board: Board, folder: Path) -> None:
    with pytest.raises(SettingsError, match="by adb only"):
        drain(analyze(replace(wired, board=BoardChoice("made", "toolkit")), folder))
