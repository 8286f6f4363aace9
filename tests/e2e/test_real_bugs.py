"""Real bugs of the test material, found without help."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.diagnosis.bench import Bench, bench
from tests.benchmarks.diagnosis.golden import golden_dump
from workbench.cli.app import main
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze
from workbench.project.session import ImportedDumps, Session
from workbench.quantize.schemes import QuantSettings


def diagnosed(session: Session, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    drain(analyze(session, folder / "session"))
    capsys.readouterr()
    assert main(["diagnose", str(folder / "session"), "--json", "-q"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return found


def causes(findings: Sequence[dict[str, Any]]) -> list[str]:
    return [one["cause"] for one in findings if one["level"] == "cause"]


def of_the_script(resnet: Bench) -> Session:
    """The session as the network's own convert script has it: a std of 255 where it was trained with 127.5."""
    settings = replace(resnet.preprocess, std=(255.0,))
    return replace(resnet.session, preprocess={resnet.input: settings})


@pytest.fixture
def resnet(shared: Path, tmp_path: Path) -> Bench:
    return bench(shared, "resnet18_cifar10", tmp_path, "real")


@pytest.mark.parametrize("part", ["input", "layers", "outputs"])
def test_that_the_wrong_std_of_the_resnet18_script_is_found(
    resnet: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str], part: str
) -> None:
    dump = ImportedDumps(golden_dump(resnet, resnet.fed(), part))

    findings = diagnosed(replace(of_the_script(resnet), imports={"golden": dump}), tmp_path, capsys)

    assert causes(findings)[0] == "input-std"
    assert "127.5" in json.dumps(findings[0])
    assert "255" in json.dumps(findings[0])
    gains = [gain for fix in findings[0]["fix"] for gain in fix["gain"]]
    assert bool(gains) == (part != "layers")  # there the output has nothing to be compared with
    assert all(gain["after"]["cos"] > 0.999 for gain in gains)


def test_that_the_wrong_std_is_presumed_without_any_golden_values(
    resnet: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = diagnosed(of_the_script(resnet), tmp_path, capsys)

    assert "input-std" in [one["cause"] for one in findings]


def test_that_the_constant_beyond_float16_of_the_ocr_detector_is_found(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    detector = bench(shared, "ppocr_det", tmp_path, "real")

    findings = diagnosed(replace(detector.session, quant=QuantSettings(dtype="fp16")), tmp_path, capsys)

    (found,) = [one for one in findings if one["cause"] == "fp16-constant-overflow"]
    assert found["level"] == "note"  # the toolkit folds it into the convolution: measured with 2.5.0, no infinity
    assert causes(findings) == []


def test_that_the_shared_range_of_fastestdets_output_is_found(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    detector = bench(shared, "fastestdet", tmp_path, "real")

    findings = diagnosed(detector.session, tmp_path, capsys)

    assert causes(findings)[0] == "concat-ranges"
    assert detector.proto.graph.output[0].name in json.dumps(findings[0]["layers"])
