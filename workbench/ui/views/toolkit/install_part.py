"""Installs a toolkit: where to, how far it is, what the installer says, and the way to stop it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from workbench.foundation.steps import Log, Progress
from workbench.ui.dialogs import choose_folder
from workbench.ui.jobs import Job
from workbench.ui.numbers import seconds_text
from workbench.ui.text_size import pixels
from workbench.ui.toolkit import Toolkits
from workbench.ui.widgets import ElidedLabel, button, label, row

LOG_HEIGHT, MOST_LINES, BAR_WIDTH = 132, 2000, 180


class InstallPart(QWidget):
    """Follows the job even where another dialog began it; closing the dialog lets it go on."""

    grown = Signal()
    """More is shown than before."""

    def __init__(self, toolkits: Toolkits, proposed: Path) -> None:
        super().__init__()
        self._toolkits = toolkits
        self._job: Job | None = None
        self.folder = QLineEdit(str(proposed))
        self.folder.setAccessibleName(self.tr("Folder of the toolkit"))
        self.folder.textChanged.connect(self._show)
        self.browse = button(self.tr("Choose…"), "folder", self._browse)
        self.tensorflow = QCheckBox(self.tr("With TensorFlow: it loads TensorFlow and TFLite networks, too"))
        self.start = button(self.tr("Install"), "", self._install)
        self.stop = button(self.tr("Cancel"), "stop", self._cancel)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(BAR_WIDTH)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.state = ElidedLabel("", "muted")
        self.log = self._make_log()
        self._fill()
        self._follow(toolkits.installing)
        toolkits.changed.connect(self._on_changed)

    def _fill(self) -> None:
        story = self.tr(
            "Or install one: rknn-toolkit2 2.5.0 and what it needs, into a folder of its own. It is loaded from the "
            "internet, 1 to 5 GB, and takes several minutes."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label(story, "muted", wrap=True))
        layout.addLayout(row(self.folder, self.browse, self.start, spacing=4))
        layout.addWidget(self.tensorflow)
        going = row(self.bar, self.state, self.stop)
        going.setStretch(1, 1)
        layout.addLayout(going)
        layout.addWidget(self.log)

    def _make_log(self) -> QPlainTextEdit:
        log = QPlainTextEdit()
        log.setReadOnly(True)
        log.setMaximumBlockCount(MOST_LINES)
        log.setFixedHeight(pixels(LOG_HEIGHT))
        log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        log.setAccessibleName(self.tr("Log of the installation"))
        log.setTabChangesFocus(True)
        return log

    def _install(self) -> None:
        folder = Path(self.folder.text().strip()).expanduser().absolute()
        self._toolkits.install(folder, self.tensorflow.isChecked())

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._show()

    def _browse(self) -> None:
        choose_folder(self, self.tr("Folder of the toolkit"), lambda path: self.folder.setText(str(path)), new=True)

    def _on_changed(self) -> None:
        if self._toolkits.installing is not self._job and self._toolkits.installing is not None:
            self._follow(self._toolkits.installing)
        self._show()

    def _follow(self, job: Job | None) -> None:
        self._job = job
        if job is not None:
            self.log.setPlainText("\n".join(line.text for line in job.lines))
            self.bar.setRange(0, 0)
            job.reported.connect(self._on_event)
            job.finished.connect(self._on_finished)
        self._show()

    def _on_event(self, event: object) -> None:
        if isinstance(event, Progress):
            is_counted = event.total > 1
            self.bar.setRange(0, event.total if is_counted else 0)
            self.bar.setValue(event.done)
        elif isinstance(event, Log):
            self.log.appendPlainText(event.text)
            self.state.set_text(event.text)

    def _on_finished(self) -> None:
        job = self._job
        if job is None:
            return
        endings = {
            "succeeded": self.tr("Installed in {0}."), "failed": self.tr("It failed after {0}."),
            "cancelled": self.tr("Cancelled after {0}."),
        }  # fmt: skip
        self.state.set_text(endings[job.state].format(seconds_text(job.seconds)))
        self._show()

    def _show(self) -> None:
        is_going = self._job is not None and self._job.is_running
        if self._job is not None and self.log.isHidden():
            self.grown.emit()
        self.log.setVisible(self._job is not None)
        self.state.setVisible(self._job is not None)
        self.bar.setVisible(is_going)
        self.stop.setVisible(is_going)
        self.stop.setEnabled(self._job is not None and not self._job.is_cancelling())
        for widget in (self.folder, self.browse, self.tensorflow):
            widget.setEnabled(not is_going)
        self.start.setEnabled(not is_going and bool(self.folder.text().strip()))
