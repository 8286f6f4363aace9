"""The stages of an analysis whose simulator is the vendor's toolkit; the embedded one runs beside it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from workbench.compare.compare import LayerError
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError, SettingsError, WorkbenchError
from workbench.foundation.steps import Progress, Steps, Warn
from workbench.project.results import Results
from workbench.project.rows import Row, layers_of
from workbench.project.session import Session
from workbench.project.session_stages import as_embedded
from workbench.project.stages import Stages
from workbench.project.table import Comparison
from workbench.project.toolkit.rows import rows_of_report, table_row
from workbench.project.toolkit.vendor import vendor_run
from workbench.project.what_if import PROGRAM, settings_of
from workbench.sources.board.links import Ask
from workbench.sources.simulator import golden_path
from workbench.sources.source import chosen
from workbench.sources.toolkit.configured import (
    config_of,
    custom_layers,
    quantizes_itself,
    toolkit_called,
)
from workbench.sources.toolkit.descriptions import described
from workbench.sources.toolkit.options import check_together, numeric
from workbench.sources.toolkit.report import Report, read_report
from workbench.sources.toolkit.simulator import TOOLKIT, analyse, version_in
from workbench.sources.toolkit.snapshot import IN_INFO, Keeping, Places

FOLDER = Path("toolkit") / "analysis"  # in a session: where the toolkit runs, and what it printed
NOT_BESIDE = "The embedded simulator cannot run beside the toolkit: {0}"
NO_REFERENCE = "There are no other golden values beside the toolkit's: {0}"
NO_PLAN = "The toolkit makes its plan itself and takes none from a file."
NEEDS_BOARD = (
    "The toolkit does not simulate {0}, which brings its own quantization: it compares such a network on a board."
)
OR_EMBEDDED = "Give the float network, or choose the embedded simulator."
OR_NONE = "Give the float network; or choose no simulator, and compare dumps of a board with the golden values."
COMPARED = ("golden", "simulator", "runtime", "embedded", "reference")


@dataclass(frozen=True)
class Beside:
    """What the embedded simulator gives: rows by tensor, dumps of golden and simulator; empty where it cannot run."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    golden: tuple[Path, ...] = ()
    simulated: tuple[Path, ...] = ()


class ToolkitStages:
    """One analysis of a session with the toolkit; what is there already is not computed again.

    Used once, by one thread.
    """

    def __init__(self, session: Session, folder: Path, last: Results | None = None, ask: Ask | None = None) -> None:
        self.session = session
        self.last = last
        self._folder = folder
        self._embedded = Stages(session, folder, as_embedded(last), ask)
        self._model = self._embedded.model

    def run(self) -> Steps[Results]:
        """All stages; those whose file is there are skipped."""
        self._check()
        self._embedded.runtime.check()
        wanted = [number for number, path in enumerate(self.simulator_paths()) if not self._is_current(path)]
        if wanted:
            toolkit_called(self.session.toolkit)  # a missing one is told before anything is computed
        beside = yield from self._beside()
        with self._embedded.timed("simulator"):
            yield from self._simulated(wanted, beside)
        paths = {
            "golden": self.golden_paths(),
            "simulator": self.simulator_paths(),
            "runtime": (yield from self._runtime()),
            "embedded": beside.simulated,
            "reference": beside.golden,
        }
        dumps = {name: found for name, found in paths.items() if found}
        with self._embedded.timed("compare"):
            results = yield from self._results(dumps, beside)
        return replace(results, seconds=self._embedded.seconds)

    def golden_paths(self) -> tuple[Path, ...]:
        """Where the golden dump of each sample is, or will be: the toolkit's own, unless one was imported."""
        if "golden" in self.session.imports:
            return self._embedded.golden_paths()
        return tuple(map(golden_path, self.simulator_paths()))

    def simulator_paths(self) -> tuple[Path, ...]:
        """Where the dump of the toolkit's simulator of each sample is, or will be."""
        return self._embedded.toolkit_paths()

    def runtime_paths(self) -> tuple[Path, ...]:
        """Where the runtime dumps are, or will be: an imported one, or one a sample from the board."""
        return self._embedded.runtime_paths()

    def _check(self) -> None:
        quant = self.session.quant
        config_of(quant)
        options = numeric(self.session.toolkit_options)
        is_quantized = quant.type.is_quantized
        check_together(options, quant, is_mixed=bool(custom_layers(quant)), is_quantized=is_quantized)
        if self.session.plan is not None:
            raise SettingsError(NO_PLAN, "Remove the plan, or choose the embedded simulator.")
        if quantizes_itself(self._model):
            hint = OR_EMBEDDED if self._model.is_onnx else OR_NONE
            raise SettingsError(NEEDS_BOARD.format(self._model.path.name), hint)

    def _is_current(self, path: Path) -> bool:
        """Whether both dumps are there and of the toolkit that would run; of any where there is none."""
        try:
            with Dump(path) as dump, Dump(golden_path(path)):
                made = str(dump.info.get(TOOLKIT, ""))
        except DumpError:
            return False
        named = self.session.toolkit
        is_there = any(named in ("", toolkit.name) for toolkit in described())
        installed = version_in(toolkit_called(named)) if is_there else ""
        return installed in ("", made)

    def _beside(self) -> Steps[Beside]:
        """The embedded simulator on the same inputs; why it cannot is only a warning."""
        stages = self._embedded
        try:
            found = yield from stages.dumped()
        except WorkbenchError as error:
            yield Warn(NOT_BESIDE.format(error.message) if self._model.is_onnx else NO_REFERENCE.format(error))
            return Beside()
        stages.seconds["embedded"] = stages.seconds.pop("simulator", 0.0)
        return Beside({row.tensor: row for row in found.shown}, found.golden, found.simulated)

    def _simulated(self, wanted: Sequence[int], beside: Beside) -> Steps[None]:
        """The dumps of the samples whose numbers are `wanted`."""
        if not wanted:
            return
        session, paths = self.session, self.simulator_paths()
        what = vendor_run(session, self._model, self._keeping(beside))
        inputs = []
        for number in wanted:
            info = {"input": str(session.samples[number].files[0])}
            places = Places(golden_path(paths[number]), paths[number], info)
            inputs.append((partial(self._embedded.feeds_of, session.samples[number]), places))
        calibration = [partial(self._embedded.feeds_of, sample) for sample in session.dataset or session.samples]
        yield from analyse(what, inputs, calibration, self._folder / FOLDER)

    def _keeping(self, beside: Beside) -> Keeping:
        encodings = {row.tensor: row.encoding for row in beside.rows.values() if row.encoding is not None}
        patterns = self.session.tensors

        def wanted(names: Sequence[str]) -> frozenset[str]:
            known = {name for row in beside.rows.values() for name in (row.tensor, *row.group)}
            return frozenset(names) & (known if patterns and known else chosen(names, patterns))

        known = self._model.graph.tensors if self._model.is_channels_last else {}
        return Keeping(encodings, {name: tensor.static_shape for name, tensor in known.items()}, wanted)

    def _runtime(self) -> Steps[tuple[Path, ...]]:
        if all(path.is_file() for path in self.runtime_paths()):
            return self.runtime_paths()
        with Dump(self.simulator_paths()[0]) as dump:
            shapes = {name: dump.shape(name) for name in dump.names}
        return (yield from self._embedded.runtime_dumps(shapes))

    def _results(self, dumps: Mapping[str, tuple[Path, ...]], beside: Beside) -> Steps[Results]:
        last = self.last
        if last is not None and last.program == PROGRAM and _names(last.dumps) == _names(dumps):
            return replace(last, dumps=dumps, before=None)
        table, shown, unmatched = yield from self._compared(dumps, beside)
        return Results(
            rows=table,
            outputs=tuple(tensor.name for tensor in self._model.graph.outputs),
            unmatched=unmatched,
            dumps=dumps,
            layers_of=dict(layers_of(shown)),
            quant=settings_of(self.session.quant),
            program=PROGRAM,
        )

    def _compared(
        self, dumps: Mapping[str, tuple[Path, ...]], beside: Beside
    ) -> Steps[tuple[tuple[LayerError, ...], tuple[Row, ...], dict[str, tuple[str, ...]]]]:
        with ExitStack() as stack:
            opened = {
                name: [stack.enter_context(Dump(path)) for path in dumps.get(name, ())]
                for name in ("golden", "simulator", "runtime")
            }
            reports = [_report(dump) for dump in opened["simulator"]]
            for note in dict.fromkeys(note for report in reports for note in report.notes):
                yield Warn(note)
            shown = rows_of_report(
                reports[0], beside.rows, self._model, next(iter(opened["golden"]), None), opened["simulator"][0]
            )
            if self.session.tensors and beside.rows:
                shown = tuple(row for row in shown if row.tensor in beside.rows)
            columns = {"simulator.entire": opened["simulator"], "runtime.entire": opened["runtime"]}
            comparison = Comparison(opened["golden"], columns)
            table = []
            for index, row in enumerate(shown):
                yield Progress("compare", index, len(shown), row.tensor)
                table.append(table_row(comparison, index, row, reports, opened["golden"]))
            yield Progress("compare", len(shown), len(shown))
            return tuple(table), shown, comparison.unmatched(shown)


def _report(dump: Dump) -> Report:
    return read_report(str(dump.info.get(IN_INFO, "")), dump.path.name)


def _names(dumps: Mapping[str, tuple[Path, ...]]) -> dict[str, list[str]]:
    return {name: [path.name for path in dumps.get(name, ())] for name in COMPARED}
