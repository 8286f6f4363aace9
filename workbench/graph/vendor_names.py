"""Where the names of the vendor's graph lie in the user's network.

The toolkit rewrites a network and names what it makes after what was there: `x_int8`, `x-rs`, `x_mm`, `node#2`. Source:
rknn_facts §0 and §5 (glossary of suffixes).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from workbench.graph.deployed import Deployed
from workbench.graph.graph import Graph, Layer

SAME = re.compile(
    r"(?:__?(?:to_)?(?:u?int8|int16|float16|float32)|_mm\d*|_gavg|_conv|_2conv\d*|[-_]rs\d*|[-_]tp\d*|_sw|_sdpa"
    r"|_2swish|_2leakyrelu|_2mul|_reshape\d*|_output|_i\d+)$"
)
"""What stands behind the name of a tensor with the same values, though perhaps in another order."""
OTHER = re.compile(
    r"(?:_before_conv|_bn\d*|_add|_expand|_convtranspose|_tile\d+|_o\d+|_pad|_split\d*|_slice\w*|_2[a-z]+\d*|#\d+"
    r"|_cvt\w*)$"
)
"""What stands behind the name of a tensor with other values that the same layer is computed by."""
NAME, SANITISED, FUSION, SUFFIX, OPERATOR = "name", "sanitised", "fusion", "suffix", "operator"


@dataclass(frozen=True, slots=True)
class Home:
    """The user's tensor with the same values ("" where there is none), the user's layers, and the rule that found it.

    Rules: "name", "fusion" (the deployed graph has it), "sanitised", "suffix", "operator" (toolkit 1's names).
    """

    golden: str
    layers: tuple[str, ...]
    by: str


def homes(names: Iterable[str], user: Graph, deployed: Deployed | None = None) -> dict[str, Home]:
    """The home of each name that has one; `deployed` is the network as we derive what the toolkit makes of it."""
    finder = _Finder(user, deployed)
    found = ((name, finder.home(name)) for name in names)
    return {name: home for name, home in found if home is not None}


@dataclass
class _Finder:
    user: Graph
    deployed: Deployed | None

    def home(self, name: str) -> Home | None:
        """By the first rule that fits."""
        rules = (self._by_fusion, self._by_name, self._by_sanitised, self._by_suffix, self._by_operator)
        return next((home for rule in rules if (home := rule(name)) is not None), None)

    def _by_fusion(self, name: str) -> Home | None:
        layer = self.deployed.producers.get(name) if self.deployed else None
        if layer is None or self.deployed is None:
            return None
        golden = self.deployed.golden_of.get(name, "")
        return Home(golden, layer.origins, NAME if golden == name else FUSION)

    def _by_name(self, name: str, by: str = NAME) -> Home | None:
        if name in self._inputs:
            return Home(name, (), by)
        layer = self.user.producers.get(name)
        return None if layer is None else Home(name, (layer.name,), by)

    def _by_sanitised(self, name: str) -> Home | None:
        own = self._sanitised.get(_sanitised(name))
        return None if own is None else self._by_name(own, SANITISED)

    def _by_suffix(self, name: str) -> Home | None:
        """The longest beginning that names a tensor or a layer, when all behind it are additions of the toolkit's."""
        is_same = True
        while ends := [found.start() for found in (SAME.search(name), OTHER.search(name)) if found]:
            same = SAME.search(name)
            is_same = is_same and same is not None and same.start() == min(ends)
            name = name[: min(ends)]
            home = self._by_name(name, SUFFIX) or self._of_layer(name, SUFFIX)
            if home is not None:
                return home if is_same else Home("", home.layers, SUFFIX)
        return None

    def _by_operator(self, name: str) -> Home | None:
        """`Conv_/c/Conv_11`, `Conv__c_Conv_11` and `relu_at_89_2_2` of toolkit 1."""
        plain = re.sub(r"(?:_\d+){1,2}$", "", name)
        _, at, tensor = plain.partition("_at_")
        if at:
            return self._by_name(tensor, OPERATOR)
        layer = self._operators.get(_sanitised(re.sub(r"_\d+$", "", name)).lower())
        return None if layer is None else Home(layer.outputs[0], (layer.name,), OPERATOR)

    def _of_layer(self, name: str, by: str) -> Home | None:
        layer = self._layers.get(name)
        return None if layer is None else Home(layer.outputs[0], (layer.name,), by)

    @cached_property
    def _inputs(self) -> frozenset[str]:
        return frozenset(tensor.name for tensor in self.user.inputs)

    @cached_property
    def _layers(self) -> Mapping[str, Layer]:
        return {layer.name: layer for layer in self.user.layers if layer.outputs}

    @cached_property
    def _sanitised(self) -> Mapping[str, str]:
        names = (*self._inputs, *self.user.producers)
        count = Counter(map(_sanitised, names))
        return {_sanitised(name): name for name in names if count[_sanitised(name)] == 1}

    @cached_property
    def _operators(self) -> Mapping[str, Layer]:
        found = {f"{layer.op}_{layer.name}": layer for layer in self.user.layers if layer.outputs}
        found |= {f"{layer.op}_{name}": layer for name, layer in self.user.producers.items()}
        return {_sanitised(key).lower(): layer for key, layer in found.items()}


def _sanitised(name: str) -> str:
    """The toolkit's file name of a tensor (rknn_facts §2.1)."""
    return re.sub(r"[^0-9A-Za-z_]", "_", name)
