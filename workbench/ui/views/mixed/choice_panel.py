"""One choice of layers: what it brings, its layers by islands, what it forces, and what the toolkit made of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from workbench.ui import keys
from workbench.ui.models.graph.model import plain_name
from workbench.ui.models.mixed.texts import bytes_text, goal_text, head_of, layers_text
from workbench.ui.models.spoken import spoken
from workbench.ui.numbers import value_text
from workbench.ui.text_size import row_height
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import column, digits, label, one_line, row, set_role, tool

if TYPE_CHECKING:
    from workbench.project.mixed.files import Checked
    from workbench.project.mixed.searched import Choice, Searched

MOST_ROWS = 12
NAME, VALUE = range(2)
LAYER = Qt.ItemDataRole.UserRole


class ChoicePanel(QWidget):
    """Shows a choice; it knows names of layers only, and tells which one is chosen."""

    stepped = Signal(int)
    layer_chosen = Signal(str)
    """A layer by its first output in the deployed graph."""

    def __init__(self) -> None:
        super().__init__()
        self.head, self.state = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.back = tool("chevron-up", self.tr("A cheaper choice"), lambda: self.stepped.emit(-1))
        self.on = tool("chevron-down", self.tr("A dearer choice"), lambda: self.stepped.emit(1))
        self.tree = QTreeWidget()
        self.notes = label("", "warning", wrap=True)
        self._make_tree()
        head = row(self.head, self.back, self.on, spacing=2)
        head.setStretch(0, 1)
        self.setLayout(column(head, self.state, self.tree, self.notes, spacing=4))

    def show_choice(self, searched: "Searched | None", at: int) -> None:
        """Show another choice, or none."""
        choice = searched.choices[at] if searched is not None and 0 <= at < len(searched.choices) else None
        self.setVisible(choice is not None)
        if searched is None or choice is None:
            return
        self.head.setText(head_of(searched, choice))
        place = self.tr("Choice {0} of {1}").format(at + 1, len(searched.choices))
        self.state.setText(f"{place} · {goal_text(searched, choice)}")
        set_role(self.state, "muted" if choice.is_good else "warning")
        self.back.setEnabled(at > 0)
        self.on.setEnabled(at + 1 < len(searched.choices))
        self._fill(searched, choice)
        self.notes.setText("\n".join(one_line(spoken(note)) for note in choice.notes))
        self.notes.setVisible(bool(choice.notes))

    def _make_tree(self) -> None:
        self.tree.setAccessibleName(self.tr("Outputs, layers and conversions of the choice"))
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(14)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setFont(digits(self.tree.font()))
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(VALUE, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.currentItemChanged.connect(self._on_current)
        for moved in (self.tree.itemExpanded, self.tree.itemCollapsed):
            moved.connect(lambda _: self._fit())
        keys.set_place(self.tree, self.tr("Mixed precision"))

    def _fill(self, searched: "Searched", choice: "Choice") -> None:
        self.tree.clear()
        before = searched.choices[0].point.outcome
        outputs = self._part(self.tr("Outputs"), self.tr("cos, quantized → so"))
        for name in choice.point.outcome.outputs:
            was, now = 1 - before.lost(name), 1 - choice.point.outcome.lost(name)
            self._row(outputs, name, f"{value_text('cos', was)} → {value_text('cos', now)}")
        if choice.checked is not None:
            self._fill_check(choice.checked)
        for number, island in enumerate(choice.islands, start=1):
            part = self._part(self.tr("Island {0}").format(number), layers_text(len(island)))
            for name in island:
                self._row(part, name, searched.wish.goal.precision)
        if choice.point.conversions:
            part = self._part(self.tr("Conversions"), str(len(choice.point.conversions)))
            for one in choice.point.conversions:
                self._row(part, one.tensor, f"{one.given} → {one.taken} · {bytes_text(one.bytes)}")
        self._fit()

    def _fill_check(self, checked: "Checked") -> None:
        """What was predicted beside what the toolkit's accuracy_analysis says."""
        part = self._part(checked.toolkit, self.tr("predicted | actual"))
        for name, pairs in checked.outputs.items():
            for number, pair in enumerate(pairs, start=1):
                item = self._row(part, name, f"{value_text('cos', pair.predicted)} | {value_text('cos', pair.actual)}")
                if len(pairs) > 1:
                    item.setText(NAME, self.tr("{0}, input {1}").format(item.text(NAME), number))
        for title, names in (
            (self.tr("not converted, though predicted"), checked.missing),
            (self.tr("converted besides"), checked.further),
        ):
            for name in names:
                self._row(part, name, title)

    def _part(self, title: str, value: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [one_line(title), value])
        font = item.font(NAME)
        font.setWeight(font.Weight.DemiBold)
        item.setFont(NAME, font)
        item.setTextAlignment(VALUE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setSizeHint(NAME, QSize(0, row_height()))
        item.setExpanded(True)
        return item

    def _row(self, part: QTreeWidgetItem, name: str, value: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(part, [one_line(plain_name(name)), value])
        item.setData(NAME, LAYER, name)
        item.setToolTip(NAME, plain_tip(one_line(name)))
        item.setTextAlignment(VALUE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _fit(self) -> None:
        """As high as its lines, up to some."""
        items = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        parts = [item for item in items if item is not None]
        count = len(parts) + sum(part.childCount() for part in parts if part.isExpanded())
        self.tree.setFixedHeight(min(count, MOST_ROWS) * row_height() + 4)

    def _on_current(self, now: QTreeWidgetItem | None, _: object) -> None:
        name = now.data(NAME, LAYER) if now is not None else None
        if name:
            self.layer_chosen.emit(str(name))
