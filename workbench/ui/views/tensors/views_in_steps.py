"""Makes the views of tensors before the first tensor is there, in steps that nobody notices."""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from workbench.ui.models.tensors.planes import SHOWN

if TYPE_CHECKING:  # the plotting library takes half a second
    from workbench.ui.views.tensors.pane import TensorPane
    from workbench.ui.views.tensors.pane_row import PaneRow
    from workbench.ui.views.tensors.tensor_views import TensorViews

PAUSE_MS = 50
SLOW_PAGES = ("histograms", "values", "scatter", "channels")
PAINTED = ("golden", "simulator", "difference")  # what is painted once before it is seen is soon painted again


def load_views() -> None:
    """Import the views of tensors, in the GUI thread.

    In another thread the plotting library's classes come into being while Qt, without the interpreter's lock, looks
    for those of the widgets that it tells of events: now and then PySide 6.11 on Python 3.11 crashes there.
    """
    importlib.import_module("workbench.ui.views.tensors.tensor_views")


class ViewsInSteps:
    """The panes, the views that hold them, their first paint, and their slow pages."""

    def __init__(self) -> None:
        self._panes: dict[str, TensorPane] = {}
        self._has_begun = False

    def begin(self, owner: QWidget, views: Callable[[], "TensorViews"]) -> None:
        """Go through all steps, once; `views` makes the views with the row of panes."""
        if self._has_begun:
            return
        self._has_begun = True
        panes = (lambda source=source: self._pane(source) for source in SHOWN)
        paints = (lambda source=source: views().row.panes[source].grab() for source in PAINTED)
        pages = (lambda page=page: getattr(views(), page) for page in SLOW_PAGES)
        steps: tuple[Callable[[], object], ...] = (load_views, *panes, views, *paints, *pages)
        for number, step in enumerate(steps, 1):
            QTimer.singleShot(number * PAUSE_MS, owner, step)

    def row(self) -> "PaneRow":
        """The panes side by side; those that are still missing are made at once."""
        from workbench.ui.views.tensors.pane_row import PaneRow

        return PaneRow({source: self._pane(source) for source in SHOWN})

    def _pane(self, source: str) -> "TensorPane":
        from workbench.ui.views.tensors.pane import TensorPane

        if source not in self._panes:
            self._panes[source] = TensorPane(source)
        return self._panes[source]
