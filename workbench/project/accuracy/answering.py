"""Answers of one source for the images of a data set, in this process or by tasks for others."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np

from workbench.evaluate import reading as readings
from workbench.evaluate.answers import Answer, add_answers
from workbench.evaluate.feeding import Fed, fed
from workbench.evaluate.hook import Hook
from workbench.evaluate.items import Item
from workbench.evaluate.reading import CLASSIFICATION, Reading
from workbench.evaluate.runs import STAGE, NetworkRuns, Outputs, Portable, Runs, runs_from
from workbench.foundation.ahead import ahead
from workbench.foundation.steps import Event, Progress, Steps, changed
from workbench.graph.graph import Tensor
from workbench.preprocess.preprocess import Frame, Preprocess, frame, guess
from workbench.project.accuracy.boards_there import BoardThere
from workbench.project.workers.executors import Outcome, Workers, completed
from workbench.project.workers.tasks import Task, Together
from workbench.project.workers.worker import lasting

FIRST_CHUNK, MOST_CHUNK = 8, 512
CHUNK_SECONDS = 2.0  # what a killed run loses at most
CHUNK_BYTES = 1 << 26
Settings = Mapping[str, Preprocess]


@dataclass(frozen=True)
class Feeding:
    """How items become feeds; `golden` is how float is fed where that differs from the source."""

    inputs: tuple[Tensor, ...]
    settings: Settings
    golden: Settings | None = None


@dataclass(frozen=True)
class Progressing:
    """Of how many images how many are done already, and whose."""

    name: str
    count: int
    done: int


class Answering:
    """Feeds, outputs, and what they say. One thread; `close` ends what runs in processes of their own."""

    def __init__(self, feeding: Feeding, runs: Runs, golden: Runs | None, reading: Reading) -> None:
        self._feeding, self._runs, self._golden, self._reading = feeding, runs, golden, reading
        self._hook = Hook(reading.hook, reading.task, reading.python) if reading.hook is not None else None
        self._frame: Frame | None = None
        self.most_at_once = MOST_CHUNK

    def close(self) -> None:
        """End all of it."""
        self._runs.close()
        if self._golden is not None:
            self._golden.close()
        if self._hook is not None:
            self._hook.close()

    def answers(self, items: Sequence[Item]) -> Steps[list[Answer]]:
        """An answer for each item, in their order."""
        given: list[Fed] = []
        outputs = yield from self._runs.outputs(self._fed(items, self._feeding.settings, given), len(items))
        self.most_at_once = max(1, CHUNK_BYTES // max(1, sum(array.nbytes for array in outputs[0].values())))
        if self._hook is not None:
            return (yield from self._hooked(self._hook, items, outputs, given))
        if self._golden is None:
            return [self._answer(one, own) for one, own in zip(outputs, given, strict=True)]
        settings = self._feeding.settings if self._feeding.golden is None else self._feeding.golden
        golden = yield from self._golden.outputs(self._fed(items, settings, []), len(items))
        return [readings.likeness(one, other) for one, other in zip(outputs, golden, strict=True)]

    def _hooked(
        self, hook: Hook, items: Sequence[Item], outputs: Sequence[Outputs], given: Sequence[Fed]
    ) -> Steps[list[Answer]]:
        answers = []
        for item, one, own in zip(items, outputs, given, strict=True):
            answers.append((yield from hook.answer(one, item, own.placed)))
        return answers

    def _fed(self, items: Sequence[Item], settings: Settings, given: list[Fed]) -> Iterator[Mapping[str, np.ndarray]]:
        """The feeds, each made while the one before is run; where their pictures lie goes to `given`."""
        for found in ahead(fed(item, self._feeding.inputs, settings) for item in items):
            given.append(replace(found, feeds={}))
            yield found.feeds

    def _answer(self, outputs: Outputs, own: Fed) -> Answer:
        if self._reading.task == CLASSIFICATION:
            return readings.classes_in(outputs, self._reading)
        if self._frame is None:
            first = self._feeding.inputs[0]
            self._frame = frame(first, self._feeding.settings.get(first.name) or guess(first))
        return readings.objects_in(outputs, own, self._frame, self._reading)


def answered_here(answering: Answering, missing: Sequence[Item], told: Progressing, path: Path) -> Steps[None]:
    """Chunk by chunk, each kept in `path` when it is done; a chunk takes about as long as a run may lose."""
    waiting, size, done = iter(missing), FIRST_CHUNK, told.done
    while chunk := list(islice(waiting, size)):
        begun = perf_counter()
        at = replace(told, done=done)
        answers = yield from changed(answering.answers(chunk), lambda event, at=at: _counted(event, at))  # type: ignore[misc]
        add_answers(path, zip(chunk, answers, strict=True))
        done += len(chunk)
        size = _next_size(len(chunk), perf_counter() - begun, answering.most_at_once)


@dataclass(frozen=True)
class Far:
    """What workers elsewhere are told of a source."""

    feeding: Feeding
    reading: Reading
    runs: Portable | BoardThere
    golden: Portable | None = None

    @property
    def files(self) -> tuple[Together, ...]:
        """What they have to have for every chunk."""
        hook = [self.reading.hook] if self.reading.hook is not None else []
        golden = [self.golden.file] if self.golden is not None else []
        return tuple((path,) for path in (self.runs.file, *golden, *hook))

    @property
    def needs(self) -> dict[str, int]:
        """The resource of a worker that has the board."""
        return {self.runs.resource: 1} if isinstance(self.runs, BoardThere) else {}

    def remove(self) -> None:
        """Remove the networks that were written for others."""
        for portable in (self.runs, self.golden):
            if isinstance(portable, Portable):
                portable.file.unlink(missing_ok=True)


def far_of(
    feeding: Feeding, reading: Reading, runs: NetworkRuns | BoardThere, golden: Runs | None, folder: Path, key: str
) -> Far:
    """What is to be told of a source, its networks written to `folder` under a name that stands for their content."""
    own = runs if isinstance(runs, BoardThere) else runs.saved(folder / f"{key}.onnx")
    other = golden.saved(folder / f"{key}-float.onnx") if isinstance(golden, NetworkRuns) else None
    return Far(feeding, reading, own, other)


def answered_far(pool: Workers, far: Far, missing: Sequence[Item], told: Progressing, path: Path) -> Steps[None]:
    """By tasks of chunks; what comes back is kept in `path` at once."""
    size = min(MOST_CHUNK, max(FIRST_CHUNK, len(missing) // (16 * max(1, pool.count))))
    chunks = [tuple(missing[at : at + size]) for at in range(0, len(missing), size)]
    done = [told.done]

    def take(outcome: Outcome) -> None:
        if outcome.error is not None:
            raise outcome.error
        items = outcome.task.arguments[1]
        add_answers(path, zip(items, outcome.value, strict=True))
        done[0] += len(items)

    def counted(event: Event) -> Event:
        return Progress(STAGE, done[0], told.count, told.name) if isinstance(event, Progress) else event

    tasks = (Task(answer_chunk, (far, chunk), told.name, (*far.files, *_files(chunk)), far.needs) for chunk in chunks)
    yield from changed(completed(pool, tasks, take, STAGE, len(chunks)), counted)


def answer_chunk(far: Far, items: tuple[Item, ...]) -> Steps[list[Answer]]:
    """What a worker does: the answers for some items. A network is opened once, a board is left each time."""
    if far.needs:
        with closing((yield from _opened(far))) as once:
            return (yield from once.answers(items))
    answering = yield from lasting(repr(far), lambda: _opened(far))
    return (yield from answering.answers(items))


def _opened(far: Far) -> Steps[Answering]:
    yield Progress(STAGE, 0, 0)
    golden = None if far.golden is None else runs_from(far.golden)
    runs = far.runs.runs() if isinstance(far.runs, BoardThere) else runs_from(far.runs)
    return Answering(far.feeding, runs, golden, far.reading)


def _files(chunk: Sequence[Item]) -> tuple[Together, ...]:
    return tuple(dict.fromkeys((file,) for item in chunk for file in item.sample.files))


def _next_size(count: int, seconds: float, most: int) -> int:
    return max(1, min(MOST_CHUNK, 2 * count, int(count / max(1e-3, seconds) * CHUNK_SECONDS), most))


def _counted(event: Event, told: Progressing) -> Event:
    if not isinstance(event, Progress) or not event.total or event.stage != STAGE:
        return event
    return Progress(STAGE, told.done + event.done, told.count, told.name)
