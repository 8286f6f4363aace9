"""Every check of the project in the environment that runs this: ruff, mypy, import contracts, pytest with Qt offscreen.

python packaging/checks.py [PYTEST ARGUMENT…]        with arguments pytest runs once, with them

packaging/test.sh prepares that environment and runs this; so does the workflow for GitHub, on Windows too, where there
is no bash. The exit status is 1 when anything failed.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
LOOKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format --check": ("ruff", "format", "--check", "."),
    "mypy (strict below ui)": ("mypy",),
    "import contracts": ("lint-imports", "--no-cache"),
}
SLOWEST = "--durations=15"


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
    """What runs at once, four on two cores, of which each waits now and then; the first one is shown as it runs.

    Windows has no process groups, which boards and the vendor's toolkit need: of the whole runs only those of packages.
    """
    windows = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "gui").glob("test_*.py"))
    early = [path for path in windows if Path(path).name < "test_g"]
    runs = ["tests/e2e/test_install.py", "tests/e2e/test_packages.py"] if sys.platform == "win32" else ["tests/e2e"]
    return {
        "gui-2": [path for path in windows if path not in early],
        "gui-1": early,
        "others": ["--ignore=tests/gui", "--ignore=tests/e2e"],
        "e2e": runs,
    }


def run_parts(wanted: dict[str, list[str]]) -> list[str]:
    """Run all parts at once; what they say is shown one after the other."""
    shown, *hidden = wanted
    failed = []
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        children = {name: begin(wanted[name], folder / name, ends) for name in hidden}
        if not passes(f"pytest {shown}", ("pytest", SLOWEST, *wanted[shown])):
            failed.append(f"pytest {shown}")
        for name, child in children.items():
            if child.wait() != 0:
                failed.append(f"pytest {name}")
            say(f"pytest {name}")
            sys.stdout.buffer.write((folder / name).read_bytes())
            sys.stdout.flush()
    return failed


def begin(arguments: list[str], output: Path, ends: ExitStack) -> "subprocess.Popen[bytes]":
    """Start one part; it is ended with this program."""
    command = [sys.executable, "-m", "pytest", SLOWEST, *arguments]
    file = ends.enter_context(output.open("wb"))
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
    ends.callback(child.wait)
    ends.callback(child.terminate)
    return child


def say(text: str) -> None:
    """A line of this program itself."""
    print(f"\n[test] {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
