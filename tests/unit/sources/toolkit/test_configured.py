"""Settings of a session as arguments of the toolkit."""

from pathlib import Path

import pytest

from tests.unit.networks import declared, network, node, write_network
from workbench.foundation.errors import SettingsError
from workbench.graph.read import read_model
from workbench.quantize.schemes import QuantSettings
from workbench.sources.toolkit.configured import config_of, custom_layers, network_of


def test_that_a_quantised_network_says_how() -> None:
    assert config_of(QuantSettings("w4a16", "group32", "normal", "rk3576", 2)) == {
        "target_platform": "rk3576",
        "optimization_level": 2,
        "quantized_dtype": "w4a16",
        "quantized_algorithm": "normal",
        "quantized_method": "group32",
    }


def test_that_a_float_network_says_nothing_of_quantization() -> None:
    assert config_of(QuantSettings("fp16")) == {"target_platform": "rk3588", "optimization_level": 3}


@pytest.mark.parametrize(
    "quant", [QuantSettings("fp32"), QuantSettings("asymmetric_quantized-u8"), QuantSettings(ranges=(("a", 0.0, 1.0),))]
)
def test_that_what_the_toolkit_has_not_is_refused_with_a_way_out(quant: QuantSettings) -> None:
    with pytest.raises(SettingsError) as caught:
        config_of(quant)
    assert "embedded simulator" in caught.value.hint


def test_that_layers_with_a_precision_of_their_own_are_custom_layers() -> None:
    quant = QuantSettings(float_tensors=("a",), int16_tensors=("b",))
    assert custom_layers(quant) == {"b": "int16", "a": "float16"}
    assert custom_layers(QuantSettings("fp16", float_tensors=("a",))) == {}


def test_that_shapes_are_given_only_where_the_file_leaves_them_open(tmp_path: Path) -> None:
    closed = network(tmp_path, [node("Relu", ["x"], ["y"])], shape=(1, 3, 6, 6))
    assert (network_of(closed).inputs, network_of(closed).input_shapes) == ((), ())

    inputs = [declared("x", [1, 3, "h", "w"])]
    path = write_network(tmp_path / "open.onnx", [node("Relu", ["x"], ["y"])], inputs=inputs)
    opened = network_of(read_model(path, {"x": (1, 3, 8, 8)}))
    assert (opened.inputs, opened.input_shapes) == (("x",), ((1, 3, 8, 8),))
