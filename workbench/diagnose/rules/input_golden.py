"""Whether imported golden values come of another input, of another network, or of another way to compute it.

They are followed from the input on: what the session feeds leads to other values than theirs from some tensor on. From
the first one: the input differs. From a later one: the layer before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from workbench.capi.expected import NetworkInput
from workbench.diagnose.case import Case
from workbench.diagnose.causes import causes
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import CAUSE, NOTE, Chart, Evidence, Finding, Fix
from workbench.diagnose.input_faults import OTHER, Fault, Fed, faults
from workbench.diagnose.numbers import Numbers, numbers_of
from workbench.diagnose.part_run import PartRun
from workbench.diagnose.pictures import AS_IT_IS, Look, Pictures
from workbench.diagnose.preprocess_search import APART, EXPLAINED, FIRST_LAYERS, searched
from workbench.diagnose.rules.reference_layers import other_layers
from workbench.diagnose.shown import row_tensor
from workbench.diagnose.wanted import Found, Wanted, distance
from workbench.dump.store import Dump
from workbench.foundation.steps import Progress, Steps
from workbench.preprocess.images import is_picture
from workbench.preprocess.preprocess import Preprocess, guess

STAGE = "diagnose"
HARMFUL, PROVEN = 0.02, 0.1  # of golden that differs; of that, what the right input leaves
LAST_LAYERS, BETWEEN = 3, 6  # tensors that are compared, besides the first ones
MANY, SOME = 500, 20  # values that count
EXACTLY_SO = 0.02  # a difference of roundings
NEARLY, EXACTLY = 0.01, 3e-4  # what may be left where few values tell it
SURE, LIKELY, POSSIBLE, UNDECIDED = 0.98, 0.85, 0.6, 0.5
STALE = "weights-stale"


def against_golden(case: Case) -> Steps[tuple[Finding, ...]]:
    """Compare imported golden values with what the network computes of the session's input, in float."""
    if case.own_golden or not case.model.is_onnx or not case.samples or not case.dumps.get("golden"):
        return ()
    yield Progress(STAGE, 0, 1, "golden")
    golden, feeds = case.dumps["golden"][0], case.feeds_of(case.samples[0])
    order = tensors_in_order(case, golden)
    if not order:
        return ()
    ends = _compared(case, order)
    mine = yield from PartRun(case.model, ends).run(feeds)
    differences = {name: distance(mine[name], golden[name]) for name in ends if golden[name].size == mine[name].size}
    if max(differences.values(), default=0.0) < APART:
        return ()
    first = next(iter(differences))
    is_other_input = differences[first] >= APART
    findings: tuple[Finding, ...] = ()
    if is_other_input:
        findings = yield from _of_input(case, golden, feeds, tuple(name for name in ends if name in differences))
    if not findings:
        findings = yield from other_layers(case, golden, order, not is_other_input)
    return findings or (_undecided(case, first, differences[first]) if is_other_input else ())


def _compared(case: Case, order: Sequence[str]) -> list[str]:
    """The first tensors, the last ones, the outputs, and some between: what a saturated output hides, others show."""
    step = max(1, len(order) // BETWEEN)
    chosen = {*order[:FIRST_LAYERS], *order[-LAST_LAYERS:], *order[::step], *case.outputs}
    return [name for name in order if name in chosen]


def tensors_in_order(case: Case, dump: Dump) -> list[str]:
    """What a dump has of the network's float tensors that depend on its inputs, in the order of the layers."""
    graph = case.model.graph
    moved = {tensor.name for tensor in graph.inputs}
    found = [name for name in moved if name in dump]
    for layer in graph.layers:
        if layer.op == "Shape" or not any(name in moved for name in layer.inputs):
            continue
        moved.update(name for name in layer.outputs if name)
        found += [name for name in layer.outputs if name in dump]
    return [name for name in found if _is_float(case, name)]


def pictures_of(case: Case, sample: int = 0) -> tuple[Pictures, ...]:
    """The network's inputs with the files of a sample."""
    files = case.samples[sample].files
    return tuple(
        Pictures(NetworkInput(tensor, case.preprocess.get(tensor.name) or guess(tensor), None, case.quant.target), file)
        for tensor, file in zip(case.model.graph.inputs, files, strict=False)
        if (tensor.dtype or "float32").startswith(("float", "uint8")) and tensor.static_shape is not None
    )


def _of_input(
    case: Case, golden: Dump, feeds: Mapping[str, np.ndarray], names: Sequence[str]
) -> Steps[tuple[Finding, ...]]:
    inputs = pictures_of(case)
    values = {name: np.asarray(golden[name]) for name in names}
    wanted = Wanted(case.model, inputs, feeds, values)
    found = yield from searched(wanted)
    if found is None:
        return ()
    if not _is_explained(found, values):
        is_input = any(name in feeds for name in found.tensors)
        return (_unexplained(case, found),) if is_input else ()
    network = next(one for one in inputs if one.input.tensor.name == found.inputs[0])
    own = Fed(network.own, numbers_of(network.input.settings, network.input.channels), not network.holds_pixels)
    said = faults(network.input, own, Fed(found.look, found.numbers))
    return findings_of(case, said, found, network, _fix(case, inputs, found))


def _is_explained(found: Found, values: Mapping[str, np.ndarray]) -> bool:
    """Whether what was found is no accident: of many tries one comes near a few values anyway."""
    told = sum(_weight(values[name]) for name in found.tensors)
    if found.is_solved or told > MANY:
        return found.after <= EXPLAINED * found.before
    return found.after <= (NEARLY if told > SOME else EXACTLY)


def _weight(values: np.ndarray) -> float:
    """How many values count: (Σ|v|)² / Σv², 1 where a single one is not near zero."""
    sizes = np.abs(np.nan_to_num(values.reshape(-1).astype(np.float64), posinf=0.0, neginf=0.0))
    return float(sizes.sum() ** 2 / ((sizes**2).sum() or 1.0))


def findings_of(
    case: Case, said: Sequence[Fault], found: Found, pictures: Pictures, fix: Fix | None, prefix: str = ""
) -> tuple[Finding, ...]:
    """A finding for each fault, the first one the likeliest; all have the same fix. `prefix`: whose fault it is.

    Where outputs are spoilt, a wrong input that is proven is a cause, little as it may move what golden tells: of
    integers nothing can be said before it is right.
    """
    explained = frozenset(cause for cause in causes() if cause.startswith(prefix))
    confidence = SURE if found.after < EXACTLY_SO else LIKELY
    layers = tuple(dict.fromkeys(row_tensor(case, name) for name in found.tensors))
    is_proven = bool(case.hurt) and found.after <= PROVEN * found.before
    made = []
    for number, one in enumerate(said):
        cause = f"{prefix}{one.cause}"
        values = {**one.values, "input": found.inputs[0], "left": f"{found.after:.2%}", "before": f"{found.before:.1%}"}
        level = CAUSE if found.before >= HARMFUL or (is_proven and not prefix) else NOTE
        explains = explained - {f"{prefix}{each.cause}" for each in said} if number == 0 else frozenset[str]()
        evidence = _evidence(case, one, found, pictures, is_board=bool(prefix))
        fixes = (fix,) if fix is not None else ()
        made.append(Finding(cause, confidence - 0.02 * number, layers, values, evidence, fixes, level, explains))
    return tuple(made)


def _evidence(case: Case, fault: Fault, found: Found, pictures: Pictures, is_board: bool) -> tuple[Evidence, ...]:
    name, file, input_ = found.tensors[0], pictures.file.name, found.inputs[0]
    shown = sorted((("session", found.before), *found.tried), key=lambda item: item[1])
    chart = Chart(
        "bars",
        "preprocessing",
        "difference that is left, %",
        {"difference": tuple(100 * left for _, left in shown)},
        tuple(told for told, _ in shown),
    )
    if is_board:
        text = (
            f"The board's {name} follows from {file} with {fault.is_}, which leaves {found.after:.2%}; with "
            f"{fault.should}, as the session has it, {found.before:.1%} are left."
        )
    else:
        text = (
            f"The golden {name} follows from {file} with {fault.should}, which leaves {found.after:.2%}; with "
            f"{fault.is_}, as the session has it, {found.before:.1%} are left."
        )
    return (
        Evidence(text, row_tensor(case, name), 0, "scatter", chart),
        Evidence(f"{input_} is fed with {file}.", row_tensor(case, input_), 0, "picture"),
    )


def _fix(case: Case, inputs: Sequence[Pictures], found: Found) -> Fix | None:
    """The settings that give the wanted input; None where settings cannot."""
    settings = {
        one.input.tensor.name: settings_for(one, found.look, found.numbers)
        for one in inputs
        if one.input.tensor.name in found.inputs
    }
    known = {name: item for name, item in settings.items() if item is not None}
    if len(known) < len(found.inputs):
        return None
    text = f"Feed {', '.join(known)} with {_told(found.look, found.numbers)}."
    return Fix(text, Change(preprocess={**case.preprocess, **known}))


def settings_for(pictures: Pictures, look: Look, numbers: Numbers) -> Preprocess | None:
    """Settings that feed a file so; None where there are none."""
    is_other = look.order != pictures.own.order and not is_picture(pictures.file)
    if look.bytes != AS_IT_IS or look.is_grey or is_other:
        return None
    return numbers.in_settings(replace(pictures.input.settings, order=look.order, resize=look.resize))


def _told(look: Look, numbers: Numbers) -> str:
    return f"{look.order.upper()}, {look.resize}, {numbers}"


def _unexplained(case: Case, found: Found) -> Finding:
    name = found.tensors[0]
    evidence = Evidence(
        f"The golden {name} differs from what the session feeds by {found.before:.1%}; the best that was tried leaves "
        f"{found.after:.1%}.",
        row_tensor(case, name),
        0,
        "picture",
    )
    values = {"input": found.inputs[0], "is": "", "should": "", "left": f"{found.after:.1%}"}
    return Finding(
        OTHER, POSSIBLE, (row_tensor(case, name),), values, (evidence,), explains=frozenset(causes()) - {OTHER}
    )


def _undecided(case: Case, tensor: str, difference: float) -> tuple[Finding, ...]:
    """Where no golden value lies between the input and what differs: it may be either."""
    evidence = Evidence(
        f"The golden {tensor}, the first one that was given, differs from the session's float values by "
        f"{difference:.1%}, and no usual preprocessing explains it.",
        row_tensor(case, tensor),
        0,
        "scatter",
    )
    layer = case.model.graph.producers.get(tensor)
    name, op = (layer.name, layer.op) if layer is not None else (tensor, "")
    input_ = ", ".join(item.name for item in case.model.graph.inputs)
    about_input = {"input": input_, "is": "", "should": "", "left": f"{difference:.1%}"}
    about_layer = {"tensor": tensor, "layer": name, "op": op, "count": "1"}
    both = frozenset(causes()) - {OTHER, STALE}
    return (
        Finding(OTHER, UNDECIDED, (row_tensor(case, tensor),), about_input, (evidence,), explains=both),
        Finding(STALE, UNDECIDED - 0.02, (row_tensor(case, tensor),), about_layer, (evidence,)),
    )


def _is_float(case: Case, name: str) -> bool:
    tensor = case.model.graph.tensors.get(name)
    return tensor is None or not tensor.dtype or tensor.dtype.startswith(("float", "uint8"))


RULES = (against_golden,)
