"""Inputs as ONNX Runtime's tools for quantization take them."""

from collections.abc import Iterable, Mapping

import numpy as np
from onnxruntime.quantization import CalibrationDataReader


class GivenInputs(CalibrationDataReader):
    """Gives them one after the other, by the names of the network's inputs, and ends."""

    def __init__(self, inputs: Iterable[Mapping[str, np.ndarray]]) -> None:
        self._left = iter(inputs)

    def get_next(self) -> Mapping[str, np.ndarray] | None:
        return next(self._left, None)
