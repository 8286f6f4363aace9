"""The attributes of operators and the shapes of tensors in few words, for the graph: `3×3 /2`. No Qt."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from workbench.graph.graph import Layer

TELLING = ("Conv", "ConvTranspose", "QLinearConv", "ConvInteger", "Gemm", "MatMul", "MaxPool", "AveragePool", "Resize")
"""Of a group of layers the attributes of the first of these are shown, else those of the first layer."""


def attributes_text(layers: Sequence[Layer]) -> str:
    """What tells this operator from others of its kind; "" when nothing does."""
    layer = next((layer for layer in layers if layer.op in TELLING), layers[0])
    values = layer.attributes
    if not values:
        return ""
    return " ".join(part for part in (_kernel(values), _steps(values), _rest(values)) if part)


@lru_cache(maxsize=4096)
def shape_text(shape: tuple[int | str | None, ...] | None) -> str:
    """`1×3×224×224`; "" where it is unknown."""
    return "×".join("?" if size is None else str(size) for size in shape or ())


def _kernel(values: Mapping[str, Any]) -> str:
    return "×".join(str(size) for size in values.get("kernel_shape", ()))


def _steps(values: Mapping[str, Any]) -> str:
    """Strides as `/2`, dilations as `d2`, groups as `g32`, where they are not one."""
    strides, dilations, group = values.get("strides", ()), values.get("dilations", ()), values.get("group", 1)
    parts = [f"{sign}{_short(sizes)}" for sign, sizes in (("/", strides), ("d", dilations)) if _differs(sizes)]
    return " ".join([*parts, f"g{group}"] if group != 1 else parts)


def _differs(sizes: Sequence[int]) -> bool:
    return any(size != 1 for size in sizes)


def _short(sizes: Sequence[int]) -> str:
    return str(sizes[0]) if len(set(sizes)) == 1 else "×".join(map(str, sizes))


def _rest(values: Mapping[str, Any]) -> str:
    parts = []
    if "axis" in values:
        parts.append(f"axis {values['axis']}")
    if values.get("axes"):
        parts.append("axes " + " ".join(map(str, values["axes"])))
    if values.get("perm"):
        parts.append("→ " + " ".join(map(str, values["perm"])))
    if isinstance(mode := values.get("mode"), (str, bytes)):
        parts.append(mode if isinstance(mode, str) else mode.decode(errors="replace"))
    if "alpha" in values and isinstance(values["alpha"], float):
        parts.append(f"α {values['alpha']:g}")
    return " ".join(parts)
