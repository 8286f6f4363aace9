"""Rules of choosing the inputs that calibrate."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from tests.unit.diagnose.real_runs import analysed, case_in
from workbench.diagnose.fixes.calibration import FEWEST, choose, spanning, typical
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample


def test_that_inputs_that_stretch_many_ranges_are_left_out() -> None:
    ends = np.random.default_rng(1).uniform(0.8, 1.0, (8, 100))
    ends[3, ::2] = 4.0
    ends[6, 1::2] = 9.0

    assert typical(ends) == [0, 1, 2, 4, 5, 7]


def test_that_a_few_inputs_are_always_left() -> None:
    assert len(typical(np.exp2(np.arange(8))[:, None] * np.ones((8, 5)))) == FEWEST


def test_that_alike_inputs_all_stay() -> None:
    assert typical(np.random.default_rng(2).uniform(0.9, 1.0, (6, 50))) == list(range(6))


def test_that_the_chosen_inputs_reach_as_far_as_all() -> None:
    ends = np.full((5, 4), 0.5)
    ends[1, :2] = 1.0
    ends[4, 2:] = 1.0

    assert sorted(spanning(ends, 2)) == [1, 4]


def test_that_noise_among_many_pictures_is_not_chosen(shared: Path, tmp_path: Path) -> None:
    noise = tmp_path / "noise.npy"
    np.save(noise, np.random.default_rng(3).uniform(-4000, 4000, (1, 3, 240, 320)).astype(np.float32))
    with ExitStack() as stack:
        case = case_in(analysed(shared, "ultraface_slim", tmp_path), stack)
        pictures = tuple(Sample((path,)) for path in sorted((shared / "images/faces_ultralight").glob("*.jpg"))[:10])

        fix = drain(choose(case, (*pictures, Sample((noise,))), 4))

    assert fix is not None
    assert fix.change is not None
    assert fix.change.dataset is not None
    assert len(fix.change.dataset) == 4
    assert noise not in {sample.files[0] for sample in fix.change.dataset}


def test_that_nothing_is_chosen_from_fewer(shared: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "mnist", tmp_path), stack)

        assert drain(choose(case, case.dataset, len(case.dataset))) is None
