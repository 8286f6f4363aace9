"""Undo and redo of settings: every change that a user makes of the session is one step, or part of the last one."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.project.session import Session
from workbench.quantize.schemes import PER_LAYER
from workbench.sources.toolkit.options import CHOICE, FLAG, option_of
from workbench.ui.edit_titles import edit_title
from workbench.ui.workspace import Workspace

MOST = 200
TOGETHER = 2.0
"""Seconds within which what is typed into one field is one step."""
NO_SETTINGS = ("model", "shapes", "imports")
"""Fields of a session that are no settings: undo cannot bring the files back that belong to them."""
TYPED = ("mean", "std", "scale", "shape", "ranges", "notes", "toolkit_options")


@dataclass(frozen=True)
class Edit:
    """Fields of the session before and after a step; steps of the same `key` follow each other while one types."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    key: tuple[str, ...]
    when: float

    @property
    def title(self) -> str:
        """What was done, in the language that is shown now."""
        return edit_title(self.before, self.after)


class Edits(QObject):
    """The steps of a session. Another session begins with none."""

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._folder = workspace.folder
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        workspace.edited.connect(self._on_edited)
        workspace.session_changed.connect(self._on_session_changed)

    def take_over(self, other: "Edits") -> None:
        """Go on with the steps of another window on the same session."""
        self._folder = self._workspace.folder
        self._done, self._undone = list(other._done), list(other._undone)
        self.changed.emit()

    @property
    def next_undo(self) -> Edit | None:
        """The step that undo takes back."""
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Edit | None:
        """The step that redo does again."""
        return self._undone[-1] if self._undone else None

    def undo(self) -> None:
        """Put back the settings before the last step."""
        if self._done:
            edit = self._done.pop()
            self._undone.append(edit)
            self._apply(edit, edit.before)

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._undone:
            edit = self._undone.pop()
            self._done.append(edit)
            self._apply(edit, edit.after)

    def _apply(self, edit: Edit, wanted: Mapping[str, Any]) -> None:
        self._workspace.put_back(wanted)
        self.changed.emit()
        if self._workspace.own_results is not None and is_what_if(edit):
            self._workspace.run_wanted.emit()  # as when it was done: its dumps are still there

    def _on_edited(self, before: Session, after: Session) -> None:
        names = [name for name in changed_fields(before, after) if name not in NO_SETTINGS]
        if not names:
            return
        old, new = ({name: getattr(session, name) for name in names} for session in (before, after))
        edit = Edit(old, new, typed_key(old, new), time.monotonic())
        last = self.next_undo
        if last is not None and edit.key and edit.key == last.key and edit.when - last.when < TOGETHER:
            self._done[-1] = replace(edit, before=last.before)
        else:
            self._done.append(edit)
        del self._done[:-MOST]
        self._undone.clear()
        self.changed.emit()

    def _on_session_changed(self) -> None:
        if self._workspace.folder != self._folder:
            self._folder = self._workspace.folder
            self._done.clear()
            self._undone.clear()
            self.changed.emit()


def changed_fields(before: Any, after: Any) -> tuple[str, ...]:
    """The names of the fields in which two values of one dataclass differ."""
    return tuple(item.name for item in fields(before) if getattr(before, item.name) != getattr(after, item.name))


def is_what_if(edit: Edit) -> bool:
    """Whether a step concerns single layers only: that is computed at once."""
    return set(edit.after) == {"quant"} and set(changed_fields(edit.before["quant"], edit.after["quant"])) <= {
        *PER_LAYER
    }


def typed_key(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Which one field is being typed into; () for everything else, whose steps are never joined."""
    if set(after) == {"preprocess"}:
        key = _preprocess_key(before["preprocess"], after["preprocess"])
    elif set(after) == {"quant"}:
        key = changed_fields(before["quant"], after["quant"])
    elif set(after) == {"toolkit_options"}:
        key = _options_key(before["toolkit_options"], after["toolkit_options"])
    elif set(after) == {"notes"}:
        old, new = before["notes"], after["notes"]
        key = ("notes", *(name for name in {*old, *new} if old.get(name) != new.get(name)))
    else:
        key = tuple(after)
    return key if len(key) <= 2 and set(key) & set(TYPED) else ()


def _options_key(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The option whose text changed; one that is ticked or chosen is a step of its own."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    is_typed = len(names) == 1 and option_of(names[0]).kind not in (FLAG, CHOICE)
    return ("toolkit_options", *names) if is_typed else ()


def _preprocess_key(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    names = [name for name in after if before.get(name) != after[name]]
    if len(names) != 1 or names[0] not in before:
        return ()
    return (*changed_fields(before[names[0]], after[names[0]]), names[0])
