"""What OpenCV computes wrongly of TensorFlow Lite networks, put right.

Its importer leaves the bias of FULLY_CONNECTED away (4.14: values differ from the network's own runtime by exactly the
bias). Those layers are computed here, and the simple ones behind them; what else lies behind them has no values.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from workbench.graph.graph import Layer

DENSE = "FULLY_CONNECTED"
CLOSE = 1e-4
Values = dict[str, np.ndarray]


def corrected(layers: Iterable[Layer], values: Values, constants: Mapping[str, np.ndarray]) -> tuple[Values, list[str]]:
    """The values with those behind dense layers computed anew, and the names of those that nobody computes rightly.

    A layer counts as spoiled when what it takes is, or when it is dense and differs from its own formula.
    """
    found, spoiled, lost = dict(values), set[str](), list[str]()
    for layer in layers:
        name = layer.outputs[0]
        is_behind = bool(spoiled.intersection(layer.inputs))
        if not is_behind and layer.op != DENSE:
            continue
        value = None if set(layer.inputs) & set(lost) else _computed(layer, found, constants)
        if value is None and is_behind:
            lost += [item for item in layer.outputs if item in found]
        elif value is not None and (is_behind or not _is_close(value, found.get(name))):
            found[name] = value
            spoiled.update(layer.outputs)
        spoiled.update(layer.outputs if is_behind else ())
    return {name: value for name, value in found.items() if name not in lost}, lost


def _is_close(value: np.ndarray, other: np.ndarray | None) -> bool:
    if other is None or other.size != value.size:
        return False
    return bool(np.allclose(value.ravel(), other.ravel(), rtol=CLOSE, atol=CLOSE * float(np.abs(value).max(initial=0))))


def _computed(layer: Layer, values: Values, constants: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """The layer's value by its formula; None for an operator that has none here."""
    taken = [values.get(name, constants.get(name)) for name in layer.attributes.get("takes", layer.inputs)]
    formula = FORMULAS.get(layer.op)
    if formula is None or any(item is None or item.dtype != np.float32 for item in taken[: 1 + (layer.op == DENSE)]):
        return None
    value = formula(taken, layer.attributes)
    return ACTIVATIONS[layer.attributes.get("activation", "NONE")](value)


def _dense(taken: list[Any], attributes: Mapping[str, Any]) -> np.ndarray:
    source, weight = taken[:2]
    value: np.ndarray = source.reshape(-1, weight.shape[1]) @ weight.T
    return value + taken[2] if len(taken) > 2 and taken[2] is not None else value


def _softmax(taken: list[Any], attributes: Mapping[str, Any]) -> np.ndarray:
    scaled = taken[0] * np.float32(attributes.get("beta", 1.0))
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    value: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return value


def _logistic(value: np.ndarray) -> np.ndarray:
    found: np.ndarray = 1 / (1 + np.exp(-value))
    return found


ACTIVATIONS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "NONE": lambda value: value,
    "RELU": lambda value: np.maximum(value, 0),
    "RELU6": lambda value: np.clip(value, 0, 6),
    "RELU_N1_TO_1": lambda value: np.clip(value, -1, 1),
    "TANH": np.tanh,
}
FORMULAS: Mapping[str, Callable[[list[Any], Mapping[str, Any]], np.ndarray]] = {
    DENSE: _dense,
    "SOFTMAX": _softmax,
    "LOGISTIC": lambda taken, _: _logistic(taken[0]),
    "TANH": lambda taken, _: np.tanh(taken[0]),
    "RELU": lambda taken, _: np.maximum(taken[0], 0),
    "RELU6": lambda taken, _: np.clip(taken[0], 0, 6),
    "RESHAPE": lambda taken, _: taken[0],
    "SQUEEZE": lambda taken, _: taken[0],
}
