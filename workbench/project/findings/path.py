"""The vendor's troubleshooting path: reference, simulator in float16, quantised simulator, board, C program.

Each step is judged by the network's outputs and by what a diagnosis found of it. A step that has not been run is
blocked while the last one before it that was run is bad: its numbers would say nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.compare.compare import LayerError
from workbench.diagnose.causes import causes
from workbench.diagnose.findings import CAUSE, Finding
from workbench.diagnose.gate import COS, RELATIVE, Hurt
from workbench.project.results import Results
from workbench.project.session import Session

REFERENCE, FLOAT16, QUANTISED, BOARD, C_PROGRAM = "reference", "float16", "quantized", "board", "c_program"
PATH = (REFERENCE, FLOAT16, QUANTISED, BOARD, C_PROGRAM)
NOT_RUN, GOOD, BAD, BLOCKED = "not_run", "good", "bad", "blocked"
GROUPS = {"input": REFERENCE, "float16": FLOAT16, "network": QUANTISED, "board": BOARD}
"""Where causes of a group show themselves; of other groups in the quantised simulator."""
CONVERTED = ("conversion", "weights-stale", "nan")
Outputs = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path. `text` says what is known of it, `needs` what has to be there before it can be run.

    `outputs` are the metrics of the network's outputs, `causes` those of findings that belong to it.
    """

    key: str
    state: str
    text: str
    needs: tuple[str, ...] = ()
    outputs: Outputs = field(default_factory=dict)
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What steps found that no results hold: the outputs in float16, and the check of a C program's buffer."""

    float16: Outputs | None = None
    program: "Checked | None" = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A buffer of the C program, and whether it is what the network's input expects."""

    is_good: bool
    text: str


def path_of(
    session: Session, results: Results | None, facts: Facts, findings: Sequence[Finding] = (), hurt: Sequence[Hurt] = ()
) -> tuple[Step, ...]:
    """The five steps."""
    causes_of: dict[str, list[str]] = {key: [] for key in PATH}
    for finding in findings:
        if finding.level == CAUSE:
            causes_of[step_of(finding.cause)].append(finding.cause)
    steps = [
        _reference(session, results),
        _float16(session, results, facts),
        _quantised(session, results, hurt),
        _board(session, results, hurt),
        _program(facts),
    ]
    return _blocked([_with_causes(step, causes_of[step.key]) for step in steps])


def step_of(cause: str) -> str:
    """The step that a cause belongs to."""
    if cause in CONVERTED:
        return FLOAT16
    known = causes().get(cause)
    is_board = cause.startswith("board-") or cause == "version-mismatch"
    return BOARD if is_board else GROUPS.get(known.group if known else "", QUANTISED)


def output_errors(results: Results, column: str) -> Outputs:
    """The metrics of a column of the network's outputs, by their names."""
    found = {}
    for row in results.rows:
        name = next((name for name in (row.golden, row.tensor) if name in results.outputs), None)
        if name is not None and column in row.errors:
            found[name] = row.errors[column].mean
    return found


def is_bad(outputs: Outputs) -> bool:
    """Whether an output is no number, points elsewhere, or has another scale."""
    return any(_is_bad(metrics) for metrics in outputs.values())


def _is_bad(metrics: Mapping[str, float]) -> bool:
    cos = metrics.get("cos", 1.0)
    lost = metrics.get("nan", 0.0) + metrics.get("inf", 0.0)
    return bool(lost) or math.isnan(cos) or cos < COS or metrics.get("relative", 0.0) > RELATIVE


def _reference(session: Session, results: Results | None) -> Step:
    if results is None or not results.dumps.get("golden"):
        needs = () if session.samples else ("Choose an input to analyse.",)
        return Step(REFERENCE, NOT_RUN, "The golden values have not been computed.", needs)
    lost = [row.tensor for row in results.rows if _is_golden_lost(row)]
    if lost:
        return Step(REFERENCE, BAD, f"Golden values are no finite numbers, first in {lost[0]}.")
    if "golden" in session.imports:
        return Step(REFERENCE, GOOD, f"Golden values were imported from {session.imports['golden'].path.name}.")
    return Step(REFERENCE, GOOD, "The golden values are there.")


def _is_golden_lost(row: LayerError) -> bool:
    return row.note.startswith("Golden has") or " Golden has" in row.note


def _float16(session: Session, results: Results | None, facts: Facts) -> Step:
    if results is None:
        return Step(FLOAT16, NOT_RUN, "The simulator has not been run in float16.", ("Run the reference first.",))
    outputs = output_errors(results, "simulator.entire") if session.quant.dtype == "fp16" else facts.float16
    if outputs is None or (not outputs and not _has_run(results)):
        return Step(FLOAT16, NOT_RUN, "The simulator has not been run in float16.")
    return _judged(FLOAT16, outputs)


def _quantised(session: Session, results: Results | None, hurt: Sequence[Hurt]) -> Step:
    if not session.quant.type.is_quantized:
        text = f"The session computes in {session.quant.dtype}: nothing is quantised."
        return Step(QUANTISED, NOT_RUN, text, ("Choose a quantised data type in the settings.",))
    outputs = {} if results is None else output_errors(results, "simulator.entire")
    if not outputs and not _has_run(results):
        needs = ("Choose pictures to calibrate with.",) if not session.dataset and session.plan is None else ()
        return Step(QUANTISED, NOT_RUN, "The quantised simulator has not been run.", needs)
    step = _judged(QUANTISED, outputs)
    spoilt = [one for one in hurt if one.column.startswith("simulator")]
    return _spoilt(step, spoilt)


def _board(session: Session, results: Results | None, hurt: Sequence[Hurt]) -> Step:
    outputs = {} if results is None else output_errors(results, "runtime.entire")
    if not outputs:
        if results is not None and results.dumps.get("runtime"):
            return _judged(BOARD, {})
        needs = () if session.board is not None else ("Connect a board, or import its dumps.",)
        return Step(BOARD, NOT_RUN, "The network has not been run on a board.", needs)
    simulated = output_errors(results, "simulator.entire") if results is not None else {}
    worse = {
        name: metrics for name, metrics in outputs.items() if _is_bad(metrics) and not _is_bad(simulated.get(name, {}))
    }
    step = _judged(BOARD, outputs)
    if not worse and step.state == BAD and simulated:
        return Step(BOARD, GOOD, f"{step.text} The simulator has it as well.", outputs=outputs)
    known = {one.tensor for one in hurt if one.column.startswith("simulator")}
    return _spoilt(step, [one for one in hurt if one.column.startswith("runtime") and one.tensor not in known])


def _program(facts: Facts) -> Step:
    if facts.program is None:
        needs = ("Give the bytes that your program feeds (a dump of its buffer).",)
        return Step(C_PROGRAM, NOT_RUN, "No buffer of a C program has been checked.", needs)
    return Step(C_PROGRAM, GOOD if facts.program.is_good else BAD, facts.program.text)


def _has_run(results: Results | None) -> bool:
    return results is not None and bool(results.dumps.get("simulator"))


def _judged(key: str, outputs: Outputs) -> Step:
    """By the worst output."""
    if not outputs:
        return Step(key, GOOD, "The table holds no errors of the network's outputs.")
    name = min(outputs, key=lambda name: _order(outputs[name]))
    metrics = outputs[name]
    state = BAD if is_bad(outputs) else GOOD
    lost = metrics.get("nan", 0.0) + metrics.get("inf", 0.0)
    if lost:
        return Step(key, state, f"{name} has {lost:.0f} values that are no finite numbers.", outputs=outputs)
    if "cos" not in metrics:
        return Step(key, state, f"{name} cannot be compared.", outputs=outputs)
    spread = metrics.get("relative", math.nan)
    text = f"The worst output is {name}: cos {metrics['cos']:.5f}, relative error {spread:.2g}."
    return Step(key, state, text, outputs=outputs)


def _order(metrics: Mapping[str, float]) -> tuple[bool, float]:
    cos = metrics.get("cos", 1.0)
    is_lost = bool(metrics.get("nan", 0.0) + metrics.get("inf", 0.0)) or math.isnan(cos)
    return not is_lost, 0.0 if is_lost else -metrics.get("relative", 1 - cos)


def _spoilt(step: Step, hurt: Sequence[Hurt]) -> Step:
    """Bad where a channel is, that the output as a whole hides."""
    if not hurt or step.state == BAD:
        return step
    one = hurt[0]
    if one.channel is None:
        return replace(step, state=BAD)
    return replace(step, state=BAD, text=f"{step.text} Channel {one.channel} of {one.tensor} is spoilt.")


def _with_causes(step: Step, found: Sequence[str]) -> Step:
    state = BAD if found else step.state
    return replace(step, state=state, causes=tuple(dict.fromkeys(found)))


def _blocked(steps: Sequence[Step]) -> tuple[Step, ...]:
    """What was not run waits until the last step that was run is good."""
    done: list[Step] = []
    last = GOOD
    for step in steps:
        is_blocked = step.state == NOT_RUN and last == BAD
        last = last if step.state == NOT_RUN else step.state
        done.append(replace(step, state=BLOCKED) if is_blocked else step)
    return tuple(done)
