"""Values of many samples, in memory or in files."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import node, quantisable
from workbench.graph.deployed import Deployed
from workbench.quantize.held import Held


@pytest.fixture
def graph(tmp_path: Path) -> Deployed:
    nodes = [node("Neg", ["x"], ["a"]), node("Abs", ["a"], ["b"]), node("Add", ["a", "b"], ["y"])]
    return quantisable(tmp_path, nodes, {}, shape=(1, 4))


@pytest.mark.parametrize("most", [0, 2**20])
def test_that_every_sample_has_its_value(
    graph: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    (tmp_path / "values").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "values"))
    held = Held(graph, most)
    for number in range(3):
        held.add("x", np.full((1, 4), number, np.float32))
    held.put(1, ["a"], {"a": np.ones(2, np.float32)})

    assert [held.of(number, ["x"])["x"][0, 0] for number in range(3)] == [0, 1, 2]
    assert any(path.is_file() for path in (tmp_path / "values").rglob("*")) == (most == 0)
    assert held.of(1, ["a"])["a"].tolist() == [1, 1]
    assert held.has("x")
    assert not held.has("b")
    held.close()


def test_that_what_nobody_takes_any_more_is_forgotten(graph: Deployed) -> None:
    held = Held(graph)
    name, takers = next((name, takers) for name, takers in graph.consumers.items() if len(takers) == 2)
    held.add(name, np.ones(4, np.float32))

    held.release([name], takers[:1])
    assert held.has(name)
    held.release([name], takers[1:])
    assert not held.has(name)
    held.close()
