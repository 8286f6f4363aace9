"""The figures of an evaluation, as its document has them. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FLOAT = "float"
SHARES = frozenset(("top1", "top5", "agreement")) | {
    f"{name}{part}" for name in ("map", "recall") for part in ("", "50", "75", "_small", "_medium", "_large")
}
"""Figures between 0 and 1 that are told in percent."""


@dataclass(frozen=True)
class Figure:
    """A number with its interval of 95 %; `chance` of a difference is how likely chance alone gives it."""

    value: float
    low: float
    high: float
    chance: float | None = None


@dataclass(frozen=True)
class SourceFigures:
    """What a source reached by metric, and what it differs by from float."""

    name: str
    text: str
    values: Mapping[str, Figure]
    differences: Mapping[str, Figure]
    unanswered: int = 0
    seconds: float = 0.0
    computed: int = 0


@dataclass(frozen=True)
class Apart:
    """An image on which a source and float disagree."""

    source: str
    image: str
    text: str


@dataclass(frozen=True)
class Figures:
    """All of it; `labels` is "float" where its answers are right, a file, or "" for the folders' names."""

    task: str
    images: int
    dataset: str
    labels: str
    sources: tuple[SourceFigures, ...]
    apart: tuple[Apart, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    """What else was asked for, as far as it is known: names, first, most, decoder, least, hook."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that was measured, the most important first."""
        return tuple(dict.fromkeys(key for source in self.sources for key in source.values))

    def limits(self, metric: str) -> tuple[float, float]:
        """The lowest and the highest end of all intervals."""
        found = [source.values[metric] for source in self.sources if metric in source.values]
        return min((one.low for one in found), default=0.0), max((one.high for one in found), default=1.0)


def figures_of(told: Mapping[str, Any]) -> Figures:
    """Of the document that `evaluate` writes; errors of `dict` and `float` where it is none."""
    return Figures(
        str(told["task"]), int(told["images"]), str(told["dataset"]), str(told["labels"]),
        tuple(_source(one) for one in told["sources"]),
        tuple(Apart(str(one["source"]), str(one["image"]), str(one["text"])) for one in told["disagreements"]),
        dict(told.get("options", {})),
    )  # fmt: skip


def _source(told: Mapping[str, Any]) -> SourceFigures:
    return SourceFigures(
        str(told["source"]), str(told["with"]), _figures(told["values"]), _figures(told["difference"]),
        int(told["unanswered"]), float(told["seconds"]), int(told["computed"]),
    )  # fmt: skip


def _figures(told: Mapping[str, Mapping[str, Any]]) -> dict[str, Figure]:
    """Those that are numbers."""
    return {key: _figure(one) for key, one in told.items() if "value" in one}


def _figure(one: Mapping[str, Any]) -> Figure:
    value = float(one["value"])
    chance = float(one["chance"]) if "chance" in one else None
    return Figure(value, float(one.get("low", value)), float(one.get("high", value)), chance)
