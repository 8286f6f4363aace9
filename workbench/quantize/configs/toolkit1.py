"""The quantization.cfg of rknn-toolkit 1.x: RK1808, RK3399Pro, RV1109, RV1126. Source: rknn_facts §4.2.

There `dtype` is the scheme and `qtype` the type of the bits. Keys are `@LAYER_ID:out0`, `:weight` and `:bias`.
"""

from typing import Any

from workbench.quantize.configs.plan_file import (
    BadPlanError,
    Entry,
    PlanFile,
    encoding,
    mapping,
    numbers,
    one_range,
    text,
)
from workbench.quantize.encoding import Encoding

CUSTOM, PARAMETERS = "customized_quantize_layers", "quantize_parameters"
AFFINE, FIXED_POINT = "asymmetric_affine", "dynamic_fixed_point"
TYPES = {"u8": "uint8", "i8": "int8", "i16": "int16", "i32": "int32"}
FLOATS = ("fp32", "fp16", "float32", "float16")
PRECISIONS = {
    "float32": "float16",  # it runs as float16
    "asymmetric_affine-u8": "uint8",
    "asymmetric_quantized-u8": "uint8",
    "dynamic_fixed_point-i8": "int8",
    "dynamic_fixed_point-8": "int8",
    "dynamic_fixed_point-i16": "int16",
    "dynamic_fixed_point-16": "int16",
}
STEEPEST = 63  # of a fixed point's position


def recognises(document: Any) -> bool:
    """Whether a document is a cfg of this toolkit, or the block of one that names layers."""
    return isinstance(document, dict) and CUSTOM in document


def read(document: dict[str, Any]) -> PlanFile:
    """The cfg's tensors under the toolkit's keys, and the layers with a precision of their own."""
    custom = {}
    for name, value in mapping(document[CUSTOM], CUSTOM).items():
        precision = text(value, f"the precision of {name}")
        if precision not in PRECISIONS:
            raise BadPlanError(f"the precision of {name} is {precision[:40]!r}")
        custom[name] = PRECISIONS[precision]
    parameters = mapping(document.get(PARAMETERS), PARAMETERS)
    entries = {name: entry_of(name, mapping(value, name)) for name, value in parameters.items()}
    if not entries and not custom:
        raise BadPlanError(f"its {PARAMETERS} are empty")
    return PlanFile("toolkit1", entries, custom, method="layer")


def entry_of(name: str, item: dict[str, Any]) -> Entry:
    """How a tensor is stored, from the values under its key."""
    kind = text(item.get("qtype"), f"the qtype of {name}")
    keys = ("min_value", "max_value", "scale", "zero_point", "fl")
    low, high, scale, zero_point, position = (numbers(item.get(key), f"the {key} of {name}") for key in keys)
    seen = one_range(low, high, name)
    if kind in FLOATS:
        return Entry(None, seen)
    if kind not in TYPES:
        raise BadPlanError(f"the qtype of {name} is {kind[:40]!r}")
    scheme = text(item.get("dtype"), f"the dtype of {name}")
    if scheme == AFFINE:
        return Entry(encoding(TYPES[kind], scale, zero_point, name), seen)
    if scheme == FIXED_POINT:
        return Entry(_fixed_point(TYPES[kind], position, name), seen)
    raise BadPlanError(f"the dtype of {name} is {scheme[:40]!r}")


def _fixed_point(dtype: str, position: tuple[float, ...], name: str) -> Encoding:
    """One step is 2^-fl."""
    if not position or any(value != int(value) or abs(value) > STEEPEST for value in position):
        raise BadPlanError(f"{name} has no fl")
    scale = tuple(2.0**-value for value in position)
    return encoding(dtype, scale, (0.0,) * len(scale), name)
