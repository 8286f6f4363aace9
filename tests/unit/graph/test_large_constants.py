"""Large constants: outside the message, lent to sessions, and back in every file that is written."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import network, node, own_values, random
from workbench.foundation.steps import drain
from workbench.graph import execute, segments
from workbench.graph.edit import Editor, part
from workbench.graph.execute import Network, open_session
from workbench.graph.graph import Model
from workbench.graph.large_constants import LARGE, described, is_elsewhere, whole
from workbench.graph.read import check_runs, read_model

SIZE = 512  # a matrix of float32 of that size is just large
FEEDS = {"x": random(1, SIZE)}


@pytest.fixture
def model(tmp_path: Path) -> Model:
    nodes = [node("MatMul", ["x", "w"], ["a"]), node("Add", ["a", "b"], ["c"]), node("MatMul", ["c", "v"], ["y"])]
    constants = {"w": random(SIZE, SIZE), "b": random(SIZE), "v": random(SIZE, SIZE)}
    return network(tmp_path, nodes, constants, shape=(1, SIZE))


def values(model: Model) -> dict[str, np.ndarray]:
    """All tensors, each constant's session by itself."""
    found: dict[str, np.ndarray] = {}
    drain(Network(model.proto, ["a", "c", "y"], {}, 1, large=model.large).run(FEEDS, found.__setitem__))
    return found


def test_that_the_message_only_describes_them(model: Model) -> None:
    assert model.large.keys() == {"w", "v"}
    assert [is_elsewhere(item) for item in model.proto.graph.initializer] == [True, False, True]
    assert model.proto.ByteSize() < LARGE
    assert model.constants["w"] is model.large["w"]
    assert model.graph.tensors["w"].shape == (SIZE, SIZE)


def test_that_a_session_that_borrows_them_gives_the_values_of_the_file_bit_for_bit(model: Model) -> None:
    expected = own_values(onnx.load(model.path), FEEDS)

    found = values(model)

    assert all(np.array_equal(found[name], expected[name]) for name in ("a", "c", "y"))


def test_that_they_are_read_from_a_file_beside_the_network_too(model: Model, tmp_path: Path) -> None:
    expected = values(model)
    path = tmp_path / "beside.onnx"
    onnx.save(onnx.load(model.path), path, save_as_external_data=True, location="beside.data")

    found = read_model(path)

    assert found.large.keys() == {"w", "v"}
    assert all(np.array_equal(array, expected[name]) for name, array in values(found).items())


def test_that_a_session_outlives_the_arrays_that_it_borrowed(model: Model) -> None:
    proto = whole(model.proto, model.large)
    expected = own_values(proto, FEEDS)["y"]
    array = np.array(model.large["w"])
    light = onnx.ModelProto.FromString(model.proto.SerializeToString())
    session = open_session(light, constants={"w": array, "v": model.large["v"]})

    del array
    np.full((SIZE, SIZE), np.nan, np.float32)  # takes the place of what is free

    assert np.array_equal(session.run(["y"], FEEDS)[0], expected)


def test_that_the_runtime_may_judge_the_network(model: Model) -> None:
    check_runs(model)


def test_that_a_changed_network_is_written_with_them(model: Model, tmp_path: Path) -> None:
    editor = Editor(model)
    editor.set_constant("c", 1, np.zeros(SIZE, np.float32))

    written = onnx.load(editor.save(tmp_path / "changed.onnx"))

    assert not any(is_elsewhere(item) for item in written.graph.initializer)
    assert np.array_equal(own_values(written, FEEDS)["a"], values(model)["a"])


def test_that_a_part_of_a_network_holds_them(model: Model) -> None:
    found = part(model, ["c"], ["y"], {})

    (item,) = found.graph.initializer
    assert np.array_equal(onnx.numpy_helper.to_array(item), model.large["v"])


@pytest.mark.parametrize("kind", ["float16", "float64", "int64"])
def test_that_other_types_stay_in_the_message(kind: str) -> None:
    assert not is_elsewhere(described("w", np.zeros(LARGE, kind)))


def test_that_a_network_with_more_weights_than_a_segment_may_have_keeps_no_session(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, opened = values(model), []
    real = execute.open_session
    monkeypatch.setattr(execute, "open_session", lambda *given: opened.append(1) or real(*given))
    for module in (execute, segments):
        monkeypatch.setattr(module, "WEIGHT_BYTES", LARGE + 4 * SIZE)
    net = Network(model.proto, ["a", "c", "y"], {}, large=model.large)

    for _ in range(2):
        found: dict[str, np.ndarray] = {}
        drain(net.run(FEEDS, found.__setitem__))
        assert all(np.array_equal(found[name], expected[name]) for name in expected)

    assert net.segments == 2
    assert len(opened) == 4
