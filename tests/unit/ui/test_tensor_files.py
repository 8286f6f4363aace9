"""What is copied and saved of a tensor comes back as it was."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import random
from workbench.dump.store import DumpWriter
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors import files as tensor_files
from workbench.ui.models.tensors.data import Place
from workbench.ui.models.tensors.files import Painted, python_text, rendered, save_array, save_picture, save_tensor
from workbench.ui.models.tensors.planes import DIFFERENCE

INT8 = Encoding("int8", (0.1, 0.2), (0, 3), axis=1)
SHAPE = (1, 2, 3, 4)


def test_that_copied_code_makes_the_same_array() -> None:
    values = random(3, 5)
    values[0, :3] = np.nan, np.inf, -np.inf
    scope: dict[str, np.ndarray] = {}

    exec(python_text(values, "golden", "a comment"), scope)

    assert scope["golden"].dtype == np.float32
    np.testing.assert_array_equal(scope["golden"], values)


@pytest.mark.parametrize("shape", [(), (1,), (0, 4), (80, 80), (2, 300, 300)])
def test_that_code_of_any_length_makes_an_array_that_can_be_changed(shape: tuple[int, ...]) -> None:
    values = random(*shape) if shape else np.array(3.5, np.float32)
    scope: dict[str, np.ndarray] = {}

    exec(python_text(values, "golden", ""), scope)
    scope["golden"] += 1

    np.testing.assert_array_equal(scope["golden"], values + 1)


def test_that_too_much_to_copy_is_refused_with_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_files, "MOST_COPIED", 99)
    with pytest.raises(WorkbenchError, match="too many") as raised:
        python_text(np.zeros((10, 10), np.float32), "golden", "")

    assert ".npy" in str(raised.value)


def test_that_a_saved_plane_is_the_same(tmp_path: Path) -> None:
    values = random(7, 5)

    drain(save_array(tmp_path / "a.npy", values))
    drain(save_array(tmp_path / "a.csv", values))

    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), values)
    np.testing.assert_array_equal(np.loadtxt(tmp_path / "a.csv", np.float32, delimiter=","), values)


def wanted(folder: Path) -> tuple[dict[str, Place], np.ndarray, np.ndarray]:
    golden, stored = random(*SHAPE), INT8.quantize(random(*SHAPE, seed=1))
    for source, array, encoding in (("golden", golden, None), ("simulator", stored, INT8)):
        with DumpWriter(folder / f"{source}.h5", {}) as writer:
            writer.add("t", array, "Conv", encoding)
    return {source: Place(folder / f"{source}.h5", ("t",)) for source in ("golden", "simulator")}, golden, stored


@pytest.mark.parametrize("source", ["golden", "simulator", DIFFERENCE])
def test_that_a_whole_tensor_is_saved_in_its_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr(tensor_files, "BLOCK", 5)
    places, golden, stored = wanted(tmp_path)
    real = INT8.dequantize(stored)

    drain(save_tensor(tmp_path / "t.npy", places, source, ("simulator", "golden")))

    expected = {"golden": golden, "simulator": real, DIFFERENCE: real - golden}[source]
    np.testing.assert_array_equal(np.load(tmp_path / "t.npy"), expected)


def test_that_a_table_has_a_line_for_each_row_of_the_last_axis(tmp_path: Path) -> None:
    places, golden, _ = wanted(tmp_path)

    drain(save_tensor(tmp_path / "t.csv", places, "golden", ("simulator", "golden")))

    assert "1 x 2 x 3 x 4" in (tmp_path / "t.csv").read_text().splitlines()[0]
    np.testing.assert_array_equal(np.loadtxt(tmp_path / "t.csv", np.float32, delimiter=",").reshape(SHAPE), golden)


def test_that_a_save_that_is_given_up_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_files, "BLOCK", 5)
    steps = save_array(tmp_path / "a.npy", random(7, 5))
    next(steps)

    steps.close()

    assert list(tmp_path.iterdir()) == []


def test_that_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"a\.xyz"):
        drain(save_array(tmp_path / "a.xyz", random(2)))


def test_that_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WorkbenchError, match=r"a\.npy"):
        drain(save_array(tmp_path / "file" / "a.npy", random(2)))


def test_that_a_picture_has_the_colours_of_the_pane_and_squares_of_whole_pixels(tmp_path: Path) -> None:
    import cv2

    table = np.zeros((256, 4), np.uint8)
    table[7] = (10, 20, 30, 255)
    painted = Painted(np.full((2, 3), 7, np.uint8), table)

    drain(save_picture(tmp_path / "a.png", painted))

    image = cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_UNCHANGED)
    assert image.shape[1] % 3 == 0
    assert image.shape[1] >= tensor_files.SMALLEST_PICTURE
    assert image[0, 0].tolist() == [30, 20, 10, 255]


def test_that_a_picture_shows_what_lies_below() -> None:
    table = np.zeros((256, 4), np.uint8)
    table[1] = (200, 200, 200, 255)
    below = np.full((4, 4), 100, np.uint8)

    image = rendered(Painted(np.ones((2, 2), np.uint8), table, below, opacity=0.5))

    assert image[0, 0].tolist() == [150, 150, 150, 255]
