"""Conversion with the real toolkit, from the command line: plain, mixed, of a session, of a quantised network."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.e2e.test_plans_against_toolkit import own_network
from tests.networks import MEAN, STD, mobilenet
from workbench.cli.app import main
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import Session, save_session
from workbench.project.toolkit.hybrid import HybridWish, hybrid
from workbench.sources.toolkit.descriptions import Toolkit, describe
from workbench.sources.toolkit.report import read_report_file

pytestmark = pytest.mark.toolkit


@pytest.fixture
def toolkit(toolkit_python: Path) -> Toolkit:
    found = Toolkit("real", toolkit_python)
    describe(found)
    return found


@pytest.fixture
def session(tmp_path: Path) -> Session:
    model = mobilenet(tmp_path / "network.onnx")
    picture = tmp_path / "picture.png"
    cv2.imwrite(str(picture), np.random.default_rng(1).integers(0, 256, (112, 112, 3), np.uint8))
    samples = (Sample((picture,)),)
    return Session(model, preprocess={"input": Preprocess(mean=MEAN, std=STD)}, samples=samples, dataset=samples)


def converted(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert main(["convert", *map(str, arguments), "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert Path(document["rknn"]).read_bytes()[:4] == b"RKNN"
    assert document["toolkit"] == "rknn-toolkit2 2.5.0"
    return document


def dumped(snapshot: Path, name: str) -> np.ndarray:
    array: np.ndarray = np.load(snapshot / "golden" / "npy" / f"{name}.npy")
    return array


def test_that_the_rknn_normalises_pictures_as_the_workbench_does(
    session: Session, toolkit: Toolkit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (picture,) = session.samples[0].files
    mean, std = (",".join(map(str, numbers)) for numbers in (MEAN, STD))

    document = converted(
        capsys, session.model, "-i", picture, "--mean", mean, "--std", std,
        "--snapshots", tmp_path / "s", "-o", tmp_path / "m.rknn",
    )  # fmt: skip

    (snapshot,) = map(Path, document["snapshots"])
    pixels = cv2.cvtColor(cv2.imread(str(picture)), cv2.COLOR_BGR2RGB).astype(np.float64)
    expected = ((pixels - MEAN) / STD).transpose(2, 0, 1)[None]
    np.testing.assert_allclose(dumped(snapshot, "input"), expected, atol=1e-5)


def test_that_a_session_is_converted_into_itself(
    session: Session, toolkit: Toolkit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_session(session, tmp_path / "my session")

    document = converted(capsys, tmp_path / "my session")

    assert document["rknn"] == str(tmp_path / "my session" / "network.rknn")


def test_that_a_network_with_its_own_quantization_needs_no_inputs(
    toolkit: Toolkit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    converted(capsys, own_network(tmp_path / "own.onnx", "int8"), "-o", tmp_path / "m.rknn")


def test_that_layers_in_float16_are_nearer_to_golden(session: Session, toolkit: Toolkit, tmp_path: Path) -> None:
    before = drain(hybrid(session, tmp_path / "a", toolkit, HybridWish({}, proposal=True, is_analysed=True)))
    report = read_report_file(before.snapshots[0])
    layers = [row.tensor for row in report.rows if row.op == "Conv" and row.values and row.tensor not in before.layers]

    after = drain(hybrid(session, tmp_path / "b", toolkit, HybridWish(dict.fromkeys(layers, "float16"))))

    assert after.layers == dict.fromkeys(layers, "float16")
    column = "simulator.single"
    old, new = (
        {row.tensor: row.values[column]["euc"] for row in read_report_file(outcome.snapshots[0]).rows if row.values}
        for outcome in (before, after)
    )
    assert layers
    assert all(new[name] < old[name] for name in layers)
    assert not list((tmp_path / "b").rglob("*.data"))


def test_that_layers_in_int16_and_float16_go_through_both_steps(
    session: Session, toolkit: Toolkit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precise = ["--int16-tensors", "/conv6/Conv_output_0", "--float-tensors", "/conv11/Conv_output_0"]
    (picture,) = session.samples[0].files
    words = [session.model, "-i", picture, "--snapshots", tmp_path / "s", "-o", tmp_path / "m.rknn"]

    document = converted(capsys, *words, *precise)

    assert document["layers"] == {"/conv6/Conv_output_0": "int16", "/conv11/Conv_output_0": "float16"}
    (snapshot,) = document["snapshots"]
    counts = [
        len(np.unique(simulated(Path(snapshot), name))) for name in (*document["layers"], "/clip14/Clip_output_0")
    ]
    assert [count > 256 for count in counts] == [True, True, False]  # the last one stays in int8
    cfg = (tmp_path / "m.quantization.cfg").read_text().partition("quantize_parameters:")[0]
    assert '"/conv6/Conv_output_0": int16' in cfg


def simulated(snapshot: Path, name: str) -> np.ndarray:
    files = dict(
        line.split() for line in (snapshot / "map_name_to_file.txt").read_text().splitlines() if ".txt" in line
    )
    array: np.ndarray = np.load(snapshot / "simulator" / "npy" / files[name].replace(".txt", ".npy"))
    return array
