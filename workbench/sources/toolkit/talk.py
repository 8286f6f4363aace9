"""What worker and toolkit say while they run, as the steps of a run."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from workbench.foundation.files import UNREADABLE
from workbench.foundation.process import OUT, Finished, Line, Lines
from workbench.foundation.steps import Log, Progress, Steps, Warn
from workbench.sources import knowledge
from workbench.sources.toolkit.prints import bar_of, is_tagged, mark_of, plain
from workbench.sources.toolkit.recipe import START, Call

LONGEST = 80  # characters that are quoted
WORRY = 120.0  # seconds of silence after which the user is told


@dataclass(frozen=True)
class Versions:
    """What an interpreter has: the toolkit's package and version, its Python, frameworks that it can load with."""

    name: str
    version: str
    python: str
    frameworks: Mapping[str, str] = field(default_factory=dict)


class Talk:
    """What worker and toolkit have said so far."""

    def __init__(self, made: tuple[Call, ...], log: IO[str]) -> None:
        self.versions = Versions("", "", "")
        self.seconds: list[tuple[int, float]] = []
        self.gave: list[tuple[int, Any]] = []
        self.failure = ""
        self.is_done = False
        self.lines: list[str] = []
        self.call: Call | None = None
        self._made, self._log = made, log

    def followed(self, steps: Lines) -> Steps[Finished]:
        """The events that the lines of the process mean, with a sign of life when there are none."""
        said, heard, is_worried = Progress(START, 0, 0), time.monotonic(), False
        yield said
        try:
            while True:
                line = next(steps)
                if line is None:
                    if not is_worried and time.monotonic() - heard > WORRY:
                        is_worried = True
                        yield Warn(f"The toolkit has said nothing for {WORRY:.0f} seconds; it may still be computing.")
                    yield said
                    continue
                heard, is_worried = time.monotonic(), False
                for event in self._heard(line):
                    said = event if isinstance(event, Progress) else said
                    yield event
        except StopIteration as stop:
            finished: Finished = stop.value
            return finished
        finally:
            steps.close()

    def _heard(self, line: Line) -> Iterator[Log | Progress]:
        if line.stream == OUT:
            if line.is_whole:
                self._told(line.text)
            return
        text = plain(line.text)
        if (number := mark_of(text)) is not None:
            yield from self._begun(number)
            return
        bar = bar_of(text)
        if bar is not None:
            yield Progress(self.stage, bar.done, bar.total, bar.name)
        if not line.is_whole or (bar is not None and bar.done < bar.total):
            return
        self._log.write(text + "\n")
        if bar is None:
            self.lines.append(text)
            yield from (Log(text),) if is_tagged(text) and not knowledge.is_harmless(text) else ()

    def _told(self, text: str) -> None:
        try:
            self._take(json.loads(text))
        except UNREADABLE:
            self.failure = f"its worker said {text[:LONGEST]!r}, which means nothing"

    def _take(self, event: Mapping[str, Any]) -> None:
        """What the worker says; an error of `UNREADABLE` for what is nothing of the kind."""
        match event["event"]:
            case "versions":
                known = {str(name): str(version) for name, version in event["frameworks"].items()}
                self.versions = Versions(str(event["name"]), str(event["version"]), str(event["python"]), known)
            case "ended":
                self.seconds.append((self._number(event), float(event["seconds"])))
            case "gave":
                self.gave.append((self._number(event), event["result"]))
            case "failed":
                self.failure = str(event["error"])
            case "done":
                self.is_done = True

    def _number(self, event: Mapping[str, Any]) -> int:
        """Which call it speaks of."""
        number: int = range(len(self._made))[event["number"]]
        return number

    def _begun(self, number: int) -> Iterator[Progress]:
        if number < len(self._made):
            self.call = self._made[number]
            self._log.write(f"--- {self.call.method}\n")
            yield Progress(self.stage, 0, 0)

    @property
    def stage(self) -> str:
        """The stage of the call that is going on."""
        return START if self.call is None else self.call.stage
