"""The window: it puts the views together and connects them; what they do is theirs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox

import workbench
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.settings import load_settings, save_settings
from workbench.ui import dialogs, keys, theme
from workbench.ui.actions import Actions
from workbench.ui.boarding import Boarding
from workbench.ui.choosing import Choosing
from workbench.ui.comparisons import Comparisons
from workbench.ui.defects import Defects
from workbench.ui.diagnoses import Diagnoses
from workbench.ui.dropping import local_files
from workbench.ui.flow import Flow
from workbench.ui.help import HelpWindow
from workbench.ui.jobs import JobPool
from workbench.ui.leaving import Leaving
from workbench.ui.messages import Messages
from workbench.ui.mixtures import Mixtures
from workbench.ui.models.network_title import network_title, short_title
from workbench.ui.models.tensors.layer_constants import learn_roles
from workbench.ui.opening import Opener
from workbench.ui.plans import Plans
from workbench.ui.reading import LIBRARIES, warm_up
from workbench.ui.running import Runner
from workbench.ui.runtimes import DUMPS, NONE
from workbench.ui.simulating import Simulators
from workbench.ui.studies import Studies
from workbench.ui.views.bars import MessageBar, StaleBar
from workbench.ui.views.desk import Desk, Views
from workbench.ui.views.empty_state import EmptyState
from workbench.ui.views.filter_memory import remembered
from workbench.ui.views.graph.view import GraphView
from workbench.ui.views.inspector.inspector import Inspector
from workbench.ui.views.jobs.details_panel import DetailsPanel
from workbench.ui.views.jobs.strip import JobsStrip
from workbench.ui.views.read_only_bar import ReadOnlyBar
from workbench.ui.views.settings.panel import SettingsPanel
from workbench.ui.views.table.layer_table import LayerTable
from workbench.ui.views.tensors.panes import TensorPanes
from workbench.ui.views.toolbar import ToolBar
from workbench.ui.views.what_if_bar import WhatIfBar
from workbench.ui.widgets import one_line
from workbench.ui.workspace import Workspace

SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """`sessions` is where new sessions are made; by default a folder in the user's documents."""

    renewal_wanted = Signal()
    """The user chose another language or size of texts, and nothing runs that a new window could not take over."""

    def __init__(self, sessions: Path | None = None, language: str = "en") -> None:
        super().__init__()
        self.settings = load_settings()
        self.workspace, self.jobs, self.messages = Workspace(self), JobPool(parent=self), Messages(self)
        self.jobs.ask_process("warm", warm_up, (), lambda _: None)  # it starts while the views are made
        self.opener = Opener(self.workspace, self.jobs, self.messages, sessions)
        self.runner = Runner(self.workspace, self.jobs, self.messages)
        self.actions_ = Actions(self)
        self.actions_.fill(self.settings)
        self.choosing, self.simulators = Choosing(self), Simulators(self.workspace)
        self.boarding = Boarding(self, self.workspace, self.jobs, self.messages, self.runner)
        self.plans = Plans(self, self.workspace, self.jobs, self.messages, self.actions_)
        self.help = HelpWindow(self, language)
        self.comparisons = Comparisons(self, self.workspace, self.jobs, self.messages, self.opener)
        self.diagnoses, self.studies, self.mixtures = Diagnoses(self), Studies(self), Mixtures(self)
        self._make_views()
        self.desk = self._make_desk()
        self.desk.add_map(self.comparisons.inputs, self.tr("Inputs"))
        self.desk.add_map(self.comparisons.runs, self.tr("Runs"))
        self.addToolBar(self.toolbar)
        self.setCentralWidget(self.desk)
        self._connect_actions()
        self._connect_views()
        for part in (self.diagnoses, self.studies, self.mixtures):
            part.connect_views()
        self._show_state()
        self.setAcceptDrops(True)
        keys.tell(self, ("Esc", self.tr("Close the message, the details, or the comparison")))
        self.resize(*SIZE)
        self.leaving, self.defects, self.flow = Leaving(self), Defects(self), Flow(self)

    def prepare(self) -> None:
        """Load, while the window waits for its user, what the first network needs."""
        self.jobs.load(LIBRARIES)
        self.jobs.ask("roles", learn_roles, lambda _: None)
        self.panes.prepare()

    def take_over(self, old: "MainWindow") -> None:
        """Show what another window has shown."""
        self.messages.take_over(old.messages)
        if old.workspace.session is not None:
            self.workspace.take_over(old.workspace)
            self.comparisons.take_over(old.comparisons)
            self.desk.share_width()
        self.desk.take_over(old.desk)
        self.flow.take_over(old.flow)

    def _make_views(self) -> None:
        self.toolbar = ToolBar(self.workspace, self.runner, self.actions_, self.simulators, self.boarding.runtimes)
        self.empty, self.read_only_bar = EmptyState(), ReadOnlyBar(self.workspace.access)
        self.table = LayerTable(self.workspace, self.jobs, self.settings.table_columns)
        self.settings_panel = SettingsPanel(
            self.workspace, self.jobs, self.messages, self.simulators, self.boarding.runtimes
        )
        self.graph, self.panes = GraphView(self.workspace, self.jobs), TensorPanes(self.workspace, self.jobs)
        self.inspector = Inspector(self.workspace, self.jobs)
        self.strip, self.details = JobsStrip(self.jobs, self.messages), DetailsPanel(self.jobs, self.messages)
        self.stale_bar, self.message_bar = StaleBar(), MessageBar(self.jobs, self.messages)
        self.what_if_bar = WhatIfBar(self.workspace, self.runner)

    def _make_desk(self) -> Desk:
        views = Views(
            self.empty, self.table, self.diagnoses.findings, self.settings_panel, self.mixtures.page,
            self.graph, self.panes, self.inspector, self.details, self.strip,
        )  # fmt: skip
        bars = (self.read_only_bar, self.comparisons.bar, self.stale_bar, self.what_if_bar, self.message_bar)
        return Desk(views, bars)

    def _connect_actions(self) -> None:
        actions, opener = self.actions_, self.opener
        connections = (
            (actions.demo, opener.open_demo), (actions.save, opener.save),
            (actions.close_session, opener.close), (actions.quit, self.close),
            (actions.run, self.runner.run), (actions.cancel, self.runner.cancel),
            (actions.add_inputs, self.settings_panel.inputs.add_files),
            (actions.import_dumps, lambda: self.ask_import("runtime")),
            (actions.worse, self.workspace.worse), (actions.better, self.workspace.better),
            (actions.worst_first, self.table.toggle_worst_first), (actions.search, self.toolbar.search.start),
            (actions.filter, self._focus_filter),
            (actions.layers, self.desk.go_to_layers), (actions.settings, self.desk.go_to_settings),
            (actions.inspector, self.desk.go_to_inspector),
            (actions.details, self._toggle_details), (actions.about, self._show_about),
        )  # fmt: skip
        for action, done in connections:
            action.triggered.connect(lambda _=False, done=done: done())
        self.comparisons.connect_actions(actions)
        self.graph.commands.fill(actions.graph_menu)
        actions.theme_chosen.connect(self._choose_theme)
        actions.language_chosen.connect(lambda name: self.remember_choice("language", name, self.leaving.renew))
        actions.text_size_chosen.connect(lambda text: self.remember_choice("text_size", int(text), self.leaving.renew))
        actions.page_wanted.connect(self.help.show_page)

    def _connect_views(self) -> None:
        self.empty.open_wanted.connect(self.actions_.open.trigger)
        self.empty.demo_wanted.connect(self.opener.open_demo)
        self.empty.recent_wanted.connect(self.opener.open)
        self.opener.busy_changed.connect(self.strip.say)
        self.opener.arriving.connect(self.desk.receive)
        self.opener.opened.connect(self._on_opened)
        self.strip.details_wanted.connect(self._toggle_details)
        self.strip.messages_wanted.connect(self._show_messages)
        self.strip.jobs_wanted.connect(self._show_jobs)
        self.message_bar.list_wanted.connect(self._show_messages)
        self.stale_bar.run_wanted.connect(self.runner.run)
        self.toolbar.sources.settings_wanted.connect(self.desk.show_settings)
        self.toolbar.sources.import_wanted.connect(self.ask_import)
        self.workspace.import_wanted.connect(self.ask_import)
        self.toolbar.search.typed.connect(self.graph.searching.mark)
        self.toolbar.search.searched.connect(self.graph.searching.go)
        self.toolbar.search.stepped.connect(self.graph.searching.step)
        self.graph.search_changed.connect(self.toolbar.search.show_search)
        self.graph.export.written.connect(lambda path: self.messages.wrote(self.tr("Written: {0}").format(path), path))
        self.graph.export.failed.connect(self.messages.fail)
        self.table.columns_chosen.connect(lambda keys: self.remember_choice("table_columns", keys))
        memory = remembered(self.settings.filters, self.table.filter_edit, self.toolbar.search)
        memory.changed.connect(lambda texts: self.remember_choice("filters", texts))
        self.workspace.session_changed.connect(self._show_state)
        self.workspace.access.changed.connect(self._show_state)
        self.runner.stale_changed.connect(lambda: self.stale_bar.show_stages(self.runner.stale))
        self.runner.running_changed.connect(self._show_state)
        self.runner.succeeded.connect(self._on_run_succeeded)
        self.jobs.unanswered.connect(self.messages.fail)

    def _show_state(self) -> None:
        """What depends on whether and which session is open."""
        session, folder = self.workspace.session, self.workspace.folder
        is_open, is_read_only = session is not None, self.workspace.access.is_read_only
        self.desk.show_session(is_open)
        self.actions_.set_session_open(is_open)
        self.actions_.set_running(is_open, self.runner.is_running)
        self.stale_bar.run_button.setEnabled(not self.runner.is_running)
        title = network_title(session.model) if session is not None else ""
        state = self.tr("{0} (read-only)").format(title) if is_read_only else title
        self.setWindowTitle(one_line(f"{state} – RKNN Workbench" if title else "RKNN Workbench"))
        if session is None:
            self.strip.set_state("")
            return
        inputs = self.tr("inputs: {0}").format(len(session.samples))
        names = {DUMPS: self.tr("runtime imported"), NONE: self.tr("no board")}
        board = names.get(self.boarding.runtimes.kind) or (session.board.name if session.board else "")
        whole, short = (" · ".join((name, inputs, board)) for name in (title, short_title(title)))
        self.strip.set_state(whole, self.tr("Session: {0}").format(folder), short)

    def _on_opened(self) -> None:
        has_results = self.workspace.results is not None
        session = self.workspace.session
        needs_inputs = session is not None and not session.samples
        self.settings_panel.verticalScrollBar().setValue(0)
        if needs_inputs and not has_results:
            self.desk.show_settings()
            self.settings_panel.setFocus()
        else:
            self.desk.show_layers()
            self.table.view.setFocus()

    def _on_run_succeeded(self) -> None:
        if self.workspace.folder is not None:
            self.opener.remember(self.workspace.folder)
        self.desk.show_layers()

    def ask_import(self, kind: str, path: Path | None = None) -> None:
        """Let the user say whose dumps are imported, and how they are laid out."""
        dialog = dialogs.ImportDialog(self, kind, path)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.runner.import_dumps(*dialog.chosen()))
        dialog.matching_wanted.connect(lambda: self.flow.matching.match(*dialog.chosen()))
        dialog.open()

    def _focus_filter(self) -> None:
        self.desk.show_layers()
        self.table.focus_filter()

    def _toggle_details(self) -> None:
        self.details.setVisible(not self.details.isVisible())

    def _show_messages(self) -> None:
        self.details.show_messages()
        self.details.setVisible(True)

    def _show_jobs(self) -> None:
        self.details.setVisible(True)
        self.details.show_jobs()

    def _show_about(self) -> None:
        text = self.tr("RKNN Workbench {0}\n\nFinds where a network's numbers part on the way to a Rockchip NPU.")
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.tr("About"), text.format(workbench.__version__), parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _choose_theme(self, name: str) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, name)
        self.remember_choice("theme", name)

    def remember_choice(self, field: str, value: object, done: Callable[[], None] = lambda: None) -> None:
        """Keep a choice of the user's in their settings."""

        def save() -> None:
            save_settings(replace(load_settings(), **{field: value}))  # type: ignore[arg-type]

        self.jobs.ask("choice", save, lambda _: done(), self.messages.fail)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.message_bar.isVisible():
            self.message_bar.hide()
        elif event.key() == Qt.Key.Key_Escape and self.details.isVisible():
            self.details.hide()
        elif event.key() == Qt.Key.Key_Escape and self.workspace.is_comparing:
            self.comparisons.comparer.back()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            self.flow.show_drop(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.flow.show_drop(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.flow.show_drop(False)
        event.acceptProposedAction()
        self.flow.drops.take(local_files(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.leaving.may_close():
            event.ignore()
            return
        try:
            self.opener.save_now()
        except WorkbenchError as error:
            self.messages.fail(error)
        self.flow.save()
        self.boarding.close()
        self.studies.clusters.close()
        self.hide()  # what runs may need seconds to stop
        self.jobs.shutdown()
        self.flow.holding.close()
        super().closeEvent(event)
