"""Which preprocessing the user's own golden values come of."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.diagnosis import inputs
from tests.benchmarks.diagnosis.bench import bench
from tests.unit.diagnose.input_sessions import (
    INPUT,
    LAYERS,
    OUTPUTS,
    causes_of,
    changed,
    found_by,
    golden_of,
    session_on,
)
from workbench.diagnose.findings import CAUSE
from workbench.diagnose.rules.input_golden import against_golden
from workbench.foundation.steps import drain
from workbench.graph.read import read_model
from workbench.preprocess.dataset import Sample, feeds
from workbench.preprocess.preprocess import unscaled
from workbench.project.findings.diagnosing import diagnose
from workbench.project.pipeline import analyze
from workbench.project.session import Session

PARTS = (INPUT, LAYERS, OUTPUTS)
WRONG = (
    ("ultraface_slim", {"order": "bgr"}, "input-order-bgr"),
    ("ultraface_slim", {"mean": (0.0,)}, "input-mean"),
    ("ultraface_slim", {"mean": (0.0,), "std": (1.0,)}, "input-not-normalised"),
    ("ultraface_slim", {"scale": 1 / 255}, "input-scale"),
    ("ultraface_slim", {"resize": "letterbox"}, "input-resize"),
    ("resnet18_cifar10", {"std": (255.0,)}, "input-std"),
    ("resnet18_cifar10", {"resize": "crop"}, "input-resize"),
    ("fsanet", {"order": "rgb"}, "input-order-rgb"),
    ("fsanet", {"mean": (123.675, 116.28, 103.53), "std": (58.395, 57.12, 57.375)}, "input-std"),
    ("resnet8_cifar10", {"order": "bgr"}, "input-order-bgr"),
    ("resnet8_cifar10", {"mean": (104.0, 117.0, 123.0)}, "input-mean"),
    ("vww_96", {"std": (127.5,)}, "input-std"),
    ("tinycnn_cifar10", {"mean": (123.675, 116.28, 103.53)}, "input-mean"),
    ("mnist", {"mean": (127.5,), "std": (127.5,)}, "input-normalised-twice"),
)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("network", "settings", "cause"), WRONG)
def test_that_wrong_settings_are_named_and_put_right(
    shared: Path, tmp_path: Path, network: str, settings: dict[str, object], cause: str, part: str
) -> None:
    right = session_on(shared, network)
    wrong = changed(right, **settings)
    findings = found_by(against_golden, wrong, tmp_path / "s", golden_of(right, part, tmp_path / "golden.npz"))
    assert causes_of(findings) == [cause]
    assert findings[0].level == CAUSE
    assert findings[0].evidence[0].chart is not None
    change = findings[0].fixes[0].change
    assert change is not None
    np.testing.assert_allclose(_fed(replace(right, preprocess=change.preprocess or {})), _fed(right), rtol=1e-4)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("network", ["ultraface_slim", "mnist", "resnet8_cifar10", "fsanet", "vww_96"])
def test_that_golden_values_of_the_same_input_are_no_finding(
    shared: Path, tmp_path: Path, network: str, part: str
) -> None:
    session = session_on(shared, network)
    assert found_by(against_golden, session, tmp_path / "s", golden_of(session, part, tmp_path / "g.npz")) == ()


@pytest.mark.parametrize("part", [INPUT, LAYERS])
def test_that_numbers_which_nobody_uses_are_solved_to_three_digits(shared: Path, tmp_path: Path, part: str) -> None:
    session = session_on(shared, "ultraface_slim")
    right = changed(session, mean=(101.0, 93.5, 140.25), std=(77.0, 31.5, 202.0))
    (found,) = found_by(against_golden, session, tmp_path / "s", golden_of(right, part, tmp_path / "g.npz"))
    change = found.fixes[0].change
    assert change is not None
    assert change.preprocess is not None
    np.testing.assert_allclose(change.preprocess["input"].mean, (101.0, 93.5, 140.25), rtol=1e-3)
    np.testing.assert_allclose(change.preprocess["input"].std, (77.0, 31.5, 202.0), rtol=1e-3)


@pytest.mark.parametrize("part", PARTS)
def test_that_two_faults_at_once_are_both_told(shared: Path, tmp_path: Path, part: str) -> None:
    right = session_on(shared, "ultraface_slim")
    wrong = changed(right, order="bgr", std=(64.0,))
    findings = found_by(against_golden, wrong, tmp_path / "s", golden_of(right, part, tmp_path / "g.npz"))
    assert causes_of(findings) == ["input-order-bgr", "input-std"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("network", ["ultraface_slim", "tinycnn_cifar10", "resnet8_cifar10"])
def test_that_bytes_in_the_other_layout_are_told(shared: Path, tmp_path: Path, network: str, part: str) -> None:
    right = session_on(shared, network)
    wrong = _on_bytes_in_the_other_layout(right, tmp_path)
    findings = found_by(against_golden, wrong, tmp_path / "s", golden_of(right, part, tmp_path / "g.npz"))
    own = next(iter(right.preprocess.values())).layout.upper()
    assert causes_of(findings) == ["input-layout"]
    assert findings[0].values["should"] == own
    assert findings[0].fixes == ()


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("network", ["ultraface_slim", "vww_96"])
def test_that_arrays_which_are_normalised_once_more_are_told(
    shared: Path, tmp_path: Path, network: str, part: str
) -> None:
    right = session_on(shared, network)
    np.save(tmp_path / "fed.npy", _fed(right))
    wrong = replace(right, samples=(Sample((tmp_path / "fed.npy",)),), dataset=(Sample((tmp_path / "fed.npy",)),))
    findings = found_by(against_golden, wrong, tmp_path / "s", golden_of(right, part, tmp_path / "g.npz"))
    assert causes_of(findings) == ["input-normalised-twice"]


def test_that_a_grey_picture_is_told(shared: Path, tmp_path: Path) -> None:
    session = session_on(shared, "ultraface_slim")
    settings = session.preprocess["input"]
    tensor = read_model(session.model, session.shapes).graph.inputs[0]
    colours = unscaled(session.samples[0].files[0], tensor, settings).astype(np.float64)
    grey = np.tensordot([0.299, 0.587, 0.114], colours[0], 1)
    fed = ((np.repeat(grey[None, None], 3, axis=1) - 127) / 128).astype(np.float32)
    golden = golden_of(session, LAYERS, tmp_path / "g.npz", {"input": fed})
    assert causes_of(found_by(against_golden, session, tmp_path / "s", golden)) == ["input-gray"]


def test_that_golden_values_of_another_picture_are_not_explained_away(shared: Path, tmp_path: Path) -> None:
    session = session_on(shared, "ultraface_slim")
    other = replace(session, samples=session.dataset[2:3])
    golden = golden_of(other, INPUT, tmp_path / "g.npz")
    (found,) = found_by(against_golden, session, tmp_path / "s", golden)
    assert (found.cause, found.fixes) == ("input-other", ())


def test_that_outputs_nobody_can_explain_are_told_as_undecided(shared: Path, tmp_path: Path) -> None:
    session = session_on(shared, "fsanet")
    other = replace(session, samples=session.dataset[2:3])
    findings = found_by(against_golden, session, tmp_path / "s", golden_of(other, OUTPUTS, tmp_path / "g.npz"))
    assert causes_of(findings) == ["input-other", "weights-stale"]
    assert max(one.confidence for one in findings) <= 0.5


def _fed(session: Session) -> np.ndarray:
    model = read_model(session.model, session.shapes)
    return next(iter(feeds(session.samples[0], model.graph.inputs, session.preprocess).values()))


def _on_bytes_in_the_other_layout(session: Session, folder: Path) -> Session:
    """Fed with raw bytes, as a program writes them that has the picture in the layout which the network has not."""
    ((name, settings),) = session.preprocess.items()
    tensor = read_model(session.model, session.shapes).graph.inputs[0]
    pixels = unscaled(session.samples[0].files[0], tensor, settings).astype(np.uint8)
    moved = pixels.transpose(0, 2, 3, 1) if settings.layout == "nchw" else pixels.transpose(0, 3, 1, 2)
    moved.tofile(folder / "bytes.bin")
    sample = Sample((folder / "bytes.bin",))
    preprocess = {name: replace(settings, dtype="uint8")}
    return replace(session, samples=(sample,), dataset=(sample,), preprocess=preprocess)


def test_that_a_proven_input_comes_before_what_integers_do_with_it(shared: Path, tmp_path: Path) -> None:
    """The two probabilities of the golden output differ by 1.6 % only; with the right mean by nothing at all."""
    fault = next(fault for fault in inputs.FAULTS if fault.kind == "mean+outputs")
    injected = fault.inject(bench(shared, "ppocr_cls", tmp_path, fault.kind))
    assert injected is not None
    drain(analyze(injected.session, tmp_path / "session"))

    found = drain(diagnose(tmp_path / "session", tried=0)).findings

    assert next(one.cause for one in found if one.level == CAUSE) == "input-mean"
