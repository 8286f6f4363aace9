"""The place of the tab of mixed precision: it is made when it is first shown, in turns, as the plots take a while."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from workbench.ui.mixing import Mixing
from workbench.ui.turns import Turns
from workbench.ui.widgets import column
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.ui.views.mixed.parts import Parts
    from workbench.ui.views.mixed.view import MixedView

SEARCH, EFFECTS = range(2)
"""The pages of the tab."""


class MixedPage(QWidget):
    """`view` is made at once where somebody needs it before its turn."""

    export_wanted = Signal()
    check_wanted = Signal()
    table_wanted = Signal()

    def __init__(self, workspace: Workspace, mixing: Mixing) -> None:
        super().__init__()
        self._workspace, self._mixing = workspace, mixing
        self._turns, self._has_begun = Turns(self), False
        self.setLayout(column(spacing=0))

    @cached_property
    def view(self) -> "MixedView":
        """The tab's content."""
        from workbench.ui.views.mixed.view import MixedView

        result = MixedView(self._workspace, self._mixing, self._parts)
        for mine, its in (
            (self.export_wanted, result.export_wanted), (self.check_wanted, result.check_wanted),
            (self.table_wanted, result.table_wanted),
        ):  # fmt: skip
            its.connect(mine)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(result)
        self.setFocusProxy(result)
        return result

    def ask(self, done: Callable[["MixedView"], object]) -> None:
        """Do something with the content when it is made."""
        self._begin()
        self._turns.add(lambda: done(self.view))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._begin()

    @cached_property
    def _parts(self) -> "Parts":
        from workbench.ui.views.mixed.parts import Parts

        return Parts(self._workspace, self._mixing)

    def _begin(self) -> None:
        """Make the content, each part in a turn of its own."""
        if self._has_begun:
            return
        self._has_begun = True
        names = ("form", "plot", "panel", "effects")
        self._turns.add(lambda: self._parts, *(lambda name=name: getattr(self._parts, name) for name in names))
        self._turns.add(lambda: self.view)
