"""Faults of quantization put into real networks, and what the rules say of them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from tests.benchmarks.diagnosis import clean, weights
from tests.benchmarks.diagnosis.bench import bench
from tests.unit.diagnose.real_runs import analysed, causes_of, found_by, of_array
from tests.unit.networks import node, random, write_network
from workbench.diagnose.causes import CHINESE, ENGLISH, about
from workbench.diagnose.findings import Finding
from workbench.diagnose.rules import quant
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.project.findings.diagnosing import diagnose
from workbench.project.pipeline import analyze, import_dumps
from workbench.project.session import ImportedDumps, Session
from workbench.quantize.schemes import QuantSettings


def found_in(session: Session, folder: Path) -> list[Finding]:
    drain(analyze(session, folder / "session"))
    return found_by(quant.RULES, folder / "session")


def session_of(shared: Path, name: str, folder: Path, **changes: Any) -> Session:
    return replace(bench(shared, name, folder, "unit").session, **changes)


def changed(shared: Path, file: str, out: Path, times: Mapping[str, Any]) -> Path:
    """A network with some of its constants times factors."""
    model = onnx.load(shared / "models" / file)
    for item in model.graph.initializer:
        if item.name in times:
            item.CopyFrom(
                numpy_helper.from_array(numpy_helper.to_array(item) * np.float32(times[item.name]), item.name)
            )
    onnx.save(model, out)
    return out


@pytest.mark.parametrize(
    "name", ["mnist", "tinycnn_cifar10", "resnet18_cifar10", "resnet8_cifar10", "vww_96", "ultraface_rfb"]
)
def test_that_a_healthy_run_has_no_cause(shared: Path, tmp_path: Path, name: str) -> None:
    assert causes_of(found_by(quant.RULES, analysed(shared, name, tmp_path))) == []


@pytest.mark.parametrize("dtype", ["fp16", "w16a16i_dfp"])
def test_that_other_types_have_no_cause(shared: Path, tmp_path: Path, dtype: str) -> None:
    assert causes_of(found_by(quant.RULES, analysed(shared, "mnist", tmp_path, dtype))) == []


def test_that_one_picture_is_too_few(shared: Path, tmp_path: Path) -> None:
    session = session_of(shared, "mnist", tmp_path)
    digit = cv2.imread(str(session.samples[0].files[0]), cv2.IMREAD_GRAYSCALE)
    assert digit is not None
    cv2.imwrite(str(tmp_path / "faint.png"), np.asarray(digit) // 3)

    found = found_in(replace(session, dataset=(Sample((tmp_path / "faint.png",)),)), tmp_path)

    assert causes_of(found)[0] == "calibration-few"
    assert found[0].fixes[0].change is not None
    chosen = {sample.files[0].resolve() for sample in found[0].fixes[0].change.dataset or ()}
    assert {sample.files[0].resolve() for sample in session.samples} <= chosen


@pytest.mark.parametrize("name", ["mnist", "tinycnn_cifar10", "resnet18_cifar10"])
def test_that_black_frames_are_untypical(shared: Path, tmp_path: Path, name: str) -> None:
    random = np.random.default_rng(1)
    files = [tmp_path / f"black{number}.png" for number in range(6)]
    for file in files:
        cv2.imwrite(str(file), random.integers(0, 4, (64, 64, 3)).astype(np.uint8))
    dataset = tuple(Sample((file,)) for file in files)

    found = found_in(session_of(shared, name, tmp_path, dataset=dataset), tmp_path)

    assert causes_of(found)[0] == "calibration-untypical"
    assert found[0].values["unlike"] == "6"


def test_that_a_range_given_by_hand_is_named(shared: Path, tmp_path: Path) -> None:
    quantized = QuantSettings(ranges=(("ReLU32_Output_0", 0.0, 20.0),))

    found = found_in(session_of(shared, "mnist", tmp_path, quant=quantized), tmp_path)

    assert causes_of(found)[0] == "calibration-range"
    assert found[0].layers[0] == "ReLU32_Output_0"
    assert found[0].fixes[0].change is not None
    assert found[0].fixes[0].change.quant == QuantSettings()


@pytest.mark.parametrize("kind", ["weights-range", "weights-outlier"])
def test_that_the_layer_of_blown_up_weights_is_found(shared: Path, tmp_path: Path, kind: str) -> None:
    fault = next(fault for fault in weights.FAULTS if fault.kind == kind)
    injected = fault.inject(bench(shared, "tinycnn_cifar10", tmp_path, kind))
    assert injected is not None

    found = found_in(injected.session, tmp_path)

    assert causes_of(found)[0] == kind
    assert found[0].layers[0] in injected.tensors


def test_that_one_large_channel_is_found_where_all_share_a_step(shared: Path, tmp_path: Path) -> None:
    grown, shrunk = np.ones((8, 1, 1, 1), np.float32), np.ones((1, 8, 1, 1), np.float32)
    grown[2], shrunk[0, 2] = 256, 1 / 256
    times = {"Parameter5": grown, "Parameter6": grown[:, 0], "Parameter87": shrunk}
    model = changed(shared, "mnist.onnx", tmp_path / "net.onnx", times)

    found = found_in(session_of(shared, "mnist", tmp_path, model=model), tmp_path)

    assert causes_of(found)[0] == "activation-outlier"
    assert found[0].layers[0] == "ReLU32_Output_0"
    assert "Channel 2 " in found[0].evidence[0].text


def test_that_probabilities_beside_logits_are_found(shared: Path, tmp_path: Path) -> None:
    model = onnx.load(shared / "models" / "mnist.onnx")
    logits = model.graph.output[0].name
    model.graph.node.append(helper.make_node("Softmax", [logits], ["probabilities"], axis=1))
    model.graph.node.append(helper.make_node("Concat", [logits, "probabilities"], ["both"], axis=0))
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info("both", onnx.TensorProto.FLOAT, None))
    onnx.save(model, tmp_path / "net.onnx")

    found = found_in(session_of(shared, "mnist", tmp_path, model=tmp_path / "net.onnx"), tmp_path)

    assert "concat-ranges" in [finding.cause for finding in found]


def test_that_the_shared_range_of_fastestdets_outputs_is_found(shared: Path, tmp_path: Path) -> None:
    found = found_by(quant.RULES, analysed(shared, "fastestdet", tmp_path))

    assert causes_of(found)[0] == "concat-ranges"
    assert found[0].layers[0] == "758_int8"


def test_that_a_finding_can_be_looked_at_and_read(shared: Path, tmp_path: Path) -> None:
    found = found_by(quant.RULES, analysed(shared, "retinaface", tmp_path))

    assert causes_of(found)
    for finding in found:
        assert all(one.tensor for one in finding.evidence)
        assert any(one.chart is not None for one in finding.evidence if finding.level == "cause")
        assert not any("{" in text for language in (ENGLISH, CHINESE) for text in about(finding, language))


def test_that_a_reference_of_another_network_is_no_matter_of_quantization(shared: Path, tmp_path: Path) -> None:
    folder = analysed(shared, "mnist", tmp_path)
    np.savez(tmp_path / "golden.npz", Plus214_Output_0=np.linspace(-900, 900, 10, dtype=np.float32).reshape(1, 10))
    drain(import_dumps(folder, ImportedDumps(tmp_path / "golden.npz"), "golden"))

    assert causes_of(found_by(quant.RULES, folder)) == []


def test_that_values_that_an_algorithm_cuts_off_are_saturated(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "first"], ["a"]), node("Relu", ["a"], ["b"]), node("Conv", ["b", "second"], ["y"])]
    constants = {"first": random(8, 4, 1, 1), "second": random(8, 8, 1, 1, seed=3)}
    values = random(1, 4, 64, 64)
    values[0, :, 7, ::8] *= 40
    model = write_network(tmp_path / "net.onnx", nodes, constants, shape=values.shape)
    np.save(tmp_path / "x.npy", values)
    samples = (Sample((tmp_path / "x.npy",)),)

    found = found_in(
        Session(model, samples=samples, dataset=samples, quant=QuantSettings(algorithm="kl_divergence")), tmp_path
    )

    assert causes_of(found)[0] == "activation-saturation"
    assert found[0].fixes[0].change is not None
    assert found[0].fixes[0].change.quant == QuantSettings()


def found_in_network(
    folder: Path, nodes: list[onnx.NodeProto], constants: Mapping[str, Any], values: np.ndarray
) -> list[Finding]:
    """What is said of a small network on an array that it is calibrated with as well."""
    model = write_network(folder / "net.onnx", nodes, constants, shape=values.shape)
    return found_by(quant.RULES, of_array(model, values, folder, "w8a8"))


def test_that_a_small_summand_lost_in_a_large_one_is_found(tmp_path: Path) -> None:
    large = np.zeros((4, 8, 1, 1), np.float32)
    small = np.zeros((4, 8, 1, 1), np.float32)
    for channel in range(4):
        large[channel, channel], small[channel, 4 + channel] = 300, 1
    nodes = [
        node("Conv", ["x", "large"], ["a"]),
        node("Conv", ["x", "small"], ["b"]),
        node("Sigmoid", ["b"], ["c"]),
        node("Add", ["a", "c"], ["sum"]),
        node("Sub", ["sum", "a"], ["d"]),
        node("Mul", ["d", "c"], ["y"]),
    ]

    found = found_in_network(tmp_path, nodes, {"large": large, "small": small}, random(1, 8, 16, 16))

    assert causes_of(found)[0] == "add-ranges"
    assert found[0].layers[0] == "sum"


def test_that_the_unequal_channels_of_a_depthwise_convolution_are_found(tmp_path: Path) -> None:
    sizes = np.geomspace(1, 3000, 16).astype(np.float32)
    nodes = [
        node("Conv", ["x", "each"], ["a"], group=16, pads=[1, 1, 1, 1]),
        node("Relu", ["a"], ["b"]),
        node("Conv", ["b", "back"], ["c"], group=16),
        node("Conv", ["c", "mix"], ["y"]),
    ]
    constants = {
        "each": random(16, 1, 3, 3) * sizes.reshape(-1, 1, 1, 1),
        "back": 1 / sizes.reshape(-1, 1, 1, 1),
        "mix": random(8, 16, 1, 1, seed=2),
    }

    found = found_in_network(tmp_path, nodes, constants, random(1, 16, 24, 24))

    assert causes_of(found)[0] == "depthwise"
    assert found[0].layers[0] == "b"


def test_that_the_tail_of_a_sigmoid_is_found(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "weight", "bias"], ["a"]),
        node("Sigmoid", ["a"], ["b"]),
        node("Sqrt", ["b"], ["c"]),
        node("Sqrt", ["c"], ["y"]),
    ]
    constants = {"weight": random(4, 4, 1, 1), "bias": np.full(4, -6.5, np.float32)}
    values = random(1, 4, 24, 24)
    values[0, :, 0, 0] *= 4

    found = found_in_network(tmp_path, nodes, constants, values)

    assert "activation-tail" in causes_of(found)


REDUCTIONS = {
    "GlobalAveragePool": node("GlobalAveragePool", ["b"], ["c"]),
    "ReduceMean": node("ReduceMean", ["b"], ["c"], axes=[2, 3], keepdims=1),
    "ReduceSum": node("ReduceSum", ["b", "axes"], ["c"], keepdims=1),
}


@pytest.mark.parametrize("op", REDUCTIONS)
def test_that_a_sum_of_many_values_is_found_whose_differences_are_lost(tmp_path: Path, op: str) -> None:
    differences = np.eye(16, dtype=np.float32) - np.roll(np.eye(16, dtype=np.float32), 1, axis=1)
    nodes = [
        node("Conv", ["x", "weight", "bias"], ["a"]),
        node("Relu", ["a"], ["b"]),
        REDUCTIONS[op],
        node("Conv", ["c", "differences"], ["y"]),
    ]
    constants = {
        "weight": random(16, 4, 1, 1) / 2,
        "bias": 10 + random(16) / 20,
        "differences": differences.reshape(16, 16, 1, 1),
        **({"axes": np.array([2, 3])} if op == "ReduceSum" else {}),
    }

    found = found_in_network(tmp_path, nodes, constants, random(1, 4, 32, 32))

    assert causes_of(found)[0] == "large-reduction"
    assert found[0].values["op"] == op
    assert found[0].values["summed"] == "1024"
    assert found[0].fixes[0].change is not None


@pytest.mark.parametrize(("lift", "value"), [(9.0, "6"), (-9.0, "0")])
def test_that_a_tensor_of_one_value_only_is_noted(tmp_path: Path, lift: float, value: str) -> None:
    nodes = [
        node("Conv", ["x", "weight", "lift"], ["a"]),
        node("Clip", ["a", "low", "high"], ["b"]),
        node("Conv", ["x", "other"], ["c"]),
        node("Add", ["b", "c"], ["y"]),
    ]
    constants = {
        "weight": random(4, 4, 1, 1) / 100,
        "lift": np.full(4, lift, np.float32),
        "low": np.float32(0),
        "high": np.float32(6),
        "other": random(4, 4, 1, 1, seed=2) * 10,
    }

    found = found_in_network(tmp_path, nodes, constants, random(1, 4, 16, 16))

    assert [(one.cause, one.layers[0], one.values["value"], one.level) for one in found if one.values.get("value")] == [
        ("constant-tensor", "b", value, "note")
    ]


def test_that_one_picture_of_another_kind_is_too_few(shared: Path, tmp_path: Path) -> None:
    session = session_of(shared, "mnist", tmp_path)
    cv2.imwrite(str(tmp_path / "noise.png"), np.random.default_rng(1).integers(0, 9, (64, 64), np.uint8))

    found = found_in(replace(session, dataset=(Sample((tmp_path / "noise.png",)),)), tmp_path)

    assert causes_of(found)[0] == "calibration-few"
    assert found[0].values["unlike"] == "1"


def test_that_without_golden_outputs_nothing_is_seen_to_be_harmful(shared: Path, tmp_path: Path) -> None:
    fault = next(fault for fault in clean.FAULTS if fault.kind == "clean-layers")
    injected = fault.inject(bench(shared, "retinaface", tmp_path, "unit"))
    assert injected is not None
    drain(analyze(injected.session, tmp_path / "session"))

    found = drain(diagnose(tmp_path / "session", tried=0))

    assert "quantization" in [finding.cause for finding in found.findings]
    assert causes_of(list(found.findings)) == []
    assert found.hurt == ()
    assert {step.key: step.state for step in found.guide}["quantized"] != "bad"
