"""The toolbar: what is open, what is fed, what the three sources have, the way to run, what colours, the search."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QToolBar, QToolButton, QWidget

from workbench.ui import theme
from workbench.ui.actions import Actions
from workbench.ui.running import Runner
from workbench.ui.runtimes import Runtimes
from workbench.ui.simulating import Simulators
from workbench.ui.text_size import pixels
from workbench.ui.views.colouring import ColouringButton
from workbench.ui.views.search_box import SearchBox
from workbench.ui.views.settings.inputs_panel import sample_title
from workbench.ui.views.source_buttons import SourceButtons
from workbench.ui.widgets import spaced
from workbench.ui.workspace import Workspace

ICON = 18
MOST_SAMPLES = 24
LEAST_SEARCH, MOST_SEARCH, MOST_NAME = 110, 240, 104
PADDING, SPACING = 8, 4  # px at the sides and between, as the style sheet has them


class ToolBar(QToolBar):
    """One line above everything."""

    recent_wanted = Signal(Path)

    def __init__(
        self, workspace: Workspace, runner: Runner, actions: Actions, simulators: Simulators, runtimes: Runtimes
    ) -> None:
        super().__init__()
        self._workspace, self._runner, self._actions = workspace, runner, actions
        self.setMovable(False)
        self.setIconSize(QSize(ICON, ICON))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.open_button = self._menu_button(self.tr("Open"), "open")
        self.open_button.setToolTip(self.tr("Open a network or a session"))
        self.inputs_button = self._menu_button(self.tr("Inputs"), "image")
        self.inputs_button.menu().aboutToShow.connect(self._fill_inputs_menu)
        self._shown_sample = 0
        self.sources = SourceButtons(workspace, runner, simulators, runtimes)
        self.run_button = self._make_run()
        self.colouring = ColouringButton(workspace)
        self.search = SearchBox(workspace)
        self._arrange()
        self._fill_open_menu()
        workspace.session_changed.connect(self._show)
        workspace.access.changed.connect(self._show)
        workspace.selection_changed.connect(self._on_selection_changed)
        workspace.results_changed.connect(self._show)
        runner.running_changed.connect(self._show)
        self._show()

    def _arrange(self) -> None:
        self.addWidget(self.open_button)
        self.addSeparator()
        self.addWidget(self.inputs_button)
        self.addSeparator()
        self.addWidget(self.sources)
        self.addSeparator()
        self.addWidget(self.run_button)
        self.addSeparator()
        self.addWidget(self.colouring)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        self.search.setMinimumWidth(LEAST_SEARCH)
        self.search.setMaximumWidth(MOST_SEARCH)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.addWidget(self.search)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Shorter texts in a narrow window, then no texts where an icon says enough: nothing must vanish."""
        for is_short, is_iconic in ((False, False), (True, False), (True, True)):
            self.sources.set_short(is_short)
            style = Qt.ToolButtonStyle.ToolButtonIconOnly if is_iconic else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            for part in (self.open_button, self.inputs_button, self.colouring):
                part.setToolButtonStyle(style)
            if self.least_width() <= self.width():
                break

    def least_width(self) -> int:
        """What all parts need with their present texts, also those that have found no room."""
        parts = [self.widgetForAction(action) for action in self.actions()]
        hints = [LEAST_SEARCH if part is self.search else part.sizeHint().width() for part in parts]
        return sum(hints) + (len(hints) + 1) * SPACING + 2 * PADDING

    def _menu_button(self, text: str, icon: str) -> QToolButton:
        result = QToolButton()
        result.setText(spaced(text))
        theme.decorate(result, icon)
        result.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        result.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        result.setMenu(QMenu(result))
        return result

    def _make_run(self) -> QPushButton:
        result = QPushButton()
        result.setProperty("primary", True)
        result.setIconSize(QSize(16, 16))
        result.clicked.connect(self._on_run_clicked)
        return result

    def _on_run_clicked(self) -> None:
        (self._actions.cancel if self._runner.is_running else self._actions.run).trigger()

    def _fill_open_menu(self) -> None:
        menu = self.open_button.menu()
        menu.addActions([self._actions.open, self._actions.open_session, self._actions.demo])
        menu.addMenu(self._actions.recents)
        menu.addSeparator()
        menu.addActions([self._actions.save, self._actions.save_as, self._actions.close_session])

    def _show(self) -> None:
        session, is_running = self._workspace.session, self._runner.is_running
        for widget in (self.inputs_button, self.sources, self.colouring):
            widget.setEnabled(session is not None)
        self.run_button.setEnabled(session is not None)
        self.run_button.setText(spaced(self.tr("Cancel") if is_running else self.tr("Run  F5")))
        theme.decorate(self.run_button, "stop" if is_running else "run", "surface")
        samples = session.samples if session else ()
        first = sample_title(samples[min(self._workspace.sample, len(samples) - 1)]) if samples else ""
        first = self.fontMetrics().elidedText(first, Qt.TextElideMode.ElideMiddle, pixels(MOST_NAME))
        more = f" +{len(samples) - 1}" if len(samples) > 1 else ""
        self.inputs_button.setText(spaced(first + more if samples else self.tr("Add inputs")))
        self.inputs_button.setToolTip(self.tr("Analysed inputs: {0}").format(len(samples)))
        self._shown_sample = self._workspace.sample
        self._fit()

    def _on_selection_changed(self) -> None:
        if self._workspace.sample != self._shown_sample:
            self._show()

    def _fill_inputs_menu(self) -> None:
        menu, session = self.inputs_button.menu(), self._workspace.session
        menu.clear()
        for at, sample in enumerate(session.samples[:MOST_SAMPLES] if session else ()):
            action = menu.addAction(f"{at + 1}   {sample_title(sample)}")
            action.setCheckable(True)
            action.setChecked(at == self._workspace.sample)
            action.triggered.connect(lambda _=False, at=at: self._workspace.set_sample(at))
        menu.addSeparator()
        menu.addAction(self._actions.add_inputs)
