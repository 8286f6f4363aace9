"""A choice of layers in files that the vendor's tools take.

`layers` map outputs of layers of the toolkit's graph to their precision; names are those of its hybrid quantization.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.foundation.resources import resource
from workbench.graph.deployed import Deployed
from workbench.quantize.configs.custom_layers import patched, quoted, refuse_unknown
from workbench.quantize.configs.matching import layer_tensors
from workbench.quantize.configs.plan_file import PlanFile
from workbench.quantize.given import range_of
from workbench.quantize.plan import Plan

NEWLINE = "\n"
TOOLKIT1 = {"float16": "float32", "int16": "dynamic_fixed_point-i16"}
"""What toolkit 1 calls a precision; its float32 runs as float16 (rknn_facts §4.2)."""


def ready_cfg(plan: Plan, layers: Mapping[str, str]) -> bytes:
    """A cfg for step 2 that needs no file of step 1.

    It names only the chosen tensors, and their limits without scales: the toolkit computes these, and compares none
    (tried with 2.5.0: other tensors may be missing, and min and max must be there).
    """
    lines = ["custom_quantize_layers:" if layers else "custom_quantize_layers: {}"]
    lines += [f"    {quoted(name)}: {precision}" for name, precision in layers.items()]
    known = {name: plan.encodings[name] for name in layers if name in plan.encodings}
    lines.append("quantize_parameters:" if known else "quantize_parameters: {}")
    for name, encoding in known.items():
        seen = range_of(encoding)
        lines += [f"    {quoted(name)}:", "        qtype: asym", "        qmethod: layer"]
        lines += [f"        dtype: {encoding.dtype}"]
        lines += ["        min:", f"        -   {seen.low!r}", "        max:", f"        -   {seen.high!r}"]
    return ("\n".join(lines) + "\n").encode()


def patched_cfg(content: bytes, file: PlanFile, layers: Mapping[str, str], where: str) -> bytes:
    """The toolkit's own cfg with the layers in its block; its other bytes stay."""
    refuse_unknown(layers, file.entries, where)
    return patched(content, layers)


def toolkit1_names(file: PlanFile, graph: Deployed) -> dict[str, str]:
    """What RKNN-Toolkit 1 calls the layers of its cfg, by the tensor that each gives."""
    found = layer_tensors(graph, [key for key in file.entries if ":out" in key])
    return {tensor: re.sub(r"^@|:out\d+$", "", key) for key, tensor in found.items()}


def toolkit1_cfg(content: bytes, names: Mapping[str, str], layers: Mapping[str, str]) -> bytes:
    """The cfg of RKNN-Toolkit 1 with those layers that it has names for as its `customized_quantize_layers`."""
    return patched(content, {names[name]: TOOLKIT1[kind] for name, kind in layers.items() if name in names})


def op_target(layers: Mapping[str, str], target: str = "cpu") -> str:
    """The argument `op_target` of the toolkit's `config` as JSON: the layers are computed there.

    The toolkit takes it, and its simulator computes them as before (tried with 2.5.0).
    """
    return json.dumps({"op_target": dict.fromkeys(layers, target)}, indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Program:
    """What a script of the toolkit alone needs: how the network is loaded and configured."""

    load: tuple[str, Mapping[str, Any]]
    config: Mapping[str, Any]
    stem: str


def script(made: Program, layers: Mapping[str, str]) -> str:
    """A Python program that does both steps of hybrid quantization with the toolkit alone."""
    method, arguments = made.load
    values = {"STEM": repr(made.stem), "METHOD": repr(method), "LOAD": _literal(arguments)}
    values |= {"CONFIG": _literal(made.config), "LAYERS": _literal(layers)}
    text = resource("mixed", "convert.py").read_text(encoding="utf-8")
    for name, value in values.items():
        before, _, behind = text.partition(f"\n{name} = ")
        text = f"{before}\n{name} = {value}\n{behind.partition(NEWLINE)[2]}"
    return text


def _literal(value: Mapping[str, Any]) -> str:
    """A mapping as Python writes it, an entry a line."""
    lines = [f"    {key!r}: {_plain(item)!r},\n" for key, item in value.items()]
    return "{\n" + "".join(lines) + "}" if lines else "{}"


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
