"""A slim bar that says why the session that is open cannot be changed, and what can be done all the same."""

from PySide6.QtCore import Qt, Signal

from workbench.ui.access import Access
from workbench.ui.models.spoken import spoken
from workbench.ui.views.bars import Bar
from workbench.ui.widgets import ElidedLabel, button, row


class ReadOnlyBar(Bar):
    """Shown while another program has the session."""

    copy_wanted = Signal()

    def __init__(self, access: Access) -> None:
        super().__init__()
        self._access = access
        self.text = ElidedLabel("", "", Qt.TextElideMode.ElideMiddle)
        self.copy_button = button(self.tr("Save as…"), "", self.copy_wanted.emit)
        self.copy_button.setToolTip(self.tr("Go on with a copy in another folder"))
        layout = row(self.icon, self.text, None, self.copy_button)
        layout.setContentsMargins(8, 3, 8, 4)
        self.setLayout(layout)
        self.set_colour("golden", "warning")
        self.icon.setAccessibleName(self.tr("Warning"))
        access.changed.connect(self._show)

    def _show(self) -> None:
        held = self._access.held
        if held is not None:
            text = self.tr("Read-only: {0} It can be changed here when it is closed there.")
            self.text.set_text(text.format(spoken(held.message)))
        self.setVisible(held is not None)
