"""Other Python interpreters of this machine, for libraries that are not installed in the workbench's own."""

import importlib.util
import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import workbench
from workbench.foundation.settings import settings_folder

VARIABLES = ("RKNN_WORKBENCH_PYTHON", "RKNN_TOOLKIT_PYTHON")
"""Name interpreters; the first one is the user's for this purpose."""
BESIDE = ".venv-toolkit"


def with_module(name: str) -> Path | None:
    """An interpreter that has a top-level module: this one, one that the user named, or a described toolkit's.

    It is looked for as a folder among the installed packages; nothing is run.
    """
    if importlib.util.find_spec(name) is not None:
        return Path(sys.executable)
    return next((python for python in interpreters() if _has(python, name)), None)


def interpreters() -> Iterator[Path]:
    """The other interpreters that are known."""
    named = [Path(os.environ[variable]) for variable in VARIABLES if os.environ.get(variable)]
    beside = Path(workbench.__file__).resolve().parent.parent / BESIDE / "bin" / "python"
    for python in (*named, *_described(), beside):
        if os.access(python, os.X_OK):
            yield python


def _described() -> Iterator[Path]:
    """Those of the toolkits in the settings; a description that is broken is told where toolkits are asked for."""
    for path in sorted((settings_folder() / "toolkits").glob("*.toml")):
        try:
            python = tomllib.loads(path.read_text(encoding="utf-8")).get("python")
        except (OSError, ValueError):
            continue
        if isinstance(python, str):
            yield path.parent / Path(os.path.expandvars(python)).expanduser()


def _has(python: Path, name: str) -> bool:
    places = ("lib/python3*/site-packages", "lib/python3*/dist-packages", "lib64/python3*/site-packages")
    return any((folder / name).is_dir() for place in places for folder in python.parent.parent.glob(place))
