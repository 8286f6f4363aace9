"""What single_sim means, checked with the dumps and the report of a real RK3588."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from tests.unit.networks import deployed
from workbench.compare.metrics import measure
from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.quantize.kept import Kept
from workbench.quantize.planner import make_plan
from workbench.quantize.ranges import Range
from workbench.quantize.schemes import QuantSettings
from workbench.sources.single_sim import simulate_on_board

SIX = Range(0.0, 6.0)
STEP = 6 / 255
PRINTED = {15: (0.2900, 49), 16: (0.4383, 0), 17: (0.3923, 0)}
"""Euc of single_sim in the report, of the depthwise convolutions of the last blocks; and how many values the report
counts that no dump explains: a channel whose input is zero everywhere shows its bias but not the kernel's scale.
"""


def rows_of(values: np.ndarray) -> np.ndarray:
    """What a 3x3 kernel with padding 1 sees, and a one for the bias: channels x places x 10."""
    padded = np.pad(values[0].astype(np.float64), ((0, 0), (1, 1), (1, 1)))
    seen = [padded[:, i : i + 7, j : j + 7].reshape(len(padded), -1) for i in range(3) for j in range(3)]
    return np.stack([*seen, np.ones_like(seen[0])], -1)


def kernels(tensors: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Float kernels and bias of every channel, and which channels the dumps determine.

    Golden in- and outputs are linear equations; where they leave a channel open, the simulator's values before the Clip
    are more of them, as exact as its kernel's quantization is.
    """
    golden, simulated, board = (rows_of(tensors[kind]) for kind in ("golden", "simulator", "runtime"))
    found, is_known = np.zeros((len(golden), 10)), np.ones(len(golden), bool)
    for channel, seen in enumerate(golden):
        weights, _, rank, _ = np.linalg.lstsq(seen, tensors["golden_conv"][0, channel].ravel(), rcond=1e-7)
        if rank < 10:
            open_ = np.linalg.svd(seen)[2][rank:].T
            more, left = simulated[channel], tensors["simulator_conv"][0, channel].ravel()
            held = np.concatenate([more @ open_, 1e-4 * np.eye(10 - rank)])  # what nothing determines stays small
            rest = np.concatenate([left - more @ weights, np.zeros(10 - rank)])
            weights += open_ @ np.linalg.lstsq(held, rest)[0]
            both = np.concatenate([seen, more])
            known = np.linalg.svd(both)[2][: np.linalg.matrix_rank(both, 1e-3)]
            is_known[channel] = np.abs(board[channel] - board[channel] @ known.T @ known).max() < 1e-5
        found[channel] = weights
    return found, is_known


def tensors_of(folder: Path, block: int) -> dict[str, np.ndarray]:
    start = f"_features_features_{block}_conv_conv_"
    given, conv, taken = (
        f"{start}{name}"
        for name in ("0_conv_0_2_Clip_output_0", "1_conv_1_0_Conv_output_0", "1_conv_1_2_Clip_output_0")
    )
    found = {f"{kind}": np.load(folder / kind / "npy" / f"{given}.npy") for kind in ("golden", "simulator")}
    found |= {f"{kind}_conv": np.load(folder / kind / "npy" / f"{conv}.npy") for kind in ("golden", "simulator")}
    found["simulator_out"] = np.load(folder / "simulator" / "npy" / f"{taken}.npy")
    for key, name in (("runtime", given), ("runtime_out", taken)):
        found[key] = np.load(next((folder / "runtime" / "npy").glob(f"*{name}_shape*")))
    return found


@pytest.mark.parametrize("block", PRINTED)
def test_that_single_sim_is_the_simulator_on_the_boards_own_inputs(shared: Path, tmp_path: Path, block: int) -> None:
    tensors = tensors_of(shared / "artifacts" / "mobilenetv2_rk3588_runtime", block)
    weights, is_known = kernels(tensors)
    count = int(is_known.sum())
    assert count >= 0.98 * len(is_known), "the dumps determine almost all channels"

    def simulated(source: str) -> np.ndarray:
        return run(tmp_path / source, weights[is_known], tensors[source][:, is_known])

    board = tensors["runtime_out"][:, is_known]
    own = measure(simulated("runtime"), board)

    # euc² in steps² is how many of 47040 values differ, by one step each
    euc, hidden = PRINTED[block]
    printed, counted = (round((value / STEP) ** 2) for value in (euc, own["euc"]))
    assert counted == pytest.approx(printed - hidden, abs=1)
    assert own["cos"] == pytest.approx(1.0, abs=2e-5)
    # neither golden inputs nor the simulator's own run are what the report compares
    assert measure(simulated("golden"), board)["euc"] > 20 * own["euc"]
    assert measure(tensors["simulator_out"], tensors["runtime_out"])["euc"] > 20 * own["euc"]


def run(folder: Path, weights: np.ndarray, given: np.ndarray) -> np.ndarray:
    """The depthwise convolution with its Clip in our simulator, on a board's values of its input."""
    folder.mkdir()
    count = len(weights)
    constants = {"w": weights[:, :9].reshape(count, 1, 3, 3), "b": weights[:, 9], "low": 0.0, "high": 6.0}
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["conv"], group=count, pads=[1, 1, 1, 1]),
        helper.make_node("Clip", ["conv", "low", "high"], ["y"]),
    ]
    arrays = {name: np.asarray(value, np.float32) for name, value in constants.items()}
    graph = with_converts(deployed(folder, nodes, arrays, shape=(1, count, 7, 7)), "int8")
    plan = make_plan(graph, dict.fromkeys(("x", "x_int8", "conv", "y", "y_int8"), SIX), QuantSettings())
    with DumpWriter(folder / "board.h5", {}) as writer:
        for name in ("x_int8", "y_int8"):
            writer.add(name, given.astype(np.float32))
    feeds = {"x": given.astype(np.float32)}
    drain(simulate_on_board((graph, plan, Kept()), feeds, folder / "board.h5", folder / "sim.h5", {}))
    with Dump(folder / "sim.h5") as dump:
        return dump["y_int8"]


PC = ("golden", "simulator")
POINTWISE = {
    "14_conv_conv_2_Conv": "14_conv_conv_1_conv_1_2_Clip",
    "15_conv_conv_0_conv_0_0_Conv": "14_conv_conv_2_Conv",
    "15_conv_conv_2_Conv": "15_conv_conv_1_conv_1_2_Clip",
    "16_conv_conv_0_conv_0_0_Conv": "15_Add",
    "16_conv_conv_2_Conv": "16_conv_conv_1_conv_1_2_Clip",
    "17_conv_conv_0_conv_0_0_Conv": "16_Add",
    "17_conv_conv_2_Conv": "17_conv_conv_1_conv_1_2_Clip",
}
"""The 1x1 convolutions of the real run of which input and output are on disk: output, input."""


@pytest.mark.parametrize("output", POINTWISE)
def test_that_the_real_runs_dumps_leave_its_pointwise_convolutions_open(shared: Path, output: str) -> None:
    """Why single_sim of these rows cannot be computed anew: the network is not there, and 49 places of two dumps are
    98 equations for 161 to 961 unknowns of each channel; a good part of the board's inputs lies beside all of them.
    """
    folder = shared / "artifacts" / "mobilenetv2_rk3588_runtime"
    name = f"_features_features_{POINTWISE[output]}_output_0"
    known = np.concatenate([places_of(np.load(folder / kind / "npy" / f"{name}.npy")) for kind in PC])
    board = places_of(np.load(next((folder / "runtime" / "npy").glob(f"*_{name}_shape*"))))
    for kind in PC:
        assert (folder / kind / "npy" / f"_features_features_{output}_output_0.npy").is_file()
    span = np.linalg.svd(known, full_matrices=False)[2]
    beside = board - board @ span.T @ span
    assert len(span) == 98 < known.shape[1]
    assert np.linalg.norm(beside) > 0.05 * np.linalg.norm(board - board.mean(axis=0))


def places_of(values: np.ndarray) -> np.ndarray:
    """What a 1x1 convolution sees, a row a place, and the bias."""
    rows = values.astype(np.float64).reshape(values.shape[1], -1).T
    return np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
