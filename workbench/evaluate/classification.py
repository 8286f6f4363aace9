"""Classes: what a network answers for an image, and how often the right one is among its first."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from workbench.foundation.errors import DatasetError

MOST = 5
TOPS = (1, 5)
Answer = dict[str, Any]


def ranked(scores: np.ndarray, most: int = MOST) -> Answer:
    """The numbers of the best classes, the best first, with their scores; of equal ones the first.

    Where a score is NaN there is no answer: `classes` is empty.
    """
    values = scores.reshape(-1)
    if not values.size or np.isnan(values).any():
        return {"classes": [], "scores": []}
    order = np.argsort(-values.astype(np.float64), kind="stable")[:most]
    return {"classes": [int(at) for at in order], "scores": [float(f"{values[at]:.7g}") for at in order]}


def class_output(outputs: Mapping[str, np.ndarray], name: str = "") -> str:
    """The output that holds a score for each class: the named one, or the only one that can be it."""
    if name:
        if name not in outputs:
            raise DatasetError(f"The network has no output {name!r}.", f"Its outputs are {', '.join(outputs)}.")
        return name
    fitting = [key for key, values in outputs.items() if values.size > 1 and values.size == max(values.shape)]
    if len(fitting) != 1:
        shapes = ", ".join(f"{key} ({'x'.join(map(str, values.shape))})" for key, values in outputs.items())
        raise DatasetError(f"It is not clear which output has the classes: {shapes}.", "Name it with --output.")
    return fitting[0]


def hits(answers: Sequence[Answer], truths: Sequence[int], top: int) -> np.ndarray:
    """Whether the right class is among the first `top`, for each image."""
    pairs = zip(answers, truths, strict=True)
    return np.array([truth in answer["classes"][:top] for answer, truth in pairs], np.bool_)


def best(answer: Answer) -> int:
    """The best class; -1 where there is no answer."""
    return int(answer["classes"][0]) if answer["classes"] else -1
