"""A user's own reading of a network's outputs: a Python file, run in a process of its own.

It has one of three functions, each of which takes the outputs by name as numpy arrays and what is known of the image:
`classes` gives the numbers of classes, the best first; `objects` rows of x1, y1, x2, y2, score, class in pixels of the
network's input; `score` a number, or some by name.
"""

import json
import math
import os
import selectors
import signal
import struct
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from workbench.evaluate.answers import Answer
from workbench.evaluate.boxes import Objects
from workbench.evaluate.feeding import Placed
from workbench.evaluate.items import Item
from workbench.evaluate.reading import CLASSIFICATION, DETECTION, SCORE, placed_answer, short
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import UNREADABLE
from workbench.foundation.interpreters import with_module
from workbench.foundation.steps import Progress, Steps
from workbench.foundation.variables import for_others

HOST = Path(__file__).with_name("hook_host.py")
FUNCTIONS = {CLASSIFICATION: "classes", DETECTION: "objects", SCORE: "score"}
MARK = "\x1e"
MOST_CLASSES = 1 << 31
PATIENCE = 60.0  # seconds for one image
BEAT = 0.1
SHOWN = 3  # last lines of an error
STAGE = "hook"


class HookError(WorkbenchError):
    """A user's hook that failed, or whose answer means nothing."""


class Hook:
    """A hook's process; one thread at a time. `close` ends it."""

    def __init__(self, path: Path, task: str, python: str = "", patience: float = PATIENCE) -> None:
        """`python` is the interpreter, "" for this one, or another with numpy where this is none."""
        self._path, self._task, self._patience = path, task, patience
        self._python = python or _own_python()
        self._child: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self._rest = b""

    def close(self) -> None:
        """End the process, and all that it started."""
        child, self._child = self._child, None
        if child is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
        self._said.close()

    def answer(self, outputs: Mapping[str, np.ndarray], item: Item, placed: Placed | None) -> Steps[Answer]:
        """What the hook says to an image's outputs."""
        image: dict[str, Any] = {"name": item.name, "files": [str(path) for path in item.sample.files]}
        if item.number is not None:
            image["number"] = item.number
        if placed is not None:
            image |= {"width": placed.width, "height": placed.height}
        line = yield from self._asked(_message(outputs, image))
        try:
            given = json.loads(line.decode("utf-8").removeprefix(MARK))
            if "error" not in given:
                return answer_of(given["answer"], self._task, placed)
        except UNREADABLE as error:
            message = f"The hook {self._path.name} gave for {item.name} what is no answer: {error}."
            raise HookError(message, self._hint()) from error
        raise HookError(f"The hook {self._path.name} failed on {item.name}: {given['error']}.", self._hint())

    def _asked(self, parts: Sequence[bytes]) -> Steps[bytes]:
        child = self._child = self._child or self._started()
        assert child.stdin is not None
        try:
            for part in parts:
                child.stdin.write(part)
            child.stdin.flush()
        except OSError as error:
            raise HookError(f"The hook {self._path.name} ended.", self._hint()) from error
        begun = time.monotonic()
        while b"\n" not in self._rest:
            yield Progress(STAGE, 0, 0)
            self._rest += self._more(child)
            if time.monotonic() - begun > self._patience:
                message = f"The hook {self._path.name} said nothing for {self._patience:.0f} seconds."
                raise HookError(message, self._hint())
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _more(self, child: subprocess.Popen[bytes]) -> bytes:
        assert child.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            if not selector.select(BEAT):
                return b""
        data = os.read(child.stdout.fileno(), 1 << 16)
        if not data:
            raise HookError(f"The hook {self._path.name} ended.", self._hint())
        return data

    def _started(self) -> subprocess.Popen[bytes]:
        command = [self._python, str(HOST), str(self._path.absolute()), FUNCTIONS[self._task]]
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=self._said, start_new_session=True, env=for_others()
            )
        except OSError as error:
            raise HookError(f"{self._python} cannot be started: {error.strerror}.", "Check --hook-python.") from error

    def _hint(self) -> str:
        self._said.seek(0)
        lines = [line for line in self._said.read().decode("utf-8", "replace").splitlines() if line.strip()]
        last = " / ".join(line.strip() for line in lines[-SHOWN:])
        return f"Its last words were: {last}" if last else "Try it with Python by itself."


def answer_of(given: Any, task: str, placed: Placed | None) -> Answer:
    """What a hook gave, as an answer; an error of `UNREADABLE` where it is none."""
    if task == CLASSIFICATION:
        return {"classes": [_class(number) for number in given][:5], "scores": []}
    if task == DETECTION:
        rows = np.array(given, np.float64).reshape(-1, 6)
        if not np.isfinite(rows).all():
            raise ValueError("a number of it is not finite")
        classes = np.array([_class(number) for number in np.rint(rows[:, 5])], np.int64)
        return placed_answer(Objects(rows[:, :4], rows[:, 4], classes), placed)
    numbers = given if isinstance(given, dict) else {"score": given}
    found = {name: float(number) for name, number in numbers.items() if number is not None}
    return {name: short(number) for name, number in found.items() if math.isfinite(number)}


def _class(number: Any) -> int:
    if abs(found := int(number)) > MOST_CLASSES:
        raise ValueError(f"{found:.3g} is no class")
    return found


def _own_python() -> str:
    python = with_module("numpy")
    if python is None:
        message = "The standalone program cannot run a hook by itself."
        raise HookError(message, "Name a Python that has numpy with --hook-python or RKNN_WORKBENCH_PYTHON.")
    return str(python)


def _message(outputs: Mapping[str, np.ndarray], image: Mapping[str, Any]) -> list[bytes]:
    whole = {name: np.ascontiguousarray(array) for name, array in outputs.items()}
    arrays = [
        {"name": name, "dtype": array.dtype.str, "shape": array.shape, "bytes": array.nbytes}
        for name, array in whole.items()
    ]
    header = json.dumps({"image": image, "arrays": arrays}).encode()
    return [struct.pack(">I", len(header)), header, *(array.tobytes() for array in whole.values())]
