"""How long counted work still takes, from the pace of late: early and slow units do not count for ever."""

import math

MEMORY = 8.0
"""Seconds after which what was counts a third."""
LEAST = 1.0
"""Seconds of a stage before which nothing is said."""


class Remaining:
    """The pace of the present stage. Times are seconds of any clock."""

    def __init__(self) -> None:
        self._stage = ""
        self._began = self._last = 0.0
        self._done = self._total = 0
        self._units = self._seconds = 0.0

    def take(self, stage: str, done: int, total: int, now: float) -> None:
        """Note that `done` of `total` units are done now; another stage begins anew."""
        if stage != self._stage or done < self._done:
            self._stage, self._began, self._last, self._done = stage, now, now, done
            self._units = self._seconds = 0.0
        if done > self._done:
            kept = math.exp((self._last - now) / MEMORY)
            self._units = self._units * kept + done - self._done
            self._seconds = self._seconds * kept + now - self._last
            self._done, self._last = done, now
        self._total = total

    def left(self, now: float) -> float | None:
        """Seconds until the stage ends; None while that cannot be said."""
        if self._total <= self._done or not self._units or now - self._began < LEAST:
            return None
        return max(0.0, (self._total - self._done) * self._seconds / self._units - (now - self._last))
