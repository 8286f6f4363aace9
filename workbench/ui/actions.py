"""Everything that the window can do by menu or key, each once."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from workbench.ui import theme

THEMES = ("system", "light", "dark")
LANGUAGES = {"system": "", "en": "English", "zh_CN": "简体中文"}
PAGES = ("start", "window", "numbers", "preprocessing", "types", "board")


class Actions(QObject):
    """The actions and menus. Who does what is connected by the window."""

    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    page_wanted = Signal(str)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.open = self._action(self.tr("&Open…"), "open", QKeySequence.StandardKey.Open)
        self.open_session = self._action(self.tr("Open a &session's folder…"), "folder", "Ctrl+Shift+O")
        self.demo = self._action(self.tr("Try the &demo"), "demo")
        self.save = self._action(self.tr("&Save"), "save", QKeySequence.StandardKey.Save)
        self.save_as = self._action(self.tr("Save &as…"), "", "Ctrl+Shift+S")
        self.close_session = self._action(self.tr("&Close"), "", "Ctrl+W")
        self.quit = self._action(self.tr("&Quit"), "", QKeySequence.StandardKey.Quit)
        self.run = self._action(self.tr("&Run"), "run", "F5")
        self.cancel = self._action(self.tr("&Cancel"), "stop", "Shift+F5")
        self.add_inputs = self._action(self.tr("&Add inputs…"), "image", "Ctrl+I")
        self.import_dumps = self._action(self.tr("&Import dumps…"), "import", "Ctrl+Shift+I")
        self.import_plan = self._action(self.tr("Import a &plan…"), "import")
        self.export_plan = self._action(self.tr("&Export the plan…"))
        self.drop_plan = self._action(self.tr("Re&move the plan"))
        self.worse = self._action(self.tr("Next &worse layer"), "", "[")
        self.better = self._action(self.tr("Next &better layer"), "", "]")
        self.worst_first = self._action(self.tr("Worst layers &first"), "sort-worst", "W")
        self.search = self._action(self.tr("&Find a layer"), "search", "Ctrl+K")
        self.filter = self._action(self.tr("Filter the &table"), "filter", "Ctrl+F")
        self.fit = self._action(self.tr("Show the whole &graph"), "fit", "F")
        self.layers = self._action(self.tr("&Layers"), "layers", "Alt+1")
        self.settings = self._action(self.tr("&Settings"), "settings", "Alt+2")
        self.details = self._action(self.tr("Log and &messages"), "log", "Ctrl+J")
        self.about = self._action(self.tr("&About RKNN Workbench"))
        self.recents = QMenu(self.tr("Open &recent"), window)

    def fill(self, current_theme: str, current_language: str) -> None:
        """Build the menu bar."""
        bar = self._window.menuBar()
        file, run, view, help_menu = (
            bar.addMenu(title) for title in (self.tr("&File"), self.tr("&Run"), self.tr("&View"), self.tr("&Help"))
        )
        file.addActions([self.open, self.open_session])
        file.addMenu(self.recents)
        file.addAction(self.demo)
        _separated(file, (self.save, self.save_as, self.close_session), (self.quit,))
        run.addActions([self.run, self.cancel])
        _separated(run, (self.add_inputs, self.import_dumps), (self.import_plan, self.export_plan, self.drop_plan))
        view.addActions([self.layers, self.settings, self.details])
        _separated(view, (self.worse, self.better, self.worst_first), (self.search, self.filter, self.fit))
        view.addSeparator()
        themes = {"system": self.tr("As the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        languages = {**LANGUAGES, "system": self.tr("As the system")}
        self._choice(view.addMenu(self.tr("T&heme")), themes, current_theme, self.theme_chosen.emit)
        self._choice(view.addMenu(self.tr("&Language")), languages, current_language, self.language_chosen.emit)
        self._fill_help(help_menu)

    def set_session_open(self, is_open: bool) -> None:
        """Grey out what needs a session."""
        for action in (
            self.save, self.save_as, self.close_session, self.add_inputs, self.import_dumps, self.import_plan,
            self.worse, self.better, self.worst_first,
            self.search, self.filter, self.fit, self.layers, self.settings,
        ):  # fmt: skip
            action.setEnabled(is_open)

    def _fill_help(self, menu: QMenu) -> None:
        titles = {
            "start": self.tr("&First steps"), "window": self.tr("The &window and its keys"),
            "numbers": self.tr("What the &numbers mean"), "preprocessing": self.tr("&Preprocessing and datasets"),
            "types": self.tr("Data &types and chips"), "board": self.tr("&Dumps from a board"),
        }  # fmt: skip
        for page in PAGES:
            action = menu.addAction(titles[page])
            action.triggered.connect(lambda _=False, page=page: self.page_wanted.emit(page))
            if page == PAGES[0]:
                action.setShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents))
        menu.addSeparator()
        menu.addAction(self.about)

    def _action(self, text: str, icon: str = "", keys: QKeySequence.StandardKey | str = "") -> QAction:
        action = QAction(text, self._window)
        if icon:
            theme.decorate(action, icon)
        if keys:
            action.setShortcut(QKeySequence(keys))
        self._window.addAction(action)
        return action

    def _choice(self, menu: QMenu, titles: dict[str, str], current: str, chosen: Callable[[str], object]) -> None:
        group = QActionGroup(menu)
        for name, title in titles.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(name == current)
            action.triggered.connect(lambda _=False, name=name: chosen(name))
            group.addAction(action)


def _separated(menu: QMenu, *groups: tuple[QAction, ...]) -> None:
    for group in groups:
        menu.addSeparator()
        menu.addActions(list(group))
