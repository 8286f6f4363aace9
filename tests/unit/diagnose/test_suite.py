"""A small part of the suite of faults: each is found first, and clean runs stay quiet.

The whole of it: python -m tests.benchmarks.diagnosis
"""

import math
from pathlib import Path

import pytest

from tests.benchmarks.diagnosis.__main__ import FAULTS
from tests.benchmarks.diagnosis.gains import measure, off
from tests.benchmarks.diagnosis.judge import Judge, Verdict
from tests.benchmarks.diagnosis.table import summary
from workbench.diagnose.findings import Fix, OutputGain

BY_KIND = {fault.kind: fault for fault in FAULTS}
FOUND = (
    ("tinycnn_cifar10", "order+input"),
    ("resnet18_cifar10", "std+layers"),
    ("resnet8_cifar10", "layout+outputs"),
    ("tinycnn_cifar10", "calibration-one"),
    ("tinycnn_cifar10", "weights-range"),
    ("vww_96", "spikes"),
    ("tinycnn_cifar10", "board-operator"),
    ("tinycnn_cifar10", "board-order+input"),
    ("retinaface", "board-twice+layers"),  # int8 cuts half of that input off
)


def judged(shared: Path, folder: Path, network: str, kind: str) -> Verdict:
    verdict = Judge(shared, folder).judge(network, BY_KIND[kind])
    assert verdict is not None, "the fault could not be injected"
    return verdict


@pytest.mark.parametrize(("network", "kind"), FOUND)
def test_that_an_injected_fault_is_the_first_finding(shared: Path, tmp_path: Path, network: str, kind: str) -> None:
    verdict = judged(shared, tmp_path, network, kind)

    assert not verdict.failed
    assert verdict.rank == 1, [one.cause for one in verdict.causes]


@pytest.mark.parametrize("kind", [kind for kind in BY_KIND if kind.startswith("clean")])
def test_that_a_clean_run_is_not_blamed(shared: Path, tmp_path: Path, kind: str) -> None:
    verdict = judged(shared, tmp_path, "tinycnn_cifar10", kind)

    assert not verdict.failed
    assert not verdict.is_sick
    assert verdict.causes == []


def test_that_the_fixes_of_a_finding_bring_what_they_promise(shared: Path, tmp_path: Path) -> None:
    verdict = judged(shared, tmp_path, "tinycnn_cifar10", "weights-range")

    measure(verdict)

    promised = [gain for gain in verdict.gains if not gain.refused]
    assert any(gain.is_first for gain in promised)
    assert all(gain.is_kept for gain in promised), promised


def test_that_an_output_which_is_lost_is_no_gain_that_was_promised() -> None:
    promised = Fix("Fix.", gain=(OutputGain("y", {}, {"cos": 0.9}), OutputGain("z", {}, {"cos": 0.9})))

    assert off(promised, {"y": {"cos": 0.8}, "z": {"cos": 0.9}}) == pytest.approx(0.1)
    assert off(promised, {"y": {"cos": 0.9}, "z": {"cos": math.nan}}) == math.inf
    assert off(promised, {"y": {"cos": 0.9}}) == math.inf


def test_that_a_fault_which_is_not_named_counts_as_missed(shared: Path, tmp_path: Path) -> None:
    verdict = judged(shared, tmp_path, "tinycnn_cifar10", "order+input")
    verdict.right = frozenset(("concat-ranges",))

    text, _, holds = summary([verdict])

    assert verdict.rank is None
    assert not holds
    assert "0.0%" in text
