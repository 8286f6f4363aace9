"""Which toolkits there are: described in the user's settings, named by a variable, or set up in the checkout."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.foundation import interpreters
from workbench.foundation.descriptions import is_environment, stem_of, write_description
from workbench.foundation.errors import WorkbenchError

VARIABLE, FOLDER = interpreters.TOOLKIT, interpreters.FOLDER
SILENCE = 1800.0
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


def described() -> tuple[Toolkit, ...]:
    """The toolkits: those of the settings by name, the one of RKNN_TOOLKIT_PYTHON, the one of the checkout.

    A description that cannot be read hides none of the others; `broken` tells it.
    """
    found: dict[Path, Toolkit] = {}
    for toolkit in _all():
        found.setdefault(_same(toolkit.python), toolkit)
    return tuple(found.values())


def broken() -> tuple[DescriptionError, ...]:
    """Why descriptions cannot be read: an error each."""
    return tuple(item for item in _read() if isinstance(item, DescriptionError))


def usual_toolkit() -> Toolkit:
    """The first that there is; without one, a description that cannot be read is the reason."""
    known = described()
    first = next((toolkit for toolkit in known if os.access(toolkit.python, os.X_OK)), None)
    if first is not None:
        return first
    for error in broken():
        raise error
    if known:
        message = f"The toolkit {known[0].name} has no interpreter: {known[0].python} cannot be run."
    else:
        message = "The vendor's toolkit is not set up."
    raise DescriptionError(message, "Run `rknn-workbench doctor --setup-toolkit`, or describe one that is installed.")


def describe(toolkit: Toolkit) -> Path:
    """Write a description into the settings; gives its file."""
    path = interpreters.description_folder() / f"{stem_of(toolkit.name, 'toolkit')}.toml"
    values: dict[str, str | float] = {"name": toolkit.name, "python": str(toolkit.python.absolute())}
    if toolkit.silence != SILENCE:
        values["silence"] = float(toolkit.silence)
    write_description(path, values, toolkit.environment)
    return path


def forget(toolkit: Toolkit) -> None:
    """Remove the descriptions of a toolkit from the settings; the toolkit itself stays."""
    for path, item in zip(interpreters.descriptions(), _read(), strict=True):
        if isinstance(item, Toolkit) and _same(item.python) == _same(toolkit.python):
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
    yield from (item for item in _read() if isinstance(item, Toolkit))
    if named := os.environ.get(VARIABLE):
        yield Toolkit(VARIABLE, Path(named))
    if (python := interpreters.beside(FOLDER)).is_file():
        yield Toolkit(FOLDER, python)


def _read() -> tuple[Toolkit | DescriptionError, ...]:
    """What each description says, or why it cannot be read."""
    return tuple(map(_toolkit_or_error, interpreters.descriptions()))


def _toolkit_or_error(path: Path) -> Toolkit | DescriptionError:
    try:
        return read_description(path)
    except DescriptionError as error:
        return error


def _toolkit(document: dict[str, Any], path: Path) -> Toolkit:
    environment, silence = document.get("environment", {}), document.get("silence", SILENCE)
    unknown = [key for key in document if key not in KEYS]
    if unknown:
        raise _refused(path, f"has the unknown key {unknown[0]!r}")
    python = interpreters.python_in(document, path)
    if python is None:
        raise _refused(path, "names no python")
    if not is_environment(environment):
        raise _refused(path, "has an environment that is not a table of texts")
    if isinstance(silence, bool) or not isinstance(silence, int | float) or not silence > 0:
        raise _refused(path, "has a silence that is no positive number of seconds")
    return Toolkit(str(document.get("name", path.stem)), python, environment, float(silence))


def _refused(path: Path, reason: str) -> DescriptionError:
    return DescriptionError(f"The description {path} {reason}.", f"Its keys are {', '.join(KEYS)}; python is needed.")


def _same(python: Path) -> Path:
    """Two names of one interpreter; a virtual environment's is a link to another's, so links stay."""
    return Path(os.path.normpath(python.absolute()))
