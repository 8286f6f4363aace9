"""What ONNX Runtime says about a network, in one sentence that names the node."""

import re
from typing import TYPE_CHECKING, Any

import onnx

from workbench.foundation.errors import ModelError
from workbench.graph.graph import Layer, Model
from workbench.graph.large_constants import open_with

if TYPE_CHECKING:
    import onnxruntime

QUIET = 4  # ONNX Runtime's log severity "fatal": it raises what it says
SHAPES = "Check the shapes given for the inputs, or export the network again."
OTHER = "Export the network again, for example with another opset."
FLOAT = "Export the network with float32 tensors or with a newer opset."
UNKNOWN_OP = "Replace the operator with standard ones, or cut the network before it."

# what ONNX Runtime writes -> how the node is found and what is said
NODE = re.compile(r'In Node, \("(?P<name>.*?)", (?P<op>[^,]+), "(?P<domain>.*?)", -?\d+\)')
INFERENCE = re.compile(r"Node \((?P<name>.*?)\) Op \((?P<op>.*?)\) \[\w+\]\s*(?P<why>.*)", re.DOTALL)
UNREGISTERED = re.compile(r"(?P<domain>[\w.\-]*):(?P<op>\w+)\(-?\d+\) is not a registered function/op")
NOT_REGISTERED = re.compile(r"No Op registered for (?P<op>\S+) with domain_version of (?P<version>\d+)")
NO_KERNEL = re.compile(
    r"Could not find an implementation for (?P<op>\w+)\((?P<version>\d+)\) node with name '(?P<name>.*?)'"
)
BAD_TYPE = re.compile(
    r"Type '(?:tensor\()?(?P<type>\w+)\)?' of input parameter \((?P<input>.*?)\) "
    r"of operator \((?P<op>.*?)\) in node \((?P<name>.*?)\)"
)
RUNNING = re.compile(r"running (?P<op>\w+) node\. Name:'(?P<name>.*?)' Status Message: (?P<why>.*)", re.DOTALL)
OPSET = re.compile(
    r"Opset (?P<version>\d+) is under development.*for domain (?P<domain>\S+) is till opset (?P<last>\d+)", re.DOTALL
)
NAMED = re.compile(r"[Nn]ode[: ]*[('\"](?P<name>[^)'\"]+)[)'\"]")

NOISE = re.compile(
    r"\[ONNXRuntimeError\] : \d+ : \w+ : |/\S+?\.(?:cc|h|cpp):\d+ |^Fatal error: |^This is an invalid model\. |"
    r"^Load model from .*? failed:\s*|^Exception during initialization: |^Exception caught: "
)
SIGNATURE = re.compile(r"^[\w:&*<>, ~()]*\([^\n]*?\)(?: const)?(?: \[[^\n]*?\])? (?=[A-Z])")


def check_runs(model: Model) -> None:
    """Let ONNX Runtime load the network, optimisations off; what it cannot run is a `ModelError`."""
    try:
        open_with(model.proto, quiet_options(), model.large)
    except runtime_errors() as error:
        raise explain(model, error) from error


def quiet_options() -> "onnxruntime.SessionOptions":
    """Options of a session that only tries a network: no optimisation, no threads, nothing printed."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = QUIET
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.disable_prepacking", "1")
    return options


def runtime_errors() -> tuple[type[BaseException], ...]:
    """The exceptions with which ONNX Runtime reports that it cannot load or run a network.

    Where it quotes a name of the network that is no UTF-8, Python cannot even read what it says.
    """
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    names = (
        "Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoSuchFile", "NoModel", "EngineError",
        "RuntimeException", "NotImplemented", "EPFail",
    )  # fmt: skip
    return (*(getattr(state, name) for name in names if hasattr(state, name)), RuntimeError, UnicodeDecodeError)


def explain(model: Model, error: BaseException) -> ModelError:
    """One sentence for what ONNX Runtime raised, naming the node and the reason."""
    text = str(error)
    for sentence in (_about_operator, _about_kernel, _about_type, _about_opset, _about_shapes, _about_run):
        found = sentence(model, text)
        if found is not None:
            return found
    named = NAMED.search(text) or NODE.search(text)
    where = _node(model, named.groupdict()) if named else "the network"
    return ModelError(f"ONNX Runtime cannot run {where} of {model.path.name}: {_clean(text)}.", SHAPES)


def _about_operator(model: Model, text: str) -> ModelError | None:
    """An operator that no registered schema describes."""
    unknown = UNREGISTERED.search(text)
    if unknown:
        return _unknown_operator(model, unknown.groupdict())
    node = NODE.search(text)
    if node is None:
        return None
    if "No opset import" in text or NOT_REGISTERED.search(text):
        return _unknown_operator(model, node.groupdict())
    why = _clean(text.split(", Error ", 1)[-1])
    return ModelError(f"ONNX Runtime cannot run {_node(model, node.groupdict())} of {model.path.name}: {why}.", OTHER)


def _unknown_operator(model: Model, node: dict[str, Any]) -> ModelError:
    domain = node.get("domain") or ""
    if domain in ("", "ai.onnx"):
        why = f"opset {_opset(model.proto)} has no operator {node['op']}"
    else:
        why = f"{node['op']} is a custom operator of the domain '{domain}'"
    return ModelError(f"ONNX Runtime cannot run {_node(model, node)} of {model.path.name}: {why}.", UNKNOWN_OP)


def _about_kernel(model: Model, text: str) -> ModelError | None:
    found = NO_KERNEL.search(text)
    if found is None:
        return None
    layer = _layer(model, found.groupdict())
    types = sorted({_dtype(model, name) for name in layer.inputs if name} - {""}) if layer else []
    kinds = f" for {', '.join(types)}" if types else ""
    why = f"it has no implementation of {found['op']} (version {found['version']}){kinds} on the CPU"
    return ModelError(f"ONNX Runtime cannot run {_node(model, found.groupdict())} of {model.path.name}: {why}.", FLOAT)


def _about_type(model: Model, text: str) -> ModelError | None:
    found = BAD_TYPE.search(text)
    if found is None:
        return None
    why = f"its input '{found['input']}' must not be {found['type']}"
    return ModelError(f"ONNX Runtime cannot run {_node(model, found.groupdict())} of {model.path.name}: {why}.", FLOAT)


def _about_opset(model: Model, text: str) -> ModelError | None:
    found = OPSET.search(text)
    if found is None:
        return None
    domain = "" if found["domain"] == "ai.onnx" else f" of {found['domain']}"
    text = f"{model.path.name} uses opset {found['version']}{domain}, newer than ONNX Runtime's {found['last']}"
    layer = model.graph.layers[0]
    return ModelError(
        f"{text} (first node: '{layer.name}', {layer.op}).", f"Export it with opset {found['last']} or older."
    )


def _about_shapes(model: Model, text: str) -> ModelError | None:
    return _with_reason(model, INFERENCE.search(text))


def _about_run(model: Model, text: str) -> ModelError | None:
    return _with_reason(model, RUNNING.search(text))


def _with_reason(model: Model, found: re.Match[str] | None) -> ModelError | None:
    if found is None:
        return None
    node, why = _node(model, found.groupdict()), _clean(found["why"])
    return ModelError(f"ONNX Runtime cannot run {node} of {model.path.name}: {why}.", SHAPES)


def _node(model: Model, found: dict[str, Any]) -> str:
    layer = _layer(model, found)
    name = layer.name if layer else found.get("name") or ""
    op = layer.op if layer else found.get("op") or ""
    return f"node '{name}' ({op})" if op else f"node '{name}'"


def _layer(model: Model, found: dict[str, Any]) -> Layer | None:
    """The layer of that name, else the first with that operator."""
    named = (layer for layer in model.graph.layers if layer.name == found.get("name"))
    same = (layer for layer in model.graph.layers if not found.get("name") and layer.op == found.get("op"))
    return next(named, None) or next(same, None)


def _dtype(model: Model, name: str) -> str:
    tensor = model.graph.tensors.get(name)
    return tensor.dtype if tensor else ""


def _opset(proto: onnx.ModelProto) -> int:
    return next((int(item.version) for item in proto.opset_import if item.domain in ("", "ai.onnx")), 0)


def _clean(text: str) -> str:
    """`text` without source files, signatures and line breaks."""
    text = SIGNATURE.sub("", NOISE.sub("", text.strip()))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines)[:300].rstrip(" .")
