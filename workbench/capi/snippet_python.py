"""The snippet in Python, for rknn-toolkit-lite2 on the board (and rknn-toolkit2 on the PC)."""

from collections.abc import Iterator, Sequence

from workbench.capi.outputs import NetworkOutput
from workbench.capi.snippet_cpp import COLOURS, fixed_length
from workbench.capi.snippets import Feeding, harmless, spelled
from workbench.preprocess.images import PADDING


def text(feedings: Sequence[Feeding], outputs: Sequence[NetworkOutput]) -> str:
    """The whole text; it is a module that imports cv2 and numpy."""
    needs_pictures = any(feeding.takes_picture for feeding in feedings)
    head = ("import cv2\n" if needs_pictures else "") + "import numpy as np\n"
    parts = [head, *map(_prepare, feedings), *(_stored(feeding) for feeding in feedings if feeding.is_passed)]
    parts += [_infer(feedings), *(_output(index, output) for index, output in enumerate(outputs))]
    return "\n\n".join(parts)


def _prepare(feeding: Feeding) -> str:
    network, settings = feeding.network, feeding.network.settings
    lines = [f"def prepare_{feeding.index}(picture):", f"    # input {harmless(network.tensor.name)}"]
    if not feeding.takes_picture:
        lines.append(f"    values = np.asarray(picture, np.float32).reshape({list(network.shape)})")
        moved = ".transpose(0, 2, 3, 1)" if network.is_picture and network.channel_axis == 1 else ""
        return "\n".join([*lines, f"    return np.ascontiguousarray(values{moved})", ""])
    lines += [f"    {line}" for line in _resized(settings.resize, *feeding.size)]
    code = COLOURS.get((settings.order, network.channels))
    if code is not None:
        lines.append(f"    picture = cv2.cvtColor(picture, cv2.{code[1]})")
    height, width = feeding.size
    last = f"    return np.ascontiguousarray(picture).reshape(1, {height}, {width}, {network.channels})"
    return "\n".join([*lines, last, ""])


def _resized(rule: str, height: int, width: int) -> Iterator[str]:
    if rule == "letterbox":
        yield f"factor = min({height} / picture.shape[0], {width} / picture.shape[1])"
        yield "rows, columns = round(picture.shape[0] * factor), round(picture.shape[1] * factor)"
        yield "inner = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_LINEAR)"
        yield f"top, left = ({height} - rows) // 2, ({width} - columns) // 2"
        yield f"edges = (top, {height} - rows - top, left, {width} - columns - left)"
        grey = f"({', '.join([str(PADDING)] * 3)})"
        yield f"picture = cv2.copyMakeBorder(inner, *edges, cv2.BORDER_CONSTANT, value={grey})"
    elif rule == "crop":
        yield f"factor = max({height} / picture.shape[0], {width} / picture.shape[1])"
        yield f"rows = max({height}, round(picture.shape[0] * factor))"
        yield f"columns = max({width}, round(picture.shape[1] * factor))"
        yield "whole = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_LINEAR)"
        yield f"top, left = (rows - {height}) // 2, (columns - {width}) // 2"
        yield f"picture = whole[top : top + {height}, left : left + {width}]"
    elif rule == "none":
        yield f"assert picture.shape[:2] == ({height}, {width})"
    else:
        yield f"picture = cv2.resize(picture, ({width}, {height}), interpolation=cv2.INTER_LINEAR)"


def _stored(feeding: Feeding) -> str:
    encoding = feeding.stored
    lines = [f"def stored_{feeding.index}(values):", "    # normalised and quantised in one step, for pass_through=1"]
    lines += [f"    alpha = np.array([{spelled(feeding.alpha)}])", f"    beta = np.array([{spelled(feeding.beta)}])"]
    if not encoding.is_quantized:
        return "\n".join([*lines, f"    return (values * alpha + beta).astype(np.{encoding.dtype})", ""])
    low, high = encoding.limits
    return "\n".join(
        [*lines, f"    return np.clip(np.rint(values * alpha + beta), {low}, {high}).astype(np.{encoding.dtype})", ""]
    )


def _infer(feedings: Sequence[Feeding]) -> str:
    made = [
        f"stored_{feeding.index}(prepare_{feeding.index}(pictures[{feeding.index}]))"
        if feeding.is_passed
        else f"prepare_{feeding.index}(pictures[{feeding.index}])"
        for feeding in feedings
    ]
    passed = [int(feeding.is_passed) for feeding in feedings]
    note = (
        ["    # pass_through is for the board: the simulator of rknn-toolkit2 2.5.0 aborts with it"]
        if any(passed)
        else []
    )
    return "\n".join(
        [
            "def infer(rknn, pictures):",
            *note,
            "    # pictures as cv2.imread gives them, one an input; outputs are floats, whatever is stored",
            f"    inputs = [{', '.join(made)}]",
            f"    return rknn.inference(inputs=inputs, inputs_pass_through={passed})",
            "",
        ]
    )


def _output(index: int, output: NetworkOutput) -> str:
    encoding = output.encoding
    lines = [
        f"def output_{index}(stored):",
        f"    # output {harmless(output.name)}: want_float=0 of a C program as floats",
    ]
    if encoding is None or not encoding.is_quantized:
        return "\n".join([*lines, "    return np.asarray(stored, np.float32)", ""])
    scale, zero_point, length = encoding.scale[0], encoding.zero_point[0], fixed_length(output)
    if length is not None:
        return "\n".join([*lines, f"    return np.ldexp(np.asarray(stored, np.float32), {-length})", ""])
    value = f"(np.asarray(stored, np.int64) - ({zero_point})).astype(np.float32) * np.float32({scale!r})"
    return "\n".join([*lines, f"    return {value}", ""])
