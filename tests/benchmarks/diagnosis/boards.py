"""What a board would have dumped: the embedded simulator's values, spoilt at one place, with all behind recomputed."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnx

from tests.benchmarks.diagnosis.bench import Bench
from tests.benchmarks.diagnosis.kinds import Fault, Injected, causes
from workbench.foundation.steps import drain
from workbench.graph.execute import Network
from workbench.preprocess.preprocess import normalised, unscaled
from workbench.project.pipeline import import_dumps
from workbench.project.results import Results, load_results
from workbench.project.session import ImportedDumps, Session, load_session
from workbench.project.stages import Stages
from workbench.quantize.encoding import Encoding
from workbench.quantize.rewrite import ENTIRE, GOLDEN, simulator, stored_encoding
from workbench.sources.simulator import proto_of, threads_of

CONVERT = "exDataConvert"
OFTEN = 0.003  # of a real board's values are a step away from the simulator's
EARLY = 0.7  # of the rows: a late one harms little
GIVEN = "board:"

Values = dict[str, np.ndarray]
Spoil = Callable[[Bench, Results, Values], "frozenset[str] | None"]


def computed(
    session: Session, folder: Path, given: Mapping[str, np.ndarray], replaced: Mapping[str, np.ndarray]
) -> Values:
    """Every stored tensor as float; those in `replaced` are what comes after them is computed from."""
    graph, plan = drain(Stages(session, folder).planned())
    built = simulator(graph, plan, ())
    fed = {ENTIRE + name: GIVEN + name for name in replaced}
    arrays = {GOLDEN + name: array for name, array in given.items()}
    arrays |= {GIVEN + name: array for name, array in replaced.items()}
    wanted = {output: name for (branch, name), output in built.stored.items() if branch == ENTIRE}
    nodes = [_rewired(node, fed) for node in built.nodes]
    found: Values = {}

    def keep(output: str, array: np.ndarray) -> None:
        name = wanted[output]
        encoding = stored_encoding(graph, plan, name)
        found[name] = np.array(array, np.float32) if encoding is None else encoding.dequantize(array)

    proto = proto_of(nodes, built.constants, arrays, graph.model.proto)
    network = Network(proto, list(wanted), {}, threads=threads_of(graph, plan), large=built.constants)
    drain(network.run(arrays, keep))
    return {**found, **replaced}


def write_dumps(bench: Bench, results: Results, values: Values, put_in: np.ndarray | None) -> Path:
    """A folder as a board's runtime writes it (RKNN facts §3.2); `put_in` is what the input operator got."""
    folder = bench.scratch / f"board-{bench.kind}-{bench.attempt}"
    folder.mkdir(parents=True)
    if put_in is not None:
        _write(folder, 0, "InputOperator", bench.input, put_in)
    rows = [row for row in results.rows if row.tensor in values]
    rows = [row for row in rows if row.op != CONVERT or row.tensor in results.outputs]
    for number, row in enumerate(rows, start=1):
        array = values[row.tensor]
        encoding = row.encoding
        if encoding is not None and encoding.is_quantized:
            away = bench.random.random(array.shape) < OFTEN
            array = array + away * bench.random.choice((-1.0, 1.0), array.shape) * encoding.scale[0]
        _write(folder, number, row.op, row.tensor, array.astype(np.float32))
    return folder


def _write(folder: Path, number: int, op: str, tensor: str, array: np.ndarray) -> None:
    shape = "_".join(map(str, array.shape or (1,)))
    kind = {"float32": "float"}.get(array.dtype.name, array.dtype.name)
    name = (
        f"{number:03}_{re.sub(r'[^A-Za-z]', '', op)}_{re.sub(r'[^0-9A-Za-z_]', '_', tensor)}_shape_{shape}_{kind}.npy"
    )
    np.save(folder / name, array)


def operator(bench: Bench, results: Results, values: Values) -> frozenset[str] | None:
    """One operator gives something else."""
    rows = [row for row in results.rows if row.op != CONVERT and row.tensor in values and len(row.shape) >= 2]
    rows = [row for row in rows[: max(1, round(EARLY * len(rows)))] if row.shape[1] >= 4]
    if not rows:
        return None
    row = rows[bench.random.integers(len(rows))]
    array = values[row.tensor].copy()
    half = array.shape[1] // 2
    match int(bench.random.integers(4)):
        case 0:
            array[:, half:] = 0
        case 1:
            array *= 0.5
        case 2:
            array = np.roll(array, 1, axis=1)
        case _:
            array[:, :half] += bench.random.normal(0, array.std(), array[:, :half].shape).astype(np.float32)
    values[row.tensor] = array
    return frozenset((row.tensor,))


def transposed(bench: Bench, results: Results, values: Values) -> frozenset[str] | None:
    """The outputs come with their channels last, or their two axes exchanged, under the shape that they should have."""
    found = set()
    for name in results.outputs:
        array = values[name]
        sides = [side for side in array.shape if side > 1]
        if len(sides) < 2 or array.ndim < 3:
            continue
        moved = np.moveaxis(array, 1, -1) if array.ndim == 4 else array.swapaxes(1, 2)
        values[name] = np.ascontiguousarray(moved).reshape(array.shape)
        found |= {name} if not np.array_equal(values[name], array) else set()
    return frozenset(found) or None


def dequantised(bench: Bench, results: Results, values: Values) -> frozenset[str] | None:
    """The outputs are read as integers, or multiplied by the scale without the zero point."""
    found = set()
    is_whole = bench.random.random() < 0.5
    for name in results.outputs:
        encoding = _stored_as(results, name)
        if encoding is None:
            continue
        scale, zero = encoding.scale[0], encoding.zero_point[0]
        integers = np.rint(values[name] / scale) + zero
        values[name] = (integers if is_whole or not zero else integers * scale).astype(np.float32)
        found.add(name)
    return frozenset(found) or None


def _stored_as(results: Results, output: str) -> Encoding | None:
    """The encoding of what an output is converted from; None where it is no integer."""
    found = (row for row in results.rows if row.tensor != output and row.golden == output)
    encodings = [row.encoding for row in found if row.encoding is not None and row.encoding.is_quantized]
    return encodings[-1] if encodings else None


def _fault(kind: str, spoil: Spoil, cause: str, is_at_end: bool) -> Fault:
    def inject(bench: Bench) -> Injected | None:
        if len(bench.inputs) != 1:
            return None

        def after(folder: Path) -> frozenset[str] | None:
            session, results = load_session(folder), _results(folder)
            values = computed(session, folder, bench.fed(), {})
            tensors = spoil(bench, results, values)
            if tensors is None:
                return None
            if not is_at_end:
                values = computed(session, folder, bench.fed(), {name: values[name] for name in tensors})
            _import(folder, write_dumps(bench, results, values, _pixels(bench)))
            return tensors

        return Injected(bench.session, causes(cause), after=after)

    return Fault(kind, inject, must_harm=not is_at_end)


def _fed(kind: str, wrong: Callable[[Bench], "tuple[np.ndarray, np.ndarray, str] | None"], has_input: bool) -> Fault:
    """`wrong` gives what the program put in, what the network gets of it, and the cause."""

    def inject(bench: Bench) -> Injected | None:
        found = wrong(bench) if len(bench.inputs) == 1 else None
        if found is None:
            return None
        put_in, fed, cause = found

        def after(folder: Path) -> frozenset[str]:
            values = computed(load_session(folder), folder, {bench.input: fed}, {})
            _import(folder, write_dumps(bench, _results(folder), values, put_in if has_input else None))
            return frozenset()

        return Injected(bench.session, causes(cause), after=after)

    return Fault(kind, inject)


def wrong_order(bench: Bench) -> tuple[np.ndarray, np.ndarray, str] | None:
    """The program gives the picture as its library reads it."""
    if bench.preprocess.order == "gray":
        return None
    axis = 1 if bench.preprocess.layout == "nchw" else 3
    pixels = np.flip(_pixels(bench), axis)
    other = {"rgb": "bgr", "bgr": "rgb"}[bench.preprocess.order]
    return pixels, _normalised(bench, pixels), f"board-input-order-{other}"


def wrong_twice(bench: Bench) -> tuple[np.ndarray, np.ndarray, str] | None:
    """The program normalises, and the network does so again."""
    if not any(bench.preprocess.mean) and set(bench.preprocess.std) == {1}:
        return None
    once = bench.fed()[bench.input]
    return once, _normalised(bench, once), "board-input-normalised-twice"


def wrong_layout(bench: Bench) -> tuple[np.ndarray, np.ndarray, str] | None:
    """The program gives the bytes in the other layout than it says."""
    pixels = _pixels(bench)
    sides = pixels.shape
    if bench.preprocess.order == "gray" or len(sides) != 4:
        return None
    if bench.preprocess.layout == "nchw":  # planes where the runtime expects pixels
        found = pixels.reshape(1, sides[2], sides[3], sides[1]).transpose(0, 3, 1, 2)
    else:
        found = pixels.transpose(0, 3, 1, 2).reshape(sides)
    found = np.ascontiguousarray(found)
    return found, _normalised(bench, found), "board-input-layout"


def _pixels(bench: Bench) -> np.ndarray:
    """What a program puts in: bytes in the network's shape."""
    return unscaled(bench.sample.files[0], bench.inputs[0], bench.preprocess).astype(np.uint8)


def _normalised(bench: Bench, values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(normalised(values, bench.preprocess), np.float32)


def _import(folder: Path, dumps: Path) -> Results:
    return drain(import_dumps(folder, ImportedDumps(dumps), "runtime"))


def _results(folder: Path) -> Results:
    results = load_results(folder)
    assert results is not None
    return results


def _rewired(node: onnx.NodeProto, fed: Mapping[str, str]) -> onnx.NodeProto:
    found = onnx.NodeProto()
    found.CopyFrom(node)
    del found.input[:]
    found.input.extend(fed.get(name, name) for name in node.input)
    return found


def clean(bench: Bench) -> Injected | None:
    """A board that does what it should."""
    if len(bench.inputs) != 1:
        return None

    def after(folder: Path) -> frozenset[str]:
        values = computed(load_session(folder), folder, bench.fed(), {})
        _import(folder, write_dumps(bench, _results(folder), values, _pixels(bench)))
        return frozenset()

    return Injected(bench.session, after=after)


FAULTS = (
    _fault("board-operator", operator, "board-operator", is_at_end=False),
    _fault("board-transposed", transposed, "board-output-transposed", is_at_end=True),
    _fault("board-dequantised", dequantised, "board-output-dequantised", is_at_end=True),
    *(
        _fed(f"{kind}{'+input' if has_input else '+layers'}", wrong, has_input)
        for kind, wrong in (("board-order", wrong_order), ("board-twice", wrong_twice), ("board-layout", wrong_layout))
        for has_input in (True, False)
    ),
)
