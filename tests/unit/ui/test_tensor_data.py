"""How tensors are found in dumps and cut into planes."""

import os
from pathlib import Path

import numpy as np
import pytest

from workbench.compare.compare import LayerError
from workbench.dump.store import DumpWriter
from workbench.foundation.errors import DumpError
from workbench.project.results import Results
from workbench.quantize.encoding import Encoding
from workbench.ui.models.tensors.cut import Cut, looks_channels_last
from workbench.ui.models.tensors.data import Place, Shelf, find, places, simulator_of
from workbench.ui.models.tensors.planes import Choice, Planes
from workbench.ui.models.tensors.planes_reader import PlanesReader

INT8 = Encoding("int8", (0.5,), (3,))


def dump(path: Path, name: str, array: np.ndarray, encoding: Encoding | None = None) -> Path:
    with DumpWriter(path, {}) as writer:
        writer.add(name, array, "Conv", encoding)
    return path


def read(wanted: dict[str, Place], channel: int) -> Planes:
    return PlanesReader().read(wanted, Choice(channel=channel))


@pytest.mark.parametrize(
    ("shape", "last", "channels", "plane"),
    [
        ((1, 3, 4, 5), False, 3, (4, 5)),
        ((2, 3, 4, 5), False, 6, (4, 5)),
        ((1, 4, 5, 3), True, 3, (4, 5)),
        ((2, 4, 5, 3), True, 6, (4, 5)),
        ((1, 7, 9), False, 1, (7, 9)),
        ((1, 1, 28, 28), False, 1, (28, 28)),
        ((1, 10), False, 1, (10,)),
        ((1, 64, 1, 1), False, 1, (64,)),
        ((), False, 1, (1,)),
    ],
)
def test_that_a_shape_is_cut_into_planes(
    shape: tuple[int, ...], last: bool, channels: int, plane: tuple[int, ...]
) -> None:
    cut = Cut(shape, last)

    assert (cut.channels, cut.plane) == (channels, plane)


@pytest.mark.parametrize(("shape", "last"), [((2, 3, 4, 5), False), ((2, 4, 5, 3), True), ((1, 9), False), ((), False)])
def test_that_every_element_is_in_the_plane_that_its_index_says(shape: tuple[int, ...], last: bool) -> None:
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    cut = Cut(shape, last)

    for channel in range(cut.channels):
        plane = array[cut.select(channel)].reshape(cut.plane)
        for position in np.ndindex(*cut.plane):
            assert array[cut.index(channel, position)] == plane[position]
            assert cut.channel_at(dict(enumerate(cut.index(channel, position)))) == channel


@pytest.mark.parametrize(
    ("shape", "last"),
    [
        ((1, 257, 257, 21), True), ((1, 40, 60, 3), True), ((1, 3, 40, 40, 85), True),
        ((1, 3, 257, 257), False), ((1, 8, 8, 8), False), ((1, 10), False), ((1, 64, 3, 3), False),
    ],
)  # fmt: skip
def test_that_channels_at_the_end_are_recognised_by_pictures_before_them(shape: tuple[int, ...], last: bool) -> None:
    assert looks_channels_last(shape) is last


def test_that_all_sources_are_read_with_their_integers(tmp_path: Path) -> None:
    real = np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4)
    stored = INT8.quantize(real)
    wanted = {
        "golden": Place(dump(tmp_path / "g.h5", "t", real), ("t",)),
        "simulator": Place(dump(tmp_path / "s.h5", "t", stored, INT8), ("t",)),
    }

    planes = read(wanted, 1)

    np.testing.assert_array_equal(planes.values["golden"], real[0, 1])
    np.testing.assert_array_equal(planes.values["simulator"], INT8.dequantize(stored)[0, 1])
    np.testing.assert_array_equal(planes.stored["simulator"], stored[0, 1])
    assert "golden" not in planes.stored


def test_that_scales_along_the_channels_are_applied(tmp_path: Path) -> None:
    encoding = Encoding("int8", (1.0, 10.0), (0, 0), axis=1)
    stored = np.ones((1, 2, 2, 2), np.int8)
    wanted = {"golden": Place(dump(tmp_path / "g.h5", "t", stored, encoding), ("t",))}

    assert read(wanted, 1).values["golden"].tolist() == [[10.0, 10.0], [10.0, 10.0]]


def test_that_a_tensor_of_another_size_is_named_and_not_shown(tmp_path: Path) -> None:
    wanted = {
        "golden": Place(dump(tmp_path / "g.h5", "t", np.zeros((1, 2), np.float32)), ("t",)),
        "runtime": Place(dump(tmp_path / "r.h5", "t", np.zeros((1, 3), np.float32)), ("t",)),
    }

    planes = read(wanted, 0)

    assert list(planes.values) == ["golden"]
    assert "1×3" in planes.missing["runtime"]


def test_that_a_tensor_with_other_axes_is_shown_in_golden_s(tmp_path: Path) -> None:
    wanted = {
        "golden": Place(dump(tmp_path / "g.h5", "t", np.zeros((2, 3), np.float32)), ("t",)),
        "runtime": Place(dump(tmp_path / "r.h5", "t", np.arange(6, dtype=np.float32)), ("t",)),
    }

    assert read(wanted, 0).values["runtime"].shape == (2, 3)


def test_that_a_missing_tensor_is_named(tmp_path: Path) -> None:
    planes = read({"golden": Place(dump(tmp_path / "g.h5", "a", np.zeros(2, np.float32)), ("b",))}, 0)

    assert not planes.values
    assert "b" in planes.missing["golden"]


def test_that_a_channel_beyond_the_end_is_the_last(tmp_path: Path) -> None:
    wanted = {"golden": Place(dump(tmp_path / "g.h5", "t", np.zeros((1, 2, 3, 3), np.float32)), ("t",))}

    assert read(wanted, 99).channel == 1


def test_that_a_replaced_dump_is_read_again(tmp_path: Path) -> None:
    path = dump(tmp_path / "g.h5", "t", np.zeros(2, np.float32))
    shelf = Shelf()
    shelf.dump(path)

    dump(path, "t", np.ones(2, np.float32))
    os.utime(path, ns=(1, 1))

    assert shelf.dump(path)["t"].tolist() == [1.0, 1.0]
    shelf.close()


def test_that_a_dump_that_is_cut_short_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    """A mapped one would end the process."""
    path, shelf = dump(tmp_path / "g.h5", "t", np.ones((1, 64, 128, 128), np.float32)), Shelf()
    found, _ = find(shelf, {"golden": Place(path, ("t",))})
    assert found["golden"].part((0, 0)).min() == 1

    os.truncate(path, 100_000)

    with pytest.raises(DumpError, match="it is shorter than it has to be"):
        found["golden"].part((0, 63))
    shelf.close()


def test_that_a_lost_dump_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match="There is no dump"):
        Shelf().dump(tmp_path / "none.h5")


def test_that_single_takes_the_other_simulator_dump_of_the_sample() -> None:
    row = LayerError(0, "Conv", "t_bn", "t", (), (1,), None, {}, "fusion", "")
    files = {source: (Path(f"{source}0"), Path(f"{source}1")) for source in ("golden", "simulator", "simulator_single")}

    found = places(Results((row,), dumps=files), row, "t_bn", 1, "simulator_single")

    assert found["simulator"].path == Path("simulator_single1")
    assert found["golden"] == Place(Path("golden1"), ("t", "t_bn"))
    assert "runtime" not in found


@pytest.mark.parametrize(
    ("column", "single", "expected"),
    [
        ("runtime.single_sim", False, "simulator_on_board"),
        ("runtime.single_sim", True, "simulator_on_board"),
        ("runtime.entire", False, "simulator"),
        ("simulator.single", True, "simulator_single"),
    ],
)
def test_that_single_sim_looks_at_what_it_compares_the_board_with(column: str, single: bool, expected: str) -> None:
    there = Results((), dumps={"simulator_on_board": (Path("b.h5"),)})

    assert simulator_of(there, column, single) == expected


def test_that_single_sim_looks_at_the_simulator_where_it_did_not_run_on_the_boards_inputs() -> None:
    assert simulator_of(Results(()), "runtime.single_sim", single=False) == "simulator"
