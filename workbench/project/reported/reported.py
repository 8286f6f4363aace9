"""A report alone becomes a table and a graph: no dump, no toolkit and not even a network is needed."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from workbench.foundation.errors import ReportError
from workbench.foundation.files import write_text
from workbench.foundation.steps import Log, Progress, Steps, Warn
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.graph import Model
from workbench.graph.read import read_model
from workbench.graph.vendor_names import homes
from workbench.project.board.timing import laid
from workbench.project.reported.dumps import with_dumps
from workbench.project.reported.graph import write_graph
from workbench.project.reported.log import origin_of, warnings_of, with_board
from workbench.project.reported.rows import SHOWN_AS, Places, rows_of_report
from workbench.project.results import Results, save_results
from workbench.project.session import Session, save_session
from workbench.project.what_if import PROGRAM
from workbench.sources.board.advice import advice
from workbench.sources.board.times import read_times
from workbench.sources.toolkit.report import Report, read_report, read_report_file

GRAPH = "report.model"
TEXT = "report.txt"
ENOUGH = 0.5  # of a report's rows: what shares fewer with a network is of another one
CHAIN = "The network is not known: its graph is the order of the report's rows. Give the network to see it."
TWICE = "{0} rows of the report repeat a name: the first of each counts."
ON_NPU = "What toolkit 1 measured on the board stands below single_sim; it is against golden, not the simulator."
STRANGE = "The report seems to be of another network: only {0} of its {1} rows are in {2}."
HINT = "Give the network that was converted, or the toolkit's NAME.model; or no network at all."

Shapes = Mapping[str, tuple[int, ...]]


def read_source(source: Path | str) -> Report:
    """The report in a file, a snapshot, or a text that somebody pasted."""
    return read_report_file(source) if isinstance(source, Path) else read_report(source)


def text_of(source: Path | str) -> str:
    """What a report was read from."""
    if isinstance(source, str):
        return source
    path = source / "error_analysis.txt" if source.is_dir() else source
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def report_session(
    source: Path | str, model: Path | None, folder: Path, shapes: Shapes | None = None, weights: Path | None = None
) -> Steps[Results]:
    """Write a session that shows the report into `folder`; it opens as any session.

    Without a network the order of the rows is the graph: it lies in the session as `report.model`.
    """
    report = read_source(source)
    path = model or folder / GRAPH
    if model is None:
        write_graph(report, path)
    network, text = read_model(path, shapes, weights=weights), text_of(source)
    results = yield from reported(report, network, text, is_known=model is not None)
    if isinstance(source, Path) and source.is_dir():
        results = yield from with_dumps(results, source, folder)
    write_text(folder / TEXT, text)
    save_session(Session(path, shapes or {}, simulator="none", weights=weights), folder)
    save_results(results, folder)
    return results


def reported(report: Report, model: Model | None, text: str = "", is_known: bool = True) -> Steps[Results]:
    """The layer table of a report; `text` is what it was read from, perhaps a log that tells more.

    `is_known` says that `model` is the network and not only the order of the rows.
    """
    yield Log(origin_of(report, text))
    yield Progress("report", 0, len(report.rows))
    places = Places() if model is None else (yield from _places(report, model))
    rows, layers = rows_of_report(report, places)
    rows = with_board(rows, layers, text)
    strangers = tuple(row.tensor for row in rows if row.tensor not in places.homes) if model is not None else ()
    doubts = _doubts(report, model if is_known else None, len(strangers), len(rows))
    times = read_times(text)
    warnings = [*report.notes, *doubts, *warnings_of(text), *advice(times)]
    if not is_known:
        warnings.append(CHAIN)
    yield from map(Warn, warnings)
    yield Progress("report", len(report.rows), len(report.rows))
    results = Results(
        rows=rows,
        outputs=tuple(tensor.name for tensor in model.graph.outputs) if model else (),
        unmatched=_unmatched(places, strangers, layers),
        layers_of=layers,
        warnings=tuple(warnings),
        program=PROGRAM,
    )
    return laid(results, times)


def _places(report: Report, model: Model) -> Steps[Places]:
    """Where the report's names lie in a network, by what we derive that the toolkit makes of it."""
    graph, deployed = model.graph, None
    if model.is_onnx:
        deployed = yield from _deployed(model)
    found = homes((row.tensor for row in report.rows), graph, deployed)
    layers = deployed.layers if deployed is not None else graph.layers
    takers: dict[str, str] = {}
    for layer in layers:
        for name in layer.inputs:
            takers.setdefault(name, layer.outputs[0])
    return Places(graph, found, takers, frozenset(deployed.constants) if deployed is not None else graph.constants)


def _deployed(model: Model) -> Steps[Deployed]:
    graph = yield from deploy(model)
    return graph if graph.is_quantized else with_converts(graph, "int8")


def _doubts(report: Report, model: Model | None, strangers: int, rows: int) -> Iterator[str]:
    """What is odd about the rows; a report of which none lies in the network is refused."""
    if SHOWN_AS.keys() & set(report.columns):
        yield ON_NPU
    repeated = len(report.rows) - len(report.by_tensor)
    if repeated:
        yield TWICE.format(repeated)
    if model is None:
        return
    known = rows - strangers
    if not known:
        names = ", ".join(row.tensor for row in report.rows[:3])
        raise ReportError(
            f"The report is of another network than {model.path.name}: its names begin with {names}.", HINT
        )
    if known < rows * ENOUGH:
        yield STRANGE.format(known, rows, model.path.name)


def _unmatched(
    places: Places, strangers: tuple[str, ...], layers: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The user's tensors that no row stands for, and the rows that stand for nothing of the user's."""
    seen = {name for names in layers.values() for name in names}
    rest = [layer for layer in (places.graph.layers if places.graph else ()) if layer.name not in seen]
    missing = tuple(name for layer in rest for name in layer.outputs if name and name not in places.constants)
    return {source: names for source, names in (("golden", missing), ("simulator", strangers)) if names}
