"""What every kind of package must do: its window opens the demo and closes again."""

import os
import signal
import subprocess
import time
from pathlib import Path

from workbench.foundation.settings import settings_folder

PATIENCE = 120  # seconds, on a machine that does other things too


def plain() -> dict[str, str]:
    """The variables of this process without those that would lead Python back to the checkout."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def opens_demo(command: Path, folder: Path) -> tuple[bool, int, str]:
    """Open the window on a new demo in `folder`, and close it: whether the demo came, its exit status, its tracebacks.

    That the demo is there is seen in the user's settings, which remember it. Only POSIX has the Ctrl+C that closes it.
    """
    arguments = [str(command), "--demo", str(folder)]
    window = subprocess.Popen(arguments, cwd=folder.parent, env=plain(), stderr=subprocess.PIPE, text=True)
    limit = time.monotonic() + PATIENCE
    while not (is_open := remembers_demo()) and window.poll() is None and time.monotonic() < limit:
        time.sleep(0.1)
    window.send_signal(signal.SIGINT)
    _, said = window.communicate(timeout=PATIENCE)
    return is_open, window.returncode, said if "Traceback" in said else ""


def remembers_demo() -> bool:
    """Whether the demo is among the networks that the settings of this test remember."""
    path = settings_folder() / "settings.json"
    return path.is_file() and "demo.onnx" in path.read_text(encoding="utf-8")
