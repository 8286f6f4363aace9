"""What the C program on the board feeds and reads, checked against the open network."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from workbench.ui.text_size import pixels
from workbench.ui.views.capi.attributes_page import AttributesPage
from workbench.ui.views.capi.code_page import CodePage
from workbench.ui.views.capi.input_page import InputPage
from workbench.ui.views.capi.output_page import OutputPage

SIZE = (860, 640)


class ProgramWindow(QDialog):
    """It stays beside the window while one works; it goes when it is closed."""

    def __init__(self, parent: QWidget, title: str, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = self.tr("The C program")
        self.setWindowTitle(f"{shown}: {title}" if title else shown)
        self.resize(*map(pixels, SIZE))
        self.input, self.attributes = InputPage(inputs), AttributesPage()
        self.output, self.code = OutputPage(outputs), CodePage(has_session=bool(inputs))
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page, name in (
            (self.input, self.tr("Input buffer")), (self.attributes, self.tr("Tensor attributes")),
            (self.output, self.tr("Output buffer")), (self.code, self.tr("Code")),
        ):  # fmt: skip
            self.tabs.addTab(page, name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.tabs.currentChanged.connect(self._on_tab)

    def _on_tab(self) -> None:
        if self.tabs.currentWidget() is self.code:
            self.code.ask()
