"""What is known of a session's mixed precision, and what can be done about it. Shared by its views."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from workbench.foundation.steps import Steps
from workbench.mixed.accepted import PRECISIONS
from workbench.quantize.schemes import FLOAT16, INT16
from workbench.ui.child import computer
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.mixed.wanted import Wanted
from workbench.ui.one_job import OneJob
from workbench.ui.precision import is_fixed
from workbench.ui.reading_mixed import read_kept, run_check, run_effects, run_export, run_search
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.project.mixed.searched import Choice, Effects, Kept, Searched


class Mixing(OneJob):
    """One job at a time. `at` is the number of the choice that is looked at, -1 for none."""

    changed = Signal()
    """Something else is known."""
    choice_changed = Signal()
    searched_now = Signal()
    """A search has just ended."""

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages) -> None:
        super().__init__(workspace, jobs, messages)
        self._kept: Kept | None = None
        self._folder: Path | None = None
        self._is_due = True
        self.at = -1
        workspace.session_changed.connect(self._look)
        workspace.access.changed.connect(self.busy_changed)

    @property
    def searched(self) -> "Searched | None":
        """The last search."""
        return None if self._kept is None else self._kept.searched

    @property
    def effects(self) -> "Effects | None":
        """What the layers do to the outputs, as far as it was measured."""
        return None if self._kept is None else self._kept.effects

    @property
    def is_stale(self) -> bool:
        """Whether the search is of other settings than the session's."""
        return self._kept is not None and self._kept.is_stale

    @property
    def are_effects_stale(self) -> bool:
        """Whether the effects are of other settings than the session's."""
        return self._kept is not None and self._kept.are_effects_stale

    @property
    def choice(self) -> "Choice | None":
        """The choice that is looked at."""
        searched = self.searched
        return searched.choices[self.at] if searched is not None and 0 <= self.at < len(searched.choices) else None

    @property
    def layers(self) -> dict[str, str]:
        """Its layers and their precision."""
        return self.searched.layers(self.at) if self.searched is not None and self.choice is not None else {}

    @property
    def is_used(self) -> bool:
        """Whether the session has exactly these layers in another precision."""
        session = self._workspace.session
        if session is None or self.choice is None:
            return False
        chosen = dict.fromkeys(session.quant.float_tensors, FLOAT16)
        return chosen | dict.fromkeys(session.quant.int16_tensors, INT16) == self.layers

    def why_not(self) -> str:
        """Why nothing can be searched now; "" where it can."""
        session, model = self._workspace.session, self._workspace.model
        if session is None:
            return self.tr("No network is open.")
        if self._workspace.access.is_read_only:
            return self._workspace.access.why
        if model is not None and not model.is_onnx:
            return self.tr("Only ONNX networks are simulated layer by layer: convert it first.")
        if is_fixed(session):
            return self.tr("Nothing is quantized in {0}: choose w8a8 in the settings.").format(session.quant.dtype)
        if not precisions_of(session.quant.target):
            return self.tr("{0} takes no single layers in another precision.").format(session.quant.target)
        if not session.samples:
            return self.tr("Add inputs first: what layers cost is measured on them.")
        return self.tr("Something runs.") if self.job is not None else ""

    def search(self, wanted: Wanted) -> Job | None:
        """Look for the layers."""
        job = self._start(self.tr("Search layers to spare"), run_search, self.cluster(), wanted)
        if job is not None:
            job.succeeded.connect(lambda kept, folder=self._folder: self._on_searched(folder, kept))
        return job

    def measure(self, samples: int = 0) -> Job | None:
        """Measure what each layer does to the outputs, quantised alone and spared alone."""
        job = self._start(self.tr("Measure the effect of each layer"), run_effects, self.cluster(), samples)
        if job is not None:
            job.succeeded.connect(lambda kept, folder=self._folder: self._show(folder, kept))
        return job

    def check(self) -> Job | None:
        """Let the vendor's toolkit make the choice that is looked at."""
        job = self._start(self.tr("Round trip with the toolkit"), run_check, self.at)
        if job is not None:
            job.succeeded.connect(lambda _: self._read())
        return job

    def export(self, kind: str, path: Path) -> Job | None:
        """Write the choice that is looked at."""
        job = self._start(self.tr("Export {0}").format(path.name), run_export, self.at, (kind, path))
        if job is not None:
            job.succeeded.connect(lambda _: self._messages.wrote(self.tr("Written: {0}").format(path), path))
        return job

    def use(self) -> None:
        """Make the choice part of the session: results become stale, and it can be undone."""
        from workbench.project.mixed.mixing import with_layers  # there since the choice was read

        session = self._workspace.session
        if session is not None and self.choice is not None and not self.is_used:
            self._workspace.change(quant=with_layers(session.quant, self.layers))

    def look_at(self, number: int) -> None:
        """Look at another choice; graph and table show it."""
        searched = self.searched
        count = 0 if searched is None else len(searched.choices)
        number = max(-1, min(count - 1, number))
        if number != self.at:
            self.at = number
            self.choice_changed.emit()

    def step(self, by: int) -> None:
        """Look at a cheaper or a dearer choice."""
        if self.searched is not None:
            self.look_at(max(0, self.at + by))

    def look_if_due(self) -> None:
        """Read what has changed while nobody looked."""
        if self._is_due:
            self._read()

    def _start(self, title: str, function: Callable[..., Steps[object]], *args: object) -> Job | None:
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or not self._workspace.access.asked() or self.why_not():
            return None
        self._folder = folder
        job = self._begin(title, lambda: computer.steps(function, session, folder, *args))
        job.reported.connect(lambda _: self.busy_changed.emit())
        return job

    def _on_searched(self, folder: Path | None, kept: "Kept") -> None:
        self.at = -1
        self._show(folder, kept)
        self.searched_now.emit()
        self._look()  # the session may have changed meanwhile

    def _look(self) -> None:
        """Something has changed: read it at once where somebody looks."""
        self._is_due = True
        if self._workspace.folder != self._folder:
            self._show(self._workspace.folder, None)
        if self._is_seen:
            self._read()

    def _read(self) -> None:
        session, folder = self._workspace.session, self._workspace.folder
        self._is_due = False
        if session is None or folder is None:
            self._show(folder, None)
            return
        self._jobs.ask_process(
            "mixed", read_kept, (session, folder), lambda kept: self._show(folder, kept), self._messages.fail
        )

    def _show(self, folder: Path | None, kept: "Kept | None") -> None:
        if folder != self._workspace.folder:
            return
        searched = kept.searched if kept is not None else None
        count = 0 if searched is None else len(searched.choices)
        if folder != self._folder or not 0 <= self.at < count:
            self.at = -1 if searched is None else searched.chosen
        self._folder, self._kept = folder, kept
        self.changed.emit()
        self.choice_changed.emit()


def precisions_of(target: str) -> tuple[str, ...]:
    """What single layers of a chip can be in beside int8; both where nobody knows the chip."""
    return PRECISIONS.get(target, (FLOAT16, INT16))
