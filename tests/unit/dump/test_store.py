"""Rules of dump files."""

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.errors import DumpError, WorkbenchError
from workbench.quantize.encoding import Encoding

RNG = np.random.default_rng(7)
INT8 = Encoding("int8", (0.5,), (-3,))


def write(path: Path, **tensors: np.ndarray) -> Path:
    with DumpWriter(path, {"source": "test"}) as writer:
        for name, values in tensors.items():
            writer.add(name, values)
    return path


def change_index(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Replace the index of a dump by a changed one."""
    with h5py.File(path, "r+") as file:
        document = json.loads(file["index"][()].tobytes())
        changed = change(document)
        text = json.dumps(document if changed is None else changed).encode()
        del file["index"]
        file["index"] = np.frombuffer(text, np.uint8)


def test_that_tensors_come_back_bit_for_bit_in_their_order(tmp_path: Path) -> None:
    tensors = {name: RNG.standard_normal((1, 2, 3, 4), dtype=np.float32) for name in ("z", "a/b:0", "名#1", "")}

    with Dump(write(tmp_path / "a.h5", **tensors)) as dump:
        assert (dump.names, list(dump), len(dump)) == (tuple(tensors), list(tensors), 4)
        assert all(np.array_equal(dump[name], values) for name, values in tensors.items())
        assert dump.info == {"source": "test"}


def test_that_operator_shape_and_encoding_are_kept(tmp_path: Path) -> None:
    along = Encoding("int8", (0.25, 0.1), (0, 1), 1)
    with DumpWriter(tmp_path / "a.h5", {}) as writer:
        writer.add("a", np.zeros((1, 2, 2), np.int8), "Conv", along)
        writer.add("b", np.zeros(3, np.float16), "Cast", Encoding("float16"))
        writer.add("c", np.zeros(()))

    with Dump(tmp_path / "a.h5") as dump:
        assert [dump.op(name) for name in dump] == ["Conv", "Cast", ""]
        assert [dump.encoding(name) for name in dump] == [along, Encoding("float16"), None]
        assert [dump.shape(name) for name in dump] == [(1, 2, 2), (3,), ()]


def test_that_stored_integers_are_dequantised_on_access_and_kept_in_raw(tmp_path: Path) -> None:
    stored = RNG.integers(-128, 127, (2, 3), np.int8)
    with DumpWriter(tmp_path / "a.h5", {}) as writer:
        writer.add("a", stored, "Conv", INT8)

    with Dump(tmp_path / "a.h5") as dump:
        values, (raw, encoding) = dump["a"], dump.raw("a")
        assert (values.dtype, raw.dtype, encoding) == (np.float32, np.int8, INT8)
        assert np.array_equal(values, INT8.dequantize(stored))
        assert np.array_equal(raw, stored)


@pytest.mark.parametrize(
    "dtype", ["float16", "float32", "float64", "int8", "uint8", "int16", "uint16", "int32", "int64", "bool"]
)
@pytest.mark.parametrize("shape", [(), (0,), (1, 0, 3), (5,), (2, 3)])
def test_that_every_type_and_shape_is_stored(tmp_path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    values = np.asarray(RNG.integers(0, 2, shape)).astype(dtype)

    with Dump(write(tmp_path / "a.h5", a=values)) as dump:
        raw, encoding = dump.raw("a")
        assert (raw.dtype, raw.shape, encoding) == (values.dtype, shape, None)
        assert np.array_equal(raw, values)
        assert (dump["a"].dtype, dump["a"].shape) == (np.float32, shape)


def test_that_an_array_that_is_not_contiguous_is_stored_by_its_values(tmp_path: Path) -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4).T

    with Dump(write(tmp_path / "a.h5", a=values)) as dump:
        assert np.array_equal(dump["a"], values)


def test_that_mapped_arrays_are_aligned_read_only_and_outlive_the_dump(tmp_path: Path) -> None:
    with Dump(write(tmp_path / "a.h5", a=np.ones(3, np.int8), b=np.arange(4.0))) as dump:
        raw, _ = dump.raw("b")

    assert (raw.flags.aligned, raw.flags.writeable, raw.tolist()) == (True, False, [0.0, 1.0, 2.0, 3.0])


def test_that_an_accessed_tensor_belongs_to_the_caller(tmp_path: Path) -> None:
    with Dump(write(tmp_path / "a.h5", a=np.ones(3, np.float32))) as dump:
        dump["a"][:] = 2
        assert dump["a"].tolist() == [1, 1, 1]


def test_that_a_dump_may_be_open_twice_and_closed_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "a.h5", a=np.ones(3, np.float32))

    with Dump(path) as first, Dump(path) as second:
        assert first["a"].tolist() == second["a"].tolist()
        first.close()


def test_that_an_unknown_tensor_is_named(tmp_path: Path) -> None:
    with Dump(write(tmp_path / "a.h5")) as dump, pytest.raises(KeyError, match="has no tensor x"):
        dump["x"]


def test_that_asking_whether_a_tensor_is_there_reads_none(tmp_path: Path) -> None:
    with Dump(write(tmp_path / "a.h5", a=np.ones(1))) as dump:
        assert ("a" in dump, "b" in dump, dump.get("b")) == (True, False, None)


@pytest.mark.parametrize(
    ("shape", "channels", "plane"),
    [
        ((2, 3, 4, 5), 3, lambda x: x[0, 1]),
        ((3, 4, 5), 3, lambda x: x[1]),
        ((3, 4), 3, lambda x: x[1]),
        ((4,), 1, lambda x: x),
        ((), 1, lambda x: x.reshape(1)),
        ((1, 3, 2, 4, 5), 3, lambda x: x[0, 1].reshape(8, 5)),
    ],
)
def test_that_a_channel_is_a_plane_of_the_first_sample(
    tmp_path: Path, shape: tuple[int, ...], channels: int, plane: Callable[[np.ndarray], np.ndarray]
) -> None:
    values = np.asarray(RNG.standard_normal(shape), np.float32)

    with Dump(write(tmp_path / "a.h5", a=values)) as dump:
        assert dump.channels("a") == channels
        assert np.array_equal(dump.channel("a", 1), plane(values))


@pytest.mark.parametrize(("shape", "axis"), [((2, 3, 4, 5), 0), ((2, 3, 4, 5), 1), ((2, 3, 4, 5), -1), ((3, 4, 5), 0)])
def test_that_a_channel_is_dequantised_with_its_own_scale(tmp_path: Path, shape: tuple[int, ...], axis: int) -> None:
    sides = shape[axis]
    encoding = Encoding("int8", tuple(0.1 * (n + 1) for n in range(sides)), tuple(range(sides)), axis)
    stored = RNG.integers(-128, 127, shape, np.int8)
    with DumpWriter(tmp_path / "a.h5", {}) as writer:
        writer.add("a", stored, "", encoding)

    with Dump(tmp_path / "a.h5") as dump:
        whole = encoding.dequantize(stored)
        assert np.array_equal(dump.channel("a", 2), whole[0, 2] if len(shape) == 4 else whole[2])


def test_that_there_is_no_channel_beyond_the_last(tmp_path: Path) -> None:
    with Dump(write(tmp_path / "a.h5", a=np.zeros((1, 3, 2, 2)))) as dump:
        for n in (3, -1):
            with pytest.raises(IndexError, match="a has 3 channels"):
                dump.channel("a", n)


def test_that_statistics_are_those_of_the_dequantised_values(tmp_path: Path) -> None:
    stored = RNG.integers(-128, 127, (1, 4, 300, 100), np.int8)
    with DumpWriter(tmp_path / "a.h5", {}) as writer:
        writer.add("a", stored, "", INT8)

    with Dump(tmp_path / "a.h5") as dump:
        found = dump.statistics("a")

    real = INT8.dequantize(stored).astype(np.longdouble)
    expected = {"min": real.min(), "max": real.max(), "mean": real.mean(), "std": real.std(), "count": real.size}
    assert {key: found[key] for key in expected} == pytest.approx({key: float(x) for key, x in expected.items()})
    assert (found["zeros"], found["nan"], found["inf"]) == (np.count_nonzero(real == 0), 0, 0)


def test_that_a_duplicate_or_a_text_tensor_is_refused_when_written(tmp_path: Path) -> None:
    with DumpWriter(tmp_path / "a.h5", {}) as writer:
        writer.add("a", np.zeros(1))
        with pytest.raises(ValueError, match="added before"):
            writer.add("a", np.zeros(1))
        with pytest.raises(DumpError, match=r"Tensor b cannot be dumped: its type is object\."):
            writer.add("b", np.asarray(["x"], object))


def test_that_a_failed_block_leaves_no_file_and_keeps_the_older_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.h5", a=np.ones(3, np.float32))

    def fail() -> None:
        with DumpWriter(path, {}) as writer:
            writer.add("b", np.ones(3))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()

    assert [file for file in tmp_path.iterdir() if file.suffix == ".part"] == []
    with Dump(path) as dump:
        assert dump.names == ("a",)


def test_that_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WorkbenchError, match="Cannot write"), DumpWriter(tmp_path / "file" / "a.h5", {}):
        pass


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from workbench.dump.store import DumpWriter
from workbench.foundation.errors import WorkbenchError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    with DumpWriter(Path(sys.argv[1]), {}) as writer:
        for number in range(20):
            writer.add(str(number), np.ones(20_000, np.float32))
except WorkbenchError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of a file with setrlimit")
@pytest.mark.parametrize("limit", [10, 1_000, 5_000, 100_000, 1_601_000])
def test_that_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "dumps" / "a.h5"
    command = [sys.executable, "-B", "-c", FULL_DISK, str(path), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    expected = f"Cannot write {path}: File too large. Free some room or choose another folder, then try again.\n"
    assert (done.stdout, done.stderr, done.returncode) == (expected, "", 0)
    assert list(path.parent.iterdir()) == []


def test_that_opening_reads_no_tensor(tmp_path: Path) -> None:
    path = write(tmp_path / "a.h5", a=np.full(100_000, 7, np.uint8))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"\x07" * 100_000, b"\x08" * 100_000))

    with Dump(path) as dump:
        path.write_bytes(content)  # same size, so the mapping made later sees it
        assert dump["a"][0] == 7


def test_that_a_missing_dump_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match="There is no dump"):
        Dump(tmp_path / "a.h5")
    with pytest.raises(DumpError, match="There is no dump"):
        Dump(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\x89HDF", b"{}" * 1000, b"\x89HDF\r\n\x1a\n" + b"\xff" * 5000])
def test_that_a_file_that_is_not_hdf5_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.h5").write_bytes(content)

    with pytest.raises(DumpError, match="cannot be read: it is not an HDF5 file, or writing it was interrupted"):
        Dump(tmp_path / "a.h5")


def test_that_a_dump_cut_anywhere_is_refused_or_gives_true_values(tmp_path: Path) -> None:
    values = RNG.standard_normal(1000, dtype=np.float32)
    content = write(tmp_path / "a.h5", a=values, b=values).read_bytes()

    for size in range(0, len(content), 97):
        (tmp_path / "cut.h5").write_bytes(content[:size])
        with pytest.raises(DumpError, match=r"cut\.h5 cannot be read"), Dump(tmp_path / "cut.h5") as dump:
            dump.raw("b")


def test_that_a_killed_writer_leaves_a_file_that_is_refused(tmp_path: Path) -> None:
    program = (
        "import os, sys, numpy as np; from pathlib import Path; from workbench.dump.store import DumpWriter\n"
        "with DumpWriter(Path(sys.argv[1]), {}) as writer:\n"
        "    for n in range(5): writer.add(str(n), np.ones(100_000, np.float32))\n"
        "    os._exit(9)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "dumps" / "a.h5")]
    assert subprocess.run(command, timeout=60, check=False).returncode == 9

    left = list((tmp_path / "dumps").iterdir())
    assert len(left) == 1
    assert left[0].suffix == ".part"
    with pytest.raises(DumpError, match="cannot be read"):
        Dump(left[0])


def test_that_a_foreign_hdf5_file_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["weights"] = np.ones(3)

    with pytest.raises(DumpError, match="it has no index of RKNN Workbench"):
        Dump(tmp_path / "a.h5")


@pytest.mark.parametrize("index", [np.ones(3), np.uint8(3), np.frombuffer(b"{}", np.uint8), np.zeros((2, 2), np.uint8)])
def test_that_a_foreign_index_is_refused(tmp_path: Path, index: np.ndarray) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["index"] = index

    with pytest.raises(DumpError, match="its index is"):
        Dump(tmp_path / "a.h5")


def test_that_an_index_larger_than_its_file_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("index", (1 << 40,), np.uint8)

    with pytest.raises(DumpError, match="its index is damaged"):
        Dump(tmp_path / "a.h5")


def tensor(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["tensors"][0].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: [1, 2],
        lambda document: document.update(format="other"),
        lambda document: document.update(version=99),
        lambda document: document.update(info=3),
        lambda document: document.update(tensors={}),
        lambda document: document["tensors"].append(document["tensors"][0]),
        lambda document: document["tensors"].append("x"),
        tensor(name=3),
        tensor(op=[]),
        tensor(shape="x"),
        tensor(shape=[-1]),
        tensor(shape=[True]),
        tensor(shape=[2**60]),
        tensor(shape=[1] * 40),
        tensor(dtype="object"),
        tensor(dtype=["f4"]),
        tensor(encoding=3),
        tensor(encoding={"dtype": "int99", "scale": [], "zero_point": []}),
        tensor(encoding={"dtype": "int8", "scale": ["x"], "zero_point": [0]}),
        tensor(encoding={"dtype": "int8", "scale": [math.nan], "zero_point": [0]}),
        tensor(encoding={"dtype": "int8", "scale": [10**400], "zero_point": [0]}),
        tensor(encoding={"dtype": "int8", "scale": [1.0], "zero_point": [0.5]}),
        tensor(encoding={"dtype": "int8", "scale": [1.0], "zero_point": []}),
        tensor(encoding={"dtype": "int8", "scale": [1.0, 2.0], "zero_point": [0, 0]}),
        tensor(encoding={"dtype": "int8", "scale": [1.0, 2.0], "zero_point": [0, 0], "axis": 5}),
        tensor(encoding={"dtype": "int8", "scale": [1.0, 2.0], "zero_point": [0, 0], "axis": 0}),
        tensor(encoding={"dtype": "int8", "scale": [1.0], "zero_point": [0], "layout": 7}),
    ],
)
def test_that_a_hostile_index_is_refused(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = write(tmp_path / "a.h5", a=np.ones(3, np.int8))
    change_index(path, change)

    with pytest.raises(DumpError, match=r"a\.h5 cannot be read: "):
        Dump(path)


@pytest.mark.parametrize("change", [tensor(shape=[2**40]), tensor(shape=[2]), tensor(dtype="float64")])
def test_that_an_index_that_contradicts_the_tensor_is_refused_on_access(
    tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    path = write(tmp_path / "a.h5", a=np.ones(3, np.int8))
    change_index(path, change)

    with Dump(path) as dump, pytest.raises(DumpError, match="its tensor a is damaged"):
        dump.raw("a")


@pytest.mark.parametrize("kind", ["missing", "chunked", "external", "huge"])
def test_that_a_tensor_that_is_not_in_one_piece_is_refused_on_access(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "a.h5", a=np.ones(3, np.int8))
    if kind == "huge":
        change_index(path, tensor(shape=[1 << 40]))
    with h5py.File(path, "r+") as file:
        del file["0"]
        if kind == "chunked":
            file.create_dataset("0", (3,), "i1", chunks=(3,))
        if kind == "external":
            file.create_dataset("0", (3,), "i1", external=[("/etc/passwd", 0, 3)])
        if kind == "huge":
            file.create_dataset("0", (1 << 40,), "i1")

    with Dump(path) as dump, pytest.raises(DumpError, match="its tensor a is damaged"):
        dump["a"]


def test_that_a_dump_that_another_program_rewrote_gives_the_same_tensors(tmp_path: Path) -> None:
    tensors = {str(number): np.full(1000, number, np.float32) for number in range(7)}
    path = write(tmp_path / "a.h5", **tensors)
    with h5py.File(path, "r") as old, h5py.File(tmp_path / "b.h5", "w") as new:
        for name in sorted(old, reverse=True):
            new[name] = old[name][()]

    with Dump(path) as dump, Dump(tmp_path / "b.h5") as rewritten:
        assert all(np.array_equal(dump[name], tensors[name]) for name in dump)
        assert all(np.array_equal(rewritten[name], tensors[name]) for name in rewritten)


def test_that_a_tensor_that_reaches_past_the_end_of_the_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.h5", a=np.ones(100), b=np.ones(100), c=np.ones(100), d=np.ones(100), e=np.ones(100))
    change_index(path, lambda document: document["tensors"][1].update(offset=2**47))  # not one of those looked up

    with Dump(path) as dump, pytest.raises(DumpError, match="its tensor b is damaged"):
        dump.raw("b")


def test_that_a_deeply_nested_index_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["index"] = np.frombuffer(b"[" * 200_000, np.uint8)

    with pytest.raises(DumpError, match="its index is damaged"):
        Dump(tmp_path / "a.h5")


def overlay(path: Path, base: Path, names: list[str], **tensors: np.ndarray) -> Path:
    with DumpWriter(path, {"source": "test", "base": base.name, "tensors": names}) as writer:
        for name, values in tensors.items():
            writer.add(name, values, op="Changed")
    return path


def test_that_an_overlay_reads_like_a_complete_dump(tmp_path: Path) -> None:
    base = write(tmp_path / "base.h5", a=np.zeros(2, np.float32), b=np.ones(3, np.float32), gone=np.zeros(1))
    path = overlay(tmp_path / "over.h5", base, ["new", "a", "b"], b=np.full(3, 7, np.float32), new=np.ones(1))

    with Dump(path) as dump:
        assert (dump.names, list(dump), len(dump), dump.base) == (("new", "a", "b"), ["new", "a", "b"], 3, base)
        assert "gone" not in dump
        assert {name: values.tolist() for name, values in dump.items()} == {"new": [1], "a": [0, 0], "b": [7, 7, 7]}
        assert [dump.op(name) for name in dump] == ["Changed", "", "Changed"]
        assert [dump.shape(name) for name in dump] == [(1,), (2,), (3,)]
        assert dump.statistics("a")["count"] == 2
        dump.release()
        with pytest.raises(KeyError, match="gone"):
            dump.raw("gone")


def test_that_an_overlay_without_its_base_says_what_is_missing(tmp_path: Path) -> None:
    base = write(tmp_path / "base.h5", a=np.zeros(2, np.float32))
    path = overlay(tmp_path / "over.h5", base, ["a"])
    base.unlink()

    with pytest.raises(DumpError, match=r"over\.h5 holds only what differs from base\.h5, which is not beside it"):
        Dump(path)


@pytest.mark.parametrize(("name", "why"), [("over.h5", "damaged"), ("../base.h5", "damaged"), (5, "damaged")])
def test_that_a_base_elsewhere_is_refused(tmp_path: Path, name: object, why: str) -> None:
    with DumpWriter(tmp_path / "over.h5", {"base": name, "tensors": []}):
        pass

    with pytest.raises(DumpError, match=why):
        Dump(tmp_path / "over.h5")


def test_that_an_overlay_of_an_overlay_or_of_another_dump_is_refused(tmp_path: Path) -> None:
    base = write(tmp_path / "base.h5", a=np.zeros(2, np.float32))
    first = overlay(tmp_path / "first.h5", base, ["a"])

    with pytest.raises(DumpError, match="must hold all its tensors itself"):
        Dump(overlay(tmp_path / "second.h5", first, ["a"]))
    with pytest.raises(DumpError, match="another dump than it was made for"):
        Dump(overlay(tmp_path / "third.h5", base, ["a", "b"]))
