"""The quantization.cfg of rknn-toolkit2. Source: rknn_facts §4.1, quantization semantics §8."""

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
from workbench.quantize.encoding import Encoding, asymmetric
from workbench.quantize.ranges import Range

CUSTOM, PARAMETERS = "custom_quantize_layers", "quantize_parameters"
ASYMMETRIC = ("asym", "asymmetric_quantized")
FIXED_POINT = ("dfp", "dynamic_fixed_point")
SCHEMES = (*ASYMMETRIC, "sym", *FIXED_POINT)
FLOATS = ("float32", "float16")
PRECISIONS = ("float16", "int16", "int8")
CLOSE = 1e-6  # relative: the toolkit writes all digits of a scale


def recognises(document: Any) -> bool:
    """Whether a document is a cfg of this toolkit, or its block of layers: `dtype` is the type of the bits there."""
    if not isinstance(document, dict) or "customized_quantize_layers" in document:
        return False
    return PARAMETERS in document or CUSTOM in document


def read(document: dict[str, Any]) -> PlanFile:
    """The cfg's tensors under the names of the toolkit's graph, and the layers with a precision of their own."""
    custom = {
        name: text(value, f"the precision of {name}") for name, value in mapping(document.get(CUSTOM), CUSTOM).items()
    }
    for name, precision in custom.items():
        if precision not in PRECISIONS:
            raise BadPlanError(f"the precision of {name} is {precision[:40]!r} and not one of {', '.join(PRECISIONS)}")
    entries: dict[str, Entry] = {}
    edited: list[str] = []
    parameters = mapping(document.get(PARAMETERS), PARAMETERS)
    for name, value in parameters.items():
        entry, is_edited = _entry(name, mapping(value, name))
        entries |= {name: entry} if entry is not None else {}
        edited += [name] if is_edited else []
    if not entries and not custom:
        raise BadPlanError(f"its {PARAMETERS} are empty")
    is_fixed_point = any(mapping(value, name).get("qtype") in FIXED_POINT for name, value in parameters.items())
    dtype = "w16a16i_dfp" if is_fixed_point else ""
    return PlanFile("toolkit2", entries, custom, notes=_notes(edited), dtype=dtype)


def _entry(name: str, item: dict[str, Any]) -> tuple[Entry | None, bool]:
    """A tensor, and whether somebody edited its limits: the toolkit takes those then and not the scale.

    None where there are limits and no scale, as in our own short cfg: step 2 computes it from its calibration.
    """
    dtype = text(item.get("dtype"), f"the dtype of {name}")
    scheme = text(item.get("qtype", "asym"), f"the qtype of {name}")
    if scheme not in SCHEMES:
        raise BadPlanError(f"the qtype of {name} is {scheme[:40]!r}")
    keys = ("min", "max", "scale", "zero_point")
    low, high, scale, zero_point = (numbers(item.get(key), f"the {key} of {name}") for key in keys)
    seen = one_range(low, high, name)
    if dtype in FLOATS:
        return Entry(None, seen), False
    if not scale and not zero_point and seen is not None:
        return None, False
    stored = encoding(dtype, scale, zero_point, name)
    if len(scale) > 1:
        raise BadPlanError(f"{name} has {len(scale)} scales; only weights can have several")
    if scheme in ASYMMETRIC and seen is not None and not _fits(stored, seen):
        return Entry(asymmetric(seen.low, seen.high, dtype), seen), True
    return Entry(stored, seen), False


def _fits(stored: Encoding, seen: Range) -> bool:
    scale = asymmetric(seen.low, seen.high, stored.dtype).scale[0]
    return abs(scale - stored.scale[0]) <= CLOSE * scale


def _notes(edited: list[str]) -> tuple[str, ...]:
    if not edited:
        return ()
    shown = ", ".join(edited[:5]) + (", …" if len(edited) > 5 else "")
    return (f"The limits of {shown} do not fit their scales: the limits count, as in the toolkit.",)
