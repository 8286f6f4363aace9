"""Channels of alike ranges: what a channel is multiplied by, the next layer divides by.

Sources: M. Nagel et al., Data-Free Quantization Through Weight Equalization and Bias Correction, 2019 (§4.1: weights);
G. Xiao et al., SmoothQuant, 2022 (activations).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.diagnose.case import Case
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Fix
from workbench.diagnose.fixes.naming import place
from workbench.diagnose.fixes.plain import with_constants
from workbench.diagnose.fixes.scaling import PASSING, WEIGHED, by_channel, is_linear, needs_products, scale
from workbench.diagnose.fixes.verify import is_alike
from workbench.foundation.steps import Progress, Steps
from workbench.graph.edit import Editor
from workbench.graph.graph import Layer, Model
from workbench.graph.read import read_model

SWEEPS = 10
ENOUGH = 1.02  # the largest factor of a sweep that changes nothing worth another one
FURTHEST = 256.0  # a channel is scaled by no more
STRENGTH = 0.5  # of the difference between channels that activations hand on to the weights
STAGE = "diagnose"


@dataclass(frozen=True)
class Pair:
    """A tensor between operators with weights; `givers` have its channels as outputs, `takers` as inputs."""

    tensor: str
    givers: tuple[Layer, ...]
    takers: tuple[Layer, ...]


def equalise(case: Case) -> Steps[Fix | None]:
    """Scale channels so that the weights before and behind them have equal ranges; None where none allow it."""
    if case.reference is not None:
        return None
    model = yield from _without_norms(case)
    editor = Editor(model)
    found = list(pairs(model))
    scaled: set[str] = set()
    for sweep in range(SWEEPS):
        yield Progress(STAGE, sweep, SWEEPS)
        furthest = 1.0
        for pair in found:
            factors = _balance(editor, pair)
            if factors is None:
                continue
            scale(model, editor, by_channel(model, pair.tensor, factors))
            scaled.add(pair.tensor)
            furthest = max(furthest, float(np.maximum(factors, 1 / factors).max()))
        if furthest < ENOUGH:
            break
    if not scaled:
        return None
    path = editor.save(place(case, "equalised"))
    if not (yield from is_alike(case, (path,))):
        return None
    text = f"Equalise the weights across layers: the channels of {len(scaled)} tensors are scaled, the outputs stay."
    return Fix(text, Change(model=path), key="equalise")


def can_equalise(model: Model) -> bool:
    """Whether two operators with weights follow each other with nothing between them that mixes or bends channels."""
    linear = (layer for layer in model.graph.layers if layer.op in WEIGHED and is_linear(model, layer))
    return any(_leads_to_weights(model, layer.outputs[0]) for layer in linear)


def can_smooth(case: Case, tensors: Sequence[str]) -> bool:
    """Whether one of some rows' tensors lies between operators that its channels can be handed on to."""
    names = [case.by_tensor[tensor].golden for tensor in tensors if tensor in case.by_tensor]
    givers = {*WEIGHED, *PASSING, "BatchNormalization", "Concat", "Add"}
    own = [name for name in names if name in case.model.graph.producers]
    return any(case.model.graph.producers[name].op in givers and _leads_to_weights(case.model, name) for name in own)


def _leads_to_weights(model: Model, name: str) -> bool:
    takers = model.graph.consumers.get(name, ())
    if len(takers) != 1 or any(tensor.name == name for tensor in model.graph.outputs):
        return bool(takers) and all(layer.op in WEIGHED for layer in takers)
    (taker,) = takers
    constants = sum(item in model.graph.constants for item in taker.inputs)
    passes = taker.op in (*PASSING, "BatchNormalization") or (taker.op == "Add" and constants == 1)
    return taker.op in WEIGHED or (passes and _leads_to_weights(model, taker.outputs[0]))


def smooth(case: Case, tensors: Sequence[str]) -> Steps[Fix | None]:
    """Scale the channels (or the parts of a Concat) of some rows' tensors towards one range."""
    if case.reference is not None:
        return None
    model = yield from _without_norms(case)
    editor = Editor(model)
    scaled: list[str] = []
    for tensor in tensors:
        row = case.by_tensor.get(tensor)
        reach = None if row is None else _reach(case, row.golden)
        name = "" if row is None else row.golden
        if reach is None or name not in model.graph.producers or not (reach > 0).any():
            continue
        with np.errstate(divide="ignore"):
            wanted = np.where(reach > 0, (reach.max() / reach) ** STRENGTH, 1.0)
        factors = by_channel(model, name, np.clip(wanted, 1.0, FURTHEST))
        if not needs_products(model, factors):
            scale(model, editor, factors)
            scaled.append(name)
            model = read_model(editor.save(place(case, "smoothed", scaled)))
            editor = Editor(model)
    path = place(case, "smoothed", scaled)
    if not scaled or not (yield from is_alike(case, (path,))):
        return None
    text = f"Bring the channels of {', '.join(scaled[:3])} closer together, and the next weights the other way round."
    return Fix(text, Change(model=path), key="smooth")


def pairs(model: Model) -> Iterator[Pair]:
    """The tensors whose channels can be scaled by changing weights only."""
    for layer in model.graph.layers:
        tensor = layer.outputs[0]
        shape = model.graph.tensors[tensor].static_shape if tensor in model.graph.tensors else None
        if layer.op not in WEIGHED or not is_linear(model, layer) or shape is None or len(shape) < 2:
            continue
        if layer.op == "MatMul" and len(shape) != 2:
            continue
        factors = by_channel(model, tensor, np.ones(shape[1]))
        spread = {name: np.full(shape[1], 2.0) for name in factors}
        if needs_products(model, spread):
            continue
        around = {id(item): item for name in factors for item in model.graph.consumers.get(name, ())}
        takers = tuple(item for item in around.values() if item.op in WEIGHED)
        givers = {model.graph.producers[name].outputs[0]: model.graph.producers[name] for name in factors}
        own = tuple(item for item in givers.values() if item.op in WEIGHED)
        if takers and own[0] is layer and not any(item.op == "MatMul" and len(shape) != 2 for item in takers):
            yield Pair(tensor, own, takers)


def _balance(editor: Editor, pair: Pair) -> np.ndarray | None:
    """√(r₂/r₁) for each channel: then both layers' weights have the range √(r₁·r₂) there."""
    given = [_reach_of(editor, layer, gives=True) for layer in pair.givers]
    taken = [_reach_of(editor, layer, gives=False) for layer in pair.takers]
    if len({item.shape for item in (*given, *taken)}) > 1:
        return None
    first, second = np.max(given, 0), np.max(taken, 0)
    is_used = (first > 0) & (second > 0)
    if not is_used.any():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = np.where(is_used, np.sqrt(second / first), 1.0)
    found: np.ndarray = np.clip(factors, 1 / FURTHEST, FURTHEST)
    return found


def _reach_of(editor: Editor, layer: Layer, gives: bool) -> np.ndarray:
    """The largest weight of each channel that an operator gives, or takes."""
    value = editor.constant(layer.outputs[0], 1)
    assert value is not None
    weight = np.abs(value)
    groups = layer.attributes.get("group", 1)
    if layer.op == "MatMul" or (layer.op == "Gemm" and not layer.attributes.get("transB")):
        weight = weight.T
    elif layer.op == "ConvTranspose":
        gives = not gives
    flat = weight.reshape(groups, len(weight) // groups, weight.shape[1], -1).max(-1)
    found: np.ndarray = flat.max(2 if gives else 1).reshape(-1)
    return found


def _without_norms(case: Case) -> Steps[Model]:
    """The network with batch normalisations folded into the weights before them, as the NPU has it."""
    model = yield from with_constants(case)
    editor = Editor(model)
    folded = 0
    for layer in model.graph.layers:
        if layer.op == "BatchNormalization" and is_linear(model, layer) and _folds(model, layer):
            _fold(editor, model.graph.producers[layer.inputs[0]], layer)
            folded += 1
    if not folded:
        return model
    return read_model(editor.save(place(case, "plain")))


def _folds(model: Model, norm: Layer) -> bool:
    before = model.graph.producers.get(norm.inputs[0])
    ends = {tensor.name for tensor in model.graph.outputs}
    is_alone = len(model.graph.consumers[norm.inputs[0]]) == 1 and norm.inputs[0] not in ends
    return before is not None and before.op in ("Conv", "ConvTranspose") and is_alone and is_linear(model, before)


def _fold(editor: Editor, before: Layer, norm: Layer) -> None:
    own, output = before.outputs[0], norm.outputs[0]
    gamma, beta, mean, variance = (_float64(editor, output, position) for position in range(1, 5))
    factor = gamma / np.sqrt(variance + norm.attributes.get("epsilon", 1e-5))
    weight = _float64(editor, own, 1)
    groups = before.attributes.get("group", 1)
    if before.op == "ConvTranspose":
        grouped = weight.reshape(groups, weight.shape[0] // groups, weight.shape[1], -1)
        weight = (grouped * factor.reshape(groups, 1, -1, 1)).reshape(weight.shape)
    else:
        weight = weight * factor.reshape(-1, *[1] * (weight.ndim - 1))
    bias = editor.constant(own, 2)
    shifted = beta + ((0.0 if bias is None else bias) - mean) * factor
    editor.set_constant(own, 1, weight.astype(np.float32))
    editor.set_constant(own, 2, shifted.astype(np.float32))
    editor.bypass(output)


def _float64(editor: Editor, output: str, position: int) -> np.ndarray:
    return np.asarray(editor.constant(output, position), np.float64)


def _reach(case: Case, tensor: str) -> np.ndarray | None:
    """The largest golden magnitude of each channel, over all inputs that were analysed."""
    found = []
    for dump in case.dumps.get("golden", ()):
        array = dump.get(tensor)
        if array is not None and array.ndim > 1 and np.isfinite(array).all():
            found.append(np.abs(array).max(tuple(axis for axis in range(array.ndim) if axis != 1)))
    return np.max(found, 0) if found else None
