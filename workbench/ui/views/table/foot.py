"""What is said about the layer table: how much of it is shown, what the filter does not mean, what is missing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.ui.models.table.filter import without_values
from workbench.ui.models.table.filter_texts import field_text
from workbench.ui.models.table.layers import LayersModel
from workbench.ui.views.table.filter_edit import FilterEdit
from workbench.ui.widgets import ElidedLabel, column, label
from workbench.ui.workspace import Workspace

MOST_NAMES = 40


class TableFoot(QWidget):
    """A line of counts, and above it what is wrong with the filter."""

    def __init__(self, workspace: Workspace, model: LayersModel, edit: FilterEdit) -> None:
        super().__init__()
        self._workspace, self._model, self._edit = workspace, model, edit
        self.count = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.unclear = label("", "warning", wrap=True)
        layout = column(self.unclear, self.count, spacing=2)
        layout.setContentsMargins(8, 4, 8, 4)
        self.setLayout(layout)

    def say(self, text: str) -> None:
        """Say something else than the counts."""
        self.count.set_text(text)

    def show_state(self, selected: int) -> None:
        """Say how much is shown; `selected` is how many rows are."""
        self.unclear.setText(self._edit.unclear)
        self.unclear.setVisible(bool(self._edit.unclear))
        names = [f"{title}: {name}" for title, lost in self._unmatched() for name in lost[:MOST_NAMES]]
        self.count.set_text("   ".join(self._parts(selected)), "\n".join(names))

    def empty_text(self) -> str:
        """What is said in the place of rows; "" where there are some, or none at all."""
        if self._model.shown or not self._model.total:
            return ""
        chosen = self._edit.filter
        nothing = self.tr("No layer satisfies the filter; Esc in its field clears it.")
        lacking = ", ".join(without_values(chosen, self._model.values))
        why = self.tr("No layer has a value of {0}.").format(lacking) if lacking else ""
        return "\n\n".join(part for part in (nothing, why, field_text(self._edit.text().split())) if part)

    def _parts(self, selected: int) -> list[str]:
        model = self._model
        parts = [self.tr("Layers: {0}").format(model.total)]
        if model.shown != model.total:
            parts = [self.tr("Layers: {0} of {1}").format(model.shown, model.total)]
        if selected > 1:
            parts.append(self.tr("selected: {0}").format(selected))
        parts += [self.tr("no partner in {0}: {1}").format(title, len(lost)) for title, lost in self._unmatched()]
        if self._workspace.results is not None and not model.values.filled:
            parts.append(self.tr("no errors: there is only golden"))
        if model.is_grouped and not model.has_headings:
            parts.append(self.tr("the names have no scopes"))
        return parts

    def _unmatched(self) -> list[tuple[str, tuple[str, ...]]]:
        """The tensors of each source that golden has no partner for, by the source's title."""
        results = self._workspace.results
        found = results.unmatched.items() if results else ()
        return [(self._workspace.source_title(source), tuple(names)) for source, names in found if names]
