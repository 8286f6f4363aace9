"""Names of tensors where there is little room for them."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

LEFT_OUT = "…"


def elided_name(metrics: QFontMetrics, name: str, width: int) -> str:
    """A name that fits: without some of its scopes, those with a number are kept first; else without its middle."""
    if metrics.horizontalAdvance(name) <= width:
        return name
    parts = name.split("/")
    kept = {len(parts) - 1}
    if metrics.horizontalAdvance(_joined(parts, kept)) > width:
        return metrics.elidedText(parts[-1], Qt.TextElideMode.ElideMiddle, width)
    for number in _in_order(parts):
        if metrics.horizontalAdvance(_joined(parts, kept | {number})) <= width:
            kept.add(number)
    return _joined(parts, kept)


def least_name(name: str) -> str:
    """The shortest form of a name that still tells it from most others: its last part and the scope that tells most."""
    parts = name.split("/")
    return _joined(parts, {len(parts) - 1, *_in_order(parts)[:1]})


def _in_order(parts: Sequence[str]) -> list[int]:
    """The scopes that tell most first: numbered ones tell blocks apart, then those next to the operator."""
    scopes = range(len(parts) - 1)
    numbered = [at for at in scopes if any(sign.isdigit() for sign in parts[at])]
    return numbered + [at for at in reversed(scopes) if at not in numbered]


def _joined(parts: Sequence[str], kept: Collection[int]) -> str:
    """The kept parts; one sign for all that are left out between two of them."""
    shown: list[str] = []
    for at, part in enumerate(parts):
        if at in kept:
            shown.append(part)
        elif shown[-1:] != [LEFT_OUT]:
            shown.append(LEFT_OUT)
    return "/".join(shown)
