"""A choice of layers in a file for the vendor's tools, and what the toolkit makes of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.foundation.errors import PlanError, SettingsError
from workbench.foundation.files import atomic_path, write_text
from workbench.foundation.steps import Steps, Warn
from workbench.graph.deployed import CONVERT
from workbench.graph.read import read_model
from workbench.mixed import exports
from workbench.mixed.mixtures import Layers
from workbench.mixed.search import Point
from workbench.project.mixed.mixing import Network
from workbench.project.session import Session
from workbench.project.toolkit.converting import FOLDER, Wish, make, normalisation
from workbench.quantize.configs.own_json import write_plan
from workbench.quantize.configs.read import read_plan
from workbench.quantize.qdq import write_qdq
from workbench.sources.toolkit.configured import config_of, network_of
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.options import CONFIG, arguments
from workbench.sources.toolkit.recipe import load_call
from workbench.sources.toolkit.report import Report, read_report_file

PLACE, SNAPSHOTS = "mixed", "mixed-snapshots"
CFG, TOOLKIT1, OP_TARGET, SCRIPT, QDQ, PLAN = FORMATS = ("cfg", "toolkit1", "op_target", "script", "qdq", "plan")
ENDS = ("__float16", "__int16", "__int8")
NEEDS_CFG = "A file of toolkit 1 can only be made of one that its step 1 wrote: it names layers in its own way."
UNNAMED = "{0} of the {1} layers have no name in {2} and are left out: {3}."
SHOWN = 5


@dataclass(frozen=True)
class Target:
    """What is written, one of FORMATS, and where; `cfg` is the file of step 1 that is patched, if there is one."""

    format: str
    path: Path
    cfg: Path | None = None


@dataclass(frozen=True)
class Checked:
    """What the toolkit gave: the outputs' cos and euc of its accuracy_analysis, of each sample beside the predicted.

    `missing` are conversions that a choice forces and the report has not, `further` those that only the report has.
    """

    outputs: Mapping[str, tuple["Pair", ...]]
    missing: tuple[str, ...]
    further: tuple[str, ...]
    cfg: Path | None
    snapshots: tuple[Path, ...]
    toolkit: str
    seconds: Mapping[str, float]

    @property
    def furthest(self) -> float:
        """The largest difference of a predicted cosine and the toolkit's."""
        return max((abs(pair.predicted - pair.actual) for each in self.outputs.values() for pair in each), default=0.0)


@dataclass(frozen=True, slots=True)
class Pair:
    """The cosine of an output: predicted, and the toolkit's."""

    predicted: float
    actual: float


def write(network: Network, layers: Layers, target: Target) -> Steps[None]:
    """Write a choice of layers in a format; warns of layers that it has no names for."""
    path, session = target.path, network.session
    if target.format == CFG:
        _write_bytes(path, _cfg(network, layers, target.cfg))
    elif target.format == TOOLKIT1:
        base = target.cfg or session.plan
        if base is None:
            raise PlanError(NEEDS_CFG, "Give it (on the command line: --cfg FILE.quantization.cfg).")
        names = exports.toolkit1_names(read_plan(base), network.graph)
        if unnamed := [name for name in layers if name not in names]:
            yield Warn(UNNAMED.format(len(unnamed), len(layers), base.name, ", ".join(unnamed[:SHOWN])))
        _write_bytes(path, exports.toolkit1_cfg(base.read_bytes(), names, layers))
    elif target.format == OP_TARGET:
        write_text(path, exports.op_target(layers))
    elif target.format == SCRIPT:
        write_text(path, script(session, layers))
    elif target.format == QDQ:
        write_qdq(network.graph, network.planned(layers), path)
    elif target.format == PLAN:
        write_plan(network.planned(layers), path)
    else:
        raise SettingsError(f"{target.format!r} is no format of layers.", f"Choose one of {', '.join(FORMATS)}.")


def script(session: Session, layers: Layers) -> str:
    """A Python program for the toolkit alone."""
    model = read_model(session.model, session.shapes, weights=session.weights)
    options = arguments(session.toolkit_options, CONFIG)
    config = {**config_of(session.quant), **normalisation(model.graph.inputs, session.preprocess), **options}
    call = load_call(network_of(model))
    return exports.script(exports.Program((call.method, call.arguments), config, session.model.stem), layers)


def round_trip(network: Network, layers: Layers, point: Point, folder: Path, toolkit: Toolkit) -> Steps[Checked]:
    """Both steps of hybrid quantization with the layers of a point, and the analysis of the result.

    All files stay in the session's `folder`.
    """
    place = folder / FOLDER
    wish = Wish(layers, False, place / SNAPSHOTS)
    run = yield from make(network.session, place / PLACE, toolkit, wish)
    reports = [read_report_file(path) for path in run.snapshots]
    expected = {f"{one.tensor}__{one.taken}" for one in point.conversions}
    there = {row.tensor for row in reports[0].rows if row.op == CONVERT and row.tensor.endswith(ENDS)}
    there -= network.graph.producers.keys()  # what it converts without a choice
    return Checked(
        {name: tuple(_pairs(name, each, reports)) for name, each in point.outcome.outputs.items()},
        tuple(sorted(expected - there)),
        tuple(sorted(there - expected)),
        run.cfg,
        run.snapshots,
        f"{run.outcome.versions.name} {run.outcome.versions.version}".strip(),
        dict(run.outcome.seconds),
    )


def _pairs(name: str, predicted: Sequence[Mapping[str, float]], reports: Sequence[Report]) -> Iterator[Pair]:
    for metrics, report in zip(predicted, reports, strict=False):
        row = report.by_tensor.get(name)
        values = row.values.get("simulator.entire", {}) if row is not None else {}
        if "cos" in values and "cos" in metrics:
            yield Pair(metrics["cos"], values["cos"])


def _cfg(network: Network, layers: Layers, base: Path | None) -> bytes:
    """The toolkit's own cfg with the layers, where it is there, or one that does without; the session's may be it."""
    path = base or network.session.plan
    if path is not None and (file := read_plan(path)).kind == "toolkit2":
        return exports.patched_cfg(path.read_bytes(), file, layers, path.name)
    if base is not None:
        raise PlanError(f"{base} was not written by step 1 of RKNN-Toolkit2.", "Give that file, or none.")
    return exports.ready_cfg(network.plan, layers)


def _write_bytes(path: Path, content: bytes) -> None:
    with atomic_path(path) as part:
        part.write_bytes(content)
