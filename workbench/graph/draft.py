"""A deployed graph under rewriting: rules replace layers, and the way back to the user's network goes with them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import cycle, islice, takewhile

import numpy as np

from workbench.graph.deployed import Deployed, DeployedLayer, rewired
from workbench.graph.execute import inputs_of
from workbench.graph.graph import Tensor
from workbench.graph.grids import Grid
from workbench.graph.normalise import captured


class Draft:
    """The layers, constants and tensors of a graph that rules change, for weights of so many bytes each."""

    def __init__(self, graph: Deployed, weight_bytes: int = 1, attention: bool = False) -> None:
        self.model = graph.model
        self.weight_bytes = weight_bytes
        self.attention = attention
        """Whether the chip computes an attention in one operator."""
        self.constants = dict(graph.constants)
        self.tensors = dict(graph.tensors)
        self.golden_of = dict(graph.golden_of)
        self.grids = dict(graph.grids)
        self.outputs = graph.outputs
        self.reordered: set[str] = set()
        """Tensors that have the name of one of the user's, and its values in another order."""
        self._slots: list[list[DeployedLayer]] = [[layer] for layer in graph.layers]
        self._slot_of = {id(layer): number for number, (layer,) in enumerate(self._slots)}
        self._producers: dict[str, DeployedLayer] = {}
        self._consumers: dict[str, list[DeployedLayer]] = {}
        for layer in graph.layers:
            self._index(layer)

    @property
    def layers(self) -> tuple[DeployedLayer, ...]:
        """All layers in execution order."""
        return tuple(layer for slot in self._slots for layer in slot)

    @property
    def opset(self) -> int:
        """The version of the ONNX operators that the network uses."""
        versions = (item.version for item in self.model.proto.opset_import if item.domain in ("", "ai.onnx"))
        return next(versions, 1)

    def graph(self) -> Deployed:
        """What the rules made, every layer behind those that it reads."""
        layers = tuple(_sorted(self.layers))
        return Deployed(self.model, layers, self.constants, self.tensors, self.golden_of, self.grids)

    def holds(self, layer: DeployedLayer) -> bool:
        """Whether a layer is (still) in the graph."""
        return id(layer) in self._slot_of

    def producer(self, name: str) -> DeployedLayer | None:
        """The layer that gives a tensor; None for constants and the network's inputs."""
        return self._producers.get(name)

    def consumers(self, name: str) -> tuple[DeployedLayer, ...]:
        """The layers that take a tensor, in no particular order."""
        return tuple(self._consumers.get(name, ()))

    def sole_consumer(self, name: str) -> DeployedLayer | None:
        """The only layer that takes a tensor, unless it is also an output of the network."""
        takers = self._consumers.get(name, [])
        return takers[0] if len(takers) == 1 and name not in self.outputs else None

    def value(self, name: str) -> np.ndarray | None:
        """The value of a constant; None where a name is no constant."""
        return self.constants.get(name)

    def shape(self, name: str) -> tuple[int, ...] | None:
        """The shape of a tensor or constant, where it is known."""
        if name in self.constants:
            return tuple(self.constants[name].shape)
        return self.tensors[name].static_shape if name in self.tensors else None

    def is_float(self, name: str) -> bool:
        """Whether a tensor or constant is known to hold float32 values."""
        if name in self.constants:
            return self.constants[name].dtype == np.float32
        return name in self.tensors and self.tensors[name].dtype == "float32"

    def free_name(self, name: str) -> str:
        """`name`, or something like it that nothing in the graph is called."""
        while name in self.tensors or name in self.constants:
            name += "_"
        return name

    def constant(self, name: str, value: np.ndarray, grid: Grid | None = None) -> str:
        """Add a constant, with its grid where it is quantised; gives its name: `name` unless that is taken."""
        name = self.free_name(name)
        self.constants[name] = value
        if grid is not None:
            self.grids[name] = grid
        return name

    def tensor(self, name: str, shape: Sequence[int], golden: str = "") -> str:
        """Declare a float tensor; `golden` is the user's tensor with the same values in the same order, if any.

        Gives its name, which is `name` unless that is taken.
        """
        name = self.free_name(name)
        self.tensors[name] = Tensor(name, tuple(shape), "float32")
        golden = self.golden_of.get(golden, golden)
        if golden in self.model.graph.tensors:
            self.golden_of[name] = golden
        return name

    def store(self, name: str, grid: Grid) -> None:
        """Let an integer tensor be a float one that is stored on a grid."""
        self.tensors[name] = replace(self.tensors[name], dtype="float32")
        self.grids[name] = grid

    @staticmethod
    def captured(layer: DeployedLayer) -> list[str]:
        """What the subgraphs of a layer take from outside, besides its inputs."""
        return captured(layer.proto)

    def replace(self, old: Sequence[DeployedLayer], new: Sequence[DeployedLayer]) -> None:
        """Put `new` where the last of `old` stood, or, where they have no origins, right behind what they read.

        New layers without origins get those of all `old`; what `old` gave and nothing gives any more, is absorbed by
        the last of `new`.
        """
        at = max(self._slot_of[id(layer)] for layer in old)
        place = self._place(at, old)
        fresh = {number for number, layer in enumerate(new) if not layer.origins}
        added = self._inheriting(old, new)
        for layer in old:
            self._forget(layer)
        for number, layer in enumerate(added):
            before = self._behind(layer, added[:number]) if number in fresh else None
            slot, index = before or (at, place)
            place += slot == at and index <= place
            self._slots[slot].insert(index, layer)
            self._slot_of[id(layer)] = slot
            self._index(layer)

    def _place(self, at: int, old: Sequence[DeployedLayer]) -> int:
        """Where in a slot the first of `old` that is there stands, without counting any of `old`."""
        gone = {id(layer) for layer in old}
        first = next(layer for layer in old if self._slot_of[id(layer)] == at)
        before = takewhile(lambda layer: layer is not first, self._slots[at])
        return sum(id(layer) not in gone for layer in before)

    def _behind(self, layer: DeployedLayer, added: Sequence[DeployedLayer]) -> tuple[int, int] | None:
        """The slot and place right behind what a layer reads, and behind those of `added` that stand there."""
        givers = [giver for name in _taken(layer) if (giver := self._producers.get(name)) is not None]
        if not givers:
            return None
        slot, index = max((self._slot_of[id(giver)], self._index_of(giver) + 1) for giver in givers)
        others = {id(item) for item in added}
        while index < len(self._slots[slot]) and id(self._slots[slot][index]) in others:
            index += 1
        return slot, index

    def _index_of(self, layer: DeployedLayer) -> int:
        return next(n for n, item in enumerate(self._slots[self._slot_of[id(layer)]]) if item is layer)

    def drop(self, layer: DeployedLayer) -> None:
        """Take out a layer that nothing needs any more; what gives its input, or else takes it, stands for it."""
        near = self.producer(layer.inputs[0]) or next(iter(self.consumers(layer.inputs[0])), None)
        self.replace([layer], [])
        if near is not None and near is not layer:
            origins = tuple(dict.fromkeys((*near.origins, *layer.origins)))
            gone = (*layer.absorbed, *self._own(layer))
            absorbed = tuple(dict.fromkeys((*near.absorbed, *gone)))
            self.replace([near], [replace(near, origins=origins, absorbed=absorbed)])

    def redirect(self, name: str, other: str) -> bool:
        """Let every layer that takes `name` take `other`; False for outputs and what subgraphs capture."""
        takers = self.consumers(name)
        if name in self.outputs or any(name not in layer.inputs for layer in takers):
            return False
        if any(name in inputs_of(layer.proto) - set(layer.proto.input) for layer in takers):
            return False
        for layer in takers:
            inputs = tuple(other if item == name else item for item in layer.inputs)
            own = [other if item == name else item for item in layer.proto.input]
            proto = rewired(layer.proto, own, layer.outputs) if layer.proto.op_type else layer.proto
            self.replace([layer], [replace(layer, inputs=inputs, proto=proto)])
        return True

    def _inheriting(self, old: Sequence[DeployedLayer], new: Sequence[DeployedLayer]) -> list[DeployedLayer]:
        """The new layers with the origins of the old ones, and what vanished with those."""
        origins = tuple(dict.fromkeys(name for layer in old for name in layer.origins))
        given = {name for layer in new for name in layer.outputs}
        gone = [name for layer in old for name in (*layer.absorbed, *self._own(layer)) if name not in given]
        added = [layer if layer.origins else replace(layer, origins=origins) for layer in new]
        if added and gone:
            absorbed = tuple(dict.fromkeys((*added[-1].absorbed, *gone)))
            added[-1] = replace(added[-1], absorbed=absorbed)
        return added

    def _own(self, layer: DeployedLayer) -> list[str]:
        """What a layer gives that is a tensor of the user's network."""
        return [name for name in layer.outputs if name in self.model.graph.tensors]

    def _index(self, layer: DeployedLayer) -> None:
        for name in layer.outputs:
            if name:
                self._producers[name] = layer
        for name in _taken(layer):
            self._consumers.setdefault(name, []).append(layer)

    def _forget(self, layer: DeployedLayer) -> None:
        slot = self._slots[self._slot_of.pop(id(layer))]
        slot[:] = [item for item in slot if item is not layer]
        for name in layer.outputs:
            if self._producers.get(name) is layer:
                del self._producers[name]
        for name in _taken(layer):
            self._consumers[name] = [item for item in self._consumers[name] if item is not layer]


MOST_PASSES = 40  # of one stage; 1067 networks tried need 4 at most
Rule = Callable[[Draft, DeployedLayer], bool]
"""Tries itself at one layer; True when it changed the draft."""


def apply(draft: Draft, rules: Iterable[Rule]) -> None:
    """Each rule at every layer, in turn until none of them changes anything.

    Rules that undo each other's work on a network of a kind that nobody thought of end where they are.
    """
    rules = tuple(rules)
    unchanged = 0
    for rule in islice(cycle(rules), MOST_PASSES * len(rules)):
        tried = [rule(draft, layer) for layer in draft.layers if layer.inputs and draft.holds(layer)]
        unchanged = 0 if any(tried) else unchanged + 1
        if unchanged == len(rules):
            return


def _taken(layer: DeployedLayer) -> tuple[str, ...]:
    """What a layer reads, the captures of its subgraphs included, each once."""
    names = [*layer.inputs, *(sorted(inputs_of(layer.proto)) if layer.proto.op_type else ())]
    return tuple(name for name in dict.fromkeys(names) if name)


def _sorted(layers: Sequence[DeployedLayer]) -> list[DeployedLayer]:
    """The same order, but for layers that stand before what they read."""
    made_later = {name for layer in layers for name in layer.outputs}
    done: list[DeployedLayer] = []
    waiting = list(layers)
    while waiting:
        held: list[DeployedLayer] = []
        for layer in waiting:
            if made_later.isdisjoint(_taken(layer)):
                done.append(layer)
                made_later.difference_update(layer.outputs)
            else:
                held.append(layer)
        if len(held) == len(waiting):
            raise ValueError(f"layers read each other: {held[0].outputs[0]}")
        waiting = held
    return done
