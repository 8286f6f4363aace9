"""How a step of the vendor's troubleshooting path is run."""

from dataclasses import replace
from pathlib import Path

from workbench.capi.findings import worst
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Steps
from workbench.project.board.c_program import InputQuestion, check_input_buffer
from workbench.project.findings.diagnosing import open_case, run_in_float16
from workbench.project.findings.diagnosis_file import load_facts, save_facts
from workbench.project.findings.path import BOARD, C_PROGRAM, FLOAT16, PATH, REFERENCE, Checked, Step
from workbench.project.findings.standing import guide
from workbench.project.pipeline import analyze, run_on_board
from workbench.project.results import load_results
from workbench.project.session import load_session
from workbench.sources.board.links import Ask

__all__ = ["Step", "guide", "run_step"]


def run_step(folder: Path, key: str, ask: Ask | None = None, buffer: Path | None = None) -> Steps[tuple[Step, ...]]:
    """Run a step of the path and give the whole path anew; a SettingsError says what it still needs.

    `ask` answers questions of the board's link, `buffer` are the bytes that a C program fed.
    """
    if key not in PATH:
        raise SettingsError(f"The path has no step {key!r}.", f"Its steps are {', '.join(PATH)}.")
    step = next(one for one in guide(folder) if one.key == key)
    if step.needs and not (key == C_PROGRAM and buffer is not None):
        raise SettingsError(f"This step cannot be run yet. {step.text}", " ".join(step.needs))
    if key == FLOAT16:
        yield from _in_float16(folder)
    elif key == BOARD:
        yield from _on_board(folder, ask)
    elif key == C_PROGRAM:
        assert buffer is not None
        _check_buffer(folder, buffer)
    else:
        session = load_session(folder)
        is_reference_only = key == REFERENCE and session.simulator == "none"
        simulator = session.simulator if is_reference_only or session.simulator != "none" else "embedded"
        yield from analyze(replace(session, simulator=simulator), folder, ask)
    return guide(folder)


def _in_float16(folder: Path) -> Steps[None]:
    results = load_results(folder)
    with open_case(folder) as steps:
        case = yield from steps
        if not case.model.is_onnx:
            raise SettingsError(
                f"{case.model.path.name} is not ONNX: the simulator cannot run it.", "Convert it first."
            )
        outputs = yield from run_in_float16(case)
    save_facts(replace(load_facts(folder, results), float16=outputs), folder, results)


def _on_board(folder: Path, ask: Ask | None) -> Steps[None]:
    board = load_session(folder).board
    assert board is not None  # else the step has needs
    yield from run_on_board(folder, board, ask)


def _check_buffer(folder: Path, buffer: Path) -> None:
    """Compare what a C program fed with what the network expects; the verdict stays with the session."""
    results = load_results(folder)
    answer = check_input_buffer(buffer, folder, InputQuestion())
    level = worst(answer.findings)
    first = next((one.text for one in answer.findings if one.level == level), "")
    checked = Checked(level == "good", f"{buffer.name}: {first}" if first else f"{buffer.name} was checked.")
    save_facts(replace(load_facts(folder, results), program=checked), folder, results)
