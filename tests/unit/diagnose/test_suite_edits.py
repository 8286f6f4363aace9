"""The faults of the suite are what they say: the float network stays the same, and only its numbers are awkward."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.benchmarks.diagnosis.bench import Bench, bench, float_values
from tests.benchmarks.diagnosis.boards import FAULTS as BOARD_FAULTS
from tests.benchmarks.diagnosis.halves import FAULTS as HALF_FAULTS
from tests.benchmarks.diagnosis.health import Health
from tests.benchmarks.diagnosis.inputs import FAULTS as INPUT_FAULTS
from tests.benchmarks.diagnosis.weights import FAULTS as WEIGHT_FAULTS

EDITS = {fault.kind: fault for fault in (*WEIGHT_FAULTS, *HALF_FAULTS)}
INPUTS = {fault.kind: fault for fault in INPUT_FAULTS}


@pytest.fixture
def vww(shared: Path, tmp_path: Path) -> Bench:
    return bench(shared, "vww_96", tmp_path, "test")


def outputs(model: Path, given: Bench) -> np.ndarray:
    (name,) = (item.name for item in given.proto.graph.output)
    return float_values(onnx.load(model), given.fed(), [name])[name]


@pytest.mark.parametrize("kind", ["channel", "concat", "overflow", "underflow"])
def test_that_the_float_network_computes_what_it_did(vww: Bench, kind: str) -> None:
    injected = EDITS[kind].inject(vww)

    assert injected is not None
    assert injected.session.model != vww.session.model
    np.testing.assert_allclose(outputs(injected.session.model, vww), outputs(vww.session.model, vww), atol=1e-4)


def test_that_the_same_fault_is_drawn_again(shared: Path, tmp_path: Path) -> None:
    models = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        injected = EDITS["spikes"].inject(bench(shared, "vww_96", tmp_path / name, "spikes"))
        assert injected is not None
        models.append(injected.session.model.read_bytes())

    assert models[0] == models[1]


def test_that_golden_of_the_first_layers_has_neither_input_nor_output(vww: Bench) -> None:
    injected = INPUTS["order+layers"].inject(vww)

    assert injected is not None
    with np.load(injected.session.imports["golden"].path) as values:
        names = set(values.files)
    assert len(names) == 3
    assert not names & {vww.input, *(item.name for item in vww.proto.graph.output)}


def test_that_a_grey_network_has_no_order_to_be_wrong(shared: Path, tmp_path: Path) -> None:
    mnist = bench(shared, "mnist", tmp_path, "test")

    kinds = {fault.kind: fault for fault in BOARD_FAULTS}
    assert INPUTS["order+input"].inject(mnist) is None
    assert kinds["board-order+input"].inject(mnist) is None


@pytest.mark.parametrize(
    ("now", "is_spoilt"),
    [
        (Health(0.02, 0), False),
        (Health(0.14, 0), False),
        (Health(0.2, 0), True),
        (Health(0.02, 1), True),
        (Health(float("inf"), 0), True),
    ],
)
def test_that_only_outputs_which_a_user_would_miss_count_as_spoilt(now: Health, is_spoilt: bool) -> None:
    assert now.is_spoilt(Health(0.01, 0)) == is_spoilt
