"""What the program does to a session's folder, and what must be true of the folder whenever it was stopped."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from tests.fuzz import seeds
from workbench.diagnose.changes import Change
from workbench.dump.store import Dump
from workbench.evaluate.reading import Reading
from workbench.foundation.settings import remember
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.project.accuracy.document import document
from workbench.project.accuracy.document import save as keep_evaluation
from workbench.project.accuracy.evaluating import Wanted, evaluate
from workbench.project.accuracy.sources import choice_of
from workbench.project.exports import NAMES, RESULTS, Target, export
from workbench.project.findings import fixing
from workbench.project.findings.diagnosing import diagnose
from workbench.project.mixed.searched import measure_and_keep
from workbench.project.pipeline import analyze, import_dumps
from workbench.project.prepared import forget
from workbench.project.results import load_results
from workbench.project.session import ImportedDumps, Session, load_session, save_session
from workbench.project.sweeps.sweeping import sweep
from workbench.project.toolkit.bundling import Wish, bundle
from workbench.project.workers.executors import workers
from workbench.quantize.schemes import QuantSettings

Operation = Callable[[Path], None]
OF_PLANS = ("qdq", "plan")  # of quantised networks only
SESSION, OUT, DUMPS, IMAGES = "session", "out", "dumps", "images"
SET_ASIDE = re.compile(r"^\.(tensors)\.\w+\.old/folder")
"""Where the earlier export of a folder is for a moment."""
BEFORE, AFTER = QuantSettings("fp16"), QuantSettings("w8a8")


def prepared(place: Path) -> None:
    """A session that was run in float16, exports of it, and dumps of somebody else."""
    place.mkdir(parents=True)
    seeds.network_with_input(place)
    drain(analyze(_session(place, BEFORE), place / SESSION))
    (place / IMAGES).mkdir()
    for number in range(3):
        np.save(place / IMAGES / f"{number}.npy", np.full((1, 3, 8, 8), number, np.float32))
    (place / DUMPS).mkdir()
    with Dump(next((place / SESSION / "dumps").glob("*.h5"))) as dump:
        np.save(place / DUMPS / "z.npy", np.asarray(dump["z"]) + 1)
    for kind in RESULTS:
        _export(kind, place)
    forget()


def _session(place: Path, quant: QuantSettings) -> Session:
    samples = (Sample((place / "in.npy",)),)
    return Session(place / "net.onnx", samples=samples, dataset=samples, quant=quant)


def _analyze(place: Path) -> None:
    drain(analyze(_session(place, AFTER), place / SESSION))


def _import(place: Path) -> None:
    drain(import_dumps(place / SESSION, ImportedDumps(place / DUMPS), "runtime"))


def _save(place: Path) -> None:
    session = load_session(place / SESSION)
    for number in range(20):
        save_session(replace(session, notes={"z": f"note {number}"}), place / SESSION)
        remember(place / f"net{number}.onnx")


def _diagnose(place: Path) -> None:
    drain(diagnose(place / SESSION))


def _apply(place: Path) -> None:
    """A fix that changes settings: the session is run anew."""
    drain(fixing.apply(place / SESSION, Change(quant=AFTER), "spared"))


def _effects(place: Path) -> None:
    folder = place / SESSION
    drain(measure_and_keep(replace(load_session(folder), quant=AFTER), folder))


def _evaluate(place: Path) -> None:
    folder = place / SESSION
    session = load_session(folder)
    wanted = Wanted(place / IMAGES, Reading("outputs"))
    found = drain(evaluate(session, folder, wanted, [choice_of(text, session) for text in ("float", "simulator")]))
    keep_evaluation(document(found), folder)


def _sweep(place: Path) -> None:
    folder = place / SESSION
    with workers(1) as pool:
        drain(sweep(folder, {"method": ("layer", "channel"), "type": ("w8a8",)}, pool))


def _bundle(place: Path) -> None:
    drain(bundle(place / SESSION, place / OUT / "bundle.zip", Wish(("z",))))


def _export(kind: str, place: Path) -> None:
    folder = place / SESSION
    drain(export(load_session(folder), folder, Target(kind, place / OUT / NAMES[kind])))


OPERATIONS: Mapping[str, Operation] = {
    "analyze": _analyze, "import": _import, "save": _save, "diagnose": _diagnose, "bundle": _bundle,
    "apply": _apply, "effects": _effects, "evaluate": _evaluate, "sweep": _sweep,
    **{f"export-{kind}": partial(_export, kind) for kind in (*RESULTS, *OF_PLANS)},
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """What a folder says: settings of the session, rows of its results, and the exports by their content."""

    quant: str
    rows: int
    values: tuple[str, ...]
    exports: Mapping[str, str]


def state_of(place: Path) -> State:
    """Opens everything; whatever is damaged raises."""
    folder = place / SESSION
    session, results = load_session(folder), load_results(folder)
    assert results is not None
    for path in (path for paths in results.dumps.values() for path in paths):
        with Dump(path) as dump:
            for name in dump.names:
                np.asarray(dump[name]).sum()
    values = tuple(sorted({str(row.errors.get("simulator.entire")) for row in results.rows}))
    out = place / OUT
    exports = {
        SET_ASIDE.sub(r"\1", path.relative_to(out).as_posix()): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.relative_to(out).parts[0].endswith(".part")
    }
    return State(session.quant.dtype, len(results.rows), values, exports)
