"""Makes the views of tensors before the first tensor is there, in steps that nobody notices."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.planes import SHOWN
from workbench.ui.views.tensors.making_ready import make_ready

if TYPE_CHECKING:  # the plotting library takes half a second
    from workbench.ui.views.tensors.pane import TensorPane
    from workbench.ui.views.tensors.pane_row import PaneRow
    from workbench.ui.views.tensors.tensor_views import TensorViews

VIEWS = "workbench.ui.views.tensors.tensor_views"
SLOW_PAGES = ("histograms", "values", "scatter", "channels")
PAINTED = ("golden", "simulator", "difference")  # what is painted once before it is seen is soon painted again


class ViewsInSteps:
    """The panes, the views that hold them, their first paint, and their slow pages."""

    def __init__(self) -> None:
        self._panes: dict[str, TensorPane] = {}
        self._has_begun = False

    def begin(self, owner: QWidget, jobs: JobPool, views: Callable[[], "TensorViews"]) -> None:
        """Go through all steps, once; `views` makes the views with the row of panes."""
        if self._has_begun:
            return
        self._has_begun = True
        panes = (lambda source=source: self._pane(source) for source in SHOWN)
        paints = (lambda source=source: views().row.panes[source].grab() for source in PAINTED)
        pages = (lambda page=page: getattr(views(), page) for page in SLOW_PAGES)
        make_ready(owner, jobs, VIEWS, (*panes, views, *paints, *pages))

    def row(self) -> "PaneRow":
        """The panes side by side; those that are still missing are made at once."""
        from workbench.ui.views.tensors.pane_row import PaneRow

        return PaneRow({source: self._pane(source) for source in SHOWN})

    def _pane(self, source: str) -> "TensorPane":
        from workbench.ui.views.tensors.pane import TensorPane

        if source not in self._panes:
            self._panes[source] = TensorPane(source)
        return self._panes[source]
