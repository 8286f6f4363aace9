"""Another program that has a session: a process of its own, as a second window or a command is."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from workbench.project.holding import hold
hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def is_free(folder: Path) -> bool:
    """Whether another program can have `folder` now."""
    done = subprocess.run(_command(folder), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "SessionHeldError" in done.stderr, done.stderr
    return done.returncode == 0


@contextmanager
def other_program(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """It has `folder` inside the block, unless it is killed."""
    with subprocess.Popen(_command(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-c", PROGRAM, str(folder)]
