"""Reading networks: the one form, open dimensions, external data, and what is refused with a sentence."""

import json
import os
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from workbench.foundation.errors import ModelError
from workbench.graph.graph import Model, Tensor
from workbench.graph.read import DynamicShapeError, check_runs, guess_shapes, read_inputs, read_model
from workbench.graph.running import explain, runtime_errors

NETWORKS = (
    "models/deeplab_v3_quant.onnx",
    "models/fastestdet_352.onnx",
    "models/fsanet_1x1.onnx",
    "models/mnist.onnx",
    "models/mnist_tiny_factorio/model.onnx",
    "models/mnist_tiny_factorio/model_quantized.onnx",
    "models/mobilenetv2-12-int8.onnx",
    "models/ppocr_cls_v2.onnx",
    "models/ppocr_det_v3.onnx",
    "models/quantized/fastestdet_352_qdq_s8s8_pc.onnx",
    "models/quantized/mobilenet_v1_0.25_128_quant_dequantized_f32.onnx",
    "models/quantized/mobilenet_v1_0.25_128_quant_qdq.onnx",
    "models/quantized/pretrainedResnet_cifar10_float_tf2onnx.onnx",
    "models/quantized/pretrainedResnet_cifar10_int8_qdq.onnx",
    "models/quantized/supres_core_224.onnx",
    "models/quantized/ultraface_slim_320_qdq_u8s8_pc.onnx",
    "models/quantized/vww_96_float_tf2onnx.onnx",
    "models/quantized/vww_96_int8_qdq.onnx",
    "models/resnet18_cifar10_qat.onnx",
    "models/retinaface_mobile320.onnx",
    "models/seafusion_288_384.onnx",
    "models/silero_vad_16k_op15.onnx",
    "models/superpoint_lite_480_640.onnx",
    "models/tinycnn_cifar10/model.onnx",
    "models/tinycnn_cifar10/model_int8.onnx",
    "models/ultraface_rfb_320.onnx",
    "models/ultraface_slim_320_nopost.onnx",
    "models/ultraface_slim_320_simplified.onnx",
    "models/yolox_nano_416.onnx",
    "models/yunet_n_320.onnx",
    "artifacts/openwakeword/check0_base_optimize.onnx",
    "artifacts/openwakeword/check1_fold_constant.onnx",
    "artifacts/openwakeword/check2_correct_ops.onnx",
    "artifacts/openwakeword/check3_fuse_ops.onnx",
    "artifacts/openwakeword/hey_rhasspy_v0.1.onnx",
    "artifacts/rknpu2_multiple_input/test.onnx",
    "artifacts/seafusion_rk3588_hybrid/check0_base_optimize.onnx",
    "artifacts/seafusion_rk3588_hybrid/check3_fuse_ops.onnx",
    "artifacts/seafusion_rk3588_hybrid/fusionmodel_480_640.onnx",
)
SHAPES: dict[str, dict[str, tuple[int, ...]]] = {
    "models/silero_vad_16k_op15.onnx": {"input": (1, 576)},
    "artifacts/openwakeword/check0_base_optimize.onnx": {"input": (1, 16000)},
}

Nodes = Sequence[onnx.NodeProto]
node = helper.make_node


@pytest.fixture
def save(tmp_path: Path) -> Any:
    """Writes a network whose input is x and whose output is y; more inputs and outputs by keyword."""

    def write(nodes: Nodes, shape: Sequence[Any] = (1, 4), name: str = "net.onnx", **more: Any) -> Path:
        inputs = more.get("inputs") or [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)]
        outputs = [
            item if isinstance(item, onnx.ValueInfoProto) else helper.make_tensor_value_info(item, 1, None)
            for item in more.get("outputs", ["y"])
        ]
        graph = helper.make_graph(list(nodes), "g", inputs, outputs, more.get("constants", []))
        domains = [helper.make_opsetid(domain, 1) for domain in more.get("domains", [])]
        proto = helper.make_model(
            graph,
            ir_version=more.get("ir", 8),
            opset_imports=[helper.make_opsetid("", more.get("opset", 17)), *domains],
            functions=more.get("functions", []),
        )
        path = tmp_path / name
        path.write_bytes(proto.SerializeToString())
        return path

    return write


def external(location: str, dims: Sequence[int] = (4,), **entries: str) -> TensorProto:
    tensor = TensorProto(name="w", dims=dims, data_type=1, data_location=TensorProto.EXTERNAL)
    for key, value in {"location": location, **entries}.items():
        tensor.external_data.add(key=key, value=value)
    return tensor


def refusal(path: Path, shapes: dict[str, tuple[int, ...]] | None = None) -> ModelError:
    with pytest.raises(ModelError) as caught:
        check_runs(read_model(path, shapes))
    assert caught.value.hint
    assert "\n" not in str(caught.value)
    return caught.value


def outputs_of(model: Model, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model.proto.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, feeds)
    return found


# --- real networks ---------------------------------------------------------------------------------------------------


def shapes_of(shared: Path, network: str) -> dict[str, tuple[int, ...]]:
    cases = json.loads((shared / "models" / "cases.json").read_text())
    by_file = {f"models/{case['file']}": case["inputs"] for case in cases}
    listed = {item["name"]: tuple(item["shape"]) for item in by_file.get(network, [])}
    return SHAPES.get(network) or listed


@pytest.mark.parametrize("network", NETWORKS)
def test_that_every_test_network_opens_and_runs(shared: Path, network: str) -> None:
    model = read_model(shared / network, shapes_of(shared, network))

    check_runs(model)

    assert all(item.static_shape is not None for item in model.graph.inputs)
    assert len({layer.name for layer in model.graph.layers}) == len(model.graph.layers)
    assert not any(layer.op == "Constant" for layer in model.graph.layers)


@pytest.mark.parametrize("network", [name for name in NETWORKS if "silero" not in name])
def test_that_the_shape_of_every_tensor_is_known_without_a_run(shared: Path, network: str) -> None:
    model = read_model(shared / network, shapes_of(shared, network))

    unknown = [item.name for item in model.graph.tensors.values() if item.static_shape is None or not item.dtype]

    assert unknown == []


def test_that_inferred_shapes_are_those_of_the_computed_tensors(shared: Path) -> None:
    model = read_model(shared / "models/ultraface_rfb_320.onnx")
    image = np.zeros((1, 3, 240, 320), np.float32)

    scores, boxes = outputs_of(model, {"input": image})

    assert [item.shape for item in model.graph.outputs] == [scores.shape, boxes.shape]


@pytest.mark.parametrize("network", ["ppocr_cls_v2", "ppocr_det_v3", "silero_vad_16k_op15"])
def test_that_the_guess_for_a_dynamic_network_is_one_that_runs(shared: Path, network: str) -> None:
    path = shared / f"models/{network}.onnx"
    with pytest.raises(DynamicShapeError) as caught:
        read_model(path)

    check_runs(read_model(path, caught.value.guess))


def test_that_a_custom_operator_is_refused_by_its_node(shared: Path) -> None:
    error = refusal(shared / "artifacts/dual_residual_custom/dual_residual.onnx")

    assert "node 'cstDualResidual_0' (cstDualResidual)" in error.message
    assert "custom operator of the domain 'rknn_cst'" in error.message


# --- the one form ----------------------------------------------------------------------------------------------------


def test_that_constant_nodes_become_initialisers_with_the_same_values(save: Any) -> None:
    tensor = helper.make_tensor("t", TensorProto.FLOAT, [1], [3.0])
    constants = {
        "value": tensor, "value_float": 2.0, "value_floats": [1.0, 2.0], "value_int": 7, "value_ints": [4, 5]
    }  # fmt: skip
    nodes = [node("Constant", [], [f"c_{key}"], **{key: value}) for key, value in constants.items()]

    model = read_model(save([*nodes, node("Add", ["x", "c_value_float"], ["y"])]))

    assert [layer.op for layer in model.graph.layers] == ["Add"]
    assert {name: item.tolist() for name, item in model.constants.items()} == {
        "c_value": [3.0], "c_value_float": 2.0, "c_value_floats": [1.0, 2.0], "c_value_int": 7, "c_value_ints": [4, 5]
    }  # fmt: skip
    assert model.constants["c_value_ints"].dtype == np.int64


def test_that_initialisers_listed_as_inputs_are_no_inputs(save: Any) -> None:
    infos = [helper.make_tensor_value_info(name, 1, [1, 4]) for name in ("w", "x")]
    path = save(
        [node("Add", ["x", "w"], ["y"])], inputs=infos, constants=[helper.make_tensor("w", 1, [4], [0.0] * 4)], ir=3
    )

    model = read_model(path)

    assert [item.name for item in model.graph.inputs] == ["x"]
    assert [item.name for item in read_inputs(path)] == ["x"]
    check_runs(model)


def test_that_missing_and_repeated_node_names_become_unique(save: Any) -> None:
    chain = [("Relu", "n"), ("Relu", "n"), ("Sigmoid", ""), ("Relu", "")]
    names = ["x", "a", "b", "c", "y"]
    nodes = [node(op, [names[i]], [names[i + 1]], name=name) for i, (op, name) in enumerate(chain)]

    model = read_model(save(nodes))

    assert [layer.name for layer in model.graph.layers] == ["n", "n_1", "Sigmoid_2", "Relu_3"]
    assert [item.name for item in model.proto.graph.node] == [layer.name for layer in model.graph.layers]


def test_that_nodes_out_of_order_are_sorted(save: Any) -> None:
    model = read_model(save([node("Relu", ["a"], ["y"]), node("Sin", ["x"], ["a"])]))

    assert [layer.op for layer in model.graph.layers] == ["Sin", "Relu"]
    check_runs(model)


def test_that_a_control_flow_node_takes_what_its_subgraphs_use_from_outside(save: Any) -> None:
    def branch(op: str, other: str) -> onnx.GraphProto:
        info = helper.make_tensor_value_info(f"out_{op}", 1, None)
        return helper.make_graph([node(op, ["x", other], [f"out_{op}"])], op, [], [info])

    nodes = [
        node("Constant", [], ["c"], value_floats=[1.0, 2.0, 3.0, 4.0]),
        node("ReduceSum", ["x"], ["sum"], keepdims=0),
        node("Cast", ["sum"], ["flag"], to=TensorProto.BOOL),
        node("If", ["flag"], ["y"], name="choice", then_branch=branch("Add", "c"), else_branch=branch("Sub", "sum")),
    ]

    model = read_model(save(nodes))

    choice = model.graph.layers[-1]
    assert (choice.name, choice.inputs) == ("choice", ("flag", "x", "sum", "c"))
    assert choice.attributes == {"then_branch": "graph of 1 operators", "else_branch": "graph of 1 operators"}
    assert outputs_of(model, {"x": np.ones((1, 4), np.float32)})[0].tolist() == [[2, 3, 4, 5]]


def test_that_functions_inside_the_file_are_expanded(save: Any) -> None:
    twice = helper.make_function(
        "my", "Twice", ["a"], ["b"], [node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 17)]
    )

    model = read_model(save([node("Twice", ["x"], ["y"], domain="my")], functions=[twice], domains=["my"]))

    assert [layer.op for layer in model.graph.layers] == ["Add"]
    check_runs(model)


@pytest.mark.parametrize("ir", [1, 3, 14, 99])
def test_that_ir_versions_older_and_newer_than_the_runtimes_are_read(save: Any, ir: int) -> None:
    check_runs(read_model(save([node("Relu", ["x"], ["y"])], ir=ir)))


def test_that_attributes_come_in_plain_types(save: Any) -> None:
    weight = helper.make_tensor("w", 1, [1, 1, 3, 3], [0.0] * 9)
    nodes = [node("Conv", ["x", "w"], ["y"], auto_pad="SAME_UPPER", strides=[2, 2])]

    model = read_model(save(nodes, shape=(1, 1, 8, 8), constants=[weight]))

    assert model.graph.layers[0].attributes == {"auto_pad": "SAME_UPPER", "strides": [2, 2]}
    assert model.graph.tensors["y"] == Tensor("y", (1, 1, 4, 4), "float32")
    assert model.graph.constants == {"w"}


def test_that_a_model_passes_between_processes(save: Any) -> None:
    model = read_model(save([node("Relu", ["x"], ["y"])]))

    copy = pickle.loads(pickle.dumps(model))

    assert (copy.digest, copy.graph) == (model.digest, model.graph)


# --- shapes ----------------------------------------------------------------------------------------------------------


def test_that_an_open_batch_becomes_one(save: Any) -> None:
    model = read_model(save([node("Relu", ["x"], ["y"])], shape=("n", 4)))

    assert model.graph.inputs[0].shape == (1, 4)
    assert model.graph.outputs[0].shape == (1, 4)


def test_that_other_open_dimensions_are_asked_for_with_a_guess(save: Any) -> None:
    path = save([node("Relu", ["x"], ["y"])], shape=("n", 3, "h", None))

    with pytest.raises(DynamicShapeError) as caught:
        read_model(path)

    assert caught.value.guess == {"x": (1, 3, 224, 224)}
    assert [item.shape for item in caught.value.inputs] == [("n", 3, "h", None)]
    assert "--shape x:1,3,224,224" in caught.value.hint


def test_that_the_question_for_shapes_passes_between_processes(save: Any) -> None:
    with pytest.raises(DynamicShapeError) as caught:
        read_model(save([node("Relu", ["x"], ["y"])], shape=("n", 3, "h", "w")))

    copy = pickle.loads(pickle.dumps(caught.value))

    assert (str(copy), copy.guess, copy.inputs) == (str(caught.value), caught.value.guess, caught.value.inputs)


def test_that_given_shapes_fix_the_network_and_replace_stale_output_shapes(save: Any) -> None:
    stale = helper.make_tensor_value_info("y", 1, ["n", 3, 999, "w"])
    path = save([node("Relu", ["x"], ["y"])], shape=("n", 3, "h", "w"), outputs=[stale])

    model = read_model(path, {"x": (2, 3, 8, 16)})

    assert model.graph.outputs[0].shape == (2, 3, 8, 16)
    check_runs(model)


def test_that_a_symbol_fixed_at_one_input_counts_for_all(save: Any) -> None:
    infos = [helper.make_tensor_value_info("x", 1, ["n", "len"]), helper.make_tensor_value_info("z", 1, [1, "len"])]
    path = save([node("Add", ["x", "z"], ["y"])], inputs=infos)

    model = read_model(path, {"x": (1, 6)})

    assert [item.shape for item in model.graph.inputs] == [(1, 6), (1, 6)]


def test_that_question_marks_are_not_taken_for_one_symbol(save: Any) -> None:
    path = save([node("Relu", ["x"], ["y"])], shape=("?", 3, "?", "?"))

    assert read_inputs(path)[0].shape == (None, 3, None, None)
    assert read_model(path, {"x": (1, 3, 8, 16)}).graph.outputs[0].shape == (1, 3, 8, 16)


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        ({"z": (1, 4)}, "no input 'z'"),
        ({"x": (1, 3)}, "1x3 does not fit input 'x'"),
        ({"x": (1, 4, 8, 8)}, "1x4x8x8 does not fit input 'x'"),
        ({"x": (1, 3, 0, 8)}, "size below 1"),
    ],
)
def test_that_unfit_shapes_are_refused_with_the_list_of_inputs(save: Any, shapes: Any, sentence: str) -> None:
    error = refusal(save([node("Relu", ["x"], ["y"])], shape=("n", 3, "h", "w")), shapes)

    assert sentence in error.message
    assert "x (nx3xhxw)" in error.hint


def test_that_contradictory_sizes_of_a_symbol_are_refused(save: Any) -> None:
    infos = [helper.make_tensor_value_info(name, 1, [1, "len"]) for name in ("x", "z")]

    error = refusal(save([node("Add", ["x", "z"], ["y"])], inputs=infos), {"x": (1, 6), "z": (1, 7)})

    assert "'len'" in error.message


@pytest.mark.parametrize(
    ("tensor", "guess"),
    [
        (Tensor("x", ("n", 3, "h", "w"), "float32"), (1, 3, 224, 224)),
        (Tensor("x", ("n", "h", "w", 3), "float32"), (1, 224, 224, 3)),
        (Tensor("x", ("n", 1, 32, "w"), "float32"), (1, 1, 32, 32)),
        (Tensor("x", (None, None, None, None), "float32"), (1, 3, 224, 224)),
        (Tensor("ids", ("batch", "sequence"), "int64"), (1, 128)),
        (Tensor("sound", ("batch", "sequence"), "float32"), (1, 576)),
        (Tensor("state", (2, "batch", 128), "float32"), (2, 1, 128)),
        (Tensor("features", ("batch", 25), "float32"), (1, 25)),
        (Tensor("x", None, "float32"), (1, 3, 224, 224)),
    ],
)
def test_that_the_guess_follows_the_kind_of_input(tensor: Tensor, guess: tuple[int, ...]) -> None:
    assert guess_shapes([tensor]) == {tensor.name: guess}


def test_that_nothing_is_guessed_for_static_inputs() -> None:
    assert guess_shapes([Tensor("x", (1, 3, 8, 8), "float32"), Tensor("rate", (), "int64")]) == {}


def test_that_the_digest_depends_on_file_and_shapes(save: Any) -> None:
    path = save([node("Relu", ["x"], ["y"])], shape=("n", "h"))
    other = save([node("Sin", ["x"], ["y"])], shape=("n", "h"), name="other.onnx")

    digests = [
        read_model(file, {"x": (1, size)}).digest for file, size in ((path, 4), (path, 5), (other, 4), (path, 4))
    ]

    assert len(set(digests)) == 3
    assert digests[0] == digests[3]


# --- external data ---------------------------------------------------------------------------------------------------


def test_that_external_data_is_loaded_and_part_of_the_digest(save: Any, tmp_path: Path) -> None:
    path = save([node("Add", ["x", "w"], ["y"])], constants=[external("w.bin", offset="4", length="16")])
    digests = []
    for start in (0, 1):
        (tmp_path / "w.bin").write_bytes(np.arange(start, start + 5, dtype=np.float32).tobytes())
        model = read_model(path)
        digests.append(model.digest)

    assert model.constants["w"].tolist() == [2, 3, 4, 5]
    assert digests[0] != digests[1]
    check_runs(model)


@pytest.mark.parametrize("location", ["../secret.bin", "sub/../../secret.bin", "/etc/passwd", "link.bin", ".", ""])
def test_that_external_data_outside_the_folder_is_refused(save: Any, tmp_path: Path, location: str) -> None:
    (tmp_path / "link.bin").symlink_to("/etc/passwd")

    error = refusal(save([node("Add", ["x", "w"], ["y"])], constants=[external(location)]))

    assert "outside the model's folder" in error.message


def test_that_a_missing_data_file_is_named(save: Any) -> None:
    error = refusal(save([node("Add", ["x", "w"], ["y"])], constants=[external("weights.data")]))

    assert "weights.data" in error.message
    assert "missing" in error.message


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"offset": "8"}, "too short"),
        ({"offset": "-4"}, "does not fit"),
        ({"length": "3"}, "does not fit"),
        ({"offset": "many"}, "Cannot read"),
        ({"length": "99999999999"}, "2 GB"),
    ],
)
def test_that_impossible_places_in_a_data_file_are_refused(
    save: Any, tmp_path: Path, entries: dict[str, str], sentence: str
) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(16))

    error = refusal(save([node("Add", ["x", "w"], ["y"])], constants=[external("w.bin", **entries)]))

    assert sentence in error.message


def test_that_inputs_are_read_without_the_external_data(save: Any) -> None:
    path = save([node("Add", ["x", "w"], ["y"])], constants=[external("absent.bin")])

    assert [item.name for item in read_inputs(path)] == ["x"]


# --- files that are no network ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"hello world " * 20, "damaged or incomplete"),
        (bytes(1000), "damaged or incomplete"),
        (b"\x1c\0\0\0TFL3", "TensorFlow Lite"),
        (b"PK\x03\x04rest", "zip archive"),
        (b"RKNN\0\0\0\0", "RKNN network"),
        (b"\x80\x02}q\x00.", "pickle"),
        (b"\x89HDF\r\n", "HDF5"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
        (b"\n<!DOCTYPE html>", "web page"),
    ],
)
def test_that_other_files_are_named_for_what_they_are(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(content)

    error = refusal(path)

    assert sentence in error.message
    assert str(path) in error.message


def test_that_a_file_cut_short_is_refused(save: Any) -> None:
    path = save([node("Relu", ["x"], ["y"])])
    content = path.read_bytes()
    for length in range(1, len(content)):
        path.write_bytes(content[:length])
        refusal(path)


def test_that_folders_missing_files_and_link_loops_are_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.onnx"
    loop.symlink_to(loop)

    assert "is a folder" in refusal(tmp_path).message
    assert "No such file" in refusal(tmp_path / "absent.onnx").message
    assert "symbolic links" in refusal(loop).message


def test_that_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.onnx")

    assert "not a regular file" in refusal(tmp_path / "pipe.onnx").message


def test_that_a_file_above_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.onnx"
    path.touch()
    os.truncate(path, 3 * 2**30)  # sparse, takes no room

    assert "larger than 2 GB" in refusal(path).message


# --- networks that cannot run ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nodes", "sentence"),
    [
        ([], "no operators"),
        ([node("Relu", ["nothing"], ["y"])], "Node 'Relu_0' (Relu) of net.onnx takes the tensor 'nothing'"),
        ([node("Relu", ["x"], ["z"])], "output 'y'"),
        ([node("Relu", ["b"], ["a"]), node("Sin", ["a"], ["b"]), node("Sin", ["x"], ["y"])], "circle"),
        ([node("Relu", ["x"], ["y"]), node("Sin", ["x"], ["y"])], "'y' is given more than once"),
        ([node("Relu", ["x"], ["y"]), node("Sin", ["y"], ["x"])], "'x' is given more than once"),
        ([node("Foo", ["x"], ["y"])], "node 'Foo_0' (Foo) of net.onnx: opset 17 has no operator Foo"),
        ([node("Foo", ["x"], ["y"], domain="my.ops")], "node 'Foo_0' (Foo) of net.onnx: Foo is a custom operator"),
        ([node("MatMul", ["x", "x"], ["y"], name="m")], "node 'm' (MatMul) of net.onnx: Incompatible dimensions"),
        ([node("Concat", ["x", "x"], ["y"])], "node 'Concat_0' (Concat) of net.onnx: Required attribute 'axis'"),
        ([node("Cast", ["x"], ["a"], to=5), node("MatMul", ["a", "a"], ["y"])], "input 'a' must not be int16"),
        ([node("Cast", ["x"], ["a"], to=16), node("Relu", ["a"], ["y"], name="r")], "node 'r' (Relu)"),
    ],
)
def test_that_a_network_that_cannot_run_is_refused_by_node_and_reason(save: Any, nodes: Nodes, sentence: str) -> None:
    error = refusal(save(nodes))

    assert sentence in error.message
    assert "ONNXRuntimeError" not in error.message
    assert ".cc" not in error.message


@pytest.mark.parametrize("domains", [[], ["my.ops"]])
def test_that_a_custom_operator_is_named_with_and_without_its_opset(save: Any, domains: list[str]) -> None:
    error = refusal(save([node("Foo", ["x"], ["y"], domain="my.ops")], domains=domains))

    assert "'Foo_0' (Foo)" in error.message
    assert "'my.ops'" in error.message


def test_that_an_opset_newer_than_the_runtime_is_refused_by_its_number(save: Any) -> None:
    assert "opset 99" in refusal(save([node("Relu", ["x"], ["y"])], opset=99)).message


def test_that_an_operator_version_without_implementation_is_refused(save: Any) -> None:
    assert "node 'Relu_0' (Relu)" in refusal(save([node("Relu", ["x"], ["y"])], opset=5)).message


def test_that_a_constant_of_the_wrong_size_is_refused(save: Any) -> None:
    weight = TensorProto(name="w", dims=[4], data_type=1, raw_data=b"1234")

    assert "constant 'w'" in refusal(save([node("Add", ["x", "w"], ["y"])], constants=[weight])).message


def test_that_a_sequence_as_input_is_refused(save: Any) -> None:
    info = helper.make_tensor_sequence_value_info("x", 1, [1])

    assert "is a sequence" in refusal(save([node("SequenceLength", ["x"], ["y"])], inputs=[info])).message


def test_that_an_error_while_running_is_explained_by_its_node(save: Any) -> None:
    target = helper.make_tensor("s", TensorProto.INT64, [1], [5])
    model = read_model(save([node("Reshape", ["x", "s"], ["y"], name="fold")], constants=[target]))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.proto.SerializeToString(), options, providers=["CPUExecutionProvider"])

    with pytest.raises(runtime_errors()) as caught:
        session.run(None, {"x": np.zeros((1, 4), np.float32)})

    error = explain(model, caught.value)
    assert "node 'fold' (Reshape) of net.onnx" in error.message
    assert ".cc" not in error.message
    assert "\n" not in error.message


def test_that_a_network_whose_files_stay_as_they_are_is_not_read_again(
    save: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save([node("Relu", ["x"], ["y"])])
    os.utime(path, (1e9, 1e9))
    known = read_model(path)
    monkeypatch.setattr("workbench.graph.read.load", lambda path: pytest.fail("it is read"))

    assert read_model(path, known=known) is known


def test_that_a_network_that_has_just_been_written_is_known_by_its_content(save: Any) -> None:
    path = save([node("Relu", ["x"], ["y"])])
    state = path.stat()
    known = read_model(path)
    path.write_bytes(path.read_bytes().replace(b"Relu", b"Tanh"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))

    assert known.stamps == {}
    assert read_model(path, known=known).graph.layers[0].op == "Tanh"


def test_that_other_data_beside_a_network_are_seen(save: Any) -> None:
    path = save([node("Add", ["x", "w"], ["y"])], constants=[external("w.bin")])
    data = path.parent.resolve() / "w.bin"
    data.write_bytes(b"1" * 16)
    for file in (path, data):
        os.utime(file, (1e9, 1e9))
    known = read_model(path)
    assert set(known.stamps) == {path, data}

    data.write_bytes(b"2" * 16)

    assert read_model(path, known=known).digest != known.digest
