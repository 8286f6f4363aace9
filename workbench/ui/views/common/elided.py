"""Names of tensors where there is little room for them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

BEGIN = "…/"


def elided_name(metrics: QFontMetrics, name: str, width: int) -> str:
    """A name that fits: without its outer scopes, which many names begin with; then without its middle."""
    if metrics.horizontalAdvance(name) <= width:
        return name
    _, _, rest = name.partition("/")
    while rest and metrics.horizontalAdvance(BEGIN + rest) > width:
        _, _, rest = rest.partition("/")
    if rest:
        return BEGIN + rest
    return metrics.elidedText(name.rpartition("/")[2], Qt.TextElideMode.ElideMiddle, width)
