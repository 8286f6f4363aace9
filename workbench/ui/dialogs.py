"""The few questions that the window asks. None of them blocks: each calls back when it is answered."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFileDialog, QFormLayout, QLineEdit, QWidget

from workbench.dump.layouts import LAYOUTS
from workbench.project.session import FILE as SESSION_FILE
from workbench.project.session import ImportedDumps
from workbench.ui.models.dropped import NETWORKS
from workbench.ui.reading import OpenShapes
from workbench.ui.text_size import pixels
from workbench.ui.widgets import button, column, label, row

DIALOG_WIDTH = 480
DUMP_LAYOUTS = tuple(name for name in LAYOUTS if name)
SOURCES = ("runtime", "golden", "simulator")


def choose_files(parent: QWidget, title: str, pattern: str, then: Callable[[list[Path]], object]) -> QFileDialog:
    """Let the user choose existing files."""
    dialog = QFileDialog(parent, title, "", pattern)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
    return _show(dialog)


def choose_file(parent: QWidget, title: str, pattern: str, then: Callable[[Path], object]) -> QFileDialog:
    """Let the user choose one existing file."""
    dialog = QFileDialog(parent, title, "", pattern)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    return _show(dialog)


def choose_folder(parent: QWidget, title: str, then: Callable[[Path], object], *, new: bool = False) -> QFileDialog:
    """Let the user choose a folder, or name a new one."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile if new else QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, not new)
    if new:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    return _show(dialog)


def choose_target(
    parent: QWidget, title: str, patterns: Mapping[str, str], then: Callable[[Path], object]
) -> QFileDialog:
    """Let the user name a file to write; `patterns` are the kinds of files by their endings."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(patterns.values()))
    endings = {pattern: ending for ending, pattern in patterns.items()}
    dialog.setDefaultSuffix(next(iter(patterns)))
    dialog.filterSelected.connect(lambda pattern: dialog.setDefaultSuffix(endings[pattern]))
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    return _show(dialog)


def _show(dialog: QFileDialog) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def open_pattern() -> str:
    """What the window opens."""
    network = QCoreApplication.translate("Dialogs", "Networks and sessions")
    everything = QCoreApplication.translate("Dialogs", "All files")
    return f"{network} ({' '.join(f'*{suffix}' for suffix in NETWORKS)} {SESSION_FILE});;{everything} (*)"


def input_pattern() -> str:
    """What can be fed to a network."""
    inputs = QCoreApplication.translate("Dialogs", "Pictures and arrays")
    return f"{inputs} (*.jpg *.jpeg *.png *.bmp *.webp *.npy *.bin)"


class ShapesDialog(QDialog):
    """Asks for dimensions that a network leaves open, with a proposal for each."""

    def __init__(self, parent: QWidget, path: Path, wanted: OpenShapes) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shapes of {0}").format(path.name))
        self.setMinimumWidth(pixels(DIALOG_WIDTH))
        self._edits: dict[str, QLineEdit] = {}
        form = QFormLayout()
        for tensor in wanted.inputs:
            edit = QLineEdit(" ".join(map(str, wanted.guess.get(tensor.name, ()))))
            edit.textChanged.connect(self._check)
            self._edits[tensor.name] = edit
            declared = " × ".join("?" if size is None else str(size) for size in tensor.shape or ())
            form.addRow(f"{tensor.name}   ({declared})" if declared else tensor.name, edit)
        story = self.tr("The network leaves dimensions of its inputs open. The simulator and the NPU need numbers.")
        self.buttons = dialog_buttons(self, self.tr("Open"))
        layout = column(label(story, "muted", wrap=True), form, self.buttons, spacing=16)
        layout.setContentsMargins(24, 24, 24, 16)
        self.setLayout(layout)
        self._check()

    def shapes(self) -> Mapping[str, tuple[int, ...]] | None:
        """What was typed; None while something is no shape."""
        try:
            found = {name: _shape(edit.text()) for name, edit in self._edits.items()}
        except ValueError:
            return None
        return found if all(shape and min(shape) > 0 for shape in found.values()) else None

    def _check(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self.shapes() is not None)


class ImportDialog(QDialog):
    """Where dumps lie, whose they are, and how they are laid out.

    `matching_wanted`: their names say nothing, so they are to be matched by content.
    """

    matching_wanted = Signal()

    def __init__(self, parent: QWidget, kind: str, path: Path | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import dumps"))
        self.setMinimumWidth(pixels(DIALOG_WIDTH + 80))
        self.kind = self._combo([self.tr("Runtime (board)"), self.tr("Golden"), self.tr("Simulator")])
        self.kind.setCurrentIndex(SOURCES.index(kind) if kind in SOURCES else 0)
        self.path, self.names = QLineEdit(), QLineEdit()
        self.path.setAccessibleName(self.tr("Dumps"))
        self.names.setAccessibleName(self.tr("Map of names"))
        self.path.setPlaceholderText(self.tr("A folder of .npy files, the toolkit's snapshot, an .npz or .h5 file"))
        self.names.setPlaceholderText(self.tr("Only where names differ: a line a pair, theirs and the network's"))
        self.path.textChanged.connect(self._check)
        self.layout_combo = self._combo([name.upper() for name in DUMP_LAYOUTS])
        self.buttons = dialog_buttons(self, self.tr("Import"))
        self.by_content = button(self.tr("Match by content…"), "compare", self._ask_matching)
        self.by_content.setToolTip(self.tr("Where names say nothing: compare the values, and confirm what is found"))
        story = self.tr("Tensors are matched by name; what finds no partner is listed, never guessed.")
        foot = row(self.by_content, None, self.buttons)
        layout = column(label(story, "muted", wrap=True), self._make_form(), foot, spacing=16)
        layout.setContentsMargins(24, 24, 24, 16)
        self.setLayout(layout)
        self.path.setText("" if path is None else str(path))
        self.path.setFocus()
        self._check()

    def _make_form(self) -> QFormLayout:
        folder = button(self.tr("Folder…"), "folder", self._choose_folder)
        file = button(self.tr("File…"), "open", self._choose_file)
        names = button(self.tr("File…"), "open", self._choose_map)
        form = QFormLayout()
        form.addRow(self.tr("Source"), self.kind)
        form.addRow(self.tr("Dumps"), row(self.path, folder, file, spacing=4))
        form.addRow(self.tr("Layout"), self.layout_combo)
        form.addRow(self.tr("Map of names"), row(self.names, names, spacing=4))
        return form

    def chosen(self) -> tuple[ImportedDumps, str, Path | None]:
        """The dumps, whose they are, and the file that maps their names."""
        path, names = (edit.text().strip() for edit in (self.path, self.names))
        imported = ImportedDumps(Path(path).expanduser(), {}, DUMP_LAYOUTS[self.layout_combo.currentIndex()])
        return imported, SOURCES[self.kind.currentIndex()], Path(names).expanduser() if names else None

    def _combo(self, texts: Sequence[str]) -> QComboBox:
        combo = QComboBox()
        combo.addItems(list(texts))
        return combo

    def _choose_folder(self) -> None:
        choose_folder(self, self.tr("Folder of dumps"), lambda path: self.path.setText(str(path)))

    def _choose_file(self) -> None:
        pattern = self.tr("Dumps") + " (*.npz *.h5)"
        choose_file(self, self.tr("File of dumps"), pattern, lambda path: self.path.setText(str(path)))

    def _choose_map(self) -> None:
        pattern = self.tr("Maps of names") + " (*.txt *.json *.yaml *.yml)"
        choose_file(self, self.tr("Map of names"), pattern, lambda path: self.names.setText(str(path)))

    def _ask_matching(self) -> None:
        self.reject()
        self.matching_wanted.emit()

    def _check(self) -> None:
        is_named = bool(self.path.text().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_named)
        self.by_content.setEnabled(is_named)


def dialog_buttons(dialog: QDialog, accept: str) -> QDialogButtonBox:
    """What is done, and Cancel; without the style's own icons, which are of another family."""
    result = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    for button_ in result.buttons():
        button_.setIcon(QIcon())
    result.button(QDialogButtonBox.StandardButton.Ok).setText(accept)
    result.button(QDialogButtonBox.StandardButton.Cancel).setText(QCoreApplication.translate("Dialogs", "Cancel"))
    result.accepted.connect(dialog.accept)
    result.rejected.connect(dialog.reject)
    return result


def _shape(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.replace(",", " ").replace("x", " ").replace("×", " ").split())
