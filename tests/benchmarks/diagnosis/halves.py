"""Networks whose numbers float16 bears badly; in float32 they compute what they did."""

from dataclasses import replace

import numpy as np
import onnx

from tests.benchmarks.diagnosis.bench import Bench, float_values
from tests.benchmarks.diagnosis.edits import Edited, Site, drawn
from tests.benchmarks.diagnosis.kinds import Fault, Injected, causes
from workbench.quantize.schemes import QuantSettings

REACHED = 1.5e5  # more than twice what float16 holds
MOST = 6e4  # what float16 holds, nearly
SMALL, BACK = 2.0**-22, 2.0**11
ACTS = ("Relu", "LeakyRelu", "")


def overflow(bench: Bench) -> Injected | None:
    """A layer's values are scaled beyond float16, and the next layers take them as small."""
    for site in _sites(bench):
        edited = Edited(onnx.load(bench.session.model))
        takers = edited.convolutions_of(site.after)
        if not takers:
            continue
        own = next(item for item in edited.sites(ACTS) if item.before == site.before)
        largest = max(float(np.abs(_values(bench, site.after)).max()), 1e-6)
        factors = np.full(edited.channels(own), REACHED / largest)
        constants = (edited.weights(own), edited.bias(own))
        if max(float(np.abs(values).max()) for values in constants) * factors[0] > MOST:
            continue  # that would be a constant that overflows
        edited.scale_out(own, factors)
        for conv in takers:
            edited.scale_in(conv, 1 / factors)
        return _half(bench, edited, "fp16-overflow", site)
    return None


def underflow(bench: Bench) -> Injected | None:
    """A layer's values are below what float16 resolves, and the next two layers bring them back."""
    for site in _sites(bench):
        edited = Edited(onnx.load(bench.session.model))
        takers = edited.convolutions_of(site.after)
        sites = {item.conv.output[0]: item for item in edited.sites(ACTS)}
        nexts = [sites.get(conv.output[0]) for conv in takers or ()]
        behind = [edited.convolutions_of(item.after) if item is not None else None for item in nexts]
        if not takers or not all(behind):
            continue
        own = next(item for item in edited.sites(ACTS) if item.before == site.before)
        edited.scale_out(own, np.full(edited.channels(own), SMALL))
        for conv, item, further in zip(takers, nexts, behind, strict=True):
            assert item is not None
            assert further is not None
            edited.scale_in(conv, np.full(edited.channels(own), 1 / SMALL))
            edited.scale_out(item, np.full(edited.channels(item), 1 / BACK))
            for after in further:
                edited.scale_in(after, np.full(edited.channels(item), BACK))
        return _half(bench, edited, "fp16-underflow", site)
    return None


def _sites(bench: Bench) -> list[Site]:
    """In the order of chance of this attempt."""
    if len(bench.inputs) != 1:
        return []
    return list(drawn(Edited(bench.proto).sites(ACTS), bench.random))


def _values(bench: Bench, tensor: str) -> np.ndarray:
    return float_values(onnx.load(bench.session.model), bench.fed(), [tensor])[tensor]


def _half(bench: Bench, edited: Edited, cause: str, site: Site) -> Injected:
    session = replace(bench.session, model=bench.saved(edited.model), quant=QuantSettings(dtype="fp16"))
    return Injected(session, causes(cause), frozenset((site.before, site.after)))


FAULTS = (Fault("overflow", overflow, must_harm=True), Fault("underflow", underflow, must_harm=True))
