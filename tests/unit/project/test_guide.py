from pathlib import Path

import numpy as np
import pytest

from tests.unit.diagnose.damaged_runs import damaged
from tests.unit.diagnose.real_runs import analysed, on_board
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import drain
from workbench.graph.read import read_model
from workbench.preprocess.dataset import feeds
from workbench.project.findings.guide import guide, run_step
from workbench.project.findings.path import (
    BAD,
    BLOCKED,
    BOARD,
    C_PROGRAM,
    FLOAT16,
    GOOD,
    NOT_RUN,
    QUANTISED,
    REFERENCE,
    Step,
)
from workbench.project.session import Session, load_session, save_session


@pytest.fixture
def mnist(shared: Path, tmp_path: Path) -> Path:
    return analysed(shared, "mnist", tmp_path)


def states(steps: tuple[Step, ...]) -> list[str]:
    return [step.state for step in steps]


def fed(session: Session) -> np.ndarray:
    """What the network's only input is fed with, as NCHW."""
    inputs = read_model(session.model).graph.inputs
    return feeds(session.samples[0], inputs, session.preprocess)[inputs[0].name]


def test_that_a_session_that_was_never_run_can_begin(session: Session, folder: Path) -> None:
    save_session(session, folder)

    before = guide(folder)
    after = drain(run_step(folder, REFERENCE))

    assert states(before) == [NOT_RUN] * 5
    assert states(after)[:3] == [GOOD, NOT_RUN, GOOD]


def test_that_the_run_in_float16_is_kept(mnist: Path) -> None:
    before = guide(mnist)

    after = drain(run_step(mnist, FLOAT16))

    assert (before[1].state, after[1].state) == (NOT_RUN, GOOD)
    assert guide(mnist) == after


def test_that_the_run_in_float16_changes_no_results(mnist: Path) -> None:
    before = (mnist / "results.json").read_bytes()

    drain(run_step(mnist, FLOAT16))

    assert (mnist / "results.json").read_bytes() == before


def test_that_a_spoilt_simulator_blocks_the_board(shared: Path, tmp_path: Path) -> None:
    assert states(guide(damaged(shared, "mnist", tmp_path)))[2:] == [BAD, BLOCKED, BLOCKED]


def test_that_a_board_is_judged_by_its_dumps(shared: Path, tmp_path: Path) -> None:
    folder = analysed(shared, "mnist", tmp_path)
    like = states(guide(on_board(folder, tmp_path / "like", lambda values: {})))
    spoil = on_board(folder, tmp_path / "unlike", lambda values: {"ReLU114_Output_0": values["ReLU114_Output_0"] * 0})

    assert (like[3], guide(spoil)[3].state) == (GOOD, BAD)


def test_that_a_board_must_be_chosen_first(mnist: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        drain(run_step(mnist, BOARD))

    assert caught.value.hint == "Connect a board, or import its dumps."


def test_that_a_step_that_there_is_not_is_refused(mnist: Path) -> None:
    with pytest.raises(SettingsError):
        drain(run_step(mnist, "bord"))


def test_that_the_bytes_that_a_program_feeds_are_judged(mnist: Path, tmp_path: Path) -> None:
    values = fed(load_session(mnist))
    values.astype(np.uint8).tofile(tmp_path / "right.bin")
    (255 - values).astype(np.uint8).tofile(tmp_path / "wrong.bin")

    right = drain(run_step(mnist, C_PROGRAM, buffer=tmp_path / "right.bin"))
    wrong = drain(run_step(mnist, C_PROGRAM, buffer=tmp_path / "wrong.bin"))

    assert (right[4].state, wrong[4].state) == (GOOD, BAD)
    assert wrong[4].text.startswith("wrong.bin: ")
    assert guide(mnist)[4] == wrong[4]


def test_that_a_program_cannot_be_judged_without_its_bytes(mnist: Path) -> None:
    with pytest.raises(SettingsError):
        drain(run_step(mnist, C_PROGRAM))


def test_that_running_the_simulator_again_keeps_the_path(mnist: Path) -> None:
    assert states(drain(run_step(mnist, QUANTISED))) == states(guide(mnist))
