"""What a diagnosis says: a cause, where, what shows it, what mends it, and what that brings."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from workbench.diagnose.changes import Change

LESS = 0.9  # of an error that is left when a fix helps
CAUSE, NOTE = "cause", "note"
"""A cause is said to spoil the network's outputs; a note is worth knowing and spoils nothing that was measured."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A small picture of numbers. `kind` is "bars", "lines" or "points"; `series` are named numbers of one length.

    `labels` name the places along x, where there are some; else they are 0, 1, …
    """

    kind: str
    x: str
    y: str
    series: Mapping[str, tuple[float, ...]]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence, and where to look: a row's `tensor`, a `sample`, and a `view` of the tensor panes ("" for any).

    `view` is "histogram", "channels", "weights", "scatter", "worst", "picture" or "nan".
    """

    text: str
    tensor: str = ""
    sample: int | None = None
    view: str = ""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class OutputGain:
    """What a change does to one output of the network: its metrics before and after."""

    output: str
    before: Mapping[str, float]
    after: Mapping[str, float]

    @property
    def is_better(self) -> bool:
        """Whether a tenth of the error is gone: of the whole output, or of its worst channel."""
        then, now = self.before, self.after
        relative = then.get("relative", 0.0), now.get("relative", math.inf)
        channel = 1 - then.get("worst_channel", 1.0), 1 - now.get("worst_channel", -math.inf)
        return _is_less(*relative) or _is_less(*channel)


@dataclass(frozen=True, slots=True)
class Fix:
    """`text` is what is done; `change` does it. `gain` is there once it was run.

    `key` names what makes the change when it is asked for (`project.fixing.made`): networks are not written before.
    """

    text: str
    change: Change | None = None
    gain: tuple[OutputGain, ...] = ()
    key: str = ""

    @property
    def is_runnable(self) -> bool:
        """Whether the program can do it; else only the user can."""
        return self.change is not None or bool(self.key)

    @property
    def helps(self) -> bool:
        """Whether it was run, and an output is better for it."""
        return any(gain.is_better for gain in self.gain)


@dataclass(frozen=True, slots=True)
class Finding:
    """`cause` is a stable key of `resources/knowledge/causes.toml`, `values` fill the places of its texts.

    `confidence` is from 0 to 1. `layers` are tensors of the table's rows, the guilty one first. `level` is CAUSE or
    NOTE. `explains` are causes that follow from this one: findings of those stand behind it.
    """

    cause: str
    confidence: float
    layers: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    fixes: tuple[Fix, ...] = ()
    level: str = CAUSE
    explains: frozenset[str] = frozenset()

    def with_fixes(self, fixes: tuple[Fix, ...]) -> "Finding":
        """The same with others."""
        return replace(self, fixes=fixes)


def _is_less(before: float, after: float) -> bool:
    return not math.isnan(after) and (math.isnan(before) or after < LESS * before)
