"""Put the program, its Python and all its libraries into one folder, and the folder into one archive (PyInstaller).

python packaging/standalone.py [FOLDER]        FOLDER is dist unless given; for the system that it runs on

It makes an environment of its own in build/standalone from packaging/requirements-standalone.txt, installs the wheel
there, and gives FOLDER/rknn-workbench/ and FOLDER/rknn-workbench-VERSION-SYSTEM-MACHINE.tar.gz (.zip for Windows).
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "requirements-standalone.txt"
SPEC = ROOT / "packaging" / "standalone" / "rknn-workbench.spec"
WORK = ROOT / "build" / "standalone"
NAME = "rknn-workbench"


def main(folder: Path) -> None:
    """Build the folder and the archive."""
    python = environment(WORK / "environment")
    version = install(python)
    icons = WORK / "icons"
    run(python, ROOT / "packaging" / "icons.py", icons)
    collect(python, icons, folder)
    system = {"Darwin": "macos"}.get(platform.system(), platform.system().lower())
    archive = folder / f"{NAME}-{version}-{system}-{platform.machine().lower()}"
    kind = "zip" if system == "windows" else "gztar"
    print(shutil.make_archive(str(archive), kind, folder, NAME))


def environment(folder: Path) -> Path:
    """The Python of the environment, which is made anew when the lock file is another."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp, wanted = folder / ".locked", hashlib.sha256(LOCK.read_bytes()).hexdigest() + sys.version
    if not stamp.is_file() or stamp.read_text() != wanted:
        venv.create(folder, clear=True, with_pip=True, symlinks=sys.platform != "win32")
        pip(python, "--require-hashes", "-r", LOCK)
        stamp.write_text(wanted)
    return python


def install(python: Path) -> str:
    """Install the wheel of this checkout there; gives its version."""
    wheels = WORK / "wheel"
    shutil.rmtree(wheels, ignore_errors=True)
    run(python, ROOT / "packaging" / "wheel.py", wheels)
    (wheel,) = wheels.glob("*.whl")
    pip(python, "--no-deps", "--no-index", "--force-reinstall", wheel)
    return wheel.name.split("-")[1]


def collect(python: Path, icons: Path, folder: Path) -> None:
    """Let PyInstaller make the folder; it stands in for the former one when it is whole."""
    made = WORK / "made"
    options = ("--noconfirm", "--log-level=WARN", "--distpath", made, "--workpath", WORK / "work")
    run(python, "-m", "PyInstaller", *options, SPEC, RKNN_WORKBENCH_ICONS=str(icons))
    folder.mkdir(parents=True, exist_ok=True)
    for part in made.iterdir():
        shutil.rmtree(folder / part.name, ignore_errors=True)
        shutil.move(part, folder / part.name)
        print(folder / part.name)


def pip(python: Path, *arguments: object) -> None:
    """Install something there."""
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def run(python: Path, *arguments: object, **environment: str) -> None:
    """Run that Python elsewhere than in the checkout, so that only what is installed is found."""
    WORK.mkdir(parents=True, exist_ok=True)
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment
    subprocess.run([str(python), *map(str, arguments)], cwd=WORK, env=variables, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist").absolute())
