"""What can be done with the graph by key, menu and button, each once."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.ui import theme
from workbench.ui.actions import offer
from workbench.ui.views.graph.path import PathHighlight
from workbench.ui.views.graph.search import GraphSearch


class GraphCommands(QObject):
    """Actions whose keys work while the focus is in `view`; in menus they work from everywhere."""

    colour_wanted = Signal()
    fit_wanted = Signal()
    toggle_wanted = Signal()
    fold_all_wanted = Signal()
    unfold_all_wanted = Signal()
    growth_wanted = Signal(bool)
    twins_wanted = Signal(bool)
    export_wanted = Signal()

    def __init__(self, search: GraphSearch, path: PathHighlight, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.up = self._action(self.tr("Path &up from the layer"), "U", lambda: path.show("up"))
        self.down = self._action(self.tr("Path &down from the layer"), "Shift+U", lambda: path.show("down"))
        self.cycle = self._action(self.tr("&Path: up, down, both, none"), "P", lambda: path.cycle(), "path")
        self.growth = self._toggle(self.tr("Error &growth along the path"), "G", self.growth_wanted.emit, "growth")
        self.twins = self._toggle(
            self.tr("Original and &optimised graph side by side"), "B", self.twins_wanted.emit, "side-by-side"
        )
        self.colour = self._action(self.tr("&Colour by…"), "C", self.colour_wanted.emit, "palette")
        self.next_hit = self._action(self.tr("&Next hit"), "F3", lambda: search.step(1))
        self.previous_hit = self._action(self.tr("Pre&vious hit"), "Shift+F3", lambda: search.step(-1))
        self.toggle = self._action(self.tr("&Fold or unfold"), "X", self.toggle_wanted.emit, "fold")
        self.fold_all = self._action(self.tr("Fold &all"), "Shift+X", self.fold_all_wanted.emit)
        self.unfold_all = self._action(self.tr("Unfo&ld all"), "Ctrl+Shift+X", self.unfold_all_wanted.emit)
        self.fit = self._action(self.tr("Show the &whole graph"), "F", self.fit_wanted.emit, "fit")
        self.fit.setShortcuts([QKeySequence("F"), QKeySequence("Ctrl+0")])
        self.fit.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.export = self._action(self.tr("&Export the picture…"), "Ctrl+Shift+G", self.export_wanted.emit, "export")

    def fill(self, menu: QMenu) -> None:
        """Put all of them into a menu."""
        for group in (
            (self.up, self.down, self.cycle), (self.growth, self.twins), (self.colour,),
            (self.next_hit, self.previous_hit), (self.toggle, self.fold_all, self.unfold_all), (self.fit, self.export),
        ):  # fmt: skip
            menu.addSeparator()
            menu.addActions(list(group))

    def add_paths(self, menu: QMenu) -> None:
        """Put what concerns one layer into its menu."""
        menu.addSeparator()
        menu.addActions([self.up, self.down, self.growth])
        menu.addSeparator()
        menu.addActions([self.toggle, self.fold_all, self.unfold_all])

    def set_open(self, is_open: bool, has_results: bool) -> None:
        """Grey out what needs a network, or a run."""
        why = self.tr("No network is open.")
        for action in (self.up, self.down, self.cycle, self.twins, self.colour, self.fit, self.export):
            offer(action, is_open, why)
        offer(self.growth, has_results, self.tr("There are no errors before a run.") if is_open else why)

    def set_hits(self, count: int) -> None:
        """Grey out what goes through the hits of a search."""
        for action in (self.next_hit, self.previous_hit):
            offer(action, count > 0, self.tr("Nothing is searched in the graph."))

    def _toggle(self, text: str, keys: str, done: Callable[[bool], object], icon: str) -> QAction:
        result = self._action(text, keys, lambda: None, icon)
        result.setCheckable(True)
        result.toggled.connect(done)
        return result

    def _action(self, text: str, keys: str, done: Callable[[], object], icon: str = "") -> QAction:
        result = QAction(text, self._view)
        result.setShortcut(QKeySequence(keys))
        result.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        result.triggered.connect(lambda _=False: done())
        if icon:
            theme.decorate(result, icon)
        self._view.addAction(result)
        return result
