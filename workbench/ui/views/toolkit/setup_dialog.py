"""Which toolkits of the vendor's there are; one can be added by its interpreter, or installed."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QWidget

from workbench.ui.dialogs import choose_file
from workbench.ui.models.spoken import spoken
from workbench.ui.toolkit import Look, Toolkits, is_described
from workbench.ui.views.toolkit.fitted import FittedDialog
from workbench.ui.views.toolkit.install_part import InstallPart
from workbench.ui.views.toolkit.toolkit_list import ToolkitList
from workbench.ui.widgets import button, column, label, row, rule

WIDTH = 800


class SetupDialog(FittedDialog):
    """`proposed` is the folder into which one would be installed."""

    def __init__(self, parent: QWidget, toolkits: Toolkits, proposed: Path) -> None:
        super().__init__(parent, WIDTH)
        self.setWindowTitle(self.tr("Set up toolkit"))
        self._toolkits = toolkits
        self.list = ToolkitList(toolkits)
        self.none = label(self.tr("None is known yet: add one that is installed, or install one below."), "muted")
        self.detail, self.problem = label("", "muted", wrap=True), label("", "bad", wrap=True)
        self.hint = label("", "muted", wrap=True)
        for part in (self.detail, self.problem, self.hint):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add = button(self.tr("Add an interpreter…"), "add", self._choose_python)
        self.again = button(self.tr("Look again"), "search", toolkits.look_again)
        self.remove = button(self.tr("Forget"), "remove", self._remove)
        self.install = InstallPart(toolkits, proposed)
        self._lay_out()
        self.list.chosen_changed.connect(self._show_chosen)
        self.list.remove_wanted.connect(self._remove)
        toolkits.changed.connect(self._show)
        toolkits.refused.connect(self._show_problem)
        self.install.grown.connect(self.fit_soon)
        self._show()
        toolkits.refresh()

    def _lay_out(self) -> None:
        story = self.tr(
            "The vendor's toolkit converts networks to .rknn and simulates the NPU. It runs in a Python interpreter of "
            "its own: whatever happens to it, the window stays."
        )
        buttons = QDialogButtonBox()
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        layout = column(
            label(story, "muted", wrap=True), self.list, self.none, self.detail, self.problem, self.hint,
            row(self.add, self.again, self.remove, None), rule(), self.install, None, buttons, spacing=12,
        )  # fmt: skip
        self.fill(layout)

    def _show(self) -> None:
        """What is known, and look at what was not looked at yet."""
        toolkits = self._toolkits
        self.list.show_all()
        self.list.setVisible(bool(toolkits.known))
        self.none.setVisible(toolkits.is_read and not toolkits.known and not toolkits.trouble.problem)
        self.again.setEnabled(bool(toolkits.known) and not toolkits.is_looking)
        if any(item.python not in toolkits.looks for item in toolkits.known):
            toolkits.look()

    def _show_chosen(self) -> None:
        """Where the chosen toolkit is, who says so, and why it cannot be used."""
        at, known = self.list.chosen, self._toolkits.known
        toolkit = known[at] if 0 <= at < len(known) else None
        self.detail.setVisible(toolkit is not None)
        self.remove.setEnabled(toolkit is not None and is_described(toolkit))
        if toolkit is None:
            self._show_problem(self._toolkits.trouble.problem, self._toolkits.trouble.hint)
            return
        origin = self.tr("described in your settings") if is_described(toolkit) else self._origin(toolkit.name)
        self.detail.setText(self.tr("{0}  ({1})").format(toolkit.python, origin))
        self.remove.setToolTip("" if is_described(toolkit) else origin)
        look = self._toolkits.looks.get(toolkit.python, Look())
        shown = look if look.problem else self._toolkits.trouble
        self._show_problem(shown.problem, shown.hint)

    def _origin(self, name: str) -> str:
        if name.startswith("."):
            return self.tr("found in the folder of the program")
        return self.tr("named by the variable {0}").format(name)

    def _show_problem(self, problem: str, hint: str) -> None:
        for part, text in ((self.problem, problem), (self.hint, hint)):
            part.setText(spoken(text))
            part.setVisible(bool(text))
        self.fit_soon()

    def _choose_python(self) -> QFileDialog:
        """That of a virtual environment is a link: what it leads to knows nothing of the environment."""
        title = self.tr("The Python interpreter that has the toolkit")
        dialog = choose_file(self, title, self.tr("Interpreters") + " (python* *)", self._toolkits.add)
        dialog.setOption(QFileDialog.Option.DontResolveSymlinks)
        return dialog

    def _remove(self) -> None:
        at, known = self.list.chosen, self._toolkits.known
        if 0 <= at < len(known) and is_described(known[at]):
            self._toolkits.forget(known[at])
