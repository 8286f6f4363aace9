"""Exports: what is asked for, written by a job in a process of its own, and shown where it lies."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workbench.foundation.steps import Steps
from workbench.project.session import Session
from workbench.ui.actions import Actions, offer
from workbench.ui.child import computer
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.views.export_dialog import ExportDialog, Offer
from workbench.ui.workspace import Workspace

BUNDLE, SCRAMBLED, CUT = "bundle", "scrambled", "cut"
"""A kind of export, and after a hyphen how private data is left out (`project.disguise`)."""


class Exports(QObject):
    """Does what the actions "Export…" and "Bundle for the vendor…" ask for."""

    def __init__(
        self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages, actions: Actions
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs, self._messages = window, workspace, jobs, messages
        self._action = actions.export
        self._last: tuple[Path | None, Path | None] = (None, None)
        actions.export.triggered.connect(lambda: self.ask())
        actions.bundle.triggered.connect(lambda: self.ask(BUNDLE))
        workspace.session_changed.connect(self._show)
        workspace.results_changed.connect(self._show)
        self._show()

    def ask(self, kind: str = "") -> ExportDialog | None:
        """Let the user choose what is written, and where; `kind` is chosen already."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None:
            return None
        of, lately = self._last
        dialog = ExportDialog(self._window, self._offers(session), lately if lately and of == folder else folder)
        dialog.chosen.connect(self.export)
        if kind:
            dialog.choose(kind)
        dialog.open()
        return dialog

    def export(self, kind: str, path: Path) -> Job | None:
        """Write one of the formats that the command `export` knows."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None:
            return None
        self._last = folder, path.parent
        title = self.tr("Export {0}").format(path.name)
        job = self._jobs.start(title, lambda: _export(session, folder, kind, path))
        job.succeeded.connect(lambda _: self._messages.wrote(self.tr("Written: {0}").format(path), path))
        job.failed.connect(self._messages.fail)
        job.reported.connect(self._messages.hear)
        return job

    def _show(self) -> None:
        offer(self._action, not (why := self._why_not()), why)

    def _why_not(self) -> str:
        """Why there is nothing to export; "" where there is."""
        if self._workspace.session is None:
            return self.tr("No network is open.")
        if self._workspace.is_comparing:
            return self.tr("A comparison is shown: go back to the session's own results first.")
        return "" if self._workspace.results is not None else self.tr("Run first: there are no results yet.")

    def _bundles(self, session: Session) -> tuple[Offer, ...]:
        """A zip for the vendor, with everything, or without what is private."""
        name, why_not = f"{session.model.stem}-bundle.zip", ""
        if self._workspace.has_only_numbers:
            why_not = self.tr("The numbers are those of a report; there are no tensors.")
        return (
            Offer(
                BUNDLE, self.tr("Bundle for the vendor"),
                self.tr("Zip: network, inputs, dumps, and a script that shows it"), name, why_not,
            ),
            Offer(
                f"{BUNDLE}-{SCRAMBLED}", self.tr("Bundle, scrambled"),
                self.tr("The same with weights and inputs shuffled"), name, why_not,
            ),
            Offer(
                f"{BUNDLE}-{CUT}", self.tr("Bundle, cut"),
                self.tr("The same with nothing but the guilty layers"), name, why_not,
            ),
        )  # fmt: skip

    def _why_no_plan(self, session: Session) -> str:
        if session.simulator == "none":
            return self.tr("The session runs without a simulator.")
        model = self._workspace.model
        is_onnx = model is None or model.is_onnx
        return "" if is_onnx else self.tr("The plan is the embedded simulator's, which computes ONNX networks only.")

    def _offers(self, session: Session) -> tuple[Offer, ...]:
        no_plan, no_tensors = self._why_no_plan(session), ""
        if self._workspace.has_only_numbers:
            no_tensors = self.tr("The numbers are those of a report; there are no tensors.")
        is_theirs = session.plan is not None and session.plan.suffix.lower() == ".cfg"
        no_cfg = no_plan or ("" if is_theirs else self.tr("Import the toolkit's own cfg first: Run, Import a plan…"))
        return (
            Offer("html", self.tr("Report"), self.tr("HTML: worst layers, pictures, table; one file"), "report.html"),
            Offer("csv", self.tr("Table as CSV"), self.tr("Every layer with all its errors"), "report.csv"),
            Offer("json", self.tr("Table as JSON"), self.tr("The same for programs, with all settings"), "report.json"),
            Offer(
                "npy", self.tr("Tensors as npy"), self.tr("A folder: one array a tensor and source"), "tensors",
                no_tensors,
            ),
            Offer("qdq", self.tr("QDQ network"), self.tr("ONNX with the plan's encodings"), "model_qdq.onnx", no_plan),
            Offer("plan", self.tr("Plan"), self.tr("JSON: the encoding of every tensor"), "plan.json", no_plan),
            Offer(
                "cfg", self.tr("The toolkit's cfg"), self.tr("For hybrid_quantization_step2"),
                f"{session.model.stem}.quantization.cfg", no_cfg,
            ),
            *self._bundles(session),
        )  # fmt: skip


def _export(session: Session, folder: Path, kind: str, path: Path) -> Steps[object]:
    if kind.startswith(BUNDLE):
        from workbench.project.toolkit.bundling import Wish, bundle

        return computer.steps(bundle, folder, path, Wish(hidden=kind[len(BUNDLE) + 1 :]))
    from workbench.project.exports import Target, export  # brings all that a run needs

    return computer.steps(export, session, folder, Target(kind, path))
