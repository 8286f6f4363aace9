"""Golden values of another version of the network, or of operators that compute otherwise."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from tests.unit.diagnose.input_sessions import (
    LAYERS,
    OUTPUTS,
    causes_of,
    every_layer,
    found_by,
    golden_of,
    session_on,
)
from workbench.diagnose.findings import CAUSE
from workbench.diagnose.rules.input_golden import against_golden
from workbench.project.session import Session

NETWORKS = ("ultraface_slim", "resnet8_cifar10", "fsanet", "mnist")


@pytest.mark.parametrize("network", NETWORKS)
def test_that_a_layer_with_other_weights_is_found_among_all(shared: Path, tmp_path: Path, network: str) -> None:
    session = session_on(shared, network)
    other, output = _with_other_weights(session, tmp_path / "other.onnx", 1)
    golden = every_layer(session, tmp_path / "g.npz")
    (found,) = found_by(against_golden, other, tmp_path / "s", golden)
    assert (found.cause, found.level) == ("weights-stale", CAUSE)
    assert found.values["tensor"] == output


@pytest.mark.parametrize("network", ["ultraface_slim", "fsanet"])
def test_that_the_weights_of_the_first_layer_are_proved_to_be_others(
    shared: Path, tmp_path: Path, network: str
) -> None:
    session = session_on(shared, network)
    other, output = _with_other_weights(session, tmp_path / "other.onnx", 0)
    (found,) = found_by(against_golden, other, tmp_path / "s", every_layer(session, tmp_path / "g.npz"))
    assert (found.cause, found.values["tensor"]) == ("weights-stale", output)
    assert any("the golden values follow: 0.00% are left" in one.text for one in found.evidence)


@pytest.mark.parametrize("network", ["ultraface_slim", "fsanet"])
def test_that_another_padding_is_no_matter_of_weights(shared: Path, tmp_path: Path, network: str) -> None:
    session = session_on(shared, network)
    other, output = _with_other_padding(session, tmp_path / "other.onnx")
    (found,) = found_by(against_golden, other, tmp_path / "s", every_layer(session, tmp_path / "g.npz"))
    assert (found.cause, found.values["tensor"]) == ("conversion", output)


@pytest.mark.parametrize("network", NETWORKS)
def test_that_golden_values_of_all_layers_of_the_same_network_are_no_finding(
    shared: Path, tmp_path: Path, network: str
) -> None:
    session = session_on(shared, network)
    assert found_by(against_golden, session, tmp_path / "s", every_layer(session, tmp_path / "g.npz")) == ()


def test_that_other_weights_of_the_first_layer_are_no_preprocessing(shared: Path, tmp_path: Path) -> None:
    session = session_on(shared, "ultraface_slim")
    other, _ = _with_other_weights(session, tmp_path / "other.onnx", 0)
    findings = found_by(against_golden, other, tmp_path / "s", golden_of(session, LAYERS, tmp_path / "g.npz"))
    assert set(causes_of(findings)) == {"input-other", "weights-stale"}


def test_that_ten_outputs_of_another_network_are_not_explained_by_many_tries(shared: Path, tmp_path: Path) -> None:
    session = session_on(shared, "resnet8_cifar10")
    other, _ = _with_other_weights(session, tmp_path / "other.onnx", 1)
    findings = found_by(against_golden, other, tmp_path / "s", golden_of(session, OUTPUTS, tmp_path / "g.npz"))
    assert set(causes_of(findings)) == {"input-other", "weights-stale"}


def _with_other_weights(session: Session, out: Path, number: int) -> tuple[Session, str]:
    """The session on a network whose `number`-th convolution has 30 % noise in its weights; and what that gives."""
    model = onnx.load(session.model)
    layer = [node for node in model.graph.node if node.op_type == "Conv"][number]
    weights = next(item for item in model.graph.initializer if item.name == layer.input[1])
    values = numpy_helper.to_array(weights)
    noise = np.random.default_rng(1).normal(0, 0.3 * values.std(), values.shape)
    weights.CopyFrom(numpy_helper.from_array((values + noise).astype(np.float32), weights.name))
    onnx.save(model, out)
    return replace(session, model=out), layer.output[0]


def _with_other_padding(session: Session, out: Path) -> tuple[Session, str]:
    model = onnx.load(session.model)
    layers = [node for node in model.graph.node if node.op_type == "Conv"][1:]
    pads = {node.output[0]: item for node in layers for item in node.attribute if item.name == "pads"}
    name, item = next((name, item) for name, item in pads.items() if list(item.ints) == [1, 1, 1, 1])
    item.ints[:] = [0, 0, 2, 2]
    onnx.save(model, out)
    return replace(session, model=out), name
