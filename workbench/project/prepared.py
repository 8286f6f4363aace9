"""The last network in memory: what a long-lived process need not read and derive again for the next run."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from workbench.foundation.steps import Steps, Warn
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed, as_it_is
from workbench.graph.fusion import deploy
from workbench.graph.graph import Model
from workbench.graph.read import read_model
from workbench.quantize.kept import Kept


class Prepared:
    """A network as it was read, its deployed graphs, and the constants that its simulators share."""

    def __init__(self, model: Model, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.model = model
        self.shapes = dict(shapes)
        self.kept = Kept()
        self._deployed: dict[tuple[int, bool], tuple[Deployed, tuple[Warn, ...]]] = {}
        self._with_converts: dict[tuple[int, str], Deployed] = {}

    def deployed(self, weight_bytes: int = 1, attention: bool = False) -> Steps[Deployed]:
        """The deployed graph for weights of so many bytes, on a chip with or without an operator for attentions.

        What deriving it warned of, is said each time.
        """
        if not self.model.is_onnx:
            return as_it_is(self.model)
        kind = weight_bytes, attention
        if kind not in self._deployed:
            warnings: list[Warn] = []
            steps = deploy(self.model, weight_bytes, attention)
            try:
                while True:
                    event = next(steps)
                    if isinstance(event, Warn):
                        warnings.append(event)
                    yield event
            except StopIteration as stop:
                self._deployed[kind] = stop.value, tuple(warnings)
            finally:
                steps.close()
        else:
            yield from self._deployed[kind][1]
        return self._deployed[kind][0]

    def with_converts(self, graph: Deployed, stored: str) -> Deployed:
        """The graph with converts at its borders, to the type that activations are stored in."""
        key = id(graph), stored  # a graph that is kept here keeps its id
        if key not in self._with_converts:
            self._with_converts[key] = with_converts(graph, stored)
        return self._with_converts[key]


_lock = Lock()
_last: list[Prepared] = []


def prepared(path: Path, shapes: Mapping[str, tuple[int, ...]], weights: Path | None = None) -> Prepared:
    """What is known of a network; from memory where the last one was this one, by the digest of its content."""
    with _lock:
        last = _last.pop() if _last else None
        if last is not None and (last.model.path, last.shapes) != (path, dict(shapes)):
            last = None  # two networks need not be in memory at once
        model = read_model(path, shapes, last.model if last else None, weights)
        found = last if last is not None and model is last.model else Prepared(model, shapes)
        _last.append(found)
        return found


def forget() -> None:
    """Let go of what is in memory."""
    with _lock:
        _last.clear()
