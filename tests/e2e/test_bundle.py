"""The bundle for the vendor, run with the vendor's toolkit alone."""

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests import cases
from workbench.cli.app import main
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze

NETWORK = "resnet18_cifar10_qat"


@pytest.fixture(scope="module")
def run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    case = next(item for item in cases.cases(shared) if item.name == NETWORK)
    drain(analyze(cases.session(shared, case, folder, calibration=4), folder / "session"))
    return folder / "session"


@pytest.mark.toolkit
@pytest.mark.parametrize("hidden", ["", "scrambled", "cut"])
def test_that_the_toolkit_alone_shows_the_error_of_a_bundle(
    run: Path, tmp_path: Path, toolkit_python: Path, capsys: pytest.CaptureFixture[str], hidden: str
) -> None:
    wish = ["--hide", hidden] if hidden else []
    assert main(["export", str(run), "--format", "bundle", "-o", str(tmp_path / "b.zip"), "--json", *wish]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["hidden"] == hidden

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        archive.extractall(tmp_path)
    command = [str(toolkit_python), str(tmp_path / "b" / "reproduce.py")]
    told = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True, cwd=tmp_path).stdout

    said = told.partition("The layers in question:")[2]
    ours = re.findall(r"RKNN Workbench: simulator.entire cos ([\d.]+)", said)
    theirs = re.findall(r"toolkit: +\[\w+\] \S+ +([\d.]+) \|", said)
    assert ours
    assert len(ours) == len(theirs)
    assert [float(value) for value in theirs] == pytest.approx([float(value) for value in ours], abs=2e-5)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "html", "--hide", "cut"], "are of a bundle"),
        (["--format", "bundle", "--hide", "blurred"], "'blurred' is not known"),
        (["--format", "bundle", "--layer", "nowhere"], "no layer nowhere"),
    ],
)
def test_that_wishes_that_mean_nothing_are_refused(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert main(["export", str(run), "-o", str(tmp_path / "b.zip"), "-q", *options]) == 2
    assert said in capsys.readouterr().err
