"""A session on a small network, and a folder to run it in."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import conv_net, random
from workbench.preprocess.dataset import Sample
from workbench.project.session import Session

MakeSamples = Callable[..., tuple[Sample, ...]]


@pytest.fixture
def samples_of(tmp_path: Path) -> MakeSamples:
    """Samples that are arrays, one a seed."""

    def make(*seeds: int, shape: tuple[int, ...] = (1, 3, 6, 6)) -> tuple[Sample, ...]:
        for seed in seeds:
            np.save(tmp_path / f"{seed}.npy", random(*shape, seed=seed))
        return tuple(Sample((tmp_path / f"{seed}.npy",)) for seed in seeds)

    return make


@pytest.fixture
def session(tmp_path: Path, samples_of: MakeSamples) -> Session:
    return Session(model=conv_net(tmp_path), samples=samples_of(1), dataset=samples_of(1, 2))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "session"
