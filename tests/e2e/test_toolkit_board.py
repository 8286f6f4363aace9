"""The real toolkit's path to connected boards, up to the wire: there is none here, and it has to say so."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.boards import PlayedBoard, adb_server
from tests.networks import mobilenet
from workbench.foundation.steps import drain
from workbench.sources.board.links import connect
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.host import ToolkitError, devices, measure, run
from workbench.sources.toolkit.recipe import Action, Analyse, Export, Measure, Network, Recipe, write_dataset

pytestmark = pytest.mark.toolkit
CHIP = "rk3588"


@pytest.fixture
def toolkit(toolkit_python: Path) -> Toolkit:
    return Toolkit("real", toolkit_python)


@pytest.fixture(autouse=True)
def no_board(adb_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An adb server that only this test uses, which knows no board."""
    with adb_server(tmp_path) as port:
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
        yield


def recipe(folder: Path, *actions: Action) -> Recipe:
    np.save(folder / "x.npy", np.random.default_rng(0).normal(size=(1, 3, 112, 112)).astype(np.float32))
    dataset = write_dataset([(folder / "x.npy",)], folder / "dataset.txt")
    network = Network("onnx", (mobilenet(folder / "network.onnx"),))
    return Recipe(network, {"target_platform": CHIP}, True, dataset, actions)


def refusal(toolkit: Toolkit, folder: Path, action: Analyse | Measure) -> ToolkitError:
    if isinstance(action, Analyse):
        steps = run(toolkit, recipe(folder, action), folder / "run")
    else:
        rknn = folder / "n.rknn"
        drain(run(toolkit, recipe(folder, Export(rknn)), folder / "run"))
        steps = measure(toolkit, rknn, (action,), folder / "run")
    with pytest.raises(ToolkitError) as caught:
        drain(steps)
    return caught.value


def test_that_the_toolkit_finds_no_board_where_none_is(toolkit: Toolkit) -> None:
    assert drain(devices(toolkit)) == ()


def test_that_the_toolkit_finds_the_boards_of_adb(toolkit: Toolkit, adb_board: PlayedBoard) -> None:
    connect(adb_board.board).close()

    assert adb_board.board.link.removeprefix("adb:") in drain(devices(toolkit))


def test_that_an_analysis_without_a_board_is_one_sentence(toolkit: Toolkit, tmp_path: Path) -> None:
    error = refusal(toolkit, tmp_path, Analyse((tmp_path / "x.npy",), tmp_path / "snapshot", CHIP))

    assert error.message.startswith("The toolkit failed while it analysed the network:")
    assert "no devices/emulators found" in error.message
    assert "adb devices" in error.hint


@pytest.mark.parametrize("is_memory", [False, True])
def test_that_measuring_on_a_board_that_is_not_there_is_one_sentence(
    toolkit: Toolkit, tmp_path: Path, is_memory: bool
) -> None:
    error = refusal(toolkit, tmp_path, Measure(CHIP, "127.0.0.1:9", is_memory))

    assert error.message.startswith("The toolkit failed while it measured on the board:")
    assert "device '127.0.0.1:9' not found" in error.message
    assert "adb devices" in error.hint


def test_that_a_board_of_another_chip_is_one_sentence(toolkit: Toolkit, adb_board: PlayedBoard, tmp_path: Path) -> None:
    connect(adb_board.board).close()

    error = refusal(toolkit, tmp_path, Measure(CHIP, adb_board.board.link.removeprefix("adb:")))

    assert "while required target_platform = None" in error.message  # this machine has no chip of Rockchip
    assert any("Get hardware info: target_platform = None" in line for line in error.lines)
