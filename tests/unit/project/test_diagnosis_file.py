import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.diagnose.changes import Change
from workbench.diagnose.divergence import Divergence, LayerShare
from workbench.diagnose.findings import NOTE, Chart, Evidence, Finding, Fix, OutputGain
from workbench.diagnose.gate import Hurt
from workbench.diagnose.parts import LayerBlame
from workbench.foundation.errors import SettingsError
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.findings.diagnosis import Diagnosis
from workbench.project.findings.diagnosis_file import (
    FILE,
    TRIALS,
    load_diagnosis,
    load_facts,
    save_diagnosis,
    save_facts,
    with_fix,
)
from workbench.project.findings.path import GOOD, Checked, Facts, Step
from workbench.project.results import Results, save_results
from workbench.quantize.schemes import QuantSettings


@pytest.fixture
def results(folder: Path) -> Results:
    made = Results((), outputs=("y",), dumps={"golden": (folder / "dumps" / "golden-1.h5",)})
    save_results(made, folder)
    return made


def everything(folder: Path) -> Diagnosis:
    change = Change(
        quant=QuantSettings(float_tensors=("a",), ranges=(("b", 0.0, 1.0),)),
        preprocess={"x": Preprocess(mean=(127.5,), std=(255.0,))},
        dataset=(Sample((Path("/elsewhere/图.png"),)),),
        model=folder / "networks" / "cut.onnx",
        tail=Path("/elsewhere/tail.onnx"),
    )
    gain = OutputGain("y", {"cos": math.nan, "nan": 3.0}, {"cos": 0.99, "sqnr_db": math.inf})
    chart = Chart("bars", "channel", "range", {"weights": (1.0, math.inf)}, ("0", "1"))
    evidence = Evidence("It reaches 1e9.", "a", 0, "histogram", chart)
    fixes = (Fix("Keep it in float16.", change, (gain,)), Fix("Cut the tail.", key="cut-tail"))
    finding = Finding("fp16-overflow", 0.9, ("a",), {"tensor": "a"}, (evidence,), fixes, NOTE, frozenset({"nan"}))
    return Diagnosis(
        findings=(finding,),
        seconds=1.5,
        versions={"toolkit": "2.5.0"},
        guide=(Step("float16", GOOD, "Good.", ("Run it.",), {"y": {"cos": 1.0}}, ("nan",)),),
        blame=(LayerBlame("a", 0.1, None, math.inf, 0.2),),
        divergence=Divergence((LayerShare("a", 0.1, None, {"y": 0.2}, {}),), "a", ("a",), ("a", "y"), {"y": math.inf}),
        hurt=(Hurt("y", "simulator.entire", "nan", 3.0),),
    )


def test_that_a_diagnosis_comes_back_as_it_was(folder: Path, results: Results) -> None:
    save_diagnosis(everything(folder), folder)

    saved = load_diagnosis(folder)

    assert saved is not None
    assert not saved.is_stale
    assert repr(saved.diagnosis) == repr(everything(folder))


def test_that_of_networks_written_for_trials_those_stay_that_the_diagnosis_speaks_of(
    folder: Path, results: Results
) -> None:
    trials = folder / TRIALS
    trials.mkdir()
    for name in ("net-cut-1.onnx", "net-tail-1.onnx", "net-plain-1.onnx", "net-cut-0.onnx", "net-half.onnx.part"):
        (trials / name).write_bytes(b"network")
    change = Change(
        model=trials / "net-cut-1.onnx", tail=trials / "net-tail-1.onnx", reference=trials / "net-plain-1.onnx"
    )
    found = everything(folder)
    finding = found.findings[0].with_fixes((Fix("Cut it.", change), Fix("Keep it in float16.", Change())))

    save_diagnosis(replace(found, findings=(finding,)), folder)
    assert sorted(path.name for path in trials.iterdir()) == ["net-cut-1.onnx", "net-plain-1.onnx", "net-tail-1.onnx"]

    save_diagnosis(replace(found, findings=()), folder)
    assert list(trials.iterdir()) == []


def test_that_a_moved_session_finds_the_networks_in_its_folder(folder: Path, results: Results) -> None:
    save_diagnosis(everything(folder), folder)
    moved = folder.rename(folder.with_name("moved"))

    saved = load_diagnosis(moved)

    assert saved is not None
    change = saved.diagnosis.findings[0].fixes[0].change
    assert change is not None
    assert (change.model, change.tail) == (moved / "networks" / "cut.onnx", Path("/elsewhere/tail.onnx"))


def test_that_a_diagnosis_of_other_results_is_stale(folder: Path, results: Results) -> None:
    save_diagnosis(everything(folder), folder)
    save_results(replace(results, dumps={"golden": (folder / "dumps" / "golden-2.h5",)}), folder)

    saved = load_diagnosis(folder)

    assert saved is not None
    assert saved.is_stale


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2}', '{"version": 1, "content": 3, "results": ""}', "\x00"]
)
def test_that_a_file_that_cannot_be_read_is_as_good_as_absent(folder: Path, results: Results, text: str) -> None:
    (folder / FILE).write_text(text, encoding="utf-8")

    assert load_diagnosis(folder) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [("cause", "of another program"), ("confidence", "high"), ("fixes", [{"text": 3}]), ("evidence", "none")],
)
def test_that_a_finding_that_makes_no_sense_spoils_nothing_else(
    folder: Path, results: Results, key: str, value: object
) -> None:
    save_diagnosis(everything(folder), folder)
    document = json.loads((folder / FILE).read_text(encoding="utf-8"))
    document["content"]["findings"][0][key] = value
    (folder / FILE).write_text(json.dumps(document), encoding="utf-8")

    assert load_diagnosis(folder) is None


def test_that_what_a_fix_brings_is_kept(folder: Path, results: Results) -> None:
    save_diagnosis(everything(folder), folder)
    tried = Fix("Cut the tail.", key="cut-tail", gain=(OutputGain("y", {"cos": 0.5}, {"cos": 0.9}),))

    with_fix(folder, 0, 1, tried)

    saved = load_diagnosis(folder)
    assert saved is not None
    assert saved.diagnosis.findings[0].fixes[1] == tried


@pytest.mark.parametrize(("finding", "fix"), [(1, 0), (0, 2)])
def test_that_a_fix_that_is_not_there_is_refused(folder: Path, results: Results, finding: int, fix: int) -> None:
    save_diagnosis(everything(folder), folder)

    with pytest.raises(SettingsError):
        with_fix(folder, finding, fix, Fix("Nothing."))


def test_that_facts_of_other_results_are_forgotten(folder: Path, results: Results) -> None:
    facts = Facts({"y": {"cos": 1.0}}, Checked(True, "It is right."))
    save_facts(facts, folder, results)

    assert load_facts(folder, results) == facts
    assert load_facts(folder, replace(results, outputs=("z",))) == Facts()
