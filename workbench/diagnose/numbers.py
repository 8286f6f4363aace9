"""Mean and std in pixels: those that are in use, and what those of one side are to those of another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.preprocess.preprocess import Preprocess

_IMAGENET = ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375))
_COLOUR: Sequence[tuple[tuple[float, ...], tuple[float, ...]]] = (
    ((0.0,), (1.0,)),
    ((0.0,), (255.0,)),
    ((127.5,), (127.5,)),
    _IMAGENET,
    ((127.5,), (128.0,)),
    ((127.0,), (128.0,)),
    ((128.0,), (128.0,)),
    ((104.0, 117.0, 123.0), (1.0,)),
    ((103.94, 116.78, 123.68), (1.0,)),
    ((103.94, 116.78, 123.68), (58.82,)),
    (_IMAGENET[0], (1.0,)),
    ((125.307, 122.961, 113.8575), (62.985, 62.0925, 66.708)),
    ((125.307, 122.961, 113.8575), (51.5865, 50.847, 51.255)),
)
_HALF: Sequence[tuple[tuple[float, ...], tuple[float, ...]]] = (
    ((127.5,), (1.0,)),
    ((127.5,), (255.0,)),
    ((0.0,), (127.5,)),
    ((0.0,), (128.0,)),
)
"""What becomes of those in use when one of both numbers is forgotten, or another one is taken."""
_GREY: Sequence[tuple[tuple[float, ...], tuple[float, ...]]] = (
    *(pair for pair in _COLOUR if len(pair[0]) == 1 and len(pair[1]) == 1),
    ((33.3184,), (78.5655,)),
)
SAME = 2e-3  # of a std, and of a mean in units of the std: one pixel of 255 is twice that


@dataclass(frozen=True)
class Numbers:
    """`(x - mean) / std` with one value a channel, of pixels from 0 to 255."""

    mean: tuple[float, ...]
    std: tuple[float, ...]

    def is_like(self, other: "Numbers") -> bool:
        """Whether they give the same but for rounding."""
        return self.has_mean_of(other) and self.has_std_of(other)

    def has_mean_of(self, other: "Numbers") -> bool:
        """Whether zero is at the same pixel."""
        spread = np.minimum(np.abs(self.std), np.abs(other.std))
        limit = np.maximum(SAME * spread, 0.25)
        return bool((np.abs(np.subtract(self.mean, other.mean)) <= limit).all())

    def has_std_of(self, other: "Numbers") -> bool:
        """Whether they stretch alike."""
        return bool(np.allclose(self.std, other.std, rtol=SAME, atol=0))

    def after(self, first: "Numbers") -> "Numbers":
        """What it is to apply `first` and then these."""
        mean = tuple(one + two * std for one, two, std in zip(first.mean, self.mean, first.std, strict=True))
        return Numbers(mean, tuple(one * two for one, two in zip(first.std, self.std, strict=True)))

    def scaled(self, factor: float) -> "Numbers":
        """What it is to multiply the pixels by a factor first."""
        return Numbers(tuple(value / factor for value in self.mean), tuple(value / factor for value in self.std))

    @property
    def is_none(self) -> bool:
        """Whether they change nothing."""
        return self.is_like(Numbers((0.0,) * len(self.mean), (1.0,) * len(self.std)))

    def in_settings(self, settings: Preprocess) -> Preprocess:
        """The settings with these; one number where all channels have the same."""
        return replace(settings, mean=_short(self.mean), std=_short(self.std), scale=1.0)

    def __str__(self) -> str:
        return f"mean {_spelled(self.mean)}, std {_spelled(self.std)}"


def numbers_of(settings: Preprocess, channels: int) -> Numbers:
    """Those of settings, the scale among them."""
    mean, std = (
        tuple(value / settings.scale for value in (values * channels if len(values) == 1 else values))
        for values in (settings.mean, settings.std)
    )
    return Numbers(mean, std)


def known(own: Numbers) -> Iterator[Numbers]:
    """The session's own, what may have become of them, and what other networks have."""
    channels = len(own.mean)
    unit = 1 / 255
    yield own
    yield own.after(own)
    yield own.scaled(unit)
    yield own.scaled(255.0)
    if channels == 3:
        yield Numbers(own.mean[::-1], own.std[::-1])
    yield from used(channels)
    yield from (Numbers(_long(mean, channels), _long(std, channels)) for mean, std in _HALF)


def used(channels: int) -> Iterator[Numbers]:
    """Those that networks are trained with, the most frequent first."""
    for mean, std in _COLOUR if channels == 3 else _GREY:
        if len(mean) in (1, channels) and len(std) in (1, channels):
            yield Numbers(_long(mean, channels), _long(std, channels))
            if len(mean) > 1:
                yield Numbers(_long(mean, channels)[::-1], _long(std, channels)[::-1])


def in_use(numbers: Numbers) -> bool:
    """Whether networks are known that are trained with them."""
    return any(numbers.is_like(one) for one in used(len(numbers.mean)))


def rounded(numbers: Numbers) -> Numbers:
    """With as many digits as a measurement gives."""
    return Numbers(
        tuple(round(value, 2) + 0.0 for value in numbers.mean), tuple(float(f"{value:.4g}") for value in numbers.std)
    )


def _long(values: Sequence[float], channels: int) -> tuple[float, ...]:
    return tuple(values) * channels if len(values) == 1 else tuple(values)


def _short(values: tuple[float, ...]) -> tuple[float, ...]:
    return values[:1] if len(set(values)) == 1 else values


def _spelled(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.6g}" for value in _short(values))
