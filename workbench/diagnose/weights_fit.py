"""Whether any weights of a layer give some values from others: least squares over the places of a Conv or MatMul."""

from collections.abc import Sequence

import numpy as np

from workbench.dump.store import Dump
from workbench.graph.graph import Layer, Model

WEIGHTED = ("Conv", "Gemm", "MatMul", "ConvTranspose")
FOLLOWING = ("BatchNormalization", "Add", "Mul", "Sub", "Div", "Identity")  # with constants: they are weights, too
BENT = ("Relu", "Clip", "LeakyRelu")
MOST_UNKNOWN = 800
MOST_CHANNELS = 3
SPARE = 2  # equations for every unknown number
SEED = 0


def weighted_layer(layers: Sequence[Layer]) -> Layer | None:
    """The layer with weights among some, where there is exactly one and what follows it has constants only."""
    found = [layer for layer in layers if layer.op in WEIGHTED]
    return found[0] if len(found) == 1 and all(layer.op in (*WEIGHTED, *FOLLOWING, *BENT) for layer in layers) else None


def weights_fit(model: Model, layers: Sequence[Layer], tensor: str, golden: Dump) -> float | None:
    """What the best weights and biases of some layers leave of golden values, as a part of their norm.

    None where it cannot be told: the input is not golden, something else goes in, or fewer values than weights.
    """
    layer = weighted_layer(layers)
    if layer is None or len(layer.inputs) < 2 or tensor not in golden:
        return None
    source, weight = layer.inputs[0], model.constants.get(layer.inputs[1])
    inside = {source, *model.constants, *(name for one in layers for name in one.outputs)}
    if (
        source not in golden
        or weight is None
        or any(name not in inside for one in layers for name in one.inputs if name)
    ):
        return None
    values, wanted = golden[source], golden[tensor]
    if layer.op == "Conv" and values.ndim == 4 and wanted.ndim == 4:
        return _of_conv(layer, values, wanted, weight.shape)
    if layer.op in ("Gemm", "MatMul") and values.size // values.shape[-1] == wanted.size // wanted.shape[-1]:
        return _left(values.reshape(-1, values.shape[-1]), wanted.reshape(-1, wanted.shape[-1]))
    return None


def _of_conv(layer: Layer, values: np.ndarray, wanted: np.ndarray, kernel: tuple[int, ...]) -> float | None:
    groups = int(layer.attributes.get("group", 1))
    per_group, taken = wanted.shape[1] // groups, kernel[1]
    if wanted.shape[1] != kernel[0] or values.shape[1] != taken * groups:
        return None
    found = []
    for channel in _strongest(wanted[0].reshape(wanted.shape[1], -1).T):
        start = channel // per_group * taken
        patches = _patches(layer, values[:, start : start + taken], kernel[2:], wanted.shape[2:])
        if patches is None:
            return None
        left = _left(patches, wanted[0, channel].reshape(-1, 1))
        if left is not None:
            found.append(left)
    return max(found) if found else None


def _strongest(values: np.ndarray) -> list[int]:
    """The columns that are told at most places, then those of the largest norm."""
    finite = np.nan_to_num(values, posinf=0.0, neginf=0.0)
    told = np.count_nonzero(finite > 0, axis=0) * np.linalg.norm(finite, axis=0)
    return [int(at) for at in np.argsort(-told, kind="stable")[:MOST_CHANNELS]]


def _patches(layer: Layer, values: np.ndarray, kernel: tuple[int, ...], size: tuple[int, ...]) -> np.ndarray | None:
    """What each place of the result sees, one row a place."""
    steps = tuple(layer.attributes.get("strides", (1, 1)))
    wide = tuple(layer.attributes.get("dilations", (1, 1)))
    reach = tuple((side - 1) * apart + 1 for side, apart in zip(kernel, wide, strict=True))
    pads = tuple(layer.attributes.get("pads", ())) or _same(values.shape[2:], size, steps, reach, layer)
    padded = np.pad(values[0], ((0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
    if any(
        (side - one) // step + 1 != want
        for side, one, step, want in zip(padded.shape[1:], reach, steps, size, strict=True)
    ):
        return None
    windows = np.lib.stride_tricks.sliding_window_view(padded, reach, (1, 2))
    windows = windows[:, :: steps[0], :: steps[1], :: wide[0], :: wide[1]]
    return windows.transpose(1, 2, 0, 3, 4).reshape(size[0] * size[1], -1)


def _same(
    given: Sequence[int], size: Sequence[int], steps: Sequence[int], reach: Sequence[int], layer: Layer
) -> tuple[int, int, int, int]:
    """The padding of `auto_pad`."""
    if layer.attributes.get("auto_pad", "NOTSET") in ("NOTSET", "VALID", b"NOTSET", b"VALID"):
        return (0, 0, 0, 0)
    whole = [
        max(0, (want - 1) * step + one - have) for want, step, one, have in zip(size, steps, reach, given, strict=True)
    ]
    is_lower = layer.attributes["auto_pad"] in ("SAME_LOWER", b"SAME_LOWER")
    begin = [side - side // 2 if is_lower else side // 2 for side in whole]
    return (begin[0], begin[1], whole[0] - begin[0], whole[1] - begin[1])


def _left(given: np.ndarray, wanted: np.ndarray) -> float | None:
    """What least squares leave, of the values that an activation has not cut off."""
    columns = np.concatenate([given, np.ones((len(given), 1), given.dtype)], axis=1).astype(np.float64)
    unknown = columns.shape[1]
    if unknown > MOST_UNKNOWN:
        return None
    lefts = []
    for channel in _strongest(wanted):
        result = wanted[:, channel].astype(np.float64)
        told = np.isfinite(result)
        if np.count_nonzero(result == 0) > result.size // 50:
            told &= (result > 0) & (result < result.max())
        at = np.flatnonzero(told)
        if at.size < SPARE * unknown:
            continue
        most = 4 * unknown + 64
        if at.size > most:
            at = np.random.default_rng(SEED).choice(at, most, replace=False)
        factors = np.linalg.lstsq(columns[at], result[at], rcond=None)[0]
        norm = np.linalg.norm(result[at])
        if norm:
            lefts.append(float(np.linalg.norm(columns[at] @ factors - result[at]) / norm))
    return max(lefts) if lefts else None
