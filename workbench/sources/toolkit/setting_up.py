"""Installs the vendor's toolkit into an environment of its own, by the script that a checkout has for it."""

import os
import re
from pathlib import Path

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.process import ERR, Finished, lines_of
from workbench.foundation.resources import resource
from workbench.foundation.steps import Log, Progress, Steps
from workbench.sources.toolkit.descriptions import FOLDER, Toolkit, describe, described
from workbench.sources.toolkit.host import look

SCRIPT = "setup_toolkit.sh"
STAGE = "install"
SAID = re.compile(r"^\[toolkit\] ")
DOING = "Installing "
SHOWN = 3


class SetupError(WorkbenchError):
    """The toolkit could not be installed."""


def script() -> Path:
    """The script that installs it: of the checkout, or as it came with the installed program."""
    inside = resource(SCRIPT)
    return inside if inside.is_file() else resource().parent / "packaging" / SCRIPT


def usual_place() -> Path:
    """Where it is installed unless the user says otherwise: in a checkout, else with the user's data."""
    checkout = resource().parent
    if (checkout / "pyproject.toml").is_file() and os.access(checkout, os.W_OK):
        return checkout / FOLDER
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "rknn-workbench" / "toolkit"


def set_up(folder: Path, with_tensorflow: bool = False) -> Steps[Toolkit]:
    """Install the toolkit into `folder` and describe it; takes minutes, and nothing where it is there already.

    With TensorFlow it also loads networks of TensorFlow and TFLite. Closing ends the installation; what is half done
    is done anew next time.
    """
    options = ["--tensorflow"] if with_tensorflow else []
    steps = lines_of(["bash", str(script()), *options, str(folder.absolute())])
    said: list[str] = []
    number = 0
    yield Progress(STAGE, 0, 0)
    try:
        while True:
            line = next(steps)
            if line is None:
                yield Progress(STAGE, number, 0, said[-1].removeprefix(DOING) if said else "")
            elif line.stream == ERR and line.is_whole:
                text = SAID.sub("", line.text)
                said.append(text)
                number += 1
                yield Log(text)
    except StopIteration as stop:
        _refuse(stop.value, said, folder)
    finally:
        steps.close()
    return (yield from _described(folder))


def _refuse(finished: Finished, said: list[str], folder: Path) -> None:
    if finished.code == 0:
        return
    lines = " ".join(said[-SHOWN:]) or finished.signal
    raise SetupError(
        f"The toolkit could not be installed into {folder}: {lines}",
        "Check the connection to your package index and the room there, then try again.",
    )


def _described(folder: Path) -> Steps[Toolkit]:
    """The installed toolkit, described unless it is already; it must start."""
    python = folder.absolute() / "bin" / "python"
    known = next((toolkit for toolkit in described() if toolkit.python == python), None)
    versions = yield from look(known or Toolkit("", python))
    if known is not None:
        return known
    names = {toolkit.name for toolkit in described()}
    name = f"{versions.name} {versions.version}"
    toolkit = Toolkit(name if name not in names else f"{name} {folder.name}", python)
    describe(toolkit)
    return toolkit
