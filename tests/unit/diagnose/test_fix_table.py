"""Rules of which fixes are offered against which cause."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.diagnose.real_runs import analysed, case_in, rescaled_mnist
from workbench.diagnose.case import Case
from workbench.diagnose.causes import causes
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Finding, Fix
from workbench.diagnose.fixes import settings
from workbench.diagnose.fixes.table import CAUSES, MAKERS, TEXTS, fixes_of
from workbench.foundation.steps import drain
from workbench.project.findings import fixing, trying
from workbench.project.findings.trials import changed_session
from workbench.project.session import load_session


def worst(case: Case, count: int = 4) -> tuple[str, ...]:
    single = "simulator.single"
    rows = [row for row in case.rows if single in row.errors and "cos" in row.errors[single].mean]
    return tuple(row.tensor for row in sorted(rows, key=lambda row: row.errors[single].mean["cos"])[:count])


def test_that_causes_of_the_table_are_known() -> None:
    assert CAUSES.keys() <= causes().keys()


def test_that_what_is_made_has_a_text() -> None:
    assert MAKERS.keys() == TEXTS.keys()


@pytest.mark.parametrize("name", ["mnist", "tinycnn_cifar10", "resnet8_cifar10", "ultraface_slim", "fastestdet"])
def test_that_what_is_offered_can_be_made(shared: Path, tmp_path: Path, name: str) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, name, tmp_path), stack)
        offers = {
            (fix.key or repr(fix.change)): (fix, finding)
            for cause in CAUSES
            for finding in [Finding(cause, 1.0, worst(case))]
            for fix in fixes_of(case, finding)
            if fix.is_runnable
        }

        for fix, finding in offers.values():
            assert drain(trying.made(case, fix, finding)).change is not None


def test_that_a_rule_s_own_fix_stands_first_and_is_not_offered_twice(shared: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "fastestdet", tmp_path), stack)
        own = Fix("as the rule says it", key="cut-tail")

        (found,) = trying.offered(case, [Finding("concat-ranges", 1.0, worst(case), fixes=(own,))])

    assert found.fixes[0] == own
    assert [fix.key for fix in found.fixes].count("cut-tail") == 1


def test_that_a_network_that_is_quantised_already_is_not_written_anew(shared: Path, tmp_path: Path) -> None:
    model = shared / "models" / "tinycnn_cifar10" / "model_int8.onnx"
    with ExitStack() as stack:
        case = case_in(analysed(shared, "tinycnn_cifar10", tmp_path, model=model), stack)

        assert [fix for cause in CAUSES for fix in fixes_of(case, Finding(cause, 1.0, worst(case))) if fix.key] == []


def test_that_float16_in_the_place_of_int8_is_quantised_again(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path, "fp16", rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**12))
    with ExitStack() as stack:
        case = case_in(session, stack)

        fix = settings.in_integers(case, ())

        assert fix is not None
        assert fix.change is not None
        assert fix.change.quant is not None
        assert fix.change.quant.dtype == "w8a8"


@pytest.mark.parametrize("kind", ["in_float16", "in_int16"])
def test_that_layers_get_another_precision_once(shared: Path, tmp_path: Path, kind: str) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "ultraface_slim", tmp_path), stack)
        layers = worst(case, 2)

        fix = getattr(settings, kind)(case, (*layers, *layers, "no such layer"))

        assert fix.change is not None
        quant = fix.change.quant
        assert sorted(quant.float_tensors + quant.int16_tensors) == sorted(layers)


def test_that_settings_that_are_so_already_are_not_offered(shared: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "mnist", tmp_path), stack)

        assert settings.channelwise(case) is None
        assert settings.algorithm(case, "normal") is None
        assert settings.in_integers(case, worst(case)) is None
        assert settings.in_float16(case, ("no such layer",)) is None
        assert settings.with_range(case, "no such tensor", 0.0, 1.0) is None


def test_that_a_cut_tensor_gets_the_range_that_its_values_need(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "mnist", tmp_path)
    quant = replace(load_session(session).quant, ranges=(("ReLU32_Output_0", 0.0, 30.0),))
    drain(fixing.apply(session, Change(quant=quant), "a range that is too narrow"))
    with ExitStack() as stack:
        case = case_in(session, stack)
        finding = Finding("activation-saturation", 1.0, ("ReLU32_Output_0",))
        fixes = [fix for fix in fixes_of(case, finding) if "range" in fix.text]

        (gain,) = drain(trying.tried(case, fixes[0], finding)).gain

    assert gain.before["cos"] < 0.99
    assert gain.after["cos"] > 0.999


def test_that_a_change_without_a_network_keeps_the_one_that_was_cut(shared: Path, tmp_path: Path) -> None:
    session = analysed(shared, "ultraface_slim", tmp_path)
    with ExitStack() as stack:
        fix = drain(trying.made(case_in(session, stack), Fix("", key="split-outputs")))
    assert fix.change is not None
    cut = fixing.applied(load_session(session), session, fix.change)

    again = changed_session(cut, Change(dataset=cut.dataset[:1]))

    assert (again.model, again.tail, again.reference) == (cut.model, cut.tail, cut.reference)
