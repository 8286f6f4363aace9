"""For bench_peers, in the environments of other tools: what they are given, and how they tell what they found."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np


def read_inputs(folder: str) -> list[dict[str, np.ndarray]]:
    """The inputs of calibration by the names of the network's inputs; the first is the one that is looked at."""
    found = []
    for path in sorted(Path(folder).glob("input-*.npz")):
        with np.load(path, allow_pickle=False) as file:
            found.append({name: file[name] for name in file.files})
    return found


def lost(golden: np.ndarray, other: np.ndarray) -> float:
    """1 - cosine."""
    one, two = (np.asarray(array, np.float64).ravel() for array in (golden, other))
    return float(1 - one @ two / max(float(np.linalg.norm(one) * np.linalg.norm(two)), 1e-300))


def tell(losses: Mapping[str, float]) -> None:
    """On the last line of the standard output, by tensor."""
    print(json.dumps({"losses": dict(losses)}))
