"""Rules of the standalone program and its Debian package; the lengthy build is done by packaging/standalone.py.

They run where RKNN_WORKBENCH_STANDALONE names the folder that it was given (dist).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import workbench
from tests.packages import opens_demo

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "rknn-workbench"
SUFFIX = ".exe" if sys.platform == "win32" else ""
HOOK = """
import os

given = os.environ.get("LD_LIBRARY_PATH", "").split(":")  # OpenCV adds one that is not there
assert not [folder for folder in given if folder and os.path.isdir(folder)]

def score(outputs, image):
    return float(next(iter(outputs.values())).max())
"""


@pytest.fixture(scope="module")
def dist() -> Path:
    """The folder that packaging/standalone.py wrote to."""
    named = os.environ.get("RKNN_WORKBENCH_STANDALONE")
    if not named:
        pytest.skip("needs packaging/standalone.py DIST once, and RKNN_WORKBENCH_STANDALONE=DIST")
    return Path(named)


@pytest.fixture(scope="module")
def program(dist: Path) -> Path:
    return dist / NAME / f"{NAME}{SUFFIX}"


@pytest.fixture(scope="module")
def session(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's session, as the standalone program made it."""
    folder = tmp_path_factory.mktemp("standalone") / "session"
    done = run(program, "demo", "--headless", "--json", "-o", str(folder))
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["layers"]) >= 10
    return folder


def bare() -> dict[str, str]:
    """Variables without any Python: those of a user who has none."""
    kept = ("HOME", "TMPDIR", "QT_QPA_PLATFORM", "SYSTEMROOT", "TEMP", "APPDATA", "RKNN_WORKBENCH_SETTINGS")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PATH": os.defpath}


def run(program: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(program), *arguments]
    variables = bare() | environment
    return subprocess.run(
        command, env=variables, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )


def test_that_it_says_its_version(program: Path) -> None:
    assert run(program, "--version").stdout.split() == [NAME, workbench.__version__]


def test_that_its_doctor_finds_everything_in_it(program: Path) -> None:
    done = run(program, "doctor", "--json")

    assert done.returncode == 0, done.stdout
    assert "not installed" not in done.stdout


def test_that_it_exports(program: Path, session: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"

    assert run(program, "export", str(session), "--format", "html", "-o", str(report)).returncode == 0
    assert "scores" in report.read_text(encoding="utf-8")


def test_that_it_computes_in_more_than_one_process(program: Path, session: Path) -> None:
    done = run(program, "sweep", str(session), "--axes", "method=layer/channel", "--jobs", "2", "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


def test_that_its_libraries_are_not_given_to_other_programs(program: Path, session: Path, tmp_path: Path) -> None:
    """The Python that runs the hook would take the bundled libraries for its own."""
    hook, pictures = tmp_path / "hook.py", ROOT / "resources" / "demo" / "labelled"
    hook.write_text(HOOK, encoding="utf-8")
    wanted = ("--task", "score", "--hook", str(hook), "--images", str(pictures), "--most", "3", "--with", "float")

    done = run(program, "evaluate", str(session), *wanted, "--json", RKNN_WORKBENCH_PYTHON=sys.executable)

    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a program without a console takes no Ctrl+C there")
def test_that_its_window_opens_the_demo(dist: Path, tmp_path: Path) -> None:
    assert opens_demo(dist / NAME / f"{NAME}-gui", tmp_path / "demo") == (True, 0, "")


@pytest.fixture(scope="module")
def deb(dist: Path) -> Path:
    packages = sorted(dist.glob("*.deb"))
    if not packages:
        pytest.skip("needs packaging/deb.sh DIST once")
    return packages[-1]


def test_that_the_debian_package_is_unpacked_where_its_links_lead(deb: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "-x", str(deb), str(tmp_path)], check=True, timeout=300)

    for command in (NAME, f"{NAME}-gui"):
        target = (tmp_path / "usr" / "bin" / command).readlink()
        assert os.access(tmp_path / target.relative_to("/"), os.X_OK)
    share = tmp_path / "usr" / "share"
    assert f'Exec="/usr/bin/{NAME}-gui" %f' in (share / "applications" / f"{NAME}.desktop").read_text(encoding="utf-8")
    assert (share / "mime" / "packages" / f"{NAME}.xml").is_file()
    assert (share / "icons" / "hicolor" / "48x48" / "apps" / f"{NAME}.png").is_file()
    assert run(tmp_path / "opt" / NAME / NAME, "--version").stdout.split() == [NAME, workbench.__version__]


def test_that_the_debian_package_writes_nowhere_else(deb: Path) -> None:
    done = subprocess.run(["dpkg-deb", "-c", str(deb)], capture_output=True, text=True, check=True, timeout=300)
    names = [line.split()[5] for line in done.stdout.splitlines()]
    places = ("./opt/rknn-workbench/", "./usr/bin/rknn-workbench", "./usr/share/")

    assert [name for name in names if not name.endswith("/") and not name.startswith(places)] == []
    assert {line.split()[1] for line in done.stdout.splitlines()} == {"root/root"}
