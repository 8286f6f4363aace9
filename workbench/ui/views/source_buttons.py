"""The three sources and what they have: a filled dot has values, a half one is stale, a ring has none."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QToolButton, QWidget

from workbench.project.results import SOURCES
from workbench.project.session import Session
from workbench.ui import theme
from workbench.ui.running import Runner
from workbench.ui.widgets import row, spaced
from workbench.ui.workspace import Workspace

DOT = 14
STAGES = {"golden": "reference", "simulator": "simulator"}


class SourceButtons(QWidget):
    """Golden, simulator and runtime. `settings_wanted` and `import_wanted` follow from a click."""

    settings_wanted = Signal()
    import_wanted = Signal(str)

    def __init__(self, workspace: Workspace, runner: Runner) -> None:
        super().__init__()
        self._workspace, self._runner, self._is_short = workspace, runner, False
        self.buttons = {name: self._button(name) for name in SOURCES}
        self.setLayout(row(*self.buttons.values(), spacing=0))
        for signal in (
            workspace.session_changed,
            workspace.results_changed,
            runner.stale_changed,
            theme.changes.changed,
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
        result.clicked.connect(lambda: self._on_clicked(name))
        return result

    def _on_clicked(self, name: str) -> None:
        if name == "runtime":
            self.import_wanted.emit(name)
        else:
            self.settings_wanted.emit()

    def _show(self) -> None:
        session = self._workspace.session
        titles = {"golden": self.tr("Golden"), "simulator": self.tr("Simulator"), "runtime": self.tr("Runtime")}
        for name, button in self.buttons.items():
            state = self._state(name)
            button.setIcon(dot(theme.active().source(name), state))
            button.setText(spaced(self._text(name, titles[name], session)))
            button.setToolTip(self._tip(name, state))

    def _state(self, name: str) -> str:
        results = self._workspace.own_results
        if results is None or not results.dumps.get(name):
            return "none"
        is_stale = STAGES.get(name) in self._runner.stale
        return "stale" if is_stale else "filled"

    def _text(self, name: str, title: str, session: Session | None) -> str:
        if session is None or self._is_short:
            return title
        if name == "simulator":
            return f"{title} {described(session)}"
        if name == "runtime" and self._state(name) == "none":
            return self.tr("{0} add…").format(title)
        return title

    def _tip(self, name: str, state: str) -> str:
        results, session = self._workspace.own_results, self._workspace.session
        states = {
            "filled": self.tr("Values are there and fit the settings."),
            "stale": self.tr("Values are from before the last change of settings; Run computes them again."),
            "none": self.tr("No values yet."),
        }
        parts = [states[state]]
        if name == "simulator" and session is not None:
            parts.insert(0, described(session))
        if name == "runtime":
            parts.append(self.tr("Connect a board or import its dumps: click to import a folder."))
        if session is not None and name in session.imports:
            parts.append(self.tr("Imported from {0}").format(session.imports[name].path))
        if results is not None and (seconds := results.seconds.get(STAGES.get(name, name))) is not None:
            parts.append(self.tr("Computed in {0:.1f} s").format(seconds))
        return "\n".join(parts)


def described(session: Session) -> str:
    """How the simulator computes, in a few signs."""
    quant = session.quant
    if session.simulator == "none" or quant.dtype == "fp32":
        return "fp32" if session.simulator != "none" else "–"
    return "·".join([quant.dtype, *((quant.method,) if quant.type.is_quantized else ()), quant.target])


def dot(colour: QColor, state: str) -> QIcon:
    """A filled dot, a half one, or a ring."""
    size = DOT * 2
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 3))
    circle = QRectF(6, 6, size - 12, size - 12)
    if state == "filled":
        painter.setBrush(colour)
    painter.drawEllipse(circle)
    if state == "stale":
        painter.setBrush(colour)
        painter.drawPie(circle, 90 * 16, 180 * 16)
    painter.end()
    return QIcon(pixmap)
