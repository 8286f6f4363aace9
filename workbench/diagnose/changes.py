"""What a fix does to a session: other settings, other calibration, another network."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.schemes import QuantSettings


@dataclass(frozen=True, slots=True)
class Change:
    """What is None stays as it is.

    `model` is a network that was written for this change; `tail` is a network that computes the original's outputs from
    its outputs, in float and outside the NPU, where it was cut; `reference` is the network whose float values it is
    compared with, where these are not its own. Without a `model` both stay as they are.
    """

    quant: QuantSettings | None = None
    preprocess: Mapping[str, Preprocess] | None = None
    dataset: tuple[Sample, ...] | None = None
    model: Path | None = None
    tail: Path | None = None
    reference: Path | None = None
