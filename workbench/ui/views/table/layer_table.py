"""The layer table: every row a layer, the worst one key away."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from workbench.compare.compare import LayerError
from workbench.ui.jobs import JobPool
from workbench.ui.keys import set_place
from workbench.ui.marks import toggle_pins
from workbench.ui.models.table.columns import ALWAYS, Column
from workbench.ui.models.table.copying import Part, as_markdown, as_tsv
from workbench.ui.models.table.filter import Filter
from workbench.ui.models.table.layer_texts import plain_title
from workbench.ui.models.table.layers import LayersModel
from workbench.ui.precision import toggle_precisions
from workbench.ui.views.table.actions import TableActions
from workbench.ui.views.table.columns_popup import ColumnsPopup
from workbench.ui.views.table.filter_edit import FilterEdit
from workbench.ui.views.table.foot import TableFoot
from workbench.ui.views.table.layer_menu import layer_menu
from workbench.ui.views.table.layer_view import LayerView
from workbench.ui.views.table.loader import TableLoader
from workbench.ui.views.table.note_popup import NotePopup
from workbench.ui.widgets import column, row, rule, set_role, tool
from workbench.ui.workspace import Workspace

COPIED_MS = 2500


class LayerTable(QWidget):
    """The table with its filter and a line that says how much of it is shown.

    `columns` are the keys of the columns that the user chose, () the usual ones; `columns_chosen` gives others.
    """

    columns_chosen = Signal(tuple)

    def __init__(self, workspace: Workspace, jobs: JobPool, columns: Sequence[str] = ()) -> None:
        super().__init__()
        self._workspace, self._jobs = workspace, jobs
        self.model = LayersModel(workspace, self)
        self.model.set_columns(columns)
        self.view = LayerView(self.model)
        self.filter_edit = FilterEdit()
        self.actions_ = TableActions(self.view)
        self._fill()
        self._connect()
        self._loader = TableLoader(workspace, jobs, self.model, self.filter_edit.set_terms)
        self._on_results_changed()

    def focus_filter(self) -> None:
        """Type into the filter."""
        self.filter_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_edit.selectAll()

    def toggle_worst_first(self) -> None:
        """Order by the metric that colours, the worst on top; again for the network's order."""
        workspace = self._workspace
        is_error = workspace.metric == workspace.error_metric
        wanted = Column("value", workspace.column, workspace.metric) if is_error else Column(workspace.metric)
        self.view.sort_by(None if self.model.sorting == (wanted, True) else wanted)

    def choose_columns(self) -> ColumnsPopup:
        """Offer all columns, below the button for it."""
        popup = ColumnsPopup(self, self.model, self.view.seen_columns)
        popup.chosen.connect(self.columns_chosen)
        popup.show_at(self.columns_button.mapToGlobal(QPoint(0, self.columns_button.height() + 4)))
        return popup

    def take_over(self, other: "LayerTable") -> None:
        """Show what another table has shown."""
        self.model.set_columns(other.model.chosen_columns)
        self.filter_edit.setText(other.filter_edit.text())
        self.actions_.group.setChecked(other.actions_.group.isChecked())
        sorting, worst_first = other.model.sorting or (None, True)
        self.view.sort_by(sorting, worst_first=worst_first)

    def _fill(self) -> None:
        self.inputs_combo = self._make_inputs_combo()
        self.foot = TableFoot(self._workspace, self.model, self.filter_edit)
        worst = tool("sort-worst", self.tr("Worst layers first (W)"), self.toggle_worst_first)
        self.group_button = tool("scopes", self.tr("Group by scope (G)"), self.actions_.group.trigger)
        self.group_button.setCheckable(True)
        self.columns_button = tool("columns", self.tr("Choose the columns (C)"), self.choose_columns)
        head = row(self.filter_edit, self.inputs_combo, worst, self.group_button, self.columns_button, spacing=4)
        head.setContentsMargins(8, 8, 8, 8)
        self.setLayout(column(head, rule(), self.view, rule(), self.foot, spacing=0))
        set_role(self, "surface")
        set_place(self, self.tr("Layer table"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _connect(self) -> None:
        workspace, view, actions = self._workspace, self.view, self.actions_
        workspace.selection_changed.connect(self._on_selection_changed)
        workspace.results_changed.connect(self._on_results_changed)
        self.model.layoutChanged.connect(self._on_layout_changed)
        self.model.modelReset.connect(self._on_layout_changed)
        self.filter_edit.changed.connect(self._on_filter_changed)
        self.filter_edit.left.connect(view.setFocus)
        view.chosen.connect(workspace.select)
        view.selectionModel().selectionChanged.connect(lambda: self._show_count())
        view.menu_wanted.connect(self._show_menu)
        view.header_menu_wanted.connect(self._show_header_menu)
        actions.group.toggled.connect(self._on_grouped)
        actions.connect_all(
            (actions.precision, lambda: toggle_precisions(workspace, self._selected_rows())),
            (actions.pin, lambda: toggle_pins(workspace, view.selected_tensors())),
            (actions.note, self._write_note),
            (actions.copy, lambda: self._copy(as_tsv)),
            (actions.copy_markdown, lambda: self._copy(as_markdown)),
            (actions.columns, self.choose_columns),
            (actions.sort, self._show_sort_menu),
            (actions.fold_all, lambda: self.model.fold_all(True)),
            (actions.unfold_all, lambda: self.model.fold_all(False)),
        )

    def _make_inputs_combo(self) -> QComboBox:
        combo = QComboBox()
        combo.addItems([self.tr("mean"), self.tr("worst")])
        combo.setToolTip(self.tr("Of several inputs show each value's mean or its worst"))
        combo.setAccessibleName(combo.toolTip())
        combo.currentIndexChanged.connect(lambda index: self.model.set_worst_of_inputs(index == 1))
        return combo

    def _selected_rows(self) -> list[LayerError]:
        found = (self._workspace.row(tensor) for tensor in self.view.selected_tensors())
        return [item for item in found if item is not None]

    def _write_note(self) -> None:
        tensors = self.view.selected_tensors()
        if tensors and self._workspace.session is not None:
            below = self.view.visualRect(self.view.currentIndex()).bottomLeft()
            NotePopup(self, self._workspace, tensors).show_at(self.view.viewport().mapToGlobal(below))

    def _copy(self, write: Callable[..., str]) -> None:
        """Write the selected rows, or all that are shown, with the columns that are shown, to the clipboard."""
        chosen = self.view.selected_tensors() or self.model.shown_tensors()
        columns = self.view.seen_columns()
        values, session = self.model.values, self.model.session
        part = Part(columns, self.model.places(chosen), self.model.sides)
        done = partial(self._on_written, count=len(part.places))
        self._jobs.ask("copy", lambda: write(values, session, part), done)

    def _on_written(self, text: str, count: int) -> None:
        QGuiApplication.clipboard().setText(text)
        self.foot.say(self.tr("Rows copied: {0}").format(count))
        QTimer.singleShot(COPIED_MS, self, self._show_count)

    def _show_menu(self, tensors: list[str], at: QPoint) -> None:
        menu, actions = layer_menu(self, self._workspace, *tensors), self.actions_
        menu.addActions([actions.copy, actions.copy_markdown])
        menu.addSeparator()
        menu.addActions([actions.group, actions.columns])
        menu.popup(at)

    def _show_header_menu(self, section: int, at: QPoint) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        item = self.model.columns[section] if section >= 0 else None
        if item is not None and item.kind not in ALWAYS:
            hide = menu.addAction(self.tr("Hide “{0}”").format(plain_title(item, self.model.sides)))
            hide.triggered.connect(lambda: self._hide(item))
        menu.addActions([self.actions_.columns, self.actions_.group])
        usual = menu.addAction(self.tr("The usual columns"))
        usual.setEnabled(bool(self.model.chosen_columns))
        usual.triggered.connect(lambda: self._choose(()))
        menu.popup(at)

    def _show_sort_menu(self) -> None:
        """The columns that are shown, to sort by; the one that sorts goes from worst to best to the network's order."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for at, item in enumerate(self.model.columns):
            if not self.view.isColumnHidden(at):
                action = menu.addAction(plain_title(item, self.model.sides))
                action.setCheckable(True)
                action.setChecked(self.model.sorting is not None and self.model.sorting[0] == item)
                action.triggered.connect(lambda _=False, at=at: self.view.turn_sorting(at))
        menu.popup(self.view.mapToGlobal(QPoint(8, 8)))
        menu.setActiveAction(menu.actions()[0])

    def _hide(self, item: Column) -> None:
        chosen = self.model.chosen_columns or tuple(other.key for other in self.view.seen_columns())
        self._choose(tuple(key for key in chosen if key != item.key))

    def _choose(self, keys: tuple[str, ...]) -> None:
        self.model.set_columns(keys)
        self.columns_chosen.emit(keys)

    def _on_filter_changed(self, chosen: Filter) -> None:
        self.model.set_filter(chosen)
        self._show_count()

    def _on_grouped(self, is_grouped: bool) -> None:
        self.group_button.setChecked(is_grouped)
        values = self.model.values
        if is_grouped and not values.has_scopes:
            self._jobs.ask("table scopes", values.scopes, lambda _: self._group())
        else:
            self._group()

    def _group(self) -> None:
        self.model.set_grouped(self.actions_.group.isChecked())
        self.view.scrollTo(self.view.currentIndex())

    def _on_selection_changed(self) -> None:
        self.model.reveal(self._workspace.selected)
        self._show_selection()

    def _on_results_changed(self) -> None:
        results = self._workspace.results
        samples = len(results.dumps.get("golden", ())) if results else 0
        self.inputs_combo.setVisible(samples > 1)
        self._on_layout_changed()
        self.view.restore_place()

    def _on_layout_changed(self) -> None:
        self._show_count()
        if not self.view.is_at_heading():
            self._show_selection()

    def _show_count(self) -> None:
        self.foot.show_state(self.view.selected)
        self.view.hint = self.foot.empty_text()

    def _show_selection(self) -> None:
        position = self.model.position(self._workspace.selected) if self._workspace.selected else None
        self.view.show_row(position)
