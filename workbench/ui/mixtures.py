"""The window's dealings with mixed precision: its tab, its actions, what is written, the vendor's toolkit."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.ui.actions import offer
from workbench.ui.mixing import Mixing
from workbench.ui.views.export_dialog import ExportDialog, Offer
from workbench.ui.views.mixed.page import EFFECTS, SEARCH, MixedPage

if TYPE_CHECKING:
    from workbench.ui.main_window import MainWindow

FILTER = "spared"


class Mixtures(QObject):
    """`page` is a tab beside the layers."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.mixing = Mixing(window.workspace, window.jobs, window.messages)
        self.mixing.cluster = lambda: window.studies.clusters.used
        self.page = MixedPage(window.workspace, self.mixing)

    def connect_views(self) -> None:
        """Let the tab lead through the other views, and the menu's actions do it."""
        actions, page, mixing = self._window.actions_, self.page, self.mixing
        actions.mixed.triggered.connect(lambda: self.go_to(SEARCH))
        actions.effects.triggered.connect(lambda: self.go_to(EFFECTS))
        actions.search_layers.triggered.connect(self._search)
        page.export_wanted.connect(self.ask_export)
        page.check_wanted.connect(self._check)
        page.table_wanted.connect(self._filter)
        for known in (mixing.busy_changed, self._window.workspace.session_changed):
            known.connect(self._show_state)
        self._show_state()

    def go_to(self, page: int) -> None:
        """Bring a page of the tab to the front."""
        self._window.desk.show_tab(self.page)
        self.page.ask(lambda view: view.go_to(page))

    def ask_export(self) -> ExportDialog | None:
        """Let the user choose what of the choice is written, and where."""
        session, folder = self._window.workspace.session, self._window.workspace.folder
        if session is None or folder is None or self.mixing.choice is None:
            return None
        dialog = ExportDialog(self._window, self._offers(session.model.stem), folder)
        dialog.chosen.connect(self.mixing.export)
        dialog.open()
        return dialog

    def _search(self) -> None:
        self.go_to(SEARCH)
        self.page.ask(lambda view: view.begin.click())

    def _check(self) -> None:
        """Without a toolkit the way to one."""
        toolkits = self._window.flow.conversions.toolkits
        if toolkits.is_read and not toolkits.known:
            self._window.actions_.setup_toolkit.trigger()
        else:
            self.mixing.check()

    def _filter(self) -> None:
        """Leave only the layers of the choice in the table."""
        self._window.desk.go_to_layers()
        self._window.table.filter_edit.setText(FILTER)

    def _show_state(self) -> None:
        why = self.mixing.why_not()
        offer(self._window.actions_.search_layers, not why, why)
        is_open = self._window.workspace.session is not None
        for action in (self._window.actions_.mixed, self._window.actions_.effects):
            offer(action, is_open, self.tr("No network is open."))

    def _offers(self, stem: str) -> tuple[Offer, ...]:
        session = self._window.workspace.session
        has_plan = session is not None and session.plan is not None
        no_toolkit1 = "" if has_plan else self.tr("Import the cfg of its step 1 first: Run, Import a plan…")
        choice = self.mixing.choice
        is_patched = choice is not None and choice.checked is not None and choice.checked.cfg is not None
        story = self.tr("The file of step 1 with these layers") if is_patched else self.tr("For its step 2, in short")
        return (
            Offer("cfg", self.tr("The toolkit's cfg"), story, f"{stem}.quantization.cfg"),
            Offer("script", self.tr("Python script"), self.tr("Does both steps with the toolkit alone"), "convert.py"),
            Offer(
                "toolkit1", self.tr("Cfg of toolkit 1"), self.tr("customized_quantize_layers"),
                f"{stem}.toolkit1.quantization.cfg", no_toolkit1,
            ),
            Offer("op_target", self.tr("op_target"), self.tr("JSON: the layers on the CPU instead"), "op_target.json"),
            Offer("qdq", self.tr("QDQ network"), self.tr("ONNX with the plan's encodings"), f"{stem}_mixed_qdq.onnx"),
            Offer("plan", self.tr("Plan"), self.tr("JSON: the encoding of every tensor"), "plan.json"),
        )  # fmt: skip
