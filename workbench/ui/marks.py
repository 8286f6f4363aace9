"""What a user marks layers with: pins and notes. They are kept in the session; nothing is computed from them."""

from collections.abc import Sequence

from workbench.ui.workspace import Workspace


def toggle_pins(workspace: Workspace, tensors: Sequence[str]) -> None:
    """Pin some layers; unpin them when all of them are pinned."""
    session = workspace.session
    if session is None or not tensors:
        return
    chosen = set(tensors)
    others = tuple(name for name in session.pinned if name not in chosen)
    added = () if are_pinned(workspace, tensors) else tuple(dict.fromkeys(tensors))
    workspace.change(pinned=(*others, *added))


def are_pinned(workspace: Workspace, tensors: Sequence[str]) -> bool:
    """Whether all of some layers are pinned."""
    return workspace.session is not None and set(tensors) <= set(workspace.session.pinned)


def note_of(workspace: Workspace, tensors: Sequence[str]) -> str:
    """The note that all of some layers have; "" where they have none, or different ones."""
    notes = workspace.session.notes if workspace.session else {}
    found = {notes.get(name, "") for name in tensors}
    return found.pop() if len(found) == 1 else ""


def set_note(workspace: Workspace, tensors: Sequence[str], text: str) -> None:
    """Write a note to some layers; an empty one takes it away."""
    session = workspace.session
    if session is None:
        return
    chosen = set(tensors)
    notes = {name: note for name, note in session.notes.items() if name not in chosen}
    notes |= dict.fromkeys(tensors, text.strip()) if text.strip() else {}
    if notes != session.notes:
        workspace.change(notes=notes)
