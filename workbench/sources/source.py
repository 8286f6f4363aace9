"""The one seam for everything that computes a dump."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Steps
from workbench.graph.graph import Model
from workbench.graph.running import explain, runtime_errors


@dataclass(frozen=True)
class DumpRequest:
    """One input of the network, what to keep of what it computes, and what the dump says about itself.

    `golden` is a dump of golden values, for sources that feed layers with them. `earlier` are dumps of the same source
    for the same input and other settings: a source may take from one what the settings do not change.
    """

    feeds: Mapping[str, np.ndarray]
    info: Mapping[str, Any] = field(default_factory=dict)
    golden: Path | None = None
    earlier: tuple[Path, ...] = ()


class Source(Protocol):
    """Computes dumps; `problems` says why it cannot run now, [] when it is ready."""

    name: str

    def problems(self) -> list[str]: ...

    def dump(self, request: DumpRequest, out: Path) -> Steps[Path]: ...


@contextmanager
def explained(model: Model) -> Iterator[None]:
    """What ONNX Runtime raises inside becomes a sentence that names the node."""
    try:
        yield
    except runtime_errors() as error:
        raise explain(model, error) from error


def chosen(names: Collection[str], patterns: Collection[str]) -> frozenset[str]:
    """The names that a pattern fits (`*`, `?`, `[…]`), all of them without patterns; one that fits nothing is refused.

    A name is tried literally first: ONNX names may hold brackets.
    """
    found: set[str] = set()
    for pattern in patterns:
        fits = {pattern} & set(names) or {name for name in names if fnmatchcase(name, pattern)}
        if not fits:
            raise SettingsError(f"No tensor has a name like {pattern!r}.", "Take names from the layer table.")
        found |= fits
    return frozenset(found if patterns else names)
