"""An evaluation as a document: what `--json` prints, and what a session keeps of the last one."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.evaluate.intervals import Difference, Value
from workbench.foundation.files import write_text
from workbench.project.accuracy.evaluating import Evaluation, Wanted

FILE = "evaluation.json"


def document(found: Evaluation) -> dict[str, Any]:
    """The figures, and all images on which a source disagrees with float."""
    return {
        "schema": 1,
        "task": found.wanted.reading.task,
        "images": len(found.items),
        "dataset": found.wanted.images.resolve().as_posix(),
        "labels": "float" if found.wanted.by_float else str(found.wanted.labels or ""),
        "options": _options(found.wanted),
        "sources": [
            {
                "source": score.source,
                "with": found.sources[score.source],
                "values": {key: _value(value) for key, value in score.values.items()},
                "difference": {key: _difference(value) for key, value in score.differences.items()},
                "unanswered": score.unanswered,
                "seconds": round(found.seconds.get(score.source, 0.0), 3),
                "computed": found.computed.get(score.source, 0),
            }
            for score in found.scored.scores
        ],
        "disagreements": [
            {"source": one.source, "image": found.items[one.item].name, "text": one.text, "weight": one.weight}
            for one in found.scored.disagreements
        ],
    }


def save(told: Mapping[str, Any], folder: Path) -> None:
    """Keep the last evaluation in a session's folder."""
    write_text(folder / FILE, json.dumps(told, indent=1, allow_nan=False) + "\n")


def _options(wanted: Wanted) -> dict[str, Any]:
    """What else was asked for: to ask for the same again."""
    decoding = wanted.reading.decoding
    return {
        "names": str(wanted.names or ""), "first": wanted.first, "most": wanted.most, "decoder": decoding.head,
        "least": decoding.least, "hook": str(wanted.reading.hook or ""),
    }  # fmt: skip


def _value(value: Value) -> dict[str, Any]:
    return _finite({"value": value.value, "low": value.low, "high": value.high})


def _difference(found: Difference) -> dict[str, Any]:
    numbers = {"value": found.value, "low": found.low, "high": found.high, "chance": found.chance}
    return {**_finite(numbers), "lost": found.lost, "won": found.won}


def _finite(numbers: Mapping[str, float]) -> dict[str, float]:
    """What is a number; the rest is absent."""
    return {key: value for key, value in numbers.items() if math.isfinite(value)}
