"""How one moves through the program: undo, commands by name, keys, exports, drops, recent files, the layout kept."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit

from workbench.foundation.errors import WorkbenchError
from workbench.ui.dropping import Drops, Takers
from workbench.ui.edits import Edits
from workbench.ui.exporting import Exports
from workbench.ui.keys import WindowFirst
from workbench.ui.recents import Recents
from workbench.ui.touring import Touring
from workbench.ui.views.command_palette import CommandPalette
from workbench.ui.views.shortcuts_window import ShortcutsWindow
from workbench.ui.views.tour import Ring
from workbench.ui.window_layout import (
    WindowLayout,
    choose_tabs,
    chosen_tabs,
    divide,
    divided,
    geometry_of,
    load_layout,
    restore_geometry,
    save_layout,
)

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow


class Flow(QObject):
    """Connects the actions of one window with what does them."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        workspace, jobs, messages, actions = window.workspace, window.jobs, window.messages, window.actions_
        self.edits = Edits(workspace)
        self.palette = CommandPalette(window)
        self.shortcuts = ShortcutsWindow(window)
        self.exports = Exports(window, workspace, jobs, messages, actions)
        inputs = window.settings_panel.inputs
        takers = Takers(inputs.take_files, inputs.take_list, window.ask_import, window.plans.import_plan)
        self.drops = Drops(workspace, jobs, messages, window.opener, takers)
        self.recents = Recents(window.opener, jobs, messages, actions)
        self.touring = Touring(window)
        self._ring = Ring(window)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        WindowFirst(window, app)
        self._kept = load_layout()
        self._connect()
        self._restore()

    def take_over(self, other: "Flow") -> None:
        """Go on where another window was left."""
        self.edits.take_over(other.edits)
        self.palette.recent = other.palette.recent

    def save(self) -> None:
        """Keep how the window is left."""
        window = self._window
        layout = WindowLayout(
            geometry_of(window),
            {**(divided(window) if window.desk.is_divided else self._kept.splitters), **window.desk.columns()},
            chosen_tabs(window),
            not window.details.isHidden(),
            self.palette.recent,
        )
        try:
            save_layout(layout)
        except WorkbenchError as error:  # the window closes: the list of messages is all that is left
            window.messages.note(error)

    def show_drop(self, is_over: bool) -> None:
        """Show that what is dragged may be dropped, and as what."""
        window = self._window
        window.empty.set_hot(is_over)
        self._ring.setGeometry(window.desk.geometry())
        self._ring.setVisible(is_over and window.workspace.session is not None)
        self._ring.raise_()
        window.strip.say(self.tr("Drop a network, inputs, dumps or a plan") if is_over else "")

    def _connect(self) -> None:
        actions, window = self._window.actions_, self._window
        for action, done in (
            (actions.undo, self.edits.undo), (actions.redo, self.edits.redo), (actions.palette, self.palette.start),
            (actions.shortcuts, self.shortcuts.start), (actions.restore_layout, window.desk.arrange),
        ):  # fmt: skip
            action.triggered.connect(lambda _=False, done=done: done())
        self.edits.changed.connect(self._show_edits)
        for field in window.findChildren(QLineEdit):
            field.setAcceptDrops(False)  # a file that is dropped there is no text either
        self.recents.changed.connect(window.empty.set_recents)

    def _show_edits(self) -> None:
        undo, redo = self.edits.next_undo, self.edits.next_redo
        self._window.actions_.set_undo(undo.title if undo else "", redo.title if redo else "")

    def _restore(self) -> None:
        window, kept = self._window, self._kept
        restore_geometry(window, kept.geometry)
        divide(window, kept.splitters)
        window.desk.fit(window.width())
        window.desk.set_columns(kept.splitters)
        choose_tabs(window, kept.tabs)
        window.details.setVisible(kept.has_details)
        self.palette.recent = kept.commands
