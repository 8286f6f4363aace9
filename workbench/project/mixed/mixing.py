"""Mixed precision of a session: what its layers do to the outputs, and the choice of layers that reaches a goal."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from workbench.compare.compare import LayerError
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Steps
from workbench.graph.deployed import Deployed
from workbench.mixed.accepted import PRECISIONS, check, neighbours
from workbench.mixed.costs import LAYERS, TIME, Costs, costs_of, macs
from workbench.mixed.estimate import Estimate
from workbench.mixed.mixtures import Layers, Mixtures, Runs
from workbench.mixed.parts import choosable, needed_by
from workbench.mixed.search import Found, Goal, Point, Search
from workbench.mixed.sensitivity import (
    NONE,
    Measured,
    Sensitivity,
    golden_outputs,
    sensitivity,
    unmeasured,
    with_spared,
)
from workbench.mixed.times import times_for
from workbench.preprocess.dataset import Sample
from workbench.project.pipeline import analyze
from workbench.project.results import Results, load_results
from workbench.project.session import Session
from workbench.project.stages import Stages
from workbench.quantize.plan import Plan
from workbench.quantize.schemes import FLOAT16, INT16, QuantSettings
from workbench.sources.source import explained

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Wish:
    """What is looked for: a goal, what costs are counted in, and for how many inputs of the session it must hold.

    With `samples` 0 for those that are analysed.
    """

    goal: Goal
    cost: str = LAYERS
    samples: int = 0


@dataclass(frozen=True)
class Network:
    """A session's network ready for mixtures; its settings, `graph` and `plan` quantise it throughout."""

    session: Session
    stages: Stages
    graph: Deployed
    plan: Plan
    outputs: tuple[str, ...]
    feeds: tuple[Arrays, ...]

    @property
    def measured(self) -> Measured:
        """What effects are measured of."""
        return Measured(self.graph, self.plan, self.stages.kept.constants_of, self.outputs)

    def planned(self, layers: Layers) -> Plan:
        """The plan with some layers in another precision."""
        return self.stages.planning.other(self.graph, with_layers(self.session.quant, layers))


Far = Callable[[Network, str, int], Runs]
"""Who else runs a network's choices of layers; the precision and the number of inputs are those it was opened with."""


@dataclass(frozen=True)
class Mixing:
    """What a search gave, of which network, and the effects that it began with; `seconds` by stage."""

    found: Found
    wish: Wish
    network: Network
    sensitivity: Sensitivity
    seconds: Mapping[str, float] = field(default_factory=dict)

    def layers(self, point: Point) -> dict[str, str]:
        """The layers of a choice and their precision, as the settings and the toolkit's cfg name them."""
        return dict.fromkeys(point.layers, self.wish.goal.precision)

    def plan(self, point: Point) -> Plan:
        """The plan of a choice."""
        return self.network.planned(self.layers(point))

    def names_of(self, point: Point) -> dict[str, str]:
        """The user's tensor of each layer of a choice, where it has another name."""
        known = self.network.graph.golden_of
        return {name: known[name] for name in point.layers if known.get(name, name) != name}

    def notes_of(self, point: Point) -> tuple[str, ...]:
        """Where the toolkit changes something else than one may expect."""
        return neighbours(self.network.graph, self.network.plan, point.layers, self.wish.goal.precision)

    def is_good(self, point: Point) -> bool:
        """Whether a choice reaches the target within the budget."""
        return self.wish.goal.is_reached(point)


def with_layers(quant: QuantSettings, layers: Layers) -> QuantSettings:
    """The settings with these layers in another precision, and no others."""
    half = tuple(name for name, precision in layers.items() if precision == FLOAT16)
    wide = tuple(name for name, precision in layers.items() if precision == INT16)
    return replace(quant, float_tensors=half, int16_tensors=wide)


def opened(session: Session, folder: Path, precision: str = FLOAT16, samples: int = 0) -> Steps[Network]:
    """A session's network with the feeds of so many inputs (0: those that are analysed); refuses what cannot be."""
    check(session.quant, precision)
    session = replace(session, quant=with_layers(session.quant, {}), simulator="embedded")
    stages = Stages(session, folder)
    if not stages.model.is_onnx:
        raise SettingsError(
            f"{stages.model.path.name} is no ONNX network: only those are simulated layer by layer.",
            "Convert it to ONNX, or let the toolkit choose layers (convert --proposal).",
        )
    (folder / "dumps").mkdir(parents=True, exist_ok=True)
    graph, plan = yield from stages.planned()
    if graph.is_quantized:
        raise SettingsError(
            f"{stages.model.path.name} brings its own quantization, of which no layer can be spared.",
            "Give the float network.",
        )
    outputs = tuple(name for name in stages.outputs if name in graph.producers and graph.is_float(name))
    feeds = tuple(stages.feeds_of(sample) for sample in chosen_samples(session, samples))
    if not feeds or not outputs:
        raise SettingsError("There is no input to try layers with.", "Choose one (on the command line: -i).")
    return Network(session, stages, graph, plan, outputs, feeds)


def effects(session: Session, folder: Path, samples: int = 0, far: Far | None = None) -> Steps[Sensitivity]:
    """What every layer does to the outputs: quantised alone, and spared alone."""
    precision = next(iter(PRECISIONS.get(session.quant.target, ())), FLOAT16)
    network = yield from opened(session, folder, precision, samples)
    with explained(network.graph.model):
        mixtures = yield from mixtures_of(network)
        found = yield from sensitivity(network.measured, network.feeds, mixtures)
        runs = mixtures if far is None else far(network, precision, samples)
        return (yield from with_spared(found, runs, choosable(network.graph, network.plan), precision))


def search(session: Session, folder: Path, wish: Wish, far: Far | None = None) -> Steps[Mixing]:
    """The choice of layers that reaches a goal for the least cost, and all others that are worth a thought.

    The session's own locks hold, too. Choices are run here, or by what `far` gives.
    """
    seconds: dict[str, float] = {}
    begun = time.perf_counter()
    network = yield from opened(session, folder, wish.goal.precision, wish.samples)
    graph, plan = network.graph, network.plan
    goal = replace(wish.goal, locked=_resolved(graph, {**session.locked, **wish.goal.locked}))
    costs = costs_for(network, wish.cost, goal.precision, folder)
    seconds["plan"] = time.perf_counter() - begun
    with explained(graph.model):
        mixtures = yield from mixtures_of(network)
        none = yield from mixtures.run({}, keep=NONE)
        is_done = goal.is_met(none) and not goal.locked
        found = unmeasured(none) if is_done else (yield from sensitivity(network.measured, network.feeds, mixtures))
        seconds["sensitivity"] = time.perf_counter() - begun - sum(seconds.values())
        needs = needed_by(graph, choosable(graph, plan))
        runs = mixtures if far is None else far(network, goal.precision, wish.samples)
        best = yield from Search(runs, Estimate(graph, plan, found), costs, needs, goal).run()
    seconds["search"] = time.perf_counter() - begun - sum(seconds.values())
    return Mixing(best, replace(wish, goal=goal), network, found, seconds)


def mixtures_of(network: Network) -> Steps[Mixtures]:
    """Runs of a network, compared with its outputs in float."""
    golden = yield from golden_outputs(network.measured, network.feeds)
    return Mixtures(network.graph, network.planned, network.stages.kept, network.feeds, golden)


def apply(session: Session, folder: Path, layers: Layers) -> Steps[Results]:
    """Make a choice of layers part of the session, and run it."""
    return (yield from analyze(replace(session, quant=with_layers(session.quant, layers)), folder))


def costs_for(network: Network, kind: str, precision: str, folder: Path) -> Costs:
    """The costs of a network's layers; for time as the board took it for the session's last run, if it was timed."""
    if kind != TIME:
        return costs_of(kind, network.graph, network.plan, precision)
    results = load_results(folder)
    measured = {} if results is None else _measured(network.graph, results.rows)
    return costs_of(kind, network.graph, network.plan, precision, times_for(network.session.quant.target, measured))


def _measured(graph: Deployed, rows: Sequence[LayerError]) -> dict[str, float]:
    """µs of layers by first output; the time of a fused group is that of its heaviest layer."""
    found: dict[str, float] = {}
    for row in rows:
        layers = [graph.producers[name] for name in (row.tensor, *row.group) if name in graph.producers]
        if row.time_us is not None and not math.isnan(row.time_us) and layers:
            found |= dict.fromkeys((layer.outputs[0] for layer in layers), 0.0)
            found[max(layers, key=lambda layer: macs(graph, layer)).outputs[0]] = row.time_us
    return found


def chosen_samples(session: Session, count: int) -> tuple[Sample, ...]:
    """The inputs that are analysed, and of the calibration set as many as are wanted besides."""
    more = [sample for sample in session.dataset if sample not in session.samples]
    every = (*session.samples, *more)
    return every[:count] if count else session.samples or every[:1]


def _resolved(graph: Deployed, locked: Mapping[str, str]) -> dict[str, str]:
    """Locked layers by first output; the user may name any of their tensors, or one of their own network's."""
    own = {user: deployed for deployed, user in graph.golden_of.items() if deployed in graph.producers}
    found = {}
    for name, precision in locked.items():
        tensor = name if name in graph.producers else own.get(name)
        if tensor is None:
            raise SettingsError(f"No layer gives {name}, which shall be locked.", "Take names from the layer table.")
        found[graph.producers[tensor].outputs[0]] = precision
    return found
