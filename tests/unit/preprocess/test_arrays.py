import warnings
from pathlib import Path

import numpy as np
import pytest

from workbench.foundation.errors import DatasetError
from workbench.preprocess import arrays

CUBE = np.arange(2 * 3 * 4, dtype=np.float32).reshape(1, 2, 3, 4)


def saved(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path


def test_that_an_array_of_the_right_shape_is_read_unchanged(tmp_path: Path) -> None:
    assert np.array_equal(arrays.read_npy(saved(tmp_path / "a.npy", CUBE), (1, 2, 3, 4)), CUBE)


def test_that_a_missing_batch_dimension_is_added(tmp_path: Path) -> None:
    assert np.array_equal(arrays.read_npy(saved(tmp_path / "a.npy", CUBE[0]), (1, 2, 3, 4)), CUBE)


@pytest.mark.parametrize("array", [np.asfortranarray(CUBE), CUBE.astype(">f4"), CUBE.astype(np.float64)])
def test_that_memory_order_and_byte_order_do_not_matter(tmp_path: Path, array: np.ndarray) -> None:
    values = arrays.read_npy(saved(tmp_path / "a.npy", array), (1, 2, 3, 4))
    fed = arrays.cast(values, np.dtype(np.float32), tmp_path)
    assert fed.dtype == np.float32
    assert fed.dtype.isnative
    assert fed.flags.c_contiguous
    assert np.array_equal(fed, CUBE)


def test_that_the_file_may_change_after_it_was_read(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.npy", CUBE)
    values = arrays.read_npy(path, (1, 2, 3, 4))
    np.save(path, CUBE * 0)
    assert np.array_equal(values, CUBE)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (0,), (2, 0, 3)])
def test_that_scalars_vectors_and_empty_arrays_are_read(tmp_path: Path, shape: tuple[int, ...]) -> None:
    assert arrays.read_npy(saved(tmp_path / "a.npy", np.ones(shape)), shape).shape == shape


@pytest.mark.parametrize(("shape", "want"), [((), (1, 2)), ((5,), ()), ((2, 3), (1, 3, 2)), ((1, 1, 2, 3), (1, 2, 3))])
def test_that_a_wrong_shape_names_the_file_and_both_shapes(
    tmp_path: Path, shape: tuple[int, ...], want: tuple[int, ...]
) -> None:
    with pytest.raises(DatasetError) as caught:
        arrays.read_npy(saved(tmp_path / "a.npy", np.ones(shape)), want)
    spelled = ["x".join(map(str, one)) or "()" for one in (shape, want)]
    assert caught.value.message.endswith(f"a.npy has shape {spelled[0]}; the network takes {spelled[1]}.")


@pytest.mark.parametrize(
    ("shape", "want", "hint"),
    [
        ((1, 3, 4, 2), (1, 2, 3, 4), "looks like NHWC data: save numpy.transpose(x, (0, 3, 1, 2))"),
        ((3, 4, 2), (1, 2, 3, 4), "looks like NHWC data: save numpy.transpose(x, (2, 0, 1))"),
        ((1, 2, 3, 4), (1, 3, 4, 2), "looks like NCHW data: save numpy.transpose(x, (0, 2, 3, 1))"),
        ((8, 2, 3, 4), (1, 2, 3, 4), "holds 8 samples"),
        ((1, 2, 5, 5), (1, 2, 3, 4), "never resized"),
    ],
)
def test_that_the_hint_says_what_the_wrong_shape_may_be(
    tmp_path: Path, shape: tuple[int, ...], want: tuple[int, ...], hint: str
) -> None:
    with pytest.raises(DatasetError) as caught:
        arrays.read_npy(saved(tmp_path / "a.npy", np.ones(shape)), want)
    assert hint in caught.value.hint


@pytest.mark.parametrize("kept", [0, 1, 6, 9, 40, 127, 128, 150, 223])
def test_that_a_cut_off_array_is_one_sentence(tmp_path: Path, kept: int) -> None:
    path = saved(tmp_path / "a.npy", CUBE)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(
        DatasetError, match=r"a\.npy (is empty|cannot be read: it is (cut off|not a \.npy file))\."
    ) as caught:
        arrays.read_npy(path, (1, 2, 3, 4))
    assert caught.value.message.count(". ") == 0


@pytest.mark.parametrize("array", [np.array(["a", "b"]), np.array([1j, 2]), np.zeros(2, [("a", "f4")])])
def test_that_values_that_are_no_numbers_are_refused(tmp_path: Path, array: np.ndarray) -> None:
    with pytest.raises(DatasetError, match="not numbers"):
        arrays.read_npy(saved(tmp_path / "a.npy", array), (2,))


def test_that_python_objects_are_never_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}, None], dtype=object), allow_pickle=True)
    with pytest.raises(DatasetError, match="Python objects, which are never loaded"):
        arrays.read_npy(tmp_path / "a.npy", (2,))


@pytest.mark.parametrize("content", [b"hello world", b"\x80\x04\x95junk", b"PK\x03\x04junk", b"\x93NUMPY\x09\x00junk"])
def test_that_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(DatasetError, match=r"a\.npy cannot be read"):
        arrays.read_npy(tmp_path / "a.npy", (2,))


@pytest.mark.parametrize("header", ["{", "{'descr': 'f4', 'fortran_order': False, 'shape': (-1,)}", "[]" * 30, "{}"])
def test_that_an_odd_header_is_refused(tmp_path: Path, header: str) -> None:
    text = header.ljust(117) + "\n"
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode())
    with pytest.raises(DatasetError, match=r"a\.npy"):
        arrays.read_npy(tmp_path / "a.npy", (2,))


def test_that_an_archive_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.npy").open("wb") as file:
        np.savez(file, a=CUBE)
    with pytest.raises(DatasetError, match=r"is not a \.npy file"):
        arrays.read_npy(tmp_path / "a.npy", (2,))


def test_that_a_missing_array_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"absent\.npy does not exist"):
        arrays.read_npy(tmp_path / "absent.npy", (2,))


def test_that_a_huge_array_of_the_wrong_shape_is_not_read(tmp_path: Path) -> None:
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': (274877906944,)}".ljust(117) + "\n"
    with (tmp_path / "a.npy").open("wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode())
        file.truncate(128 + (1 << 40))
    with pytest.raises(DatasetError, match="has shape 274877906944"):
        arrays.read_npy(tmp_path / "a.npy", (2,))


def test_that_raw_bytes_take_the_stated_shape_and_type(tmp_path: Path) -> None:
    CUBE.astype(np.int16).tofile(tmp_path / "a.bin")
    for stored in ((1, 2, 3, 4), (2, 3, 4)):
        values = arrays.read_raw(tmp_path / "a.bin", stored, "int16", (1, 2, 3, 4))
        assert values.dtype == np.int16
        assert np.array_equal(values, CUBE)


@pytest.mark.parametrize("stored", [(1, 3, 4, 2), (3, 4, 2)])
def test_that_raw_bytes_stated_as_nhwc_are_transposed(tmp_path: Path, stored: tuple[int, ...]) -> None:
    CUBE.transpose(0, 2, 3, 1).tofile(tmp_path / "a.bin")
    assert np.array_equal(arrays.read_raw(tmp_path / "a.bin", stored, "float32", (1, 2, 3, 4)), CUBE)


def test_that_raw_bytes_of_an_unrelated_shape_are_refused(tmp_path: Path) -> None:
    CUBE.tofile(tmp_path / "a.bin")
    with pytest.raises(DatasetError, match=r"shape 4x6 does not become 1x2x3x4"):
        arrays.read_raw(tmp_path / "a.bin", (4, 6), "float32", (1, 2, 3, 4))


def test_that_a_wrong_number_of_raw_bytes_is_named_beside_the_right_one(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(95))
    with pytest.raises(DatasetError, match=r"a\.bin has 95 bytes; 1x2x3x4 of float32 are 96 bytes"):
        arrays.read_raw(tmp_path / "a.bin", (1, 2, 3, 4), "float32", (1, 2, 3, 4))


def test_that_a_huge_raw_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.bin").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(DatasetError, match="1099511627776 bytes"):
        arrays.read_raw(tmp_path / "a.bin", (2,), "float32", (2,))


def test_that_a_missing_raw_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"absent\.bin cannot be read"):
        arrays.read_raw(tmp_path / "absent.bin", (2,), "float32", (2,))


def test_that_integers_are_rounded_half_to_even(tmp_path: Path) -> None:
    values = np.array([0.5, 1.5, 2.5, 254.5, -0.5])
    assert arrays.cast(values, np.dtype(np.uint8), tmp_path).tolist() == [0, 2, 2, 254, 0]


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (256, "uint8"),
        (255.5, "uint8"),
        (-1, "uint8"),
        (128, "int8"),
        (-129.0, "int8"),
        (2.0**63, "int64"),
        (np.nan, "int32"),
        (np.inf, "int32"),
        (2, "bool"),
        (1e39, "float32"),
        (70000.0, "float16"),
    ],
)
def test_that_a_value_outside_the_inputs_type_is_an_error(value: float, dtype: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DatasetError, match=rf"a\.npy gives values from .* outside the input's type {dtype}"):
            arrays.cast(np.array([1, value]), np.dtype(dtype), Path("a.npy"))


@pytest.mark.parametrize(
    ("value", "dtype"),
    [(255.4, "uint8"), (-128, "int8"), (2**63 - 1, "int64"), (1, "bool"), (np.nan, "float32"), (-np.inf, "float16")],
)
def test_that_the_last_value_inside_the_inputs_type_is_taken(value: float, dtype: str) -> None:
    result = arrays.cast(np.array([value]), np.dtype(dtype), Path("a.npy"))
    expected = round(value) if dtype == "uint8" else value
    assert np.array_equal(result, np.array([expected], dtype), equal_nan=True)


def test_that_large_whole_numbers_are_not_rounded() -> None:
    values = np.array([2**62 + 1, -(2**62) - 1])
    assert np.array_equal(arrays.cast(values, np.dtype(np.int64), Path("a.npy")), values)


def test_that_an_empty_array_can_be_cast() -> None:
    assert arrays.cast(np.zeros((0, 2)), np.dtype(np.uint8), Path("a.npy")).shape == (0, 2)
