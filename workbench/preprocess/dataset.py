"""Lists of samples: dataset.txt as Rockchip writes it, a folder, or files named one by one.

dataset.txt: one line a sample, the files of its inputs separated by blanks in the network's order. Paths are relative
to the list; a path with blanks stands in quotes; `#` begins a comment at the start of a line or after a blank.
"""

import codecs
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.foundation.errors import DatasetError
from workbench.graph.graph import Tensor
from workbench.preprocess.preprocess import SUFFIXES, Preprocess, feed, guess

MOST_REPORTED = 5
_ENTRY = re.compile(r'"([^"]*)"(?!\S)|\'([^\']*)\'(?!\S)|(\S+)')
_HINT = "Correct or remove what is named."
_COUNT_HINT = "Name one file for each input, separated by blanks; put paths that hold blanks into quotes."


@dataclass(frozen=True)
class Sample:
    """One file an input, in the network's order; `origin` says where it was named ("dataset.txt line 3")."""

    files: tuple[Path, ...]
    origin: str = ""


def read_dataset(path: Path, inputs: int) -> tuple[Sample, ...]:
    """The samples of a dataset.txt or a folder; all files exist, hold something and are of a known kind."""
    if path.is_dir():
        return _read_folder(path, inputs)
    found = [_parsed(text, path, inputs) for text in _texts(path)]
    samples, bad = min(found, key=lambda one: len(one[1]))  # the encoding in which most files exist
    if bad:
        raise _bad_entries(path.name, bad)
    if not samples:
        raise DatasetError(f"{path} names no sample.", "Write one line a sample: the paths of its input files.")
    return tuple(samples)


def samples_from_files(files: Sequence[Path], inputs: int) -> tuple[Sample, ...]:
    """Files in the network's order, `inputs` to a sample."""
    if inputs < 1:
        raise DatasetError("The network has no input to feed files to.", "Leave the files away.")
    if len(files) % inputs:
        message = f"{_count(len(files), 'file')} cannot be shared among {inputs} inputs."
        raise DatasetError(message, "Give one file for each input of a sample, in the network's order.")
    bad = [reason for path in files for reason in _file_problems(path)]
    if bad:
        raise DatasetError(_listed(bad), _HINT)
    return tuple(Sample(tuple(files[start : start + inputs])) for start in range(0, len(files), inputs))


def feeds(sample: Sample, inputs: Sequence[Tensor], settings: Mapping[str, Preprocess]) -> dict[str, np.ndarray]:
    """What the network takes, by input name; an input without settings gets those that its shape suggests."""
    if len(sample.files) != len(inputs):
        message = f"{_count(len(sample.files), 'file')} for {_count(len(inputs), 'input')}."
        raise _named(sample, DatasetError(message, _COUNT_HINT))
    try:
        return {
            tensor.name: feed(path, tensor, settings.get(tensor.name) or guess(tensor))
            for path, tensor in zip(sample.files, inputs, strict=True)
        }
    except DatasetError as error:
        raise _named(sample, error) from error


def _named(sample: Sample, error: DatasetError) -> DatasetError:
    return DatasetError(f"{sample.origin}: {error.message}", error.hint) if sample.origin else error


def _parsed(text: str, path: Path, inputs: int) -> tuple[list[Sample], list[tuple[str, str]]]:
    """The samples, and (origin, reason) of each entry that cannot be used."""
    samples, bad = [], []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        entries = _entries(line)
        if not entries:
            continue
        sample = Sample(tuple(path.parent / entry for entry in entries), f"{path.name} line {number}")
        samples.append(sample)
        bad += [(sample.origin, reason) for reason in _line_problems(sample, line.strip(), path.parent, inputs)]
    return samples, bad


def _texts(path: Path) -> list[str]:
    """What the file may say, likeliest first."""
    try:
        with path.open("rb") as file:
            head = file.read(8192)
            if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise DatasetError(
                    f"{path} is no list of files.", "Give a text file, or a folder of pictures or arrays."
                )
            return _decoded(head + file.read())
    except FileNotFoundError as error:
        raise DatasetError(f"{path} does not exist.", "Check the path.") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error


def _decoded(raw: bytes) -> list[str]:
    """UTF-8, or what Chinese Windows writes (a short GBK name can pass for UTF-8); else the file system's."""
    encodings = ("utf-16",) if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ("utf-8-sig", "gb18030")
    texts = []
    for encoding in encodings:
        try:
            texts.append(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return list(dict.fromkeys(texts)) or [os.fsdecode(raw)]


def _entries(line: str) -> list[str]:
    entries = []
    for match in _ENTRY.finditer(line):
        if (match[3] or "").startswith("#"):
            break
        entries.append(next(text for text in match.groups() if text is not None))
    return entries


def _line_problems(sample: Sample, line: str, folder: Path, inputs: int) -> list[str]:
    found = len(sample.files)
    if found == inputs:
        return [reason for path in sample.files for reason in _file_problems(path)]
    quotes = ", put the path into quotes" if inputs == 1 and not _file_problems(folder / line) else ""
    return [f"{_count(found, 'file')} for {_count(inputs, 'input')}{quotes}"]


def _file_problems(path: Path) -> list[str]:
    """Why the file cannot be fed to anything; [] or one clause."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return [f"{path} is not a file"]
    except FileNotFoundError:
        return [f"{path} does not exist"]
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        return [f"{str(path)!r} cannot be read ({getattr(error, 'strerror', None) or error})"]
    if path.suffix.lower() not in SUFFIXES:
        return [f"{path} is none of {', '.join(SUFFIXES)}"]
    if not found.st_size:
        return [f"{path} is empty"]
    return [] if os.access(path, os.R_OK) else [f"{path} may not be read (permission denied)"]


def _bad_entries(name: str, bad: Sequence[tuple[str, str]]) -> DatasetError:
    clauses = [f"{origin}: {reason}" for origin, reason in bad]
    shorter = [clauses[0], *(clause.removeprefix(f"{name} ") for clause in clauses[1:])]
    return DatasetError(_listed(shorter), _COUNT_HINT if " file" in bad[0][1] and " for " in bad[0][1] else _HINT)


def _listed(clauses: Sequence[str]) -> str:
    more = len(clauses) - MOST_REPORTED
    return "; ".join(clauses[:MOST_REPORTED]) + (f"; and {more} more." if more > 0 else ".")


def _read_folder(path: Path, inputs: int) -> tuple[Sample, ...]:
    if inputs != 1:
        hint = f"Write a dataset.txt whose lines name {inputs} files each, in the network's order."
        raise DatasetError(f"The folder {path} cannot feed a network of {_count(inputs, 'input')}.", hint)
    try:
        names = [entry.name for entry in os.scandir(path) if not entry.name.startswith(".") and entry.is_file()]
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    files = [path / name for name in _in_natural_order(names) if Path(name).suffix.lower() in SUFFIXES]
    if not files:
        hint = (
            f"Give {path / 'dataset.txt'}." if "dataset.txt" in names else "Give a folder that holds the files itself."
        )
        raise DatasetError(f"The folder {path} holds no file of {', '.join(SUFFIXES)}.", hint)
    bad = [reason for file in files for reason in _file_problems(file)]
    if bad:
        raise DatasetError(_listed(bad), _HINT)
    return tuple(Sample((file,)) for file in files)


def _in_natural_order(names: Iterable[str]) -> list[str]:
    """2.png before 10.png."""
    return sorted(
        names,
        key=lambda name: [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)],
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
