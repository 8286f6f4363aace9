"""Reports of defects: a text file each, for the user to read and to send. Nothing is ever sent from here."""

import itertools
import locale
import os
import platform
import shlex
import sys
import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import metadata
from pathlib import Path

import workbench
from workbench.foundation.files import write_text
from workbench.foundation.redaction import redacted
from workbench.foundation.settings import settings_folder

KEPT = 20
LONGEST = 100_000  # characters of one part of a report
PACKAGES = (
    "numpy", "onnx", "onnxruntime", "opencv-python-headless", "h5py", "protobuf", "pydantic", "paramiko", "adbutils",
    "distributed", "PySide6-Essentials", "pyqtgraph",
)  # fmt: skip
"""Those whose versions matter: native code, and what talks to other programs."""
ABOUT = """\
It is a text for whoever maintains the program. Nothing was sent. Read it before you send it: your home folder and
your name are written as ~, what is given as a secret as …; names of files, networks and tensors stand as they are.
"""

_written: dict[tuple[Path, str], Path] = {}
_numbers = itertools.count()


def crashes_folder() -> Path:
    """Where reports are written; need not exist."""
    return settings_folder() / "crashes"


def report_defect(error: BaseException, started: str, said: Sequence[str] = ()) -> Path | None:
    """Write what is known of a defect; None where that is not possible.

    `started` is how the program was, `said` is what it told last. What comes again from the same line of the same
    process, as it may with every painting of a view, has its report already.
    """
    try:
        trace = "".join(traceback.format_exception(error))
        place = crashes_folder(), "".join(traceback.format_tb(error.__traceback__)) or trace
        if place not in _written or not _written[place].is_file():
            title = f"defect: {traceback.format_exception_only(error)[0].partition(chr(10))[0]}"
            parts = {"Trace": trace, "What was said last": "\n".join(said)}
            _written[place] = write_report(title, datetime.now().astimezone(), started, parts)
        return _written[place]
    except Exception:  # noqa: BLE001 - whatever fails here must not hide the defect, which is told anyway
        return None


def write_report(title: str, when: datetime, started: str, parts: Mapping[str, str]) -> Path:
    """Write a report with these parts and forget the oldest; a `WorkbenchError` where it cannot be written."""
    name = f"crash-{when:%Y%m%d-%H%M%S}-{os.getpid()}-{next(_numbers)}.txt"
    lines = [f"RKNN Workbench, {title[:500]}", "", ABOUT, *(f"{name}: {fact}" for name, fact in _facts(when, started))]
    for heading, text in parts.items():
        lines += ["", f"== {heading} ==", "", _clipped(text).rstrip()] if text.strip() else []
    text = redacted("\n".join(lines)) + "\n"
    path = crashes_folder() / name
    write_text(path, text)
    _forget_oldest()
    return path


def started_as(program: str, arguments: Sequence[str]) -> str:
    """The command as it was typed."""
    return shlex.join([program, *arguments])


def _facts(when: datetime, started: str) -> list[tuple[str, str]]:
    bits = "64" if sys.maxsize > 2**32 else "32"
    encodings = f"{sys.getfilesystemencoding()} for names of files"
    return [
        ("time", f"{when:%Y-%m-%d %H:%M:%S %z}"),
        ("version", workbench.__version__),
        ("started", started),
        ("Python", f"{platform.python_version()} ({platform.python_implementation()}, {bits} bit)"),
        ("system", platform.platform()),
        ("packages", ", ".join(f"{name} {version}" for name in PACKAGES if (version := _version(name)))),
        ("locale", f"{locale.setlocale(locale.LC_CTYPE)}, {encodings}"),
    ]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _clipped(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]}\n…\n{text[-LONGEST // 2 :]}"


def _forget_oldest() -> None:
    """Their names are in the order of time."""
    for path in sorted(crashes_folder().glob("crash-*.txt"))[:-KEPT]:
        path.unlink(missing_ok=True)
