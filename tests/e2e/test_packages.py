"""Rules of what is published: archive and wheel hold what they should, and work where the checkout is not."""

import json
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import workbench
from tests.packages import opens_demo, plain

ROOT = Path(__file__).resolve().parent.parent.parent
WRITER = ROOT / "packaging" / "wheel.py"
FULL_NAME = f"rknn_workbench-{workbench.__version__}"
IN_SDIST = ("workbench/", "resources/", "tests/", "packaging/")
LARGEST = 16_000_000
"""Bytes of a wheel; the pictures of the help and of the demo are most of it."""

SOME_TESTS = ("tests/unit/foundation", "tests/unit/report", "tests/unit/test_demo.py")


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own, which has the packages it needs, and not the checkout."""

    environment: Path
    elsewhere: Path

    def command(self, name: str) -> Path:
        """The program that the installation made."""
        return self.environment / ("Scripts" if sys.platform == "win32" else "bin") / name

    def run(self, name: str, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run one to its end, in a folder that has nothing of the project."""
        command = [str(self.command(name)), *arguments]
        place = folder or self.elsewhere
        return subprocess.run(
            command, cwd=place, env=plain(), capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
        )


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with both files, built here without the network."""
    pytest.importorskip("hatchling", reason="needs the build tools of packaging/requirements-dev.txt")
    folder = tmp_path_factory.mktemp("published")
    subprocess.run([sys.executable, str(WRITER), str(folder)], check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def wheel(published: Path) -> Path:
    return published / f"{FULL_NAME}-py3-none-any.whl"


@pytest.fixture(scope="module")
def source(published: Path) -> Path:
    """The unpacked source archive."""
    with tarfile.open(published / f"{FULL_NAME}.tar.gz") as archive:
        archive.extractall(published / "source", filter="data")
    return published / "source" / FULL_NAME


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    environment, elsewhere = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("elsewhere")
    venv.create(environment, with_pip=False, symlinks=sys.platform != "win32")
    result = Installed(environment, elsewhere)
    pip = [sys.executable, "-m", "pip", "--python", str(result.command("python")), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True, timeout=300)
    lend_packages(environment)
    return result


def lend_packages(environment: Path) -> None:
    """Let it use the packages that the tests have; the checkout, which is a .pth among them, is not read from there."""
    (packages,) = (path for path in environment.rglob("site-packages") if path.is_dir())
    (packages / "lent.pth").write_text(str(Path(pytest.__file__).parent.parent), encoding="utf-8")


def tracked() -> set[str]:
    """The files of the project, those too that are not committed yet."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if listed.returncode != 0:
        pytest.skip("needs the checkout: only git knows which files belong to the project")
    return {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}


def test_that_the_wheel_holds_the_package_its_resources_and_nothing_else(wheel: Path) -> None:
    own = {name for name in tracked() if name.startswith("workbench/")}
    resources = {f"workbench/{name}" for name in tracked() if name.startswith("resources/")}
    about = {f"{FULL_NAME}.dist-info/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt")}
    others = {"workbench/resources/setup_toolkit.sh", f"{FULL_NAME}.dist-info/licenses/LICENSE"}

    assert set(zipfile.ZipFile(wheel).namelist()) == own | resources | about | others


def test_that_the_source_archive_holds_what_builds_and_tests_it(source: Path) -> None:
    held = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    expected = {name for name in tracked() if name.startswith(IN_SDIST) or ("/" not in name and name.endswith(".md"))}

    assert held == expected | {"LICENSE", "CITATION.cff", "pyproject.toml", ".gitignore", "PKG-INFO"}


def test_that_the_wheel_is_small_enough_to_fetch(wheel: Path) -> None:
    assert wheel.stat().st_size < LARGEST


def test_that_the_installed_command_is_of_the_wheel(installed: Installed) -> None:
    done = installed.run("python", "-c", "import workbench; print(workbench.__file__)")

    assert Path(done.stdout.strip()).is_relative_to(installed.environment)
    assert installed.run("rknn-workbench", "--version").stdout == f"rknn-workbench {workbench.__version__}\n"


def test_that_the_installed_demo_runs_without_a_window(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("rknn-workbench", "demo", "--headless", "--json", "-o", str(tmp_path / "demo"))

    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["layers"]) >= 10
    assert (tmp_path / "demo" / "report.html").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="a program without a console takes no Ctrl+C there")
def test_that_the_installed_window_opens_the_demo(installed: Installed, tmp_path: Path) -> None:
    assert opens_demo(installed.command("rknn-workbench-gui"), tmp_path / "demo") == (True, 0, "")


def test_that_the_source_archives_tests_pass_with_the_installed_wheel(
    installed: Installed, source: Path, tmp_path: Path
) -> None:
    place = tmp_path / "source"
    shutil.copytree(source, place)
    shutil.rmtree(place / "workbench")
    shutil.rmtree(place / "resources")
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "tests"), *SOME_TESTS]

    done = installed.run("python", *command, folder=place)

    assert done.returncode == 0, done.stdout[-4000:]


INSTALLERS = {
    "uv": ("uv", "tool", "install", "--quiet", "--python", sys.executable),
    "pipx": ("pipx", "install", "--quiet", "--python", sys.executable),
}


@pytest.mark.parametrize("command", INSTALLERS.values(), ids=INSTALLERS)
def test_that_uv_and_pipx_install_it_as_a_tool(command: tuple[str, ...], wheel: Path, tmp_path: Path) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}, which fetches all packages once")
    folders = {"UV_TOOL_DIR": "tools", "UV_TOOL_BIN_DIR": "bin", "PIPX_HOME": "tools", "PIPX_BIN_DIR": "bin"}
    environment = plain() | {name: str(tmp_path / folder) for name, folder in folders.items()}
    subprocess.run([*command, f"{wheel}[gui]"], cwd=tmp_path, env=environment, check=True, timeout=600)

    program = [str(tmp_path / "bin" / "rknn-workbench"), "doctor", "--json"]
    done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "not installed" not in done.stdout
