"""A printed rknn_tensor_attr, explained."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workbench.ui.models.board.c_program import Answer
from workbench.ui.models.told import HEADING, Told
from workbench.ui.text_size import pixels
from workbench.ui.views.common.findings import Findings
from workbench.ui.views.log_dialog import fixed_font
from workbench.ui.widgets import column, label

SOON_MS, HEIGHT = 300, 130
EXAMPLE = (
    "index=0, name=data, n_dims=4, dims=[1, 112, 112, 3], n_elems=37632, size=37632, fmt=NHWC, type=INT8, "
    "qnt_type=AFFINE, zp=0, scale=0.007843"
)


class AttributesPage(QWidget):
    """`wanted` gives the text, once nobody has typed for a moment."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.text = QPlainTextEdit()
        self.text.setFont(fixed_font())
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(EXAMPLE)
        self.text.setFixedHeight(pixels(HEIGHT))
        self.text.setAccessibleName(self.tr("Printed attributes"))
        self.found = Findings()
        story = self.tr("Paste what the program prints of its tensors (dump_tensor_attr), one or many.")
        layout = column(label(story, "muted", wrap=True), self.text, self.found, spacing=12)
        layout.setStretch(2, 1)
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._ask)
        self.text.textChanged.connect(self._soon.start)

    @property
    def said(self) -> str:
        """What the program has printed."""
        return self.text.toPlainText().strip()

    def show_answers(self, answers: Sequence[tuple[str, Answer]]) -> None:
        """Show what each attribute means."""
        told: list[Told] = []
        for name, answer in answers:
            told += [Told(name, HEADING), *answer.findings]
        self.found.show_found(told)

    def show_answer(self, answer: Answer) -> None:
        """Show why nothing is known."""
        self.found.show_found(answer.findings)

    def _ask(self) -> None:
        if self.said:
            self.wanted.emit(self.said)
        else:
            self.found.show_found(())
