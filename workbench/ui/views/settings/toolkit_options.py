"""What the vendor's toolkit is told besides the quantization: folded, for most users change nothing of it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFormLayout, QWidget

from workbench.foundation.errors import SettingsError
from workbench.quantize.schemes import QuantSettings
from workbench.sources.toolkit.option_values import checked
from workbench.sources.toolkit.options import OPTIONS, check_together
from workbench.ui.models.spoken import sentences, spoken
from workbench.ui.simulating import Simulators
from workbench.ui.views.settings.toolkit_field import ToolkitField
from workbench.ui.widgets import Choice, ElidedLabel, Fold, column, label, row, tool
from workbench.ui.workspace import Workspace

AT_ONCE = 3
LEAST_NAME = 10  # characters of a toolkit that are seen


class ToolkitOptions(QWidget):
    """Edits the session's toolkit and its options; its head says which are not as they are by default."""

    def __init__(self, workspace: Workspace, simulators: Simulators) -> None:
        super().__init__()
        self._workspace, self._simulators = workspace, simulators
        self.fields: dict[str, ToolkitField] = {}
        self.summary = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.reset = tool("undo", self.tr("Reset all options of the toolkit"), self._reset)
        self.toolkit = Choice(least=LEAST_NAME)
        self.toolkit.setAccessibleName(self.tr("Toolkit"))
        self.toolkit.activated.connect(self._on_toolkit)
        self.problem = label("", "bad", wrap=True)
        self.content = QWidget()
        self.toolkit.setParent(self.content)  # what nobody owns is never deleted, nor is what it knows: the window
        self._form = QFormLayout(self.content)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(8)
        self.fold = Fold(
            self.tr("Vendor's toolkit"), self.tr("Options of the toolkit's conversion and simulation"), self.content
        )
        self.fold.turned.connect(self._on_turned)
        head = row(self.fold, self.summary, self.reset, spacing=4)
        head.setStretch(1, 1)
        layout = column(head, self.content, self.problem)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)
        workspace.session_changed.connect(self._show)
        simulators.changed.connect(self._show_toolkits)
        self._show()

    def _on_turned(self, is_open: bool) -> None:
        """The fields are made when they are first wanted."""
        if is_open and self._form.rowCount() == 0:
            self._form.addRow(self.tr("Toolkit"), self.toolkit)
            self._fill()

    def _fill(self) -> None:
        """The fields, made once somebody wants to see them; a few in a turn, for a widget takes a millisecond."""
        first = len(self.fields)
        for option in OPTIONS[first : first + AT_ONCE]:
            field = ToolkitField(option, self._form, self)
            field.show_value(self._options.get(option.name, option.default))
            field.edited.connect(self._on_edited)
            field.checked.connect(self._show_problem)
            self.fields[option.name] = field
        if len(self.fields) < len(OPTIONS):
            QTimer.singleShot(0, self, self._fill)

    @property
    def _options(self) -> Mapping[str, Any]:
        session = self._workspace.session
        return session.toolkit_options if session is not None else {}

    def _on_edited(self, name: str, value: Any) -> None:
        options = checked({**self._options, name: value})
        if self._workspace.session is not None and options != self._options:
            self._workspace.change(toolkit_options=options)

    def _on_toolkit(self) -> None:
        session, name = self._workspace.session, str(self.toolkit.currentData())
        if session is not None and name != session.toolkit:
            self._workspace.change(toolkit=name)

    def _reset(self) -> None:
        for field in self.fields.values():
            field.clear()
        if self._options:
            self._workspace.change(toolkit_options={})

    def _show(self) -> None:
        options, session = self._options, self._workspace.session
        self.setEnabled(session is not None)
        for name, field in self.fields.items():
            field.show_value(options.get(name, field.option.default))
        named = (session.toolkit,) if session is not None and session.toolkit else ()
        told = ", ".join((*named, *options))
        self.summary.set_text(told)
        self.reset.setVisible(bool(options))
        self._show_toolkits()
        self._show_problem()

    def _show_toolkits(self) -> None:
        session, known = self._workspace.session, self._simulators.described
        chosen = session.toolkit if session is not None else ""
        usual = self.tr("usual: {0}").format(known[0]) if known else self.tr("usual")
        lost = [(self.tr("{0}, not described here").format(chosen), chosen)] if chosen not in ("", *known) else []
        entries = [(usual, ""), *((name, name) for name in known), *lost]
        if [(self.toolkit.itemText(at), self.toolkit.itemData(at)) for at in range(self.toolkit.count())] != entries:
            self.toolkit.clear()
            for text, name in entries:
                self.toolkit.addItem(text, name)
        self.toolkit.setCurrentIndex(self.toolkit.findData(chosen))

    def _show_problem(self) -> None:
        found = [field.problem for field in self.fields.values() if field.problem]
        session = self._workspace.session
        if session is not None and session.toolkit_options:
            found += problems_together(session.toolkit_options, session.quant)
        self.problem.setText("\n".join(found))
        self.problem.setVisible(bool(found))


def problems_together(options: Mapping[str, Any], quant: QuantSettings) -> list[str]:
    """Why the options do not go with the quantization, in the window's language."""
    is_quantized = quant.type.is_quantized
    is_mixed = is_quantized and bool(quant.float_tensors or quant.int16_tensors)
    try:
        check_together(options, quant, is_mixed=is_mixed, is_quantized=is_quantized)
    except SettingsError as error:
        return [sentences(spoken(error.message), spoken(error.hint))]
    return []
