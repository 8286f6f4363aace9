"""Float outputs of networks that are not ONNX, as a session's golden values are computed."""

from collections.abc import Iterable, Mapping

import numpy as np

from workbench.dump.store import Dump
from workbench.evaluate.runs import STAGE, Outputs
from workbench.foundation.scratch import scratch_folder
from workbench.foundation.steps import Event, Progress, Steps, changed
from workbench.graph.graph import Model
from workbench.project.references import reference_of
from workbench.sources.source import DumpRequest


class ReferenceRuns:
    """A dump of the outputs for each input, read and removed."""

    def __init__(self, model: Model) -> None:
        self._names = [tensor.name for tensor in model.graph.outputs]
        self._source = reference_of(model, self._names)

    def outputs(self, feeds: Iterable[Mapping[str, np.ndarray]], count: int) -> Steps[list[Outputs]]:
        """The outputs for each of `count` feeds."""
        found: list[Outputs] = []
        with scratch_folder() as folder:
            for number, one in enumerate(feeds):
                yield Progress(STAGE, number, count)
                path = folder / f"{number}.h5"
                yield from changed(self._source.dump(DumpRequest(one), path), _untold)
                with Dump(path) as dump:
                    found.append({name: np.array(dump[name]) for name in self._names})
                path.unlink()
        return found

    def close(self) -> None:
        """Nothing stays open."""


def _untold(event: Event) -> Event:
    """Each dump has a count of its own, which is not that of the images."""
    return Progress(STAGE, 0, 0) if isinstance(event, Progress) else event
