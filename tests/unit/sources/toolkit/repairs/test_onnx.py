"""Repairs of ONNX files."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from workbench.sources.toolkit.repairs import propose, write
from workbench.sources.toolkit.repairs.patched import RepairError

PADS = np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64)


def pad_and_conv(folder: Path, opset: int = 12, as_constant: bool = False, ir_version: int = 7) -> Path:
    """Pad and Conv, the paddings as raw bytes."""
    pads = numpy_helper.from_array(PADS, "pads")
    weight = numpy_helper.from_array(np.ones((4, 3, 3, 3), np.float32), "weight")
    nodes = [helper.make_node("Pad", ["x", "pads"], ["padded"]), helper.make_node("Conv", ["padded", "weight"], ["y"])]
    nodes = [helper.make_node("Constant", [], ["pads"], value=pads), *nodes] if as_constant else nodes
    ends = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)]
        for name, shape in (("x", (1, 3, 8, 8)), ("y", None))
    ]
    graph = helper.make_graph(nodes, "net", *ends, [weight] if as_constant else [pads, weight])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = ir_version
    path = folder / "net.onnx"
    onnx.save(model, path)
    return path


def output(path: Path) -> np.ndarray:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feed = np.arange(192, dtype=np.float32).reshape(1, 3, 8, 8)
    return session.run(None, {"x": feed})[0]


@pytest.mark.parametrize("as_constant", [False, True])
def test_that_integers_are_stored_as_numbers_and_stay_the_same(tmp_path: Path, as_constant: bool) -> None:
    path = pad_and_conv(tmp_path, as_constant=as_constant)
    proposal = propose(path, "onnx-integers")
    (copy,) = write(proposal, tmp_path / "copy.onnx")
    repaired = onnx.load(copy)
    tensor = repaired.graph.node[0].attribute[0].t if as_constant else repaired.graph.initializer[0]
    assert (list(tensor.int64_data), tensor.raw_data) == (PADS.tolist(), b"")
    assert np.array_equal(output(path), output(copy))
    assert "+pads: int64[8], a list of numbers" in proposal.diff


def test_that_weights_are_not_touched(tmp_path: Path) -> None:
    path = pad_and_conv(tmp_path)
    repaired = onnx.load_from_string(propose(path, "onnx-integers").files[0].content)
    assert repaired.graph.initializer[1] == onnx.load(path).graph.initializer[1]


def test_that_integers_that_are_numbers_already_need_no_repair(tmp_path: Path) -> None:
    (copy,) = write(propose(pad_and_conv(tmp_path), "onnx-integers"), tmp_path / "copy.onnx")
    with pytest.raises(RepairError, match="nothing to repair"):
        propose(copy, "onnx-integers")


def test_that_a_network_is_converted_down_and_computes_the_same(tmp_path: Path) -> None:
    path = pad_and_conv(tmp_path, opset=21, ir_version=10)
    proposal = propose(path, "onnx-opset")
    (copy,) = write(proposal, tmp_path / "copy.onnx")
    lower = onnx.load(copy)
    assert (lower.opset_import[0].version, lower.ir_version) == (19, 9)
    assert np.array_equal(output(path), output(copy))
    assert "-opset: 21\n" in proposal.diff
    assert "+opset: 19\n" in proposal.diff


def test_that_only_the_version_of_the_format_is_lowered_where_that_suffices(tmp_path: Path) -> None:
    path = pad_and_conv(tmp_path, opset=12, ir_version=10)
    before, after = onnx.load(path), onnx.load_from_string(propose(path, "onnx-opset").files[0].content)
    assert (after.ir_version, after.graph) == (9, before.graph)


def test_that_an_old_network_is_not_converted(tmp_path: Path) -> None:
    with pytest.raises(RepairError, match="nothing to repair"):
        propose(pad_and_conv(tmp_path), "onnx-opset")


def test_that_what_cannot_be_converted_down_is_said_with_its_reason(tmp_path: Path) -> None:
    ends = [[helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, 2, 3, 3))] for name in "xy"]
    node = helper.make_node("GroupNormalization", ["x", "s", "b"], ["y"], num_groups=1)
    ones = [numpy_helper.from_array(np.ones(2, np.float32), name) for name in "sb"]
    graph = helper.make_graph([node], "net", *ends, ones)
    path = tmp_path / "net.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)]), path)
    with pytest.raises(RepairError, match="cannot be converted to opset 12") as caught:
        propose(path, "onnx-opset-12")
    assert caught.value.hint == "Export the network again with opset 12."


def test_that_external_data_comes_into_the_copy(tmp_path: Path) -> None:
    path = pad_and_conv(tmp_path)
    before = output(path)
    onnx.save(onnx.load(path), path, save_as_external_data=True, size_threshold=0, location="net.data")
    (copy,) = write(propose(path, "onnx-integers"), tmp_path / "elsewhere" / "copy.onnx")
    assert np.array_equal(before, output(copy))


def test_that_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(b"\x08\x07\x12")
    with pytest.raises(RepairError, match="damaged or incomplete"):
        propose(path, "onnx-integers")
