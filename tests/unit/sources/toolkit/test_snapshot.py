"""Snapshots of the toolkit as dumps of ours."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import random
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import drain
from workbench.quantize.encoding import Encoding
from workbench.sources.toolkit.snapshot import IN_INFO, Keeping, Places, channels_last, exactly, write_dumps

INT8 = Encoding("int8", (0.05,), (3,))
TEXT = "[Input] x   1.00000 | 0.00000   1.00000 | 0.00000\n[Relu] /a/b.0   0.99000 | 1.50000   1.00000 | 0.00000\n"


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    folder = tmp_path / "snapshot"
    for kind in ("golden", "simulator"):
        (folder / kind / "npy").mkdir(parents=True)
        np.save(folder / kind / "npy" / "x.npy", random(1, 2, 3, 4))
        np.save(folder / kind / "npy" / "_a_b_0.npy", random(1, 2, 3, 4, seed=2))
    (folder / "map_name_to_file.txt").write_text("layer_name file_name\n----\n/a/b.0 _a_b_0.txt\nx x.txt\n")
    (folder / "error_analysis.txt").write_text(TEXT)
    return folder


def written(snapshot: Path, keeping: Keeping) -> tuple[Dump, Dump]:
    places = Places(snapshot.parent / "golden.h5", snapshot.parent / "simulator.h5", {"input": "a.png"})
    drain(write_dumps(snapshot, places, keeping))
    return Dump(places.golden), Dump(places.simulator)


def test_that_dumps_have_the_toolkits_order_names_and_operators(snapshot: Path) -> None:
    golden, simulator = written(snapshot, Keeping())
    assert golden.names == simulator.names == ("/a/b.0", "x")
    assert [golden.op(name) for name in golden.names] == ["Relu", "Input"]


def test_that_the_report_stays_with_the_dump(snapshot: Path) -> None:
    golden, simulator = written(snapshot, Keeping())
    assert simulator.info[IN_INFO] == TEXT
    assert IN_INFO not in golden.info
    assert golden.info["input"] == "a.png"


def test_that_a_snapshot_that_lacks_a_tensor_of_its_report_is_refused(snapshot: Path) -> None:
    (snapshot / "golden" / "npy" / "_a_b_0.npy").unlink()
    with pytest.raises(DumpError, match=r"no values of /a/b\.0"):
        written(snapshot, Keeping())
    assert not (snapshot.parent / "simulator.h5").exists()


def test_that_tensors_that_are_not_wanted_are_left_out(snapshot: Path) -> None:
    golden, simulator = written(snapshot, Keeping(wanted=lambda names: frozenset(("x",))))
    assert golden.names == simulator.names == ("x",)


def test_that_a_network_with_its_channels_last_gets_them_there(snapshot: Path) -> None:
    golden, _ = written(snapshot, Keeping(last={"x": (1, 3, 4, 2)}))
    assert np.array_equal(golden["x"], random(1, 2, 3, 4).transpose(0, 2, 3, 1))
    assert golden.shape("/a/b.0") == (1, 2, 3, 4)


def test_that_values_on_a_grid_are_stored_as_integers_bit_for_bit() -> None:
    values = INT8.dequantize(np.arange(-128, 128, dtype=np.int8))
    stored, encoding = exactly(values, INT8)
    assert stored.dtype == np.int8
    assert encoding == INT8
    assert np.array_equal(INT8.dequantize(stored), values)


@pytest.mark.parametrize("spoilt", [0.049, 7.0, np.nan])
def test_that_a_value_beside_the_grid_keeps_all_in_float(spoilt: float) -> None:
    values = INT8.dequantize(np.arange(-128, 128, dtype=np.int8))
    values[5] = spoilt
    assert exactly(values, INT8) == (pytest.approx(values, nan_ok=True), None)


@pytest.mark.parametrize(("value", "dtype"), [(0.1, np.float32), (0.5, np.float16), (1e6, np.float32)])
def test_that_half_precision_is_kept_where_it_holds_the_values(value: float, dtype: type) -> None:
    stored, encoding = exactly(np.full(3, value, np.float32), Encoding("float16"))
    assert stored.dtype == dtype
    assert (encoding is None) is (dtype is np.float32)


def test_that_another_shape_is_left_as_it_is() -> None:
    values = random(1, 2, 3, 4)
    assert channels_last(values, (1, 2, 3, 4)) is values
    assert channels_last(values, None) is values
