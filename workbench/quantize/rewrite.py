"""The simulator's network: the deployed graph and a plan as standard ONNX operators.

Branches share the weights. "entire" feeds every layer with what the layers before it gave; "single" feeds every layer
with golden values, passed through the way they would be stored; "golden" computes in float what the user's network has
no tensor for. Source: quantization semantics §5, §7, §8.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from workbench.graph.deployed import CONVERT, PRODUCT, Deployed, DeployedLayer
from workbench.graph.emit import emit, needed_constants
from workbench.graph.normalise import captured
from workbench.quantize.constants import constants_of
from workbench.quantize.encoding import Encoding
from workbench.quantize.plan import OWN, Plan
from workbench.quantize.schemes import FLOAT16, FLOAT32, INTEGERS

ENTIRE, SINGLE, GOLDEN = "entire:", "single:", "golden:"
STORED = ":stored"  # ":" because a network's own names may hold "/"
MICROSOFT = "com.microsoft"
ConstantsOf = Callable[[Deployed, DeployedLayer, Plan], dict[int, np.ndarray]]


@dataclass
class Simulator:
    """An ONNX graph under construction, and where each tensor's stored values are in it.

    `stored` maps (branch, tensor) to the output that holds what would be in memory: int8, float16 or float32.
    """

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, np.ndarray] = field(default_factory=dict)
    stored: dict[tuple[str, str], str] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    domain: str = ""  # of QuantizeLinear and DequantizeLinear

    def add(self, op: str, inputs: Iterable[str], output: str, **attributes: Any) -> str:
        """Add a node once; gives the name of its output."""
        if output not in self.made:
            self.made.add(output)
            self.nodes.append(helper.make_node(op, list(inputs), [output], **attributes))
        return output


def simulator(
    graph: Deployed, plan: Plan, golden: Collection[str], constants_of: ConstantsOf = constants_of
) -> Simulator:
    """All branches. `golden` names the deployed tensors whose golden values are fed."""
    result = Simulator(domain=_quantize_domain(graph.model.proto))
    sources = [tensor.name for tensor in graph.model.graph.inputs]
    for name in sources:
        result.add("Identity", [GOLDEN + name], ENTIRE + name)
    have = set(golden) | set(sources)
    for layer in graph.layers:
        if golden and _lacks_golden(graph, layer, have):
            _golden_layer(result, graph, layer)
            have.update(layer.outputs)
        constants = _constants(result, layer, constants_of(graph, layer, plan))
        _layer(result, graph, plan, layer, constants, ENTIRE)
        if _can_be_single(graph, plan, layer, have, result):
            _layer(result, graph, plan, layer, constants, SINGLE)
    result.constants |= needed_constants(result.nodes, graph.constants)
    return result


def stored_encoding(graph: Deployed, plan: Plan, tensor: str) -> Encoding | None:
    """How the simulator stores a tensor; None where it is float32 (or no float at all)."""
    precision = plan.precision[graph.producers[tensor].outputs[0]]
    if tensor in plan.unstored or precision == FLOAT32:
        return None
    if precision == FLOAT16:
        return Encoding(FLOAT16)
    return None if is_dequantized(graph, tensor) else plan.encoding(tensor, precision)


def is_dequantized(graph: Deployed, tensor: str) -> bool:
    """Whether a tensor is the float output of a convert at the end of the network."""
    return graph.producers[tensor].op == CONVERT and tensor in graph.outputs


def _constants(result: Simulator, layer: DeployedLayer, values: dict[int, np.ndarray]) -> dict[int, str]:
    """Quantised constants of a layer by position, added once for both branches."""
    names = {}
    for position, value in values.items():
        names[position] = f"constant{position}:{layer.outputs[0]}"
        result.constants[names[position]] = value
    return names


def _lacks_golden(graph: Deployed, layer: DeployedLayer, have: set[str]) -> bool:
    """Whether no tensor of the user's network has the values of a layer, and they can be computed."""
    if _captured(graph, layer) or any(name in have or name in graph.golden_of for name in layer.outputs):
        return False
    return all(name in have or name in graph.constants for name in layer.inputs if name)


def _golden_layer(result: Simulator, graph: Deployed, layer: DeployedLayer) -> None:
    inputs = [name if not name or name in graph.constants else GOLDEN + name for name in layer.inputs]
    outputs = [GOLDEN + name if name else "" for name in layer.outputs]
    result.nodes.extend(emit(layer, inputs, outputs))
    result.made.update(outputs)
    result.stored |= {(GOLDEN, name): GOLDEN + name for name in layer.outputs if name}


def _can_be_single(graph: Deployed, plan: Plan, layer: DeployedLayer, have: set[str], result: Simulator) -> bool:
    """Whether golden values, or a fused operator's own, are there for everything that a layer takes."""
    if _captured(graph, layer):
        return False
    for name in layer.inputs:
        if not name or name in graph.constants:
            continue
        if _is_inside(graph, plan, name, layer):
            if (SINGLE, name) not in result.stored:
                return False
        elif name not in have:
            return False
    return True


def _layer(
    result: Simulator, graph: Deployed, plan: Plan, layer: DeployedLayer, constants: dict[int, str], branch: str
) -> None:
    inputs = []
    for position, name in enumerate(layer.inputs):
        if position in constants:
            inputs.append(constants[position])
        elif not name or name in graph.constants:
            inputs.append(name)
        else:
            value = _taken(result, graph, plan, name, layer, branch)
            is_factor = position == 1 and _is_last_product(graph, layer, name)
            inputs.append(_factor(result, plan, (name, plan.of(layer)), value) if is_factor else value)
    for name in _captured(graph, layer):
        result.add("Identity", [branch + name], name)
    outputs = [f"{branch}{name}" if name else "" for name in layer.outputs]
    rounded = [bool(own) and stored_encoding(graph, plan, own) is not None for own in layer.outputs]
    exact = [f"{name}:exact" if is_rounded else name for name, is_rounded in zip(outputs, rounded, strict=True)]
    result.nodes.extend(emit(layer, inputs, exact))
    result.made.update(exact)
    for name, own, value in zip(outputs, layer.outputs, exact, strict=True):
        if own:
            result.stored[branch, own] = _store(result, graph, plan, own, value, name)


def _captured(graph: Deployed, layer: DeployedLayer) -> list[str]:
    """Computed tensors that a subgraph of the layer takes from outside, under their own names."""
    return [name for name in captured(layer.proto) if name not in graph.constants]


def _store(result: Simulator, graph: Deployed, plan: Plan, tensor: str, value: str, name: str) -> str:
    """Round a computed value as it is stored; gives the output that holds the stored form."""
    encoding = stored_encoding(graph, plan, tensor)
    if encoding is None:
        return name
    if encoding.dtype == FLOAT16:
        half = result.add("Cast", [value], name + STORED, to=TensorProto.FLOAT16)
        result.add("Cast", [half], name, to=TensorProto.FLOAT)
        return half
    return _quantized(result, tensor, encoding, value, name)


def _quantized(result: Simulator, tensor: str, encoding: Encoding, value: str, name: str) -> str:
    kind = "" if encoding.dtype == "int8" else f":{encoding.dtype}"
    scale, zero = f"scale:{tensor}{kind}", f"zero_point:{tensor}{kind}"
    if encoding.is_narrow:
        least = f"least:{tensor}{kind}"
        result.constants[least] = np.asarray(encoding.limits[0] * np.float32(encoding.scale[0]), np.float32)
        value = result.add("Max", [value, least], f"{name}:narrow")
    result.constants[scale] = np.asarray(encoding.scale[0], np.float32)
    result.constants[zero] = np.asarray(encoding.zero_point[0], encoding.dtype)
    domain = result.domain if encoding.dtype in ("int8", "uint8") else MICROSOFT  # ONNX has 16 bits from opset 21 on
    stored = result.add("QuantizeLinear", [value, scale, zero], name + STORED, domain=domain)
    result.add("DequantizeLinear", [stored, scale, zero], name, domain=domain)
    return stored


def _taken(result: Simulator, graph: Deployed, plan: Plan, tensor: str, taker: DeployedLayer, branch: str) -> str:
    """The value that a layer sees of a tensor."""
    precision = plan.of(taker)
    producer = graph.producers.get(tensor)
    given = plan.of(producer) if producer is not None else FLOAT32
    is_converted = given != precision and taker.op != CONVERT
    if branch == ENTIRE or _is_inside(graph, plan, tensor, taker):
        value = branch + tensor
    elif is_converted and precision != FLOAT32 and not _only_cuts(plan, tensor, taker):
        value = GOLDEN + tensor  # the convert has a row of its own, whose golden value is fed
    else:
        value = _golden(result, graph, plan, tensor)
    if not is_converted:
        return value
    if given in INTEGERS and precision not in (FLOAT32, plan.type.activations):
        value = _unconverted(graph, plan, tensor, value)
    if precision == FLOAT16 and given in INTEGERS:
        return _half(result, value)
    encoding = plan.encoding(tensor, precision)
    return value if encoding is None else _converted(result, tensor, encoding, value)


def _converted(result: Simulator, tensor: str, encoding: Encoding, value: str) -> str:
    """A value as layers of another precision take it."""
    _quantized(result, tensor, encoding, value, f"{value}:{encoding.dtype}")
    return f"{value}:{encoding.dtype}"


def _is_last_product(graph: Deployed, layer: DeployedLayer, name: str) -> bool:
    """Whether a product is the last one with that second operand: the toolkit changes the operand for no other."""
    products = [taker for taker in graph.consumers.get(name, ()) if taker.op == PRODUCT and taker.inputs[1] == name]
    return bool(products) and products[-1] is layer


def _factor(result: Simulator, plan: Plan, taken: tuple[str, str], value: str) -> str:
    """The second operand of a product, quantised about zero on top of its own grid. Source: semantics §5.1.

    `taken` is the tensor and the precision that the product computes in.
    """
    tensor, precision = taken
    encoding = plan.factors.get(tensor)
    if encoding is None or encoding.dtype != precision:
        return value
    _quantized(result, f"{tensor}:factor", encoding, value, f"{value}:factor")
    return f"{value}:factor"


def _is_inside(graph: Deployed, plan: Plan, tensor: str, taker: DeployedLayer) -> bool:
    """Whether a layer takes a group's own value of a tensor even when it is fed with golden ones.

    So do the activations at the end of a group, up to the first layer that takes the tensor for something else: from
    there on it is golden, as in the toolkit.
    """
    if tensor not in plan.grouped:
        return False
    for layer in graph.consumers[tensor]:
        if not _only_cuts(plan, tensor, layer) and graph.sole_consumer(tensor) is not layer:
            return False
        if layer is taker:
            return True
    return False


def _only_cuts(plan: Plan, tensor: str, layer: DeployedLayer) -> bool:
    """Whether a layer cuts off nothing that a tensor's encoding holds."""
    own, given = plan.encodings.get(tensor), plan.encodings.get(layer.outputs[0])
    return layer.op in ("Relu", "Clip") and own == given


def _golden(result: Simulator, graph: Deployed, plan: Plan, tensor: str) -> str:
    """A golden value as the simulator would store it."""
    source = GOLDEN + tensor
    if tensor not in graph.producers or stored_encoding(graph, plan, tensor) is None:
        return source
    _store(result, graph, plan, tensor, source, f"{source}:rounded")
    return f"{source}:rounded"


def _quantize_domain(proto: onnx.ModelProto) -> str:
    """ONNX has QuantizeLinear from opset 10 on; ONNX Runtime's own domain has the same kernel for older networks."""
    opset = next((item.version for item in proto.opset_import if item.domain in ("", "ai.onnx")), 1)
    return "" if opset >= 10 else MICROSOFT


def _unconverted(graph: Deployed, plan: Plan, tensor: str, value: str) -> str:
    """The network's input skips its step in integers where a layer takes it more finely. Source: semantics §8."""
    producer = graph.producers[tensor]
    is_first = producer.op == CONVERT and producer.inputs[0] not in graph.producers and plan.method != OWN
    return GOLDEN + producer.inputs[0] if is_first else value


def _half(result: Simulator, value: str) -> str:
    """A value in float16."""
    half = result.add("Cast", [value], f"{value}:half", to=TensorProto.FLOAT16)
    return result.add("Cast", [half], f"{value}:half:single", to=TensorProto.FLOAT)
