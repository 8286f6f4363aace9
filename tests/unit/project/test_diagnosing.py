from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.diagnose.damaged_runs import LAYERS, damaged
from tests.unit.diagnose.real_runs import analysed
from workbench.diagnose.case import Case
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import CAUSE, Finding, Fix
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError, SessionError
from workbench.foundation.steps import Progress, Steps, Warn, drain
from workbench.project.findings import diagnosing
from workbench.project.findings.diagnosing import diagnose, open_case
from workbench.project.findings.diagnosis_file import load_diagnosis
from workbench.project.findings.path import BAD, GOOD
from workbench.project.findings.sensitivity import sensitivity
from workbench.project.pipeline import analyze, demo_session
from workbench.project.results import load_results
from workbench.project.session import Session, load_session, save_session
from workbench.quantize.schemes import QuantSettings


@pytest.mark.parametrize("name", ["mnist", "ultraface_slim"])
def test_that_a_healthy_network_has_no_cause_of_trouble(shared: Path, tmp_path: Path, name: str) -> None:
    diagnosis = drain(diagnose(analysed(shared, name, tmp_path)))

    assert [finding.cause for finding in diagnosis.findings if finding.level == CAUSE] == []
    assert diagnosis.hurt == ()
    assert [step.state for step in diagnosis.guide[:3]] == [GOOD, GOOD, GOOD]


def test_that_damage_is_told_with_the_layer_that_does_it(shared: Path, tmp_path: Path) -> None:
    diagnosis = drain(diagnose(damaged(shared, "tinycnn_cifar10", tmp_path), 0))

    assert diagnosis.divergence is not None
    assert diagnosis.divergence.guilty[0] == LAYERS["tinycnn_cifar10"][0]
    assert diagnosis.findings[0].layers[0] == LAYERS["tinycnn_cifar10"][0]
    assert diagnosis.findings[0].level == CAUSE
    assert diagnosis.guide[2].state == BAD


def test_that_the_first_fix_of_the_demo_mends_it(tmp_path: Path) -> None:
    drain(analyze(demo_session(), tmp_path))

    fix = drain(diagnose(tmp_path)).findings[0].fixes[0]

    assert fix.helps
    assert fix.gain[0].before["cos"] < 0.97
    assert fix.gain[0].after["cos"] > 0.999


def test_that_fixes_are_run_until_one_helps_and_that_one_stands_first(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = damaged(shared, "tinycnn_cifar10", tmp_path)
    quant = load_session(folder).quant
    useless, cure = (
        Fix("Nothing.", Change(quant=quant)),
        Fix("Float.", Change(quant=replace(quant.plain(), dtype="fp16"))),
    )
    monkeypatch.setattr(
        diagnosing.trying, "offered", lambda case, found: (Finding("quantization", 0.9, (), {}, (), (useless, cure)),)
    )

    first, second = drain(diagnose(folder)).findings[0].fixes

    assert (first.text, second.text) == ("Float.", "Nothing.")
    assert first.helps
    assert second.gain
    assert not second.helps


def test_that_every_layer_is_blamed_in_the_order_of_the_table(shared: Path, tmp_path: Path) -> None:
    folder = analysed(shared, "mnist", tmp_path)
    results = load_results(folder)

    diagnosis = drain(diagnose(folder))

    assert results is not None
    assert [one.tensor for one in diagnosis.blame] == [row.tensor for row in results.rows]


def test_that_a_diagnosis_stays_with_the_session_and_changes_no_results(shared: Path, tmp_path: Path) -> None:
    folder = analysed(shared, "mnist", tmp_path)
    before = (folder / "results.json").read_bytes()

    diagnosis = drain(diagnose(folder))

    saved = load_diagnosis(folder)
    assert saved is not None
    assert repr(saved.diagnosis) == repr(diagnosis)
    assert (folder / "results.json").read_bytes() == before


def test_that_what_one_rule_cannot_look_at_hides_nothing_else(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(case: Case) -> Steps[tuple[Finding, ...]]:
        yield Progress("diagnose", 0, 1)
        raise DumpError("A dump is damaged.", "Run the session again.")

    folder = damaged(shared, "tinycnn_cifar10", tmp_path)
    monkeypatch.setattr(diagnosing, "RULES", (refused, *diagnosing.RULES))
    warnings: list[str] = []

    found = drain(diagnose(folder, 0), lambda event: warnings.append(event.text) if isinstance(event, Warn) else None)

    assert "A dump is damaged. Run the session again." in warnings
    assert found.findings[0].layers[0] == LAYERS["tinycnn_cifar10"][0]


def test_that_what_was_not_run_cannot_be_diagnosed(session: Session, folder: Path) -> None:
    save_session(session, folder)

    with pytest.raises(SessionError):
        drain(diagnose(folder))


def test_that_all_layers_are_measured_on_demand_and_kept(shared: Path, tmp_path: Path) -> None:
    folder = damaged(shared, "mnist", tmp_path)
    some = drain(diagnose(folder, 0)).divergence

    every = drain(sensitivity(folder)).divergence

    saved = load_diagnosis(folder)
    assert some is not None
    assert every is not None
    assert saved is not None
    assert sum(bool(share.only) for share in every.shares) > sum(bool(share.only) for share in some.shares)
    assert repr(saved.diagnosis.divergence) == repr(every)


def test_that_a_trial_gives_the_outputs_that_a_run_gives(shared: Path, tmp_path: Path) -> None:
    folder = analysed(shared, "tinycnn_cifar10", tmp_path)
    quant = QuantSettings(method="layer")
    with open_case(folder) as steps:
        tried = drain(drain(steps).trials.run(Change(quant=quant))).outputs

    session = replace(load_session(folder), quant=quant)
    drain(analyze(session, tmp_path / "other"))
    results = load_results(tmp_path / "other")

    assert results is not None
    row = next(row for row in reversed(results.rows) if row.golden == "output")
    assert tried["output"] == pytest.approx(row.errors["simulator.entire"].mean, nan_ok=True)


def test_that_a_trial_of_every_tensor_has_the_values_of_a_run(shared: Path, tmp_path: Path) -> None:
    folder = analysed(shared, "mnist", tmp_path)
    with open_case(folder) as steps:
        case = drain(steps)
        trial = drain(case.trials.run(Change(), is_whole=True))
        with Dump(trial.dumps["simulator"][0]) as dump:
            assert all(np.array_equal(dump[row.tensor], case.simulated(row)) for row in case.rows)


def test_that_a_run_after_a_trial_has_both_runs_again(shared: Path, tmp_path: Path) -> None:
    folder = analysed(shared, "mnist", tmp_path, "fp16")
    with open_case(folder) as steps:
        drain(drain(steps).trials.run(Change(quant=QuantSettings()), is_whole=True))

    results = drain(analyze(replace(load_session(folder), quant=QuantSettings()), folder))

    assert all("simulator.single" in row.errors for row in results.rows)
