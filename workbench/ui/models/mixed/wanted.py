"""What the user looks for, as plain values: the core that understands them is imported where it works."""

from dataclasses import dataclass

LAYERS, MACS, BYTES, TIME = COSTS = ("layers", "macs", "bytes", "time")
USUAL_COS, USUAL_RUNS = 0.999, 120


@dataclass(frozen=True)
class Wanted:
    """A target, None: the best within the budget; a budget, None: the smallest cost for the target.

    `samples` as the core's `Wish` has it: 0 for the inputs that are analysed.
    """

    cos: float | None = USUAL_COS
    most: float | None = None
    cost: str = LAYERS
    precision: str = "float16"
    samples: int = 0
    runs: int = USUAL_RUNS
