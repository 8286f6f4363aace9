"""One thing a turn of the event loop: what many views do about a change does not keep the window from answering."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

Act = Callable[[], object]


class Turns(QObject):
    """Does things later and in order, each in a turn of its own; between two of them the window paints and listens."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[Act] = deque()
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._take_one)

    def add_while(self, holds: Callable[[], bool], *acts: Act) -> None:
        """Do these after what is waiting already, each only if the condition holds when its turn has come."""
        self.add(*(lambda act=act: act() if holds() else None for act in acts))

    def add(self, *acts: Act) -> None:
        """Do these after what is waiting already."""
        self._waiting.extend(acts)
        self._timer.start()

    def _take_one(self) -> None:
        act = self._waiting.popleft()
        try:
            act()
        finally:
            if self._waiting:
                self._timer.start()  # only now: a timer that was due meanwhile, of others, comes first
