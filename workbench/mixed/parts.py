"""What can have another precision: the layers of the deployed graph, in parts that the NPU computes in one go."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from workbench.graph.converts import HALF
from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer
from workbench.graph.rules.attention import INSIDE
from workbench.graph.tail import OUTSIDE
from workbench.quantize.plan import Plan
from workbench.quantize.planner import part_before


@dataclass(frozen=True)
class Part:
    """Layers, by their first outputs in execution order, of which only the last one's tensors are stored."""

    layers: tuple[DeployedLayer, ...]

    @property
    def tensor(self) -> str:
        """What it gives."""
        return self.layers[-1].outputs[0]


def parts_of(graph: Deployed, plan: Plan) -> tuple[Part, ...]:
    """All parts that compute in integers, in execution order of their last layers; converts are parts of their own."""
    last: dict[str, str] = {}
    members: dict[str, list[DeployedLayer]] = {}
    for layer in reversed(graph.layers):
        name = layer.outputs[0]
        taker = graph.sole_consumer(name)
        last[name] = last[taker.outputs[0]] if taker is not None and name in plan.unstored else name
        members.setdefault(last[name], []).append(layer)
    found = (Part(tuple(reversed(members[layer.outputs[0]]))) for layer in graph.layers if layer.outputs[0] in members)
    return tuple(part for part in found if plan.is_integer(part.layers[-1]) and graph.is_float(part.tensor))


def choosable(graph: Deployed, plan: Plan) -> dict[str, DeployedLayer]:
    """The layers whose precision can be chosen, by first output: integers now, and no convert of the network's ends."""
    return {layer.outputs[0]: layer for layer in graph.layers if plan.is_integer(layer) and _has_choice(layer)}


def needed_by(graph: Deployed, names: Iterable[str]) -> dict[str, frozenset[str]]:
    """For every layer those that change their precision with it: what is fused before it, and itself."""
    found: dict[str, frozenset[str]] = {}
    for name in names:
        own = {name}
        before = part_before(graph, graph.producers[name])
        while before is not None:
            own.add(before.outputs[0])
            before = part_before(graph, before)
        found[name] = frozenset(own)
    return found


def closed(names: Collection[str], needs: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Layers with all that change their precision with them."""
    return frozenset(need for name in names if name in needs for need in needs[name])


def _has_choice(layer: DeployedLayer) -> bool:
    return layer.op != CONVERT and not {HALF, OUTSIDE, INSIDE} & layer.attributes.keys()
