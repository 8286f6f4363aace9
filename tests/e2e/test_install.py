"""Rules of what an installation brings: what it asks for, its commands, and that the command line needs no Qt."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import workbench

ROOT = Path(__file__).resolve().parent.parent.parent

# stands for an installation without the extra `gui`: importing Qt fails as it does where it is absent
WITHOUT_QT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "pyqtgraph"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from workbench.cli.app import main
sys.exit(main(sys.argv[1:]))
"""


def run_without_qt(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-c", WITHOUT_QT, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel as it would be published, built here without the network."""
    pytest.importorskip("hatchling", reason="needs the build tools of packaging/requirements-dev.txt")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    (path,) = folder.glob("*.whl")
    return zipfile.Path(path)


def names_in(wheel: zipfile.Path) -> set[str]:
    return set(wheel.root.namelist())


def text_in(wheel: zipfile.Path, suffix: str) -> str:
    (name,) = (name for name in names_in(wheel) if name.endswith(suffix))
    return wheel.joinpath(name).read_text(encoding="utf-8")


def test_that_the_command_line_says_its_version_without_qt() -> None:
    done = run_without_qt("--version")

    assert (done.returncode, done.stderr) == (0, "")
    assert workbench.__version__ in done.stdout


def test_that_doctor_reports_without_qt() -> None:
    done = run_without_qt("doctor", "--json")

    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), dict)


def test_that_the_demo_is_analyzed_without_qt(tmp_path: Path) -> None:
    done = run_without_qt("demo", "--headless", "--json", "-o", str(tmp_path / "demo"))

    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["layers"]) >= 10


def test_that_asking_for_the_window_without_qt_says_how_to_get_it() -> None:
    done = run_without_qt()

    assert done.returncode == 2
    assert "[gui]" in done.stderr
    assert "Traceback" not in done.stderr


def test_that_the_module_and_the_command_are_the_same_program() -> None:
    command = [sys.executable, "-m", "workbench", "--version"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)

    assert workbench.__version__ in done.stdout


def test_that_the_wheel_installs_both_commands(wheel: zipfile.Path) -> None:
    commands = text_in(wheel, "entry_points.txt")

    assert "[console_scripts]\nrknn-workbench = workbench.cli.app:main" in commands
    assert "[gui_scripts]\nrknn-workbench-gui = workbench.ui.app:main" in commands


def test_that_qt_comes_only_with_the_window(wheel: zipfile.Path) -> None:
    required = re.findall(r"^Requires-Dist: (.*)$", text_in(wheel, "METADATA"), re.MULTILINE)
    unconditional = [line for line in required if "extra ==" not in line]

    assert [line for line in unconditional if re.match(r"(?i)pyside6|pyqtgraph|shiboken", line)] == []


def test_that_python_before_3_12_never_gets_the_qt_that_aborts_there(wheel: zipfile.Path) -> None:
    required = re.findall(r"^Requires-Dist: (pyside6-essentials.*)$", text_in(wheel, "METADATA"), re.M | re.I)

    assert [line for line in required if "<3.12" in line.replace("'", "").replace('"', "").replace(" ", "")]
    assert all("<6.12" in line for line in required if ">=" in line and "<" in line.split(";")[1])


def test_that_no_lock_file_names_a_package_index() -> None:
    locks = list((ROOT / "packaging").glob("requirements*.txt"))

    assert len(locks) == 3
    assert [
        path.name for path in locks if re.search(r"https?://|--(extra-)?index-url|--find-links", path.read_text())
    ] == []


def test_that_the_developers_lock_contains_the_users() -> None:
    users, developers = (
        set(re.findall(r"^[\w.-]+==\S+", (ROOT / "packaging" / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )

    assert users
    assert users - developers == set()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has sessions without a display")
def test_that_starting_the_window_without_a_display_names_the_way_without_one() -> None:
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in displays}
    command = ["bash", str(ROOT / "packaging" / "run.sh")]

    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)

    assert done.returncode == 2
    assert "--headless" in done.stderr
