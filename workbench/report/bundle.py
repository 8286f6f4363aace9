"""The texts of a bundle for the vendor, and the zip file that holds it."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.compare.compare import COLUMNS, LayerError
from workbench.foundation.files import atomic_path, cannot_write, portable
from workbench.foundation.steps import Progress, Steps

README = "README.md"
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file: the same bundle has the same bytes
METRICS = ("cos", "euc", "nan", "inf")

_WHOLE = "The network, its inputs and the calibration set are as the user has them."
_SCRAMBLED = (
    "The user's data is left out: the weights of each output channel, and the values of each channel of the inputs and "
    "of the calibration set, are in another order. The numbers here are those of this network and of these inputs."
)
_CUT = (
    "The user's network and pictures are left out: this is the part that computes the layers in question, and its "
    "inputs are the float values that the whole network gives it. The numbers here are those of this part."
)
HIDDEN = {"": _WHOLE, "scrambled": _SCRAMBLED, "cut": _CUT}
"""What a bundle says of what it leaves out."""


@dataclass(frozen=True)
class About:
    """What the README tells. `layers` are the rows in question, `findings` a line each, `versions` by name.

    `missing` are sentences about what the calls of the toolkit do not do.
    """

    title: str
    hidden: str
    layers: Sequence[LayerError]
    versions: Mapping[str, str]
    findings: Sequence[str] = ()
    missing: Sequence[str] = ()
    has_script: bool = True


def readme(about: About) -> str:
    """What is in the bundle and how the error is shown."""
    lines = [f"# {about.title}", "", HIDDEN[about.hidden], ""]
    if about.has_script:
        lines += ["Show it: `python reproduce.py`, with the interpreter that has rknn-toolkit2 and nothing else.", ""]
    lines += [*(f"Note: {sentence}" for sentence in about.missing), ""] if about.missing else []
    lines += ["## Layers in question", "", "| tensor | operator | errors |", "|---|---|---|"]
    lines += [f"| `{_cell(row.tensor)}` | {_cell(row.op)} | {errors_of(row)} |" for row in about.layers]
    if about.findings:
        lines += ["", "## What was found", "", *(f"- {_cell(line)}" for line in about.findings)]
    lines += ["", "## Versions", "", *(f"- {_cell(name)}: {_cell(told)}" for name, told in about.versions.items())]
    return "\n".join([*lines, "", _FILES]) + "\n"


def errors_of(row: LayerError) -> str:
    """The errors of a row in words: `simulator.entire cos 0.99 euc 1.2; …`."""
    parts = []
    for column in COLUMNS:
        mean = row.errors[column].mean if column in row.errors else {}
        numbers = " ".join(f"{key} {mean[key]:.6g}" for key in METRICS if key in mean and _is_told(key, mean[key]))
        parts += [f"{column} {numbers}"] if numbers else []
    return "; ".join(parts) or "none"


def write_zip(folder: Path, path: Path) -> Steps[Path]:
    """All files of a folder, in the order of their names; the zip is complete or absent."""
    files = sorted(item for item in folder.rglob("*") if item.is_file())
    try:
        with atomic_path(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for number, file in enumerate(files):
                name = file.relative_to(folder).as_posix()
                yield Progress("bundle", number, len(files), name)
                info = zipfile.ZipInfo(f"{portable(path.stem)}/{name}", EPOCH)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with archive.open(info, "w", force_zip64=True) as target:
                    _copy(file, target)
    except OSError as error:
        raise cannot_write(path, error) from error
    yield Progress("bundle", len(files), len(files))
    return path


def plain_json(document: Any) -> str:
    """A document as a file holds it."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _copy(file: Path, target: Any) -> None:
    with file.open("rb") as source:
        while block := source.read(1 << 20):
            target.write(block)


def _is_told(key: str, value: float) -> bool:
    return bool(value) or key not in ("nan", "inf")


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("`", "'").split())


_FILES = """## Files

- `reproduce.py`, `calls.json`, `dataset.txt`: the calls of the toolkit, and the script that makes them
- the network, `fed/`: what they take; inputs are arrays before normalisation, channels first
- `settings.json`, `versions.json`: what was chosen, and with what it was computed
- `layers.csv`, `layers.json`: the table of all layers; `findings.json`: the diagnosis, where there is one
- `dumps/`: the tensors of the layers in question and what they take, one `.npy` each, listed in `dumps/tensors.json`"""
