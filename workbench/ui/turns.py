"""One thing a turn of the event loop: what many views do about a change does not keep the window from answering."""

from collections import deque
from collections.abc import Callable, Iterable
from weakref import ref

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from shiboken6 import isValid

Act = Callable[[], object]


class Turns:
    """Does things later and in order, each in a turn of its own; between two of them the window paints and listens.

    All that the program does later stands in one line: two of them never come in one turn. What is left when the
    `owner` is gone is dropped.
    """

    def __init__(self, owner: QObject) -> None:
        self._owner = owner
        self._waiting: deque[Act] = deque()

    def add_while(self, holds: Callable[[], bool], *acts: Act) -> None:
        """Do these after what is waiting already, each only if the condition holds when its turn has come."""
        self.add(*(lambda act=act: act() if holds() else None for act in acts))

    def add(self, *acts: Act) -> None:
        """Do these after what is waiting already."""
        self._waiting.extend(acts)
        _line().enter([ref(self)] * len(acts))

    def take_one(self) -> None:
        """Do what is the first now."""
        act = self._waiting.popleft()
        if isValid(self._owner):
            act()


class Soon:
    """One thing that is done in a turn of its own, once however often it is wanted meanwhile."""

    def __init__(self, owner: QObject, act: Act) -> None:
        self._turns, self._act, self._is_due = Turns(owner), act, False

    def want(self) -> None:
        """Do it after what is waiting already."""
        if not self._is_due:
            self._is_due = True
            self._turns.add(self.do_if_due)

    def do_if_due(self) -> None:
        """Do at once what is wanted and not done yet."""
        if self._is_due:
            self._is_due = False
            self._act()


class _Line(QObject):
    """Whose turn it is. Between two acts lies a turn in which nothing is done: what was due meanwhile comes first."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._waiting: deque[ref[Turns]] = deque()
        self._is_next = False
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._take_one)

    def enter(self, those: Iterable[ref[Turns]]) -> None:
        self._waiting.extend(those)
        self._timer.start()

    def _take_one(self) -> None:
        if not self._waiting:  # nothing was entered, or an act that waits in an event loop of its own is the last one
            return
        self._is_next = not self._is_next
        self._timer.start()  # first: an act may wait in an event loop of its own
        if self._is_next:
            return
        turns = self._waiting.popleft()()
        try:
            if turns is not None:
                turns.take_one()
        finally:
            if not self._waiting:
                self._timer.stop()


_lines: list[_Line] = []


def _line() -> _Line:
    """The one line of the program that runs."""
    if not _lines or not isValid(_lines[0]):
        _lines[:] = [_Line(QCoreApplication.instance())]
    return _lines[0]
