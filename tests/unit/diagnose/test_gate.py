from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.diagnose.real_runs import analysed, case_in
from tests.unit.networks import random
from workbench.diagnose.channels import output_channel_axis, output_channels
from workbench.diagnose.gate import ANGLE, worst_channel
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze
from workbench.project.session import load_session

BOXES = np.abs(random(1, 400, 4, seed=1)) * 300
SCORES = np.linspace(0, 0.9, 400, dtype=np.float32).reshape(1, 400, 1)
HEAD = np.concatenate([BOXES, SCORES], axis=2)


def in_steps(array: np.ndarray, step: float) -> np.ndarray:
    return np.round(array / step).astype(np.float32) * np.float32(step)


def test_that_scores_lost_beside_boxes_are_noticed_where_the_cosine_is_good() -> None:
    other = in_steps(HEAD, 2.5)

    assert float((HEAD * other).sum() / np.linalg.norm(HEAD) / np.linalg.norm(other)) > 0.9999
    worst = worst_channel(HEAD, other)
    assert worst is not None
    assert worst[0] == 4


def test_that_channels_that_keep_their_signal_are_not_lost() -> None:
    assert worst_channel(HEAD, in_steps(HEAD, 0.05)) is None


def test_that_scores_of_a_class_that_is_not_there_may_vanish() -> None:
    faint = np.concatenate([BOXES, SCORES * 0.05], axis=2)

    assert worst_channel(faint, in_steps(faint, 2.5)) is None


def test_that_a_channel_that_says_nothing_in_this_picture_is_not_lost() -> None:
    quiet = np.concatenate([random(1, 400, 4, seed=3) * 10, random(1, 400, 1) * 0.01 - 2], axis=2)

    assert worst_channel(quiet, in_steps(quiet, 0.1)) is None


@pytest.mark.parametrize(
    ("shape", "axis"),
    [
        ((1, 85, 22, 22), 1),
        ((1, 257, 257, 21), 3),
        ((1, 3549, 85), 2),
        ((1, 84, 8400), 1),
        ((1, 3, 80, 80, 85), 4),
        ((1, 10), None),
        ((4, 10), 1),
        ((7,), None),
    ],
)
def test_where_an_output_has_its_channels(shape: tuple[int, ...], axis: int | None) -> None:
    assert output_channel_axis(shape) == axis
    assert output_channels(np.zeros(shape)).shape[0] == (1 if axis is None else shape[axis])


@pytest.mark.parametrize("name", ["mnist", "tinycnn_cifar10", "ultraface_slim"])
def test_that_nothing_is_spoilt_in_healthy_networks(shared: Path, tmp_path: Path, name: str) -> None:
    with ExitStack() as stack:
        assert case_in(analysed(shared, name, tmp_path), stack).hurt == ()


def test_that_an_output_is_spoilt_once_though_several_rows_stand_for_it(shared: Path, tmp_path: Path) -> None:
    folder = analysed(shared, "mnist", tmp_path)
    session = load_session(folder)
    narrow = replace(session.quant, ranges=(("ReLU32_Output_0", 0.0, 30.0),))
    drain(analyze(replace(session, quant=narrow), folder))

    with ExitStack() as stack:
        hurt = case_in(folder, stack).hurt

    assert [(one.tensor, one.why) for one in hurt] == [("Plus214_Output_0", ANGLE)]
