"""Several sessions that are run like one."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.networks import node, random, write_network
from workbench.graph import chain, segments
from workbench.graph.chain import Chain, open_chain
from workbench.graph.execute import assemble, open_session
from workbench.graph.graph import Model
from workbench.graph.read import read_model


@pytest.fixture(autouse=True)
def _small_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (chain, segments):
        monkeypatch.setattr(module, "MOST_NODES", 2)


def read(folder: Path, nodes: Sequence[Any], constants: dict[str, Any]) -> Model:
    return read_model(write_network(folder / "net.onnx", nodes, constants, shape=(1, 4)))


def opened(model: Model, outputs: list[str], given: Any = open_chain) -> Any:
    proto = model.proto
    whole = assemble(proto.graph.node, proto.graph.input, outputs, proto.graph.initializer, proto)
    return given(whole, 1, model.large)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    nodes = [node("Mul", ["x", "two"], ["a"]), node("Sqrt", ["b"], ["c"]), node("Add", ["c", "a"], ["d"])]
    nodes[1:1] = [node("Abs", ["a"], ["b"])]
    nodes += [node("Add", ["d", "x"], ["e"]), node("Mul", ["e", "two"], ["y"])]
    return read(tmp_path, nodes, {"two": 2.0})


def test_that_several_sessions_give_the_values_of_one(model: Model) -> None:
    outputs, feeds = ["y", "b", "d"], {"x": random(1, 4)}

    whole, parts = opened(model, outputs, open_session), opened(model, outputs)

    assert isinstance(parts, Chain)
    values = zip(whole.run(outputs, feeds), parts.run(outputs, feeds), strict=True)
    assert all(np.array_equal(one, other) for one, other in values)


def test_that_a_small_network_is_one_session(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "MOST_NODES", 6)

    assert not isinstance(opened(model, ["y"]), Chain)


def test_that_threads_may_run_it_at_once(model: Model) -> None:
    parts, feeds = opened(model, ["y"]), [{"x": random(1, 4, seed=seed)} for seed in range(20)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: parts.run(["y"], one)[0], feeds))

    assert all(np.array_equal(value, parts.run(["y"], one)[0]) for value, one in zip(found, feeds, strict=True))


def test_that_a_shape_between_two_parts_may_follow_from_values(tmp_path: Path) -> None:
    nodes = [node("NonZero", ["x"], ["a"]), node("Cast", ["a"], ["b"], to=1), node("Neg", ["b"], ["c"])]
    nodes += [node("ReduceSum", ["c"], ["y"], keepdims=0)]
    parts = opened(read(tmp_path, nodes, {}), ["y"])

    first, second = (parts.run(["y"], {"x": np.array([row], np.float32)})[0] for row in ([0, 1, 0, 1], [0, 1, 1, 1]))

    assert (first, second) == (-4.0, -6.0)
