"""Rules of observing ranges."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.unit.networks import Constants, conv_net, declared, node, own_values, quantisable, random
from workbench.foundation import cores
from workbench.foundation.steps import Progress, drain
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.quantize.calibrate import calibrate
from workbench.quantize.ranges import Range

Feeds = Sequence[dict[str, np.ndarray]]


def observed(
    folder: Path, nodes: Sequence[onnx.NodeProto], samples: Feeds, constants: Constants | None = None, **more: Any
) -> dict[str, Range]:
    graph = quantisable(folder, nodes, constants, **more)
    return drain(calibrate(graph, samples, len(samples)))


def rows(*values: Sequence[float]) -> Feeds:
    return [{"x": np.asarray([row], np.float32)} for row in values]


def test_that_a_range_is_the_union_over_all_samples(tmp_path: Path) -> None:
    samples = rows([1, 2, 3], [-5, 0, 1], [0, 0, 9])

    found = observed(tmp_path, [node("Neg", ["x"], ["y"])], samples, shape=(1, 3))

    assert (found["x"], found["y"]) == (Range(-5, 9), Range(-9, 5))


def test_that_every_float_tensor_is_observed_with_its_least_and_greatest_value(tmp_path: Path) -> None:
    graph = drain(deploy(read_model(conv_net(tmp_path))))
    feeds = {"x": random(1, 3, 6, 6)}

    found = drain(calibrate(graph, [feeds], 1))

    golden = own_values(graph.model.proto, feeds) | feeds
    for name, source in graph.golden_of.items():
        expected = [golden[source].min(), golden[source].max()]
        np.testing.assert_allclose([found[name].low, found[name].high], expected, rtol=1e-4, atol=1e-5)


def test_that_no_more_samples_are_taken_than_are_computed_at_a_time(tmp_path: Path) -> None:
    taken: list[int] = []

    def samples() -> Iterator[dict[str, np.ndarray]]:
        for number in range(3):
            taken.append(number)
            yield {"x": np.full((1, 2), number, np.float32)}

    graph = quantisable(tmp_path, [node("Relu", ["x"], ["y"])], shape=(1, 2))
    events = calibrate(graph, samples(), 3)
    seen = [(event.done, len(taken)) for event in events if isinstance(event, Progress) and event.total]

    assert [done for done, _ in seen] == [0, 1, 2, 3]
    assert all(ahead - done <= cores.count() for done, ahead in seen)


@pytest.mark.parametrize("place", [0, 1, 31, 63])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_that_a_tensor_with_one_bad_value_has_no_range(tmp_path: Path, place: int, bad: float) -> None:
    x = np.ones((1, 64), np.float32)
    x[0, place] = bad

    found = observed(tmp_path, [node("Add", ["x", "one"], ["y"])], [{"x": x}], {"one": 1.0}, shape=(1, 64))

    assert found == {}


def test_that_a_bad_value_of_one_sample_takes_the_range_of_all(tmp_path: Path) -> None:
    samples = rows([1, 2, 3], [1, np.nan, 2], [1, 2, 3])

    assert observed(tmp_path, [node("Neg", ["x"], ["y"])], samples, shape=(1, 3)) == {}


@pytest.mark.parametrize(
    ("op", "inputs", "x"), [("Sqrt", ["x"], [4, -1, 1]), ("Log", ["x"], [2, -1, 1]), ("Div", ["x", "x"], [3, 0, 1])]
)
def test_that_nan_which_an_operator_makes_itself_is_seen(
    tmp_path: Path, op: str, inputs: list[str], x: list[float]
) -> None:
    found = observed(tmp_path, [node(op, inputs, ["y"])], rows(x), shape=(1, 3))

    assert {"x", "x_int8"} <= found.keys()
    assert not any(name.startswith("y") for name in found)


def test_that_nan_of_the_weights_is_seen(tmp_path: Path) -> None:
    weight = random(4, 3, 1, 1)
    weight[2] = np.nan

    found = observed(tmp_path, [node("Conv", ["x", "w"], ["y"])], [{"x": random(1, 3, 6, 6)}], {"w": weight})

    assert {"x", "x_int8"} <= found.keys()
    assert not any(name.startswith("y") for name in found)


def test_that_integer_tensors_have_no_range(tmp_path: Path) -> None:
    nodes = [node("ArgMax", ["x"], ["index"], axis=1)]

    found = observed(tmp_path, nodes, rows([1, 2]), shape=(1, 2), outputs=[declared("index", None, 7)])

    assert {"x", "x_int8"} <= found.keys()
    assert not any(name.startswith("y") for name in found)


def test_that_a_network_without_float32_tensors_has_no_ranges(tmp_path: Path) -> None:
    inputs, outputs = [declared("x", (1, 2), 10)], [declared("y", None, 10)]
    samples = [{"x": np.ones((1, 2), np.float16)}]

    assert observed(tmp_path, [node("Neg", ["x"], ["y"])], samples, inputs=inputs, outputs=outputs) == {}


def test_that_a_tensor_without_elements_stops_nothing(tmp_path: Path) -> None:
    nodes = [node("NonZero", ["x"], ["where"]), node("Cast", ["where"], ["f"], to=1), node("Neg", ["f"], ["y"])]

    found = observed(tmp_path, nodes, rows([0, 0, 0]), shape=(1, 3))

    assert {"x", "x_int8"} <= found.keys()
    assert not any(name.startswith("y") for name in found)
