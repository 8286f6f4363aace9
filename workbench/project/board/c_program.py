"""The C program's side of a session: what its network's inputs expect and its outputs mean.

Everything here takes a session's folder and gives plain values, so that it can run in another process.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from workbench.capi import snippets
from workbench.capi.attributes import TensorAttr, read_attrs
from workbench.capi.buffers import read_buffer
from workbench.capi.expected import Expected, NetworkInput, check_picture
from workbench.capi.explain import PRINTED_DIGITS, explained
from workbench.capi.findings import Finding
from workbench.capi.input_check import Declared, check_input, layout_name
from workbench.capi.outputs import NetworkOutput, OutputValues, read_output, same_numbers
from workbench.capi.passing import Proof, prove
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError, SettingsError
from workbench.graph.graph import Tensor
from workbench.graph.read import read_model
from workbench.preprocess.preprocess import guess
from workbench.project.results import Results, load_results
from workbench.project.session import Session, load_session
from workbench.quantize.encoding import Encoding
from workbench.quantize.schemes import FLOAT16, FLOAT32

MOST_FILES = 16  # pictures of the session that a buffer is compared with
LARGEST_TEXT = 1 << 22


@dataclass(frozen=True)
class CProgram:
    """A session's network as a C program sees it."""

    session: Session
    results: Results | None
    inputs: tuple[NetworkInput, ...]
    outputs: tuple[NetworkOutput, ...]


@dataclass(frozen=True)
class InputQuestion:
    """`name` of the input and `picture` where they are known; `attrs` is a printed rknn_tensor_attr, or ""."""

    name: str = ""
    picture: Path | None = None
    declared: Declared = Declared()  # noqa: RUF009 (immutable)
    attrs: str = ""


@dataclass(frozen=True)
class OutputQuestion:
    """`name` of the output; `layout` "", "NHWC" or "NC1HWC2"; `beside` is the buffer of the other want_float.

    `sample` is the input of the session that was run, whose golden and simulator values are wanted beside.
    """

    name: str = ""
    attrs: str = ""
    layout: str = ""
    beside: Path | None = None
    sample: int = 0


@dataclass(frozen=True)
class InputAnswer:
    """What a check of an input found; `input` and `file` are "" where the bytes fit nothing."""

    findings: tuple[Finding, ...]
    statistics: tuple[str, ...]
    input: str = ""
    file: str = ""
    type: str = ""
    layout: str = ""
    agreement: float = 0.0


@dataclass(frozen=True)
class OutputAnswer:
    """The values of an output, in the network's shape; `golden` and `simulator` where the session has them.

    `want_float` is that of the buffer; `stored` is None where the output is of floats.
    """

    output: str
    want_float: int
    shape: tuple[int, ...]
    stored: np.ndarray | None
    real: np.ndarray
    golden: np.ndarray | None
    simulator: np.ndarray | None
    findings: tuple[Finding, ...]


def c_program(folder: Path, printed: str = "") -> CProgram:
    """The network of a session; encodings of its results, or those that a board has printed as attributes."""
    attrs = read_attrs(printed) if printed else ()
    session = load_session(folder)
    results = load_results(folder)
    graph = read_model(session.model, session.shapes, weights=session.weights).graph
    inputs = [_input(tensor, session, results) for tensor in graph.inputs]
    outputs = [_output(tensor, session, results) for tensor in graph.outputs]
    fed = [printed_for(attrs, "input", at, one.tensor.name, len(inputs) == 1) for at, one in enumerate(inputs)]
    read = [printed_for(attrs, "output", at, one.name, len(outputs) == 1) for at, one in enumerate(outputs)]
    if attrs and not any((*fed, *read)):
        raise SettingsError(
            f"The printed attributes belong to no input or output of the network; the first is {attrs[0].name!r}.",
            "Paste those of this network, with the heading above them (input tensors:, output tensors:).",
        )
    inputs = [replace(one, encoding=_known(attr, one.encoding)) for one, attr in zip(inputs, fed, strict=True)]
    outputs = [replace(one, encoding=_known(attr, one.encoding)) for one, attr in zip(outputs, read, strict=True)]
    return CProgram(session, results, tuple(inputs), tuple(outputs))


def read_text(text_or_file: str) -> str:
    """A pasted text, or the content of the file that it names."""
    path = Path(text_or_file)
    if not text_or_file.strip() or "\n" in text_or_file or "=" in text_or_file or len(text_or_file) > 1000:
        return text_or_file
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_TEXT).decode("utf-8", "replace")
    except OSError as error:
        raise DumpError(
            f"{text_or_file} is neither a file nor a printed attribute: {error.strerror or error}.",
            "Paste a line like: index=0, name=data, dims=[1, 112, 112, 3], fmt=NHWC, type=INT8, zp=0, scale=0.007843",
        ) from error


def explain_attrs(text: str) -> tuple[tuple[TensorAttr, tuple[Finding, ...]], ...]:
    """Every printed attribute of a text with what it says."""
    return tuple((attr, explained(attr)) for attr in read_attrs(text))


def check_input_buffer(buffer: Path, folder: Path, asked: InputQuestion) -> InputAnswer:
    """Compare a buffer or an InputOperator dump with the inputs of a session's network and its pictures."""
    program = c_program(folder, asked.attrs)
    declared = replace(asked.declared, attr=_attr_of(program, asked))
    checked = check_input(read_buffer(buffer), expected_of(program, asked.name, asked.picture), declared)
    found = checked.reading
    if found is None:
        return InputAnswer(checked.findings, checked.statistics)
    tensor, file = found.expected.input.tensor.name, str(found.expected.file)
    return InputAnswer(
        checked.findings, checked.statistics, tensor, file, found.dtype, layout_name(found), found.agreement
    )


def _attr_of(program: CProgram, asked: InputQuestion) -> TensorAttr | None:
    """The printed attribute of the input that is asked for, or of the only one."""
    attrs = read_attrs(asked.attrs) if asked.attrs else ()
    names = [network.tensor.name for network in program.inputs]
    name = asked.name or (names[0] if len(names) == 1 else "")
    return printed_for(attrs, "input", names.index(name), name, len(names) == 1) if name in names else None


def expected_of(program: CProgram, name: str = "", picture: Path | None = None) -> tuple[Expected, ...]:
    """The inputs with the files that they are fed with: those of the session, or one given picture."""
    chosen = [(index, network) for index, network in enumerate(program.inputs) if name in ("", network.tensor.name)]
    if not chosen:
        names = ", ".join(network.tensor.name for network in program.inputs)
        raise SettingsError(f"The network has no input {name!r}.", f"Its inputs are {names}.")
    if picture is not None:
        return tuple(Expected(network, picture) for _, network in chosen)
    samples = program.session.samples[:MOST_FILES]
    return tuple(
        Expected(network, sample.files[index])
        for sample in samples
        for index, network in chosen
        if index < len(sample.files)
    )


def prove_raw(folder: Path, picture: Path | None = None, attrs: str = "") -> tuple[tuple[str, Proof | None], ...]:
    """For each input, whether raw pixels with pass_through=1 are what the driver would store."""
    program = c_program(folder, attrs)
    if picture is not None:
        check_picture(program.inputs, picture)
    files = {one.input.tensor.name: one for one in reversed(expected_of(program, "", picture)) if one.is_picture}
    return tuple((network.tensor.name, prove(network, files.get(network.tensor.name))) for network in program.inputs)


def write_snippet(folder: Path, language: str, pass_through: bool = False, attrs: str = "") -> str:
    """The program text for a session's network."""
    program = c_program(folder, attrs)
    return snippets.snippet(language, program.inputs, program.outputs, pass_through)


def read_output_buffer(buffer: Path, folder: Path | None, asked: OutputQuestion) -> OutputAnswer:
    """An output buffer in numbers, of a session's output or of a printed attribute."""
    program = None if folder is None else c_program(folder, asked.attrs)
    printed = read_attrs(asked.attrs) if asked.attrs and program is None else ()
    output = _chosen(program.outputs if program else tuple(map(_of_attr, printed)), asked.name, buffer)
    values = read_output(read_buffer(buffer), output, asked.layout)
    findings = values.findings
    if asked.beside is not None:
        findings += (same_numbers(values, read_output(read_buffer(asked.beside), output, asked.layout)),)
    golden, simulator = (
        (_tensor(program.results, source, output, asked.sample) if program and program.results else None)
        for source in ("golden", "simulator")
    )
    return _answer(values, findings, golden, simulator)


def _answer(
    values: OutputValues, findings: tuple[Finding, ...], golden: np.ndarray | None, simulator: np.ndarray | None
) -> OutputAnswer:
    network = values.network
    real = np.asarray(values.real, np.float32)
    stored = None if values.stored is None else np.array(values.stored)
    return OutputAnswer(network.name, values.want_float, network.shape, stored, real, golden, simulator, findings)


def _input(tensor: Tensor, session: Session, results: Results | None) -> NetworkInput:
    settings = session.preprocess.get(tensor.name) or guess(tensor)
    encoding = _encoding(tensor.name, session, results)
    return NetworkInput(tensor, settings, encoding, session.quant.target)


def _output(tensor: Tensor, session: Session, results: Results | None) -> NetworkOutput:
    shape = tensor.static_shape
    if shape is None:
        row = next((row for row in results.rows if tensor.name in (row.golden, row.tensor)), None) if results else None
        shape = row.shape if row is not None else ()
    return NetworkOutput(tensor.name, shape, _encoding(tensor.name, session, results), session.quant.target)


def _encoding(name: str, session: Session, results: Results | None) -> Encoding | None:
    """How the NPU stores an input or an output: the encoding of the row behind or before its convert."""
    rows = [row for row in results.rows if name in (row.golden, row.tensor)] if results is not None else []
    found = next((row.encoding for row in reversed(rows) if row.encoding is not None), None)
    if found is not None:
        return found if found.dtype != FLOAT32 else None
    return Encoding(FLOAT16) if session.quant.type.activations == FLOAT16 else None


def _known(attr: TensorAttr | None, own: Encoding | None) -> Encoding | None:
    """The printed encoding; the session's where the print is that one, with fewer digits."""
    printed = attr.encoding if attr is not None else None
    if printed is None or own is None or not (printed.is_quantized and own.is_quantized):
        return printed or own
    is_same = (printed.dtype, printed.zero_point) == (own.dtype, own.zero_point)
    return own if is_same and abs(printed.scale[0] - own.scale[0]) <= PRINTED_DIGITS else printed


def printed_for(attrs: Iterable[TensorAttr], kind: str, index: int, name: str, is_only: bool) -> TensorAttr | None:
    """What a board printed for a tensor: by name, or by its number below a heading."""
    fitting = [attr for attr in attrs if attr.kind in ("", kind)]
    exact = [attr for attr in fitting if attr.name == name]
    numbered = [attr for attr in fitting if attr.kind == kind and attr.index == index]
    alone = fitting if is_only and len(fitting) == 1 and fitting[0].kind == kind else []
    return next(iter((*exact, *numbered, *alone)), None)


def _of_attr(attr: TensorAttr) -> NetworkOutput:
    n, *sides = attr.dims or (attr.n_elems or 0,)
    shape = (n, sides[2], *sides[:2]) if attr.fmt == "NHWC" and len(sides) == 3 else attr.dims or (n,)
    return NetworkOutput(attr.name, shape, attr.encoding)


def _chosen(outputs: Sequence[NetworkOutput], name: str, buffer: Path) -> NetworkOutput:
    found = [output for output in outputs if name in ("", output.name)]
    if not found:
        names = ", ".join(output.name for output in outputs)
        hint = f"The outputs are {names}." if names else "Give a session, or the printed rknn_tensor_attr (--attr)."
        raise SettingsError(f"There is no output {name!r}." if name else f"{buffer} is of an unknown output.", hint)
    if len(found) > 1 and not name:
        size = buffer.stat().st_size if buffer.is_file() else 0
        fitting = [output for output in found if size in _sizes(output)]
        found = fitting if len(fitting) == 1 else found
    if len(found) > 1:
        names = ", ".join(output.name for output in found)
        raise SettingsError(f"{buffer} may be one of {len(found)} outputs.", f"Name one of {names} (--tensor).")
    return found[0]


def _sizes(output: NetworkOutput) -> set[int]:
    count = int(np.prod(output.shape, dtype=np.int64))
    width = np.dtype(output.encoding.dtype).itemsize if output.encoding is not None else 4
    return {count * 4, count * width}


def _tensor(results: Results, source: str, output: NetworkOutput, sample: int) -> np.ndarray | None:
    paths = results.dumps.get(source, ())
    if sample >= len(paths) or not paths[sample].is_file():
        return None
    with Dump(paths[sample]) as dump:
        if output.name not in dump or dump.shape(output.name) != output.shape:
            return None
        return np.array(dump[output.name], np.float32)
