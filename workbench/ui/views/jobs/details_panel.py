"""What the strip at the bottom opens: all messages, all jobs, and their log."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QShowEvent, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QStackedWidget, QTabWidget, QWidget

from workbench.foundation.steps import Log, Progress, Warn
from workbench.ui import theme
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Message, Messages
from workbench.ui.models.spoken import spoken
from workbench.ui.numbers import seconds_text
from workbench.ui.tips import plain_tip
from workbench.ui.titles import labelled
from workbench.ui.views.jobs.table import JobsTable
from workbench.ui.views.jobs.texts import stage_title, state_text
from workbench.ui.widgets import column, label, row, tool

MOST_LINES = 5000


class DetailsPanel(QTabWidget):
    """Three pages: messages, jobs, and the log of all jobs."""

    def __init__(self, jobs: JobPool, messages: Messages) -> None:
        super().__init__()
        self._jobs, self._messages = jobs, messages
        self._starts: dict[Job, QTextCursor] = {}
        self.jobs = JobsTable(jobs)
        self.jobs.log_wanted.connect(self.show_log)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setAccessibleName(self.tr("Messages"))
        self.list.setToolTip(self.tr("Enter or a double click shows a message again, with what can be done"))
        self.list.itemActivated.connect(lambda item: messages.told.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setProperty("role", "plain")
        self.log.setMaximumBlockCount(MOST_LINES)
        self.log.setAccessibleName(self.tr("Log"))
        self.log.setPlaceholderText(self.tr("Nothing has run yet."))
        self.none = label(self.tr("No messages."), "muted")
        self.none.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.none.setContentsMargins(8, 8, 8, 8)
        self.pages = QStackedWidget()
        for page in (self.none, self.list):
            self.pages.addWidget(page)
        self.addTab(self.pages, self.tr("Messages"))
        self.addTab(self.jobs, self.tr("Jobs"))
        self.addTab(self.log, self.tr("Log"))
        self.setCornerWidget(self._make_corner())
        self.setDocumentMode(True)
        messages.added.connect(self._on_added)
        messages.cleared.connect(self._on_cleared)
        jobs.job_started.connect(self._on_job_started)

    def take_over(self, other: "DetailsPanel") -> None:
        """Show the log that another window has written."""
        self.log.setPlainText(other.log.toPlainText())
        self.log.moveCursor(QTextCursor.MoveOperation.End)

    def show_messages(self) -> None:
        """Turn to the messages."""
        self.setCurrentWidget(self.pages)

    def show_jobs(self) -> None:
        """Turn to the jobs."""
        self.setCurrentWidget(self.jobs)
        self.jobs.tree.setFocus()

    def show_log(self, job: Job) -> None:
        """Turn to where the log of a job begins."""
        self.setCurrentWidget(self.log)
        self.log.moveCursor(QTextCursor.MoveOperation.End)
        if (start := self._starts.get(job)) is not None:
            self.log.setTextCursor(start)
        self.log.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """While something runs and nothing was said, its log is what one looks for."""
        super().showEvent(event)
        if not self._messages.entries and self._jobs.jobs:
            self.setCurrentWidget(self.log)

    def _make_corner(self) -> QWidget:
        result = QWidget()
        copy = tool("copy", self.tr("Copy messages"), self._copy)
        clear = tool("remove", self.tr("Clear messages"), self._messages.clear)
        close = tool("close", self.tr("Close (Ctrl+J)"), self.hide)
        layout = column(row(copy, clear, close, spacing=4))
        layout.setContentsMargins(0, 2, 8, 2)
        result.setLayout(layout)
        return result

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n\n".join(str(entry) for entry in self._messages.entries))

    def _on_added(self, message: Message) -> None:
        text = f"{message.when:%H:%M:%S}  {message.text}"
        item = QListWidgetItem(f"{text}\n{message.hint}" if message.hint else text)
        colour = {"error": "bad", "warning": "golden"}.get(message.severity, "muted")
        item.setIcon(theme.icon(message.severity, colour))
        item.setToolTip(plain_tip(message.detail[-2000:]))
        item.setData(Qt.ItemDataRole.UserRole, message)
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.list.insertItem(0, item)
        self.pages.setCurrentWidget(self.list)

    def _on_cleared(self) -> None:
        self.list.clear()
        self.pages.setCurrentWidget(self.none)

    def _on_job_started(self, job: Job) -> None:
        self._write(f"── {job.title}", theme.active().accent)
        self._starts[job] = QTextCursor(self.log.document().lastBlock())
        stages: list[str] = []
        job.reported.connect(lambda event: self._on_event(job, event, stages))
        job.finished.connect(lambda: self._on_finished(job))

    def _on_finished(self, job: Job) -> None:
        told = f"{state_text(job)}   {seconds_text(job.seconds)}"
        self._write(labelled(f"── {job.title}", told), theme.active().accent)

    def _on_event(self, job: Job, event: object, stages: list[str]) -> None:
        if isinstance(event, Progress):
            if event.stage not in stages:
                stages.append(event.stage)
                told = f"{seconds_text(job.elapsed):>8}   {self._of(job)}{stage_title(event.stage)}"
                self._write(told, theme.active().text)
        elif isinstance(event, Warn):
            self._write(self._of(job) + spoken(event.text), theme.active().bands[2].colour)
        elif isinstance(event, Log):
            self._write(self._of(job) + spoken(event.text), theme.active().muted)

    def _of(self, job: Job) -> str:
        """Whose line it is, where several jobs write."""
        return f"{job.title}: " if len(self._jobs.running) > 1 else ""

    def _write(self, text: str, colour: QColor) -> None:
        style = self.log.currentCharFormat()
        style.setForeground(colour)
        self.log.setCurrentCharFormat(style)
        self.log.appendPlainText(text)
