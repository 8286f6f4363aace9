"""A password that is asked for, or the key of a host that nobody has seen yet."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QWidget

from workbench.ui.dialogs import dialog_buttons
from workbench.ui.models.spoken import spoken
from workbench.ui.views.toolkit.fitted import FittedDialog
from workbench.ui.widgets import column, label

WIDTH = 480
SECRETS = ("Password of", "Passphrase of")
KEY = "Is this your board"
YES = "yes"
YES_NO = re.compile(r"\s*[(（]yes/no[)）]")  # for a terminal; here are buttons


class QuestionDialog(FittedDialog):
    """A secret is typed unseen; everything else is confirmed or refused."""

    def __init__(self, parent: QWidget, question: str) -> None:
        super().__init__(parent, WIDTH)
        self.is_secret, self.is_key = question.startswith(SECRETS), KEY in question
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setVisible(self.is_secret)
        self.text = label(YES_NO.sub("", spoken(question)), wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.edit.setAccessibleName(self.text.text())
        title, story, agree = self._words()
        self.story = label(story, "muted", wrap=True)
        self.setWindowTitle(title)
        self.buttons = dialog_buttons(self, agree)
        self.fill(column(self.text, self.edit, self.story, None, self.buttons, spacing=12))
        self.edit.textChanged.connect(self._check)
        self._check()
        self._begin()

    def answer(self) -> str:
        """What was typed, or yes; "" where it was refused."""
        if self.result() != FittedDialog.DialogCode.Accepted:
            return ""
        return self.edit.text() if self.is_secret else YES

    def _words(self) -> tuple[str, str, str]:
        """Title, story and what the button that agrees says."""
        if self.is_secret:
            story = self.tr("It is kept in memory until the window closes, never in a file.")
            return self.tr("Password of the board"), story, self.tr("Connect")
        if self.is_key:
            story = self.tr(
                "Compare the fingerprint with that on the board (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub). "
                "A key that is trusted is remembered."
            )
            return self.tr("Unknown board"), story, self.tr("Trust it")
        story = self.tr("It came with the session. Once agreed to it runs without a question.")
        return self.tr("A command for the board"), story, self.tr("Run it")

    def _begin(self) -> None:
        """Nobody agrees by pressing Enter once too often."""
        if self.is_secret:
            self.edit.setFocus()
        else:
            self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
            self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setFocus()

    def _check(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not self.is_secret or bool(self.edit.text()))
