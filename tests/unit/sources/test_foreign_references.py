"""Rules of golden dumps of networks that are not ONNX."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tests import foreign
from workbench.dump.store import Dump
from workbench.foundation.errors import ModelError
from workbench.foundation.steps import Event, Warn, drain
from workbench.graph.graph import Layer, Model
from workbench.graph.read import read_model
from workbench.project.references import own_encodings, reference_name, reference_of
from workbench.sources.opencv import OpenCv
from workbench.sources.source import DumpRequest, Source
from workbench.sources.tflite_dense import corrected

Values = dict[str, np.ndarray]


def every(model: Model) -> list[str]:
    return [name for layer in model.graph.layers for name in layer.outputs]


def dumped(source: Source, feeds: Mapping[str, np.ndarray], folder: Path) -> tuple[Values, list[str]]:
    """The tensors of the dump, and what was warned of."""
    warnings: list[str] = []

    def note(event: Event) -> None:
        if isinstance(event, Warn):
            warnings.append(event.text)

    path = drain(source.dump(DumpRequest(feeds), folder / "golden.h5"), note)
    with Dump(path) as dump:
        return {name: dump[name] for name in dump.names}, warnings


def feeds_of(model: Model) -> Values:
    return {item.name: np.abs(foreign.random(*(item.static_shape or ()))) for item in model.graph.inputs}


def test_that_every_layer_of_caffe_has_its_values(tmp_path: Path) -> None:
    path, weights = foreign.caffe(tmp_path)
    model = read_model(path)

    values, warnings = dumped(reference_of(model, every(model)), feeds_of(model), tmp_path)

    assert list(values) == ["data", *every(model)]
    assert warnings == []
    assert np.array_equal(values["relu1"], np.maximum(values["bn1"], 0))
    side = np.einsum("nchw,oc->nohw", values["relu1"], weights["conv2"][:, :, 0, 0])
    offset = foreign.random(8, seed=1)[:, None, None]
    assert np.allclose(values["side"], side + offset, atol=1e-5)
    assert np.allclose(values["sum"], values["relu1"] + values["side"], atol=1e-6)
    assert np.allclose(
        values["fc"], values["sum"].reshape(1, -1) @ weights["fc"].T + foreign.random(10, seed=1), atol=1e-4
    )


def test_that_every_layer_of_darknet_has_its_values(tmp_path: Path) -> None:
    model = read_model(foreign.darknet(tmp_path))

    values, warnings = dumped(reference_of(model, every(model)), feeds_of(model), tmp_path)

    assert list(values) == ["000_net", *every(model)]
    assert warnings == []
    norm = values["001_convolutional_bn"]
    assert np.allclose(values["001_convolutional_lrelu"], np.where(norm > 0, norm, 0.1 * norm), atol=1e-6)
    assert np.allclose(values["004_shortcut"], values["003_convolutional"] + values["002_maxpool"], atol=1e-6)
    both = np.concatenate([values["005_upsample"], values["001_convolutional_lrelu"]], axis=1)
    assert np.array_equal(values["006_route"], both)


def test_that_tensors_of_tensorflow_keep_their_channels_last(tmp_path: Path) -> None:
    path, weight, bias = foreign.tensorflow(tmp_path)
    model = read_model(path)
    feeds = feeds_of(model)

    values, warnings = dumped(reference_of(model, every(model)), feeds, tmp_path)

    biased = feeds["x:0"] @ weight[0, 0] + bias
    assert np.allclose(values["bias:0"], biased, atol=1e-6)
    assert np.allclose(values["relu:0"], np.maximum(biased, 0), atol=1e-6)
    assert values["pool:0"].shape == (1, 3, 3, 4)
    assert "conv:0" not in values  # OpenCV gives it with the bias only
    assert "conv:0" in warnings[0]


def test_that_the_bias_of_dense_layers_is_put_right(tmp_path: Path) -> None:
    path, weight, bias = foreign.tflite(tmp_path)
    model = read_model(path)
    feeds = feeds_of(model)

    values, _ = dumped(OpenCv(model, every(model)), feeds, tmp_path)

    dense = feeds["x"] @ weight.T + bias
    powers = np.exp(dense)
    assert np.allclose(values["dense"], dense, atol=1e-5)
    assert np.allclose(values["prob"], powers / powers.sum(), atol=1e-6)


def test_that_what_lies_behind_a_wrong_layer_and_has_no_formula_is_left_out() -> None:
    layers = (
        Layer("dense", "FULLY_CONNECTED", ("x",), ("dense",), attributes={"takes": ["x", "w", "b"]}),
        Layer("odd", "CUMSUM", ("dense",), ("odd",)),
        Layer("end", "SOFTMAX", ("odd",), ("end",)),
        Layer("other", "CUMSUM", ("x",), ("other",)),
    )
    x, one = np.ones((1, 2), np.float32), np.ones((1, 1), np.float32)
    computed = {"x": x, "dense": one, "odd": one, "end": one, "other": x}

    found, lost = corrected(layers, computed, {"w": np.ones((1, 2), np.float32), "b": np.ones(1, np.float32)})

    assert lost == ["odd", "end"]
    assert found.keys() == {"x", "dense", "other"}
    assert found["dense"] == 3


def test_that_right_dense_layers_stay_as_they_were_computed() -> None:
    layers = (Layer("dense", "FULLY_CONNECTED", ("x",), ("dense",), attributes={"takes": ["x", "w"]}),)
    dense = np.full((1, 1), 2.00001, np.float32)
    computed = {"x": np.ones((1, 2), np.float32), "dense": dense}
    assert corrected(layers, computed, {"w": np.ones((1, 2), np.float32)})[0]["dense"] is dense


def test_that_several_inputs_reach_their_layers(tmp_path: Path) -> None:
    inputs = "".join(f'input: "{name}" input_shape {{ dim: 1 dim: 2 dim: 3 dim: 3 }} ' for name in ("left", "right"))
    path = tmp_path / "net.prototxt"
    path.write_text(
        f'{inputs} layer {{ name: "minus" type: "Power" bottom: "right" top: "minus" power_param {{ scale: -1 }} }}'
        'layer { name: "sum" type: "Eltwise" bottom: "left" bottom: "minus" top: "sum" }'
    )
    path.with_suffix(".caffemodel").write_bytes(foreign.field(1, "net"))
    model = read_model(path)
    feeds = {"left": foreign.random(1, 2, 3, 3, seed=1), "right": foreign.random(1, 2, 3, 3, seed=2)}

    values, _ = dumped(reference_of(model, every(model)), feeds, tmp_path)

    assert model.graph.tensors["sum"].shape == (1, 2, 3, 3)
    assert np.allclose(values["sum"], feeds["left"] - feeds["right"], atol=1e-6)


def test_that_only_the_chosen_tensors_are_dumped(tmp_path: Path) -> None:
    model = read_model(foreign.caffe(tmp_path)[0])
    assert list(dumped(reference_of(model, ["relu1"]), feeds_of(model), tmp_path)[0]) == ["data", "relu1"]


def test_that_weights_that_opencv_cannot_read_are_an_error_and_leave_no_dump(tmp_path: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    path.with_suffix(".caffemodel").write_bytes(b"\xff" * 40)
    model = read_model(path)

    with pytest.raises(ModelError, match="OpenCV cannot compute"):
        dumped(reference_of(model, every(model)), feeds_of(model), tmp_path)

    assert not (tmp_path / "golden.h5").exists()


def test_that_the_name_of_a_reference_has_its_version(tmp_path: Path) -> None:
    import cv2

    assert reference_name(read_model(foreign.darknet(tmp_path))) == f"opencv {cv2.__version__}"


# --- the runtime of TensorFlow Lite --------------------------------------------------------------------------------

with_runtime = pytest.mark.skipif(importlib.util.find_spec("ai_edge_litert") is None, reason="needs the extra tflite")


def test_that_a_network_for_the_missing_runtime_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: Path
) -> None:
    from workbench.sources import litert

    monkeypatch.setattr(litert, "is_installed", lambda: False)
    model = read_model(shared / "models" / "tflite" / "mobilenet_v1_0.25_128_quant.tflite")
    feeds = {"input": np.zeros((1, 128, 128, 3), np.uint8)}
    with pytest.raises(ModelError) as caught:
        dumped(reference_of(model, every(model)), feeds, tmp_path)
    assert "ai-edge-litert" in caught.value.hint


@with_runtime
@pytest.mark.parametrize("name", ["vww_96_float", "pretrainedResnet_cifar10_float"])
def test_that_opencv_gives_what_the_runtime_gives(tmp_path: Path, shared: Path, name: str) -> None:
    model = read_model(shared / "models" / "tflite" / f"{name}.tflite")
    feeds = feeds_of(model)
    (tmp_path / "own").mkdir()

    own, _ = dumped(reference_of(model, every(model)), feeds, tmp_path / "own")
    other, _ = dumped(OpenCv(model, every(model)), feeds, tmp_path)

    assert own.keys() == other.keys()
    assert all(np.allclose(own[name], other[name], rtol=1e-4, atol=1e-4 * np.abs(own[name]).max()) for name in own)


@with_runtime
def test_that_integers_are_dumped_with_what_they_stand_for(tmp_path: Path, shared: Path) -> None:
    model = read_model(shared / "models" / "tflite" / "vww_96_int8.tflite")
    source = reference_of(model, every(model), own_encodings(model))
    path = drain(source.dump(DumpRequest({"input_1_int8": np.zeros((1, 96, 96, 3), np.int8)}), tmp_path / "golden.h5"))
    with Dump(path) as dump:
        stored, encoding = dump.raw("Identity_int8")
        assert stored.dtype == np.int8
        assert encoding is not None
        assert dump["Identity_int8"].sum() == pytest.approx(1, abs=0.02)


# --- torch -----------------------------------------------------------------------------------------------------------


@pytest.mark.toolkit
def test_that_torch_gives_every_tensor_before_it_is_written_over(
    tmp_path: Path, toolkit_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RKNN_WORKBENCH_PYTHON", str(toolkit_python))
    path = foreign.torchscript(tmp_path, toolkit_python)
    model = read_model(path, {"x.1": (1, 3, 8, 8)})

    values, warnings = dumped(reference_of(model, every(model)), feeds_of(model), tmp_path)

    norm, relu, chunk = model.graph.layers[1:4]
    assert list(values) == ["x.1", *every(model)]
    assert warnings == []
    assert values[norm.outputs[0]].min() < 0  # relu_ writes into this tensor
    assert np.array_equal(values[relu.outputs[0]], np.maximum(values[norm.outputs[0]], 0))
    assert np.array_equal(values[chunk.outputs[1]], values[relu.outputs[0]][:, 4:])
    assert values[model.graph.outputs[0].name].sum() == pytest.approx(1)


@pytest.mark.toolkit
def test_that_feeds_that_do_not_fit_are_an_error_in_torchs_words(
    tmp_path: Path, toolkit_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RKNN_WORKBENCH_PYTHON", str(toolkit_python))
    path = foreign.torchscript(tmp_path, toolkit_python)
    with pytest.raises(ModelError, match="channels"):
        read_model(path, {"x.1": (1, 4, 8, 8)})
