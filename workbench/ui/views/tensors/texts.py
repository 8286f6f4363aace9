"""Values, indices and statistics of tensors in words."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

from PySide6.QtCore import QCoreApplication

from workbench.graph.foreign.kinds import RKNN
from workbench.quantize.encoding import Encoding
from workbench.ui import theme
from workbench.ui.models.tensors.cut import FEATURE, HEAD, TOKEN, Cut
from workbench.ui.models.tensors.heat_image import INFINITE, INFINITE_COLOUR, NAN, NAN_COLOUR, NEGATIVE
from workbench.ui.models.tensors.planes import CHANNEL, DIFFERENCE, GOLDEN, MEAN, RMS, STRANGE, TILES, Planes
from workbench.ui.models.tensors.ranks import CHANNELS
from workbench.ui.numbers import real_text
from workbench.ui.workspace import Workspace

SPACE = "&nbsp;&nbsp;&nbsp;"
Titled = Callable[[str], str]
"""The name that a source is shown by."""


def shape_text(shape: Sequence[int | str | None]) -> str:
    """1 × 64 × 80 × 80; a scalar in words."""
    if not shape:
        return QCoreApplication.translate("Tensors", "scalar")
    return " × ".join("?" if size is None else str(size) for size in shape)


def index_text(index: Sequence[int | None], names: Sequence[str]) -> str:
    """An element's index, with what its axes are called where that is known; None is an axis that is summed up."""
    if any(names):
        named = ((axis_word(names, axis), at) for axis, at in enumerate(index) if at is not None)
        return "\u2002".join(f"{name} {at}" for name, at in named)
    return f"[{', '.join('·' if at is None else str(at) for at in index)}]"


def lead_text(workspace: Workspace) -> str:
    """What to do in order to see tensors."""
    session = workspace.session
    if workspace.has_only_numbers:
        return QCoreApplication.translate(
            "TensorPanes",
            "These are the numbers of a report. To see tensors, open its network and import the dumps.",
        )
    if workspace.results is not None:
        return QCoreApplication.translate("TensorPanes", "Select a layer to see its tensors.")
    if workspace.model is not None and workspace.model.framework == RKNN:
        return QCoreApplication.translate("TensorPanes", "This is the toolkit's own graph: it has no values.")
    if session is not None and not session.samples:
        return QCoreApplication.translate(
            "TensorPanes", "Add inputs in the Settings tab, then run the analysis to see tensors."
        )
    return QCoreApplication.translate("TensorPanes", "Run the analysis to see tensors.")


def axis_word(names: Sequence[str], axis: int) -> str:
    """What an axis is called: its letter, what it counts, or its number where nobody knows."""
    name = names[axis] if axis < len(names) else ""
    words = {
        TOKEN: QCoreApplication.translate("Tensors", "token"),
        FEATURE: QCoreApplication.translate("Tensors", "feature"),
        HEAD: QCoreApplication.translate("Tensors", "head"),
    }
    return words.get(name, name) or f"#{axis}"


def axis_text(shape: Sequence[int], names: Sequence[str], axis: int) -> str:
    """An axis and its length."""
    return f"{axis_word(names, axis)} ({shape[axis]})"


def ranked_word(cut: Cut, names: Sequence[str], axis: int) -> str:
    """What is ranked along an axis; the planes are channels unless their axis has another name."""
    known = axis != CHANNELS and axis < len(names) and names[axis] not in ("", "c")
    if known or (axis != CHANNELS and cut.outer != (axis,)):
        return axis_word(names, axis)
    return QCoreApplication.translate("Tensors", "channel")


def ranked_text(cut: Cut, names: Sequence[str], axis: int) -> str:
    """The same with how many there are."""
    return f"{ranked_word(cut, names, axis)} ({cut.channels if axis == CHANNELS else cut.shape[axis]})"


def axes_text(planes: Planes) -> str:
    """What the rows and the columns of a plane are; "" for a line."""
    axes = planes.cut.plane_axes
    if len(axes) < 2 or not any(planes.names[axis] for axis in axes):
        return ""
    rows, columns = (axis_word(planes.names, axis) for axis in axes)
    return f"↓ {rows}  → {columns}"


def statistics_text(numbers: Mapping[str, float]) -> str:
    """Range, mean and deviation in one line; "" where there is no number, the value where there is but one."""
    if math.isnan(numbers["min"]):
        return ""
    if numbers["count"] == 1:
        return real_text(numbers["min"])
    return QCoreApplication.translate("Tensors", "{0} … {1}   mean {2}   σ {3}").format(
        *(real_text(numbers[key], 3) for key in ("min", "max", "mean", "std"))
    )


def alarm_text(numbers: Mapping[str, float]) -> str:
    """How many values are no numbers, with their colours in the heatmap, as rich text; "" when all are numbers."""
    counts = [(int(numbers["nan"]), "NaN", NAN_COLOUR), (int(numbers["inf"]), "∞", INFINITE_COLOUR)]
    return "&nbsp; ".join(
        f"<span style='color: rgb{colour[:3]}'>■</span> {count} {what}" for count, what, colour in counts if count
    )


def readout(planes: Planes, position: tuple[int, ...], titled: Titled = str) -> str:
    """What is at a position of the panes, in all sources, as rich text; "" in a gap between tiles."""
    index, place = planes.element(position), planes.place(position)
    if index is None or place is None:
        return ""
    long = planes.cut.long if any(planes.names) else range(len(index))  # an axis of one says nothing
    parts = [escape(index_text([index[axis] for axis in long], [planes.names[axis] for axis in long]))]
    if planes.way == STRANGE:
        parts += [_strange_part(planes, source, place, titled) for source in planes.strange]
        return SPACE.join(parts)
    if planes.way in (MEAN, RMS):
        parts.append(f"<span style='color:{theme.active().muted.name()}'>{escape(way_text(planes))}</span>")
    parts += [_value_part(planes, source, place, titled) for source in planes.values]
    if planes.gap is not None:
        parts.append(_difference_part(planes, place, titled))
    return SPACE.join(parts)


def way_text(planes: Planes) -> str:
    """What was made of all channels."""
    texts = {
        MEAN: QCoreApplication.translate("Tensors", "mean of {0} channels"),
        RMS: QCoreApplication.translate("Tensors", "root mean square of {0} channels"),
    }
    return texts[planes.way].format(planes.cut.channels)


def difference_title(pair: tuple[str, str], titled: Titled = str) -> str:
    """What is subtracted from what."""
    return f"{titled(pair[0])} − {titled(pair[1])}"


def value_text(planes: Planes, source: str) -> str:
    """The value of a tensor of one element, and the integer that is stored for it."""
    values = planes.gap if source == DIFFERENCE else planes.values[source]
    assert values is not None
    text = real_text(float(values.reshape(-1)[0]))
    stored = planes.stored.get(source)
    return text if stored is None else f"{text}\n({_whole(stored.reshape(-1)[0])})"


def _value_part(planes: Planes, source: str, place: tuple[int, ...], titled: Titled) -> str:
    text = real_text(float(planes.values[source][place]))
    if source in planes.stored:
        stored = QCoreApplication.translate("Tensors", "stored {0}").format(_whole(planes.stored[source][place]))
        text += f" <span style='color:{theme.active().muted.name()}'>({escape(stored)})</span>"
    return f"{_dot(source)} {escape(titled(source))} {text}"


def _difference_part(planes: Planes, place: tuple[int, ...], titled: Titled) -> str:
    assert planes.gap is not None
    gap = float(planes.gap[place])
    encoding = planes.encodings.get(planes.pair[0]) if planes.way in (CHANNEL, TILES) else None
    text = real_text(gap) + _steps(gap, encoding)
    usual = planes.pair[1] == GOLDEN and len(planes.values) == 2
    title = QCoreApplication.translate("Tensors", "difference") if usual else difference_title(planes.pair, titled)
    return f"{_dot(DIFFERENCE)} {escape(title)} {text}"


def _strange_part(planes: Planes, source: str, place: tuple[int, ...], titled: Titled) -> str:
    strange = planes.strange[source]
    image = planes.gap if source == DIFFERENCE else planes.values[source]
    what = {NAN: "NaN", INFINITE: "+∞", NEGATIVE: "−∞"}.get(0 if image is None else int(image[place]), "")
    title = difference_title(planes.pair, titled) if source == DIFFERENCE else titled(source)
    if not what:
        what = QCoreApplication.translate("Tensors", "a number")
    elif planes.cut.channels > 1:
        text = QCoreApplication.translate("Tensors", "{0} in {1} of {2} channels, first in {3}")
        what = text.format(what, int(strange.channels[place]), planes.cut.channels, int(strange.first[place]))
    return f"{_dot(source)} {escape(title)} {escape(what)}"


def _whole(value: int) -> str:
    return str(int(value)).replace("-", "−")


def _steps(gap: float, encoding: Encoding | None) -> str:
    if encoding is None or len(encoding.scale) != 1 or not math.isfinite(gap):
        return ""
    steps = QCoreApplication.translate("Tensors", "{0} steps").format(f"{abs(gap) / encoding.scale[0]:.2f}")
    return f" = {escape(steps)}"


def _dot(source: str) -> str:
    return f"<span style='color:{theme.active().source(source).name()}'>●</span>"
