import json
from pathlib import Path

import pytest

from tests.unit.diagnose.damaged_runs import LAYERS, damaged
from tests.unit.diagnose.real_runs import analysed
from workbench.cli.app import main
from workbench.cli.diagnose import plain

Captured = pytest.CaptureFixture[str]


def test_that_a_document_has_what_scripts_read(shared: Path, tmp_path: Path, capsys: Captured) -> None:
    folder = damaged(shared, "tinycnn_cifar10", tmp_path)

    assert main(["diagnose", str(folder), "--try", "0", "--json", "--quiet"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == 1
    first = document["findings"][0]
    assert {"cause", "title", "layers", "confidence", "evidence", "fix"} <= first.keys()
    assert first["layers"][0] == document["divergence"]["guilty"][0] == LAYERS["tinycnn_cifar10"][0]
    assert [step["key"] for step in document["guide"]] == ["reference", "float16", "quantized", "board", "c_program"]
    assert len(document["blame"]) == len(document["divergence"]["shares"])


def test_that_people_are_told_the_path_and_where_the_numbers_part(
    shared: Path, tmp_path: Path, capsys: Captured
) -> None:
    folder = damaged(shared, "tinycnn_cifar10", tmp_path)

    main(["diagnose", str(folder), "--try", "0", "--quiet"])

    shown = capsys.readouterr().out
    assert "● reference" in shown
    assert "✖ simulator, quantised" in shown
    assert f"The numbers part for good at {LAYERS['tinycnn_cifar10'][0]}." in shown


def test_that_a_healthy_network_is_told_to_be_healthy(shared: Path, tmp_path: Path, capsys: Captured) -> None:
    main(["diagnose", str(analysed(shared, "mnist", tmp_path)), "--quiet"])

    assert capsys.readouterr().out.endswith("Nothing was found.\n")


def test_that_all_layers_are_measured_when_they_are_asked_for(shared: Path, tmp_path: Path, capsys: Captured) -> None:
    folder = damaged(shared, "mnist", tmp_path)

    main(["diagnose", str(folder), "--all-layers", "--try", "0", "--json", "--quiet"])

    shares = json.loads(capsys.readouterr().out)["divergence"]["shares"]
    assert sum(bool(share["only"]) for share in shares) > 3


def test_that_an_unknown_language_is_refused(tmp_path: Path) -> None:
    assert main(["diagnose", str(tmp_path), "--language", "fr"]) == 2


def test_that_a_document_has_no_number_that_json_has_not() -> None:
    assert plain({"a": [float("nan"), (float("-inf"), 1.5)]}) == {"a": ["nan", ["-inf", 1.5]]}
