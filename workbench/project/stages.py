"""The stages of one analysis. What a stage gives is a file named by the hash of what it depends on."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.dump.store import Dump
from workbench.foundation.steps import Steps, part_of
from workbench.graph.deployed import Deployed, quantizes
from workbench.graph.read import read_model
from workbench.preprocess.dataset import Sample, feeds
from workbench.project import cache
from workbench.project.board.on_board import simulated_on_board
from workbench.project.board.runtime_stage import RuntimeStage
from workbench.project.imports import Shapes, Stored, convert, modules_of, shapes_of
from workbench.project.plan_stage import PlanStage
from workbench.project.planning import float_plan
from workbench.project.prepared import prepared
from workbench.project.references import reference_of
from workbench.project.results import Results
from workbench.project.rows import Row, layers_of, rows_of
from workbench.project.selection import computed, golden_tensors, selected, simulated_tensors
from workbench.project.session import Session
from workbench.project.table import ON_BOARD, compared
from workbench.project.what_if import PROGRAM, earlier_dumps, same_rows, settings_of, what_if
from workbench.quantize.encoding import Encoding
from workbench.quantize.kept import Kept
from workbench.quantize.own import own_encodings
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ConstantsOf
from workbench.sources.simulator import EmbeddedSimulator, golden_path, is_complete, single_path
from workbench.sources.source import DumpRequest

if TYPE_CHECKING:
    from workbench.sources.board.links import Ask

ALL, ENTIRE_RUN, OUTPUTS = "all", "entire", "outputs"
"""What an analysis computes and compares: all; of the simulator the entire run alone, or only what the network gives.

Without all, only the network's outputs are measured.
"""


@dataclass(frozen=True)
class Dumped:
    """The deployed graph, the table's rows, and a dump of golden and of the simulator for each sample."""

    graph: Deployed
    shown: tuple[Row, ...]
    golden: tuple[Path, ...]
    simulated: tuple[Path, ...]
    plan: Plan | None = None


class Stages:
    """One analysis of a session; what its `last` results have already is not computed again.

    `extent` is ALL, or less for a trial. Used once, by one thread.
    """

    def __init__(
        self,
        session: Session,
        folder: Path,
        last: Results | None = None,
        ask: "Ask | None" = None,
        extent: str = ALL,
    ) -> None:
        self.session = session
        self.last = last
        self._extent = extent
        self.dumps = folder / "dumps"
        self._prepared = prepared(session.model, session.shapes, session.weights)
        self.model = self._prepared.model
        self._reference = self.model if session.reference is None else read_model(session.reference, session.shapes)
        self.runtime = RuntimeStage(session, self.model, folder, ask)
        self.seconds: dict[str, float] = {}
        self._feeds: dict[tuple[Path, ...], dict[str, np.ndarray]] = {}
        self._planning = PlanStage(session, self._prepared, self.dumps, self.feeds_of, self.timed)

    def run(self) -> Steps[Results]:
        """All stages; those whose file is there are skipped."""
        self.runtime.check()
        found = yield from self.dumped()
        stored = Stored({row.tensor: row.encoding for row in found.shown}, self.session.quant.target)
        runtime = yield from self.runtime_dumps(shapes_of(found.graph), stored)
        paths = {
            "golden": found.golden,
            "runtime": runtime,
            ON_BOARD: (yield from self._on_board(found, runtime)),
            "simulator": found.simulated,
            "simulator_single": tuple(single_path(path) for path in found.simulated if single_path(path).is_file()),
            "golden_deployed": _deployed_golden(found.simulated),
            "toolkit": self._toolkit(),
        }
        dumps = {name: there for name, there in paths.items() if there}
        with self.timed("compare"):
            measured = None if self._extent == ALL else self.outputs
            table, unmatched = yield from compared(found.shown, dumps, same_rows(self.last, dumps), measured)
        results = Results(
            rows=table,
            outputs=self.outputs,
            unmatched=unmatched,
            dumps=dumps,
            layers_of=dict(layers_of(found.shown)),
            seconds=self.seconds,
            quant=settings_of(self.session.quant),
            program=PROGRAM,
        )
        return replace(results, before=what_if(self.last, results, self._planning.key))

    def dumped(self) -> Steps["Dumped"]:
        """Golden values, the plan, and the simulator's values on it."""
        if not self.model.is_onnx:
            return (yield from self._foreign())
        with self._completing() as later:  # the last of the golden values is written while the plan is made
            golden = (yield from self._golden(later, computed(self._reference), {})) if self._is_plain else ()
            graph, plan = yield from self.planned()
            shown = selected(rows_of(graph, plan), self.session.tensors)
            if not self._is_plain:
                tensors = golden_tensors(graph, shown) if self.session.tensors else computed(self._reference)
                golden = yield from self._golden(later, tensors, own_encodings(graph))
        simulated = yield from self._simulated(graph, plan, shown, golden)
        return Dumped(graph, shown, golden, simulated, plan)

    def _foreign(self) -> Steps["Dumped"]:
        """Of a network that is not ONNX: what it computes itself, every layer by itself, and imported dumps."""
        with self._completing() as later:
            golden = yield from self._golden(later, computed(self.model), {})
        graph = yield from self._prepared.deployed()
        plan = float_plan(graph)
        shown = selected(rows_of(graph, plan), self.session.tensors)
        is_imported = "simulator" in self.session.imports
        simulated = (yield from self._simulated(graph, plan, shown, golden)) if is_imported else ()
        return Dumped(graph, shown, golden, simulated)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs that users look at: those of the whole network where its end is computed outside the NPU."""
        whole = self.model if self.session.tail is None else self._reference
        return tuple(tensor.name for tensor in whole.graph.outputs)

    def golden_paths(self) -> tuple[Path, ...]:
        """Where the golden dump of each sample is, or will be; an imported one is of the first sample."""
        samples = self.session.samples[:1] if "golden" in self.session.imports else self.session.samples
        return tuple(
            self.dumps / f"golden-{cache.golden_key(self.session, self._reference, sample)}.h5" for sample in samples
        )

    def simulator_paths(self) -> tuple[Path, ...]:
        """Where the simulator's dump of each sample is, or will be."""
        if "simulator" in self.session.imports:
            key = cache.import_digest(self.session.imports["simulator"])
            return (self.dumps / f"simulator-import-{key}.h5",)
        keys = (cache.simulator_key(self.session, golden.stem, self._planning.key) for golden in self.golden_paths())
        kind = "outputs" if self._extent == OUTPUTS else "simulator"
        return tuple(self.dumps / f"{kind}-{key}.h5" for key in keys)

    def toolkit_paths(self) -> tuple[Path, ...]:
        """Where the dump of the vendor's simulator of each sample is, or will be."""
        keys = (cache.toolkit_key(self.session, self.model, item, self._planning.key) for item in self.session.samples)
        return tuple(self.dumps / f"toolkit-{key}.h5" for key in keys)

    def runtime_paths(self) -> tuple[Path, ...]:
        """Where the runtime dumps are, or will be."""
        return self.runtime.paths

    def planned(self) -> Steps[tuple[Deployed, Plan]]:
        """The deployed graph and the plan for it."""
        return (yield from self._planning.run())

    @property
    def planning(self) -> PlanStage:
        """What makes the plan."""
        return self._planning

    @property
    def kept(self) -> Kept:
        """What simulators of the network share."""
        return self._prepared.kept

    @property
    def constants_of(self) -> ConstantsOf:
        """What quantises the constants of a layer, or knows them from before."""
        return self._prepared.kept.constants_of

    @property
    def _is_plain(self) -> bool:
        """Whether the deployed graph has no say in the golden dump: all is wanted, and integers are just that."""
        return not self.session.tensors and not any(quantizes(layer.op) for layer in self._reference.graph.layers)

    @contextmanager
    def _completing(self) -> Iterator[ExitStack]:
        """For dumps whose values are all computed: they are complete afterwards, whatever became of the block."""
        later = ExitStack()
        try:
            yield later
        finally:
            with self.timed("reference"):
                later.close()

    def _golden(
        self, later: ExitStack, tensors: Collection[str], encodings: Mapping[str, Encoding]
    ) -> Steps[tuple[Path, ...]]:
        """The golden dumps, those to be computed with `tensors`; the last is complete when `later` closes."""
        paths = self.golden_paths()
        imported = self.session.imports.get("golden")
        if imported is not None:
            if not paths[0].is_file():
                known = self._reference.graph.tensors.values()
                own = {item.name: item.static_shape for item in known if item.name not in self._reference.constants}
                yield from convert(imported, "golden", own, paths[0], modules_of(self._reference.graph))
            return paths
        source = None
        for number, (sample, path) in enumerate(zip(self.session.samples, paths, strict=True)):
            if path.is_file():
                continue
            source = source or reference_of(self._reference, tensors, encodings)
            with self.timed("reference"):
                later.close()
                request = DumpRequest(self.feeds_of(sample), {"input": str(sample.files[0])})
                yield from part_of(source.dump(request, path, later), number, len(paths), sample.files[0].name)
        return paths

    def _simulated(
        self, graph: Deployed, plan: Plan, shown: Sequence[Row], golden: Sequence[Path]
    ) -> Steps[tuple[Path, ...]]:
        imported = self.session.imports.get("simulator")
        if imported is not None:
            path = self.simulator_paths()[0]
            if not path.is_file():
                yield from convert(imported, "simulator", shapes_of(graph), path, modules_of(self.model.graph))
            return (path,)
        if self.session.simulator == "none":
            return ()
        paths = self.simulator_paths()
        source = None
        for number, (sample, reference, path) in enumerate(zip(self.session.samples, golden, paths, strict=False)):
            if is_complete(path) or (self._extent != ALL and path.is_file()):
                continue
            tensors = simulated_tensors(graph, self._dumped_rows(shown))
            source = source or EmbeddedSimulator(graph, plan, tensors, self._prepared.kept, self._extent != ALL)
            with self.timed("simulator"):
                info = {"input": str(sample.files[0]), "golden": reference.stem}
                request = DumpRequest(self._fed(sample, reference), info, reference, earlier_dumps(self.last, number))
                yield from part_of(source.dump(request, path), number, len(golden), sample.files[0].name)
        return paths[: len(golden)]

    def _dumped_rows(self, shown: Sequence[Row]) -> Sequence[Row] | None:
        """The rows whose tensors the simulator dumps; None for all tensors."""
        if self._extent == OUTPUTS:
            return [row for row in shown if {row.golden, row.tensor} & set(self.outputs)]
        return shown if self.session.tensors else None

    def _toolkit(self) -> tuple[Path, ...]:
        """What the vendor's simulator computed with the same settings, if it did."""
        made = any(self.dumps.glob("toolkit-*.h5"))
        paths = self.toolkit_paths() if made and self.session.simulator != "none" else ()
        return paths if all(path.is_file() for path in paths) else ()

    def _on_board(self, found: Dumped, runtime: Sequence[Path]) -> Steps[tuple[Path, ...]]:
        """The simulator on what the board gave its layers, for every sample that a board has run."""
        is_embedded = self.session.simulator == "embedded" and "simulator" not in self.session.imports
        if not is_embedded or found.plan is None or not runtime:
            return ()
        triples = zip(self.session.samples, found.simulated, runtime, strict=False)
        with self.timed("simulator"):
            simulation = (found.graph, found.plan, self._prepared.kept)
            return (yield from simulated_on_board(simulation, triples, self.feeds_of, self.dumps))

    def runtime_dumps(self, shapes: Shapes, stored: Stored | None = None) -> Steps[tuple[Path, ...]]:
        """The dumps of the runtime, if there is one; `shapes` are the tensors that they may hold."""
        with self.timed("board") if self.runtime.paths else nullcontext():
            return (yield from self.runtime.run(shapes, stored))

    def feeds_of(self, sample: Sample) -> dict[str, np.ndarray]:
        """The feeds of one sample; those of the analysed samples are kept, a calibration set is not."""
        if sample.files not in self._feeds:
            found = feeds(sample, self.model.graph.inputs, self.session.preprocess)
            if all(sample.files != item.files for item in self.session.samples):
                return found
            self._feeds[sample.files] = found
        return self._feeds[sample.files]

    def _fed(self, sample: Sample, golden: Path) -> dict[str, np.ndarray]:
        """The feeds of an analysed sample, mapped from its golden dump where the reference put them there."""
        with Dump(golden) as dump:
            names = [item.name for item in self.model.graph.inputs]
            if dump.info.get("source") == "reference" and all(name in dump for name in names):
                return {name: dump.raw(name)[0] for name in names}
        return self.feeds_of(sample)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Count the block's seconds as those of a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


def _deployed_golden(simulated: Sequence[Path]) -> tuple[Path, ...]:
    return tuple(golden_path(path) for path in simulated if golden_path(path).is_file())
