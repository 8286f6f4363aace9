"""`capi`: what the C program on the board feeds and reads."""

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import harmless, print_json, tell, write_out
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError
from workbench.foundation.files import write_text

if TYPE_CHECKING:
    from workbench.capi.findings import Finding
    from workbench.capi.passing import Proof
    from workbench.project.board.c_program import OutputAnswer

SYMBOLS = {"bad": "✖", "doubt": "▲", "note": "○", "good": "●"}
STANDARD_INPUT = "-"
SHOWN = 10
SessionFolder = Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")]


@dataclass(frozen=True)
class Printed:
    """What the board says of its model."""

    attr: Annotated[
        str, typer.Option("--attr", metavar="TEXT|FILE", help="A printed rknn_tensor_attr; its encoding counts.")
    ] = ""


@dataclass(frozen=True)
class Fed:
    """What the program gives to rknn_inputs_set."""

    tensor: Annotated[str, typer.Option("--tensor", metavar="NAME", help="The input; the likeliest if absent.")] = ""
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE", help="What was fed; the session's inputs if absent.")
    ] = None
    type: Annotated[str, typer.Option("--type", metavar="uint8|int8|float32|…", help="input.type.")] = ""
    fmt: Annotated[str, typer.Option("--fmt", metavar="NHWC|NCHW", help="input.fmt.")] = ""
    pass_through: Annotated[
        int | None, typer.Option("--pass-through", metavar="0|1", min=0, max=1, help="input.pass_through.")
    ] = None


@dataclass(frozen=True)
class Read:
    """Which output, and how it was read."""

    tensor: Annotated[str, typer.Option("--tensor", metavar="NAME", help="The output.")] = ""
    layout: Annotated[str, typer.Option("--layout", metavar="NCHW|NHWC|NC1HWC2", help="Of the buffer.")] = ""
    beside: Annotated[
        Path | None, typer.Option("--beside", metavar="BUFFER", help="The same output with the other want_float.")
    ] = None
    sample: Annotated[int, typer.Option("--sample", min=0, metavar="N", help="Which of the session's inputs ran.")] = 0
    rows: Annotated[int, typer.Option("--rows", min=0, metavar="N", help="How many values are listed.")] = SHOWN


def input_(
    buffer: Annotated[Path, typer.Argument(metavar="BUFFER", help="Raw bytes, .npy, or an InputOperator dump.")],
    session: SessionFolder,
    fed: Fed,
    printed: Printed,
    common: Common,
) -> int:
    """Check a buffer against what the network's input expects."""
    from workbench.capi.input_check import Declared
    from workbench.project.board.c_program import InputQuestion, check_input_buffer

    declared = Declared(_type_of(fed.type), _one_of("--fmt", fed.fmt, ("NHWC", "NCHW")), fed.pass_through)
    asked = InputQuestion(fed.tensor, fed.picture, declared, _attrs(printed))
    answer = check_input_buffer(buffer, session, asked)
    if common.json:
        print_json({"schema": 1, **asdict(answer), **_verdict(answer.findings)})
    else:
        write_out(harmless(_findings(answer.findings) + "".join(f"  {line}\n" for line in answer.statistics)))
    return 0


def attr(
    texts: Annotated[
        list[str] | None, typer.Argument(metavar="[TEXT|FILE…]", help="Printed attributes; - or none: piped in.")
    ] = None,
    common: Common = Common(),  # noqa: B008 (immutable)
) -> int:
    """Explain printed rknn_tensor_attr."""
    from workbench.project.board.c_program import explain_attrs, read_text

    text = "\n".join(sys.stdin.read() if one == STANDARD_INPUT else read_text(one) for one in texts or ["-"])
    found = explain_attrs(text)
    if common.json:
        print_json(
            {"schema": 1, "tensors": [{**_finite(asdict(one)), "findings": _plain(told)} for one, told in found]}
        )
    else:
        parts = [f"{one.kind or 'tensor'} {one.index} {one.name}\n{_findings(told)}" for one, told in found]
        write_out(harmless("\n".join(parts)))
    return 0


def pass_through(
    session: SessionFolder,
    printed: Printed,
    common: Common,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE", help="To prove it on; the session's if absent.")
    ] = None,
) -> int:
    """Say whether raw pixels with pass_through=1 are equivalent, and prove it."""
    from workbench.project.board.c_program import prove_raw

    proofs = prove_raw(session, picture, _attrs(printed))
    if common.json:
        print_json({"schema": 1, "inputs": [{"input": name, **_proof(proof)} for name, proof in proofs]})
    else:
        parts = [f"input {name}\n{_findings(proof.findings) if proof else _FLOATS}" for name, proof in proofs]
        write_out(harmless("\n".join(parts)))
    return 0


def output(
    buffer: Annotated[Path, typer.Argument(metavar="BUFFER", help="Raw bytes or .npy of an output.")],
    read: Read,
    printed: Printed,
    common: Common,
    session: Annotated[Path | None, typer.Argument(metavar="[SESSION]", help="Folder of a session.")] = None,
) -> int:
    """Show an output buffer as want_float=0 and want_float=1 give it."""
    from workbench.project.board.c_program import OutputQuestion, read_output_buffer

    layout = _one_of("--layout", read.layout, ("NCHW", "NHWC", "NC1HWC2"))
    asked = OutputQuestion(read.tensor, _attrs(printed), layout, read.beside, read.sample)
    answer = read_output_buffer(buffer, session, asked)
    if common.json:
        print_json({"schema": 1, **_values(answer, read.rows)})
    else:
        write_out(harmless(_findings(answer.findings) + _table(answer, read.rows)))
    return 0


def snippet(
    session: SessionFolder,
    printed: Printed,
    common: Common,
    language: Annotated[str, typer.Option("--language", metavar="c++|python", help="Of the program.")] = "c++",
    passed: Annotated[
        bool, typer.Option("--pass-through", help="The program normalises and quantises by itself.")
    ] = False,
    out: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Instead of printing it.")] = None,
) -> int:
    """Write the lines that feed the network and read its outputs."""
    from workbench.project.board.c_program import write_snippet

    text = write_snippet(session, language, passed, _attrs(printed))
    if out is not None:
        write_text(out, text)
        tell(common, f"Written: {out}")
    if common.json:
        print_json({"schema": 1, "language": language, "text": text, "path": None if out is None else str(out)})
    elif out is None:
        write_out(text)
    return 0


COMMANDS: dict[str, Callable[..., int]] = {
    "input": input_,
    "attr": attr,
    "pass-through": pass_through,
    "output": output,
    "snippet": snippet,
}
_FLOATS = "○ The NPU takes floats or 16-bit values here: raw pixels with pass_through=1 are never right.\n"


def _attrs(printed: Printed) -> str:
    from workbench.capi.attributes import read_attrs
    from workbench.project.board.c_program import read_text

    text = read_text(printed.attr) if printed.attr else ""
    if printed.attr:
        read_attrs(text)  # an empty file is refused, not passed over
    return text


def _type_of(text: str) -> str:
    from workbench.capi.attributes import TYPES

    return _one_of("--type", text.lower().removeprefix("rknn_tensor_"), TYPES)


def _one_of(option: str, text: str, known: tuple[str, ...]) -> str:
    found = text if text in known else text.upper()
    if text and found not in known:
        raise SettingsError(f"{option} {text!r} is not known.", f"Choose one of {', '.join(known)}.")
    return found


def _findings(findings: "Iterable[Finding]") -> str:
    return "".join(
        f"{SYMBOLS[one.level]} {one.text}\n{f'    {one.fix}' + chr(10) if one.fix else ''}" for one in findings
    )


def _plain(findings: "Iterable[Finding]") -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def _verdict(findings: "Iterable[Finding]") -> dict[str, Any]:
    from workbench.capi.findings import worst

    return {"verdict": worst(findings)}


def _proof(proof: "Proof | None") -> dict[str, Any]:
    if proof is None:
        return {"verdict": "unequal", "findings": []}
    return _finite({**asdict(proof), "encoding": asdict(proof.encoding)})


def _values(answer: "OutputAnswer", rows: int) -> dict[str, Any]:
    arrays = {"stored": answer.stored, "real": answer.real, "golden": answer.golden, "simulator": answer.simulator}
    found: dict[str, Any] = {
        name: [_number(value) for value in array.reshape(-1)[:rows].tolist()]
        for name, array in arrays.items()
        if array is not None
    }
    shown = {"output": answer.output, "want_float": answer.want_float, "shape": list(answer.shape)}
    return {**shown, **found, "findings": _plain(answer.findings), **_verdict(answer.findings)}


def _table(answer: "OutputAnswer", rows: int) -> str:
    """The first values, stored and real; those of the session beside them."""
    import numpy as np

    titles = ["index", "want_float=0", "want_float=1", "golden", "simulator"]
    arrays = [answer.stored, answer.real, answer.golden, answer.simulator]
    shown = [(title, array) for title, array in zip(titles[1:], arrays, strict=True) if array is not None]
    lines = ["  ".join(f"{title:>14}" for title in ("index", *(title for title, _ in shown)))]
    for at in range(min(rows, answer.real.size)):
        place = ",".join(map(str, np.unravel_index(at, answer.shape))) if answer.shape else "0"
        cells = [f"{array.reshape(-1)[at]:>14.7g}" for _, array in shown]
        lines.append("  ".join((f"{place:>14}", *cells)))
    return "\n".join((*lines, ""))


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    return {key: _number(value) if isinstance(value, float) else value for key, value in values.items()}


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
