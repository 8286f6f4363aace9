"""What a run found, kept beside the session so that reopening computes nothing."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.compare.compare import Errors, LayerError
from workbench.foundation.errors import SessionError
from workbench.foundation.files import UNREADABLE, write_text
from workbench.quantize.encoding import Encoding

FILE = "results.json"
VERSION = 1
SOURCES = ("golden", "simulator", "runtime")
"""What is compared; in a comparison of other sides these are A, B and C."""
OWN_QUANTIZATION = "own quantization"  # the note of rows whose network is quantised already


class OutsideError(ValueError):
    """A file's name that leads out of the session's folder."""


@dataclass(frozen=True)
class Before:
    """The results that a what-if is compared with, as far as they are others.

    `rows` are theirs, by tensor, where a number has changed or the row is gone; `added` are the tensors of rows that
    they had not. `quant` are their quantization settings as JSON values, `simulator` their dumps.
    """

    quant: Mapping[str, Any]
    rows: Mapping[str, LayerError]
    added: frozenset[str]
    simulator: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting or version (`name`) and its value on each side of a comparison; "" where nobody knows."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """The layer table and where its tensors are.

    `dumps` maps "golden", "simulator", "simulator_single", "golden_deployed" (golden values of tensors that only the
    deployed graph has), "runtime" and "simulator_on_board" (the simulator on what the board gave each layer) to one
    file per analysed sample, in the samples' order. `sides` are titles where "golden", "simulator" and "runtime" stand
    for the sides of another comparison; then `differences` is what is known to differ between them and `inputs` are the
    files that they have in common. `layers_of` leads from a row's tensor to the layers of the user's network that it
    stands for. `unmatched` lists, per source, the tensors that have no partner. `quant` are the quantization settings
    as JSON values, `program` is the version that compared; `before` is there when single layers have other settings
    than in the results before. `times` is what the board took besides its layers, and all of them together, in µs
    (`sources.board.times`, `Times.summary`).
    """

    rows: tuple[LayerError, ...]
    outputs: tuple[str, ...] = ()
    unmatched: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dumps: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    layers_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    quant: Mapping[str, Any] = field(default_factory=dict)
    program: str = ""
    before: Before | None = None
    sides: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    inputs: tuple[str, ...] = ()
    times: Mapping[str, float] = field(default_factory=dict)


def save_results(results: Results, folder: Path) -> None:
    """Write `results.json` into the session's folder."""
    document: dict[str, Any] = {
        "version": VERSION,
        "rows": [_row_to_json(row) for row in results.rows],
        "outputs": list(results.outputs),
        "unmatched": {source: list(names) for source, names in results.unmatched.items()},
        "dumps": {source: _names(folder, paths) for source, paths in results.dumps.items()},
        "layers_of": {tensor: list(layers) for tensor, layers in results.layers_of.items()},
        "seconds": dict(results.seconds),
        "warnings": list(results.warnings),
        "quant": dict(results.quant),
        "program": results.program,
        **({"times": dict(results.times)} if results.times else {}),
    }
    if results.before is not None:
        document["before"] = _before_to_json(results.before, folder)
    write_text(folder / FILE, json.dumps(document, ensure_ascii=False) + "\n")


def load_results(folder: Path) -> Results | None:
    """What the last run left in `folder`; None where none has finished."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            return None
        return _from_json(document, folder)
    except OutsideError as error:
        raise SessionError(f"{path} cannot be used: {error}.", "Delete it and run the session again.") from error
    except UNREADABLE as error:
        raise SessionError(f"{path} is damaged or cut short.", "Delete it and run the session again.") from error


def _from_json(document: dict[str, Any], folder: Path) -> Results:
    return Results(
        rows=tuple(_row_from_json(row, index) for index, row in enumerate(document["rows"])),
        outputs=tuple(document["outputs"]),
        unmatched={source: tuple(names) for source, names in document["unmatched"].items()},
        dumps={source: tuple(_inside(folder, name) for name in names) for source, names in document["dumps"].items()},
        layers_of={tensor: tuple(layers) for tensor, layers in document["layers_of"].items()},
        seconds={stage: float(value) for stage, value in document["seconds"].items()},
        warnings=tuple(document["warnings"]),
        quant=dict(document.get("quant", {})),
        program=str(document.get("program", "")),
        before=_before_from_json(document["before"], folder) if "before" in document else None,
        times={name: float(value) for name, value in document.get("times", {}).items()},
    )


def _before_to_json(before: Before, folder: Path) -> dict[str, Any]:
    return {
        "quant": dict(before.quant),
        "rows": [{"index": row.index, **_row_to_json(row)} for row in before.rows.values()],
        "added": sorted(before.added),
        "simulator": _names(folder, before.simulator),
    }


def _before_from_json(document: dict[str, Any], folder: Path) -> Before:
    rows = [_row_from_json(row, int(row["index"])) for row in document["rows"]]
    return Before(
        quant=dict(document["quant"]),
        rows={row.tensor: row for row in rows},
        added=frozenset(document["added"]),
        simulator=tuple(_inside(folder, name) for name in document["simulator"]),
    )


def _names(folder: Path, paths: Iterable[Path]) -> list[str]:
    return [path.resolve().relative_to(folder.resolve()).as_posix() for path in paths]


def _inside(folder: Path, name: str) -> Path:
    """A file of the session; a name that leads out of its folder is refused."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise OutsideError(f"{name} is outside the session")
    return path


def _row_to_json(row: LayerError) -> dict[str, Any]:
    return {
        "op": row.op,
        "tensor": row.tensor,
        "golden": row.golden,
        "group": list(row.group),
        "shape": list(row.shape),
        "encoding": None if row.encoding is None else vars_of(row.encoding),
        "errors": {column: errors_to_json(errors) for column, errors in row.errors.items()},
        "matched_by": row.matched_by,
        "note": row.note,
        "golden_range": None if row.golden_range is None else [_number(value) for value in row.golden_range],
        **({"runtime": row.runtime} if row.runtime else {}),
        **({} if row.time_us is None else {"time_us": row.time_us, "on": row.on}),
    }


def vars_of(encoding: Encoding) -> dict[str, Any]:
    """An encoding as JSON values."""
    return {
        "dtype": encoding.dtype,
        "scale": list(encoding.scale),
        "zero_point": list(encoding.zero_point),
        "axis": encoding.axis,
        "layout": encoding.layout,
    }


def _row_from_json(document: dict[str, Any], index: int) -> LayerError:
    encoding, seen = document["encoding"], document.get("golden_range")
    return LayerError(
        index=index,
        op=document["op"],
        tensor=document["tensor"],
        golden=document["golden"],
        group=tuple(document["group"]),
        shape=tuple(document["shape"]),
        encoding=None if encoding is None else encoding_of(encoding),
        errors={column: errors_from_json(item) for column, item in document["errors"].items()},
        matched_by=document["matched_by"],
        note=document["note"],
        golden_range=None if seen is None else (float(seen[0]), float(seen[1])),
        runtime=str(document.get("runtime", "")),
        time_us=None if document.get("time_us") is None else float(document["time_us"]),
        on=str(document.get("on", "")),
    )


def encoding_of(document: dict[str, Any]) -> Encoding:
    """An encoding from JSON values."""
    return Encoding(
        dtype=document["dtype"],
        scale=tuple(document["scale"]),
        zero_point=tuple(document["zero_point"]),
        axis=document["axis"],
        layout=document["layout"],
    )


def errors_to_json(errors: Errors) -> dict[str, Any]:
    """Errors as JSON values."""
    return {
        "mean": {key: _number(value) for key, value in errors.mean.items()},
        "worst": {key: _number(value) for key, value in errors.worst.items()},
        "worst_sample": dict(errors.worst_sample),
        "samples": errors.samples,
        "each": {key: [_number(value) for value in values] for key, values in errors.each.items()},
    }


def errors_from_json(document: dict[str, Any]) -> Errors:
    """Errors from JSON values."""
    return Errors(
        mean={key: float(value) for key, value in document["mean"].items()},
        worst={key: float(value) for key, value in document["worst"].items()},
        worst_sample={key: int(value) for key, value in document["worst_sample"].items()},
        samples=int(document["samples"]),
        each={key: tuple(map(float, values)) for key, values in document.get("each", {}).items()},
    )


def _number(value: float) -> float | str:
    """JSON has no NaN and no infinities: they are written as strings, which float() reads back."""
    return value if math.isfinite(value) else str(value)
