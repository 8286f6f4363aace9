"""`demo`: everything once on the demo network, in the window or without it."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.analyze import show
from workbench.cli.console import run, tell
from workbench.cli.limits import read_limits
from workbench.cli.options import Common, Limits
from workbench.foundation.errors import WorkbenchError

FOLDER = Path("rknn-workbench-demo")
REPORT = "report.html"


@dataclass(frozen=True)
class How:
    """Where the demo shows."""

    headless: Annotated[bool, typer.Option("--headless", help="No window: print the table, write the report.")] = False
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help=f"Folder of the session; {FOLDER} by default.")
    ] = None


def demo(how: How, limits: Limits, common: Common) -> int:
    """Show the program on a small network of its own."""
    if not how.headless:
        return window(["--demo", *([str(how.output)] if how.output else [])])
    wanted = read_limits(limits)
    from workbench.project.exports import write_report
    from workbench.project.pipeline import analyze, demo_session

    folder = how.output or FOLDER
    session = demo_session()
    results = run(analyze(session, folder), common.quiet)
    run(write_report(session, results, folder / REPORT), common.quiet)
    status = show(session, results, wanted, common)
    tell(common, f"Session: {folder}")
    tell(common, f"Report: {folder / REPORT}")
    return status


def has_display() -> bool:
    """Whether Qt can open a window here; without one it would abort the process."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def window(arguments: Sequence[str]) -> int:
    """Open the window; its libraries or the display may be missing."""
    if not has_display():
        raise WorkbenchError(
            "There is no display to open a window on.", "Use the command line: rknn-workbench demo --headless."
        )
    try:
        from workbench.ui import app
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("PySide6", "pyqtgraph", "shiboken6"):
            raise
        raise WorkbenchError(
            f"The window needs {error.name}, which is not installed.",
            'Install it with `pip install "rknn-workbench[gui]"`; the command line works without.',
        ) from error
    return app.main(arguments)
