"""What the tab of mixed precision consists of, each made on first use."""

from functools import cached_property

from workbench.ui.mixing import Mixing
from workbench.ui.views.mixed.choice_panel import ChoicePanel
from workbench.ui.views.mixed.effects_view import EffectsView
from workbench.ui.views.mixed.front_plot import FrontPlot
from workbench.ui.views.mixed.wish_form import WishForm
from workbench.ui.workspace import Workspace


class Parts:
    """The form, the plot, the choice that is looked at, and the effects."""

    def __init__(self, workspace: Workspace, mixing: Mixing) -> None:
        self._workspace, self._mixing = workspace, mixing

    @cached_property
    def form(self) -> WishForm:
        """What is looked for."""
        return WishForm()

    @cached_property
    def plot(self) -> FrontPlot:
        """The choices."""
        return FrontPlot()

    @cached_property
    def panel(self) -> ChoicePanel:
        """The one that is looked at."""
        return ChoicePanel()

    @cached_property
    def effects(self) -> EffectsView:
        """Each layer alone."""
        return EffectsView(self._workspace, self._mixing)
