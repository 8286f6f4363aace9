"""The settings of a session: inputs, preprocessing, Rockchip's spelling of it, quantization."""

import re
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from workbench.foundation.errors import WorkbenchError
from workbench.graph.graph import Tensor
from workbench.preprocess import notation
from workbench.preprocess.preprocess import Preprocess, channels
from workbench.ui import keys
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.spoken import spoken
from workbench.ui.runtimes import Runtimes
from workbench.ui.simulating import Simulators
from workbench.ui.views.settings.board_options import BoardOptions
from workbench.ui.views.settings.inputs_panel import InputsPanel
from workbench.ui.views.settings.preprocess_panel import PreprocessPanel
from workbench.ui.views.settings.quantization_panel import QuantizationPanel
from workbench.ui.views.settings.toolkit_options import ToolkitOptions
from workbench.ui.widgets import Choice, column, label, row, rule, set_role, tool
from workbench.ui.workspace import Workspace

SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class SettingsPanel(QScrollArea):
    """Everything that a run depends on. A change is taken at once; the runner says what it makes stale."""

    def __init__(
        self, workspace: Workspace, jobs: JobPool, messages: Messages, simulators: Simulators, runtimes: Runtimes
    ) -> None:
        super().__init__()
        self._workspace, self._messages = workspace, messages
        self._sample = 0
        self.inputs = InputsPanel(workspace, jobs)
        self.input_combo = Choice()
        self.input_combo.setToolTip(self.tr("The network's input"))
        self.input_combo.setAccessibleName(self.tr("The network's input"))
        self.input_combo.currentIndexChanged.connect(self._show_input)
        self.preprocess = PreprocessPanel(jobs)
        self.preprocess.edited.connect(self._on_edited)
        self.spelling = self._make_spelling()
        self.quantization = QuantizationPanel(workspace, simulators)
        self.toolkit = ToolkitOptions(workspace, simulators)
        self.board = BoardOptions(workspace, jobs, runtimes)
        self.setWidget(self._make_content())
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("Settings"))
        keys.set_place(self, self.tr("Settings"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.inputs.shown_changed.connect(self._on_sample_shown)
        self.inputs.failed.connect(self._on_inputs_failed)
        self.inputs.told.connect(messages.inform)
        workspace.session_changed.connect(self._show)
        self._show()

    def show_board(self) -> None:
        """Unfold what runs on the board, and scroll there."""
        self.board.fold.turn(is_open=True)
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.board))

    def _on_inputs_failed(self, error: BaseException) -> None:
        """The panel says it where it belongs; who looks elsewhere is told."""
        (self._messages.note if self.isVisible() else self._messages.fail)(error)

    def _make_content(self) -> QWidget:
        result = QWidget()
        set_role(result, "surface")
        parts = (self.inputs, rule(), self._make_preprocess(), rule(), self._make_spelling_part(), rule())
        title = label(self.tr("Quantization"), "title")
        layout = column(*parts, title, self.quantization, rule(), self.toolkit, rule(), self.board, None, spacing=16)
        layout.setContentsMargins(16, 16, 16, 16)
        result.setLayout(layout)
        return result

    def _make_preprocess(self) -> QWidget:
        result = QWidget()
        head = row(label(self.tr("Preprocessing"), "title"), None, self.input_combo)
        result.setLayout(column(head, self.preprocess))
        return result

    def _make_spelling(self) -> QLabel:
        result = label("", "code", wrap=True)
        result.setTextInteractionFlags(SELECTABLE)
        result.setAccessibleName(self.tr("In Rockchip's spelling"))
        return result

    def _make_spelling_part(self) -> QWidget:
        result = QWidget()
        tip = self.tr("Paste mean_values=… or channel_mean_value from the clipboard")
        paste = tool("import", tip, self.paste_spelling)
        copy = tool("copy", self.tr("Copy"), lambda: QGuiApplication.clipboard().setText(self.spelling.text()))
        head = row(label(self.tr("In Rockchip's spelling"), "title"), None, paste, copy, spacing=4)
        result.setLayout(column(head, self.spelling))
        return result

    def _tensors(self) -> tuple[Tensor, ...]:
        return self._workspace.model.graph.inputs if self._workspace.model else ()

    def _settings(self) -> list[Preprocess]:
        session = self._workspace.session
        return [session.preprocess.get(tensor.name, Preprocess()) for tensor in self._tensors()] if session else []

    def _show(self) -> None:
        names = [tensor.name for tensor in self._tensors()]
        if names != [self.input_combo.itemText(at) for at in range(self.input_combo.count())]:
            self.input_combo.clear()
            self.input_combo.addItems(names)
        self.input_combo.setVisible(len(names) > 1)
        self._show_input()
        self.spelling.setText(self._spelled())

    def _show_input(self) -> None:
        at, tensors, session = self.input_combo.currentIndex(), self._tensors(), self._workspace.session
        if session is None or not 0 <= at < len(tensors):
            return
        files = session.samples[self._sample].files if 0 <= self._sample < len(session.samples) else ()
        self.preprocess.show_input(tensors[at], self._settings()[at], files[at] if at < len(files) else None)

    def _on_sample_shown(self, at: int) -> None:
        self._sample = at
        self._show_input()

    def _on_edited(self, name: str, settings: Preprocess) -> None:
        session = self._workspace.session
        if session is not None:
            self._workspace.change(preprocess={**session.preprocess, name: settings})

    def _spelled(self) -> str:
        settings = self._settings()
        counts = [channels(tensor, one) for tensor, one in zip(self._tensors(), settings, strict=True)]
        modern = _or_why(lambda: notation.to_toolkit2(settings, counts))
        old_mean = _or_why(lambda: f'channel_mean_value "{notation.to_channel_mean_value(settings)}"')
        old_order = _or_why(lambda: f'reorder_channel "{notation.to_reorder_channel(settings)}"')
        return "\n".join((modern, "", self.tr("# toolkit 1, before 1.4"), old_mean, old_order)) if settings else ""

    def paste_spelling(self) -> None:
        """Take Rockchip's spelling from the clipboard."""
        text = QGuiApplication.clipboard().text()
        tensors, settings, session = self._tensors(), self._settings(), self._workspace.session
        counts = [channels(tensor, one) for tensor, one in zip(tensors, settings, strict=True)]
        try:
            overrides = read_spelling(text, counts)
            pairs = zip(tensors, settings, overrides, strict=False)
            changed = {tensor.name: notation.with_options(one, **wanted) for tensor, one, wanted in pairs}
        except WorkbenchError as error:
            self._messages.fail(error)
            return
        if session is not None:
            self._workspace.change(preprocess={**session.preprocess, **changed})


def read_spelling(text: str, counts: list[int]) -> tuple[notation.Overrides, ...]:
    """Overrides from either of Rockchip's spellings."""
    if "channel_mean_value" not in text and "reorder_channel" not in text:
        return notation.from_toolkit2(text)
    return notation.from_toolkit1(_quoted(text, "channel_mean_value"), _quoted(text, "reorder_channel"), counts)


def _quoted(text: str, name: str) -> str:
    """What stands in quotation marks after a name, or the bare numbers."""
    found = re.search(rf"""{name}['"]?\s*[=:]?\s*(?:(['"])(.*?)\1|([\d. #-]*))""", text)
    return (found[2] or found[3] or "").strip() if found else ""


def _or_why(spell: Callable[[], str]) -> str:
    try:
        return spell()
    except WorkbenchError as error:
        return f"# {spoken(str(error))}"
