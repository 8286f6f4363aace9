"""What a report needs to know of a session and of its results.

The types themselves stand above this package; anything of this shape will do.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from workbench.compare.compare import LayerError
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.schemes import QuantSettings


class ImportedPath(Protocol):
    """Dumps that were computed elsewhere."""

    @property
    def path(self) -> Path: ...


class BoardSettings(Protocol):
    """Where the runtime's values were computed, and by which program."""

    @property
    def name(self) -> str: ...
    @property
    def runner(self) -> str: ...


class RunSettings(Protocol):
    """What the user opened and chose."""

    @property
    def model(self) -> Path: ...
    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]: ...
    @property
    def preprocess(self) -> Mapping[str, Preprocess]: ...
    @property
    def samples(self) -> tuple[Sample, ...]: ...
    @property
    def dataset(self) -> tuple[Sample, ...]: ...
    @property
    def quant(self) -> QuantSettings: ...
    @property
    def tensors(self) -> tuple[str, ...]: ...
    @property
    def simulator(self) -> str: ...
    @property
    def toolkit_options(self) -> Mapping[str, Any]: ...
    @property
    def imports(self) -> Mapping[str, ImportedPath]: ...
    @property
    def board(self) -> BoardSettings | None: ...


class RowsBefore(Protocol):
    """The rows before a what-if, by tensor, where they were other ones; the tensors of rows that were not there."""

    @property
    def rows(self) -> Mapping[str, LayerError]: ...
    @property
    def added(self) -> frozenset[str]: ...


class SidesDiffer(Protocol):
    """A setting or version and its value on each side of a comparison; "" where nobody knows."""

    @property
    def name(self) -> str: ...
    @property
    def values(self) -> tuple[str, ...]: ...


class RunResults(Protocol):
    """What a run found: rows, what has no partner, and one dump a sample for every source."""

    @property
    def rows(self) -> tuple[LayerError, ...]: ...
    @property
    def outputs(self) -> tuple[str, ...]: ...
    @property
    def unmatched(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def dumps(self) -> Mapping[str, tuple[Path, ...]]: ...
    @property
    def layers_of(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def seconds(self) -> Mapping[str, float]: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...
    @property
    def times(self) -> Mapping[str, float]: ...
    @property
    def before(self) -> RowsBefore | None: ...
    @property
    def sides(self) -> Mapping[str, str]: ...
    @property
    def differences(self) -> Sequence[SidesDiffer]: ...
