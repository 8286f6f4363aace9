"""What the dialogs that make an .rknn have in common."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QWidget

from workbench.project.session import Session
from workbench.ui.toolkit import Toolkits
from workbench.ui.views.toolkit.facts import facts
from workbench.ui.views.toolkit.fitted import FittedDialog
from workbench.ui.views.toolkit.target_file import TargetFile
from workbench.ui.views.toolkit.toolkit_choice import ToolkitChoice
from workbench.ui.widgets import ElidedLabel, label


class MakingDialog(FittedDialog):
    """A toolkit, what it is given, a file, and why it cannot begin.

    A dialog makes its buttons, lays itself out, connects what it adds with `_check`, and calls `begin`.
    """

    buttons: QDialogButtonBox

    def __init__(self, parent: QWidget, width: int, toolkits: Toolkits, session: Session, path: Path) -> None:
        super().__init__(parent, width)
        self._session = session
        self.toolkit = ToolkitChoice(toolkits, session.toolkit)
        self.file = TargetFile(path)
        self.problem = label("", "bad", wrap=True)

    def begin(self) -> None:
        """Follow what is chosen; the return key starts."""
        self.toolkit.changed.connect(self._check)
        self.file.changed.connect(self._check)
        self.accepted.connect(self._choose)
        self._check()
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setFocus()

    def form(self, target: QWidget) -> QFormLayout:
        """The toolkit, the chip, and what it is given."""
        result = QFormLayout()
        result.setHorizontalSpacing(16)
        result.setVerticalSpacing(8)
        result.addRow(self.tr("Toolkit"), self.toolkit)
        result.addRow(self.tr("Target"), target)
        for title, value in facts(self._session):
            result.addRow(ElidedLabel(title, "muted"), ElidedLabel(value))
        return result

    def tell(self, found: Sequence[str], is_ready: bool) -> None:
        """Show why it cannot begin, and whether it can."""
        self.problem.setText("\n".join(found))
        self.problem.setVisible(bool(found))
        self.fit_soon()
        can_begin = is_ready and not found and self.toolkit.chosen is not None
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(can_begin)

    def _check(self) -> None:
        """Look whether it can begin, and `tell` it."""
        raise NotImplementedError

    def _choose(self) -> None:
        """Give what was chosen."""
        raise NotImplementedError
