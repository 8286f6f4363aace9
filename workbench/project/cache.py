"""Names of a stage's files: the hash of what the stage depends on. A file that is there need not be computed."""

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from workbench.dump.store import Dump
from workbench.foundation.errors import DatasetError, DumpError, PlanError
from workbench.graph.graph import Model
from workbench.preprocess.dataset import Sample
from workbench.project.digests import file_digest, key_of_values
from workbench.project.references import reference_name
from workbench.project.session import ImportedDumps, Session
from workbench.quantize.platforms import WITH_ATTENTION
from workbench.sources.toolkit.options import numeric

RULES = 7  # raised when a stage computes something else from the same inputs


def sample_digest(sample: Sample) -> str:
    """The hash of one input's files."""
    return key_of_values([file_digest(path) for path in sample.files])


def golden_key(session: Session, model: Model, sample: Sample) -> str:
    """What a golden dump depends on."""
    imported = session.imports.get("golden")
    return key_of_values(
        [
            *_common(session, model),
            sample_digest(sample),
            list(session.tensors),
            [session.simulator != "none", _settings(session)] if session.tensors else None,
            None if imported is None else import_digest(imported),
        ]
    )


def calibration_key(session: Session, model: Model) -> str:
    """What the calibrated ranges depend on."""
    named = session.quant.type.activations  # the converts are named after it
    samples = [sample_digest(item) for item in session.dataset]
    attention = session.quant.target in WITH_ATTENTION
    return key_of_values([*_common(session, model), session.quant.algorithm, named, attention, samples])


def plan_key(path: Path) -> str:
    """What a plan in a file depends on, in the place of a calibration."""
    try:
        return f"plan-{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"
    except OSError as error:
        raise PlanError(f"{path} cannot be read: {error.strerror}.", "Import the plan again, or remove it.") from error


def changed_key(key: str, model: Model, others: Sequence[Path]) -> str:
    """A plan's key for a network that a fix wrote: golden values are another's and say nothing of it."""
    return key_of_values([key, model.digest, *map(file_digest, others)])


def simulator_key(session: Session, golden: str, calibration: str) -> str:
    """What a simulator dump depends on; `calibration` is "" where none is needed."""
    return settings_key(golden, calibration, _settings(session))


def settings_key(golden: str, calibration: str, quant: Mapping[str, Any]) -> str:
    """The same for quantization settings as JSON values."""
    return key_of_values([golden, calibration, dict(quant)])


def toolkit_key(session: Session, model: Model, sample: Sample, calibration: str) -> str:
    """What a dump of the vendor's simulator depends on, besides the toolkit's version, which the dump tells."""
    custom = [calibration, _settings(session), list(session.tensors)]
    instead = [] if session.dataset else [sample_digest(item) for item in session.samples]  # of a dataset
    options = numeric(session.toolkit_options)
    further = [options] if options else []  # dumps of before there were options stay valid
    return key_of_values(["toolkit", *_common(session, model), sample_digest(sample), *custom, instead, *further])


def rknn_key(session: Session, model: Model) -> str:
    """What the .rknn that the toolkit makes depends on."""
    samples = [sample_digest(item) for item in session.dataset or session.samples]
    options = dict(session.toolkit_options)
    return key_of_values(["rknn", *_common(session, model), _settings(session), samples, session.toolkit, options])


def board_key(session: Session, model: Model, sample: Sample, described: Mapping[str, Any]) -> str:
    """What a board's dump depends on, besides its software; `described` is what its description adds to the run."""
    board = session.board
    assert board is not None
    network = rknn_key(session, model) if board.rknn is None else file_digest(board.rknn)
    run = [board.name, board.runner, board.command, board.fed, board.is_native]
    further = [dict(described)] if described else []
    return key_of_values(["board", *_common(session, model), sample_digest(sample), network, run, *further])


def import_digest(imported: ImportedDumps) -> str:
    """The hash of dumps from elsewhere: of their files' names, sizes and times."""
    path = imported.path
    files = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
    try:
        sizes = [(item.stat().st_size, item.stat().st_mtime_ns) for item in files]
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.", "Import the dumps again.") from error
    names = [item.relative_to(path.parent).as_posix() for item in files]  # a session may be moved with its imports
    further = [dict(imported.layouts)] if imported.layouts else []  # dumps of before there were any stay valid
    return key_of_values([names, sizes, dict(imported.names), imported.layout, *further])


def pair_key(one: Path, other: Path) -> str:
    """What is made of two dumps depends on both; their names tell what they are."""
    return key_of_values([RULES, one.stem, other.stem])


def remove_unused(folder: Path, used: Iterable[Path]) -> None:
    """Delete dumps that no result refers to and no overlay needs, and what a killed run left half written.

    What cannot be deleted now, for somebody has it open or may not, is left to the next run.
    """
    with suppress(OSError):
        _remove_unused(folder, {path.resolve() for path in used})


def _remove_unused(folder: Path, keep: set[Path]) -> None:
    ours = [path for path in folder.iterdir() if path.is_file() and path.suffix in (".h5", ".json", ".part")]
    others = [path for path in ours if path.resolve() not in keep]
    if not others:
        return
    bases = {base.resolve() for path in keep if path.suffix == ".h5" and (base := _base_of(path)) is not None}
    for path in others:
        if path.resolve() not in bases:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _base_of(path: Path) -> Path | None:
    with suppress(DumpError), Dump(path) as dump:
        return dump.base
    return None


def _common(session: Session, model: Model) -> list[Any]:
    preprocess = {name: dataclasses.asdict(item) for name, item in session.preprocess.items()}
    reference = onnxruntime.__version__ if model.is_onnx else reference_name(model)
    return [RULES, reference, np.__version__, model.digest, preprocess]


def _settings(session: Session) -> dict[str, Any]:
    return dataclasses.asdict(session.quant)
