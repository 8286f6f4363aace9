"""A screen that nobody sees: an X server for tests and measurements of the real window."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1920x1080x24"


def missing(*tools: str) -> str:
    """Which of the programs are not installed, in a sentence; "" when all are."""
    absent = [name for name in ("Xvfb", *tools) if shutil.which(name) is None]
    return f"not installed: {', '.join(absent)} (packaging/setup.sh --dev installs them)" if absent else ""


@contextmanager
def screen(size: str = SIZE) -> Iterator[str]:
    """Start an X server on a free display and give its name, ":0" for example; end it afterwards."""
    told, tell = os.pipe()
    command = ["Xvfb", "-displayfd", str(tell), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=(tell,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        os.close(tell)
        try:
            with os.fdopen(told) as answer:
                number = answer.readline().strip()  # it comes when the server takes clients
            if not number:
                raise RuntimeError("Xvfb did not start")
            yield f":{number}"
        finally:
            server.terminate()
