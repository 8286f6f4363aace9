"""`doctor`: what works here, what is missing, how to get it."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import workbench
from workbench.cli.console import print_json, run, tell, write_out
from workbench.cli.options import Common
from workbench.foundation.errors import SettingsError, WorkbenchError
from workbench.foundation.steps import drain

if TYPE_CHECKING:
    from workbench.sources.toolkit.descriptions import Toolkit

OK, OPTIONAL, PROBLEM = "ok", "optional", "problem"
NEEDED = (
    "numpy",
    "onnx",
    "onnxruntime",
    "h5py",
    "opencv-python-headless",
    "pydantic",
    "ruamel.yaml",
    "jinja2",
    "typer",
    "rich",
    "paramiko",
    "adbutils",
)
WINDOW = ("PySide6-Essentials", "pyqtgraph")
GUI_HINT = 'pip install "rknn-workbench[gui]"'
OLDEST = (3, 11)
LEAST_ROOM = 2**30  # bytes; dumps of a large network take some hundred megabytes
LOADERS = (
    "onnx",
    "torch",
    "tensorflow",
)  # caffe, darknet and tflite need no package of their own but tflite's tensorflow
SYMBOLS = {OK: "●", OPTIONAL: "◌", PROBLEM: "✖"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `fix` says how to get what is missing."""

    name: str
    state: str
    text: str
    fix: str = ""


@dataclass(frozen=True)
class Setup:
    """What is to be installed."""

    setup_toolkit: Annotated[
        bool, typer.Option("--setup-toolkit", help="Install the vendor's toolkit into an interpreter of its own.")
    ] = False
    tensorflow: Annotated[
        bool, typer.Option("--tensorflow", help="With the TensorFlow that TFLite and TensorFlow networks need.")
    ] = False


def doctor(
    common: Common,
    setup: Setup,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where the toolkit is installed.")] = None,
) -> int:
    """Say what works here, what is missing and how to get it."""
    if setup.setup_toolkit:
        _set_up(folder, setup.tensorflow, common)
    elif folder is not None or setup.tensorflow:
        raise SettingsError("A folder and --tensorflow say how the toolkit is set up.", "Add --setup-toolkit.")
    found = list(checks())
    status = 2 if any(check.state == PROBLEM for check in found) else 0
    if common.json:
        document = {"schema": 1, "version": workbench.__version__, "checks": [asdict(check) for check in found]}
        print_json(document)
    else:
        write_out("".join(f"{_line(check)}\n" for check in found))
    return status


def checks() -> Iterator[Check]:
    """Everything that the program needs or can use."""
    yield _python()
    yield from (_package(name) for name in NEEDED)
    yield from _opencv_builds()
    yield from (_package(name, GUI_HINT) for name in WINDOW)
    yield from _qt_pair(_version("PySide6-Essentials") or _version("PySide6"), sys.version_info[:2])
    yield from _display()
    yield from _runtime()
    yield _writable(Path.cwd(), "current folder")
    yield _writable(Path(tempfile.gettempdir()), "temporary folder")
    yield _demo()
    yield _adb()
    yield from boards()
    yield from toolkits()


def _set_up(folder: Path | None, with_tensorflow: bool, common: Common) -> None:
    from workbench.sources.toolkit.setting_up import set_up, usual_place

    toolkit = run(set_up(folder or usual_place(), with_tensorflow), common.quiet)
    tell(common, f"The toolkit is set up: {toolkit.python}")


def _line(check: Check) -> str:
    fix = f"  → {check.fix}" if check.fix else ""
    return f"{SYMBOLS[check.state]} {check.name:24} {check.text}{fix}"


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST:
        return Check("Python", PROBLEM, version, "Install Python 3.11 or later.")
    return Check("Python", OK, f"{version} ({sys.executable})")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _package(name: str, optional_hint: str = "") -> Check:
    version = _version(name)
    if version:
        return Check(name, OK, version)
    if optional_hint:
        return Check(name, OPTIONAL, "not installed; the window needs it", optional_hint)
    return Check(name, PROBLEM, "not installed", f"pip install {name}")


def _opencv_builds() -> Iterator[Check]:
    """Two builds overwrite each other's files, and the one with windows bundles a second Qt."""
    others = ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless")
    for other in others:
        if _version(other):
            fix = f"pip uninstall {other} opencv-python-headless, then pip install opencv-python-headless"
            yield Check("OpenCV builds", PROBLEM, f"{other} is installed beside the headless build", fix)


def _qt_pair(qt: str, python: tuple[int, ...]) -> Iterator[Check]:
    """PySide6 6.12 corrupts reference counts on Python before 3.12 (ARCHITECTURE, Dependencies)."""
    if not qt:
        return
    if qt.startswith("6.12") and python < (3, 12):
        fix = 'pip install "PySide6-Essentials<6.12", or use Python 3.12'
        yield Check("PySide6 and Python", PROBLEM, f"PySide6 {qt} aborts on Python {python[0]}.{python[1]}", fix)
    else:
        yield Check("PySide6 and Python", OK, f"PySide6 {qt} runs on Python {python[0]}.{python[1]}")


def _display() -> Iterator[Check]:
    if sys.platform in ("win32", "darwin"):
        return
    name = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if name:
        yield Check("display", OK, name)
    else:
        fix = "start it on a desktop, or use the command line: rknn-workbench demo --headless"
        yield Check("display", OPTIONAL, "none, so no window can open", fix)


def _runtime() -> Iterator[Check]:
    try:
        import onnxruntime
    except ImportError as error:
        yield Check("ONNX Runtime", PROBLEM, f"cannot be loaded: {error}", "pip install --force-reinstall onnxruntime")
        return
    yield Check("ONNX Runtime", OK, f"loads, with {', '.join(onnxruntime.get_available_providers())}")


def _writable(folder: Path, name: str) -> Check:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"workbench")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check(name, PROBLEM, f"{folder}: {error.strerror or error}", "Change to a folder you can write to.")
    state = OK if free >= LEAST_ROOM else OPTIONAL
    fix = "" if state == OK else "free some room: the dumps of a large network need it"
    return Check(name, state, f"{folder} can be written, {free / 2**30:.1f} GiB free", fix)


def _demo() -> Check:
    from workbench.foundation.resources import resource

    wanted = [resource("demo", name) for name in ("demo.onnx", "dataset.txt")] + [resource("report", "report.html.j2")]
    missing = [str(path) for path in wanted if not path.is_file()]
    if missing:
        return Check("program files", PROBLEM, f"missing: {', '.join(missing)}", "Install rknn-workbench again.")
    return Check("program files", OK, f"demo network and report template in {resource()}")


def _adb() -> Check:
    found = shutil.which("adb")
    if found:
        return Check("adb", OK, found)
    return Check("adb", OPTIONAL, "not on the path; boards on a USB cable are reached through it", "apt install adb")


def boards() -> Iterator[Check]:
    """The boards that are described; none is connected, as one that is switched off is no fault of this machine."""
    from workbench.sources.board.descriptions import broken_boards, described_boards

    yield from (Check("board", PROBLEM, error.message, error.hint) for error in broken_boards())
    yield from (Check("board", OK, f"{board.name} ({board.link})") for board in described_boards())


def toolkits() -> Iterator[Check]:
    """The vendor's toolkits that are described; each is started, as it lives in an interpreter of its own."""
    from workbench.sources.toolkit.descriptions import broken, described

    known, unread = described(), broken()
    yield from (Check("vendor toolkit", PROBLEM, error.message, error.hint) for error in unread)
    yield from map(_toolkit, known)
    if not known and not unread:
        text = "none is described; it converts to .rknn, and simulates as the vendor does"
        yield Check("vendor toolkit", OPTIONAL, text, "rknn-workbench doctor --setup-toolkit")


def _toolkit(toolkit: "Toolkit") -> Check:
    from workbench.sources.toolkit.host import look

    try:
        found = drain(look(toolkit))
    except WorkbenchError as error:
        return Check("vendor toolkit", OPTIONAL, f"{toolkit.name} ({toolkit.python}): {error.message}", error.hint)
    loads = ", ".join(f"{name} {version}".strip() for name, version in found.frameworks.items() if name in LOADERS)
    text = f"{found.name} {found.version}, Python {found.python}, loads {loads or 'nothing'} ({toolkit.python})"
    return Check("vendor toolkit", OK, text)
