"""Rules of fixes in a session: what they promise is what a run gives, and they can be taken back without a trace."""

import dataclasses
import json
import shutil
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.unit.diagnose.real_runs import analysed, case_in, rescaled_mnist
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Finding, Fix, OutputGain
from workbench.dump.store import Dump
from workbench.foundation.errors import ModelError, SessionError, SettingsError
from workbench.foundation.steps import drain
from workbench.graph.read import read_model
from workbench.project.findings import fixing, trying
from workbench.project.findings.diagnosing import diagnose
from workbench.project.rows import NOT_ON_NPU
from workbench.project.session import load_session, save_session
from workbench.project.stages import Stages

PROMISES = [
    ("mnist", "equalise"),
    ("mnist", "correct-biases"),
    ("tinycnn_cifar10", "correct-biases"),
    ("tinycnn_cifar10", "leave-out"),
    ("resnet8_cifar10", "equalise"),
    ("fsanet", "cut-tail"),
    ("ultraface_slim", "split-outputs"),
    ("ultraface_slim", "leave-out"),
    ("yunet", "cut-tail"),
    ("yunet", "smooth"),
    ("fastestdet", "split-outputs"),
    ("ppocr_cls", "equalise"),
]


def tried(session: Path, fix: Fix, *layers: str) -> Fix:
    with ExitStack() as stack:
        return drain(trying.tried(case_in(session, stack), fix, Finding("quantization", 1.0, layers)))


def worst_rows(session: Path, count: int = 6) -> list[str]:
    rows = [row for row in fixing.last_results(session).rows if "simulator.single" in row.errors]
    rows = [row for row in rows if "cos" in row.errors["simulator.single"].mean]
    return [row.tensor for row in sorted(rows, key=lambda row: row.errors["simulator.single"].mean["cos"])[:count]]


def after(gains: tuple[OutputGain, ...]) -> dict[str, float]:
    return {gain.output: gain.after["cos"] for gain in gains}


@pytest.mark.parametrize(("name", "key"), PROMISES)
def test_that_a_fix_brings_what_it_promised(shared: Path, tmp_path: Path, name: str, key: str) -> None:
    session = analysed(shared, name, tmp_path)
    fix = tried(session, Fix("", key=key), *worst_rows(session))
    before = fixing.outcome(session)
    assert fix.change is not None

    drain(fixing.apply(session, fix.change, fix.text))

    assert fix.gain == fixing.gains(before, fixing.outcome(session))


def test_that_settings_bring_what_they_promised(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "ultraface_slim", tmp_path)
    for change in (
        Change(quant=dataclasses.replace(load_session(session).quant, algorithm="kl_divergence")),
        Change(quant=dataclasses.replace(load_session(session).quant, float_tensors=(worst_rows(session)[0],))),
    ):
        fix, before = tried(session, Fix("", change)), fixing.outcome(session)

        drain(fixing.apply(session, change, "settings"))

        assert fix.gain == fixing.gains(before, fixing.outcome(session))


def test_that_a_cut_session_has_the_outputs_and_the_golden_values_of_the_whole(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "ultraface_slim", tmp_path)
    before = fixing.last_results(session)
    golden = Stages(load_session(session), session).golden_paths()
    fix = tried(session, Fix("", key="split-outputs"))
    assert fix.change is not None

    results = drain(fixing.apply(session, fix.change, fix.text))

    assert results.outputs == before.outputs
    assert results.dumps["golden"] == golden
    (boxes,) = [row for row in results.rows if row.tensor == "boxes"]
    assert boxes.note == NOT_ON_NPU
    assert boxes.errors["simulator.single"].mean["euc"] == 0
    tail = load_session(session).tail
    assert tail is not None
    parts = read_model(tail).graph.producers["boxes"].inputs
    with Dump(results.dumps["simulator"][0]) as dump:
        np.testing.assert_array_equal(dump["boxes"], np.concatenate([dump[name] for name in parts], 1))


def test_that_the_networks_lie_in_the_session(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "ultraface_slim", tmp_path)
    fix = tried(session, Fix("", key="split-outputs"))
    assert fix.change is not None
    drain(fixing.apply(session, fix.change, fix.text))
    shutil.rmtree(session / "trials")
    moved = session.rename(tmp_path / "moved")

    found = load_session(moved)

    assert found.model.parent == moved / fixing.NETWORKS
    assert found.tail is not None
    assert found.tail.is_file()
    assert found.model.is_file()


def test_that_undo_leaves_the_session_as_it_was(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path)
    before, outcome = load_session(session), fixing.outcome(session)
    for key in ("equalise", "correct-biases"):
        fix = tried(session, Fix("", key=key))
        assert fix.change is not None
        drain(fixing.apply(session, fix.change, key))
    assert fixing.history(session) == ("correct-biases", "equalise")

    drain(fixing.undo(session))
    drain(fixing.undo(session))

    assert load_session(session) == before
    assert fixing.history(session) == ()
    assert fixing.outcome(session) == outcome


def test_that_undo_keeps_what_the_fix_had_not_changed(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path)
    quant = dataclasses.replace(load_session(session).quant, algorithm="kl_divergence")
    drain(fixing.apply(session, Change(quant=quant), "ranges"))
    save_session(dataclasses.replace(load_session(session), notes={"x": "mine"}), session)

    drain(fixing.undo(session))

    assert load_session(session).notes == {"x": "mine"}
    assert load_session(session).quant.algorithm == "normal"


def test_that_a_fix_that_cannot_run_leaves_the_session_alone(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path)
    before = load_session(session)
    (tmp_path / "broken.onnx").write_bytes(b"no network")

    with pytest.raises(ModelError):
        drain(fixing.apply(session, Change(model=tmp_path / "broken.onnx"), "broken"))

    assert load_session(session) == before
    assert fixing.history(session) == ()


def test_that_a_cancelled_fix_leaves_the_session_alone(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path)
    before = load_session(session)
    quant = dataclasses.replace(before.quant, algorithm="kl_divergence")
    steps = fixing.apply(session, Change(quant=quant), "ranges")
    next(steps)

    steps.close()

    assert load_session(session) == before
    assert fixing.history(session) == ()


def test_that_nothing_is_taken_back_where_nothing_was_applied(shared: Path, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="No fix was applied"):
        drain(fixing.undo(analysed(shared, "mnist", tmp_path)))


def test_that_a_half_written_step_is_none(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path)
    (session / fixing.STEPS / "001").mkdir(parents=True)

    assert fixing.history(session) == ()


def test_that_changing_a_network_anew_waits_until_the_correction_is_taken_back(shared: Path, tmp_path: Path) -> None:
    """Equalising scales tensors, whose golden values are then those of another network."""
    session = analysed(shared, "mnist", tmp_path)
    fix = tried(session, Fix("", key="correct-biases"))
    assert fix.change is not None
    drain(fixing.apply(session, fix.change, fix.text))

    with pytest.raises(SettingsError, match="cannot be done"):
        tried(session, Fix("", key="equalise"))


def test_that_a_cut_network_takes_corrected_biases(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "ultraface_slim", tmp_path)
    outputs = fixing.last_results(session).outputs
    for key in ("split-outputs", "correct-biases"):
        fix = tried(session, Fix("", key=key))
        assert fix.change is not None
        results = drain(fixing.apply(session, fix.change, fix.text))
        assert after(fix.gain).keys() == set(outputs)

    assert results.outputs == outputs
    assert load_session(session).tail is not None


def test_that_a_diagnosed_overflow_is_mended_by_number(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path, "fp16", rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**12))

    keys = [fix.key for fix in drain(diagnose(session, 0)).findings[0].fixes]
    number = keys.index("rescale")

    fix = drain(fixing.try_fix(session, 0, number))
    changed = drain(fixing.applied_fix(session, load_session(session), 0, number))

    assert min(after(fix.gain).values()) > 0.999
    assert changed == load_session(session)
    assert min(errors["cos"] for errors in fixing.outcome(session).values()) > 0.999


def test_that_a_fix_that_is_settings_is_left_to_the_window_to_save(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path, "fp16", rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**12))
    before = load_session(session)
    fixes = drain(diagnose(session, 0)).findings[0].fixes
    number = next(place for place, fix in enumerate(fixes) if fix.change is not None and fix.change.quant is not None)

    changed = drain(fixing.applied_fix(session, before, 0, number))

    assert changed != before
    assert load_session(session) == before


def test_that_what_a_fix_brings_is_kept_in_the_diagnosis(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path, "fp16", rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**12))

    diagnosis = drain(fixing.try_one(session, 0, 0))

    assert diagnosis.findings[0].fixes[0].gain
    assert json.loads((session / "diagnosis.json").read_text())


def test_that_a_number_that_is_none_is_refused(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path)

    with pytest.raises(SettingsError, match="no finding 9"):
        drain(fixing.try_fix(session, 8))


def test_that_dumps_of_what_the_session_was_are_let_go_of(shared: Path, tmp_path: Path) -> None:
    from workbench.project.session import ImportedDumps

    session = analysed(shared, "mnist", tmp_path)
    kinds = {kind: ImportedDumps(tmp_path / kind) for kind in ("golden", "simulator", "runtime")}
    before = dataclasses.replace(load_session(session), imports=kinds, simulator="none")
    quant = dataclasses.replace(before.quant, algorithm="mmse")

    found = fixing.applied(before, session, Change(quant=quant))

    assert found.imports.keys() == {"golden"}
    assert found.simulator == "embedded"
