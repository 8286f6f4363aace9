"""The dumps of a run as folders of `.npy` files that any tool reads."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from workbench.dump.store import Dump
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import RESERVED, cannot_write
from workbench.foundation.steps import Progress, Steps
from workbench.report.inputs import RunResults

SOURCES = ("golden", "simulator", "simulator_single", "runtime")
ALSO = {"golden": "golden_deployed"}  # golden values of tensors that the user's network has not
LIST = "tensors.json"
NAME_LIMIT = 100


def write_npy(results: RunResults, folder: Path) -> Steps[Path]:
    """One float32 `.npy` a tensor, in the network's own layout, and `tensors.json`.

    The first sample lies in `folder` itself, the others in `sample_1`, `sample_2`, … of the same form. The folder is
    complete or absent; an earlier export is replaced, anything else in its place is refused.
    """
    try:
        _check_free(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name[:60]}.", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        yield from _fill(results, part)
        _take_place(part, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


class FileNames:
    """File names for tensors: every system can store them, and no two are alike even where case is ignored."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, tensor: str) -> str:
        """A new name that ends in `.npy`."""
        stem = re.sub(r"[^0-9A-Za-z_.\-]", "_", tensor).strip(".")[:NAME_LIMIT] or "_"
        if RESERVED.fullmatch(stem):
            stem = f"_{stem}"
        free, number = stem, 1
        while free.lower() in self._taken:
            number += 1
            free = f"{stem}-{number}"
        self._taken.add(free.lower())
        return f"{free}.npy"


def _check_free(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / LIST).is_file():
        raise WorkbenchError(
            f"{folder} already holds files that are not an export.", "Choose a new folder with -o, or empty this one."
        )
    if folder.exists() and not folder.is_dir():
        raise WorkbenchError(f"{folder} is a file.", "Choose a folder with -o; npy needs many files.")


def _fill(results: RunResults, folder: Path) -> Steps[None]:
    samples = max((len(paths) for paths in results.dumps.values()), default=0)
    if samples == 0:
        raise WorkbenchError("The session has no tensors to export.", "Run analyze first.")
    for number in range(samples):
        place = folder if number == 0 else folder / f"sample_{number}"
        yield from _fill_sample(results, number, place)


def _fill_sample(results: RunResults, number: int, folder: Path) -> Steps[None]:
    entries: list[dict[str, str]] = []
    for source in SOURCES:
        paths = results.dumps.get(source, ())
        if number >= len(paths):
            continue
        names = FileNames()
        for path in (paths[number], *results.dumps.get(ALSO.get(source, ""), ())[number : number + 1]):
            with Dump(path) as dump:
                known = {entry["tensor"] for entry in entries if entry["dump"] == source}
                own = [name for name in dump.names if name not in known]
                for done, entry in enumerate(_save_all(dump, own, source, names, folder), 1):
                    entries.append(entry)
                    yield Progress(f"export {source}", done, len(own), entry["tensor"])
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(entries, indent=1, ensure_ascii=False)
    (folder / LIST).write_text(text + "\n", encoding="utf-8")


def _save_all(
    dump: Dump, tensors: Iterable[str], source: str, names: FileNames, folder: Path
) -> Iterator[dict[str, str]]:
    (folder / source).mkdir(parents=True, exist_ok=True)
    for tensor in tensors:
        file = f"{source}/{names.name(tensor)}"
        np.save(folder / file, np.ascontiguousarray(dump[tensor], np.float32).reshape(dump.shape(tensor)))
        yield {"tensor": tensor, "file": file, "op": dump.op(tensor), "dump": source}


def _take_place(part: Path, folder: Path) -> None:
    """Put `part` where `folder` is; an earlier export goes only when the new one is complete."""
    part.chmod(0o755)
    if not folder.exists():
        part.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name[:60]}.", suffix=".old", dir=folder.parent))
    folder.rename(old / "folder")
    try:
        part.rename(folder)
    except OSError:
        (old / "folder").rename(folder)
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)
