"""Layers whose precision a search for layers to spare leaves at what the user says. They are kept in the session."""

from collections.abc import Sequence

from workbench.compare.compare import LayerError
from workbench.ui.workspace import Workspace

FREE = ""


def lock_of(workspace: Workspace, rows: Sequence[LayerError]) -> str | None:
    """What all of some layers are locked in, FREE for nothing; None where they differ."""
    locked = workspace.session.locked if workspace.session else {}
    found = {locked.get(row.tensor, FREE) for row in rows}
    return found.pop() if len(found) == 1 else None


def set_lock(workspace: Workspace, rows: Sequence[LayerError], precision: str) -> None:
    """Lock all layers of some rows in a precision, or free them."""
    session = workspace.session
    if session is None:
        return
    names = [name for row in rows for name in (row.tensor, *row.group)]
    locked = {name: kept for name, kept in session.locked.items() if name not in names}
    locked |= dict.fromkeys(names, precision) if precision != FREE else {}
    if locked != session.locked:
        workspace.change(locked=locked)
