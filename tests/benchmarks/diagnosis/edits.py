"""Changes of ONNX networks: channels of convolutions scaled, shut, or made to spike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import numpy_helper

HOMOGENEOUS = ("Relu", "LeakyRelu", "MaxPool", "AveragePool", "GlobalAveragePool")  # f(kx) = k f(x) for k > 0


@dataclass(frozen=True)
class Site:
    """A convolution, what normalises it and what follows: `before` and `after` are tensors about the activation."""

    conv: onnx.NodeProto
    norm: onnx.NodeProto | None
    act: str
    before: str
    after: str


class Edited:
    """A network under change."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.model = model
        model.ir_version = max(model.ir_version, 4)  # constants need not be inputs
        self._constants = {item.name: item for item in model.graph.initializer}
        for node in model.graph.node:
            if node.op_type == "Constant" and node.attribute[0].name == "value":
                self._constants[node.output[0]] = node.attribute[0].t
        self.outputs = {item.name for item in model.graph.output}

    def constant(self, node: onnx.NodeProto, position: int) -> np.ndarray | None:
        """A constant that a node takes; None where it takes none there."""
        name = node.input[position] if position < len(node.input) else ""
        return numpy_helper.to_array(self._constants[name]).copy() if name in self._constants else None

    def put(self, node: onnx.NodeProto, position: int, values: np.ndarray) -> None:
        """Another constant for this node alone."""
        item = numpy_helper.from_array(values.astype(np.float32), f"{node.output[0]}:{position}:{len(self._constants)}")
        self._constants[item.name] = item
        self.model.graph.initializer.append(item)
        while len(node.input) <= position:
            node.input.append("")
        node.input[position] = item.name

    def takers(self, tensor: str) -> list[onnx.NodeProto]:
        return [node for node in self.model.graph.node if tensor in node.input]

    def sites(self, acts: Sequence[str]) -> list[Site]:
        """Convolutions whose activation is one of `acts` ("" for none), in order."""
        found = (self._site(node) for node in self.model.graph.node if node.op_type == "Conv")
        return [site for site in found if site is not None and site.act in acts]

    def _site(self, conv: onnx.NodeProto) -> Site | None:
        if self.constant(conv, 1) is None:
            return None
        tensor, norm = conv.output[0], None
        followers = self.takers(tensor)
        if len(followers) == 1 and followers[0].op_type == "BatchNormalization":
            norm, tensor = followers[0], followers[0].output[0]
            followers = self.takers(tensor)
        if tensor in self.outputs:
            return None
        act = followers[0] if len(followers) == 1 and followers[0].op_type in ("Relu", "LeakyRelu", "Clip") else None
        return Site(conv, norm, act.op_type if act else "", tensor, act.output[0] if act else tensor)

    def convolutions_of(self, tensor: str) -> list[onnx.NodeProto] | None:
        """The convolutions that take a tensor, perhaps pooled; None where anything else does."""
        found: list[onnx.NodeProto] = []
        for node in self.takers(tensor):
            further = self.convolutions_of(node.output[0]) if node.op_type in HOMOGENEOUS else None
            if node.op_type == "Conv" and self.constant(node, 1) is not None and node.input[0] == tensor:
                found.append(node)
            elif further is not None:
                found += further
            else:
                return None
        return found if found and tensor not in self.outputs else None

    def channels(self, site: Site) -> int:
        weights = self.constant(site.conv, 1)
        assert weights is not None
        return len(weights)

    def scale_out(self, site: Site, factors: np.ndarray, shift: np.ndarray | None = None) -> None:
        """Each output channel times a factor, plus a shift."""
        node, places = (site.norm, (1, 2)) if site.norm is not None else (site.conv, (1, 2))
        weights, bias = self.constant(node, places[0]), self.constant(node, places[1])
        assert weights is not None
        bias = np.zeros(len(factors), np.float32) if bias is None else bias
        self.put(node, places[0], weights * factors.reshape(-1, *(1,) * (weights.ndim - 1)))
        self.put(node, places[1], bias * factors + (0 if shift is None else shift))

    def scale_in(self, conv: onnx.NodeProto, factors: np.ndarray) -> None:
        """The weights that take each input channel times a factor."""
        weights = self.constant(conv, 1)
        assert weights is not None
        own, each = weights.shape[1], len(weights) // (len(factors) // weights.shape[1])
        taken = (
            np.arange(len(weights))[:, None] // each * own + np.arange(own)[None]
        )  # input channel by (output, place)
        self.put(conv, 1, weights * factors[taken].reshape(len(weights), own, *(1,) * (weights.ndim - 2)))

    def weights(self, site: Site) -> np.ndarray:
        """As they are after folding the normalisation."""
        weights = self.constant(site.conv, 1)
        assert weights is not None
        factor = self._norm(site)[0]
        return weights * np.reshape(factor, (-1, *(1,) * (weights.ndim - 1)))

    def bias(self, site: Site) -> np.ndarray:
        """As it is after folding the normalisation; a number a channel."""
        factor, shift = self._norm(site)
        own = self.constant(site.conv, 2)
        return (np.zeros(self.channels(site)) if own is None else own) * factor + shift

    def _norm(self, site: Site) -> tuple[np.ndarray, np.ndarray]:
        """Factor and shift of each channel."""
        if site.norm is None:
            return np.ones(self.channels(site)), np.zeros(self.channels(site))
        scale, shift, mean, var = (self.constant(site.norm, place) for place in range(1, 5))
        assert scale is not None
        assert shift is not None
        assert mean is not None
        assert var is not None
        epsilon = next((item.f for item in site.norm.attribute if item.name == "epsilon"), 1e-5)
        factor = scale / np.sqrt(var.astype(np.float64) + epsilon)
        return factor, shift - mean * factor

    def place(self, node: onnx.NodeProto) -> int:
        """Where a node stands."""
        return next(place for place, item in enumerate(self.model.graph.node) if item.output == node.output)

    def activated(self, site: Site, conv: onnx.NodeProto, name: str) -> str:
        """The site's activation behind another convolution; gives its output's name."""
        nodes = self.model.graph.node
        if not site.act:
            return conv.output[0]
        act = onnx.NodeProto()
        act.CopyFrom(next(node for node in nodes if node.output[0] == site.after))
        act.name, act.output[0], act.input[0] = f"{name}/act", name, conv.output[0]
        nodes.insert(self.place(site.conv), act)
        return name

    def join(self, site: Site, parts: Sequence[str]) -> None:
        """A Concat of tensors in the place of all that a site computes."""
        nodes = self.model.graph.node
        nodes.insert(self.place(site.conv), onnx.helper.make_node("Concat", list(parts), [site.after], axis=1))
        gone = {site.conv.output[0], site.before, site.after}
        kept = [node for node in nodes if node.op_type == "Concat" or not gone & set(node.output)]
        del nodes[:]
        nodes.extend(kept)


def drawn(sites: Sequence[Site], random: np.random.Generator) -> Iterator[Site]:
    """In an order of chance, the first three fifths of the network only: what comes late harms little."""
    early = sites[: max(1, round(0.6 * len(sites)))]
    return (early[place] for place in random.permutation(len(early)))
