"""A plan's file fitted to a network: which of its names mean which tensors of the deployed graph."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workbench.foundation.errors import PlanError, SettingsError
from workbench.graph.converts import HALF
from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer
from workbench.graph.graph import Layer
from workbench.quantize.configs.plan_file import PlanFile
from workbench.quantize.encoding import Encoding
from workbench.quantize.given import plan_of, range_of
from workbench.quantize.plan import Plan, fused, wide_encodings
from workbench.quantize.ranges import Range
from workbench.quantize.schemes import FLOAT16, INT8, INT16, QuantSettings

SHOWN = 8  # names in a sentence
SIMULATED = {"float16": FLOAT16, "int16": INT16, "int8": INT8}
CONVERTED = re.compile(r"_(_?(int8|int16|float16))$")  # what hybrid quantization inserts has such names


def layer_tensors(graph: Deployed, keys: Iterable[str]) -> dict[str, str]:
    """The deployed tensors that keys of toolkit 1 mean, by key; those that mean none are left out."""
    find = _LayerNames(graph).tensor
    return {key: tensor for key in keys if (tensor := find(key)) is not None}


@dataclass
class Fitted:
    """What a file says of the deployed graph, and what fits nothing there."""

    encodings: dict[str, Encoding] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def planned(graph: Deployed, file: PlanFile, settings: QuantSettings) -> tuple[Plan, tuple[str, ...]]:
    """The plan that a file says, and sentences about what it leaves open.

    The settings say how weights are encoded where it says nothing, and which layers have another precision besides.
    """
    if file.dtype not in ("", settings.dtype):
        raise PlanError(
            f"The plan is for {file.dtype}, not for {settings.dtype}.", f"Choose {file.dtype}, or another plan."
        )
    if not file.entries:
        raise PlanError(
            "The plan only says which layers have another precision, not how tensors are stored.",
            "Choose the whole quantization.cfg; or no plan, and keep these layers precise (--float-tensors).",
        )
    fitted = _fitted(graph, file)
    fitted.custom |= dict.fromkeys(_known(graph, settings.int16_tensors), INT16)
    fitted.custom |= dict.fromkeys(_known(graph, settings.float_tensors), FLOAT16)
    if not any(name in graph.producers for name in fitted.encodings):
        raise PlanError(
            f"None of the plan's {len(file.entries)} tensors is in the network (its names begin with "
            f"{', '.join(list(file.entries)[:3])}).",
            "Choose the plan of this network.",
        )
    if file.grouped is not None and file.unstored is not None:
        return _complete(graph, file, fitted), tuple(_notes(graph, file, fitted))
    custom = {name: SIMULATED.get(given, FLOAT16) for name, given in fitted.custom.items()}
    like = Plan({}, {}, method=file.method or settings.method, dtype=settings.dtype)
    plan = plan_of(graph, fitted.encodings, fitted.ranges, custom, like)
    return plan, (*file.notes, *_notes(graph, file, fitted))


def _complete(graph: Deployed, file: PlanFile, fitted: Fitted) -> Plan:
    """A plan of our own: nothing is derived where it says everything."""
    lacking = [layer.outputs[0] for layer in graph.layers if layer.outputs[0] not in file.custom]
    if lacking:
        raise PlanError(
            f"The plan says nothing of the layer that gives {lacking[0]}.",
            "Export the plan again, from a session of this network in this version of the program.",
        )
    known = [layer.outputs[0] for layer in graph.layers]
    precision = {name: fitted.custom.get(name, file.custom[name]) for name in known}
    unstored, grouped = file.unstored or frozenset(), file.grouped or frozenset()
    ranges = {name: range_of(item) for name, item in fitted.encodings.items() if item.axis is None}
    if any(precision[name] != file.custom[name] for name in known):  # other layers are fused then
        unstored, grouped = fused(graph, precision, ranges)
    wide = wide_encodings(graph, precision, ranges) if file.dtype == "w8a8" else {}
    return Plan(
        fitted.encodings,
        precision,
        unstored,
        grouped,
        file.method,
        file.dtype,
        {**wide, **file.wide},
        file.factors,
        file.weight_factors,
    )


def _known(graph: Deployed, float_tensors: Collection[str]) -> Collection[str]:
    unknown = [name for name in float_tensors if name not in graph.producers]
    if unknown:
        raise SettingsError(
            f"No layer gives {', '.join(unknown)}, which shall stay in float16.", "Take the names from the layer table."
        )
    return float_tensors


def _fitted(graph: Deployed, file: PlanFile) -> Fitted:
    found = Fitted()
    find = _LayerNames(graph).tensor if file.kind == "toolkit1" else _TensorNames(graph).tensor
    for name, entry in file.entries.items():
        tensor = find(name)
        if tensor is None:
            found.unknown.append(name)
            continue
        if entry.encoding is not None:
            found.encodings[tensor] = entry.encoding
        if entry.range is not None and tensor in graph.producers:
            found.ranges[tensor] = entry.range
    for name, precision in file.custom.items():
        tensor = find(name if file.kind != "toolkit1" else f"{name}:out0")
        if tensor is not None and tensor in graph.producers:
            found.custom[tensor] = precision
        elif not CONVERTED.search(name):
            _refuse_layer(name, file)
    return found


def _refuse_layer(name: str, file: PlanFile) -> None:
    if file.kind == "workbench":
        return  # a complete plan is checked by layer
    raise PlanError(
        f"The plan keeps {name} in {file.custom[name]}, which no layer of the network gives.",
        "Correct the name: it must be the output of a layer in the layer table.",
    )


def _notes(graph: Deployed, file: PlanFile, fitted: Fitted) -> Iterator[str]:
    """What the user must know of a plan that does not fit in every name."""
    unknown = [name for name in fitted.unknown if not CONVERTED.search(name)]
    if unknown:
        yield f"{len(unknown)} of the plan's {len(file.entries)} names are not in the network: {_some(unknown)}."
    lacking = [name for layer in graph.layers for name in layer.outputs if _lacks(graph, layer, name, fitted)]
    if lacking and file.kind != "workbench":
        yield f"The plan says nothing of {len(lacking)} tensors of the network: {_some(lacking)}."
    other = sorted({given for given in fitted.custom.values() if given not in SIMULATED})
    if other and file.kind != "workbench":
        yield f"Layers that the plan keeps in {', '.join(other)} are simulated in float16."


def _lacks(graph: Deployed, layer: DeployedLayer, name: str, fitted: Fitted) -> bool:
    is_float_end = HALF in layer.attributes or (layer.op == CONVERT and name in graph.outputs)
    return graph.is_float(name) and name not in fitted.encodings and not is_float_end


def _some(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")


class _TensorNames:
    """Names of toolkit2 and of our own plans: those of the deployed graph's tensors."""

    def __init__(self, graph: Deployed) -> None:
        self._graph = graph
        inputs = {tensor.name for tensor in graph.model.graph.inputs}
        self._own = graph.producers.keys() | inputs | graph.constants.keys()
        self._by_golden: dict[str, str] = {}
        for name in graph.producers:
            if name in graph.golden_of:
                self._by_golden.setdefault(graph.golden_of[name], name)

    def tensor(self, name: str) -> str | None:
        """The tensor of a name, else one with the values of the user's tensor of that name."""
        return name if name in self._own else self._by_golden.get(name)


class _LayerNames:
    """Names of toolkit1: `@OPERATOR_NODE_ID:out0`. Operators and nodes are ONNX's. Source: rknn_facts §4.2."""

    def __init__(self, graph: Deployed) -> None:
        self._graph = graph
        self._nodes = {f"{layer.op}_{layer.name}".lower(): layer for layer in graph.model.graph.layers}
        tensors: Mapping[str, Layer] = graph.model.graph.producers
        self._nodes |= {f"{layer.op}_{name}".lower(): layer for name, layer in tensors.items()}
        self._inputs = {tensor.name.lower(): tensor.name for tensor in graph.model.graph.inputs}
        self._by_origin: dict[str, DeployedLayer] = {}
        for layer in graph.layers:
            for origin in layer.origins:
                self._by_origin.setdefault(origin, layer)

    def tensor(self, key: str) -> str | None:
        """The deployed tensor or constant of a key; None where nothing fits."""
        name, _, port = key.removeprefix("@").rpartition(":")
        plain = re.sub(r"_\d+$", "", name).lower()
        if port.startswith("out") and plain in self._inputs:
            return self._input_twin(self._inputs[plain])
        node = self._nodes.get(plain) or self._nodes.get(name.lower())
        if node is None:
            return None
        if port in ("weight", "bias"):
            return self._constant(node, 1 if port == "weight" else 2)
        place = int(port.removeprefix("out")) if re.fullmatch(r"out\d{1,3}", port) else len(node.outputs)
        given = node.outputs[place] if place < len(node.outputs) else ""
        return given if given in self._graph.producers else self._twin(given)

    def _twin(self, user: str) -> str | None:
        return next((name for name, golden in self._graph.golden_of.items() if golden == user and user), None)

    def _input_twin(self, name: str) -> str:
        """The convert behind a float input holds its encoding."""
        converts = [layer for layer in self._graph.consumers.get(name, ()) if layer.op == CONVERT]
        return converts[0].outputs[0] if converts else name

    def _constant(self, node: Layer, place: int) -> str | None:
        layer = self._by_origin.get(node.name)
        if layer is None or len(layer.inputs) <= place or layer.inputs[place] not in self._graph.constants:
            return None
        return layer.inputs[place]
