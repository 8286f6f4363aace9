"""What checks of the C program's buffers found out, as plain values for the window. Nothing here knows Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.project.session import Session, save_session
from workbench.ui.models.told import Told

if TYPE_CHECKING:
    from workbench.capi.findings import Finding

SHOWN = 6
"""Values of an output that are shown."""
CELL = 11
"""Characters of a value in its column."""


@dataclass(frozen=True)
class Fed:
    """A buffer and what the program says of it in rknn_input; "" and None where nobody knows.

    `picture` is what was fed where it is none of the session's, `attrs` what the program has printed.
    """

    path: Path | None
    input: str = ""
    type: str = ""
    fmt: str = ""
    pass_through: int | None = None
    picture: Path | None = None
    attrs: str = ""


@dataclass(frozen=True)
class Got:
    """A buffer of an output; `attrs` is what the program printed of it, `other` the same with the other want_float."""

    path: Path
    output: str = ""
    attrs: str = ""
    layout: str = ""
    other: Path | None = None


@dataclass(frozen=True)
class Answer:
    """Findings, and facts below them by their titles."""

    findings: tuple[Told, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


def check_fed(session: Session, folder: Path, fed: Fed) -> Answer:
    """Whether a buffer is what the network expects."""
    from workbench.capi.input_check import Declared
    from workbench.project.board.c_program import InputQuestion, check_input_buffer

    assert fed.path is not None
    save_session(session, folder)
    declared = Declared(fed.type, fed.fmt, fed.pass_through)
    found = check_input_buffer(fed.path, folder, InputQuestion(fed.input, fed.picture, declared, fed.attrs))
    return Answer((*_told(found.findings), *(Told(line, "note") for line in found.statistics)))


def prove(session: Session, folder: Path, fed: Fed) -> Answer | None:
    """Whether raw pixels may pass through; None where the input is of floats, which they never may."""
    from workbench.project.board.c_program import prove_raw

    save_session(session, folder)
    proofs = dict(prove_raw(folder, fed.picture, fed.attrs))
    proof = proofs.get(fed.input)
    return None if proof is None else Answer(_told(proof.findings))


def explain(text: str) -> tuple[tuple[str, Answer], ...]:
    """Each printed tensor attribute, by its name."""
    from workbench.project.board.c_program import explain_attrs

    found = explain_attrs(text)
    return tuple((f"{attr.kind} {attr.index}  {attr.name}".strip(), Answer(_told(told))) for attr, told in found)


def read_got(got: Got, session: Session | None, folder: Path | None) -> Answer:
    """What an output's buffer says, for want_float 0 and 1."""
    from workbench.project.board.c_program import OutputQuestion, read_output_buffer

    if session is not None and folder is not None:
        save_session(session, folder)
    found = read_output_buffer(got.path, folder, OutputQuestion(got.output, got.attrs, got.layout, got.other))
    columns = (
        ("want_float=0", found.stored), ("want_float=1", found.real), ("golden", found.golden),
        ("simulator", found.simulator),
    )  # fmt: skip
    shown = [(title, np.asarray(values).reshape(-1)[:SHOWN]) for title, values in columns if values is not None]
    facts = {title: " ".join(f"{value:>{CELL}.5g}" for value in values) for title, values in shown}
    return Answer(_told(found.findings), facts)


def snippet(session: Session, folder: Path, language: str, is_raw: bool, attrs: str) -> str:
    """The lines of the program."""
    from workbench.project.board.c_program import write_snippet

    save_session(session, folder)
    return write_snippet(folder, language, is_raw, attrs)


def _told(findings: "Iterable[Finding]") -> tuple[Told, ...]:
    return tuple(Told(item.text, item.level, item.fix) for item in findings)
