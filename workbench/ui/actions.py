"""Everything that the window can do by menu or key, each once."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from workbench.foundation.settings import UserSettings
from workbench.ui import theme
from workbench.ui.models.help_pages import PAGES
from workbench.ui.text_size import SIZES
from workbench.ui.titles import labelled

LANGUAGES = {"system": "", "en": "English", "zh_CN": "简体中文"}
WHY = "why_disabled"
"""The property of an action that says why it is grey now."""


class Actions(QObject):
    """The actions and menus. Who does what is connected by the window."""

    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    text_size_chosen = Signal(str)
    """In percent."""
    page_wanted = Signal(str)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._make_file()
        self._make_edit()
        self._make_run()
        self._make_view()
        self._make_tools()
        self._make_help()
        self.recents = QMenu(self.tr("Open &recent"), window)
        self.graph_menu = QMenu(self.tr("&Graph"), window)
        self.tools = QMenu(self.tr("&Tools"), window)
        self.set_undo("", "")

    def fill(self, current: UserSettings) -> None:
        """Build the menu bar; what the user chose before is marked."""
        bar = self._window.menuBar()
        titles = (self.tr("&File"), self.tr("&Edit"), self.tr("&Run"), self.tr("&View"), self.tr("&Help"))
        file, edit, run, view, help_menu = (bar.addMenu(title) for title in titles)
        file.addActions([self.open, self.open_session])
        file.addMenu(self.recents)
        file.addAction(self.demo)
        _separated(file, (self.save, self.save_as, self.export, self.close_session), (self.quit,))
        edit.addActions([self.undo, self.redo])
        _separated(edit, (self.paste,))
        _separated(edit, (self.search, self.filter), (self.palette,))
        run.addActions([self.run, self.cancel])
        _separated(run, (self.diagnose, self.automatic, self.search_layers))
        _separated(run, (self.add_inputs, self.import_dumps), (self.import_plan, self.drop_plan))
        _separated(run, (self.compare, self.beside, self.own_results))
        view.addActions(
            [self.layers, self.findings, self.settings, self.inspector, self.mixed, self.effects, self.details]
        )
        _separated(view, (self.worse, self.better, self.worst_input, self.worst_first), (self.restore_layout,))
        view.addSeparator()
        themes = {"system": self.tr("As the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        languages = {**LANGUAGES, "system": self.tr("As the system")}
        self._choice(view.addMenu(self.tr("T&heme")), themes, current.theme, self.theme_chosen.emit)
        self._choice(view.addMenu(self.tr("Lan&guage")), languages, current.language, self.language_chosen.emit)
        sizes = {str(percent): f"{percent} %" for percent in SIZES}
        self._choice(view.addMenu(self.tr("Te&xt size")), sizes, str(current.text_size), self.text_size_chosen.emit)
        self.tools.addActions([self.convert, self.mixed_precision, self.sweep, self.accuracy])
        _separated(self.tools, (self.open_report, self.explain_log, self.repair_file), (self.c_program, self.bundle))
        _separated(self.tools, (self.boards, self.cluster, self.setup_toolkit))
        for menu in (self.graph_menu, self.tools):
            bar.insertMenu(help_menu.menuAction(), menu)
        self._fill_help(help_menu)

    def set_session_open(self, is_open: bool) -> None:
        """Grey out what needs a session."""
        for action in (
            self.save, self.save_as, self.close_session, self.add_inputs, self.import_dumps, self.import_plan,
            self.compare, self.worse, self.better, self.worst_input, self.worst_first,
            self.search, self.filter, self.layers, self.findings, self.settings, self.inspector,
        ):  # fmt: skip
            offer(action, is_open, self.tr("No network is open."))

    def set_running(self, is_open: bool, is_running: bool) -> None:
        """Run or cancel."""
        why = self.tr("A run is under way.") if is_open else self.tr("No network is open.")
        offer(self.run, is_open and not is_running, why)
        offer(self.cancel, is_running, self.tr("Nothing runs."))

    def set_undo(self, undo: str, redo: str) -> None:
        """Name the steps that can be undone and redone; "" where there is none."""
        for action, title, what in ((self.undo, self.tr("&Undo"), undo), (self.redo, self.tr("&Redo"), redo)):
            action.setText(labelled(title, what.replace("&", "&&")) if what else title)
            action.setIconText(title)
        offer(self.undo, bool(undo), self.tr("No settings have been changed."))
        offer(self.redo, bool(redo), self.tr("Nothing has been undone."))

    def _make_file(self) -> None:
        self.open = self._action(self.tr("&Open…"), "open", QKeySequence.StandardKey.Open)
        self.open_session = self._action(self.tr("Open a session's &folder…"), "folder", "Ctrl+Shift+O")
        self.demo = self._action(self.tr("Try the &demo"), "demo")
        self.save = self._action(self.tr("&Save"), "save", QKeySequence.StandardKey.Save)
        self.save_as = self._action(self.tr("Save &as…"), "", "Ctrl+Shift+S")
        self.export = self._action(self.tr("&Export…"), "export", "Ctrl+E")
        self.close_session = self._action(self.tr("&Close"), "", "Ctrl+W")
        self.quit = self._action(self.tr("&Quit"), "", "Ctrl+Q")

    def _make_edit(self) -> None:
        self.undo = self._action(self.tr("&Undo"), "undo", "Ctrl+Z")
        self.redo = self._action(self.tr("&Redo"), "redo", "Ctrl+Shift+Z", "Ctrl+Y")
        self.paste = self._action(self.tr("&Paste a report or log"), "import", QKeySequence.StandardKey.Paste)
        self.search = self._action(self.tr("&Find a layer"), "search", "Ctrl+K")
        self.filter = self._action(self.tr("Filter the &table"), "filter", "Ctrl+F")
        self.palette = self._action(self.tr("&Commands…"), "command", "Ctrl+Shift+P")

    def _make_run(self) -> None:
        self.run = self._action(self.tr("&Run"), "run", "F5")
        self.cancel = self._action(self.tr("&Cancel"), "stop", "Shift+F5")
        self.diagnose = self._action(self.tr("Dia&gnose"), "search", "F6")
        self.automatic = self._action(self.tr("Diagnose &each run"))
        self.automatic.setCheckable(True)
        self.search_layers = self._action(self.tr("Search &layers to spare"), "layers", "F7")
        self.add_inputs = self._action(self.tr("&Add inputs…"), "image", "Ctrl+I")
        self.import_dumps = self._action(self.tr("&Import dumps…"), "import", "Ctrl+Shift+I")
        self.import_plan = self._action(self.tr("Import a &plan…"), "import")
        self.drop_plan = self._action(self.tr("Re&move the plan"))
        self.compare = self._action(self.tr("C&ompare…"), "compare", "Ctrl+D")
        self.beside = self._action(self.tr("Compare &vendor with embedded"), "compare")
        self.own_results = self._action(self.tr("&Back to the session's own results"), "", "Ctrl+Shift+D")

    def _make_view(self) -> None:
        self.layers = self._action(self.tr("&Layers"), "layers", "Alt+1")
        self.findings = self._action(self.tr("Fi&ndings"), "search", "Alt+2")
        self.settings = self._action(self.tr("&Settings"), "settings", "Alt+3")
        self.inspector = self._action(self.tr("&Inspector"), "info", "Alt+4")
        self.mixed = self._action(self.tr("Mixed &precision"), "layers", "Alt+5")
        self.effects = self._action(self.tr("&Effect of each layer"), "sort-worst")
        self.details = self._action(self.tr("Log and &messages"), "log", "Ctrl+J")
        self.worse = self._action(self.tr("Next &worse layer"), "", "[")
        self.better = self._action(self.tr("Next &better layer"), "", "]")
        self.worst_input = self._action(self.tr("Worst inp&ut of the layer"), "image", "I")
        self.worst_first = self._action(self.tr("Worst layers &first"), "sort-worst", "W")
        self.restore_layout = self._action(self.tr("Restore the la&yout"))

    def _make_tools(self) -> None:
        self.convert = self._action(self.tr("&Convert to .rknn…"), "export")
        self.mixed_precision = self._action(self.tr("&Mixed precision with the toolkit…"), "layers")
        self.sweep = self._action(self.tr("S&weep settings…"), "scatter")
        self.accuracy = self._action(self.tr("&Accuracy on a data set…"), "histogram")
        self.open_report = self._action(self.tr("Open a &report of the toolkit…"), "columns")
        self.explain_log = self._action(self.tr("&Explain a log…"), "log")
        self.repair_file = self._action(self.tr("Repair a &file…"), "note")
        self.c_program = self._action(self.tr("Check the C pro&gram…"), "code")
        self.bundle = self._action(self.tr("&Bundle for the vendor…"), "export")
        self.boards = self._action(self.tr("&Boards…"), "board")
        self.cluster = self._action(self.tr("Connect to a c&luster…"), "link")
        self.setup_toolkit = self._action(self.tr("&Set up toolkit…"), "chip")

    def _make_help(self) -> None:
        self.shortcuts = self._action(self.tr("&Keyboard shortcuts"), "keyboard", "Ctrl+/", "?")
        self.tour = self._action(self.tr("&Tour of the demo"), "demo")
        self.about = self._action(self.tr("&About RKNN Workbench"))

    def _fill_help(self, menu: QMenu) -> None:
        titles = {
            "start": self.tr("&First steps"), "tutorial": self.tr("From a wrong board result to the ca&use"),
            "window": self.tr("The &window and its keys"),
            "table": self.tr("The layer ta&ble"), "graph": self.tr("The &graph"),
            "tensors": self.tr("T&ensors in all views"), "compare": self.tr("&Comparing, inputs and runs"),
            "numbers": self.tr("What the &numbers mean"), "settings": self.tr("Inputs and &preprocessing"),
            "types": self.tr("&Quantization and chips"), "diagnosis": self.tr("F&indings"),
            "mixed": self.tr("Mixed preci&sion"), "accuracy": self.tr("Accurac&y on a data set"),
            "board": self.tr("The boar&d"),
            "capi": self.tr("The C prog&ram"),
            "frameworks": self.tr("Networks that are not ONN&X"),
            "toolkit": self.tr("The &vendor's toolkit"), "messages": self.tr("&Messages of the toolkit"),
            "cluster": self.tr("Sweeps and many mac&hines"),
            "commandline": self.tr("The command &line"), "options": self.tr("Every command and option"),
            "terms": self.tr("W&ords, here and at Rockchip"),
        }  # fmt: skip
        for page in PAGES:
            action = menu.addAction(titles[page])
            action.triggered.connect(lambda _=False, page=page: self.page_wanted.emit(page))
            if page == PAGES[0]:
                action.setShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents))
        _separated(menu, (self.shortcuts, self.tour), (self.about,))

    def _action(self, text: str, icon: str = "", *keys: QKeySequence.StandardKey | str) -> QAction:
        action = QAction(text, self._window)
        if icon:
            theme.decorate(action, icon)
        action.setShortcuts([QKeySequence(item) for item in keys])
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


def offer(action: QAction, is_offered: bool, why: str) -> None:
    """Enable an action, or grey it out and say why."""
    action.setProperty(WHY, "" if is_offered else why)
    action.setStatusTip("" if is_offered else why)
    action.setEnabled(is_offered)  # last: who hears of it may know better


def _separated(menu: QMenu, *groups: tuple[QAction, ...]) -> None:
    for group in groups:
        menu.addSeparator()
        menu.addActions(list(group))
