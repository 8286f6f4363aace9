"""The zip for the vendor: what is in it, and what is not."""

import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from tests.networks import MEAN, STD, mobilenet
from workbench.foundation.errors import SessionError, SettingsError
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.pipeline import analyze
from workbench.project.results import load_results
from workbench.project.session import Session, save_session
from workbench.project.toolkit.bundling import Wish, bundle, guilty_layers


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a session that was run; its files have names that a vendor shall not see."""
    place = tmp_path_factory.mktemp("private-place")
    model = mobilenet(place / "secret_project.onnx")
    random = np.random.default_rng(1)
    files = [place / f"customer{number}.png" for number in range(3)]
    for file in files:
        smooth = cv2.resize(random.integers(0, 256, (14, 14, 3), np.uint8), (112, 112), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(file), smooth)
    samples = tuple(Sample((file,)) for file in files)
    session = Session(model, preprocess={"input": Preprocess(mean=MEAN, std=STD)}, samples=samples[:1], dataset=samples)
    drain(analyze(session, place / "session"))
    return place / "session"


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def weights(content: bytes) -> dict[str, np.ndarray]:
    graph = onnx.load_from_string(content).graph
    return {item.name: numpy_helper.to_array(item) for item in graph.initializer}


def test_that_a_bundle_holds_all_that_shows_the_error(run: Path, tmp_path: Path) -> None:
    made = drain(bundle(run, tmp_path / "bundle.zip"))

    files = unpacked(made.path)
    calls = json.loads(files["calls.json"])
    assert [call["method"] for call in calls["calls"]] == ["config", "load_onnx", "build", "accuracy_analysis"]
    assert {"README.md", "reproduce.py", "settings.json", "versions.json", "layers.csv", "dataset.txt"} <= files.keys()
    assert files["secret_project.onnx"] == (run.parent / "secret_project.onnx").read_bytes()
    assert {item["tensor"] for item in calls["layers"]} == set(made.layers)
    assert all(name in files for name in files["dataset.txt"].decode().split())
    sources = {item["dump"] for item in json.loads(files["dumps/tensors.json"])}
    assert sources == {"golden", "simulator", "simulator_single"}


def test_that_a_bundle_names_no_folder_of_the_user(run: Path, tmp_path: Path) -> None:
    made = drain(bundle(run, tmp_path / "bundle.zip"))

    texts = (content for name, content in unpacked(made.path).items() if not name.endswith((".npy", ".onnx")))
    assert not any(b"private-place" in content for content in texts)


@pytest.mark.parametrize("hidden", ["scrambled", "cut"])
def test_that_a_bundle_without_private_data_shows_the_error_and_nothing_else(
    run: Path, tmp_path: Path, hidden: str
) -> None:
    made = drain(bundle(run, tmp_path / "bundle.zip", Wish(hidden=hidden)))

    files = unpacked(made.path)
    worst = max(made.before, key=lambda name: made.before[name])
    assert made.after[worst] >= 0.5 * made.before[worst]
    assert not any(b"customer" in content or b"secret_project" in content for content in files.values())
    assert not any("secret" in name or "customer" in name for name in files)
    own, theirs = weights((run.parent / "secret_project.onnx").read_bytes()), weights(files["network.onnx"])
    if hidden == "cut":
        assert 0 < len(theirs) < len(own)
        return
    changed = [name for name, values in own.items() if values.ndim == 4 and values[0].size > 1]
    assert changed
    assert all(not np.array_equal(own[name], _named(theirs, name)) for name in changed)
    picture = np.load(_file(files, "fed/input-0-0.npy", tmp_path))
    real = cv2.imread(str(run.parent / "customer0.png"))[:, :, ::-1].transpose(2, 0, 1)
    assert not np.array_equal(picture[0], real)
    np.testing.assert_array_equal(np.sort(picture[0].reshape(3, -1)), np.sort(real.reshape(3, -1)))


def _named(values: dict[str, np.ndarray], name: str) -> np.ndarray:
    return next(array for key, array in values.items() if key.startswith(name))


def _file(files: dict[str, bytes], name: str, folder: Path) -> Path:
    path = folder / "file.npy"
    path.write_bytes(files[name])
    return path


def test_that_an_error_which_is_gone_without_the_data_is_not_sent(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.project.toolkit.disguise.KEPT", 1e6)

    with pytest.raises(SettingsError, match="the error is gone"):
        drain(bundle(run, tmp_path / "bundle.zip", Wish(hidden="scrambled")))

    assert not (tmp_path / "bundle.zip").exists()


def test_that_a_cancelled_bundle_leaves_nothing(run: Path, tmp_path: Path) -> None:
    steps = bundle(run, tmp_path / "bundle.zip", Wish(hidden="cut"))
    for _ in range(5):
        next(steps)
    steps.close()

    assert list(tmp_path.iterdir()) == []


def test_that_the_layers_of_a_bundle_can_be_chosen(run: Path, tmp_path: Path) -> None:
    results = load_results(run)
    assert results is not None
    tensor = results.rows[3].tensor

    made = drain(bundle(run, tmp_path / "bundle.zip", Wish((tensor,))))

    assert made.layers == (tensor,) != guilty_layers(run, results)
    with pytest.raises(SettingsError, match="no layer nowhere"):
        drain(bundle(run, tmp_path / "other.zip", Wish(("nowhere",))))


def test_that_a_session_that_was_not_run_has_no_bundle(tmp_path: Path) -> None:
    save_session(Session(tmp_path / "network.onnx"), tmp_path)

    with pytest.raises(SessionError, match="no results yet"):
        drain(bundle(tmp_path, tmp_path / "bundle.zip"))
