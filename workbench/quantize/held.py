"""Values of many samples on their way through a network, in memory or, where that is not enough, in files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock

import numpy as np

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.scratch import Scratch
from workbench.graph.deployed import Deployed, DeployedLayer

MOST_BYTES = 64 * 2**20  # in memory; what is more goes to files


@dataclass(frozen=True)
class Filed:
    """An array in a file: it takes no memory while nobody looks at it."""

    path: Path
    dtype: np.dtype
    shape: tuple[int, ...]

    def read(self) -> np.ndarray:
        """A copy in memory."""
        return np.fromfile(self.path, self.dtype).reshape(self.shape)


class Held:
    """One array for each tensor and sample, as long as a later layer takes it."""

    def __init__(self, graph: Deployed, most: int = MOST_BYTES) -> None:
        self._graph = graph
        self._left = most
        self._arrays: dict[str, dict[int, np.ndarray | Filed]] = {}
        self._done: set[str] = set()
        self._scratch: Scratch | None = None
        self._numbers = count()
        self._lock = Lock()

    def close(self) -> None:
        """Let go of everything."""
        self._arrays.clear()
        if self._scratch is not None:
            self._scratch.close()

    def has(self, name: str) -> bool:
        """Whether there are values of a tensor."""
        return name in self._arrays

    def add(self, name: str, array: np.ndarray) -> None:
        """The value of the next sample."""
        self._keep(len(self._arrays.get(name, ())), name, array)

    def put(self, number: int, names: Collection[str], arrays: Mapping[str, np.ndarray]) -> None:
        """The values of one sample."""
        for name in names:
            if isinstance(arrays[name], np.ndarray):  # no sequence
                self._keep(number, name, arrays[name])

    def of(self, number: int, names: Collection[str]) -> dict[str, np.ndarray]:
        """The values of one sample."""
        found = {name: self._arrays[name][number] for name in names}
        return {name: item.read() if isinstance(item, Filed) else item for name, item in found.items()}

    def release(self, names: Collection[str], unit: Sequence[DeployedLayer]) -> None:
        """Forget what no layer behind those of `unit` takes."""
        self._done |= {layer.outputs[0] for layer in unit}
        for name in names:
            if all(taker.outputs[0] in self._done for taker in self._graph.consumers.get(name, ())):
                for item in self._arrays.pop(name, {}).values():
                    self._forget(item)

    def _forget(self, item: np.ndarray | Filed) -> None:
        if isinstance(item, Filed):
            item.path.unlink()
        else:
            self._left += item.nbytes

    def _keep(self, number: int, name: str, array: np.ndarray) -> None:
        with self._lock:
            has_room = array.nbytes <= self._left
            self._left -= array.nbytes if has_room else 0
            self._arrays.setdefault(name, {})[number] = array if has_room else self._in_file(array)

    def _in_file(self, array: np.ndarray) -> Filed:
        self._scratch = self._scratch or Scratch()
        path = self._scratch.path / str(next(self._numbers))
        try:
            array.tofile(path)
        except OSError as error:
            raise WorkbenchError(
                f"{path.parent} has no room for what the search keeps of the calibration set.",
                "Free some space, set TMPDIR to another folder, or calibrate with fewer inputs.",
            ) from error
        return Filed(path, array.dtype, array.shape)
