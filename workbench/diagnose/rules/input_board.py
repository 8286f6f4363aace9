"""Whether a board was fed with something else than the session feeds: told by its input operator, or its first layers.

The board's first layers are compared with the simulator's; what parts there cannot be an operator of later. Which
preprocessing leads to the board's values is searched as for imported golden values, with int8's noise.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.compare.compare import LayerError
from workbench.diagnose.case import Case
from workbench.diagnose.closed_form import solve
from workbench.diagnose.findings import Finding, Fix
from workbench.diagnose.input_faults import Fed, faults
from workbench.diagnose.numbers import numbers_of
from workbench.diagnose.pictures import Pictures
from workbench.diagnose.preprocess_search import FIRST_LAYERS, searched
from workbench.diagnose.rules.input_golden import findings_of, pictures_of
from workbench.diagnose.wanted import Found, Wanted, distance
from workbench.dump.formats import open_dumps
from workbench.dump.formats.board import parse_name
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Progress, Steps, Warn
from workbench.quantize.encoding import Encoding

STAGE = "diagnose"
BOARD = "board-"
APART = 0.02  # of the simulator's values: a board rounds now and then otherwise
LEFT, HALF, NEAR = 0.3, 0.5, 2.0  # of the difference may be left, half of it where that is near what int8 leaves
PUT_IN = "InputOperator"
PUT_IN_LEFT, PUT_IN_NOISE = 0.1, 0.01  # of integers of one scale


def fed_to_board(case: Case) -> Steps[tuple[Finding, ...]]:
    """Compare the board's first layers with the simulator's, and find out what leads to them."""
    if not case.dumps.get("runtime") or not case.model.is_onnx or not case.samples:
        return ()
    yield Progress(STAGE, 0, 1, "board")
    pictures, feeds = pictures_of(case), case.feeds_of(case.samples[0])
    found = yield from _from_put_in(case, pictures, feeds)
    if found is None or _is_session(found, pictures):
        rows = _first_rows(case)
        if not rows or _apart(case, rows[0]) < APART:
            return ()
        found = (yield from _from_layers(case, rows, pictures, feeds)) or found
    return () if found is None else _told(case, found, pictures)


def _first_rows(case: Case) -> list[LayerError]:
    """The rows whose values the board, the simulator and the network in float have, from the input on."""
    tensors, inputs = case.model.graph.tensors, {tensor.name for tensor in case.model.graph.inputs}
    found = []
    for row in case.rows:
        is_known = row.golden in tensors and row.golden not in inputs
        if is_known and case.runtime(row) is not None and case.simulated(row) is not None:
            found.append(row)
        if len(found) == FIRST_LAYERS:
            break
    return found


def _apart(case: Case, row: LayerError) -> float:
    board, simulated = case.runtime(row), case.simulated(row)
    return 0.0 if board is None or simulated is None else distance(board, simulated)


def _from_layers(
    case: Case, rows: Sequence[LayerError], pictures: tuple[Pictures, ...], feeds: Mapping[str, np.ndarray]
) -> Steps[Found | None]:
    values: dict[str, np.ndarray] = {}
    noises = []
    for row in rows:
        board, simulated, golden = case.runtime(row), case.simulated(row), case.golden(row)
        if board is None or simulated is None or golden is None:
            continue
        values[row.golden] = board
        noises.append(distance(simulated, golden))
    if not values:
        return None
    noise = float(np.mean(noises))
    found = yield from searched(Wanted(case.model, pictures, feeds, values, noise, _stored(case)))
    if found is None:
        return None
    enough = max(LEFT * found.before, min(NEAR * noise, HALF * found.before))
    return found if found.after <= enough else None


def _stored(case: Case) -> dict[str, Encoding]:
    """The integers that the inputs are fed in."""
    found = {} if case.plan is None else case.plan.encodings
    names = (tensor.name for tensor in case.model.graph.inputs)
    return {name: found[name] for name in names if name in found and found[name].is_quantized}


def _from_put_in(case: Case, pictures: tuple[Pictures, ...], feeds: Mapping[str, np.ndarray]) -> Steps[Found | None]:
    """What the board's input operator holds, before or after it was normalised and quantised."""
    for one in pictures:
        array = yield from _put_in(case.dumps["runtime"][0], one, len(pictures))
        if array is None:
            continue
        values = {one.input.tensor.name: array.astype(np.float32)}
        found = yield from solve(Wanted(case.model, pictures, feeds, values, PUT_IN_NOISE), one)
        if found is not None and found.after < PUT_IN_LEFT:
            return replace(found, before=found.tried[0][1])  # of the session's look, however far it is normalised
    return None


def _put_in(dump: Dump, pictures: Pictures, inputs: int) -> Steps[np.ndarray | None]:
    """The array of an input operator, in the network's layout; None where its folder is gone or has none.

    Of a file that is damaged there is a warning.
    """
    folder, left = dump.info.get("from"), dump.info.get("unmatched")
    if not isinstance(folder, str) or not isinstance(left, list):
        return None
    parsed = ((stem, parse_name(stem)) for stem in left if isinstance(stem, str))
    names = {stem: name.tensor for stem, name in parsed if name is not None and name.op == PUT_IN}
    own = re.sub(r"\W", "_", pictures.input.tensor.name)
    stem = next((stem for stem, tensor in names.items() if tensor == own or inputs == 1), None)
    if stem is None or not Path(folder).is_dir():
        return None
    try:
        with open_dumps(Path(folder), "runtime") as dumps:
            return _arranged(np.array(dumps.raw(stem)[0]), pictures) if stem in dumps else None
    except DumpError as error:
        yield Warn(str(error))
        return None


def _arranged(array: np.ndarray, pictures: Pictures) -> np.ndarray | None:
    """An array of the board, which is N, C, H, W by its name, in the network's layout."""
    wanted = pictures.input.shape
    if array.shape == wanted:
        return array
    if array.ndim == 4 and len(wanted) == 4 and pictures.input.settings.layout == "nhwc":
        turned = array.transpose(0, 2, 3, 1)
        return turned if turned.shape == wanted else None
    return array.reshape(wanted) if array.size == int(np.prod(wanted, dtype=np.int64)) else None


def _is_session(found: Found, pictures: Sequence[Pictures]) -> bool:
    """Whether the file was looked at alike; how far it was normalised by then, an input operator does not tell."""
    return all(one.own == found.look for one in pictures if one.input.tensor.name in found.inputs)


def _told(case: Case, found: Found, pictures: Sequence[Pictures]) -> tuple[Finding, ...]:
    network = next(one for one in pictures if one.input.tensor.name == found.inputs[0])
    own = numbers_of(network.input.settings, network.input.channels)
    is_put_in = found.tensors == found.inputs
    numbers = own if is_put_in else found.numbers
    said = faults(network.input, Fed(found.look, numbers, by_program=True), Fed(network.own, own))
    if not said:
        return ()
    how = f"{network.own.order.upper()}, {network.own.resize}, {own}"
    fix = Fix(f"Feed {found.inputs[0]} in the program as the session does: {how}.")
    return findings_of(case, said, found, network, fix, BOARD)


RULES = (fed_to_board,)
