"""A zip for the vendor: what is needed to see a session's error with the toolkit alone, and nothing that is private."""

import dataclasses
import platform
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

import workbench
from workbench.compare.compare import LayerError
from workbench.dump.store import Dump
from workbench.foundation.errors import SessionError, SettingsError
from workbench.foundation.files import portable, write_text
from workbench.foundation.resources import resource
from workbench.foundation.scratch import scratch_folder
from workbench.foundation.steps import Progress, Steps
from workbench.graph.graph import Model
from workbench.graph.read import read_model
from workbench.preprocess.dataset import Sample, feeds
from workbench.project.results import Results, load_results
from workbench.project.session import Session, load_session
from workbench.project.toolkit.converting import normalisation, unnormalised
from workbench.project.toolkit.disguise import CUT, KINDS, SCRAMBLED, disguised, errors_of, rows_of
from workbench.report.bundle import README, About, plain_json, readme, write_zip
from workbench.report.bundle import errors_of as errors_in_words
from workbench.report.settings import settings_document
from workbench.report.table import layer_table, write_csv
from workbench.report.tensors import FileNames
from workbench.sources.toolkit.configured import config_of, custom_layers, network_of, quantizes_itself
from workbench.sources.toolkit.fed import FED, write_rows
from workbench.sources.toolkit.options import BUILD, CONFIG, arguments
from workbench.sources.toolkit.recipe import DATASET, Analyse, Recipe, calls

__all__ = ["CUT", "KINDS", "SCRAMBLED", "Bundled", "Wish", "bundle", "guilty_layers"]

MOST_LAYERS = 4  # in question, where nobody has chosen
SOURCES = ("golden", "golden_deployed", "simulator", "simulator_single", "runtime", "simulator_on_board", "toolkit")
PACKAGES = ("onnx", "onnxruntime", "numpy")
LEFT_OUT = "The session keeps {0} layers in another precision; the calls here do not, so the rest is as in the session."
NO_CALLS = "The toolkit has no calls for this session: {0}"


@dataclasses.dataclass(frozen=True)
class Wish:
    """`layers` are rows' tensors, () for those of the diagnosis; `hidden` is "" or how private data is left out."""

    layers: tuple[str, ...] = ()
    hidden: str = ""


@dataclasses.dataclass(frozen=True)
class Bundled:
    """The zip; `before` are the errors of its layers in the session, `after` in what it holds, by tensor."""

    path: Path
    layers: tuple[str, ...]
    before: Mapping[str, float]
    after: Mapping[str, float]


def bundle(folder: Path, path: Path, wish: Wish = Wish()) -> Steps[Bundled]:
    """Write the bundle of a session that has been run. Closing leaves no part of it.

    Where private data is left out, the session without it is run first: a SettingsError says that the error is gone.
    """
    session, results = load_session(folder), load_results(folder)
    if results is None:
        raise SessionError(f"{folder} has no results yet.", "Run it first (`rknn-workbench analyze`).")
    guilty = wish.layers or guilty_layers(folder, results)
    _check_layers(guilty, results)
    before = errors_of(results.rows, guilty)
    with scratch_folder() as scratch:
        place, found = scratch / "bundle", _told(folder, wish.hidden)
        place.mkdir()
        source = folder
        if wish.hidden:
            other = yield from disguised(session, results, guilty, wish.hidden, scratch)
            session, results, source = other.session, other.results, other.folder
        after = errors_of(results.rows, guilty)
        yield from _filled(place, _Case(session, results, source, tuple(guilty), wish.hidden, found))
        yield from write_zip(place, path)
    return Bundled(path, tuple(guilty), before, after)


def guilty_layers(folder: Path, results: Results) -> tuple[str, ...]:
    """The layers that the last diagnosis blames first; without one, those that add most to the error themselves."""
    from workbench.project.findings.diagnosis_file import load_diagnosis  # pydantic, slow to import

    saved = load_diagnosis(folder, results)
    findings = saved.diagnosis.findings if saved is not None and not saved.is_stale else ()
    rows = {row.tensor for row in results.rows}
    blamed = next((names for one in findings if (names := [name for name in one.layers if name in rows])), [])
    if blamed:
        return tuple(blamed[:MOST_LAYERS])
    errors = errors_of(results.rows, rows)
    worst = sorted(errors, key=lambda name: -errors[name] if errors[name] == errors[name] else float("-inf"))
    return tuple(row.tensor for name in worst[:MOST_LAYERS] for row in results.rows if row.golden == name)


@dataclasses.dataclass(frozen=True)
class _Case:
    """What goes into a bundle."""

    session: Session
    results: Results
    folder: Path
    guilty: tuple[str, ...]
    hidden: str
    found: list[dict[str, Any]]

    @property
    def rows(self) -> list[LayerError]:
        """The layers in question."""
        return [row for _, row in rows_of(self.results.rows, self.guilty)]


def _check_layers(guilty: Sequence[str], results: Results) -> None:
    rows = {name for row in results.rows for name in (row.tensor, row.golden)}
    unknown = [name for name in guilty if name not in rows]
    if unknown:
        raise SettingsError(f"The table has no layer {unknown[0]}.", "Give tensors of its rows.")
    if not guilty:
        raise SessionError("The session has no layer with an error.", "Run it with a simulator or a board first.")


def _filled(place: Path, case: _Case) -> Steps[None]:
    """Write all files of a bundle into a folder."""
    session = case.session
    model = read_model(session.model, session.shapes, weights=session.weights)
    files = tuple(_copied(file, place, number, case) for number, file in enumerate(model.files or (model.path,)))
    named = dataclasses.replace(
        session,
        model=Path(files[0].name),
        weights=Path(files[1].name) if len(files) > 1 else None,
        samples=tuple(_named(session.samples, "inputs", case.hidden)),
        dataset=tuple(_named(session.dataset, "calibration", case.hidden)),
        imports={},
        board=None,
    )
    missing = yield from _calls(place, case, model, files)
    table = {**layer_table(named, case.results), "golden": "dumps/golden"}
    write_text(place / "layers.json", plain_json(table))
    write_csv(case.results, place / "layers.csv")
    write_text(place / "settings.json", plain_json(settings_document(named)))
    versions = _versions(case)
    write_text(place / "versions.json", plain_json(versions))
    if case.found:
        write_text(place / "findings.json", plain_json({"findings": case.found}))
    yield from _dumps(place / "dumps", case, model)
    script = (place / "calls.json").is_file()
    told = [f"{one['title']} ({one['cause']}, {one['confidence']:.0%})" for one in case.found]
    about = About(f"Errors of {files[0].name}", case.hidden, case.rows, versions, told, missing, script)
    write_text(place / README, readme(about))


def _copied(file: Path, place: Path, number: int, case: _Case) -> Path:
    """The network under a name that says nothing where private data is left out."""
    own = portable(file.name) if number == 0 else file.name  # the network names its other files
    name = f"network{file.suffix}" if case.hidden else own
    return Path(shutil.copyfile(file, place / (name if number == 0 or not case.hidden else f"weights{file.suffix}")))


def _named(samples: Sequence[Sample], kind: str, hidden: str) -> Iterator[Sample]:
    for number, sample in enumerate(samples):
        files = (Path(kind, f"{number}-{at}" if hidden else file.name) for at, file in enumerate(sample.files))
        yield Sample(tuple(files))


def _calls(place: Path, case: _Case, model: Model, files: tuple[Path, ...]) -> Steps[list[str]]:
    """The toolkit's calls, what they take, and the script that makes them; gives what they do not do."""
    session = case.session
    fed = partial(partial, feeds, inputs=model.graph.inputs, settings=unnormalised(session, model.graph.inputs))
    try:
        config = {**config_of(session.quant), **normalisation(model.graph.inputs, session.preprocess)}
    except SettingsError as error:
        return [NO_CALLS.format(error.message)]
    options, build = (arguments(session.toolkit_options, call) for call in (CONFIG, BUILD))
    rows = yield from write_rows([fed(item) for item in session.samples[:1]], place, "input", model.is_channels_last)
    is_quantized = session.quant.type.is_quantized and not quantizes_itself(model)
    dataset = None
    if is_quantized:
        known = yield from write_rows([fed(item) for item in session.dataset], place, "calibration")
        lines = (" ".join(f"{FED}/{file.name}" for file in row) for row in known)
        dataset = place / DATASET
        write_text(dataset, "".join(f"{line}\n" for line in lines))
    network = dataclasses.replace(network_of(model), files=files)
    analysis = Analyse(rows[0], place / "snapshot")
    recipe = Recipe(network, {**config, **options}, is_quantized, dataset, (analysis,), build)
    made = [{"method": call.method, "arguments": _inside(dict(call.arguments), place)} for call in calls(recipe)]
    layers = [{"tensor": row.tensor, "golden": row.golden, "errors": errors_in_words(row)} for row in case.rows]
    write_text(place / "calls.json", plain_json({"calls": made, "layers": layers}))
    shutil.copyfile(resource("bundle", "reproduce.py"), place / "reproduce.py")
    others = custom_layers(session.quant)
    return [LEFT_OUT.format(len(others))] if others else []


def _inside(value: Any, place: Path) -> Any:
    """The same with paths of the bundle as they are inside it."""
    if isinstance(value, Mapping):
        return {key: _inside(item, place) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_inside(item, place) for item in value]
    root = str(place.absolute())
    is_path = isinstance(value, str) and value.startswith(root)
    return f".{value[len(root) :]}".replace("\\", "/") if is_path else value


def _dumps(folder: Path, case: _Case, model: Model) -> Steps[None]:
    """The tensors of the layers in question and what they take, of the first sample, from every source."""
    wanted = _wanted(case, model)
    entries: list[dict[str, str]] = []
    for source in SOURCES:
        paths = case.results.dumps.get(source, ())
        if not paths or not paths[0].is_file():
            continue
        names = FileNames()
        with Dump(paths[0]) as dump:
            for number, tensor in enumerate(name for name in dump.names if name in wanted):
                yield Progress("bundle dumps", number, len(wanted), tensor)
                file = f"{source}/{names.name(tensor)}"
                (folder / source).mkdir(parents=True, exist_ok=True)
                np.save(folder / file, np.asarray(dump[tensor], np.float32), allow_pickle=False)
                entries.append({"tensor": tensor, "file": file, "op": dump.op(tensor), "dump": source})
    folder.mkdir(exist_ok=True)
    write_text(folder / "tensors.json", plain_json(entries))


def _wanted(case: _Case, model: Model) -> set[str]:
    """Names of tensors, as the table and as the network have them."""
    own = {name for row in case.rows for name in (row.tensor, row.golden, row.runtime, *row.group) if name}
    takers = [layer for layer in model.graph.layers if own & set(layer.outputs)]
    taken = {name for layer in takers for name in layer.inputs if name and name not in model.constants}
    beside = {row.tensor for row in case.results.rows if row.golden in taken}
    return own | taken | beside


def _versions(case: _Case) -> dict[str, str]:
    from workbench.project.versions import versions_of

    found = {"RKNN Workbench": workbench.__version__, "Python": platform.python_version()}
    found |= {"system": f"{platform.system()} {platform.machine()}"}
    found |= {name: metadata.version(name) for name in PACKAGES}
    return found | dict(versions_of(case.session, case.folder, case.results))


def _told(folder: Path, hidden: str) -> list[dict[str, Any]]:
    """What the last diagnosis said; evidence may name the user's files and stays away where these are private."""
    from workbench.diagnose.causes import about
    from workbench.project.findings.diagnosis_file import load_diagnosis

    saved = load_diagnosis(folder)
    if saved is None or saved.is_stale:
        return []
    told = []
    for one in saved.diagnosis.findings:
        evidence = {} if hidden else {"evidence": [part.text for part in one.evidence]}
        said: dict[str, Any] = {"cause": one.cause, "title": about(one).title, "layers": list(one.layers)}
        told.append({**said, "confidence": one.confidence, "level": one.level, **evidence})
    return told
