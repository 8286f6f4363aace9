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


def changed(steps: Steps[T], change: Callable[[Event], Event]) -> Steps[T]:
    """The same steps with other events."""
    try:
        while True:
            yield change(next(steps))
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()


def without_logs(steps: Steps[T], is_left_out: Callable[[str], bool]) -> Steps[T]:
    """The same steps; lines of the log for which `is_left_out` are not told."""
    try:
        while True:
            event = next(steps)
            if not isinstance(event, Log) or not is_left_out(event.text):
                yield event
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()


def part_of(steps: Steps[T], number: int, count: int, text: str = "") -> Steps[T]:
    """The steps of part `number` of `count` alike ones, counted as of the whole; `text` names the part."""

    def counted(event: Event) -> Event:
        if not isinstance(event, Progress) or not event.total:
            return event
        return Progress(event.stage, number * event.total + event.done, count * event.total, event.text or text)

    return changed(steps, counted)


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
