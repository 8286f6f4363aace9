"""How one input is made of a file: the picture before and after, and the numbers that lead from one to the other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from workbench.graph.graph import Tensor
from workbench.preprocess.notation import presets
from workbench.preprocess.preprocess import LAYOUTS, ORDERS, RESIZES, Preprocess, problems
from workbench.ui.jobs import JobPool
from workbench.ui.look import Look, look
from workbench.ui.models.spoken import spoken
from workbench.ui.numbers import list_text, parse_list, real_text
from workbench.ui.titles import order_title, resize_titles
from workbench.ui.views.settings.preview import Preview
from workbench.ui.widgets import Choice, column, label


class PreprocessPanel(QWidget):
    """Edits the preprocessing of one input; `edited` gives what was made of it."""

    edited = Signal(str, object)

    def __init__(self, jobs: JobPool) -> None:
        super().__init__()
        self._jobs = jobs
        self._tensor: Tensor | None = None
        self._settings = Preprocess()
        self._file: Path | None = None
        self.preview = Preview()
        self.preset = self._combo([*self._preset_titles(), self.tr("custom")], self._on_preset)
        self.mean = self._edit(self.tr("One number, or one a channel"))
        self.std = self._edit(self.tr("One number, or one a channel; not 0"))
        self.scale = self._edit(self.tr("Pixels are multiplied by this first"))
        self.order = self._combo([order_title(name) for name in ORDERS], self._on_edited)
        self.layout_combo = self._combo([name.upper() for name in LAYOUTS], self._on_edited)
        self.resize_combo = self._combo([resize_titles()[name] for name in RESIZES], self._on_edited)
        self.raw_shape = self._edit(self.tr("The shape of raw .bin files, where it is not the input's"))
        self.problem = label("", "bad", wrap=True)
        self._form = self._make_form()
        self.setLayout(column(self.preview, self._form, self.problem))

    def show_input(self, tensor: Tensor, settings: Preprocess, file: Path | None) -> None:
        """Show another input, other settings or another file."""
        if (tensor, settings, file) == (self._tensor, self._settings, self._file):
            return
        is_new = tensor != self._tensor or settings != self._settings
        self._tensor, self._settings, self._file = tensor, settings, file
        if is_new:
            self._fill(settings)
        self._form.setRowVisible(self.raw_shape, file is not None and file.suffix.lower() == ".bin")
        self._check(settings)
        self._ask()

    def _combo(self, titles: Sequence[str], changed: Callable[[], object]) -> QComboBox:
        combo = Choice()
        combo.addItems(list(titles))
        combo.activated.connect(lambda: changed())
        return combo

    def _edit(self, tip: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setToolTip(tip)
        edit.textEdited.connect(lambda: self._on_edited())
        return edit

    def _preset_titles(self) -> list[str]:
        titles = {"raw": self.tr("Unchanged (0–255)")}
        return [titles.get(name, name) for name in presets()]

    def _make_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(self.tr("Preset"), self.preset)
        form.addRow(self.tr("Mean"), self.mean)
        form.addRow(self.tr("Std"), self.std)
        form.addRow(self.tr("Scale"), self.scale)
        form.addRow(self.tr("Channel order"), self.order)
        form.addRow(self.tr("Network layout"), self.layout_combo)
        form.addRow(self.tr("Resize"), self.resize_combo)
        form.addRow(self.tr("Raw shape"), self.raw_shape)
        return form

    def _fill(self, settings: Preprocess) -> None:
        """Show settings; a text that means the same already is left as it was typed."""
        texts = ((self.mean, settings.mean), (self.std, settings.std), (self.scale, (settings.scale,)))
        for edit, values in texts:
            if parse_list(edit.text()) != values:
                edit.setText(list_text(values))
        choices = ((self.order, ORDERS, settings.order), (self.layout_combo, LAYOUTS, settings.layout))
        for combo, names, name in (*choices, (self.resize_combo, RESIZES, settings.resize)):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(names.index(name) if name in names else -1)
        self.raw_shape.setText(" ".join(map(str, settings.shape or ())))
        self._show_preset(settings)

    def _show_preset(self, settings: Preprocess) -> None:
        found = [
            at for at, (mean, std, scale, order) in enumerate(presets().values())
            if (mean, std, scale) == (settings.mean, settings.std, settings.scale)
            and (settings.order in (order, "gray") or not is_of_order(order, mean))
        ]  # fmt: skip
        self.preset.setCurrentIndex(found[0] if found else self.preset.count() - 1)

    def _on_preset(self) -> None:
        known = [*presets().values()]
        if self.preset.currentIndex() >= len(known):  # custom
            return
        mean, std, scale, order = known[self.preset.currentIndex()]
        if self._settings.order == "gray":
            order, mean, std = "gray", mean[:1], std[:1]
        elif not is_of_order(order, mean):
            order = self._settings.order
        self._take(replace(self._settings, mean=mean, std=std, scale=scale, order=order))
        self._fill(self._settings)

    def _on_edited(self) -> None:
        settings = self._typed()
        if settings is not None:
            self._take(settings)

    def _typed(self) -> Preprocess | None:
        """The settings as they are typed; None while a field is no number, which is then marked."""
        mean, std, scale = (self._numbers(edit) for edit in (self.mean, self.std, self.scale))
        shape = parse_list(self.raw_shape.text()) if self.raw_shape.text().strip() else ()
        if mean is None or std is None or scale is None or len(scale) != 1 or shape is None:
            return None
        return replace(
            self._settings, mean=mean, std=std, scale=scale[0],
            order=ORDERS[self.order.currentIndex()], layout=LAYOUTS[self.layout_combo.currentIndex()],
            resize=RESIZES[self.resize_combo.currentIndex()], shape=tuple(int(size) for size in shape) or None,
        )  # fmt: skip

    def _numbers(self, edit: QLineEdit) -> tuple[float, ...] | None:
        values = parse_list(edit.text())
        if edit.property("invalid") != (values is None):
            edit.setProperty("invalid", values is None)
            edit.style().unpolish(edit)
            edit.style().polish(edit)
        return values

    def _take(self, settings: Preprocess) -> None:
        self._settings = settings
        self._show_preset(settings)
        self._check(settings)
        self._ask()
        if self._tensor is not None:
            self.edited.emit(self._tensor.name, settings)

    def _check(self, settings: Preprocess) -> None:
        found = problems(self._tensor, settings) if self._tensor else []
        self.problem.setText("\n".join(map(spoken, found)))
        self.problem.setVisible(bool(found))

    def _ask(self) -> None:
        """Have the preview made; only the newest question is answered."""
        tensor, settings, file = self._tensor, self._settings, self._file
        if tensor is None or file is None or problems(tensor, settings):
            self._jobs.forget("preview")
            self.preview.clear(self._described(tensor))
            return
        self._jobs.ask("preview", lambda: look(file, tensor, settings), self._show_look)

    def _described(self, tensor: Tensor | None) -> str:
        if tensor is None:
            return ""
        shape = "×".join(str(size) for size in tensor.shape or ())
        return f"{shape} {tensor.dtype}"

    def _show_look(self, found: Look) -> None:
        if found.feed is None:
            self.preview.show_look(found, found.problem)
            return
        shape, low, high = "×".join(map(str, found.feed.shape)), found.feed.low, found.feed.high
        values = self.tr("values {0} … {1}").format(real_text(low), real_text(high))
        self.preview.show_look(found, f"{shape} {found.feed.dtype}   {values}")


def is_of_order(order: str, mean: Sequence[float]) -> bool:
    """Whether a preset says something about the channels' order: one number for all channels does not."""
    return order == "bgr" or len(mean) > 1
