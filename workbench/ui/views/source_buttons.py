"""The three sources and what they have: a filled dot has values, a half one is stale, a ring has none."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from workbench.project.results import SOURCES
from workbench.project.session import SIMULATORS, Session
from workbench.ui import theme
from workbench.ui.actions import offer
from workbench.ui.models.spoken import sentences
from workbench.ui.running import Runner
from workbench.ui.runtimes import Runtimes
from workbench.ui.simulating import Simulators
from workbench.ui.tips import plain_tip
from workbench.ui.views.runtime_menu import RuntimeMenu
from workbench.ui.widgets import one_line, row, spaced
from workbench.ui.workspace import Workspace

DOT = 14
MOST_NAME = 18
"""Characters of a board that are shown."""
STAGES = {"golden": "reference", "simulator": "simulator", "runtime": "board"}


class SourceButtons(QWidget):
    """Golden, simulator and runtime. `settings_wanted` follows from a click.

    The simulator's button has a menu of simulators, the runtime's one of boards; `beside_wanted` asks for the vendor's
    values beside ours.
    """

    settings_wanted = Signal()
    import_wanted = Signal(str)
    beside_wanted = Signal()
    setup_wanted = Signal()
    boards_wanted = Signal()
    board_wanted = Signal()
    """The settings of what runs on the board."""

    def __init__(self, workspace: Workspace, runner: Runner, simulators: Simulators, runtimes: Runtimes) -> None:
        super().__init__()
        self._workspace, self._runner, self._is_short = workspace, runner, False
        self._simulators = simulators
        self.buttons = {name: self._button(name) for name in SOURCES}
        self.menu = self._make_menu()
        self.runtime = RuntimeMenu(self.buttons["runtime"], runtimes)
        self.runtime.import_wanted.connect(lambda: self.import_wanted.emit("runtime"))
        self.runtime.settings_wanted.connect(self.board_wanted)
        self.runtime.boards_wanted.connect(self.boards_wanted)
        self.setLayout(row(*self.buttons.values(), spacing=0))
        for signal in (
            workspace.session_changed,
            workspace.results_changed,
            runner.stale_changed,
            theme.changes.changed,
            simulators.changed,
        ):
            signal.connect(self._show)
        self._show()

    def set_short(self, is_short: bool) -> None:
        """Only the names, where there is no room for more; the tool-tips say the rest."""
        if is_short != self._is_short:
            self._is_short = is_short
            self._show()

    def _button(self, name: str) -> QToolButton:
        result = QToolButton()
        result.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        result.setIconSize(QSize(DOT, DOT))
        if name == "golden":
            result.clicked.connect(lambda: self.settings_wanted.emit())
        return result

    def _make_menu(self) -> QMenu:
        """The simulators, what one may do with both of them, and the way to their settings."""
        button = self.buttons["simulator"]
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        self.choices = {name: self._choice(menu, name) for name in SIMULATORS}
        menu.addSeparator()
        self.beside = menu.addAction(self.tr("&Compare vendor with embedded"))
        self.beside.triggered.connect(lambda: self.beside_wanted.emit())
        menu.addSeparator()
        menu.addAction(self.tr("Quantization &settings")).triggered.connect(lambda: self.settings_wanted.emit())
        self.setup = menu.addAction(self.tr("Set up &toolkit…"))
        self.setup.triggered.connect(lambda: self.setup_wanted.emit())
        menu.aboutToShow.connect(self._show_menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        return menu

    def _choice(self, menu: QMenu, name: str) -> QAction:
        action = menu.addAction(self._simulators.title(name))
        action.setCheckable(True)
        action.triggered.connect(lambda _=False: self._simulators.choose(name))
        return action

    def _show_menu(self) -> None:
        for name, action in self.choices.items():
            why, hint = self._simulators.missing(name)
            action.setChecked(name == self._simulators.chosen)
            action.setToolTip(plain_tip(sentences(why, hint) or self._simulators.story(name)))
            offer(action, not why or action.isChecked(), why)
        offer(self.beside, self._simulators.beside() is not None, self.tr("Run with the vendor's toolkit first."))
        self.beside.setToolTip(self.beside.statusTip() or self.tr("The embedded simulator measured by the vendor's"))
        self.setup.setVisible(self._simulators.lacks_toolkit)

    def _show(self) -> None:
        session = self._workspace.session
        titles = {"golden": self.tr("Golden"), "simulator": self.tr("Simulator"), "runtime": self.tr("Runtime")}
        for name, button in self.buttons.items():
            state = self._state(name)
            button.setIcon(dot(theme.active().source(name), state))
            button.setText(spaced(self._text(name, titles[name], session)))
            button.setToolTip(plain_tip(self._tip(name, state)))

    def _state(self, name: str) -> str:
        results = self._workspace.own_results
        if results is None or not results.dumps.get(name):
            return "told" if self._is_told(name) else "none"
        is_stale = STAGES.get(name) in self._runner.stale
        return "stale" if is_stale else "filled"

    def _is_told(self, name: str) -> bool:
        """Whether a report without dumps has numbers of a source."""
        results = self._workspace.own_results
        rows = results.rows if results is not None and not results.dumps else ()
        return any(column.partition(".")[0] == name for row in rows for column in row.errors)

    def _text(self, name: str, title: str, session: Session | None) -> str:
        if session is None or self._is_short:
            return title
        if name == "simulator":
            return f"{title} {described(session)}"
        if name == "runtime" and session.board is not None and "runtime" not in session.imports:
            return f"{title} {short_name(session.board.name)}"
        if name == "runtime" and self._state(name) == "none":
            return self.tr("{0} add…").format(title)
        return title

    def _tip(self, name: str, state: str) -> str:
        results, session = self._workspace.own_results, self._workspace.session
        states = {
            "filled": self.tr("Values are there and fit the settings."),
            "stale": self.tr("Values are from before the last change of settings; Run computes them again."),
            "told": self.tr("The numbers are those of a report; there are no tensors."),
            "none": self.tr("No values yet."),
        }
        parts = [states[state]]
        if name == "simulator" and session is not None:
            parts.insert(0, described(session))
            missing = sentences(*self._simulators.missing(session.simulator))
            parts += [missing] if missing else []
        if name == "runtime":
            parts += self._runtime_tip(session)
        if session is not None and name in session.imports:
            parts.append(self.tr("Imported from {0}").format(session.imports[name].path))
        if results is not None and (seconds := results.seconds.get(STAGES.get(name, name))) is not None:
            parts.append(self.tr("Computed in {0:.1f} s").format(seconds))
        return "\n".join(parts)

    def _runtime_tip(self, session: Session | None) -> list[str]:
        """How the values of a board come, where they were not imported."""
        if session is not None and "runtime" in session.imports:
            return []
        if session is None or session.board is None:
            return [self.tr("Connect a board or import its dumps.")]
        return [self.tr("Run computes them on {0}.").format(one_line(session.board.name))]


def short_name(name: str) -> str:
    """A board's name where there is little room."""
    name = one_line(name)
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1]}…"


def described(session: Session) -> str:
    """How the simulator computes, in a few signs."""
    quant = session.quant
    vendor = ("toolkit",) if session.simulator == "toolkit" else ()
    if session.simulator == "none" or quant.dtype == "fp32":
        return "fp32" if session.simulator != "none" else "–"
    return "·".join([*vendor, quant.dtype, *((quant.method,) if quant.type.is_quantized else ()), quant.target])


def dot(colour: QColor, state: str) -> QIcon:
    """A filled dot, a half one, or a ring."""
    size = DOT * 2
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 3))
    circle = QRectF(6, 6, size - 12, size - 12)
    if state in ("filled", "told"):
        painter.setBrush(colour)
    painter.drawEllipse(circle)
    if state == "stale":
        painter.setBrush(colour)
        painter.drawPie(circle, 90 * 16, 180 * 16)
    painter.end()
    return QIcon(pixmap)
