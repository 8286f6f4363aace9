"""The outputs of the vendor's simulator for many inputs: one build, then row after row through `inference`.

The toolkit's process waits in a folder for files that name the next rows, and answers beside them (see `worker.py`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from workbench.foundation.files import write_text
from workbench.foundation.steps import Progress, Steps, without_logs
from workbench.sources.toolkit.fed import FED, Feeds, emptied, write_rows
from workbench.sources.toolkit.host import LOG, ToolkitError, run
from workbench.sources.toolkit.hybrid import CFG, FIRST_LOG, mixed
from workbench.sources.toolkit.recipe import DATASET, Infer, Recipe, write_dataset
from workbench.sources.toolkit.simulator import VendorRun
from workbench.sources.toolkit.workplace import workplace

KEPT = (LOG, FIRST_LOG, f"*{CFG}")
STAGE = "evaluate"


class ToolkitRuns:
    """A built network in a process of the toolkit, which starts with the first inputs and lives until `close`.

    `names` are the network's outputs in their order.
    """

    def __init__(self, what: VendorRun, calibration: Sequence[Feeds], names: Sequence[str], folder: Path) -> None:
        self._what, self._calibration, self._names, self._folder = what, calibration, names, folder
        self._steps: Steps[None] | None = None
        self._work = folder
        self._asked = 0

    def outputs(self, feeds: Iterable[Mapping[str, np.ndarray]], count: int) -> Steps[list[dict[str, np.ndarray]]]:
        """The outputs for each of `count` feeds."""
        if self._steps is None:
            self._steps = self._served()
            yield next(self._steps)  # its folder is there now
        rows = [self._row(number, one) for number, one in enumerate(feeds)]
        write_text(self._work / f"rows-{self._asked}.json", json.dumps(rows))
        done = self._work / f"done-{self._asked}"
        while not done.exists():
            try:
                yield next(self._steps)
            except StopIteration:
                hint = f"Everything that it printed is in {self._folder / LOG}."
                raise ToolkitError("The toolkit ended before all inputs were run.", hint) from None
        self._asked += 1
        found = []
        for number in range(count):
            paths = [self._work / f"out-{number}-{place}.npy" for place in range(len(self._names))]
            values = [np.load(path, allow_pickle=False) for path in paths]
            found.append(dict(zip(self._names, values, strict=True)))
        return found

    def close(self) -> None:
        """End the process; its folder keeps what it printed."""
        if self._steps is not None:
            self._steps.close()
            self._steps = None

    def _row(self, number: int, feeds: Mapping[str, np.ndarray]) -> list[str]:
        files = []
        for place, array in enumerate(feeds.values()):
            first = array.transpose(0, 3, 1, 2) if self._what.is_last and array.ndim == 4 else array
            path = self._work / FED / f"row-{number}-{place}.npy"
            np.save(path, np.ascontiguousarray(first), allow_pickle=False)
            files.append(str(path.absolute()))
        return files

    def _served(self) -> Steps[None]:
        """The process from its start to its end, which is asked for by closing."""
        what = self._what
        with emptied(self._folder, KEPT), workplace(self._folder) as work:
            self._work = work
            (work / FED).mkdir()
            yield Progress(STAGE, 0, 0)
            dataset = None
            if what.quantize or what.build.get("auto_hybrid"):
                known = yield from write_rows(self._calibration, work, "calibration", what.is_last)
                dataset = write_dataset(known, work / DATASET)
            recipe = Recipe(what.network, what.config, what.quantize, dataset, (Infer(work),), what.build)
            if what.custom:
                steps: Steps[object] = mixed(what.toolkit, recipe, what.custom, work)
            else:
                steps = run(what.toolkit, recipe, work)
            yield from without_logs(steps, lambda line: str(work) in line)
