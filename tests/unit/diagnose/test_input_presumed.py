"""What speaks against a session's mean and std when nobody has golden values."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.unit.diagnose.input_sessions import LAYERS, causes_of, changed, found_by, golden_of, session_on
from workbench.diagnose.findings import CAUSE, NOTE
from workbench.diagnose.rules.input_presumed import presumed
from workbench.preprocess.dataset import Sample

NETWORKS = (
    "mnist",
    "tinycnn_cifar10",
    "resnet18_cifar10",
    "fsanet",
    "ultraface_rfb",
    "ultraface_slim",
    "ppocr_cls",
    "vww_96",
    "resnet8_cifar10",
)


@pytest.mark.parametrize("network", NETWORKS)
def test_that_nothing_speaks_against_right_settings(shared: Path, tmp_path: Path, network: str) -> None:
    assert found_by(presumed, session_on(shared, network), tmp_path / "s") == ()


def test_that_the_std_of_the_resnet18_convert_script_is_noted_without_golden_values(
    shared: Path, tmp_path: Path
) -> None:
    session = changed(session_on(shared, "resnet18_cifar10"), std=(255.0,))
    (found,) = found_by(presumed, session, tmp_path / "s")
    change = found.fixes[0].change
    assert (found.cause, found.level) == ("input-std", NOTE)
    assert change is not None
    assert change.preprocess is not None
    assert change.preprocess["input"].std == (127.5,)


@pytest.mark.parametrize("network", ["ultraface_slim", "ultraface_rfb", "ppocr_cls"])
def test_that_a_network_which_remembers_its_input_refutes_half_of_it(
    shared: Path, tmp_path: Path, network: str
) -> None:
    (found,) = found_by(presumed, changed(session_on(shared, network), std=(255.0,)), tmp_path / "s")
    assert (found.cause, found.level) == ("input-std", CAUSE)


@pytest.mark.parametrize("network", ["ultraface_slim", "fsanet", "ppocr_cls"])
def test_that_a_network_which_remembers_its_input_refutes_plain_pixels(
    shared: Path, tmp_path: Path, network: str
) -> None:
    (found,) = found_by(presumed, changed(session_on(shared, network), mean=(0.0,), std=(1.0,)), tmp_path / "s")
    assert (found.cause, found.level) == ("input-not-normalised", CAUSE)


@pytest.mark.parametrize("network", ["resnet18_cifar10", "tinycnn_cifar10", "fsanet", "vww_96"])
def test_that_numbers_in_the_units_of_other_pixels_are_a_cause(shared: Path, tmp_path: Path, network: str) -> None:
    (found,) = found_by(presumed, changed(session_on(shared, network), scale=1 / 255), tmp_path / "s")
    assert (found.cause, found.level) == ("input-scale", CAUSE)


@pytest.mark.parametrize("level", [0, 255])
def test_that_pictures_without_content_say_nothing(shared: Path, tmp_path: Path, level: int) -> None:
    session = session_on(shared, "ultraface_slim")
    cv2.imwrite(str(tmp_path / "empty.png"), np.full((240, 320, 3), level, np.uint8))
    empty = (Sample((tmp_path / "empty.png",)),)
    assert found_by(presumed, replace(session, dataset=empty), tmp_path / "one") == ()
    assert found_by(presumed, replace(session, samples=empty, dataset=empty), tmp_path / "two") == ()


def test_that_golden_values_of_the_user_decide_alone(shared: Path, tmp_path: Path) -> None:
    session = changed(session_on(shared, "resnet18_cifar10"), std=(255.0,))
    golden = golden_of(session, LAYERS, tmp_path / "g.npz")
    assert causes_of(found_by(presumed, session, tmp_path / "s", golden)) == []
