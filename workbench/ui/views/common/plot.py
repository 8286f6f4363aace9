"""What our plots have in common: a view box, an axis on its left and one below."""

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.views.common.canvas import PlainCanvas
from workbench.ui.views.common.plot_axis import PlotAxis


class Plot(PlainCanvas):
    """`pg.PlotWidget` would bring 80 widgets of menus that nobody sees: a third of what a change of theme takes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = pg.ViewBox(enableMenu=False)
        self.left, self.bottom = (PlotAxis(side, linkView=self.box) for side in ("left", "bottom"))
        content = pg.GraphicsLayout()
        content.setSpacing(0)
        content.setContentsMargins(1, 1, 1, 1)
        for item, place in ((self.left, (0, 0)), (self.box, (0, 1)), (self.bottom, (1, 1))):
            content.addItem(item, *place)
        self.setCentralItem(content)

    def recolour(self) -> None:
        """Take the theme's colours."""
        shown = theme.active()
        self.setBackground(mix(shown.surface, shown.background, 0.5))
        for axis in (self.left, self.bottom):
            axis.setPen(pg.mkPen(shown.line))
            axis.setTextPen(pg.mkPen(shown.muted))
