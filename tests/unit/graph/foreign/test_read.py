"""Rules of networks that are not ONNX: one graph for all of them, and what is refused with a sentence."""

import os
from pathlib import Path

import onnx
import pytest

from tests import foreign
from workbench.foundation.errors import ModelError
from workbench.graph.graph import Tensor
from workbench.graph.grids import Grid
from workbench.graph.read import DynamicShapeError, read_inputs, read_model


def layers(path: Path, **more: object) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(layer.op, layer.inputs, layer.outputs) for layer in read_model(path, **more).graph.layers]


def refusal(path: Path, **more: object) -> ModelError:
    with pytest.raises(ModelError) as caught:
        read_model(path, **more)
    assert caught.value.hint
    return caught.value


# --- Caffe -------------------------------------------------------------------------------------------------------


def test_that_a_layer_in_place_gives_a_tensor_with_its_own_name(tmp_path: Path) -> None:
    path, _ = foreign.caffe(tmp_path)

    assert layers(path)[:4] == [
        ("Convolution", ("data",), ("conv1",)),
        ("BatchNorm", ("conv1",), ("bn1",)),
        ("ReLU", ("bn1",), ("relu1",)),
        ("Convolution", ("relu1",), ("side",)),
    ]


def test_that_layers_of_the_training_are_left_out(tmp_path: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    loss = 'layer { name: "loss" type: "Sigmoid" bottom: "label" top: "loss" include { phase: TRAIN } }'
    path.write_text(f"{path.read_text()}{loss}")
    assert [layer.name for layer in read_model(path).graph.layers][-2:] == ["fc", "prob"]


def test_that_shapes_are_known_without_the_framework(tmp_path: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    tensors = read_model(path).graph.tensors
    assert (tensors["relu1"].shape, tensors["prob"].shape) == ((1, 8, 16, 16), (1, 10))


@pytest.mark.parametrize(
    "head",
    [
        'input: "data" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 5',
        'input: "data" input_shape { dim: 1 dim: 3 dim: 4 dim: 5 }',
        'layer { name: "in" type: "Input" top: "data" input_param { shape: { dim: [1, 3, 4, 5] } } }',
    ],
)
def test_that_all_spellings_of_an_input_are_read(tmp_path: Path, head: str) -> None:
    path = tmp_path / "net.prototxt"
    path.write_text(f'{head} layer {{ name: "r" type: "ReLU" bottom: "data" top: "r" }}')
    path.with_suffix(".caffemodel").write_bytes(b"\n\1x")

    assert read_inputs(path) == (Tensor("data", (1, 3, 4, 5), "float32"),)


def test_that_either_file_of_a_pair_opens_the_network(tmp_path: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    weights = path.with_suffix(".caffemodel")

    model = read_model(weights)

    assert model.files == (path, weights)
    assert model.digest == read_model(path).digest


def test_that_other_weights_make_another_digest(tmp_path: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    before = read_model(path)
    assert read_model(path, known=before) is before

    path.with_suffix(".caffemodel").write_bytes(path.with_suffix(".caffemodel").read_bytes() + foreign.field(1, "new"))

    assert read_model(path, known=before).digest != before.digest


def test_that_a_missing_second_file_is_asked_for(tmp_path: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    moved = path.with_suffix(".caffemodel").rename(tmp_path / "elsewhere.bin")

    assert "--weights" in refusal(path).hint
    assert "does not belong" in str(refusal(path, weights=moved))


def test_that_broken_descriptions_are_refused_with_their_line(tmp_path: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    path.write_text('name: "tiny"\nlayer { name: } }')
    assert "line 2" in str(refusal(path))
    path.write_text('name: "tiny"\nlayer { { } }')
    assert "line 2" in str(refusal(path))


# --- Darknet -----------------------------------------------------------------------------------------------------


def test_that_tensors_of_darknet_have_the_toolkits_names(tmp_path: Path) -> None:
    assert layers(foreign.darknet(tmp_path)) == [
        ("convolutional", ("000_net",), ("001_convolutional",)),
        ("batch_normalize", ("001_convolutional",), ("001_convolutional_bn",)),
        ("leaky", ("001_convolutional_bn",), ("001_convolutional_lrelu",)),
        ("maxpool", ("001_convolutional_lrelu",), ("002_maxpool",)),
        ("convolutional", ("002_maxpool",), ("003_convolutional",)),
        ("shortcut", ("003_convolutional", "002_maxpool"), ("004_shortcut",)),
        ("upsample", ("004_shortcut",), ("005_upsample",)),
        ("route", ("005_upsample", "001_convolutional_lrelu"), ("006_route",)),
        ("convolutional", ("006_route",), ("007_convolutional",)),
    ]


def test_that_decoded_tensors_are_the_outputs(tmp_path: Path) -> None:
    outputs = read_model(foreign.darknet(tmp_path)).graph.outputs
    assert [(item.name, item.shape) for item in outputs] == [("007_convolutional", (1, 18, 32, 32))]


def test_that_a_section_that_names_none_is_refused(tmp_path: Path) -> None:
    path = foreign.darknet(tmp_path)
    path.write_text(path.read_text().replace("from=-2", "from=-9"))
    assert "[shortcut] number 4" in str(refusal(path))


# --- TensorFlow --------------------------------------------------------------------------------------------------


def test_that_a_frozen_graph_is_read_without_its_constants(tmp_path: Path) -> None:
    path, _, _ = foreign.tensorflow(tmp_path)

    assert layers(path) == [
        ("Conv2D", ("x:0",), ("conv:0",)),
        ("BiasAdd", ("conv:0",), ("bias:0",)),
        ("Relu", ("bias:0",), ("relu:0",)),
        ("MaxPool", ("relu:0",), ("pool:0",)),
    ]
    assert read_inputs(path) == (Tensor("x:0", (None, 6, 6, 3), "float32"),)
    assert read_model(path).graph.tensors["pool:0"].shape == (1, 3, 3, 4)


def test_that_a_graph_with_variables_is_not_frozen(tmp_path: Path) -> None:
    path = tmp_path / "net.pb"
    path.write_bytes(foreign.field(1, foreign.field(1, "w") + foreign.field(2, "VariableV2")))
    assert "Freeze it" in refusal(path).hint


@pytest.mark.parametrize("length", [3, 40, 150])
def test_that_a_frozen_graph_cut_short_is_refused(tmp_path: Path, length: int) -> None:
    path, _, _ = foreign.tensorflow(tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    assert refusal(path)


# --- TensorFlow Lite ---------------------------------------------------------------------------------------------


def test_that_a_tflite_network_is_read_with_shapes_and_names(tmp_path: Path) -> None:
    path, _, _ = foreign.tflite(tmp_path)
    model = read_model(path)
    assert layers(path) == [("FULLY_CONNECTED", ("x",), ("dense",)), ("SOFTMAX", ("dense",), ("prob",))]
    assert model.graph.tensors["dense"] == Tensor("dense", (1, 4), "float32")


def test_that_integers_of_tflite_come_with_their_grids(tmp_path: Path) -> None:
    path, _, _ = foreign.tflite(tmp_path, "int8")
    grid = Grid("int8", (0.5,), (-3,))
    assert read_model(path).grids == {"x": grid, "dense": grid, "prob": grid}


def test_that_a_tflite_network_is_known_by_its_content(tmp_path: Path) -> None:
    path, _, _ = foreign.tflite(tmp_path)
    assert read_model(path.rename(tmp_path / "network.bin")).framework == "tflite"


@pytest.mark.parametrize("length", [9, 60, 200, 400])
def test_that_a_tflite_network_cut_short_is_refused(tmp_path: Path, length: int) -> None:
    path, _, _ = foreign.tflite(tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    assert "cannot be read" in str(refusal(path))


@pytest.mark.parametrize(
    "name", ["mobilenet_v1_0.25_128_quant", "person_detect_int8", "pretrainedResnet_cifar10_int8", "vww_96_float"]
)
def test_that_real_tflite_networks_are_read(shared: Path, name: str) -> None:
    model = read_model(shared / "models" / "tflite" / f"{name}.tflite")
    known = {item.name for item in model.graph.inputs}
    for layer in model.graph.layers:
        assert known.issuperset(layer.inputs)
        assert all(model.graph.tensors[item].static_shape for item in layer.outputs)
        known.update(layer.outputs)
    assert known.issuperset(item.name for item in model.graph.outputs)


# --- TorchScript -------------------------------------------------------------------------------------------------


@pytest.fixture
def torch_python(toolkit_python: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RKNN_WORKBENCH_PYTHON", str(toolkit_python))
    return toolkit_python


@pytest.mark.toolkit
def test_that_torch_tells_the_layers_of_torchscript(tmp_path: Path, torch_python: Path) -> None:
    path = foreign.torchscript(tmp_path, torch_python)

    with pytest.raises(DynamicShapeError) as caught:
        read_model(path)
    (name,) = caught.value.guess
    model = read_model(path, {name: (1, 3, 8, 8)})

    ops = [layer.op for layer in model.graph.layers]
    assert ops == ["_convolution", "batch_norm", "relu_", "chunk", "add", "cat", "mean", "linear", "softmax"]
    chunk, cat = model.graph.layers[3], model.graph.layers[5]
    assert len(chunk.outputs) == 2
    assert cat.inputs[1] == chunk.outputs[0]
    assert [item.shape for item in model.graph.outputs] == [(1, 4)]


@pytest.mark.toolkit
def test_that_weights_without_a_network_are_refused(tmp_path: Path, torch_python: Path) -> None:
    path = foreign.torchscript(tmp_path, torch_python)
    assert "weights without their network" in str(refusal(path.with_suffix(".pth")))


def test_that_torchscript_without_torch_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import zipfile

    from workbench.graph.foreign import torchscript

    with zipfile.ZipFile(tmp_path / "net.pt", "w") as archive:
        archive.writestr("net/code/__torch__.py", "")
    monkeypatch.setattr(torchscript, "with_module", lambda name: None)
    assert "RKNN_WORKBENCH_PYTHON" in refusal(tmp_path / "net.pt").hint


# --- all of them -------------------------------------------------------------------------------------------------


def test_that_the_proto_of_a_foreign_network_can_be_looked_at(tmp_path: Path) -> None:
    model = read_model(foreign.darknet(tmp_path))
    again = onnx.ModelProto.FromString(model.proto.SerializeToString())
    assert {node.domain for node in again.graph.node} == {"darknet"}
    assert [node.output[0] for node in again.graph.node] == [layer.outputs[0] for layer in model.graph.layers]


@pytest.mark.parametrize("suffix", [".tflite", ".pb", ".prototxt", ".cfg", ".pt"])
def test_that_pipes_folders_and_empty_files_are_refused(tmp_path: Path, suffix: str) -> None:
    weights = tmp_path / "other.caffemodel"
    weights.write_bytes(b"x")
    (tmp_path / "other.weights").write_bytes(b"x")
    for number, make in enumerate((os.mkfifo, os.mkdir, lambda path: Path(path).touch())):
        path = tmp_path / f"net{number}{suffix}"
        make(path)
        assert refusal(path)
