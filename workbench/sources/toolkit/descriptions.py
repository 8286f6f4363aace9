"""Which toolkits there are: described in the user's settings, named by a variable, or set up in the checkout."""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import workbench
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import write_text
from workbench.foundation.settings import settings_folder

VARIABLE = "RKNN_TOOLKIT_PYTHON"
SILENCE = 1800.0
FOLDER = ".venv-toolkit"
KEYS = ("name", "python", "environment", "silence")


@dataclass(frozen=True)
class Toolkit:
    """An interpreter that has the vendor's toolkit; `environment` are variables that it needs besides.

    It counts as hung when it says nothing for `silence` seconds.
    """

    name: str
    python: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    silence: float = SILENCE


class DescriptionError(WorkbenchError):
    """A toolkit that is not there, or whose description cannot be read."""


def folder() -> Path:
    """Where the user's descriptions are, a TOML file each; need not exist."""
    return settings_folder() / "toolkits"


def described() -> tuple[Toolkit, ...]:
    """The toolkits: those of the settings by name, the one of RKNN_TOOLKIT_PYTHON, the one of the checkout."""
    found: dict[Path, Toolkit] = {}
    for toolkit in _all():
        found.setdefault(_same(toolkit.python), toolkit)
    return tuple(found.values())


def usual_toolkit() -> Toolkit:
    """The first that there is."""
    known = described()
    first = next((toolkit for toolkit in known if os.access(toolkit.python, os.X_OK)), None)
    if first is not None:
        return first
    if known:
        message = f"The toolkit {known[0].name} has no interpreter: {known[0].python} cannot be run."
    else:
        message = "The vendor's toolkit is not set up."
    raise DescriptionError(message, "Run `rknn-workbench doctor --setup-toolkit`, or describe one that is installed.")


def describe(toolkit: Toolkit) -> Path:
    """Write a description into the settings; gives its file."""
    path = folder() / f"{re.sub(r'[^0-9A-Za-z._-]+', '-', toolkit.name).strip('-.') or 'toolkit'}.toml"
    lines = [f"name = {_text(toolkit.name)}", f"python = {_text(str(toolkit.python.absolute()))}"]
    if toolkit.silence != SILENCE:
        lines.append(f"silence = {float(toolkit.silence)}")
    if toolkit.environment:
        lines += ["", "[environment]", *(f"{_text(key)} = {_text(text)}" for key, text in toolkit.environment.items())]
    write_text(path, "\n".join(lines) + "\n")
    return path


def forget(toolkit: Toolkit) -> None:
    """Remove the descriptions of a toolkit from the settings; the toolkit itself stays."""
    for path in sorted(folder().glob("*.toml")):
        if _same(read_description(path).python) == _same(toolkit.python):
            path.unlink(missing_ok=True)


def read_description(path: Path) -> Toolkit:
    """The toolkit that a file describes."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DescriptionError(f"{path} cannot be read: {error.strerror}.", "Describe the toolkit anew.") from error
    except ValueError as error:
        raise DescriptionError(f"{path} is no TOML: {error}.", "Correct the file, or delete it.") from error
    return _toolkit(document, path)


def _all() -> Iterator[Toolkit]:
    for path in sorted(folder().glob("*.toml")):
        yield read_description(path)
    if named := os.environ.get(VARIABLE):
        yield Toolkit(VARIABLE, Path(named))
    own = Path(workbench.__file__).resolve().parent.parent / FOLDER / "bin" / "python"
    if own.is_file():
        yield Toolkit(FOLDER, own)


def _toolkit(document: dict[str, Any], path: Path) -> Toolkit:
    environment, silence = document.get("environment", {}), document.get("silence", SILENCE)
    unknown = [key for key in document if key not in KEYS]
    if unknown:
        raise _refused(path, f"has the unknown key {unknown[0]!r}")
    if not isinstance(document.get("python"), str) or not document["python"]:
        raise _refused(path, "names no python")
    if not isinstance(environment, dict) or not all(isinstance(text, str) for text in environment.values()):
        raise _refused(path, "has an environment that is not a table of texts")
    if isinstance(silence, bool) or not isinstance(silence, int | float) or not silence > 0:
        raise _refused(path, "has a silence that is no positive number of seconds")
    python = Path(os.path.expandvars(document["python"])).expanduser()
    name = document.get("name", path.stem)
    return Toolkit(str(name), path.parent / python, environment, float(silence))


def _refused(path: Path, reason: str) -> DescriptionError:
    return DescriptionError(f"The description {path} {reason}.", f"Its keys are {', '.join(KEYS)}; python is needed.")


def _same(python: Path) -> Path:
    """Two names of one interpreter; a virtual environment's is a link to another's, so links stay."""
    return Path(os.path.normpath(python.absolute()))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
