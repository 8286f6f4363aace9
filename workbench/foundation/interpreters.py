"""Other Python interpreters of this machine, for libraries that are not installed in the workbench's own."""

import importlib.util
import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import workbench
from workbench.foundation.settings import settings_folder

OWN, TOOLKIT = "RKNN_WORKBENCH_PYTHON", "RKNN_TOOLKIT_PYTHON"
"""Variables that name an interpreter; the first one is the user's for this purpose."""
FOLDER = ".venv-toolkit"


def with_module(name: str) -> Path | None:
    """An interpreter that has a top-level module: this one, one that the user named, or a described toolkit's.

    It is looked for as a folder among the installed packages; nothing is run. The standalone program is no interpreter.
    """
    if not is_standalone() and importlib.util.find_spec(name) is not None:
        return Path(sys.executable)
    return next((python for python in interpreters() if _has(python, name)), None)


def is_standalone() -> bool:
    """Whether this is the program in one folder, which brings a Python that runs nothing else."""
    return bool(getattr(sys, "frozen", False))


def interpreters() -> Iterator[Path]:
    """The other interpreters that are known."""
    named = [Path(os.environ[variable]) for variable in (OWN, TOOLKIT) if os.environ.get(variable)]
    for python in (*named, *_described(), beside()):
        if os.access(python, os.X_OK):
            yield python


def beside(folder: str = FOLDER) -> Path:
    """Where the interpreter of a toolkit that was set up in the checkout is; need not exist."""
    return Path(workbench.__file__).resolve().parent.parent / folder / "bin" / "python"


def description_folder() -> Path:
    """Where toolkits are described, a TOML file each; need not exist."""
    return settings_folder() / "toolkits"


def descriptions() -> list[Path]:
    """The files that describe toolkits, by name."""
    return sorted(description_folder().glob("*.toml"))


def python_in(document: dict[str, Any], path: Path) -> Path | None:
    """The interpreter that the description in `path` names; a relative one starts there."""
    python = document.get("python")
    if not isinstance(python, str) or not python:
        return None
    return path.parent / Path(os.path.expandvars(python)).expanduser()


def _described() -> Iterator[Path]:
    """Those of the toolkits in the settings; a description that is broken is told where toolkits are asked for."""
    for path in descriptions():
        try:
            python = python_in(tomllib.loads(path.read_text(encoding="utf-8")), path)
        except (OSError, ValueError):
            continue
        if python is not None:
            yield python


def _has(python: Path, name: str) -> bool:
    places = ("lib/python3*/site-packages", "lib/python3*/dist-packages", "lib64/python3*/site-packages")
    return any((folder / name).is_dir() for place in places for folder in python.parent.parent.glob(place))
