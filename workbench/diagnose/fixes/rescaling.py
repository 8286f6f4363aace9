"""Powers of two that give float16 head-room, and constants that it holds: bits of the other values do not change."""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from workbench.compare.head_room import FLOAT16_LIMIT
from workbench.diagnose.case import Case
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Fix
from workbench.diagnose.fixes.naming import place
from workbench.diagnose.fixes.plain import with_constants
from workbench.diagnose.fixes.scaling import evenly, scale
from workbench.diagnose.fixes.verify import is_alike
from workbench.foundation.steps import Steps
from workbench.graph.edit import Editor
from workbench.graph.graph import Model

SPARE = 4.0  # further inputs may be as much larger
SMALL = 2.0**-8  # largest values below lose bits of the others: float16 is coarser below 2^-14


def rescale(case: Case, tensors: Sequence[str]) -> Steps[Fix | None]:
    """Scale what is too large (or too small) for float16 by powers of two in the weights around it.

    `tensors` are rows; without any, all rows whose golden values float16 does not hold.
    """
    if case.reference is not None:
        return None
    model = yield from with_constants(case)
    largest = {name: value for name, value in _reached(case, tensors) if name in model.graph.producers}
    factors = powers(model, largest)
    if not factors:
        return None
    editor = Editor(model)
    scale(model, editor, factors)
    exponents = sorted({int(math.log2(float(item))) for item in factors.values()})
    path = editor.save(place(case, "rescaled", sorted(factors.items())))
    if not (yield from is_alike(case, (path,))):
        return None
    powers_text = ", ".join(f"2^{exponent}" for exponent in exponents)
    names = ", ".join(list(largest)[:3])
    text = f"Scale {names} by {powers_text} in the weights before and behind: float16 then holds the values."
    return Fix(text, Change(model=path), key="rescale")


def can_rescale(case: Case, tensors: Sequence[str]) -> bool:
    """Whether there are factors for some rows' tensors, as far as can be told without writing anything."""
    return bool(powers(case.model, dict(_reached(case, tensors))))


def powers(model: Model, largest: dict[str, float]) -> dict[str, np.ndarray]:
    """Factors for tensors by the largest magnitude of each, and for those that must have the same ones."""
    factors: dict[str, np.ndarray] = {}
    for name, reach in largest.items():
        factor = power_for(reach)
        if factor == 1.0 or name not in model.graph.producers:
            continue
        for other in evenly(model, name):
            known = float(factors.get(other, 1.0))
            factors[other] = np.asarray(min(known, factor) if factor < 1 else max(known, factor))
    # tensors of one group have one factor: the smallest that one of them needs
    for name in largest:
        group = evenly(model, name)
        own = [float(factors[other]) for other in group if other in factors]
        if own and min(own) < 1:
            factors.update({other: np.asarray(min(own)) for other in group})
    return {name: factor for name, factor in factors.items() if factor != 1.0}


def power_for(reach: float) -> float:
    """The power of two that brings a magnitude into what float16 holds well; 1 where it is."""
    if reach > FLOAT16_LIMIT / SPARE:
        return 2.0 ** -math.ceil(math.log2(reach * SPARE / FLOAT16_LIMIT))
    if 0 < reach < SMALL:
        return 2.0 ** math.floor(-math.log2(reach))
    return 1.0


def fold_norms(case: Case, tensors: Sequence[str] = ()) -> Steps[Fix | None]:
    """Write batch normalisations as a factor and a sum of moderate size: x · (γ/σ) + (β - γμ/σ)."""
    if case.reference is not None:
        return None
    norms = [layer for layer in case.model.graph.layers if layer.op == "BatchNormalization"]
    editor = Editor(case.model)
    folded = [layer.outputs[0] for layer in norms if _fold(editor, layer.outputs[0], layer.attributes)]
    if not folded:
        return None
    path = editor.save(place(case, "folded", folded))
    if not (yield from is_alike(case, (path,))):
        return None
    text = f"Fold the constants of {len(folded)} batch normalisations together: none is beyond float16 then."
    return Fix(text, Change(model=path), key="fold-norms")


def can_fold(model: Model) -> bool:
    """Whether a batch normalisation has a constant that float16 does not hold."""
    norms = [layer for layer in model.graph.layers if layer.op == "BatchNormalization"]
    values = (model.constants[name] for layer in norms for name in layer.inputs[1:] if name in model.constants)
    return any(np.abs(value).max(initial=0.0) > FLOAT16_LIMIT for value in values)


def _fold(editor: Editor, output: str, attributes: object) -> bool:
    """σ = 1 and μ = 0; only where a constant is too large for float16."""
    constants = [editor.constant(output, position) for position in range(1, 5)]
    if any(value is None for value in constants):
        return False
    gamma, beta, mean, variance = (np.asarray(value, np.float64) for value in constants)
    if max(np.abs(value).max(initial=0.0) for value in (gamma, beta, mean, variance)) <= FLOAT16_LIMIT:
        return False
    epsilon = attributes.get("epsilon", 1e-5) if isinstance(attributes, dict) else 1e-5
    factor = gamma / np.sqrt(variance + epsilon)
    values = (factor, beta - factor * mean, np.zeros_like(mean), np.full_like(variance, 1.0 - epsilon))
    for position, value in enumerate(values, 1):
        editor.set_constant(output, position, value.astype(np.float32))
    return True


def _reached(case: Case, tensors: Sequence[str]) -> Iterable[tuple[str, float]]:
    """The tensors of the user's network behind some rows, with their largest golden magnitude over all inputs."""
    chosen = set(tensors)
    for row in case.rows:
        is_asked = row.tensor in chosen or (not chosen and row.head_room is not None and row.head_room < 1)
        if not is_asked or not row.golden:
            continue
        arrays = [case.golden(row, sample) for sample in range(len(case.samples))]
        reach = [float(np.abs(array[np.isfinite(array)]).max(initial=0.0)) for array in arrays if array is not None]
        if reach:
            yield row.golden, max(reach)
