from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.compare.compare import Errors, LayerError
from workbench.diagnose.findings import NOTE, Finding
from workbench.diagnose.gate import Hurt
from workbench.project.findings.path import (
    BAD,
    BLOCKED,
    BOARD,
    C_PROGRAM,
    FLOAT16,
    GOOD,
    NOT_RUN,
    PATH,
    QUANTISED,
    REFERENCE,
    Checked,
    Facts,
    Step,
    path_of,
    step_of,
)
from workbench.project.results import Results
from workbench.project.session import BoardChoice, Session
from workbench.quantize.schemes import QuantSettings

SESSION = Session(Path("net.onnx"))
WELL, ILL = {"cos": 0.9999, "relative": 0.01}, {"cos": 0.9, "relative": 0.5}


def results(note: str = "", **columns: Mapping[str, float]) -> Results:
    named = {name.replace("_entire", ".entire"): Errors(values, values, {}, 1) for name, values in columns.items()}
    row = LayerError(0, "Conv", "y", "y", (), (1, 4), None, named, "name", note)
    dumps = {"golden": (Path("golden-1.h5"),), "simulator": (Path("simulator-1.h5"),)}
    return Results((row,), outputs=("y",), dumps=dumps)


def step(key: str, steps: tuple[Step, ...]) -> Step:
    return next(one for one in steps if one.key == key)


def states(*args: object, **more: object) -> list[str]:
    return [one.state for one in path_of(*args, **more)]  # type: ignore[arg-type]


def test_that_a_new_session_has_run_nothing() -> None:
    steps = path_of(SESSION, None, Facts())

    assert [one.key for one in steps] == list(PATH)
    assert {one.state for one in steps} == {NOT_RUN}


def test_that_good_outputs_make_good_steps() -> None:
    facts = Facts({"y": WELL}, Checked(True, "input.bin is right."))

    assert states(SESSION, results(simulator_entire=WELL, runtime_entire=WELL), facts) == [GOOD] * 5


def test_that_what_was_not_run_is_blocked_behind_a_bad_step() -> None:
    assert states(SESSION, results(simulator_entire=ILL), Facts({"y": WELL})) == [GOOD, GOOD, BAD, BLOCKED, BLOCKED]


def test_that_a_good_step_makes_up_for_a_bad_one_before_it() -> None:
    assert states(SESSION, results(simulator_entire=WELL), Facts({"y": ILL})) == [GOOD, BAD, GOOD, NOT_RUN, NOT_RUN]


def test_that_a_board_that_errs_as_the_simulator_does_is_good() -> None:
    steps = path_of(SESSION, results(simulator_entire=ILL, runtime_entire=ILL), Facts({"y": WELL}))

    assert (step(QUANTISED, steps).state, step(BOARD, steps).state) == (BAD, GOOD)


def test_that_a_board_that_errs_alone_is_bad() -> None:
    steps = path_of(SESSION, results(simulator_entire=WELL, runtime_entire=ILL), Facts({"y": WELL}))

    assert (step(QUANTISED, steps).state, step(BOARD, steps).state) == (GOOD, BAD)


@pytest.mark.parametrize("lost", [{"nan": 1.0}, {"inf": 2.0}, {"cos": float("nan")}, {"relative": 0.3}])
def test_that_an_output_may_be_bad_in_several_ways(lost: dict[str, float]) -> None:
    assert step(FLOAT16, path_of(SESSION, results(), Facts({"y": {**WELL, **lost}}))).state == BAD


def test_that_a_spoilt_channel_makes_a_step_bad_that_the_whole_output_hides() -> None:
    hurt = (Hurt("y", "simulator.entire", "channel", 2.0, 3),)

    found = step(QUANTISED, path_of(SESSION, results(simulator_entire=WELL), Facts(), (), hurt))

    assert found.state == BAD
    assert found.text.endswith("Channel 3 of y is spoilt.")


def test_that_a_cause_makes_its_step_bad_and_a_note_does_not() -> None:
    found = Finding("fp16-overflow", 0.9), Finding("weights-range", 0.9, level=NOTE)

    steps = path_of(SESSION, results(simulator_entire=WELL), Facts({"y": WELL}), found)

    assert (step(FLOAT16, steps).state, step(FLOAT16, steps).causes) == (BAD, ("fp16-overflow",))
    assert step(QUANTISED, steps).state == GOOD


def test_that_golden_values_that_are_no_numbers_are_bad() -> None:
    found = results("Golden has 3 NaN and 0 infinite values, which are left out.", simulator_entire=WELL)

    assert step(REFERENCE, path_of(SESSION, found, Facts())).state == BAD


def test_that_a_session_in_float16_needs_no_other_run_in_float16() -> None:
    session = replace(SESSION, quant=QuantSettings("fp16"))

    steps = path_of(session, results(simulator_entire=WELL), Facts())

    assert (step(FLOAT16, steps).state, step(QUANTISED, steps).state) == (GOOD, NOT_RUN)
    assert step(QUANTISED, steps).needs


def test_that_a_board_is_needed_until_one_is_chosen() -> None:
    with_board = replace(SESSION, board=BoardChoice("local"))

    assert step(BOARD, path_of(SESSION, results(), Facts())).needs
    assert step(BOARD, path_of(with_board, results(), Facts())).needs == ()


def test_that_a_program_whose_bytes_are_wrong_is_bad() -> None:
    facts = Facts(program=Checked(False, "input.bin: the order is BGR."))

    assert step(C_PROGRAM, path_of(SESSION, results(), facts)) == Step(C_PROGRAM, BAD, "input.bin: the order is BGR.")


@pytest.mark.parametrize(
    ("cause", "key"),
    [
        ("input-std", REFERENCE),
        ("weights-stale", FLOAT16),
        ("fp16-overflow", FLOAT16),
        ("calibration-few", QUANTISED),
        ("board-input-mean", BOARD),
        ("version-mismatch", BOARD),
        ("of a newer program", QUANTISED),
    ],
)
def test_to_which_step_a_cause_belongs(cause: str, key: str) -> None:
    assert step_of(cause) == key
