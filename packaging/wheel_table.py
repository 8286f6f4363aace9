"""Check for which systems and Pythons every package of the lock file has a wheel; write packaging/WHEELS.md.

python packaging/wheel_table.py        needs uv, which asks the package index for the files of each locked version

Where a wheel is missing, pip builds the package from its source archive, if there is one; the table names it.
"""

import datetime
import hashlib
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "requirements.txt"
TABLE = ROOT / "packaging" / "WHEELS.md"
PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
TITLE = """# Wheels of all dependencies

For each system and Python: how many packages an installation with the window and the cluster has, and those among them
that have no wheel there, so that pip builds them from source. Written by `packaging/wheel_table.py` on {date}, from
`packaging/requirements.txt` (`{lock}`).

"""


@dataclass(frozen=True)
class System:
    """Where packages are installed."""

    name: str
    platforms: tuple[str, ...]
    markers: Mapping[str, str]

    def tags(self, python: tuple[int, int]) -> set[Tag]:
        """The wheels that an interpreter of CPython takes there."""
        interpreter = f"cp{python[0]}{python[1]}"
        return {*cpython_tags(python, platforms=self.platforms), *compatible_tags(python, interpreter, self.platforms)}

    def needs(self, package: Mapping[str, Any], python: tuple[int, int]) -> bool:
        """Whether a locked package is installed there."""
        version = f"{python[0]}.{python[1]}"
        environment = {**self.markers, "python_version": version, "python_full_version": f"{version}.1"}
        return "marker" not in package or Marker(package["marker"]).evaluate(environment)


def linux(machine: str, glibc: int, release: str) -> System:
    """Linux with the GNU C library 2.`glibc`, which a release is known by."""
    old = {"x86_64": ("manylinux2014", "manylinux2010", "manylinux1"), "aarch64": ("manylinux2014",)}[machine]
    names = (*(f"manylinux_2_{minor}" for minor in range(glibc, 4, -1)), *old, "linux")
    markers = {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": machine, "os_name": "posix"}
    return System(
        f"Linux {machine}, glibc 2.{glibc} ({release})", tuple(f"{name}_{machine}" for name in names), markers
    )


def mac(machine: str) -> System:
    """macOS 14."""
    markers = {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": machine, "os_name": "posix"}
    return System(f"macOS 14 {machine}", tuple(mac_platforms((14, 0), machine)), markers)


def windows() -> System:
    """Windows on PCs."""
    markers = {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64", "os_name": "nt"}
    return System("Windows x86-64", ("win_amd64",), markers)


SYSTEMS = (
    linux("x86_64", 35, "Ubuntu 22.04"),
    linux("aarch64", 35, "Ubuntu 22.04"),
    linux("aarch64", 39, "Ubuntu 24.04"),
    windows(),
    mac("arm64"),
    mac("x86_64"),
)


def without_wheel(
    packages: Sequence[Mapping[str, Any]], system: System, python: tuple[int, int]
) -> tuple[int, list[str]]:
    """How many packages are needed, and which of them must be built."""
    tags = system.tags(python)
    needed = [package for package in packages if system.needs(package, python)]
    return len(needed), [shown(package) for package in needed if not tags & set(wheel_tags(package))]


def wheel_tags(package: Mapping[str, Any]) -> Iterator[Tag]:
    """What the wheels of a locked package are for."""
    for wheel in package.get("wheels", ()):
        yield from parse_wheel_filename(wheel.get("name") or wheel["url"].rpartition("/")[2])[3]


def shown(package: Mapping[str, Any]) -> str:
    """What stands in the table for a package without a wheel."""
    return f"{package['name']} {package['version']}" + ("" if "sdist" in package else " (nor a source archive)")


def table(packages: Sequence[Mapping[str, Any]]) -> str:
    """A row for each system, a column for each Python."""
    head = "| | " + " | ".join(f"Python {major}.{minor}" for major, minor in PYTHONS) + " |"
    lines = [head, "|---" * (len(PYTHONS) + 1) + "|"]
    for system in SYSTEMS:
        cells = []
        for python in PYTHONS:
            count, missing = without_wheel(packages, system, python)
            cells.append(f"{count}, but {', '.join(missing)}" if missing else f"all {count}")
        lines.append(f"| {system.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def lock_mark() -> str:
    """What tells the lock file from a later one."""
    return hashlib.sha256(LOCK.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]


def locked() -> list[dict[str, Any]]:
    """The packages of the lock file with the names of all their files."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pylock.toml"
        options = ("--universal", "--python-version=3.11", "--format=pylock.toml", "--no-emit-index-url", "--quiet")
        extras = ("--extra=gui", "--extra=cluster", "--group=build", f"--constraint={LOCK}")
        command = ["uv", "pip", "compile", *options, *extras, "pyproject.toml", "-o", str(path)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        packages: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["packages"]
    return packages


def main() -> None:
    """Write the table, and print it."""
    text = table(locked())
    today = datetime.datetime.now(datetime.UTC).date()
    TABLE.write_text(TITLE.format(date=today, lock=lock_mark()) + text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
