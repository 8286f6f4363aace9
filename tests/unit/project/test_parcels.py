"""Files on their way to workers, and which a session needs."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import settled_stamps
from workbench.preprocess.dataset import Sample
from workbench.project.session import Session
from workbench.project.workers.parcels import CHUNK, Piece, batches, complete, parcel_of, placed, put, with_places
from workbench.project.workers.shipping import files_of_session


def files(folder: Path, **contents: bytes) -> tuple[Path, ...]:
    paths = tuple(folder / f"{name}.bin" for name in contents)
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths


def test_that_files_arrive_as_they_were(tmp_path: Path) -> None:
    big = bytes(range(256)) * (CHUNK // 200)
    parcels = [parcel_of(files(tmp_path / "a", big=big, empty=b"")), parcel_of(files(tmp_path / "b", small=b"x"))]
    sizes = []
    for batch in batches(parcels):
        sizes.append(sum(len(piece.data) for piece in batch))
        put(tmp_path / "store", "me", batch)
    complete(tmp_path / "store", "me", [parcel.digest for parcel in parcels])

    places = placed(tmp_path / "store", parcels)
    assert all(place.read_bytes() == path.read_bytes() for path, place in places.items())
    assert len(places) == 3
    assert max(sizes) <= CHUNK


def test_that_a_parcel_is_known_by_names_and_contents(tmp_path: Path) -> None:
    one = parcel_of(files(tmp_path / "a", net=b"1"))

    assert parcel_of(files(tmp_path / "b", net=b"1")).digest == one.digest
    assert parcel_of(files(tmp_path / "c", net=b"2")).digest != one.digest
    assert parcel_of(files(tmp_path / "d", other=b"1")).digest != one.digest


def test_that_half_of_a_parcel_is_not_there(tmp_path: Path) -> None:
    parcel = parcel_of(files(tmp_path / "a", net=b"1"))
    put(tmp_path / "store", "me", [Piece(parcel.digest, "net.bin", 0, b"1")])

    assert not (tmp_path / "store" / parcel.digest).exists()


def test_that_two_who_send_the_same_do_not_disturb_each_other(tmp_path: Path) -> None:
    parcel = parcel_of(files(tmp_path / "a", net=b"1"))
    for sender in ("one", "other"):
        put(tmp_path / "store", sender, [Piece(parcel.digest, "net.bin", 0, b"1")])
    complete(tmp_path / "store", "one", [parcel.digest])
    complete(tmp_path / "store", "other", [parcel.digest])

    assert [path.name for path in (tmp_path / "store").iterdir()] == [parcel.digest]


def test_that_one_look_at_a_file_that_came_is_enough(tmp_path: Path) -> None:
    parcel = parcel_of(files(tmp_path / "a", net=b"1"))
    put(tmp_path / "store", "me", [Piece(parcel.digest, "net.bin", 0, b"1")])
    complete(tmp_path / "store", "me", [parcel.digest])

    place = tmp_path / "store" / parcel.digest / "net.bin"

    assert list(settled_stamps([place], time.time_ns())) == [place]


@pytest.mark.parametrize("name", ["../net.bin", "/etc/net.bin", "a/../../net.bin", ""])
def test_that_no_file_leaves_the_store(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkbenchError, match="cannot be sent under the name"):
        put(tmp_path / "store", "me", [Piece("0", name, 0, b"")])


def test_that_paths_are_exchanged_in_all_that_holds_them() -> None:
    here, there, other = Path("/here/net.onnx"), Path("/there/net.onnx"), Path("/here/other.onnx")
    session = Session(here, samples=(Sample((here, other)),))
    found = with_places({"a": [session, (here,)], "b": 1}, {here: there})

    assert found["a"][0] == replace(session, model=there, samples=(Sample((there, other)),))
    assert found["a"][1] == (there,)
    assert with_places(session, {}) is session


def test_that_a_session_needs_its_networks_with_their_data_and_every_input(tmp_path: Path) -> None:
    model = network_with_data(tmp_path)
    pictures = files(tmp_path / "pictures", one=b"1", two=b"2")
    session = Session(model, samples=(Sample(pictures[:1]),), dataset=tuple(Sample((path,)) for path in pictures))

    assert files_of_session(session) == ((model, tmp_path / "weights.data"), (pictures[0],), (pictures[1],))


def network_with_data(folder: Path) -> Path:
    weight = numpy_helper.from_array(np.ones((64, 64), np.float32), "w")
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"])]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 64]) for name in "xy"]
    model = helper.make_model(helper.make_graph(nodes, "net", values[:1], values[1:], [weight]))
    onnx.save(model, folder / "net.onnx", save_as_external_data=True, location="weights.data", size_threshold=0)
    return folder / "net.onnx"
