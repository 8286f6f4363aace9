"""Runs in which nothing is wrong: as it should be in int8 and float16, with imported golden values, and on a board."""

from dataclasses import replace

from tests.benchmarks.diagnosis import boards
from tests.benchmarks.diagnosis.bench import Bench
from tests.benchmarks.diagnosis.golden import golden_dump
from tests.benchmarks.diagnosis.kinds import Fault, Injected
from workbench.project.session import ImportedDumps
from workbench.quantize.schemes import QuantSettings


def as_it_is(bench: Bench) -> Injected:
    return Injected(bench.session)


def half(bench: Bench) -> Injected:
    return Injected(replace(bench.session, quant=QuantSettings(dtype="fp16")))


def searched(bench: Bench) -> Injected:
    return Injected(replace(bench.session, quant=QuantSettings(algorithm="kl_divergence")))


def own_values(bench: Bench) -> Injected | None:
    if len(bench.inputs) != 1:
        return None
    dump = ImportedDumps(golden_dump(bench, bench.fed(), "input"))
    return Injected(replace(bench.session, imports={"golden": dump}))


def own_layers(bench: Bench) -> Injected | None:
    if len(bench.inputs) != 1:
        return None
    dump = ImportedDumps(golden_dump(bench, bench.fed(), "layers"))
    return Injected(replace(bench.session, imports={"golden": dump}))


FAULTS = (
    Fault("clean-int8", as_it_is),
    Fault("clean-float16", half),
    Fault("clean-kl", searched),
    Fault("clean-golden", own_values),
    Fault("clean-layers", own_layers),
    Fault("clean-board", boards.clean),
)
