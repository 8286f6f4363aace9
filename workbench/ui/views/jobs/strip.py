"""The bottom of the window: what runs now, how long it will take, what was said, and the way to stop it."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QProgressBar, QToolButton, QWidget

from workbench.foundation.steps import Progress
from workbench.ui import theme
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Message, Messages
from workbench.ui.numbers import seconds_text
from workbench.ui.text_size import pixels
from workbench.ui.views.jobs.texts import progress_text
from workbench.ui.widgets import ElidedLabel, row, tool

STRIP_HEIGHT = 32
STATE_SHARE = 0.4
LONG = 10.0
"""Seconds after which one looks elsewhere, and wants to be told that it has ended."""


class JobsStrip(QWidget):
    """One line: the running job and how many more, messages and the state of the window at the right."""

    details_wanted = Signal()
    messages_wanted = Signal()
    jobs_wanted = Signal()

    def __init__(self, jobs: JobPool, messages: Messages) -> None:
        super().__init__()
        self._job: Job | None = None
        self._pool = jobs
        self.setFixedHeight(pixels(STRIP_HEIGHT))
        self.details_button = tool("chevron-up", self.tr("Show log and messages (Ctrl+J)"), self.details_wanted.emit)
        self.text = ElidedLabel("", "", Qt.TextElideMode.ElideMiddle)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(180)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.left = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.cancel_button = self._make_cancel()
        self.more = tool("layers", self.tr("All jobs"), self.jobs_wanted.emit)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.state = ElidedLabel("", "muted")
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.messages_button = self._make_messages_button()
        parts = (self.details_button, self.text, self.bar, self.left, self.cancel_button, self.more)
        layout = row(*parts, None, self.state, self.messages_button)
        layout.setContentsMargins(4, 0, 8, 0)
        self.setLayout(layout)
        self._row = layout
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._show_time)
        jobs.job_started.connect(self._on_job_started)
        messages.added.connect(lambda: self._count(messages))
        messages.cleared.connect(lambda: self._count(messages))
        messages.told.connect(self._on_told)
        self._count(messages)
        self._show_idle()

    def add_button(self, button: QToolButton) -> None:
        """Another one at the right, before that of the messages."""
        self._row.insertWidget(self._row.indexOf(self.messages_button), button)

    def say(self, text: str) -> None:
        """Show what is going on where no job runs."""
        if self._job is None and text:
            self.text.set_text(text)
        elif self._job is None:
            self._show_idle()

    def _on_told(self, message: Message) -> None:
        """News stand here until something else goes on; errors have a bar of their own."""
        if message.severity == "info":
            self.say(message.text)

    def set_state(self, text: str, tip: str = "", shorter: str = "") -> None:
        """Show what the window works on."""
        self.state.set_text(text, tip, (shorter,) if shorter else ())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.state.setMaximumWidth(int(self.width() * STATE_SHARE))  # what goes on is never pushed aside

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
        job.finished.connect(lambda: self._on_any_finished(job))
        self._count_jobs()

    def _on_any_finished(self, job: Job) -> None:
        """A window that is not looked at asks for attention when long work has ended; it never comes to the front."""
        self._count_jobs()
        if job.seconds >= LONG and not self.isActiveWindow():
            QApplication.alert(self.window())

    def _count_jobs(self) -> None:
        more = len(self._pool.running) - 1
        self.more.setVisible(more > 0)
        text = self.tr("{0} more").format(more)
        self.more.setText(text)
        self.more.setAccessibleName(self.tr("{0}: show all jobs").format(text))

    def _follow(self, job: Job) -> None:
        self._job = job
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
        is_counted = event.total > 1
        self.bar.setRange(0, event.total if is_counted else 0)
        self.bar.setValue(event.done)
        self.text.set_text(progress_text(event))
        self._show_time()

    def _show_time(self) -> None:
        if self._job is not None and self._job.is_cancelling():
            self.text.set_text(self.tr("{0}: stopping…").format(self._job.title))
        seconds = self._job.seconds_left if self._job else None
        self.left.setVisible(seconds is not None)
        if seconds is not None:
            self.left.set_text(self.tr("{0} left").format(seconds_text(seconds)))

    def _on_finished(self) -> None:
        self._job = None
        if running := self._pool.running:
            self._follow(running[0])
        else:
            self._show_idle()

    def _show_idle(self) -> None:
        self._clock.stop()
        last = self._pool.last_ended
        endings = {
            "succeeded": self.tr("{0}: done in {1}"), "failed": self.tr("{0}: failed after {1}"),
            "cancelled": self.tr("{0}: cancelled after {1}"),
        }  # fmt: skip
        text = endings[last.state].format(last.title, seconds_text(last.seconds)) if last else self.tr("Ready")
        self.text.set_text(text)
        for widget in (self.bar, self.left, self.cancel_button, self.more):
            widget.setVisible(False)

    def _count(self, messages: Messages) -> None:
        severe = [entry for entry in messages.entries if entry.severity != "info"]
        has_errors = any(entry.severity == "error" for entry in severe)
        theme.decorate(self.messages_button, "error" if has_errors else "warning" if severe else "info", "muted")
        self.messages_button.setText(str(len(messages.entries)))
        self.messages_button.setVisible(bool(messages.entries))
