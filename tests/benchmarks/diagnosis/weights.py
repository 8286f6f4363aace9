"""Networks whose numbers int8 bears badly; their float values stay what they were, or nearly so."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import onnx
from onnx import helper, numpy_helper

from tests.benchmarks.diagnosis.bench import Bench, float_values
from tests.benchmarks.diagnosis.edits import Edited, Site, drawn
from tests.benchmarks.diagnosis.kinds import Fault, Injected, causes
from workbench.quantize.schemes import QuantSettings

BLOWN = 64.0
SPIKE, RARE = 50.0, 0.0005
PIXELS, BRANCH = 640.0, 100.0
CLOSED_BY = 1.5
Change = Callable[[Bench, Edited, Site], "frozenset[str] | None"]


def shut_and_blown(bench: Bench, edited: Edited, site: Site) -> frozenset[str] | None:
    """A channel that its activation shuts for every input has weights that nothing has held back in training."""
    channel = _least(bench, edited, site)
    before = _values(bench, site.before)[:, channel]
    weights = np.abs(edited.weights(site)).reshape(edited.channels(site), -1).max(axis=1)
    own = BLOWN * float(weights.max() / max(weights[channel], 1e-12))
    factors, shift = np.ones(len(weights)), np.zeros(len(weights))
    factors[channel] = own
    shift[channel] = -own * (max(0.0, float(before.max())) + (CLOSED_BY - 1) * float(np.abs(before).max()))
    edited.scale_out(site, factors, shift)
    return frozenset((site.before, site.after))


def blown_for_nothing(bench: Bench, edited: Edited, site: Site) -> frozenset[str] | None:
    """Weights of an input channel that is always shut: each output channel has an outlier among its weights."""
    takers = [conv for conv in edited.convolutions_of(site.after) or () if _is_full(edited, conv)]
    if not takers or len(takers) != len(edited.convolutions_of(site.after) or ()):
        return None
    channel = _least(bench, edited, site)
    before = _values(bench, site.before)[:, channel]
    shift = np.zeros(edited.channels(site))
    shift[channel] = -(max(0.0, float(before.max())) + float(np.abs(before).max()))
    edited.scale_out(site, np.ones(len(shift)), shift)
    for conv in takers:
        weights = edited.constant(conv, 1)
        assert weights is not None
        largest = np.abs(weights).reshape(len(weights), -1).max(axis=1)
        signs = bench.random.choice((-1.0, 1.0), weights[:, channel].shape)
        weights[:, channel] = BLOWN * signs * largest.reshape(-1, *(1,) * (weights.ndim - 2))
        edited.put(conv, 1, weights)
    return frozenset(name for conv in takers for name in (conv.output[0], *_behind(edited, conv)))


def blown_channel(bench: Bench, edited: Edited, site: Site) -> frozenset[str] | None:
    """One channel is 64 times as large, and the next layers take it 64 times as small."""
    takers = edited.convolutions_of(site.after)
    if not takers:
        return None
    values = np.abs(_values(bench, site.after))
    largest = values.max(axis=(0, *range(2, values.ndim)))
    alive = np.flatnonzero(largest > 0.5 * np.median(largest))
    factors = np.ones(len(largest))
    factors[alive[bench.random.integers(len(alive))]] = BLOWN
    edited.scale_out(site, factors)
    for conv in takers:
        edited.scale_in(conv, 1 / factors)
    return frozenset((site.before, site.after))


def spikes(bench: Bench, edited: Edited, site: Site) -> frozenset[str] | None:
    """A channel that fires at few places only, and there far beyond all others."""
    takers = edited.convolutions_of(site.after)
    if not takers:
        return None
    before, after = _values(bench, site.before), _values(bench, site.after)
    channel = _least(bench, edited, site)
    threshold = float(np.quantile(before[:, channel], 1 - RARE))
    rest = float(before[:, channel].max()) - threshold
    if rest <= 0 or before[:, channel].size * RARE < 4:
        return None
    factors, shift = np.ones(edited.channels(site)), np.zeros(edited.channels(site))
    factors[channel] = SPIKE * float(after.max()) / rest
    shift[channel] = -factors[channel] * threshold
    edited.scale_out(site, factors, shift)
    for conv in takers:
        edited.scale_in(conv, 1 / factors)
    return frozenset((site.before, site.after))


def concat(bench: Bench) -> Injected | None:
    """Boxes in pixels with scores in one output; without such outputs, two branches inside the network."""
    graph = bench.proto.graph
    pair = _boxes_and_scores(float_values(bench.proto, bench.fed(), [item.name for item in graph.output]))
    if pair is None:
        return BRANCHES.inject(bench)
    if bench.attempt:
        return None
    boxes, scores, factor = pair
    bench.proto.ir_version = max(bench.proto.ir_version, 4)
    graph.initializer.append(numpy_helper.from_array(np.float32(factor), "pixels"))
    graph.node.append(helper.make_node("Mul", [boxes, "pixels"], ["boxes_in_pixels"]))
    graph.node.append(helper.make_node("Concat", ["boxes_in_pixels", scores], ["detections"], axis=2))
    others = [item for item in graph.output if item.name not in (boxes, scores)]
    del graph.output[:]
    graph.output.extend([helper.make_tensor_value_info("detections", onnx.TensorProto.FLOAT, [None] * 3), *others])
    session = replace(bench.session, model=bench.saved(bench.proto))
    return Injected(session, causes("concat-ranges"), frozenset(("detections",)))


def branches(bench: Bench, edited: Edited, site: Site) -> frozenset[str] | None:
    """A convolution as two beside each other, one of them 100 times as large; the next layers take it as small."""
    takers, weights = edited.convolutions_of(site.after), edited.weights(site)
    if not takers or not _is_full(edited, site.conv):
        return None
    half = len(weights) // 2
    factors = np.where(np.arange(len(weights)) < half, BRANCH, 1.0)
    parts = []
    for number, part in enumerate((slice(0, half), slice(half, None))):
        name = f"{site.after}/branch{number}"
        conv = onnx.NodeProto()
        conv.CopyFrom(site.conv)
        conv.name, conv.output[0] = name, f"{name}/sum"
        scaled = weights * factors.reshape(-1, *(1,) * (weights.ndim - 1))
        edited.put(conv, 1, scaled[part])
        edited.put(conv, 2, (edited.bias(site) * factors)[part])
        edited.model.graph.node.insert(edited.place(site.conv), conv)
        parts.append(edited.activated(site, conv, name))
    for conv in takers:
        edited.scale_in(conv, 1 / factors)
    edited.join(site, parts)
    return frozenset((site.after, *parts))


def _boxes_and_scores(outputs: Mapping[str, np.ndarray]) -> tuple[str, str, float] | None:
    boxes = [name for name, array in outputs.items() if array.ndim == 3 and array.shape[-1] == 4]
    for box in boxes:
        fitting = [name for name, array in outputs.items() if array.shape[:-1] == outputs[box].shape[:-1]]
        score = next((name for name in fitting if outputs[name].shape[-1] != 4 and _is_score(outputs[name])), None)
        if score is not None:
            return box, score, PIXELS / max(1.0, float(np.abs(outputs[box]).max()))
    return None


def _is_score(array: np.ndarray) -> bool:
    return bool(array.min() >= 0 and 0.2 < array.max() <= 1)


def _least(bench: Bench, edited: Edited, site: Site) -> int:
    """The channel that those who come after would miss least."""
    values = np.abs(_values(bench, site.after))
    return int(np.argmin(values.mean(axis=(0, *range(2, values.ndim)))))


def _values(bench: Bench, tensor: str) -> np.ndarray:
    """Of the calibration set, one sample a row."""
    model = onnx.load(bench.session.model)
    return np.concatenate(
        [float_values(model, bench.fed(sample), [tensor])[tensor] for sample in bench.session.dataset]
    )


def _is_full(edited: Edited, conv: onnx.NodeProto) -> bool:
    weights = edited.constant(conv, 1)
    groups = next((item.i for item in conv.attribute if item.name == "group"), 1)
    return weights is not None and groups == 1


def _behind(edited: Edited, conv: onnx.NodeProto) -> list[str]:
    """What is fused to a convolution: it is the tensor that the table shows."""
    found, tensor = [], conv.output[0]
    while len(takers := edited.takers(tensor)) == 1 and takers[0].op_type in FUSED:
        tensor = takers[0].output[0]
        found.append(tensor)
    return found


FUSED = ("BatchNormalization", "Relu", "Clip", "Add", "LeakyRelu")


def _edited(change: Change, acts: tuple[str, ...], settings: QuantSettings, cause: frozenset[str]) -> Fault:
    def inject(bench: Bench) -> Injected | None:
        if len(bench.inputs) != 1:
            return None
        for site in drawn(Edited(bench.proto).sites(acts), bench.random):
            edited = Edited(onnx.load(bench.session.model))
            weights = edited.constant(site.conv, 1)
            if weights is None or len(weights) < 4:
                continue
            own = next(item for item in edited.sites(acts) if item.before == site.before)
            tensors = change(bench, edited, own)
            if tensors is not None:
                session = replace(bench.session, model=bench.saved(edited.model), quant=settings)
                return Injected(session, cause, tensors)
        return None

    return Fault(KINDS[change.__name__], inject, must_harm=True)


KINDS = {
    "shut_and_blown": "weights-range", "blown_for_nothing": "weights-outlier", "blown_channel": "channel",
    "spikes": "spikes", "branches": "concat",
}  # fmt: skip
BRANCHES = _edited(branches, ("Relu", "LeakyRelu", ""), QuantSettings(), causes("concat-ranges"))
FAULTS = (
    _edited(shut_and_blown, ("Relu", "Clip"), QuantSettings(method="layer"), causes("weights-range")),
    _edited(blown_for_nothing, ("Relu", "Clip"), QuantSettings(), causes("weights-outlier")),
    _edited(blown_channel, ("Relu", "LeakyRelu", ""), QuantSettings(), causes("activation-outlier", "dead-channels")),
    _edited(spikes, ("Relu",), QuantSettings(), causes("activation-outlier")),
    Fault("concat", concat, must_harm=True),
)
