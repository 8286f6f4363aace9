"""Rules of reading the tensors of others."""

import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from workbench.compare.compare import compare_tensors
from workbench.compare.match import match, read_map, sanitised
from workbench.dump.formats import open_dumps
from workbench.dump.formats.board import BoardName, parse_name
from workbench.dump.formats.snapshot import read_names
from workbench.dump.store import DumpWriter
from workbench.foundation.errors import DumpError
from workbench.quantize.encoding import Encoding

A = np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4)
B = -A


def save(path: Path, values: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, values)
    return path


def test_that_a_folder_of_npy_files_is_named_by_its_files(tmp_path: Path) -> None:
    save(tmp_path / "dumps" / "b.npy", B)
    save(tmp_path / "dumps" / "a.npy", A)
    (tmp_path / "dumps" / "readme.txt").write_text("two arrays")

    with open_dumps(tmp_path / "dumps") as dumps:
        assert (dumps.names, len(dumps), "a" in dumps) == (("a", "b"), 2, True)
        assert np.array_equal(dumps["b"], B)
        assert (dumps.shape("a"), dumps.op("a"), dumps.encoding("a")) == ((1, 2, 3, 4), "", None)
        assert dumps.file("a") == tmp_path / "dumps" / "a.npy"


def test_that_files_of_a_folder_are_opened_only_when_asked_for(tmp_path: Path) -> None:
    save(tmp_path / "dumps" / "a.npy", A)
    (tmp_path / "dumps" / "b.npy").write_bytes(b"broken")

    with open_dumps(tmp_path / "dumps") as dumps:
        assert np.array_equal(dumps["a"], A)
        with pytest.raises(DumpError, match=r"b\.npy cannot be read: it is not a \.npy file"):
            dumps["b"]


def test_that_a_single_npy_is_one_tensor(tmp_path: Path) -> None:
    with open_dumps(save(tmp_path / "out.npy", A)) as dumps:
        assert (dumps.names, dumps["out"].dtype) == (("out",), np.float32)


@pytest.mark.parametrize("dtype", ["float16", "float64", ">f4", "int8", "uint8", "int64", "bool"])
def test_that_every_numeric_type_is_read_as_float32(tmp_path: Path, dtype: str) -> None:
    values = (A % 2).astype(dtype)

    with open_dumps(save(tmp_path / "a.npy", values)) as dumps:
        assert np.array_equal(dumps["a"], values.astype(np.float32))
        assert dumps.raw("a")[0].dtype.isnative


@pytest.mark.parametrize("values", [np.float32(3), np.zeros((0, 3), np.float32), np.asfortranarray(A)])
def test_that_scalars_empty_and_fortran_arrays_are_read(tmp_path: Path, values: np.ndarray) -> None:
    with open_dumps(save(tmp_path / "a.npy", values)) as dumps:
        assert np.array_equal(dumps["a"], values)


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path("/nonexistent/bomb"),))  # type: ignore[return-value]


def npy_header(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


BROKEN = {
    "empty": (b"", "it is empty"),
    "text": (b"1.0\n2.0\n", "it is not a .npy file"),
    "zip": (b"PK\x03\x04" * 10, "it is not a .npy file"),
    "pickle": (pickle.dumps([1]), "it is not a .npy file"),
    "magic only": (b"\x93NUMPY", "cut short"),
    "no header": (b"\x93NUMPY\x01\x00\xff\xff{", "cut short"),
    "huge": (npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776, 1024), }"), "cut short"),
    "overflow": (npy_header(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({10**30},), }}"), "cut short"),
    "negative": (npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (-4,), }"), "damaged"),
    "code": (npy_header("__import__('os').abort()"), "damaged"),
    "unclosed": (npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': ((4,), }"), "damaged"),
    "text array": (npy_header("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }") + bytes(16), "its type str"),
    "complex": (npy_header("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }") + bytes(8), "its type complex"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_that_a_broken_npy_is_named_with_the_reason(tmp_path: Path, kind: str) -> None:
    content, reason = BROKEN[kind]
    (tmp_path / "x.npy").write_bytes(content)

    with open_dumps(tmp_path / "x.npy") as dumps, pytest.raises(DumpError, match=r"x\.npy cannot be read: ") as caught:
        dumps["x"]
    assert reason in caught.value.message


def test_that_an_npy_cut_anywhere_is_refused(tmp_path: Path) -> None:
    content = save(tmp_path / "a.npy", A).read_bytes()

    for size in range(len(content)):
        (tmp_path / "cut.npy").write_bytes(content[:size])
        with open_dumps(tmp_path / "cut.npy") as dumps, pytest.raises(DumpError, match=r"cut\.npy cannot be read"):
            dumps["cut"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_that_nothing_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.npz")
    with pytest.raises(DumpError, match="is not a dump"):
        open_dumps(tmp_path / "a.npz")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "folder" / "x.npy")
    with open_dumps(tmp_path / "folder") as dumps, pytest.raises(DumpError, match="it is not a file"):
        dumps.raw("x")


def test_that_python_objects_are_never_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.asarray([Bomb()], object), allow_pickle=True)
    np.savez(tmp_path / "a.npz", a=np.asarray([Bomb()], object))

    for name in ("a.npy", "a.npz"):
        with open_dumps(tmp_path / name) as dumps, pytest.raises(DumpError, match="holds Python objects"):
            dumps["a"]


def test_that_text_of_one_value_a_line_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("0.500000\n-1.250000\nnan\ninf\n")

    with open_dumps(tmp_path / "a.txt") as dumps:
        assert np.array_equal(dumps["a"], np.asarray([0.5, -1.25, np.nan, np.inf], np.float32), equal_nan=True)
        assert dumps.raw("a", (1, 4, 1))[0].shape == (1, 4, 1)


@pytest.mark.parametrize(
    ("text", "reason"), [("", "it is empty"), ("1.0\nabc\n", "value 2 is b'abc' and not a number")]
)
def test_that_text_that_is_no_number_is_named(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "a.txt").write_text(text)

    with open_dumps(tmp_path / "a.txt") as dumps, pytest.raises(DumpError, match=reason):
        dumps["a"]


def test_that_an_archive_gives_its_arrays(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", **{"x/y": A, "b": B})

    with open_dumps(tmp_path / "a.npz") as dumps:
        assert dumps.names == ("x/y", "b")
        assert np.array_equal(dumps["x/y"], A)


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return path


def test_that_an_archive_that_would_burst_is_refused(tmp_path: Path) -> None:
    huge = npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (100000000, 1000), }")
    path = archive(tmp_path / "a.npz", promise=huge)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file, file.open("zeros.npy", "w") as member:
        member.write(npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (75497472,), }"))
        for _ in range(72):
            member.write(bytes(1 << 22))

    with open_dumps(path) as dumps:
        with pytest.raises(DumpError, match=r"promise\.npy cannot be read: it is cut short"):
            dumps["promise"]
        with pytest.raises(DumpError, match=r"zeros\.npy cannot be read: it would unpack \d+ bytes into 30"):
            dumps["zeros"]


def test_that_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.save(stream, A)
    content = archive(tmp_path / "a.npz", a=stream.getvalue()).read_bytes()
    (tmp_path / "a.npz").write_bytes(content[:60] + b"\xff\xff" + content[62:])
    (tmp_path / "cut.npz").write_bytes(content[:100])
    archive(tmp_path / "text.npz", a=b"hello")

    with open_dumps(tmp_path / "a.npz") as dumps, pytest.raises(DumpError, match="cannot be read"):
        dumps["a"]
    with pytest.raises(DumpError, match=r"it is not a whole \.npz file"):
        open_dumps(tmp_path / "cut.npz")
    with open_dumps(tmp_path / "text.npz") as dumps, pytest.raises(DumpError, match="cannot be read"):
        dumps["a"]


def test_that_an_archive_of_other_things_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr("notes.txt", "x")

    with pytest.raises(DumpError, match=r"has 'notes\.txt', which is not an array"):
        open_dumps(tmp_path / "a.npz")


def test_that_our_own_dump_keeps_operators_and_encodings(tmp_path: Path) -> None:
    encoding = Encoding("int8", (0.5,), (0,))
    with DumpWriter(tmp_path / "a.h5", {}) as writer:
        writer.add("/x", np.ones((1, 2), np.int8), "Conv", encoding)

    with open_dumps(tmp_path / "a.h5") as dumps:
        assert (dumps.op("/x"), dumps.encoding("/x"), dumps["/x"].tolist()) == ("Conv", encoding, [[0.5, 0.5]])
        assert dumps.raw("/x", (1, 2))[0].dtype == np.int8


def export(folder: Path, *entries: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tensors.json").write_text(json.dumps(entries))


def test_that_an_exported_folder_keeps_the_names_of_tensors(tmp_path: Path) -> None:
    save(tmp_path / "golden" / "_x.npy", A)
    save(tmp_path / "simulator" / "_x.npy", B)
    entries = [
        {"tensor": "/x", "file": f"{kind}/_x.npy", "op": "Conv", "dump": kind} for kind in ("golden", "simulator")
    ]
    export(tmp_path, *entries)

    for path, which in ((tmp_path, "simulator"), (tmp_path / "simulator", ""), (tmp_path / "simulator", "runtime")):
        with open_dumps(path, which) as dumps:
            assert (dumps.names, dumps.op("/x")) == (("/x",), "Conv")
            assert np.array_equal(dumps["/x"], B)
    with pytest.raises(DumpError, match=r"has dumps of golden, simulator\. Give the folder of one"):
        open_dumps(tmp_path)
    with pytest.raises(DumpError, match="has no dump of runtime"):
        open_dumps(tmp_path, "runtime")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("{}", "is not a list of tensors"),
        ('[{"tensor": 3, "file": "a.npy"}]', "entry 1 does not name"),
        ('[{"tensor": "x"}]', "entry 1 does not name"),
        ('[{"tensor": "x", "file": "../a.npy"}]', "is not an array inside the folder"),
        ('[{"tensor": "x", "file": "/etc/passwd"}]', "is not an array inside the folder"),
        ('[{"tensor": "x", "file": "a\\u0000.npy"}]', "is not an array inside the folder"),
        ('[{"tensor": "x", "file": "run.sh"}]', "is not an array inside the folder"),
    ],
)
def test_that_a_broken_list_of_tensors_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "tensors.json").write_text(text)

    with pytest.raises(DumpError, match=reason):
        open_dumps(tmp_path)


def test_that_a_listed_file_that_is_missing_is_named(tmp_path: Path) -> None:
    export(tmp_path, {"tensor": "x", "file": "x.npy"})

    with open_dumps(tmp_path) as dumps, pytest.raises(DumpError, match=r"x\.npy cannot be read: No such file"):
        dumps["x"]


def snapshot(folder: Path) -> Path:
    """A small snapshot in the toolkit's form."""
    for kind, values in (("golden", A), ("simulator", B)):
        save(folder / kind / "npy" / "_f_b.npy", values)
        save(folder / kind / "npy" / "_f_a.npy", values)
        (folder / kind / "_f_a.txt").write_text("1.0\n")
        (folder / kind / "only_text.txt").write_text("2.0\n")
    lines = ["layer_name   file_name  ", "-" * 30, "/f/b    _f_b.txt   ", "/f/a    _f_a.txt   "]
    (folder / "map_name_to_file.txt").write_text("\n".join(lines))
    (folder / "error_analysis.txt").write_text("table")
    return folder


def test_that_a_snapshot_has_the_names_and_the_order_of_its_map(tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "snapshot")

    for path, which in ((folder, "simulator"), (folder / "simulator", ""), (folder / "simulator", "runtime")):
        with open_dumps(path, which) as dumps:
            assert dumps.names == ("/f/b", "/f/a", "only_text")
            assert np.array_equal(dumps["/f/a"], B)
            assert dumps["only_text"].tolist() == [2.0]
    with open_dumps(folder / "golden" / "npy") as dumps:
        assert dumps.names == ("/f/b", "/f/a")


def test_that_a_snapshot_asks_which_dump_is_meant(tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "snapshot")

    with pytest.raises(DumpError, match="has dumps of golden, simulator"):
        open_dumps(folder)
    with pytest.raises(DumpError, match="has no dump of runtime"):
        open_dumps(folder, "runtime")


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("025_ConvClip_385_shape_1_384_14_14_float", BoardName(25, "ConvClip", "385", (1, 384, 14, 14), "float")),
        ("004_Conv__f_f_0_shape_1_8_float", BoardName(4, "Conv", "_f_f_0", (1, 8), "float")),
        ("007_Reshape_a_shape_2_b_shape_1_2_int8", BoardName(7, "Reshape", "a_shape_2_b", (1, 2), "int8")),
        ("1024_Add_x_shape_3_float16", BoardName(1024, "Add", "x", (3,), "float16")),
        ("_features_Conv_output_0", None),
        ("025_ConvClip_385_shape_float", None),
    ],
)
def test_that_the_names_of_the_board_are_taken_apart(stem: str, expected: BoardName | None) -> None:
    assert parse_name(stem) == expected


def test_that_a_board_dump_has_sanitised_names_in_the_order_of_execution(tmp_path: Path) -> None:
    save(tmp_path / "dumps" / "002_ConvAdd__b_shape_1_2_3_4_float.npy", B)
    save(tmp_path / "dumps" / "001_ConvClip__a_shape_1_2_3_4_float.npy", A)
    save(tmp_path / "dumps" / "000_InputOperator_input_shape_1_2_3_4_uint8.npy", A.astype(np.uint8))
    save(tmp_path / "dumps" / "003_OutputOperator__b_shape_1_2_3_4_float.npy", B)
    save(tmp_path / "dumps" / "004_Add__a_shape_1_2_3_4_int8.npy", A.astype(np.int8))

    with open_dumps(tmp_path / "dumps") as dumps:
        assert [name[:6] for name in dumps.names] == ["000_In", "_a", "_b", "003_Ou", "004_Ad"]
        assert (dumps.op("_b"), np.array_equal(dumps["_b"], B)) == ("ConvAdd", True)
        assert [note.split(".npy ")[1][:20] for note in dumps.notes] == [
            "holds what was put i",
            "holds the output as ",
            "repeats the tensor _",
            "holds int8 values wi",
        ]


def test_that_a_layout_leads_back_to_the_networks_shape(tmp_path: Path) -> None:
    save(tmp_path / "a.npy", A.transpose(0, 2, 3, 1))

    with open_dumps(tmp_path / "a.npy", layout="nhwc") as dumps:
        assert np.array_equal(dumps.raw("a", (1, 2, 3, 4))[0], A)
    with pytest.raises(DumpError, match="'hwc' is not a layout"):
        open_dumps(tmp_path / "a.npy", layout="hwc")


def test_that_an_ambiguous_layout_is_refused_with_the_file(tmp_path: Path) -> None:
    save(tmp_path / "a.npy", np.zeros(16 * 4))

    refused = pytest.raises(DumpError, match=r"a\.npy cannot be brought into the network's layout 1×13×2×2")
    with open_dumps(tmp_path / "a.npy", layout="nc1hwc2") as dumps, refused:
        dumps.raw("a", (1, 13, 2, 2))


@pytest.mark.parametrize("name", ["missing", "empty", "notes.md", "map only"])
def test_that_a_path_without_tensors_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.md").write_text("x")
    (tmp_path / "map only").mkdir()
    (tmp_path / "map only" / "map_name_to_file.txt").write_text("layer_name file_name\n")

    with pytest.raises(DumpError, match=rf"{name}|There is no"):
        open_dumps(tmp_path / name)


def same_digits(values: Mapping[str, float], cos: str, euc: str) -> bool:
    """Whether a row is printed like this: cos from float32 sums, euc cut to six characters."""
    return abs(values["cos"] - float(cos)) < 1.5e-5 and f"{values['euc']:.10f}"[:6] == euc


@pytest.mark.parametrize(("which", "columns"), [("simulator", slice(0, 2)), ("runtime", slice(4, 6))])
def test_that_a_real_report_of_the_toolkit_is_reproduced_from_its_dumps(
    shared: Path, which: str, columns: slice
) -> None:
    folder = shared / "artifacts" / "mobilenetv2_rk3588_runtime"
    table = {}
    for line in (folder / "error_analysis.txt").read_text().splitlines():
        if line.startswith("[") and "|" in line:
            _, tensor, *cells = line.replace("|", " ").split()
            table[tensor] = cells[columns]

    with open_dumps(folder, "golden") as golden, open_dumps(folder, which) as other:
        matching = match(golden.names, other.names)
        rows = [
            (compare_tensors(golden[pair.golden], *other.raw(pair.other))[0], table[pair.golden])
            for pair in matching.pairs
            if table.get(pair.golden)
        ]

    off = [(values, cells) for values, cells in rows if not same_digits(values, *cells)]
    assert len(rows) >= 12
    assert len(off) <= 2, "more rows than those known to carry the toolkit's float32 sums"
    for values, (cos, euc) in off:
        assert values["cos"] == pytest.approx(float(cos), abs=5e-5)
        assert values["euc"] == pytest.approx(float(euc), rel=1e-3)
    assert all(pair.by == "name" for pair in matching.pairs)


def test_that_the_boards_input_of_a_real_snapshot_is_listed_and_not_compared(shared: Path) -> None:
    folder = shared / "artifacts" / "mobilenetv2_rk3588_runtime"

    with open_dumps(folder, "golden") as golden, open_dumps(folder, "runtime") as runtime:
        matching = match(golden.names, runtime.names)

    assert matching.only_other == ("000_InputOperator_input_shape_1_3_224_224_uint8",)


def test_that_a_snapshot_that_has_no_dumps_is_refused(shared: Path) -> None:
    with pytest.raises(DumpError, match="has no tensors"):
        open_dumps(shared / "artifacts" / "yolov6_rk356x_oldformat" / "snapshot")


@pytest.mark.parametrize(
    ("place", "count"),
    [
        ("mobilenetv2_rk3588_runtime", 102),
        ("yolov6_rk356x_oldformat/snapshot", 167),
        ("yolov6_rk356x_oldformat/snapshot_rk", 167),
    ],
)
def test_that_real_maps_give_the_tensor_of_every_file(shared: Path, place: str, count: int) -> None:
    folder = shared / "artifacts" / place
    if not folder.is_dir():
        pytest.skip(f"needs {folder}")

    names = read_names(folder)

    assert len(names) == count
    assert {sanitised(tensor) for tensor in names.values()} == set(names)
    assert read_map(folder / "map_name_to_file.txt") == names
