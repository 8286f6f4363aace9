"""The bottom of the window: what runs now, how long it will take, what was said, and the way to stop it."""

import time

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QToolButton, QWidget

from workbench.foundation.steps import Progress
from workbench.ui import theme
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.numbers import seconds_text
from workbench.ui.widgets import ElidedLabel, row, tool

STRIP_HEIGHT = 32


class JobsStrip(QWidget):
    """One line: the running job at the left, messages and the state of the window at the right."""

    details_wanted = Signal()
    messages_wanted = Signal()

    def __init__(self, jobs: JobPool, messages: Messages) -> None:
        super().__init__()
        self._job: Job | None = None
        self._pool = jobs
        self._stage, self._stage_began = "", 0.0
        self.setFixedHeight(STRIP_HEIGHT)
        self.details_button = tool("chevron-up", self.tr("Show log and messages (Ctrl+J)"), self.details_wanted.emit)
        self.text = ElidedLabel("", "", Qt.TextElideMode.ElideMiddle)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(180)
        self.bar.setTextVisible(False)
        self.left = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.cancel_button = self._make_cancel()
        self.state = ElidedLabel("", "muted")
        self.messages_button = self._make_messages_button()
        parts = (self.details_button, self.text, self.bar, self.left, self.cancel_button)
        layout = row(*parts, None, self.state, self.messages_button)
        layout.setContentsMargins(4, 0, 8, 0)
        self.setLayout(layout)
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._show_time)
        jobs.job_started.connect(self._on_job_started)
        messages.added.connect(lambda: self._count(messages))
        messages.cleared.connect(lambda: self._count(messages))
        self._count(messages)
        self._show_idle()

    def say(self, text: str) -> None:
        """Show what is going on where no job runs."""
        if self._job is None and text:
            self.text.set_text(text)
        elif self._job is None:
            self._show_idle()

    def set_state(self, text: str, tip: str = "") -> None:
        """Show what the window works on."""
        self.state.set_text(text, tip)

    def cancel(self) -> None:
        """Stop the job that is shown."""
        if self._job is not None:
            self._job.cancel()
            self.text.set_text(self.tr("{0}: stopping…").format(self._job.title))
            self.cancel_button.setEnabled(False)

    def _make_cancel(self) -> QToolButton:
        result = tool("close", self.tr("Cancel"), self.cancel)
        result.setText(self.tr("cancel"))
        result.setIconSize(QSize(14, 14))
        result.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return result

    def _make_messages_button(self) -> QToolButton:
        result = tool("info", self.tr("Messages"), self.messages_wanted.emit)
        result.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return result

    def _on_job_started(self, job: Job) -> None:
        if self._job is None:
            self._follow(job)

    def _follow(self, job: Job) -> None:
        self._job, self._stage = job, ""
        job.reported.connect(self._on_event)
        job.finished.connect(self._on_finished)
        self.text.set_text(job.title)
        self.bar.setRange(0, 0)
        for widget in (self.bar, self.cancel_button):
            widget.setVisible(True)
        self.cancel_button.setEnabled(True)
        self._clock.start()

    def _on_event(self, event: object) -> None:
        if not isinstance(event, Progress) or self._job is None or self._job.is_cancelling():
            return
        if event.stage != self._stage:
            self._stage, self._stage_began = event.stage, time.monotonic()
        is_counted = event.total > 1
        self.bar.setRange(0, event.total if is_counted else 0)
        self.bar.setValue(event.done)
        count = self.tr("{0} of {1}").format(event.done, event.total) if is_counted else ""
        self.text.set_text("   ".join(part for part in (self._stage_title(event.stage), count, event.text) if part))
        self._show_time()

    def _stage_title(self, stage: str) -> str:
        titles = {
            "reference": self.tr("Reference"), "golden": self.tr("Golden"), "simulator": self.tr("Simulator"),
            "calibrate": self.tr("Calibration"), "compare": self.tr("Compare"), "import": self.tr("Import"),
        }  # fmt: skip
        return titles.get(stage, stage[:1].upper() + stage[1:])

    def _show_time(self) -> None:
        progress = self._job.progress if self._job else None
        passed = time.monotonic() - self._stage_began
        if progress is None or not progress.total or not 0 < progress.done < progress.total or passed < 1:
            self.left.setVisible(False)
            return
        seconds = passed * (progress.total - progress.done) / progress.done
        self.left.set_text(self.tr("{0} left").format(seconds_text(seconds)))
        self.left.setVisible(True)

    def _on_finished(self) -> None:
        self._job = None
        running = [job for job in self._pool.jobs if job.is_running]
        if running:
            self._follow(running[0])
        else:
            self._show_idle()

    def _show_idle(self) -> None:
        self._clock.stop()
        last = self._pool.jobs[-1] if self._pool.jobs else None
        endings = {
            "succeeded": self.tr("{0}: done in {1}"), "failed": self.tr("{0}: failed after {1}"),
            "cancelled": self.tr("{0}: cancelled after {1}"),
        }  # fmt: skip
        text = endings[last.state].format(last.title, seconds_text(last.seconds)) if last else self.tr("Ready")
        self.text.set_text(text)
        for widget in (self.bar, self.left, self.cancel_button):
            widget.setVisible(False)

    def _count(self, messages: Messages) -> None:
        severe = [entry for entry in messages.entries if entry.severity != "info"]
        has_errors = any(entry.severity == "error" for entry in severe)
        theme.decorate(self.messages_button, "error" if has_errors else "warning" if severe else "info", "muted")
        self.messages_button.setText(str(len(messages.entries)))
        self.messages_button.setVisible(bool(messages.entries))
