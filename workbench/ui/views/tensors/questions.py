"""Questions about the tensor that is looked at, answered in pieces on the reading thread; the last answers are kept."""

from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.data import Place, Shelf, Stored, find
from workbench.ui.models.tensors.summary import answer_within

T = TypeVar("T")
KEPT = 48
PREFIX = "tensors.question."
Steps = Generator[None, None, T]


@dataclass(frozen=True)
class Subject:
    """A tensor in all its sources and how it falls into channels."""

    wanted: tuple[tuple[str, Place], ...]
    cut: Cut


class TensorQuestions(QObject):
    """A newer question with the same key replaces an older one; another subject drops them all."""

    failed = Signal(object)

    def __init__(self, jobs: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._shelf: Shelf | None = None
        self._subject: Subject | None = None
        self._keys: set[str] = set()
        self._known: OrderedDict[tuple[Subject, Hashable], Any] = OrderedDict()

    @property
    def subject(self) -> Subject | None:
        """What is looked at."""
        return self._subject

    def look_at(self, shelf: Shelf, wanted: Mapping[str, Place], cut: Cut) -> None:
        """From now on questions are about this tensor; `shelf` is touched by the reading thread only."""
        subject = Subject(tuple(wanted.items()), cut)
        if subject != self._subject:
            self.forget()
            self._shelf, self._subject = shelf, subject

    def forget(self) -> None:
        """Nothing is looked at any more."""
        self._subject = None
        for key in self._keys:
            self._jobs.forget(PREFIX + key)
        self._keys.clear()

    def clear(self) -> None:
        """The dumps are others now."""
        self.forget()
        self._known.clear()

    def ask(
        self,
        key: str,
        question: Hashable,
        steps: Callable[[Mapping[str, Stored], Cut], Steps[T]],
        done: Callable[[T], None],
    ) -> None:
        """Answer with the result of `steps`; at once when the same `question` was answered lately."""
        subject, shelf = self._subject, self._shelf
        if subject is None or shelf is None:
            return
        place = (subject, (key, question))
        if place in self._known:
            self._jobs.forget(PREFIX + key)
            self._known.move_to_end(place)
            done(self._known[place])
            return

        def opened() -> Steps[T]:
            return (yield from steps(find(shelf, dict(subject.wanted))[0], subject.cut))

        def told(result: T) -> None:
            self._keep(place, result)
            done(result)

        self._keys.add(key)
        ask_in_pieces(self._jobs, PREFIX + key, opened(), told, self.failed.emit)

    def _keep(self, place: tuple[Subject, Hashable], result: Any) -> None:
        self._known[place] = result
        while len(self._known) > KEPT:
            self._known.popitem(last=False)


def ask_in_pieces(
    jobs: JobPool, key: str, steps: Steps[T], done: Callable[[T], None], failed: Callable[[BaseException], None]
) -> None:
    """Answer with the result of `steps`, so that other questions are answered between its pieces."""
    answer = answer_within(_boxed(steps))

    def go_on() -> None:
        jobs.ask(key, answer, told, failed)

    def told(result: tuple[T] | None) -> None:
        if result is None:
            go_on()
        else:
            done(result[0])

    go_on()


def _boxed(steps: Steps[T]) -> Steps[tuple[T]]:
    """So that None can be an answer, too."""
    return ((yield from steps),)
