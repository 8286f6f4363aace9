"""What will run on a board, before it runs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QWidget

from workbench.ui.dialogs import dialog_buttons
from workbench.ui.text_size import pixels
from workbench.ui.views.log_dialog import fixed_font
from workbench.ui.views.toolkit.fitted import FittedDialog
from workbench.ui.widgets import column, label

WIDTH, HEIGHT = 720, 180


class RunDialog(FittedDialog):
    """It is accepted when the user wants it."""

    def __init__(self, parent: QWidget, board: str, lines: Sequence[str], *, is_toolkits: bool = False) -> None:
        super().__init__(parent, WIDTH)
        self.setWindowTitle(self.tr("Run on {0}").format(board))
        self.text = QPlainTextEdit(("\n" if is_toolkits else "\n\n").join(lines))
        self.text.setReadOnly(True)
        self.text.setFont(fixed_font())
        self.text.setFixedHeight(pixels(HEIGHT))
        self.text.setAccessibleName(self.tr("What runs on the board"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setTabChangesFocus(True)
        title = label(self.tr("This will run on {0}:").format(board), wrap=True)
        ours, theirs = (
            self.tr(
                "The network and its inputs are pushed into a folder of their own and the dumps are pulled. The folder "
                "is removed at the end, also when the run is cancelled."
            ),
            self.tr("The vendor's toolkit makes these calls: it pushes, runs and pulls with an adb of its own."),
        )
        story = label(theirs if is_toolkits else ours, "muted", wrap=True)
        self.buttons = dialog_buttons(self, self.tr("Run"))
        self.fill(column(title, self.text, story, None, self.buttons, spacing=12))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setFocus(Qt.FocusReason.OtherFocusReason)
