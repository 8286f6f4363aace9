"""Which files are analysed, and which calibrate."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from workbench.preprocess.dataset import Sample, read_dataset, samples_from_files
from workbench.ui.dialogs import choose_file, choose_files, choose_folder, input_pattern
from workbench.ui.jobs import JobPool
from workbench.ui.models.spoken import spoken
from workbench.ui.text_size import row_height
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import ElidedLabel, button, column, label, row, tool
from workbench.ui.workspace import Workspace

SHOWN_ROWS = 5


class InputsPanel(QWidget):
    """The analysed inputs as a list, the calibration dataset as a line; errors name the entry."""

    shown_changed = Signal(int)
    failed = Signal(object)
    told = Signal(str)

    def __init__(self, workspace: Workspace, jobs: JobPool) -> None:
        super().__init__()
        self._workspace, self._jobs = workspace, jobs
        self._samples: tuple[Sample, ...] = ()
        self._waiting: tuple[Path, ...] = ()
        self._folder: Path | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Analysed inputs"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.lead = label("", "muted", wrap=True)
        self.problem = label("", "bad", wrap=True)
        self.problem.setVisible(False)
        self.dataset = ElidedLabel("", "")
        self.setLayout(column(self._analysed_head(), self.lead, self.list, self.problem, self._calibration()))
        workspace.session_changed.connect(self._show)
        workspace.selection_changed.connect(self._show_sample)
        self._fill(())
        self._show()

    def add_files(self) -> None:
        """Let the user choose pictures or arrays to analyse."""
        choose_files(self, self.tr("Inputs to analyse"), input_pattern(), self.take_files)

    def take_files(self, files: Sequence[Path]) -> None:
        """Analyse further files; a network of several inputs takes them in its order, one by one if need be."""
        count, taken = self._inputs(), (*self._waiting, *files)
        self._waiting = taken if len(taken) < count else ()
        if self._waiting:
            self._complain(self._next_wanted())
        else:
            self._jobs.ask("inputs", lambda: samples_from_files(taken, count), self._add, self._fail)

    def choose_list(self) -> None:
        """Let the user choose a dataset.txt to analyse."""
        pattern = self.tr("Lists of inputs") + " (*.txt)"
        choose_file(self, self.tr("Inputs to analyse"), pattern, self.take_list)

    def take_list(self, path: Path) -> None:
        """Analyse what a dataset.txt or a folder holds."""
        count = self._inputs()
        self._jobs.ask("inputs", lambda: read_dataset(path, count), self._add, self._fail)

    def take_dataset(self, path: Path) -> None:
        """Calibrate with a dataset.txt or a folder."""
        count = self._inputs()
        self._jobs.ask("dataset", lambda: read_dataset(path, count), self._set_dataset, self._fail)

    def _analysed_head(self) -> QWidget:
        result = QWidget()
        add = button(self.tr("Add…"), "add", self.add_files)
        add.setToolTip(self.tr("Add pictures, .npy or .bin files"))
        from_list = tool("log", self.tr("Add from a dataset.txt"), self.choose_list)
        remove = tool("remove", self.tr("Remove the selected input"), self._remove)
        layout = row(label(self.tr("Analysed inputs"), "title"), None, from_list, remove, add, spacing=4)
        result.setLayout(layout)
        return result

    def _calibration(self) -> QWidget:
        result = QWidget()
        file = button(self.tr("File…"), "", self._choose_dataset_file)
        file.setToolTip(self.tr("A dataset.txt as Rockchip writes it: one line a sample"))
        folder = button(self.tr("Folder…"), "", self._choose_dataset_folder)
        self.use_inputs = tool("link", self.tr("Calibrate with the analysed inputs"), self._use_inputs)
        head = row(label(self.tr("Calibration"), "title"), None, self.use_inputs, folder, file, spacing=4)
        layout = column(head, self.dataset, spacing=4)
        layout.setContentsMargins(0, 8, 0, 0)
        result.setLayout(layout)
        return result

    def _lead(self) -> str:
        """How one begins."""
        if self._inputs() < 2:
            return self.tr("Add pictures, .npy or .bin files, or drop them on the window.")
        text = self.tr(
            "Add pictures, .npy or .bin files: one for each of the {0} inputs makes a sample. Or a dataset.txt."
        )
        return text.format(self._inputs())

    def _next_wanted(self) -> str:
        """What a sample lacks that some files were chosen for."""
        names = [tensor.name for tensor in self._workspace.model.graph.inputs] if self._workspace.model else []
        kept = ", ".join(path.name for path in self._waiting)
        text = self.tr("Chosen so far: {0}. Add the file for {1} next; together they are one sample.")
        return text.format(kept, names[len(self._waiting)])

    def _inputs(self) -> int:
        model = self._workspace.model
        return len(model.graph.inputs) if model else 1

    def _choose_dataset_file(self) -> None:
        choose_file(self, self.tr("Calibration dataset"), self.tr("Datasets") + " (*.txt)", self.take_dataset)

    def _choose_dataset_folder(self) -> None:
        choose_folder(self, self.tr("Folder of calibration inputs"), self.take_dataset)

    def _add(self, samples: tuple[Sample, ...]) -> None:
        self._complain("")
        if self._workspace.session is not None:
            known = {sample.files for sample in self._workspace.session.samples}
            new = tuple(sample for sample in samples if sample.files not in known)
            self._set_samples((*self._workspace.session.samples, *new))
            texts = [self.tr("Inputs added: {0}").format(len(new))]
            if len(new) < len(samples):
                texts.append(self.tr("there already: {0}").format(len(samples) - len(new)))
            self.told.emit(", ".join(texts))

    def _remove(self) -> None:
        session, at = self._workspace.session, self.list.currentRow()
        if session is not None and 0 <= at < len(session.samples):
            self._set_samples((*session.samples[:at], *session.samples[at + 1 :]))

    def _set_samples(self, samples: tuple[Sample, ...]) -> None:
        """Calibration follows the analysed inputs until a dataset is chosen."""
        session = self._workspace.session
        if session is not None:
            follows = session.dataset == session.samples
            self._workspace.change(samples=samples, dataset=samples if follows else session.dataset)

    def _set_dataset(self, samples: tuple[Sample, ...]) -> None:
        self._complain("")
        self._workspace.change(dataset=samples)

    def _use_inputs(self) -> None:
        if self._workspace.session is not None:
            self._set_dataset(self._workspace.session.samples)

    def _fail(self, error: BaseException) -> None:
        self._complain(spoken(str(error)))
        self.failed.emit(error)

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _show(self) -> None:
        session = self._workspace.session
        if self._workspace.folder != self._folder:  # what was said of another session
            self._folder, self._waiting = self._workspace.folder, ()
            self._complain("")
        samples = session.samples if session else ()
        self.lead.setText(self._lead())
        if samples != self._samples:
            self._samples = samples
            self._fill(samples)
        dataset = session.dataset if session else ()
        text, tip = described(dataset)
        follows = dataset == samples
        self.dataset.set_text(self.tr("the analysed inputs ({0})").format(len(samples)) if follows else text, tip)
        self.use_inputs.setEnabled(not follows)

    def _fill(self, samples: tuple[Sample, ...]) -> None:
        before = max(0, self.list.currentRow())
        with QSignalBlocker(self.list):
            self.list.clear()
            for number, sample in enumerate(samples, 1):
                item = QListWidgetItem(f"{number}   {sample_title(sample)}")
                item.setToolTip(plain_tip("\n".join([*map(str, sample.files), sample.origin]).strip()))
                item.setSizeHint(QSize(0, row_height()))
                self.list.addItem(item)
        self.list.setFixedHeight(min(len(samples), SHOWN_ROWS) * row_height() + 2)
        self.list.setVisible(bool(samples))
        self.lead.setVisible(not samples)
        self.list.setCurrentRow(min(before, len(samples) - 1))
        self.shown_changed.emit(self.list.currentRow())

    def _on_row_changed(self, at: int) -> None:
        self.shown_changed.emit(at)
        results = None if self._workspace.is_comparing else self._workspace.results
        if results is not None and 0 <= at < len(results.dumps.get("golden", ())):
            self._workspace.set_sample(at)

    def _show_sample(self) -> None:
        at = self._workspace.session_sample
        if self._workspace.results is None or at is None:
            return
        if at != self.list.currentRow() and at < self.list.count():
            self.list.setCurrentRow(at)


def sample_title(sample: Sample) -> str:
    """The names of a sample's files."""
    return " + ".join(path.name for path in sample.files)


def described(samples: Sequence[Sample]) -> tuple[str, str]:
    """Where samples come from and how many they are, and a longer text of their files."""
    if not samples:
        return "", ""
    origin = samples[0].origin.rpartition(" line ")[0] or samples[0].files[0].parent.name
    files = [str(path) for sample in samples[:12] for path in sample.files]
    return f"{origin} · {len(samples)}", "\n".join([*files, "…"] if len(samples) > 12 else files)
