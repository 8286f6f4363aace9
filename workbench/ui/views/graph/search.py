"""A search in the graph: its hits, in the network's order, and the one that is looked at."""

from PySide6.QtCore import QObject, Signal

from workbench.compare.compare import LayerError
from workbench.graph.graph import Tensor
from workbench.ui.jobs import JobPool
from workbench.ui.models.table.filter import Unclear, matching, parse
from workbench.ui.models.table.layer_values import LayerValues, known_of
from workbench.ui.workspace import Workspace


class GraphSearch(QObject):
    """Finds layers with the language of the table's filter; what it goes to is selected everywhere.

    It looks on the reading thread: the names of ten thousands of layers take a while.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._jobs = workspace, jobs
        self._values: LayerValues | None = None
        self._steps = 0
        """Where to go when the answer is there."""
        self.text = ""
        self.hits: tuple[str, ...] = ()
        self.unclear: tuple[Unclear, ...] = ()
        self.at = -1
        self.is_looking = False
        workspace.results_changed.connect(self._on_rows_changed)
        workspace.colouring_changed.connect(self.refresh)
        workspace.session_changed.connect(self._on_session_changed)

    @property
    def current(self) -> str:
        """The tensor of the hit that is looked at; "" for none."""
        return self.hits[self.at] if 0 <= self.at < len(self.hits) else ""

    def mark(self, text: str) -> None:
        """Find without going anywhere."""
        if text.strip() != self.text:
            self.text, self.hits, self.at, self._steps = text.strip(), (), -1, 0
            self.refresh()

    def go(self, text: str) -> None:
        """Find and go to the first hit; the same text again goes to the next one."""
        self.mark(text)
        self.step(1)

    def step(self, by: int) -> None:
        """Select the next hit, or with -1 the one before; round and round."""
        if self.is_looking:
            self._steps += by
        elif self.hits:
            start = self.at if self.at >= 0 or by > 0 else 0
            self.at = (start + by) % len(self.hits)
            self.changed.emit()
            self._workspace.select(self.current)

    def end(self) -> None:
        """No hit is marked any more."""
        self.mark("")

    def refresh(self) -> None:
        """Find anew: numbers, notes or the column are others."""
        wanted = parse(self.text)
        self.unclear, self.is_looking = wanted.unclear, bool(wanted.terms)
        if not wanted.terms:
            self._jobs.forget("graph.search")
            self._take(())
            return
        values, known, rows = self._values, known_of(self._workspace), self._rows() if self._values is None else []

        def found() -> tuple[LayerValues, tuple[str, ...]]:
            searched = values or LayerValues(rows, known)
            searched.tell(known)
            return searched, tuple(searched.rows[at].tensor for at in matching(wanted, searched).nonzero()[0].tolist())

        self._jobs.ask("graph.search", found, self._on_found)

    def _on_found(self, found: tuple[LayerValues, tuple[str, ...]]) -> None:
        self._values, hits = found
        self._take(hits)
        steps, self._steps = self._steps, 0
        if steps:
            self.step(steps)

    def _take(self, hits: tuple[str, ...]) -> None:
        current, self.is_looking = self.current, False
        self.hits = hits
        self.at = hits.index(current) if current in hits else -1
        self.changed.emit()

    def _on_session_changed(self) -> None:
        """Notes and pins can be searched too."""
        if self.text:
            self.refresh()

    def _on_rows_changed(self) -> None:
        self._values = None
        self.refresh()

    def _rows(self) -> list[LayerError]:
        """The rows of the table between the network's inputs and outputs."""
        rows, model = self._workspace.rows, self._workspace.model
        taken = {row.tensor for row in rows}
        if model is None:
            return list(rows)
        inputs = [_end("input", tensor) for tensor in model.graph.inputs if tensor.name not in taken]
        outputs = [_end("output", tensor) for tensor in model.graph.outputs if tensor.name not in taken]
        return [*inputs, *rows, *outputs]


def _end(kind: str, tensor: Tensor) -> LayerError:
    """An input or output of the network as what can be searched: a row without numbers."""
    return LayerError(
        index=-1, op=kind, tensor=tensor.name, golden=tensor.name, group=(), shape=tensor.static_shape or (),
        encoding=None, errors={}, matched_by="", note="",
    )  # fmt: skip
