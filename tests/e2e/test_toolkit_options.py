"""Options of the real toolkit: what they do to the .rknn and to the numbers, and what it refuses."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.networks import node, random, write_network
from workbench.dump.store import Dump
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.project.pipeline import analyze
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.project.toolkit.converting import convert
from workbench.sources.toolkit.descriptions import Toolkit, describe
from workbench.sources.toolkit.host import ToolkitError

pytestmark = pytest.mark.toolkit


@pytest.fixture
def session(toolkit_python: Path, tmp_path: Path) -> Session:
    """Two convolutions between two Reshapes; the toolkit is one of two that are described, and not the usual one."""
    describe(Toolkit("a broken one", tmp_path / "nowhere" / "python"))
    describe(Toolkit("real", toolkit_python))
    nodes = [
        node("Reshape", ["x", "s0"], ["r"]), node("Conv", ["r", "w1"], ["c"], pads=[1] * 4),
        node("Relu", ["c"], ["a"]), node("Conv", ["a", "w2"], ["d"]), node("Reshape", ["d", "s1"], ["y"]),
    ]  # fmt: skip
    weights = {
        "w1": random(32, 3, 3, 3),
        "w2": random(8, 32, 1, 1),
        "s0": np.array([1, 3, 16, 16]),
        "s1": np.array([1, -1]),
    }
    model = write_network(tmp_path / "net.onnx", nodes, weights, (1, 3, 8, 32))
    np.save(tmp_path / "x.npy", random(1, 3, 8, 32))
    samples = (Sample((tmp_path / "x.npy",)),)
    return Session(model, samples=samples, dataset=samples, simulator="toolkit", toolkit="real")


def converted(session: Session, folder: Path, toolkit: Path, **options: Any) -> bytes:
    chosen = replace(session, toolkit_options=options)
    return drain(convert(chosen, folder, Toolkit("real", toolkit))).read_bytes()


def run(session: Session, folder: Path, **options: Any) -> Results:
    return drain(analyze(replace(session, toolkit_options=options), folder))


def simulated(results: Results, name: str) -> np.ndarray:
    with Dump(results.dumps["simulator"][0]) as dump:
        return dump[name]


def test_that_compressed_weights_and_a_single_core_are_in_the_rknn(
    session: Session, toolkit_python: Path, tmp_path: Path
) -> None:
    plain = converted(session, tmp_path / "plain", toolkit_python)
    options = {"single_core_mode": True, "compress_weight": True, "custom_string": "for the board"}
    other = converted(session, tmp_path / "other", toolkit_python, **options)

    assert len(other) < len(plain)
    assert b"for the board" in other
    assert b"for the board" not in plain


def test_that_options_reach_the_simulation_and_leave_its_numbers_where_they_should(
    session: Session, tmp_path: Path
) -> None:
    plain = run(session, tmp_path / "s")
    pruned = run(session, tmp_path / "pruned", remove_reshape=True, model_pruning=True)
    precise = run(session, tmp_path / "precise", auto_hybrid=True, auto_hybrid_cos_thresh=0.999999)

    np.testing.assert_array_equal(simulated(pruned, "a"), simulated(plain, "a"))
    assert [row.tensor for row in pruned.rows if row.tensor == "d"] == ["d"]
    assert not np.array_equal(simulated(precise, "d"), simulated(plain, "d"))


def test_that_a_value_that_the_toolkit_refuses_is_told_in_its_words(session: Session, tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="rk3588 does not support sparse inference"):
        run(session, tmp_path / "s", sparse_infer=True)
