"""A plan as our own JSON: complete, so that it computes the same on the same network."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.foundation.files import write_text
from workbench.quantize.configs.plan_file import (
    SMALLEST_SCALE,
    BadPlanError,
    Entry,
    PlanFile,
    encoding,
    mapping,
    numbers,
    text,
)
from workbench.quantize.encoding import Encoding
from workbench.quantize.plan import Plan

FORMAT, VERSION = "rknn-workbench plan", 1


def recognises(document: Any) -> bool:
    """Whether a document is one of ours."""
    return isinstance(document, dict) and document.get("format") == FORMAT


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan to a file."""
    write_text(path, json.dumps(to_json(plan), indent=1, ensure_ascii=False) + "\n")


def to_json(plan: Plan) -> dict[str, Any]:
    """A plan as JSON values."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "dtype": plan.dtype,
        "method": plan.method,
        "tensors": {name: _encoding_to_json(item) for name, item in plan.encodings.items()},
        "wide": {name: _encoding_to_json(item) for name, item in plan.wide.items()},
        "factors": {name: _encoding_to_json(item) for name, item in plan.factors.items()},
        "weight_factors": {name: list(item) for name, item in plan.weight_factors.items()},
        "precision": dict(plan.precision),
        "unstored": sorted(plan.unstored),
        "grouped": sorted(plan.grouped),
    }


def read(document: dict[str, Any]) -> PlanFile:
    """A plan that `write_plan` wrote."""
    version = document.get("version")
    if version != VERSION:
        raise BadPlanError(f"it has version {str(version)[:20]}, and this program reads version {VERSION}")
    tensors, wide, factors = (mapping(document.get(key), key) for key in ("tensors", "wide", "factors"))
    weights, precision = (mapping(document.get(key), key) for key in ("weight_factors", "precision"))
    return PlanFile(
        "workbench",
        {name: Entry(_encoding(mapping(item, name), name)) for name, item in tensors.items()},
        {name: text(value, f"the precision of {name}") for name, value in precision.items()},
        text(document.get("method"), "the method"),
        dtype=text(document.get("dtype", "w8a8"), "the dtype"),
        unstored=_names(document, "unstored"),
        grouped=_names(document, "grouped"),
        wide={name: _encoding(mapping(item, name), name) for name, item in wide.items()},
        factors={name: _encoding(mapping(item, name), name) for name, item in factors.items()},
        weight_factors={name: _factors(item, name) for name, item in weights.items()},
    )


def _encoding_to_json(item: Encoding) -> dict[str, Any]:
    return {
        "dtype": item.dtype,
        "scale": list(item.scale),
        "zero_point": list(item.zero_point),
        **({} if item.axis is None else {"axis": item.axis}),
        **({"narrow": True} if item.is_narrow else {}),
    }


def _encoding(item: Mapping[str, Any], name: str) -> Encoding:
    scale, zero_point = (numbers(item.get(key), f"the {key} of {name}") for key in ("scale", "zero_point"))
    found = encoding(text(item.get("dtype"), f"the dtype of {name}"), scale, zero_point, name)
    axis = item.get("axis")
    if axis is not None and (not isinstance(axis, int) or isinstance(axis, bool) or not 0 <= axis < 8):
        raise BadPlanError(f"the axis of {name} is {str(axis)[:20]!r}")
    if axis is None and len(found.scale) > 1:
        raise BadPlanError(f"{name} has several scales and no axis")
    return Encoding(found.dtype, found.scale, found.zero_point, axis, is_narrow=item.get("narrow") is True)


def _factors(value: Any, name: str) -> tuple[float, ...]:
    found = numbers(value, f"the factors of {name}")
    if not all(factor >= SMALLEST_SCALE for factor in found):
        raise BadPlanError(f"a factor of {name} is not positive")
    return found


def _names(document: Mapping[str, Any], key: str) -> frozenset[str]:
    value = document.get(key, [])
    if not isinstance(value, list):
        raise BadPlanError(f"{key} is no list")
    return frozenset(text(name, f"a name in {key}") for name in value)
