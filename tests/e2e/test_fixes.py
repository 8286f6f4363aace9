"""Fixes from the command line: listed with numbers, tried, applied, taken back."""

import json
from pathlib import Path

import pytest

from tests.unit.diagnose.real_runs import analysed, rescaled_mnist
from workbench.cli.app import main


@pytest.fixture
def overflowing(shared: Path, tmp_path: Path) -> Path:
    return analysed(shared, "mnist", tmp_path, "fp16", rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**12))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main([*arguments, "--quiet"]) == 0
    return capsys.readouterr().out


def test_that_a_fix_is_listed_tried_applied_and_taken_back(
    overflowing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = str(overflowing)
    listed = said(capsys, "diagnose", session, "--try", "0")
    tried = said(capsys, "diagnose", session, "--try", "1.1")
    applied = json.loads(said(capsys, "diagnose", session, "--apply", "1", "--json"))
    mended = json.loads(said(capsys, "diagnose", session, "--json"))
    undone = json.loads(said(capsys, "diagnose", session, "--undo", "--json"))
    again = json.loads(said(capsys, "diagnose", session, "--json"))

    assert "1.1 >" in listed
    assert tried.startswith("tried: ")
    assert applied["gain"][0]["before"]["cos"] == "nan"
    assert applied["gain"][0]["after"]["cos"] > 0.999
    assert "fp16-overflow" not in [finding["cause"] for finding in mended["findings"]]
    assert undone["undone"] == applied["applied"]
    assert again["findings"][0]["cause"] == "fp16-overflow"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--apply", "x"), "names no fix"),
        (("--apply", "0"), "names no fix"),
        (("--apply", "1.0"), "names no fix"),
        (("--try", "1."), "names no fix"),
        (("--try", "many"), "no number of fixes"),
        (("--apply", "99"), "no finding 99"),
        (("--undo",), "No fix was applied"),
    ],
)
def test_that_what_names_no_fix_is_a_sentence(
    overflowing: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert main(["diagnose", str(overflowing), *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_that_calibration_inputs_are_chosen_from_a_folder(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = analysed(shared, "ultraface_slim", tmp_path)
    pictures = shared / "images" / "faces_ultralight"

    applied = json.loads(
        said(capsys, "diagnose", str(session), "--calibrate-from", str(pictures), "--images", "5", "--json")
    )

    assert applied["applied"].startswith("Calibrate with 5 inputs chosen from ")
    assert {gain["output"] for gain in applied["gain"]} == {"scores", "boxes"}
