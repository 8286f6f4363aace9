"""Calibration sets that are none: one picture, noise, black frames."""

from dataclasses import replace

import numpy as np

from tests.benchmarks.diagnosis.bench import Bench
from tests.benchmarks.diagnosis.kinds import Fault, Injected, causes
from workbench.preprocess import images
from workbench.preprocess.dataset import Sample

FILES = 8


def one_picture(bench: Bench) -> Injected | None:
    """The dataset names one picture, which is not the analysed one."""
    others = [sample for sample in bench.session.dataset if sample.files != bench.sample.files]
    chosen = others[bench.random.integers(len(others))]
    return Injected(replace(bench.session, dataset=(chosen,)), causes("calibration-few"))


def noise(bench: Bench) -> Injected | None:
    """Random pixels, as from a script that only makes the build run."""
    return _pictures(bench, lambda size: bench.random.integers(0, 256, (*size, 3)).astype(np.uint8))


def black(bench: Bench) -> Injected | None:
    """Frames from before the camera was open."""
    return _pictures(bench, lambda size: bench.random.integers(0, 4, (*size, 3)).astype(np.uint8))


def _pictures(bench: Bench, make: object) -> Injected | None:
    import cv2

    assert callable(make)
    if len(bench.inputs) != 1:
        return None
    size = images.read(bench.sample.files[0]).shape[:2]
    files = [bench.scratch / f"{bench.kind}-{bench.attempt}-{number}.png" for number in range(FILES)]
    for file in files:
        cv2.imwrite(str(file), make(size))
    dataset = tuple(Sample((file,)) for file in files)
    return Injected(replace(bench.session, dataset=dataset), causes("calibration-untypical"))


FAULTS = (
    Fault("calibration-one", one_picture, must_harm=True),
    Fault("calibration-noise", noise, must_harm=True),
    Fault("calibration-black", black, must_harm=True),
)
