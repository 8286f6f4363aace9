"""Whether the session that is open may be changed: where another program has it, it is only looked at."""

from PySide6.QtCore import QCoreApplication, QObject, Signal

from workbench.project.holding import SessionHeldError


class Access(QObject):
    """`held` says which other program has the session; None where it may be changed."""

    changed = Signal()
    refused = Signal()
    """A user wished to change what can only be looked at."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.held: SessionHeldError | None = None

    @property
    def is_read_only(self) -> bool:
        """Whether nothing is written."""
        return self.held is not None

    @property
    def why(self) -> str:
        """Why what changes the session is grey; "" where it may be changed."""
        return QCoreApplication.translate("Actions", "Another program has the session open.") if self.held else ""

    def set_held(self, held: SessionHeldError | None) -> None:
        """Another program has the session, or none any more."""
        if str(held) != str(self.held):
            self.held = held
            self.changed.emit()

    def asked(self) -> bool:
        """Whether a change that a user wishes is made; who wishes in vain is told."""
        if self.is_read_only:
            self.refused.emit()
        return not self.is_read_only
