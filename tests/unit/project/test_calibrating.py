"""Ranges and factors of a session, kept in files."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import node, quantisable, random
from workbench.foundation.steps import Steps, drain
from workbench.graph.deployed import Deployed
from workbench.preprocess.dataset import Sample
from workbench.project import calibrating
from workbench.project.calibrating import calibrated, input_ranges, searched
from workbench.quantize.encoding import Encoding, asymmetric
from workbench.quantize.plan import Plan
from workbench.quantize.schemes import QuantSettings
from workbench.quantize.squared_error import Found

SAMPLES = [Sample((Path(str(number)),)) for number in range(3)]


def feeds_of(sample: Sample) -> Mapping[str, np.ndarray]:
    return {"x": random(1, 3, 6, 6, seed=int(sample.files[0].name))}


@pytest.mark.parametrize("algorithm", ["normal", "kl_divergence"])
def test_that_ranges_are_read_again_and_a_damaged_file_is_made_anew(tmp_path: Path, algorithm: str) -> None:
    graph = quantisable(tmp_path, [node("Conv", ["x", "w"], ["y"])], {"w": random(4, 3, 1, 1)})
    path = tmp_path / "ranges.json"

    first = drain(calibrated(graph, algorithm, SAMPLES, feeds_of, path))
    again = drain(calibrated(graph, algorithm, [], feeds_of, path))
    path.write_text('{"x": [1')

    assert again == first
    assert drain(calibrated(graph, algorithm, SAMPLES, feeds_of, path)) == first


def test_that_factors_are_read_again(tmp_path: Path) -> None:
    graph = quantisable(tmp_path, [node("Conv", ["x", "w"], ["y"])], {"w": random(4, 3, 1, 1)})
    ranges = drain(calibrated(graph, "kl_divergence", SAMPLES, feeds_of, tmp_path / "ranges.json"))
    path = tmp_path / "factors.json"
    fed = [lambda sample=sample: feeds_of(sample) for sample in SAMPLES]

    first = drain(searched(graph, ranges, QuantSettings(algorithm="mmse"), fed, path))

    assert first.factors
    assert drain(searched(graph, ranges, QuantSettings(algorithm="mmse"), [], path)) == first


def test_that_a_pooled_tensor_is_searched_with_its_own_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [node("AveragePool", ["x"], ["pooled"], kernel_shape=[2, 2]), node("Conv", ["pooled", "w"], ["y"])]
    graph = quantisable(tmp_path, nodes, {"w": random(4, 3, 1, 1)})
    ranges = drain(calibrated(graph, "normal", SAMPLES, feeds_of, tmp_path / "ranges.json"))
    given = {}

    def record(graph: Deployed, plan: Plan, samples: object, widest: Mapping[str, Encoding]) -> Steps[Found]:
        given.update(stored=plan.encodings["pooled"], own=widest["pooled"])
        return Found()
        yield

    monkeypatch.setattr(calibrating, "least_error", record)
    fed = [lambda sample=sample: feeds_of(sample) for sample in SAMPLES]
    drain(searched(graph, ranges, QuantSettings(algorithm="mmse"), fed, tmp_path / "found.json"))

    x, pooled = ranges["x"], ranges["pooled"]
    assert given["stored"] == asymmetric(x.low, x.high, "int8")
    assert given["own"] == asymmetric(pooled.low, pooled.high, "int8") != given["stored"]


def test_that_inputs_have_the_range_of_all_samples() -> None:
    arrays = [feeds_of(sample)["x"] for sample in SAMPLES]

    found = input_ranges(SAMPLES, feeds_of)["x"]

    assert (found.low, found.high) == (min(item.min() for item in arrays), max(item.max() for item in arrays))
    assert input_ranges([], feeds_of) == {}
