"""Rules of changing a network: what is asked for changes, and nothing else."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import conv_net, network, node, random
from workbench.graph.edit import Editor, part, write
from workbench.graph.execute import open_session
from workbench.graph.graph import Model
from workbench.graph.read import read_model


def computed(model: Model, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    names = [info.name for info in model.proto.graph.output]
    return dict(zip(names, open_session(model.proto).run(names, feeds), strict=True))


def feeds_of(model: Model) -> dict[str, np.ndarray]:
    return {item.name: random(*(item.static_shape or ()), seed=3) for item in model.graph.inputs}


@pytest.fixture
def twice(tmp_path: Path) -> Model:
    """Two sums with one constant."""
    nodes = [node("Add", ["x", "c"], ["y"]), node("Mul", ["y", "c"], ["z"])]
    return network(tmp_path, nodes, {"c": np.float32([2.0])}, shape=(1, 4), outputs=["z"])


def test_that_a_constant_of_two_operators_changes_for_one(tmp_path: Path, twice: Model) -> None:
    editor = Editor(twice)

    editor.set_constant("y", 1, np.float32([5.0]))

    x = feeds_of(twice)
    found = computed(read_model(editor.save(tmp_path / "changed.onnx")), x)["z"]
    np.testing.assert_array_equal(found, (x["x"] + 5) * 2)


def test_that_the_original_stays(tmp_path: Path, twice: Model) -> None:
    before = twice.proto.SerializeToString()
    editor = Editor(twice)

    editor.set_constant("y", 1, np.float32([5.0]))
    editor.scale_behind("y", np.float32([3.0]))
    editor.save(tmp_path / "changed.onnx")

    assert twice.proto.SerializeToString() == before


def test_that_products_before_and_behind_cancel(tmp_path: Path, twice: Model) -> None:
    editor = Editor(twice)

    editor.scale_behind("y", np.float32(4.0))
    editor.scale_between("y", "z", np.float32(0.25))

    x = feeds_of(twice)
    changed = read_model(editor.save(tmp_path / "changed.onnx"))
    np.testing.assert_array_equal(computed(changed, x)["z"], computed(twice, x)["z"])


def test_that_two_parts_are_the_whole(tmp_path: Path) -> None:
    model = read_model(conv_net(tmp_path))
    middle = model.graph.layers[0].outputs[0]
    ends = [tensor.name for tensor in model.graph.outputs]

    first = read_model(write(part(model, [model.graph.inputs[0].name], [middle], {}), tmp_path / "first.onnx"))
    second = read_model(write(part(model, [middle], ends, {}), tmp_path / "second.onnx"))

    feeds = feeds_of(model)
    found = computed(second, computed(first, feeds))
    for name, expected in computed(model, feeds).items():
        np.testing.assert_array_equal(found[name], expected)


def test_that_a_failed_write_leaves_nothing(tmp_path: Path, twice: Model) -> None:
    (tmp_path / "taken.onnx").mkdir()

    with pytest.raises(Exception, match="Cannot write"):
        Editor(twice).save(tmp_path / "taken.onnx")

    assert not list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob(".*.part"))
