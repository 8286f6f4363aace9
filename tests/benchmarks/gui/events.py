"""An application that knows what its events cost; for finding out only: each event takes longer in it."""

import time
from collections import Counter

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

PLAIN = ("QWidget", "QFrame", "QObject", "QLabel", "QTimer", "QToolButton")


class CountingApplication(QApplication):
    """Notes the time of each event without that of the events inside it, by its kind and its receiver's class."""

    def __init__(self) -> None:
        super().__init__(["bench"])
        self._costs: Counter[tuple[str, str]] = Counter()
        self._inside = [0.0]

    def take(self) -> list[tuple[str, float]]:
        """The dearest events since the last time, in ms."""
        costs, self._costs = self._costs, Counter()
        return [(f"{kind} of {who}", 1000 * cost) for (kind, who), cost in costs.most_common(6)]

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        kind, who, begin = event.type().name, _title(receiver), time.perf_counter()
        self._inside.append(0.0)
        try:
            return super().notify(receiver, event)
        finally:
            took = time.perf_counter() - begin
            self._costs[kind, who] += took - self._inside.pop()
            self._inside[-1] += took


def _title(receiver: QObject) -> str:
    """The class; of what has none of its own, such as the inside of a table, with that of its parent."""
    name, parent = type(receiver).__name__, receiver.parent()
    return name if parent is None or name not in PLAIN else f"{name} in {type(parent).__name__}"
