"""Versions of what computed a session's values: toolkit, runtime, driver, server."""

from collections.abc import Iterator
from pathlib import Path

from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.sources.board.runner import LOG
from workbench.sources.board.told_versions import CONVERTED_BY, DRIVER, RUNTIME, SERVER, converted_by, told_in
from workbench.sources.toolkit.host import LOG as TOOLKIT_LOG

TOOLKIT = "toolkit"
ORDER = (TOOLKIT, CONVERTED_BY, RUNTIME, SERVER, DRIVER)
BOARD = "board"  # in a session: what was printed
MOST_LOGS = 16


def versions_of(session: Session, folder: Path, results: Results) -> dict[str, str]:
    """What is known, in the order to show it; what is not known is left out."""
    found: dict[str, str] = {}
    for path in _logs(session, folder):
        found = {**told_in(path), **found}
    networks = [session.board.rknn] if session.board is not None and session.board.rknn else []
    for rknn in (*networks, *sorted((folder / BOARD).glob("*.rknn"))):
        found.setdefault(CONVERTED_BY, converted_by(rknn))
    if simulated := _toolkit(results):
        found[TOOLKIT] = simulated
    return {name: found[name] for name in ORDER if found.get(name)}


def _logs(session: Session, folder: Path) -> Iterator[Path]:
    """What a board's run printed; of dumps that were imported the logs beside them."""
    imported = session.imports.get("runtime")
    if imported is not None:
        place = imported.path if imported.path.is_dir() else imported.path.parent
        yield from sorted(place.glob("*.log"))[:MOST_LOGS]
        return
    if session.board is not None:
        yield folder / BOARD / LOG
        yield folder / BOARD / "measured" / TOOLKIT_LOG
        yield folder / BOARD / "toolkit" / TOOLKIT_LOG


def _toolkit(results: Results) -> str:
    """The toolkit that simulated, as its dumps say: "rknn-toolkit2 2.5.0"."""
    for source in ("toolkit", "simulator"):
        for path in results.dumps.get(source, ())[:1]:
            try:
                with Dump(path) as dump:
                    text = dump.info.get("toolkit")
            except DumpError:
                continue
            if isinstance(text, str) and text:
                return text.rpartition(" ")[2]
    return ""
