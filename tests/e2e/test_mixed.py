"""`mixed` from its command line on, and its files in the vendor's toolkit."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unit.mixed.made import made_session
from workbench.cli.app import main
from workbench.foundation.steps import Event, Log, Warn, drain
from workbench.graph.read import read_model
from workbench.project.session import load_session
from workbench.quantize.configs.read import read_plan
from workbench.sources.toolkit.configured import config_of, network_of, toolkit_called
from workbench.sources.toolkit.host import run
from workbench.sources.toolkit.hybrid import first_step
from workbench.sources.toolkit.recipe import Analyse, Export, HybridSecond, Recipe, write_dataset
from workbench.sources.toolkit.report import read_report_file

TARGET = "0.9998"


def said(capsys: pytest.CaptureFixture[str], *arguments: Any) -> dict[str, Any]:
    assert main([*map(str, arguments), "--json", "--quiet"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_that_the_layers_for_a_target_are_told_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made_session(tmp_path)
    out = tmp_path / "x.quantization.cfg"

    found = said(capsys, "mixed", tmp_path / "session", "--min-cos", TARGET, "-o", out)

    assert found["reached"]
    assert found["cost"] == {"kind": "layers", "value": len(found["float_layers"])}
    assert all(each["simulator"]["entire"]["cos"] >= float(TARGET) for each in found["outputs"])
    assert [one["cost"] for one in found["pareto"]] == sorted(one["cost"] for one in found["pareto"])
    text = out.read_text()
    assert all(f'    "{name}": float16\n' in text for name in found["float_layers"])


def test_that_applied_layers_are_the_sessions_and_give_what_was_predicted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_session(tmp_path)
    predicted = said(capsys, "mixed", tmp_path / "session", "--min-cos", TARGET, "--apply")
    assert load_session(tmp_path / "session").quant.float_tensors == tuple(predicted["float_layers"])

    out = tmp_path / "table.json"
    assert main(["export", str(tmp_path / "session"), "--format", "json", "-o", str(out), "--quiet"]) == 0
    table = json.loads(out.read_text())
    actual = {each["tensor"]: each["simulator"]["entire"]["cos"] for each in table["outputs"]}
    for each in predicted["outputs"]:
        assert actual[each["tensor"]] == pytest.approx(each["simulator"]["entire"]["cos"], abs=1e-7)


def test_that_two_processes_tell_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made_session(tmp_path)
    here, there = (
        said(capsys, "mixed", tmp_path / "session", "--min-cos", TARGET, "--runs", 8, "--jobs", jobs) for jobs in (1, 2)
    )
    assert here.pop("seconds") != there.pop("seconds")
    assert there == here


def test_that_a_missed_target_is_exit_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made_session(tmp_path)
    assert main(["mixed", str(tmp_path / "session"), "--min-cos", "1", "--quiet"]) == 1
    assert "cos" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--cost", "beauty"], "--cost 'beauty' is not known"),
        (["--min-cos", "7"], "--min-cos 7 is no cosine"),
        (["--max-layers", "3", "--cost", "time"], "--max-layers counts layers"),
        (["--lock", "nobody"], "No layer gives nobody"),
        (["--point", "99", "--min-cos", "0.5"], "--point 99: there are 1"),
    ],
)
def test_that_what_cannot_be_is_refused(
    options: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_session(tmp_path)
    assert main(["mixed", str(tmp_path / "session"), "--quiet", *options]) == 2
    assert sentence in capsys.readouterr().err


def test_that_every_layer_is_told_with_its_effects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made_session(tmp_path)
    found = said(capsys, "mixed", tmp_path / "session", "--sensitivity")
    assert len(found["layers"]) > 20
    assert all(one["only"].keys() == found["quantized"].keys() for one in found["layers"])
    assert sum(bool(one["spared"]) for one in found["layers"]) > 20


@pytest.mark.toolkit
@pytest.mark.parametrize("precision", ["float16", "int16"])
def test_that_the_toolkit_gives_what_was_predicted(
    precision: str, toolkit_python: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_session(tmp_path)
    out = tmp_path / "x.quantization.cfg"
    goal = ("--max-layers", 6, "--precision", precision)

    found = said(capsys, "mixed", tmp_path / "session", *goal, "--check", "-o", out)

    assert 0 < len(found["float_layers"]) <= 6
    assert found["check"]["furthest"] <= 1e-4
    assert found["check"]["missing_conversions"] == found["check"]["further_conversions"] == []
    assert read_plan(out).custom == dict.fromkeys(found["float_layers"], precision)


@pytest.mark.toolkit
def test_that_step_2_takes_a_cfg_that_was_made_without_step_1(
    toolkit_python: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session, out = made_session(tmp_path), tmp_path / "x.quantization.cfg"
    found = said(capsys, "mixed", tmp_path / "session", "--max-layers", 6, "-o", out)
    work = tmp_path / "work"
    work.mkdir()
    row, dataset = session.samples[0].files, write_dataset([one.files for one in session.dataset], work / "dataset.txt")
    toolkit = toolkit_called("")
    recipe = Recipe(network_of(read_model(session.model)), config_of(session.quant), dataset=dataset)
    files = drain(first_step(toolkit, recipe, work))
    actions = (HybridSecond(files.model, files.data, out), Analyse(row, work / "snapshot"))
    drain(run(toolkit, Recipe(recipe.network, recipe.config, dataset=dataset, actions=actions), work))

    report = read_report_file(work / "snapshot")
    for each in found["outputs"]:
        actual = report.by_tensor[each["tensor"]].values["simulator.entire"]["cos"]
        assert actual == pytest.approx(each["simulator"]["entire"]["cos"], abs=1e-4)


@pytest.mark.toolkit
def test_that_the_script_does_it_with_the_toolkit_alone(
    toolkit_python: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session, out = made_session(tmp_path), tmp_path / "mixed.py"
    found = said(capsys, "mixed", tmp_path / "session", "--max-layers", 6, "--format", "script", "-o", out)
    work = tmp_path / "work"
    work.mkdir()
    dataset = write_dataset([one.files for one in session.dataset], work / "dataset.txt")

    subprocess.run(
        [toolkit_python, out, dataset, session.samples[0].files[0]],
        cwd=work,
        check=True,
        capture_output=True,
        timeout=300,
    )

    assert (work / "network.rknn").stat().st_size > 1000
    report = read_report_file(work / "snapshot")
    for each in found["outputs"]:
        actual = report.by_tensor[each["tensor"]].values["simulator.entire"]["cos"]
        assert actual == pytest.approx(each["simulator"]["entire"]["cos"], abs=1e-4)


@pytest.mark.toolkit
@pytest.mark.parametrize("kind", ["op_target", "qdq"])
def test_that_the_toolkit_takes_the_other_files(kind: str, toolkit_python: Path, tmp_path: Path) -> None:
    session, out, work = made_session(tmp_path), tmp_path / ("x.onnx" if kind == "qdq" else "x.json"), tmp_path / "work"
    assert main(["mixed", str(tmp_path / "session"), "--max-layers", "6", "--format", kind, "-o", str(out), "-q"]) == 0
    config, is_ours = config_of(session.quant), kind == "qdq"
    if not is_ours:
        config = {**config, **json.loads(out.read_text())}
        assert len(config["op_target"]) > 1
    work.mkdir()
    network = network_of(read_model(out if is_ours else session.model))
    dataset = None if is_ours else write_dataset([one.files for one in session.dataset], work / "dataset.txt")
    recipe = Recipe(network, config, not is_ours, dataset, (Export(work / "x.rknn"),))
    events: list[Event] = []

    drain(run(toolkit_called(""), recipe, work), events.append)

    assert (work / "x.rknn").stat().st_size > 1000
    assert not [event for event in events if isinstance(event, Log | Warn) and "op_target" in event.text]
