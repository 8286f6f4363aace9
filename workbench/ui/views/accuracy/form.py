"""What is measured: the images, what is right on them, how outputs are read, and by which sources."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QSpinBox, QWidget

from workbench.foundation.resources import resource
from workbench.project.session import Session
from workbench.ui.dialogs import choose_folder
from workbench.ui.models.accuracy.figures import Figures
from workbench.ui.reading_accuracy import CLASSIFICATION, DETECTION, USUAL, Asked
from workbench.ui.text_size import row_height
from workbench.ui.views.accuracy.sources_field import SourcesField
from workbench.ui.views.capi.path_field import PathField
from workbench.ui.widgets import Choice, button, label, row, set_role

OUTPUTS, SCORE = "outputs", "score"
FOLDERS, FLOAT, FILE = "folders", "float", "file"
MOST_IMAGES = 10_000_000
HEADS = ("yolov5", "yolov8", "yolox", "end-to-end", "ssd", "fastestdet", "ultraface", "retinaface", "yunet")


class AccuracyForm(QWidget):
    """`changed` tells that something else is asked for."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        every = self.tr("All files") + " (*)"
        self.task = self._choice(self.tr("What is measured"), {
            CLASSIFICATION: self.tr("classes: top-1, top-5"), DETECTION: self.tr("objects: mAP, recall"),
            OUTPUTS: self.tr("outputs: cosine with float"), SCORE: self.tr("what a hook says"),
        })  # fmt: skip
        self.images = PathField(self.tr("Images"), every, self.tr("A folder, folders of classes, or MNIST's file"))
        self.folder = button(self.tr("Folder…"), "folder", self._ask_folder)
        self.most = self._number(MOST_IMAGES, self.tr("At most so many images"))
        self.most.setSpecialValueText(self.tr("all"))
        self.right = self._choice(self.tr("What is right"), {
            FOLDERS: self.tr("the folders' names"), FLOAT: self.tr("float's answers"), FILE: self.tr("a file:"),
        })  # fmt: skip
        self.labels = PathField(self.tr("Labels"), every, self.tr("name and class a line, COCO's JSON, YOLO's folder…"))
        self.names = PathField(self.tr("Names of the classes"), every, self.tr("one a line; not needed for numbers"))
        self.first = self._number(1, self.tr("What the labels call the first class"))
        self.decoder = self._choice(
            self.tr("Decoder"), {"": self.tr("by the outputs' shapes"), **{name: name for name in HEADS}}
        )
        self.least = self._make_least()
        self.hook = PathField(self.tr("Hook"), "Python (*.py)", self.tr("your own Python, for other outputs"))
        self.sources = SourcesField()
        self._lines: list[tuple[QWidget, QWidget]] = []
        self._lay_out()
        for field in (self.images, self.labels, self.names, self.hook, self.sources):
            field.changed.connect(self._on_changed)
        self._on_changed()

    @property
    def asked(self) -> Asked:
        """What is asked for."""
        task, right = self.task.currentData(), self.right.currentData()
        found = Asked(
            self.images.path, task, None, right == FLOAT, None, self.first.value(), self.most.value(),
            hook=self.hook.path if task != OUTPUTS else None, sources=self.sources.sources,
        )  # fmt: skip
        if task in (OUTPUTS, SCORE):
            return replace(found, by_float=False, first=0, labels=self._right_file if task == SCORE else None)
        if task == DETECTION:
            return replace(
                found, labels=self._right_file, decoder=self.decoder.currentData(), least=self.least.value(), first=0
            )
        return replace(found, labels=self._right_file, names=self.names.path)

    @property
    def why_not(self) -> str:
        """What is still missing; "" where it can run."""
        asked = self.asked
        if asked.images is None:
            return self.tr("Choose the images: a folder, or a file of them.")
        if not asked.sources:
            return self.tr("Choose at least one source.")
        if asked.task == SCORE and asked.hook is None:
            return self.tr("Choose the hook that says the score.")
        if asked.by_float and "float" not in asked.sources:
            return self.tr("Float's answers are to be right: choose float as a source, too.")
        if asked.task in (CLASSIFICATION, DETECTION) and self.right.currentData() == FILE and asked.labels is None:
            return self.tr("Choose the file of labels.")
        if asked.task == DETECTION and asked.labels is None and not asked.by_float:
            return self.tr("Say what is on the images: a file of labels, or float's answers.")
        return ""

    def show_session(self, session: Session) -> None:
        """What the session can have."""
        self.sources.show_session(session)

    def show_asked(self, figures: Figures | None, session: Session | None) -> None:
        """Ask for what was measured last; without that for the usual things, of the demo for its own images."""
        place = resource("demo")
        is_demo = figures is None and session is not None and session.model.parent == place
        found = figures or Figures(CLASSIFICATION, 0, "", "", ())
        if is_demo:
            images = place / "labelled"
            labels, names = str(images / "labels.txt"), str(place / "classes.txt")
            found = replace(found, dataset=str(images), labels=labels, options={"names": names})
        self.task.setCurrentIndex(max(0, self.task.findData(found.task)))
        self.images.edit.setText(found.dataset)
        right = FOLDERS if not found.labels else FLOAT if found.labels == FLOAT else FILE
        self.right.setCurrentIndex(self.right.findData(right))
        self.labels.edit.setText(found.labels if right == FILE else "")
        self._show_options(found.options)
        self.sources.choose([source.text for source in found.sources] or USUAL)
        self._on_changed()

    def _show_options(self, options: Mapping[str, Any]) -> None:
        usual = Asked()
        self.names.edit.setText(str(options.get("names", "")))
        self.hook.edit.setText(str(options.get("hook", "")))
        self.first.setValue(int(options.get("first", usual.first)))
        self.most.setValue(int(options.get("most", usual.most)))
        self.decoder.setCurrentIndex(max(0, self.decoder.findData(str(options.get("decoder", "")))))
        self.least.setValue(float(options.get("least", usual.least)))

    @property
    def _right_file(self) -> Path | None:
        return self.labels.path if self.right.currentData() == FILE else None

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(8, 4, 8, 6)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        self.right_row, self.names_row, self.head_row = (QWidget() for _ in range(3))
        task = QWidget()
        task.setLayout(row(self.task, label(self.tr("at most"), "muted"), self.most, None))
        images = QWidget()
        images.setLayout(row(self.images, self.folder, spacing=4))
        right = row(self.right, self.labels, None)
        right.setStretch(1, 1000)
        self.right_row.setLayout(right)
        self.names_row.setLayout(row(self.names, label(self.tr("first class"), "muted"), self.first))
        self.head_row.setLayout(row(self.decoder, label(self.tr("least score"), "muted"), self.least, None))
        for number, (title, part) in enumerate((
            (self.tr("what"), task), (self.tr("images"), images), (self.tr("right is"), self.right_row),
            (self.tr("names"), self.names_row), (self.tr("decoder"), self.head_row), (self.tr("hook"), self.hook),
            (self.tr("sources"), self.sources),
        )):  # fmt: skip
            name = label(title, "muted")
            layout.addWidget(name, number, 0)
            layout.addWidget(part, number, 1)
            self._lines.append((name, part))
        layout.setRowMinimumHeight(6, row_height())

    def _on_changed(self) -> None:
        task = self.task.currentData()
        shown = {
            self.right_row: task in (CLASSIFICATION, DETECTION), self.names_row: task == CLASSIFICATION,
            self.head_row: task == DETECTION, self.hook: task != OUTPUTS,
        }  # fmt: skip
        for name, part in self._lines:
            for widget in (name, part):
                widget.setVisible(shown.get(part, True))
        self.labels.setVisible(self.right.currentData() == FILE)
        self.changed.emit()

    def _ask_folder(self) -> None:
        choose_folder(self, self.tr("Folder of images"), self.images.take)

    def _choice(self, name: str, entries: dict[str, str]) -> Choice:
        result = Choice()
        for key, title in entries.items():
            result.addItem(title, key)
        result.setAccessibleName(name)
        result.activated.connect(lambda _: self._on_changed())
        return result

    def _number(self, most: int, name: str) -> QSpinBox:
        result = QSpinBox()
        result.setRange(0, most)
        set_role(result, "plain")
        result.setAccessibleName(name)
        result.setToolTip(name)
        result.valueChanged.connect(lambda _: self.changed.emit())
        return result

    def _make_least(self) -> QDoubleSpinBox:
        result = QDoubleSpinBox()
        result.setRange(0.0, 1.0)
        set_role(result, "plain")
        result.setDecimals(3)
        result.setSingleStep(0.05)
        result.setValue(Asked().least)
        result.setAccessibleName(self.tr("Less sure objects do not count"))
        result.setToolTip(result.accessibleName())
        return result
