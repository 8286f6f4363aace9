"""Events of long work.

Long work is a generator: it yields events, returns its result, and closing it cancels it.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units of `stage`; `total` 0 means unknown."""

    stage: str
    done: int
    total: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """A line for the job's log."""

    text: str


@dataclass(frozen=True, slots=True)
class Warn:
    """Something that the user should know and that does not stop the work."""

    text: str


Event = Progress | Log | Warn
T = TypeVar("T")
Steps = Generator[Event, None, T]


def part_of(steps: Steps[T], number: int, count: int, text: str = "") -> Steps[T]:
    """The steps of part `number` of `count` alike ones, counted as of the whole; `text` names the part."""
    try:
        while True:
            event = next(steps)
            if isinstance(event, Progress) and event.total:
                done, total = number * event.total + event.done, count * event.total
                event = Progress(event.stage, done, total, event.text or text)
            yield event
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()


def drain(steps: Steps[T], on_event: Callable[[Event], None] = lambda event: None) -> T:
    """Run `steps` to its end in this thread and give its result; an interrupt closes it."""
    try:
        while True:
            on_event(next(steps))
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()
