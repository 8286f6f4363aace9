"""What each step of the path costs a layer, as parts that stack. Light: views need it without what measures it."""

from collections.abc import Mapping
from dataclasses import dataclass

CONVERSION, QUANTIZATION, RUNTIME = STEPS = "conversion", "quantization", "runtime"
LOST = 1e4  # the most; in place of the error of values that are no numbers


@dataclass(frozen=True, slots=True)
class LayerBlame:
    """Squared relative errors of a row (1: as long as golden itself); None for a step that was not run.

    `conversion` is float16 against golden, `quantization` the quantised simulator against float16, `runtime` the board
    against the simulator. `total` is the last source that there is against golden: less than the sum where errors
    cancel each other, more where they follow from each other. What a step that was not run costs, the next one has. A
    value of `LOST` stands for NaN and infinities.
    """

    tensor: str
    conversion: float | None
    quantization: float | None
    runtime: float | None
    total: float | None

    @property
    def parts(self) -> Mapping[str, float]:
        """The steps that were run, by their names, to stack."""
        found = {name: getattr(self, name) for name in STEPS}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def guilty(self) -> str:
        """The step with the largest part; "" without any."""
        return max(self.parts, key=lambda name: self.parts[name], default="")
