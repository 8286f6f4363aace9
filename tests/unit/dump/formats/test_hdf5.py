"""HDF5 files that users wrote with h5py, and what somebody could put into one."""

from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pytest

from workbench.compare.match import match
from workbench.dump.formats import open_dumps
from workbench.foundation.errors import DumpError

VALUES = np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4)


def test_that_datasets_are_tensors_by_their_path(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["conv1"], file["block/relu"], file["half"] = VALUES, VALUES + 1, VALUES.astype(np.float16)
        file.create_dataset("packed", data=VALUES, compression="gzip", chunks=True)
        file["title"] = "not a tensor"
    with open_dumps(tmp_path / "a.h5") as dumps:
        assert sorted(dumps.names) == ["block/relu", "conv1", "half", "packed"]
        assert np.array_equal(dumps["block/relu"], VALUES + 1)
        assert np.array_equal(dumps["half"], VALUES)
        assert np.array_equal(dumps["packed"], VALUES)
        assert dumps.notes == ("a.h5: what holds no numbers is left out: 1 datasets.",)


def test_that_a_name_that_hdf5_took_for_a_path_is_that_of_the_network(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["/stem/Conv_output_0"] = VALUES
    with open_dumps(tmp_path / "a.h5") as dumps:
        (pair,) = match(["/stem/Conv_output_0"], dumps.names).pairs
    assert (pair.golden, pair.other) == ("/stem/Conv_output_0", "stem/Conv_output_0")


def test_that_no_link_is_followed_and_no_other_file_is_read(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["values"] = VALUES
    (tmp_path / "raw.bin").write_bytes(VALUES.tobytes())
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["there"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "/values")
        file["soft"] = h5py.SoftLink("/own")
        file["own"] = VALUES
        file.create_dataset("outside", (24,), "f4", external=[(str(tmp_path / "raw.bin"), 0, 96)])
        layout = h5py.VirtualLayout(VALUES.shape, "f4")
        layout[...] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "values", VALUES.shape)
        file.create_virtual_dataset("virtual", layout)
    with open_dumps(tmp_path / "a.h5") as dumps:
        assert sorted(dumps.names) == ["outside", "own", "virtual"]
        for name in ("outside", "virtual"):
            with pytest.raises(DumpError, match="lie in another file"):
                dumps.raw(name)


def test_that_a_group_that_holds_itself_ends(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["group/values"] = VALUES
        file["group/again"] = file["group"]
    with open_dumps(tmp_path / "a.h5") as dumps:
        assert dumps.names == ("group/values",)


def test_that_what_would_unpack_into_far_more_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("bomb", (1 << 36,), "f4", chunks=(1 << 20,), compression="gzip")
    with open_dumps(tmp_path / "a.h5") as dumps, pytest.raises(DumpError, match="would unpack into"):
        dumps.raw("bomb")


def test_that_a_damaged_file_is_read_or_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("packed", data=np.random.default_rng(1).normal(size=9999), compression="gzip", chunks=True)
    whole = (tmp_path / "a.h5").read_bytes()
    for at in range(0, len(whole), len(whole) // 60):
        (tmp_path / "b.h5").write_bytes(whole[:at] + bytes(64) + whole[at + 64 :])
        with suppress(DumpError), open_dumps(tmp_path / "b.h5") as dumps:
            [dumps.raw(name) for name in dumps.names]
