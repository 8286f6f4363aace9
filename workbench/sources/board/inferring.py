"""A network's outputs from a board for many inputs: pushed once, then fed some rows at a time; nothing is dumped.

rknn-toolkit-lite2 runs it there, through a small program of ours (`resources/board/infer.py`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any, cast

import numpy as np

from workbench.dump.formats.npz import find_npz
from workbench.foundation.errors import DumpError, WorkbenchError
from workbench.foundation.resources import resource
from workbench.foundation.steps import Log, Steps, without_logs
from workbench.sources.board.commands import PYTHON
from workbench.sources.board.leftovers import run_folder, sweep
from workbench.sources.board.links import Finished, Link
from workbench.sources.board.runner import RunError

NETWORK, PROGRAM, ROWS, OUTPUTS = "model.rknn", "infer.py", "rows.npz", "outputs.npz"
ROW = "row "  # how the program tells a row that is done
SHOWN = 40
Feeds = Mapping[str, np.ndarray]


class BoardRuns:
    """A .rknn on a board, from the first inputs until `close`, which removes it there.

    `connected` opens the link, `names` and `shapes` are the network's outputs in their order, `fed` brings an input's
    values into the layout and type that the board takes, `python` is the board's interpreter ("": the usual one).
    """

    def __init__(
        self,
        connected: Callable[[], Link],
        rknn: Path,
        outputs: Mapping[str, tuple[int, ...] | None],
        fed: Callable[[np.ndarray], np.ndarray],
        folder: Path,
        python: str = "",
    ) -> None:
        self._connected, self._rknn, self._names, self._fed = connected, rknn, dict(outputs), fed
        self._folder, self._python = folder, python or PYTHON
        self._stack = ExitStack()
        self._link: Link | None = None
        self._place = ""

    def outputs(self, feeds: Iterable[Feeds], count: int) -> Steps[list[dict[str, np.ndarray]]]:
        """The outputs for each of `count` feeds."""
        link = self._link or (yield from self._opened())
        self._folder.mkdir(parents=True, exist_ok=True)
        rows, results = self._folder / ROWS, self._folder / OUTPUTS
        try:
            given = {
                f"{row}-{at}": self._fed(one) for row, own in enumerate(feeds) for at, one in enumerate(own.values())
            }
            np.savez(rows, **cast("dict[str, Any]", given))
            yield from link.push(rows, f"{self._place}/{ROWS}")
            words = (self._python, *(f"{self._place}/{name}" for name in (PROGRAM, NETWORK, ROWS, OUTPUTS)))
            yield Log(f"{link.name}$ {' '.join(words)}")
            steps = link.run(words, folder=self._place)
            finished = yield from without_logs(steps, lambda line: line.startswith(ROW))
            if finished.code != 0:
                raise _failure(link, finished)
            yield from link.pull(f"{self._place}/{OUTPUTS}", results)
            return [self._named(values) for values in read_outputs(results, count, len(self._names))]
        finally:
            rows.unlink(missing_ok=True)
            results.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove what is there, and the link."""
        self._link = None
        self._stack.close()

    def _opened(self) -> Steps[Link]:
        link = self._stack.enter_context(self._connected())
        place = link.workplace()
        yield from sweep(link, place)
        self._place = self._stack.enter_context(run_folder(link, place))
        yield from link.push(self._rknn, f"{self._place}/{NETWORK}")
        yield from link.push(resource("board", PROGRAM), f"{self._place}/{PROGRAM}")
        self._link = link
        return link

    def _named(self, values: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
        """By the network's names; in its shapes where the board has only left ones away."""
        found = {}
        for (name, shape), array in zip(self._names.items(), values, strict=True):
            is_same = shape is not None and int(np.prod(shape)) == array.size
            found[name] = array.reshape(shape) if is_same and shape is not None else array
        return found


def read_outputs(path: Path, count: int, outputs: int) -> list[list[np.ndarray]]:
    """The outputs of every row; a file of the board's is not trusted to be whole."""
    try:
        found = find_npz(path)
        with found.resource or nullcontext():
            return [[found.items[f"{row}-{at}"].read() for at in range(outputs)] for row in range(count)]
    except (KeyError, DumpError) as error:
        reason = error.message.rstrip(".") if isinstance(error, DumpError) else f"{error} is missing"
        raise WorkbenchError(
            f"The board gave outputs that cannot be read: {reason}.",
            f"The network must have {outputs} outputs there, as here.",
        ) from error


def _failure(link: Link, finished: Finished) -> RunError:
    last = finished.lines[-SHOWN:]
    words = next((line.strip().rstrip(".") for line in reversed(last) if line.strip()), "")
    hint = f"Its last words were: {words}." if words else "Look at the board with `rknn-workbench board doctor`."
    if finished.code == 3:
        hint = "Install rknn-toolkit-lite2 there, or name the Python that has it in the board's command."
    return RunError(f"The program on {link.name} failed with exit code {finished.code}.", hint, last)
