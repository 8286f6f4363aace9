"""Rules of what is said of values that float16 cannot hold, on real networks."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from tests.unit.diagnose.real_runs import analysed, causes_of, found_by, of_array, rescaled_mnist
from tests.unit.networks import node, random, write_network
from workbench.diagnose.causes import about
from workbench.diagnose.findings import NOTE
from workbench.diagnose.ranking import ranked
from workbench.diagnose.rules import float16, float16_nan

RULES = (*float16.RULES, *float16_nan.RULES)


@pytest.mark.parametrize("name", ["mnist", "tinycnn_cifar10", "resnet8_cifar10", "fsanet", "ultraface_slim"])
def test_that_a_healthy_network_in_float16_has_no_finding(shared: Path, tmp_path: Path, name: str) -> None:
    assert found_by(RULES, analysed(shared, name, tmp_path, "fp16")) == []


def test_that_the_constant_of_the_text_detector_is_told_and_no_alarm(shared: Path, tmp_path: Path) -> None:
    """Its BatchNormalization is folded by toolkit 2.5.0 on every optimization level, and nothing is infinite there."""
    (found,) = found_by(RULES, analysed(shared, "ppocr_det", tmp_path, "fp16"))

    assert (found.cause, found.level) == ("fp16-constant-overflow", NOTE)
    assert found.layers == ("batch_norm_47.tmp_3",)
    assert "folded" in found.evidence[0].text
    assert "4.81845e+07" in about(found).meaning


def test_that_an_overflow_is_found_where_it_is_with_its_head_room(shared: Path, tmp_path: Path) -> None:
    model = rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**12)

    found = found_by(RULES, analysed(shared, "mnist", tmp_path, "fp16", model))

    assert causes_of(found)[0] == "fp16-overflow"
    assert found[0].layers[0] in ("Plus30_Output_0", "Convolution28_Output_0")
    assert any("NaN or infinite" in part.text for part in found[0].evidence)
    chart = next(part.chart for part in found[0].evidence if part.chart is not None)
    assert min(chart.series["float16"]) < 0
    assert found[0].fixes[0].change is not None


def test_that_an_underflow_is_found_where_it_is(shared: Path, tmp_path: Path) -> None:
    model = rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**-24)

    found = found_by(RULES, analysed(shared, "mnist", tmp_path, "fp16", model))

    assert causes_of(found) == ["fp16-underflow"]
    assert about(found[0]).title == f"float16 loses small values at {found[0].layers[0]}"
    assert set(found[0].layers) & {"Convolution28_Output_0", "Plus30_Output_0"}


@pytest.mark.parametrize("factor", [2.0**-24, 1.0, 2.0**12])
def test_that_int8_has_no_finding_of_float16(shared: Path, tmp_path: Path, factor: float) -> None:
    model = rescaled_mnist(shared, tmp_path / "net.onnx", factor)

    assert found_by(RULES, analysed(shared, "mnist", tmp_path, "w8a8", model)) == []


def test_that_a_constant_that_becomes_infinite_and_spoils_the_output_is_a_cause(tmp_path: Path) -> None:
    nodes = [node("Mul", ["x", "big"], ["m"], name="scale"), node("Relu", ["m"], ["y"], name="act")]
    model = write_network(tmp_path / "net.onnx", nodes, {"big": 7e4})

    found = found_by(RULES, of_array(model, random(1, 3, 6, 6, scale=1e-3), tmp_path))

    assert causes_of(found)[0] == "fp16-constant-overflow"
    assert found[0].layers[0] == "m"


def test_that_a_weight_that_becomes_infinite_is_told_before_what_follows(shared: Path, tmp_path: Path) -> None:
    model = rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**-40)

    found = found_by(RULES, analysed(shared, "mnist", tmp_path, "fp16", model))

    assert ranked(found)[0].cause == "fp16-constant-overflow"
    assert ranked(found)[0].layers == ("Plus112_Output_0",)


def test_that_nan_in_weights_is_found_in_the_weights(shared: Path, tmp_path: Path) -> None:
    model = onnx.load(shared / "models" / "mnist.onnx")
    item = next(item for item in model.graph.initializer if item.name == "Parameter87")
    weights = numpy_helper.to_array(item).copy()
    weights[3, 2, 0, 0] = np.nan
    item.CopyFrom(numpy_helper.from_array(weights, item.name))
    onnx.save(model, tmp_path / "net.onnx")

    found = found_by(float16_nan.RULES, analysed(shared, "mnist", tmp_path, "fp16", tmp_path / "net.onnx"))

    assert [one.values["where"] for one in found][:1] == ["in the weights"]
    assert "1 of 3200 values of the constant Parameter87 are NaN." in found[0].evidence[0].text


def test_that_nan_of_the_reference_is_found_where_it_is_born_with_the_reason(tmp_path: Path) -> None:
    nodes = [
        node("Relu", ["x"], ["r"], name="act"),
        node("Sub", ["r", "one"], ["shifted"], name="shift"),
        node("Sqrt", ["shifted"], ["root"], name="root"),
        node("Add", ["root", "r"], ["y"], name="sum"),
    ]
    model = write_network(tmp_path / "net.onnx", nodes, {"one": 0.5})

    found = found_by(float16_nan.RULES, of_array(model, random(1, 3, 6, 6), tmp_path))

    assert (found[0].cause, found[0].values["where"], found[0].layers) == ("nan", "in the float reference", ("root",))
    assert any("Sqrt takes shifted" in part.text and "negative" in part.text for part in found[0].evidence)


def test_that_every_finding_leads_to_something_to_look_at(shared: Path, tmp_path: Path) -> None:
    model = rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**12)

    found = found_by(RULES, analysed(shared, "mnist", tmp_path, "fp16", model))

    assert all(part.tensor and part.view for finding in found for part in finding.evidence)
