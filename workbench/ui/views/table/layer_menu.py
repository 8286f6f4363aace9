"""What can be done with layers, as the menu of table and graph: precision, locks, undo, pins, notes, names."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup, QCursor, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from workbench.compare.compare import LayerError
from workbench.ui import theme
from workbench.ui.locks import FREE, lock_of, set_lock
from workbench.ui.marks import are_pinned, toggle_pins
from workbench.ui.precision import choices, has_range, precision_of, set_precisions, undo
from workbench.ui.views.table.note_popup import NotePopup
from workbench.ui.views.table.range_dialog import ask_range
from workbench.ui.workspace import Workspace

translate = QCoreApplication.translate
LOOKS = "looks"  # what an action says that changes nothing


def layer_menu(parent: QWidget, workspace: Workspace, *tensors: str) -> QMenu:
    """The menu of the rows whose tensors these are; it goes when it is closed."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.setToolTipsVisible(True)
    rows = [row for tensor in tensors if (row := workspace.row(tensor)) is not None]
    if rows and workspace.session is not None:
        _add_precisions(menu, workspace, rows)
        if len(rows) == 1 and has_range(workspace, rows[0]):
            edit = menu.addAction(translate("LayerMenu", "Edit the range…"))
            edit.triggered.connect(lambda: ask_range(parent, workspace, rows[0]))
        _add_locks(menu, workspace, rows)
        menu.addSeparator()
    if workspace.results is not None and workspace.results.before is not None:
        menu.addAction(translate("LayerMenu", "Undo the what-if")).triggered.connect(lambda: undo(workspace))
        menu.addSeparator()
    if len(rows) == 1 and (worst := workspace.worst_input(rows[0])) is not None:
        text = translate("LayerMenu", "Look at its worst input (#{0})").format(worst + 1)
        theme.decorate(look := menu.addAction(text), "image")
        look.setData(LOOKS)
        look.triggered.connect(lambda: _look_at(workspace, rows[0], worst))
    if rows and workspace.session is not None:
        _add_marks(menu, workspace, [row.tensor for row in rows])
    one, several = translate("LayerMenu", "Copy the tensor's name"), translate("LayerMenu", "Copy the tensors' names")
    if workspace.access.is_read_only:
        _grey_out(menu, workspace.access.why)
    copy = menu.addAction(one if len(tensors) == 1 else several)
    copy.triggered.connect(lambda: QGuiApplication.clipboard().setText("\n".join(tensors)))
    return menu


def _add_precisions(menu: QMenu, workspace: Workspace, rows: Sequence[LayerError]) -> None:
    """One entry a precision; choosing another computes it at once, for all rows that can have it."""
    session = workspace.session
    assert session is not None
    able = [row for row in rows if choices(workspace, row)]
    if not able:
        menu.addAction(translate("LayerMenu", "No other precision is possible here")).setEnabled(False)
        return
    if len(rows) > 1:
        text = translate("LayerMenu", "{0} layers; the precision of {1} can be chosen").format(len(rows), len(able))
        menu.addAction(text).setEnabled(False)
    group = QActionGroup(menu)
    for name in choices(workspace, able[0]):
        action = menu.addAction(translate("LayerMenu", "Compute in {0}").format(name))
        action.setCheckable(True)
        action.setChecked(all(precision_of(session, row) == name for row in able))
        action.triggered.connect(lambda _=False, name=name: set_precisions(workspace, able, name))
        group.addAction(action)


def _add_locks(menu: QMenu, workspace: Workspace, rows: Sequence[LayerError]) -> None:
    """What a search for layers to spare does with the layers that have a choice."""
    able = [row for row in rows if choices(workspace, row)]
    if not able:
        return
    inner, group = menu.addMenu(translate("LayerMenu", "In a search for layers to spare")), QActionGroup(menu)
    titles = {FREE: translate("LayerMenu", "Choose freely")}
    for name in choices(workspace, able[0]):
        titles[name] = translate("LayerMenu", "Lock in {0}").format(name)
    for name, title in titles.items():
        action = inner.addAction(title)
        action.setCheckable(True)
        action.setChecked(lock_of(workspace, able) == name)
        action.triggered.connect(lambda _=False, name=name: set_lock(workspace, able, name))
        group.addAction(action)


def _grey_out(menu: QMenu, why: str) -> None:
    """All that changes the session, which is all but looking."""
    for action in menu.actions():
        if not action.data() and not action.isSeparator():
            action.setEnabled(False)
            action.setToolTip(why)


def _look_at(workspace: Workspace, row: LayerError, sample: int) -> None:
    workspace.select(row.tensor)
    workspace.set_sample(sample)


def _add_marks(menu: QMenu, workspace: Workspace, tensors: list[str]) -> None:
    parent = menu.parentWidget()
    assert parent is not None
    pinned = are_pinned(workspace, tensors)
    pin = menu.addAction(translate("LayerMenu", "Unpin") if pinned else translate("LayerMenu", "Pin"))
    note = menu.addAction(translate("LayerMenu", "Write a note…"))
    theme.decorate(pin, "pin")
    theme.decorate(note, "note")
    pin.triggered.connect(lambda: toggle_pins(workspace, tensors))
    note.triggered.connect(lambda: NotePopup(parent, workspace, tensors).show_at(QCursor.pos()))
    menu.addSeparator()
