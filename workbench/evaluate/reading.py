"""From a network's outputs to its answer for an image: classes, objects, or likeness to float."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench.compare.metrics import measure
from workbench.evaluate import decoders
from workbench.evaluate.answers import Answer
from workbench.evaluate.boxes import Objects
from workbench.evaluate.classification import class_output, ranked
from workbench.evaluate.decoders import Decoding
from workbench.evaluate.feeding import Fed, Placed
from workbench.foundation.errors import DatasetError
from workbench.preprocess.preprocess import Frame

CLASSIFICATION, DETECTION, OUTPUTS, SCORE = "classification", "detection", "outputs", "score"
TASKS = (CLASSIFICATION, DETECTION, OUTPUTS, SCORE)
MOST_KEPT = 300
DIGITS = 7


@dataclass(frozen=True)
class Reading:
    """How outputs become an answer; `output` names that with the classes, "" for the only one it can be.

    `hook` is a user's Python file that reads them instead, `python` its interpreter ("": this one).
    """

    task: str
    output: str = ""
    decoding: Decoding = field(default_factory=Decoding)
    hook: Path | None = None
    python: str = ""


def classes_in(outputs: Mapping[str, np.ndarray], reading: Reading) -> Answer:
    """The best classes."""
    return ranked(outputs[class_output(outputs, reading.output)])


def objects_in(outputs: Mapping[str, np.ndarray], fed: Fed, frame: Frame, reading: Reading) -> Answer:
    """The objects in the picture's own pixels, with the picture's size."""
    head = decoders.head_of(outputs, frame, reading.decoding.head)
    found = decoders.objects_of(outputs, frame, replace(reading.decoding, head=head))
    by_id = {"by_id": True} if decoders.HEADS[head].by_id else {}
    return {**placed_answer(found, fed.placed), **by_id}


def placed_answer(found: Objects, placed: Placed | None) -> Answer:
    """Objects of the network's input in the picture's own pixels."""
    if placed is None:
        raise DatasetError("Boxes are measured on pictures, and the network is fed with arrays.", "Give pictures.")
    kept = found.at(np.argsort(-found.scores, kind="stable")[:MOST_KEPT])
    return {
        "boxes": [[round(float(edge), 2) for edge in box] for box in placed.back(kept.boxes)],
        "scores": [short(score) for score in kept.scores],
        "classes": [int(number) for number in kept.classes],
        "size": [placed.width, placed.height],
    }


def objects_of(answer: Answer) -> Objects:
    """The objects of an answer."""
    boxes = np.array(answer["boxes"], np.float64).reshape(-1, 4)
    return Objects(boxes, np.array(answer["scores"], np.float64), np.array(answer["classes"], np.int64))


def likeness(outputs: Mapping[str, np.ndarray], golden: Mapping[str, np.ndarray]) -> Answer:
    """The cosine of each output with float's; absent where it is not a number."""
    found: dict[str, Any] = {}
    for name, values in outputs.items():
        cosine = measure(golden[name].reshape(-1), values.reshape(-1)).get("cos", np.nan)
        if np.isfinite(cosine):
            found[name] = short(cosine)
    return found


def short(value: float) -> float:
    """A number with as many digits as float32 has."""
    return float(f"{float(value):.{DIGITS}g}")
