"""How long layers take in 8 and in 16 bits: as a board measured them, or reckoned roughly.

A layer takes as long as its arithmetic or as its memory, whichever is longer. TOPS are those that a chip is sold with,
for all its cores, of which a network uses one by default; all the rest (bandwidth, half that rate in 16 bits, start,
efficiency) are assumptions. They tell which of two layers costs more rather than how long one takes: measure where it
matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.foundation.errors import SettingsError

START = 10.0  # µs that any operator takes
SLOWER = 2.0  # of 16 bits
EFFICIENCY = 0.5  # of the peak that a convolution reaches


@dataclass(frozen=True)
class Chip:
    """What one core does: multiply-accumulates in int8 and bytes, both a µs."""

    macs: float
    bytes: float


def _chip(tops: float, cores: int, gigabytes: float) -> Chip:
    return Chip(tops / 2 / cores * 1e6, gigabytes * 1e3)


CHIPS = {
    "rk3588": _chip(6, 3, 10), "rk3576": _chip(6, 2, 8), "rk3568": _chip(1, 1, 5), "rk3566": _chip(1, 1, 5),
    "rk3562": _chip(1, 1, 5), "rv1126b": _chip(3, 1, 5), "rv1106": _chip(0.5, 1, 2), "rv1106b": _chip(1, 1, 2),
    "rv1103": _chip(0.5, 1, 2), "rv1103b": _chip(0.5, 1, 2),
    "rk1808": _chip(3, 1, 5), "rk3399pro": _chip(3, 1, 5), "rv1126": _chip(2, 1, 5), "rv1109": _chip(1.2, 1, 5),
}  # fmt: skip


@dataclass(frozen=True)
class Times:
    """µs of layers by first output in 8 bits, as far as a board measured them, and the chip for what is reckoned."""

    chip: Chip
    measured: Mapping[str, float] = field(default_factory=dict)

    def layer(self, name: str, macs: int, moved: int) -> float:
        """µs of a layer in 8 bits; `moved` are the bytes that it reads and writes."""
        reckoned = START + max(macs / (self.chip.macs * EFFICIENCY), moved / self.chip.bytes)
        return self.measured.get(name, reckoned)

    def added(self, name: str, macs: int, moved: int) -> float:
        """µs that a layer takes longer in 16 bits: arithmetic and memory both take twice as long."""
        return (SLOWER - 1) * max(0.0, self.layer(name, macs, moved) - START)

    def converting(self, moved: int) -> float:
        """µs of a conversion."""
        return START + moved / self.chip.bytes


def times_for(target: str, measured: Mapping[str, float]) -> Times:
    """The times for a chip."""
    if target not in CHIPS:
        raise SettingsError(f"There are no figures of {target}.", f"Choose one of {', '.join(CHIPS)}, or another cost.")
    return Times(CHIPS[target], measured)
