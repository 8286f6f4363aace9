"""Everything about the selected row: what it is, how it is stored, how wrong it is, and its precision."""

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from workbench.compare.compare import LayerError
from workbench.compare.head_room import FLOAT16_LIMIT, bits
from workbench.compare.metrics import TIME
from workbench.ui import keys, theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.layer_facts import Facts, facts, represented
from workbench.ui.models.spoken import spoken
from workbench.ui.models.tensors.heat_image import Range
from workbench.ui.models.tensors.layer_constants import Constant, ends_of
from workbench.ui.numbers import range_text, real_text, value_text
from workbench.ui.precision import (
    PRECISIONS,
    choices,
    has_precision,
    is_fixed,
    precision_of,
    precisions,
    set_precision,
    toggle_precision,
)
from workbench.ui.reading import with_network
from workbench.ui.text_size import pixels
from workbench.ui.tips import plain_tip
from workbench.ui.turns import Soon
from workbench.ui.views.inspector.error_block import ErrorBlock
from workbench.ui.views.inspector.fact_grid import Cell, FactGrid
from workbench.ui.views.tensors.texts import shape_text
from workbench.ui.widgets import ElidedLabel, column, label, row, rule, tool
from workbench.ui.workspace import Workspace

MIN_WIDTH = 256
QUESTION = "inspector.constants"
WHOLE, LONG = 1000, 10**7  # factors between are shown without digits behind the point


class Inspector(QWidget):
    """Follows the workspace's selection and changes the session's precision of a layer."""

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._jobs = workspace, jobs
        self._make_labels()
        self.simulator, self.runtime = ErrorBlock("simulator"), ErrorBlock("runtime")
        for block in (self.simulator, self.runtime):
            block.sample_wanted.connect(workspace.set_sample)
        self.precision = QButtonGroup(self)
        for number, name in enumerate(PRECISIONS):
            self.precision.addButton(QRadioButton(name), number)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.hint)
        self._area = self._scrolling(self._page())
        self._stack.addWidget(self._area)
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(pixels(MIN_WIDTH))
        keys.set_place(self, self.tr("Inspector"))
        keys.tell(self, ("Space", self.tr("Switch the layer between integers and float16")))
        self.precision.idClicked.connect(self._on_precision_clicked)
        self._soon = Soon(self, self._show)  # the graph and the table are drawn first
        for signal in (workspace.selection_changed, workspace.results_changed, workspace.session_changed):
            signal.connect(self._soon.want)
        theme.changes.changed.connect(self._show)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            toggle_precision(self._workspace)
        else:
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        """Let the keys scroll what is shown."""
        self._soon.do_if_due()  # the key came with the selection: the hint cannot take the focus
        self._area.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_precision(self) -> None:
        """Scroll to where the precision is chosen."""
        self._area.ensureWidgetVisible(self._sections["precision"])

    def _make_labels(self) -> None:
        self.hint = label("", "muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setContentsMargins(16, 16, 16, 16)
        self.op = ElidedLabel("", "title", Qt.TextElideMode.ElideRight)
        self.number = label("", "muted")
        self.tensor = ElidedLabel()
        self.tensor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.copy = tool("copy", self.tr("Copy the tensor's name"), self._copy_name)
        self.members = label("", "muted", wrap=True)
        self.note = label("", "warning", wrap=True)
        self.why_fixed = label("", "muted", wrap=True)
        self.about, self.stored = FactGrid(2), FactGrid(2)
        self.constants, self.attributes = FactGrid(2), FactGrid(2)

    def _page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(10, 10, 10, 12)
        layout.setSpacing(8)
        head = column(
            row(self.op, None, self.number), row(self.tensor, self.copy, spacing=2), self.members, self.note, spacing=2
        )
        layout.addLayout(head)
        layout.addWidget(self.about)
        self._sections = {
            "simulator": self._section("", self.simulator),
            "runtime": self._section("", self.runtime),
            "precision": self._section(self.tr("Precision"), self._precision_row()),
            "stored": self._section(self.tr("Stored as"), self.stored),
            "constants": self._section(self.tr("Constants"), self.constants),
            "attributes": self._section(self.tr("Attributes"), self.attributes),
        }
        for section in self._sections.values():
            layout.addWidget(section)
        layout.addStretch(1)
        return page

    def _section(self, title: str, content: QWidget) -> QWidget:
        section = QWidget()
        section.setLayout(column(rule(), *([label(title, "title")] if title else []), content, spacing=5))
        return section

    def _precision_row(self) -> QWidget:
        holder = QWidget()
        holder.setLayout(column(row(*self.precision.buttons(), None, spacing=14), self.why_fixed, spacing=4))
        return holder

    def _scrolling(self, page: QWidget) -> QScrollArea:
        area = QScrollArea(widgetResizable=True)
        area.setAccessibleName(self.tr("Details of the layer"))
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        page.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        return area

    def _show(self) -> None:
        workspace = self._workspace
        chosen = workspace.row(workspace.selected)
        if chosen is None:
            self.hint.setText(self._hint_text())
        else:
            self._show_row(chosen)
        self._stack.setCurrentIndex(0 if chosen is None else 1)  # last: what is hidden is not laid out piece by piece

    def _show_row(self, chosen: LayerError) -> None:
        workspace = self._workspace
        known = (
            facts(workspace.model.graph, workspace.layers_of(chosen.tensor)) if workspace.model else Facts((), (), ())
        )
        self._show_head(chosen, known)
        self._show_storage(chosen)
        self._show_precision(chosen)
        for source, block in (("simulator", self.simulator), ("runtime", self.runtime)):
            before = workspace.row_before(chosen.tensor)
            block.title.set_text(workspace.source_title(source))
            block.show_errors(chosen.errors, before.errors if before else None)
            self._sections[source].setVisible(not block.isHidden())
        self.attributes.show_rows(known.attributes)
        self._sections["attributes"].setVisible(bool(known.attributes))
        self._ask_constants(known)

    def _hint_text(self) -> str:
        if self._workspace.model is None:
            return self.tr("Open a network to inspect its layers.")
        if self._workspace.results is None:
            return self.tr("Select a layer in the graph or the table, or press F5 to run the analysis.")
        return self.tr("Select a layer in the graph or the table, or press [ for the worst one.")

    def _show_head(self, chosen: LayerError, known: Facts) -> None:
        self.op.set_text(chosen.op)
        self.number.setText(f"#{chosen.index}")
        self.tensor.set_text(chosen.tensor, chosen.tensor)
        ops = " + ".join(op for op, _ in known.members)
        is_plain = len(known.members) == 1 and ops == chosen.op
        self.members.setText("" if is_plain or not ops else self.tr("= {0} of yours").format(ops))
        self.members.setToolTip(plain_tip("\n".join(name for _, name in known.members)))
        self.members.setVisible(bool(self.members.text()))
        self.note.setText(spoken(chosen.note))
        self.note.setVisible(bool(chosen.note))
        is_known = bool(chosen.shape) or not self._workspace.has_only_numbers
        rows = [(self.tr("Shape"), shape_text(chosen.shape))] if is_known else []
        if chosen.golden != chosen.tensor:
            is_side = self._workspace.is_comparing
            side = self._workspace.source_title("golden") if is_side else self.tr("Golden")
            rows.append((side, chosen.golden or self.tr("none")))
        if chosen.runtime:
            rows.append((self._workspace.source_title("runtime"), chosen.runtime))
        if chosen.matched_by and chosen.matched_by != "name":
            rows.append((self.tr("Matched by"), chosen.matched_by))
        if chosen.time_us is not None:
            rows.append((self.tr("Time [µs]"), f"{value_text(TIME.key, chosen.time_us)}  {chosen.on}".rstrip()))
        self.about.show_rows(rows)

    def _show_storage(self, chosen: LayerError) -> None:
        encoding = chosen.encoding
        self._sections["stored"].setVisible(encoding is not None)
        if encoding is None:
            return
        before = self._workspace.row_before(chosen.tensor)
        old = before.encoding.dtype if before and before.encoding else encoding.dtype
        kind = encoding.dtype if old == encoding.dtype else self.tr("{0}, before {1}").format(encoding.dtype, old)
        rows: list[tuple[Cell, Cell]] = [(self.tr("Type"), kind)]
        limits = represented(encoding)
        if limits is not None:
            per_channel = len(encoding.scale) > 1
            many = self.tr("{0}, one a channel").format(len(encoding.scale))
            rows += [
                (self.tr("Scale"), many if per_channel else real_text(encoding.scale[0])),
                (self.tr("Zero point"), many if per_channel else str(encoding.zero_point[0]).replace("-", "−")),
                (self.tr("Range"), self._held_text(limits, before)),
            ]
        self.stored.show_rows([*rows, *self._head_room(chosen)])

    def _head_room(self, chosen: LayerError) -> list[tuple[Cell, Cell]]:
        """What float16 holds, what golden needs of it and what is left; nothing for other types."""
        factor = chosen.head_room
        if chosen.golden_range is None or factor is None:
            return []
        text = self.tr("unlimited")
        if factor < 1:
            text = self.tr("overflows (× {0})").format(real_text(factor, 3))
        elif math.isfinite(factor):
            text = self.tr("× {0}, {1} bits").format(
                f"{factor:.0f}" if WHOLE <= factor < LONG else real_text(factor, 4), f"{bits(factor):.1f}"
            )
        return [
            (self.tr("Holds"), f"±{FLOAT16_LIMIT:.0f}"),
            (self.tr("Golden range"), range_text(*chosen.golden_range)),
            (self.tr("Head-room"), (text, "bad" if factor < 1 else "")),
        ]

    def _held_text(self, limits: tuple[float, float], before: LayerError | None) -> str:
        """What an encoding can hold, and what it could before a what-if."""
        old = represented(before.encoding) if before and before.encoding else None
        text = range_text(*limits)
        if old is None or old == limits:
            return text
        return self.tr("{0}, before {1}").format(text, range_text(*old))

    def _show_precision(self, chosen: LayerError) -> None:
        session = self._workspace.session
        is_own = session is not None and not self._workspace.is_comparing  # other sides may have other precisions
        self._sections["precision"].setVisible(is_own and has_precision(chosen))
        if session is None:
            return
        fixed, offered = is_fixed(session), choices(self._workspace, chosen)
        names = precisions(session)
        for number, button in enumerate(self.precision.buttons()):
            button.setText(names[number] if number < len(names) else "")
            button.setVisible(number < len(names))
            button.setEnabled(button.text() in offered)
        self.precision.button(names.index(precision_of(session, chosen))).setChecked(True)
        self.why_fixed.setText(self.tr("The whole network is {0}.").format(session.quant.dtype) if fixed else "")
        self.why_fixed.setVisible(fixed)

    def _on_precision_clicked(self, number: int) -> None:
        chosen, name = self._workspace.row(self._workspace.selected), self.precision.button(number).text()
        if chosen is not None:
            set_precision(self._workspace, chosen, name)

    def _ask_constants(self, known: Facts) -> None:
        self._sections["constants"].hide()
        session = self._workspace.session
        if session is None or not known.constants:
            self._jobs.forget(QUESTION)
            return
        args = session.model, session.shapes, ends_of, known.constants
        self._jobs.ask_process(QUESTION, with_network, args, lambda ends: self._show_constants(known.constants, ends))

    def _show_constants(self, constants: Sequence[Constant], ends: Sequence[Range | None]) -> None:
        texts = [f"{range_text(*pair)}   " if pair else "" for pair in ends]
        named = zip(constants, texts, strict=True)
        self.constants.show_rows([(shape_text(item.shape), f"{text}{item.name}") for item, text in named])
        self._sections["constants"].show()

    def _copy_name(self) -> None:
        QGuiApplication.clipboard().setText(self.tensor.full_text)
