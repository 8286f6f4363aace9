"""`NAME_quant_param.yml`, the encodings that rknn-toolkit 1.x exports with `export_rknn_quant_params`.

Source: rknn_facts §4.2. Other than in its cfg `qtype` is the scheme and `dtype` the type of the bits; `:out0` is a
layer's output, `:in1` its weight, `:in2` its bias.
"""

from collections.abc import Iterator
from typing import Any

from workbench.quantize.configs.plan_file import BadPlanError, Entry, PlanFile, mapping, text
from workbench.quantize.configs.toolkit1 import entry_of

PARAMETERS = "quant_params"
PORTS = {"in1": "weight", "in2": "bias"}
NONE = "none"


def recognises(document: Any) -> bool:
    """Whether a document is such an export."""
    return isinstance(document, dict) and PARAMETERS in document


def read(document: dict[str, Any]) -> PlanFile:
    """The tensors under the keys that the toolkit's cfg has for them."""
    entries = dict(_entries(mapping(document[PARAMETERS], PARAMETERS)))
    if not entries:
        raise BadPlanError(f"its {PARAMETERS} are empty")
    return PlanFile("toolkit1", entries, method="layer")


def _entries(parameters: dict[str, Any]) -> Iterator[tuple[str, Entry]]:
    """Of tensors that stand by themselves, and of those that stand below their layer."""
    for name, value in parameters.items():
        item = mapping(value, name)
        if "qtype" in item or "dtype" in item:
            yield _named(name), _entry(name, item)
            continue
        for port, inner in item.items():
            if isinstance(inner, dict):
                key = port if port.startswith("@") else f"{name}:{port.lstrip(':')}"
                yield _named(key), _entry(key, mapping(inner, key))


def _named(name: str) -> str:
    """A key as the cfg has it: `@Conv_/c/Conv_3:weight`."""
    layer, colon, port = name.rpartition(":")
    key = f"{layer}:{PORTS.get(port, port)}" if colon else f"{name}:out0"
    return key if key.startswith("@") else f"@{key}"


def _entry(name: str, item: dict[str, Any]) -> Entry:
    scheme = text(item.get("qtype") or NONE, f"the qtype of {name}")
    bits = text(item.get("dtype"), f"the dtype of {name}")
    if scheme == NONE:
        return Entry(None)
    return entry_of(name, item | {"dtype": scheme, "qtype": bits})
