"""How one moves through the program: undo, commands by name, keys, exports, drops, recent files, the layout kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from workbench.foundation.errors import WorkbenchError
from workbench.ui.actions import offer
from workbench.ui.c_program import CProgram
from workbench.ui.converting import Conversions
from workbench.ui.dropping import Drops, Takers
from workbench.ui.edits import Edits
from workbench.ui.explaining import Explaining
from workbench.ui.exporting import Exports
from workbench.ui.guarding import guard
from workbench.ui.holding import Holding
from workbench.ui.keys import MenusFirst, WindowFirst
from workbench.ui.matching import Matching
from workbench.ui.recents import Recents
from workbench.ui.reporting import Reporting
from workbench.ui.reporting import Takers as PasteTakers
from workbench.ui.timing import Timing
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
        self.edits, self.holding = Edits(workspace), Holding(window)
        self.palette = CommandPalette(window)
        self.shortcuts = ShortcutsWindow(window)
        self.exports = Exports(window, workspace, jobs, messages, actions)
        self.explaining = Explaining(window, workspace, jobs, messages, window.opener)
        self.explaining.connect_views(actions, window.message_bar)
        inputs = window.settings_panel.inputs
        self.timing = Timing(workspace, jobs, messages)
        spelling = window.settings_panel.paste_spelling
        pasted = PasteTakers(self.drop, self.explaining.explain_lines, spelling, self.timing.take)
        self.reporting = Reporting(window, workspace, jobs, messages, window.opener, pasted)
        takers = Takers(
            inputs.take_files, inputs.take_list, window.ask_import, window.plans.import_plan,
            self.reporting.take, self.explaining.explain, self.timing.take,
        )  # fmt: skip
        self.drops = Drops(workspace, jobs, messages, window.opener, takers)
        self.recents = Recents(window.opener, jobs, messages, actions)
        self.touring = Touring(window)
        self.conversions = Conversions(window, workspace, jobs, messages, window.runner)
        self.conversions.connect_actions(actions)
        self.conversions.settings_wanted.connect(window.desk.go_to_settings)
        self.conversions.layers_wanted.connect(window.desk.go_to_layers)
        self._connect_boards()
        self.c_program = CProgram(window, workspace, jobs, messages)
        self.c_program.connect_actions(actions)
        self.matching = Matching(window, workspace, jobs, messages, window.runner)
        window.message_bar.matching_wanted.connect(self.matching.match_told)
        self._ring = Ring(window)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        WindowFirst(window, app)
        MenusFirst(window.findChildren(QMenu), self)
        self._guard = guard(window)
        self._kept = load_layout()
        self._connect()
        self._restore()

    def take_over(self, other: "Flow") -> None:
        """Go on where another window was left."""
        self.edits.take_over(other.edits)
        self.palette.recent = other.palette.recent

    def drop(self, paths: Sequence[Path]) -> None:
        """Use files for what they are, as those that are dropped."""
        self.drops.take(paths)

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
            (actions.paste, self.reporting.paste), (actions.open_report, self.reporting.ask),
            (actions.shortcuts, self.shortcuts.start), (actions.restore_layout, window.desk.arrange),
        ):  # fmt: skip
            action.triggered.connect(lambda _=False, done=done: done())
        self.edits.changed.connect(self._show_edits)
        window.read_only_bar.copy_wanted.connect(actions.save_as.trigger)
        self._connect_simulators()
        for field in window.findChildren(QLineEdit):
            field.setAcceptDrops(False)  # a file that is dropped there is no text either
        self.recents.changed.connect(window.empty.set_recents)

    def _connect_boards(self) -> None:
        """The places that lead to boards."""
        window = self._window
        window.boarding.connect_actions(window.actions_)
        for signal in (window.toolbar.sources.boards_wanted, window.settings_panel.board.boards_wanted):
            signal.connect(window.actions_.boards.trigger)
        window.toolbar.sources.board_wanted.connect(window.desk.show_settings)
        window.toolbar.sources.board_wanted.connect(window.settings_panel.show_board)

    def _connect_simulators(self) -> None:
        """The two places that show the simulator, and what they lead to."""
        window, actions = self._window, self._window.actions_
        simulators, sources = window.simulators, window.toolbar.sources
        for signal in (sources.setup_wanted, window.settings_panel.quantization.setup_wanted):
            signal.connect(actions.setup_toolkit.trigger)
        compare = window.comparisons.comparer.compare
        for wanted in (sources.beside_wanted, actions.beside.triggered):
            wanted.connect(lambda *_: (beside := simulators.beside()) is not None and compare(beside))
        simulators.changed.connect(
            lambda: offer(
                actions.beside, simulators.beside() is not None, self.tr("Run with the vendor's toolkit first.")
            )
        )
        toolkits = self.conversions.toolkits

        def take_toolkits() -> None:
            if toolkits.is_read:
                simulators.take_toolkits(toolkits.names(), tuple(item.name for item in toolkits.known))

        def look_for_toolkits() -> None:
            if not toolkits.is_read and window.workspace.session is not None:
                toolkits.refresh()

        toolkits.changed.connect(take_toolkits)
        window.workspace.session_changed.connect(look_for_toolkits)

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
