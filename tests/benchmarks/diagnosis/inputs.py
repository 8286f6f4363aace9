"""Inputs that are fed otherwise than the network was trained with; the user's own values show what is right."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.benchmarks.diagnosis.bench import Bench
from tests.benchmarks.diagnosis.golden import PARTS, golden_dump
from tests.benchmarks.diagnosis.kinds import Fault, Injected, causes
from workbench.preprocess import images
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import ImportedDumps, Session

MEANS = ((0.0,), (127.5,), (128.0,), (123.675, 116.28, 103.53), (104.0, 117.0, 123.0))
STDS = ((1.0,), (127.5,), (128.0,), (255.0,), (58.395, 57.12, 57.375))
FAR_MEAN, FAR_STD = 0.05, 0.1  # of a std, of a std: nearer ones are no fault that anybody would see
Wrong = Callable[[Bench], "tuple[Preprocess, frozenset[str]] | None"]


def order(bench: Bench) -> tuple[Preprocess, frozenset[str]] | None:
    if bench.preprocess.order == "gray":
        return None
    other = {"rgb": "bgr", "bgr": "rgb"}[bench.preprocess.order]
    return replace(bench.preprocess, order=other), causes(f"input-order-{other}")


def mean(bench: Bench) -> tuple[Preprocess, frozenset[str]] | None:
    own = bench.preprocess
    far = [item for item in _fitting(MEANS, own) if _distance(item, own.mean, own.std) > FAR_MEAN]
    chosen = far[bench.random.integers(len(far))]
    right = causes("input-mean")
    is_plain = not any(chosen) and own.std[0] == 1
    return replace(own, mean=chosen), right | causes("input-not-normalised") if is_plain else right


def std(bench: Bench) -> tuple[Preprocess, frozenset[str]] | None:
    own = bench.preprocess
    far = [item for item in _fitting(STDS, own) if _distance(item, own.std, own.std) > FAR_STD]
    chosen = far[bench.random.integers(len(far))]
    return replace(own, std=chosen), causes("input-std") | _same_function(own, chosen)


def scale(bench: Bench) -> tuple[Preprocess, frozenset[str]] | None:
    """Mean and std in units of 0..1 on pixels of 0..255, or pixels of 0..1 with those of 0..255."""
    own = bench.preprocess
    in_units = own.std[0] != 1 and bool(bench.random.random() < 0.5)
    if in_units:
        parts = {"mean": tuple(value / 255 for value in own.mean), "std": tuple(value / 255 for value in own.std)}
        return replace(own, **parts), causes("input-scale") | _same_function(own, parts["std"])
    again = causes("input-normalised-twice") if not any(own.mean) and set(own.std) == {255} else frozenset()
    return replace(own, scale=1 / 255), causes("input-scale") | _same_function(own, own.std) | again


def not_normalised(bench: Bench) -> tuple[Preprocess, frozenset[str]] | None:
    own = bench.preprocess
    if not any(own.mean):
        return None  # that is a scale
    right = causes("input-not-normalised", *(("input-mean",) if set(own.std) == {1} else ()))
    return replace(own, mean=(0.0,), std=(1.0,)), right


def resize(bench: Bench) -> tuple[Preprocess, frozenset[str]] | None:
    own = bench.preprocess
    others = [rule for rule in ("stretch", "letterbox", "crop") if rule != own.resize]
    found = replace(own, resize=others[bench.random.integers(len(others))])
    same = np.array_equal(bench.fed()[bench.input], bench.fed(preprocess=found)[bench.input])
    return None if same else (found, causes("input-resize"))


def twice(bench: Bench, part: str) -> Injected | None:
    """The user saved normalised arrays, and the settings normalise them once more."""
    if not any(bench.preprocess.mean) and set(bench.preprocess.std) == {1}:
        return None

    def normalised(sample: Sample, path: Path) -> Path:
        np.save(path.with_suffix(".npy"), bench.fed(sample)[bench.input])
        return path.with_suffix(".npy")

    return _given(bench, part, _refilled(bench, normalised), "input-normalised-twice")


def layout(bench: Bench, part: str) -> Injected | None:
    """Bytes of a picture in the memory layout that the network has not."""
    sizes = bench.inputs[0].static_shape
    if sizes is None or bench.preprocess.order == "gray":
        return None
    is_nchw = bench.preprocess.layout == "nchw"
    height, width = sizes[2:] if is_nchw else sizes[1:3]

    def raw(sample: Sample, path: Path) -> Path:
        source = sample.files[0]
        picture = images.resize(images.read(source), height, width, bench.preprocess.resize, source)
        arranged = images.arrange(picture, bench.preprocess.order)
        (arranged if is_nchw else arranged.transpose(2, 0, 1)).astype(np.uint8).tofile(path.with_suffix(".bin"))
        return path.with_suffix(".bin")

    session = _refilled(bench, raw)
    settings = replace(bench.preprocess, dtype="uint8")
    return _given(bench, part, replace(session, preprocess={bench.input: settings}), "input-layout")


def _refilled(bench: Bench, write: Callable[[Sample, Path], Path]) -> Session:
    """The session on other files."""
    made = [
        Sample((write(sample, bench.scratch / f"{bench.kind}-{number}"),))
        for number, sample in enumerate(bench.session.dataset)
    ]
    return replace(bench.session, samples=tuple(made[:1]), dataset=tuple(made))


def _given(bench: Bench, part: str, session: Session, cause: str) -> Injected:
    dump = ImportedDumps(golden_dump(bench, bench.fed(), part))
    return Injected(replace(session, imports={"golden": dump}), causes(cause))


def _wrong(change: Wrong, part: str) -> Callable[[Bench], Injected | None]:
    def inject(bench: Bench) -> Injected | None:
        if len(bench.inputs) != 1:
            return None
        found = change(bench)
        if found is None:
            return None
        dump = ImportedDumps(golden_dump(bench, bench.fed(), part))
        session = replace(bench.session, preprocess={bench.input: found[0]}, imports={"golden": dump})
        return Injected(session, found[1])

    return inject


def _filled(change: Callable[[Bench, str], Injected | None], part: str) -> Callable[[Bench], Injected | None]:
    return lambda bench: change(bench, part) if len(bench.inputs) == 1 else None


def _faults() -> Iterator[Fault]:
    settings: dict[str, Wrong] = {"order": order, "mean": mean, "std": std, "scale": scale}
    settings |= {"not-normalised": not_normalised, "resize": resize}
    for part in PARTS:
        must_harm = part == "outputs"  # else there is nothing that anybody could see
        for kind, change in settings.items():
            yield Fault(f"{kind}+{part}", _wrong(change, part), must_harm)
        yield Fault(f"twice+{part}", _filled(twice, part), must_harm)
        yield Fault(f"layout+{part}", _filled(layout, part), must_harm)


def _fitting(values: tuple[tuple[float, ...], ...], own: Preprocess) -> list[tuple[float, ...]]:
    """Those that have a number for each channel, in the network's order: users copy them as they stand."""
    return [item for item in values if own.order != "gray" or len(item) == 1]


def _distance(one: tuple[float, ...], other: tuple[float, ...], unit: tuple[float, ...]) -> float:
    """The least of all channels, so that all of them are wrong."""
    return float(np.min(np.abs(np.subtract(one, other)) / unit))


def _same_function(own: Preprocess, std: tuple[float, ...]) -> frozenset[str]:
    """Without a mean, a std that is one number is a scale, and one of 1 no normalisation."""
    if any(own.mean) or len({*std}) > 1 or len({*own.std}) > 1:
        return frozenset()
    plain = causes("input-not-normalised") if set(std) == {1} else frozenset()
    return causes("input-std", "input-scale") | plain


FAULTS = tuple(_faults())
