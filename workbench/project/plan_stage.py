"""The plan of a session: calibrated, taken from a file, or the network's own."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from workbench.foundation.steps import Steps
from workbench.graph.deployed import Deployed
from workbench.graph.read import read_model
from workbench.graph.tail import outside, with_tail
from workbench.preprocess.dataset import Sample
from workbench.project import cache
from workbench.project.calibrating import calibrated, input_ranges, searched
from workbench.project.planning import network_plan, plan_in_file, takes_plan
from workbench.project.prepared import Prepared
from workbench.project.session import Session
from workbench.project.what_if import settings_of
from workbench.quantize.plan import Plan
from workbench.quantize.planner import make_plan
from workbench.quantize.platforms import WITH_ATTENTION, check
from workbench.quantize.ranges import Range
from workbench.quantize.schemes import FLOAT32, QuantSettings
from workbench.quantize.squared_error import Found
from workbench.sources.source import explained

FeedsOf = Callable[[Sample], dict[str, np.ndarray]]
Timed = Callable[[str], AbstractContextManager[None]]


class PlanStage:
    """The deployed graph and the plan for it; the ranges that are found out are kept in the folder `dumps`."""

    def __init__(self, session: Session, prepared: Prepared, dumps: Path, feeds_of: FeedsOf, timed: Timed) -> None:
        self._session, self._prepared, self._dumps = session, prepared, dumps
        self._feeds_of, self._timed = feeds_of, timed
        self._known: dict[str, Range] = {}
        self._factors: Mapping[str, tuple[float, ...]] = {}

    @cached_property
    def key(self) -> str:
        """The hash of all that the plan depends on; "" where there is none."""
        others = [path for path in (self._session.reference, self._session.tail) if path is not None]
        return cache.changed_key(self._own_key, self._prepared.model, others) if others else self._own_key

    @cached_property
    def _own_key(self) -> str:
        if takes_plan(self._session):
            assert self._session.plan is not None
            return cache.plan_key(self._session.plan)
        is_used = self._session.simulator != "none" and self._session.quant.type.is_quantized
        return cache.calibration_key(self._session, self._prepared.model) if is_used else ""

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that keep what was found out, as far as there are any."""
        return tuple(path for path in (self._ranges_file, self._searched_file) if path.is_file())

    def run(self) -> Steps[tuple[Deployed, Plan]]:
        """The deployed graph and its plan, with what is computed outside the NPU behind it."""
        graph, plan = yield from self._inside()
        if self._session.tail is None:
            return graph, plan
        graph = with_tail(graph, read_model(self._session.tail))
        given = {layer.outputs[0]: FLOAT32 for layer in outside(graph)}
        return graph, replace(plan, precision={**plan.precision, **given})

    def other(self, graph: Deployed, quant: QuantSettings) -> Plan:
        """The plan of the graph that a run gave, where settings of single layers are others.

        For a network that brings no quantization of its own.
        """
        if takes_plan(self._session):
            return plan_in_file(replace(self._session, quant=quant), graph)[0]
        plan = make_plan(graph, self._known, quant)
        given = {layer.outputs[0]: FLOAT32 for layer in outside(graph)}
        return replace(plan, precision={**plan.precision, **given}, weight_factors=self._factors)

    def calibrated(self) -> Steps[tuple[Deployed, dict[str, Range]]]:
        """The deployed graph and the ranges that were found out for it; no plan is made, nothing searched."""
        ranges: dict[str, Range] = {}
        if self._session.simulator != "none":
            check(self._session.quant)
        with explained(self._prepared.model), self._timed("calibrate"):
            kind = self._session.quant.type
            has_attention = self._session.quant.target in WITH_ATTENTION
            graph = yield from self._prepared.deployed(kind.weight_bytes, has_attention)
            if not graph.is_quantized and kind.is_quantized and self._session.simulator != "none":
                graph = self._prepared.with_converts(graph, kind.activations)
                if self._calibrates:
                    ranges = yield from self._ranges(graph)
                elif not takes_plan(self._session):
                    ranges = input_ranges(self._session.dataset, self._feeds_of)
        return graph, ranges

    def _inside(self) -> Steps[tuple[Deployed, Plan]]:
        graph, ranges = yield from self.calibrated()
        self._known = ranges
        graph, plan = yield from network_plan(self._session, graph, ranges)
        if self._calibrates and not graph.is_quantized and self._session.quant.algorithm == "mmse":
            with explained(self._prepared.model), self._timed("calibrate"):
                found = yield from self._searched(graph, ranges)
            self._known, self._factors = {**ranges, **found.ranges}, found.factors
            plan = make_plan(graph, self._known, self._session.quant)
            plan = replace(plan, weight_factors=found.factors)
        return graph, plan

    @property
    def _calibrates(self) -> bool:
        is_needed = self._session.simulator != "none" and self._session.quant.type.calibrates
        return is_needed and not takes_plan(self._session)

    def _searched(self, graph: Deployed, ranges: Mapping[str, Range]) -> Steps[Found]:
        """The search knows nothing of single layers with another precision."""
        quant = self._session.quant.plain()
        samples = [partial(self._feeds_of, sample) for sample in self._session.dataset]
        return (yield from searched(graph, ranges, quant, samples, self._searched_file))

    def _ranges(self, graph: Deployed) -> Steps[dict[str, Range]]:
        algorithm = self._session.quant.algorithm
        return (yield from calibrated(graph, algorithm, self._session.dataset, self._feeds_of, self._ranges_file))

    @property
    def _ranges_file(self) -> Path:
        return self._dumps / f"ranges-{self.key}.json"

    @property
    def _searched_file(self) -> Path:
        key = cache.settings_key("", self.key, settings_of(self._session.quant.plain()))
        return self._dumps / f"ranges-searched-{key}.json"
