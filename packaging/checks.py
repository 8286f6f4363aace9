"""Every check of the project in the environment that runs this: ruff, mypy, import contracts, schemas, pytest.

python packaging/checks.py [PYTEST ARGUMENT…]        with arguments pytest runs once, with them; Qt is offscreen

packaging/test.sh prepares that environment and runs this; so does the workflow for GitHub, on Windows too, where there
is no bash. The exit status is 1 when anything failed.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
SCHEMA = ("check-jsonschema", "--builtin-schema")
LOOKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format --check": ("ruff", "format", "--check", "."),
    "mypy (strict below ui)": ("mypy",),
    "import contracts": ("lint-imports", "--no-cache"),
    "workflow for GitHub": (*SCHEMA, "vendor.github-workflows", ".github/workflows/checks.yml"),
    "compose file": (*SCHEMA, "vendor.compose-spec", "packaging/cluster/compose.yaml"),
    "citation": (*SCHEMA, "vendor.citation-file-format", "CITATION.cff"),
}
SLOWEST = "--durations=8"
AT_ONCE = 4  # parts on two cores: each waits now and then
FOLDERS = {"e2e": 80_000, "unit/diagnose": 60_000, "unit/project": 300_000, "gui": 110_000, "unit": 250_000}
"""How many bytes of tests are one part, the slow ones first: at the end no core waits for a long part."""


def main(arguments: list[str]) -> int:
    """Run them all, whatever fails, and say at the end what did."""
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the parts end with it
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"}
    failed = [name for name, command in LOOKS.items() if not passes(name, command)]
    if failed:
        say(f"FAILED before the tests: {'; '.join(failed)}")
    failed += run_tests(arguments)
    say(f"FAILED: {'; '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def passes(name: str, command: tuple[str, ...]) -> bool:
    """Run one of the environment's programs in the foreground."""
    say(name)
    program = shutil.which(command[0], path=str(PROGRAMS))
    if program is None:
        say(f"{command[0]} is not in {PROGRAMS}: it is one of packaging/requirements-dev.txt")
        return False
    return subprocess.run([program, *command[1:]], check=False).returncode == 0


def run_tests(arguments: list[str]) -> list[str]:
    """Run pytest; gives the names of what failed."""
    if arguments:
        return [] if passes("pytest", ("pytest", *arguments)) else ["pytest"]
    return run_parts(parts())


def parts() -> dict[str, list[str]]:
    """The tests, in the order of FOLDERS.

    Windows has no process groups, which boards and the vendor's toolkit need: of the whole runs only those of packages.
    """
    found: dict[str, list[str]] = {}
    for place, size in FOLDERS.items():
        folder, taken = ROOT / "tests" / place, {name for files in found.values() for name in files}
        for number, files in enumerate(divided(folder, size, taken), start=1):
            found[f"{folder.name} {number}"] = files
    if sys.platform == "win32":
        found = {name: files for name, files in found.items() if not name.startswith("e2e")}
        found["packages"] = ["tests/e2e/test_install.py", "tests/e2e/test_packages.py"]
    return {**found, "fuzz": ["tests/fuzz"]}


def divided(folder: Path, size: int, taken: set[str]) -> list[list[str]]:
    """A folder's tests that are not taken, in parts of so many bytes."""
    found: list[list[str]] = []
    filled = size
    for path in sorted(folder.rglob("test_*.py")):
        if (name := path.relative_to(ROOT).as_posix()) in taken:
            continue
        if filled >= size:
            found.append([])
            filled = 0
        found[-1].append(name)
        filled += path.stat().st_size
    return found


def run_parts(wanted: dict[str, list[str]]) -> list[str]:
    """Run all parts, some at once; what each says is shown when it has ended, what failed at the end of all."""
    waiting, running, failed = list(wanted), dict[str, subprocess.Popen[bytes]](), list[str]()
    with tempfile.TemporaryDirectory() as folder:

        def show(name: str, told: str = "") -> None:
            say(f"pytest {name}{told}")
            sys.stdout.buffer.write((Path(folder) / name).read_bytes())
            sys.stdout.flush()

        try:
            while waiting or running:
                while waiting and len(running) < AT_ONCE:
                    name = waiting.pop(0)
                    running[name] = begin(wanted[name], Path(folder) / name)
                time.sleep(0.1)
                for name in [name for name, child in running.items() if child.poll() is not None]:
                    if running.pop(name).returncode == 0:
                        show(name)
                    else:
                        failed.append(name)
                        say(f"pytest {name}: failed, what it said is shown below")
        finally:
            for child in running.values():
                child.terminate()
                child.wait()
            for name in failed:
                show(name, ": failed")
    return [f"pytest {name}" for name in failed]


def begin(arguments: list[str], output: Path) -> "subprocess.Popen[bytes]":
    """Start one part."""
    command = [sys.executable, "-m", "pytest", SLOWEST, *arguments]
    with output.open("wb") as file:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)


def say(text: str) -> None:
    """A line of this program itself."""
    print(f"\n[test] {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
