"""Values, indices and statistics of tensors in words."""

import math
from collections.abc import Mapping, Sequence
from html import escape

from PySide6.QtCore import QCoreApplication

from workbench.quantize.encoding import Encoding
from workbench.ui import theme
from workbench.ui.models.heat_image import INFINITE_COLOUR, NAN_COLOUR
from workbench.ui.models.tensor_data import Planes


def real_text(value: float, figures: int = 5) -> str:
    """Some significant digits; what is no number in words."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.{figures}g}".replace("-", "−")


def shape_text(shape: Sequence[int | str | None]) -> str:
    """1 × 64 × 80 × 80; a scalar in words."""
    if not shape:
        return QCoreApplication.translate("Tensors", "scalar")
    return " × ".join("?" if size is None else str(size) for size in shape)


def index_text(index: Sequence[int], last: bool) -> str:
    """An element's index, with the axes' letters where they are known."""
    letters = ("nhwc" if last else "nchw") if len(index) == 4 else ""
    parts = [f"{letters[axis]} {i}" if letters else str(i) for axis, i in enumerate(index)]
    return "\u2002".join(parts) if letters else f"[{', '.join(parts)}]"


def statistics_text(numbers: Mapping[str, float]) -> str:
    """Range, mean and deviation in one line."""
    return QCoreApplication.translate("Tensors", "{0} … {1}   mean {2}   σ {3}").format(
        *(real_text(numbers[key], 3) for key in ("min", "max", "mean", "std"))
    )


def range_text(numbers: Mapping[str, float]) -> str:
    """The smallest and the largest value."""
    return f"{real_text(numbers['min'], 3)} … {real_text(numbers['max'], 3)}"


def alarm_text(numbers: Mapping[str, float]) -> str:
    """How many values are no numbers, with their colours in the heatmap, as rich text; "" when all are numbers."""
    counts = [(int(numbers["nan"]), "NaN", NAN_COLOUR), (int(numbers["inf"]), "∞", INFINITE_COLOUR)]
    return "&nbsp; ".join(
        f"<span style='color: rgb{colour[:3]}'>■</span> {count} {what}" for count, what, colour in counts if count
    )


def readout(planes: Planes, position: tuple[int, ...], pair: tuple[str, str]) -> str:
    """One element in all sources, as rich text; `pair` names the sources of the difference."""
    index = planes.cut.index(planes.channel, position)
    parts = [escape(index_text(index, planes.cut.last))]
    for source, values in planes.values.items():
        text = real_text(float(values[position]))
        if source in planes.stored:
            stored = QCoreApplication.translate("Tensors", "stored {0}").format(_whole(planes.stored[source][position]))
            text += f" <span style='color:{theme.active().muted.name()}'>({escape(stored)})</span>"
        parts.append(f"{_dot(source)} {escape(source)} {text}")
    if set(pair) <= planes.values.keys():
        gap = float(planes.values[pair[0]][position]) - float(planes.values[pair[1]][position])
        text = real_text(gap) + _steps(gap, planes.encodings.get(pair[0]))
        several = len(planes.values) > 2
        title = difference_title(pair) if several else QCoreApplication.translate("Tensors", "difference")
        parts.append(f"{_dot('difference')} {escape(title)} {text}")
    return "&nbsp;&nbsp;&nbsp;".join(parts)


def difference_title(pair: tuple[str, str]) -> str:
    """What is subtracted from what."""
    return f"{pair[0]} − {pair[1]}"


def _whole(value: int) -> str:
    return str(int(value)).replace("-", "−")


def _steps(gap: float, encoding: Encoding | None) -> str:
    if encoding is None or len(encoding.scale) != 1 or not math.isfinite(gap):
        return ""
    steps = QCoreApplication.translate("Tensors", "{0} steps").format(f"{abs(gap) / encoding.scale[0]:.2f}")
    return f" = {escape(steps)}"


def _dot(source: str) -> str:
    return f"<span style='color:{theme.active().source(source).name()}'>●</span>"
