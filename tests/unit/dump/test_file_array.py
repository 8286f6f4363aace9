"""Tensors that are read from their file piece by piece."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from workbench.dump import file_array
from workbench.dump.file_array import FileArray
from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.errors import DumpError

OFFSET = 12


def on_file(folder: Path, array: np.ndarray) -> FileArray:
    path = folder / "values"
    path.write_bytes(bytes(OFFSET) + array.tobytes())
    return FileArray(path, OFFSET, array.shape, array.dtype)


def numbers(*shape: int, dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng(7).integers(0, 255, shape).astype(dtype)


TAKES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "all": lambda whole: whole,
    "a plane": lambda whole: whole[0, 3],
    "a column": lambda whole: whole[:, 2, :, 5],
    "some rows": lambda whole: whole[:, :, 2:4],
    "every third": lambda whole: whole[:, ::3, ::3, 1::3],
    "backwards": lambda whole: whole[:, ::-1, :, ::-2],
    "channels last": lambda whole: whole.transpose(0, 2, 3, 1)[..., 4],
    "transposed": lambda whole: whole.T,
    "a new shape": lambda whole: whole.reshape(2 * 6, -1)[3:5],
    "what numpy copies": lambda whole: whole.transpose(1, 0, 3, 2).reshape(12, -1)[::2],
    "nothing": lambda whole: whole[:, 3:3],
    "one": lambda whole: whole[1, 5, 6, 8, ...],
}


@pytest.mark.parametrize("block", [1, 40, 1 << 20])
@pytest.mark.parametrize("dtype", ["float32", "int8", "float16"])
@pytest.mark.parametrize("take", TAKES.values(), ids=TAKES)
def test_that_every_part_is_what_numpy_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, take: Callable[[np.ndarray], np.ndarray], dtype: str, block: int
) -> None:
    monkeypatch.setattr(file_array, "BLOCK", block)
    array = numbers(2, 6, 7, 9, dtype=dtype)

    part = on_file(tmp_path, array).part(take)

    assert part.dtype == array.dtype
    assert part.shape == take(array).shape
    assert np.array_equal(part, take(array))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells which drives stay")
@pytest.mark.parametrize("stays", [True, False])
def test_that_only_large_parts_on_the_systems_own_drives_are_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stays: bool
) -> None:
    monkeypatch.setattr(file_array, "LARGE", 1000)
    monkeypatch.setattr(file_array, "is_fixed", lambda device: stays)
    array = numbers(2, 6, 70, 90)
    values = on_file(tmp_path, array)

    parts = values[(1,)], values[(1, 3)], values[(0, 0, 0)], values.part(lambda whole: whole[1].transpose(1, 2, 0))

    is_mapped = [not part.flags.writeable for part in parts]
    assert is_mapped == [stays, stays, False, False]
    expected = array[1], array[1, 3], array[0, 0, 0], array[1].transpose(1, 2, 0)
    assert all(np.array_equal(part, one) for part, one in zip(parts, expected, strict=True))
    del parts
    assert str(values.path) not in Path("/proc/self/maps").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells which drives stay")
def test_that_a_large_part_of_a_file_that_was_cut_short_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_array, "LARGE", 1000)
    monkeypatch.setattr(file_array, "is_fixed", lambda device: True)
    values = on_file(tmp_path, numbers(2, 6, 70, 90))
    os.truncate(values.path, 5000)

    with pytest.raises(DumpError, match="shorter than it has to be"):
        values[(1,)]


def test_that_numbers_and_slices_select(tmp_path: Path) -> None:
    array = numbers(2, 6, 7, 9)
    values = on_file(tmp_path, array)

    for select in ((), (1,), (0, slice(2, 4)), (0, 1, 2, 3), (slice(None), 5, slice(None, None, 2))):
        assert np.array_equal(values[select], array[select])
    assert np.array_equal(values.reshape(-1)[(slice(5, 50),)], array.reshape(-1)[5:50])
    assert np.array_equal(values.reshape((6, 14, 9))[(2,)], array.reshape(6, 14, 9)[2])


def test_that_a_scalar_can_be_read(tmp_path: Path) -> None:
    values = on_file(tmp_path, np.array(2.5, np.float32))

    assert (values.ndim, values.size, values[()]) == (0, 1, 2.5)


def test_that_only_what_is_wanted_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = on_file(tmp_path, numbers(1, 8, 512, 512))
    read: list[int] = []
    monkeypatch.setattr(FileArray, "_read", lambda self, address, block: read.append(block.nbytes))

    values[0, 3]
    assert read == [512 * 512 * 4]
    read.clear()
    values.part(lambda whole: whole[:, ::4, ::64, ::64])
    assert sum(read) < 2 * 512 * 512 * 4
    assert max(read) <= file_array.BLOCK


def test_that_a_file_that_was_cut_short_is_an_error(tmp_path: Path) -> None:
    array = numbers(2, 6, 7, 9)
    values = on_file(tmp_path, array)
    os.truncate(values.path, OFFSET + array.nbytes // 2)

    assert np.array_equal(values[(0,)], array[0])
    with pytest.raises(DumpError, match="values cannot be read: it is shorter than it has to be"):
        values[(1,)]


@pytest.mark.parametrize(("offset", "shape"), [(0, (1 << 20, 1 << 20)), (1 << 47, (1,)), (-8, (1,)), (997, (1,))])
def test_that_a_tensor_outside_of_its_file_costs_nothing(tmp_path: Path, offset: int, shape: tuple[int, ...]) -> None:
    (tmp_path / "values").write_bytes(bytes(1000))
    with pytest.raises(DumpError, match="shorter than it has to be"):
        FileArray(tmp_path / "values", offset, shape, np.dtype("float32"))


@pytest.mark.skipif(sys.platform == "win32", reason="the file would take its room on the disk")
def test_that_a_tensor_may_be_larger_than_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "values"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # of which nothing is written
    values = FileArray(path, 0, (1 << 10, 1 << 28), np.dtype("float32"))

    assert values[(1023, slice(7, 10))].tolist() == [0, 0, 0]


def test_that_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match="No such file"):
        FileArray(tmp_path / "none", 0, (1,), np.dtype("float32"))


def test_that_a_drive_that_fails_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = on_file(tmp_path, numbers(4))

    def fail(self: object, offset: int, block: memoryview) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("workbench.dump.file_array._File.read", fail)
    with pytest.raises(DumpError, match="Input/output error"):
        values[()]


def test_that_an_overlay_gives_what_its_base_has(tmp_path: Path) -> None:
    kept, other = numbers(3, 4), numbers(5)
    with DumpWriter(tmp_path / "base.h5", {}) as writer:
        writer.add("kept", kept)
        writer.add("other", other)
    with DumpWriter(tmp_path / "over.h5", {"base": "base.h5", "tensors": ["kept", "other", "none"]}) as writer:
        writer.add("other", other + 1)
        writer.add("none", np.empty((0, 3), np.float32))

    with Dump(tmp_path / "over.h5") as dump:
        read = {name: dump.on_file(name)[0][()] for name in dump}

    assert np.array_equal(read["kept"], kept)
    assert np.array_equal(read["other"], other + 1)
    assert read["none"].shape == (0, 3)
