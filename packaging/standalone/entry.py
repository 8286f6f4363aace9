"""What the standalone program starts with: the command line, or the window where the program's name ends in -gui."""

import multiprocessing
import os
import sys
from pathlib import Path


def main() -> int:
    """Run it; gives the exit status."""
    forget_own_libraries()
    multiprocessing.freeze_support()  # a process that computes is this program again, and goes no further
    if Path(sys.executable).stem.endswith("-gui"):
        from workbench.ui.app import main as window

        return window()
    from workbench.cli.app import main as commands

    return commands()


def forget_own_libraries() -> None:
    """Other programs (the vendor's toolkit, adb) must not find the libraries that lie in here."""
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    elif sys.platform == "linux":
        os.environ.pop("LD_LIBRARY_PATH", None)


if __name__ == "__main__":
    sys.exit(main())
