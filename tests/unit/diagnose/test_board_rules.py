"""Rules of what is said of a board: operators, outputs, the CPU, on real networks whose board the simulator plays."""

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.diagnosis.boards import Values
from tests.unit.diagnose.real_runs import analysed, case_in, causes_of, found_by, of_array, on_board
from tests.unit.networks import node, random, write_network
from workbench.diagnose.findings import NOTE
from workbench.diagnose.rules import board_operator, versions
from workbench.foundation.steps import drain

RULES = board_operator.RULES
NETWORKS = ("mnist", "tinycnn_cifar10", "resnet8_cifar10", "fsanet", "ultraface_slim")


def healthy(values: Values) -> Values:
    return {}


@pytest.mark.parametrize("name", NETWORKS)
def test_that_a_board_that_only_rounds_otherwise_has_no_finding(shared: Path, tmp_path: Path, name: str) -> None:
    assert found_by(RULES, on_board(analysed(shared, name, tmp_path), tmp_path, healthy)) == []


def zeroed(tensor: str) -> object:
    def spoil(values: Values) -> Values:
        array = values[tensor].copy()
        array[:, array.shape[1] // 2 :] = 0
        return {tensor: array}

    return spoil


@pytest.mark.parametrize(
    ("name", "tensor"),
    [("mnist", "Pooling160_Output_0"), ("resnet8_cifar10", ""), ("ultraface_slim", "226"), ("fsanet", "")],
)
def test_that_an_operator_that_is_wrong_is_found_with_the_channels(
    shared: Path, tmp_path: Path, name: str, tensor: str
) -> None:
    session = analysed(shared, name, tmp_path)
    tensor = tensor or _middle(session)

    found = found_by(RULES, on_board(session, tmp_path, zeroed(tensor)))  # type: ignore[arg-type]

    assert causes_of(found) == ["board-operator"]
    assert found[0].layers[0] == tensor
    assert any("channels" in part.text and part.view == "channels" for part in found[0].evidence)


def test_that_a_small_channel_that_the_next_layer_lives_on_is_found(tmp_path: Path) -> None:
    """Its layer as a whole is off by less than what counts as wrong, the output is lost."""
    first, second = random(16, 3, 3, 3), random(4, 16, 1, 1, seed=2, scale=0.02)
    first[5] *= 0.01
    second[:, 5] *= 5e3
    nodes = [
        node("Conv", ["x", "first"], ["features"], name="first", pads=[1, 1, 1, 1]),
        node("Conv", ["features", "second"], ["y"], name="second"),
    ]
    model = write_network(tmp_path / "net.onnx", nodes, {"first": first, "second": second})

    def spoil(values: Values) -> Values:
        features = values["features"].copy()
        features[:, 5] *= -1
        return {"features": features}

    found = found_by(RULES, on_board(of_array(model, random(1, 3, 6, 6), tmp_path), tmp_path, spoil))

    assert causes_of(found) == ["board-operator"]
    assert found[0].layers == ("features",)
    assert any("1 of 16 channels are wrong (5)" in part.text for part in found[0].evidence)


def _middle(session: Path) -> str:
    """A convolution's row in the middle of the network."""
    with ExitStack() as stack:
        rows = [row for row in case_in(session, stack).rows if len(row.shape) == 4 and row.shape[1] >= 8]
        return rows[len(rows) // 2].tensor


def test_that_a_layer_in_another_order_is_told_as_what_the_operator_does(shared: Path, tmp_path: Path) -> None:
    def spoil(values: Values) -> Values:
        array = values["226"]
        return {"226": np.ascontiguousarray(array.transpose(0, 2, 3, 1)).reshape(array.shape)}

    found = found_by(RULES, on_board(analysed(shared, "ultraface_slim", tmp_path), tmp_path, spoil))

    assert causes_of(found) == ["board-operator"]
    assert any("it lies as NHWC" in part.text for part in found[0].evidence)


def turned(values: Values) -> Values:
    return {
        name: np.ascontiguousarray(values[name].swapaxes(1, 2)).reshape(values[name].shape)
        for name in ("boxes", "scores")
    }


@pytest.mark.parametrize("only", [(), ("boxes", "scores")])
def test_that_outputs_in_another_order_are_one_finding(shared: Path, tmp_path: Path, only: tuple[str, ...]) -> None:
    """Also where nothing but outputs was read on the board."""
    session = on_board(analysed(shared, "ultraface_slim", tmp_path), tmp_path, turned, only)

    found = found_by(RULES, session)

    assert causes_of(found) == ["board-output-transposed"]
    assert set(found[0].layers) == {"boxes", "scores"}


@pytest.mark.parametrize("only", [(), ("Plus214_Output_0",)])
def test_that_an_output_that_is_no_real_number_is_found(shared: Path, tmp_path: Path, only: tuple[str, ...]) -> None:
    session = analysed(shared, "mnist", tmp_path)
    with ExitStack() as stack:
        case = case_in(session, stack)
        encoding = next(row.encoding for row in reversed(case.rows) if row.encoding is not None and row.encoding.scale)

    def spoil(values: Values) -> Values:
        return {"Plus214_Output_0": encoding.quantize(values["Plus214_Output_0"]).astype(np.float32)}

    found = found_by(RULES, on_board(session, tmp_path, spoil, only))

    assert causes_of(found) == ["board-output-dequantised"]
    assert "not dequantised" in found[0].values["reading"]
    assert f"{encoding.scale[0]:.9g}" in found[0].fixes[0].text


def test_that_many_wrong_layers_are_another_network(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "resnet8_cifar10", tmp_path)

    def spoil(values: Values) -> Values:
        random = np.random.default_rng(1)
        return {
            name: array + random.normal(0, 0.5 * array.std(), array.shape).astype(np.float32)
            for name, array in values.items()
            if array.ndim == 4 and "input" not in name
        }

    assert causes_of(found_by(RULES, on_board(session, tmp_path, spoil)))[0] == "board-other-network"


def test_that_an_output_that_is_off_without_layers_asks_for_them(shared: Path, tmp_path: Path) -> None:
    def spoil(values: Values) -> Values:
        noise = np.random.default_rng(3).normal(0, values["boxes"].std(), values["boxes"].shape)
        return {"boxes": values["boxes"] + noise.astype(np.float32)}

    session = on_board(analysed(shared, "ultraface_slim", tmp_path), tmp_path, spoil, ("boxes", "scores"))
    (found,) = found_by(RULES, session)

    assert (found.cause, found.confidence) == ("board-operator", 0.3)
    assert "RKNN_LOG_LEVEL=5" in found.fixes[0].text


def test_that_layers_on_the_cpu_are_a_note_with_their_share_of_time(shared: Path, tmp_path: Path) -> None:
    session = on_board(analysed(shared, "mnist", tmp_path), tmp_path, healthy)
    with ExitStack() as stack:
        case = case_in(session, stack)
        rows = tuple(
            replace(row, time_us=30.0 if at == 4 else 10.0, on="CPU" if at == 4 else "NPU")
            for at, row in enumerate(case.rows)
        )
        (found,) = drain(board_operator.on_cpu(replace(case, rows=rows)))

    assert (found.cause, found.level, found.layers) == ("board-cpu-operator", NOTE, (rows[4].tensor,))
    assert found.values["share"] == f"{30 / (30 + 10 * (len(rows) - 1)):.0%}"


@pytest.mark.parametrize(
    ("log", "is_said"),
    [
        ("I RKNN: [09:15:09.562] RKNN Runtime Information: librknnrt version: 1.4.0 (a10f100eb@2022-09-09T09:07:14)\n"
         "I RKNN: RKNN Model Information, version: 6, toolkit version: 2.3.0(compiler version: 2.3.0)\n", True),
        ("I RKNN: RKNN Runtime Information, librknnrt version: 2.3.0 (c949ad889d@2024-11-07T11:35:33)\n"
         "I RKNN: RKNN Driver Information, version: 0.9.8\n"
         "I RKNN: RKNN Model Information, version: 6, toolkit version: 2.3.0(compiler version: 2.3.0)\n", False),
        ("driver version: 0.8.2, API version: 1.6.0 (9a7b5d24c@2023-12-13T17:31:11)\n", True),
    ],
)  # fmt: skip
def test_that_versions_that_do_not_fit_are_told(shared: Path, tmp_path: Path, log: str, is_said: bool) -> None:
    session = on_board(analysed(shared, "mnist", tmp_path), tmp_path, healthy)
    dumps = Path(json.loads((session / "session.json").read_text())["imports"]["runtime"]["path"])
    (dumps if dumps.is_absolute() else session / dumps).joinpath("run.log").write_text(log)

    found = found_by(versions.RULES, session)

    assert [(one.cause, one.level) for one in found] == ([("version-mismatch", NOTE)] if is_said else [])
