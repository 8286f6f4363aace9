"""An ONNX network converted down to an operator set that the toolkit reads."""

from collections import Counter
from pathlib import Path

import onnx
from onnx import version_converter

from workbench.sources.toolkit.repairs.networks import loaded, saved
from workbench.sources.toolkit.repairs.patched import Patched, RepairError, read, unified

DEFAULT_DOMAINS = ("", "ai.onnx")
NEWEST, OLD = 19, 12  # what toolkit 2 (1.6.0 and later) and toolkit 1 (1.7.x) read
IR_VERSIONS = {NEWEST: 9, OLD: 7}
"""Format versions of the onnx releases that brought these operator sets (onnx, docs/Versioning.md)."""


def to_19(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """For rknn-toolkit2."""
    return _to(path, NEWEST)


def to_12(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """For toolkit 1."""
    return _to(path, OLD)


def _to(path: Path, opset: int) -> tuple[Patched, ...]:
    network = loaded(path)
    if _opset(network) <= opset and network.ir_version <= IR_VERSIONS[opset]:
        return (Patched(path, read(path), ""),)
    lower = (
        _converted(network, path, opset)
        if _opset(network) > opset
        else onnx.ModelProto.FromString(saved(network, path))
    )
    lower.ir_version = min(lower.ir_version, IR_VERSIONS[opset])
    note = "Compare the copy with the original before it is converted: operators were rewritten."
    return (Patched(path, saved(lower, path), unified(path.name, _shown(network), _shown(lower)), (note,)),)


def _converted(network: onnx.ModelProto, path: Path, opset: int) -> onnx.ModelProto:
    try:
        return version_converter.convert_version(network, opset)
    except (RuntimeError, version_converter.ConvertError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        hint = f"Export the network again with opset {opset}."
        raise RepairError(f"{path.name} cannot be converted to opset {opset}: {reason}.", hint) from error


def _opset(network: onnx.ModelProto) -> int:
    return next((item.version for item in network.opset_import if item.domain in DEFAULT_DOMAINS), 0)


def _shown(network: onnx.ModelProto) -> list[str]:
    """The versions and how often which operator is used."""
    counts = Counter(node.op_type for node in network.graph.node)
    head = [f"ir_version: {network.ir_version}", f"opset: {_opset(network)}"]
    return head + [f"{op} × {count}" for op, count in sorted(counts.items())]
