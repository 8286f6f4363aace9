"""Networks of other frameworks on the command line, from the arguments to the session."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests import foreign
from workbench.__main__ import main
from workbench.dump.store import Dump
from workbench.project.results import load_results
from workbench.project.session import load_session


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    np.save(tmp_path / "x.npy", np.abs(foreign.random(1, 3, 16, 16)))
    return tmp_path / "x.npy"


def test_that_a_network_of_caffe_is_opened_with_golden_values_of_every_layer(tmp_path: Path, feed: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    session = tmp_path / "session"

    assert main(["analyze", str(path), "-i", str(feed), "--simulator", "none", "-o", str(session), "-q"]) == 0

    results = load_results(session)
    assert results is not None
    assert [row.op for row in results.rows][:3] == ["Convolution", "BatchNorm", "ReLU"]
    with Dump(results.dumps["golden"][0]) as golden:
        assert {row.tensor for row in results.rows} <= set(golden.names)


def test_that_the_embedded_simulator_says_what_can_be_done(
    tmp_path: Path, feed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = foreign.caffe(tmp_path)

    assert main(["analyze", str(path), "-i", str(feed), "-o", str(tmp_path / "session")]) == 2

    told = capsys.readouterr().err
    assert "tiny.prototxt is of Caffe" in told
    assert "--simulator toolkit" in told
    assert not (tmp_path / "session").exists()


def test_that_weights_elsewhere_stay_in_the_session(tmp_path: Path, feed: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    weights = path.with_suffix(".caffemodel").rename(tmp_path.parent / f"{tmp_path.name}.caffemodel")
    session = tmp_path / "session"
    args = ["-i", str(feed), "--simulator", "none", "--weights", str(weights), "-o", str(session), "-q"]

    assert main(["analyze", str(path), *args]) == 0

    assert load_session(session).weights == weights
    weights.unlink()


def test_that_weights_for_a_network_of_one_file_are_refused(
    tmp_path: Path, feed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _, _ = foreign.tensorflow(tmp_path)
    args = ["-i", str(feed), "--simulator", "none", "--weights", str(path), "-o", str(tmp_path / "session")]
    assert main(["analyze", str(path), *args]) == 2
    assert "no second file" in capsys.readouterr().err


def test_that_dumps_of_ones_own_are_compared_with_a_foreign_network(
    tmp_path: Path, feed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = foreign.caffe(tmp_path)
    session = tmp_path / "session"
    assert main(["analyze", str(path), "-i", str(feed), "--simulator", "none", "-o", str(session), "-q"]) == 0
    results = load_results(session)
    assert results is not None
    with Dump(results.dumps["golden"][0]) as golden:
        np.savez(tmp_path / "board.npz", **{name: golden[name] for name in ("relu1", "prob")})
        np.savez(tmp_path / "own.npz", relu1=golden["relu1"] + 1, prob=golden["prob"])

    assert main(["import", str(session), str(tmp_path / "board.npz"), "--as", "runtime", "-q"]) == 0
    capsys.readouterr()
    assert main(["import", str(session), str(tmp_path / "own.npz"), "--as", "golden", "--json", "-q"]) == 0

    layers = {layer["tensor"]: layer for layer in json.loads(capsys.readouterr().out)["layers"]}
    assert layers["prob"]["runtime"]["entire"]["euc"] == 0
    assert layers["relu1"]["runtime"]["entire"]["euc"] > 1


def test_that_a_second_run_takes_the_golden_values_of_the_first(tmp_path: Path, feed: Path) -> None:
    path, _ = foreign.caffe(tmp_path)
    session = tmp_path / "session"
    args = ["analyze", str(path), "-i", str(feed), "--simulator", "none", "-o", str(session), "-q"]
    assert main(args) == 0
    (before,) = (session / "dumps").glob("golden-*.h5")
    written = before.stat().st_mtime_ns

    assert main(args) == 0

    assert before.stat().st_mtime_ns == written


@pytest.mark.toolkit
def test_that_a_dump_of_forward_hooks_fits_a_network_of_torchscript(
    tmp_path: Path, toolkit_python: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RKNN_TOOLKIT_PYTHON", str(toolkit_python))
    path, session = foreign.torchscript(tmp_path, toolkit_python), tmp_path / "session"
    np.save(tmp_path / "x.npy", foreign.random(1, 3, 8, 8))
    given = ["-i", str(tmp_path / "x.npy"), "--shape", "x.1:1,3,8,8", "--simulator", "none"]
    assert main(["analyze", str(path), *given, "-o", str(session), "-q"]) == 0
    capsys.readouterr()
    np.savez(tmp_path / "hooks.npz", conv=foreign.random(1, 8, 6, 6), dense=foreign.random(1, 4))

    assert main(["import", str(session), str(tmp_path / "hooks.npz"), "--as", "runtime", "--json", "-q"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert [item["op"] for item in document["layers"] if "runtime" in item] == ["_convolution", "linear"]
    assert document["unmatched"].get("runtime", []) == []


@pytest.mark.parametrize("kind", ["folder", "h5", "npz"])
def test_that_golden_values_of_ones_own_replace_those_of_a_caffe_network(
    kind: str, tmp_path: Path, feed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = foreign.caffe(tmp_path)
    session = tmp_path / "session"
    assert main(["analyze", str(path), "-i", str(feed), "--simulator", "none", "-o", str(session), "-q"]) == 0
    results = load_results(session)
    assert results is not None
    with Dump(results.dumps["golden"][0]) as golden:
        values = {name: golden[name] for name in golden.names}
    np.savez(tmp_path / "board.npz", **values)
    assert main(["import", str(session), str(tmp_path / "board.npz"), "--as", "runtime", "-q"]) == 0
    own = write(kind, tmp_path / "own", {**values, "fc": values["fc"] + 1})
    capsys.readouterr()

    assert main(["import", str(session), str(own), "--as", "golden", "--json", "-q"]) == 0

    layers = {layer["tensor"]: layer for layer in json.loads(capsys.readouterr().out)["layers"]}
    errors = {name: layer["runtime"]["entire"]["max_abs"] for name, layer in layers.items()}
    assert {name for name, error in errors.items() if error > 0} == {"fc"}
    assert errors["fc"] == pytest.approx(1, abs=1e-5)


def test_that_a_network_that_opencv_refuses_takes_golden_values_of_ones_own(
    tmp_path: Path, feed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = foreign.caffe(tmp_path)
    path.write_text(path.read_text().replace('type: "Softmax"', 'type: "Proposal"'))
    session = tmp_path / "session"

    assert main(["analyze", str(path), "-i", str(feed), "--simulator", "none", "-o", str(session), "-q"]) == 2
    assert "rknn-workbench import SESSION DUMPS --as golden" in capsys.readouterr().err
    np.savez(tmp_path / "own.npz", relu1=foreign.random(1, 8, 16, 16), prob=foreign.random(1, 10))
    assert main(["import", str(session), str(tmp_path / "own.npz"), "--as", "golden", "-q"]) == 0

    results = load_results(session)
    assert results is not None
    with Dump(results.dumps["golden"][0]) as golden:
        assert set(golden.names) == {"relu1", "prob"}


def write(kind: str, path: Path, values: dict[str, np.ndarray]) -> Path:
    """Dumps as users write them."""
    if kind == "npz":
        np.savez(path.with_suffix(".npz"), **values)  # type: ignore[arg-type]
        return path.with_suffix(".npz")
    if kind == "h5":
        with h5py.File(path.with_suffix(".h5"), "w") as file:
            for name, array in values.items():
                file[name] = array
        return path.with_suffix(".h5")
    path.mkdir()
    for name, array in values.items():
        np.save(path / f"{name}.npy", array)
    return path
