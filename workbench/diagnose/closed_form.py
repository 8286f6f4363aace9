"""Mean and std in closed form, where a dumped tensor is linear in the input.

`value = sum over channels of (P / std - Q * mean / std)` with what a channel's pixels (P) and a channel of ones (Q)
become there; solved for 1 / std and mean / std by least squares, in every look of the picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from workbench.diagnose.affine import Straight, straight_tensors
from workbench.diagnose.numbers import Numbers, known, numbers_of, rounded
from workbench.diagnose.part_run import PartRun
from workbench.diagnose.pictures import Look, Pictures
from workbench.diagnose.wanted import EXACT, MOST_TOLD, STAGE, Found, Wanted, spelled
from workbench.foundation.steps import Progress, Steps

LEAST_GAIN = 1e-9  # a channel that is less is lost


class _Equations:
    """Of one look: columns of pixels and of ones, one each a channel, and what they have to sum up to.

    Of their QR decomposition only R is kept: it has all that the residuals of least squares depend on.
    """

    def __init__(self, columns: np.ndarray, wanted: np.ndarray) -> None:
        self._length = np.linalg.norm(columns, axis=0)
        self._length[self._length == 0] = 1
        self._norm = float(np.linalg.norm(wanted)) or 1.0
        rest = np.asarray(np.linalg.qr(np.column_stack([columns / self._length, wanted]), mode="r"))
        self._columns: np.ndarray = rest[:, :-1]
        self._wanted: np.ndarray = rest[:, -1]

    def left(self, numbers: Numbers) -> float:
        """The difference that some numbers leave."""
        std = np.array(numbers.std)
        return self._left(np.concatenate([1 / std, -np.array(numbers.mean) / std]) * self._length)

    def solved(self) -> tuple[Numbers | None, float]:
        """The numbers of least squares and what they leave; None where they are no numbers."""
        factors = np.linalg.lstsq(self._columns, self._wanted, rcond=1e-9)[0]
        gain, shift = np.split(factors / self._length, 2)
        if not np.isfinite(factors).all() or (np.abs(gain) < LEAST_GAIN).any():
            return None, self._left(factors)
        return Numbers(tuple((-shift / gain).tolist()), tuple((1 / gain).tolist())), self._left(factors)

    def _left(self, factors: np.ndarray) -> float:
        return float(np.linalg.norm(self._columns @ factors - self._wanted)) / self._norm


@dataclass
class _Line:
    """A tensor that is linear in one of the inputs, and what it becomes of single channels."""

    wanted: Wanted
    pictures: Pictures
    straight: Straight
    _run: PartRun = field(init=False)

    def __post_init__(self) -> None:
        self._run = PartRun(self.wanted.model, (self.straight.of,))
        self._at, self._told = self.straight.told(self.wanted.values[self.straight.tensor])
        self._ones: dict[str, np.ndarray] = {}

    @property
    def is_enough(self) -> bool:
        """Whether there are more values than unknown numbers."""
        return bool(self._at.size > 4 * self.pictures.input.channels)

    def equations(self, look: Look) -> Steps[_Equations | None]:
        """The equations of a look; None where the file has not got it."""
        pixels = self.pictures.pixels(look)
        if pixels is None:
            return None
        rest = yield from self._values(np.zeros(pixels.shape, np.float32))
        columns = yield from self._columns(pixels.astype(np.float32), look)
        if look.bytes not in self._ones:
            self._ones[look.bytes] = yield from self._columns(np.ones(pixels.shape, np.float32), look)
        columns = np.concatenate([columns, self._ones[look.bytes]]) - rest
        return _Equations(columns.T, self._told - rest)

    def _columns(self, values: np.ndarray, look: Look) -> Steps[np.ndarray]:
        """What the tensor is when all channels but one are zero, a row for each."""
        found: list[np.ndarray] = []
        for one in self._channels(values):
            found += [(yield from self._values(self.pictures.packed(one, look)))]
        return np.stack(found)

    def _channels(self, values: np.ndarray) -> Iterator[np.ndarray]:
        axis = self.pictures.input.channel_axis
        for channel in range(self.pictures.input.channels):
            single = np.zeros_like(values)
            place = tuple(channel if index == axis else slice(None) for index in range(values.ndim))
            single[place] = values[place]
            yield single

    def _values(self, feed: np.ndarray) -> Steps[np.ndarray]:
        found = yield from self._run.run({**self.wanted.feeds, self.pictures.input.tensor.name: feed})
        return np.asarray(found[self.straight.of].reshape(-1)[self._at], np.float64)


def solve(wanted: Wanted, pictures: Pictures) -> Steps[Found | None]:
    """Mean, std and look of one input in closed form; None where no dumped tensor is linear in it."""
    line = _line(wanted, pictures)
    if line is None:
        return None
    own = numbers_of(pictures.input.settings, pictures.input.channels)
    before, found = None, []
    looks = list(pictures.looks())
    for number, look in enumerate(looks):
        yield Progress(STAGE, number, len(looks), line.straight.tensor)
        equations = yield from line.equations(look)
        if equations is None:
            continue
        before = equations.left(own) if before is None else before
        numbers, left = _settled(equations, own, wanted.limit)
        found.append((look, numbers, left))
        if left <= wanted.limit:
            break
    if before is None:
        return None
    least = min(left for _, _, left in found)
    look, settled, left = next(item for item in found if item[2] <= 1.1 * least + EXACT)
    if settled is None:
        return None
    tried = tuple((spelled(look, numbers), left) for look, numbers, left in found if numbers is not None)
    names = (pictures.input.tensor.name,)
    return Found(names, look, settled, before, left, (line.straight.tensor,), True, tried[:MOST_TOLD])


def _line(wanted: Wanted, pictures: Pictures) -> _Line | None:
    """The first wanted tensor that is linear in the input."""
    straight = straight_tensors(wanted.model, pictures.input.tensor.name)
    first = next((one for name, one in straight.items() if name in wanted.values), None)
    if first is None or pictures.pixels(pictures.own) is None:
        return None
    line = _Line(wanted, pictures, first)
    return line if line.is_enough else None


def _settled(equations: _Equations, own: Numbers, limit: float) -> tuple[Numbers | None, float]:
    """The solved numbers, or those in use that leave no more."""
    solved, least = equations.solved()
    enough = 1.2 * least + limit / 2
    for numbers in known(own):
        left = equations.left(numbers)
        if left <= enough:
            return numbers, left
    if solved is None:
        return None, least
    short = rounded(solved)
    return (short, left) if (left := equations.left(short)) <= enough else (solved, least)
