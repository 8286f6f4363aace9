"""Networks that bring their own quantization: QDQ pairs and QLinear operators become operators on grids.

What is left is the network as the NPU has it: the real operators, whose tensors are stored on the grids that the
network chose (`Deployed.grids`). The names are those that the toolkit 2.5.0 gives a quantised network loaded with
`do_quantization=False`: what an operator gives keeps its name, the convert at an input is called as what it gives.
"""

from collections.abc import Iterator
from dataclasses import replace

from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer, make_layer
from workbench.graph.draft import Draft, apply
from workbench.graph.grids import STORED, Grid, grid_of
from workbench.graph.rules.qlinear import QLINEAR, as_float_operator

QUANTIZE, DEQUANTIZE = "QuantizeLinear", "DequantizeLinear"
# operators that only move integers about, or choose among them
MOVES = frozenset((
    "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Slice", "Split", "Gather", "Concat", "MaxPool",
    "Identity", "DepthToSpace", "SpaceToDepth", "Expand", "Tile",
))  # fmt: skip


def without_own_quantization(graph: Deployed) -> Deployed:
    """The network with its quantization as `grids`; `graph` itself where it has none, or one that no grids can say.

    The latter are dynamic quantization, several scales for one activation, and integers that other operators compute
    with.
    """
    if not any(layer.op == DEQUANTIZE or layer.op in QLINEAR for layer in graph.layers):
        return graph
    draft = Draft(graph)
    if not all(_is_known(draft, layer) for layer in draft.layers):
        return graph
    apply(draft, (_fold_quantize, _fold_dequantize, as_float_operator, _move_integers, _absorb_quantize, _dequantize))
    is_done = all(layer.op not in (QUANTIZE, *QLINEAR) and not _is_unread(draft, layer) for layer in draft.layers)
    return draft.graph() if is_done else graph


def _is_unread(draft: Draft, layer: DeployedLayer) -> bool:
    return layer.op == DEQUANTIZE and layer.outputs[0] not in draft.grids


def _is_known(draft: Draft, layer: DeployedLayer) -> bool:
    """Whether a layer takes no integers of a quantised tensor, or does with them what the rules know."""
    if layer.op in (DEQUANTIZE, *QLINEAR):
        return True
    if layer.op == QUANTIZE:
        grid = _grid(draft, layer)
        return grid is not None and (len(grid.scale) == 1 or layer.inputs[0] in draft.constants)
    taken = [name for name in _read(draft, layer) if _is_stored(draft, name)]
    if not taken:
        return True
    is_whole = layer.op != "Concat" or not any(name in draft.constants for name in layer.inputs)
    others = [name for name in layer.inputs if not _is_index(draft, name)]
    return layer.op in MOVES and is_whole and taken == list(dict.fromkeys(others))


def _read(draft: Draft, layer: DeployedLayer) -> Iterator[str]:
    for name in dict.fromkeys((*layer.inputs, *draft.captured(layer))):
        if name and name not in draft.constants:
            yield name


def _is_index(draft: Draft, name: str) -> bool:
    """Whether an input says where things go: a shape, indices, and absent ones."""
    return not name or name in draft.constants


def _is_stored(draft: Draft, name: str) -> bool:
    """Whether a tensor holds integers that stand for real values: they come from a quantising operator."""
    giver = draft.producer(name)
    while giver is not None and giver.op in MOVES:
        giver = draft.producer(giver.inputs[0])
    return giver is not None and giver.op in (QUANTIZE, *QLINEAR) and not draft.is_float(name)


def _grid(draft: Draft, layer: DeployedLayer) -> Grid | None:
    """The grid of a QuantizeLinear or DequantizeLinear whose parameters are constants."""
    if layer.attributes.get("block_size", 0) or len(layer.inputs) < 2:
        return None
    zero = draft.value(layer.inputs[2]) if len(layer.inputs) > 2 and layer.inputs[2] else None
    if zero is None and len(layer.inputs) > 2 and layer.inputs[2]:
        return None
    stored = draft.value(layer.inputs[0]) if layer.op == DEQUANTIZE else None
    named = zero if zero is not None else stored
    dtype = named.dtype.name if named is not None else "uint8"
    if dtype not in (*STORED, *(("int32", "int4") if layer.op == DEQUANTIZE else ())):
        return None
    shape = draft.shape(layer.inputs[0])
    axis = int(layer.attributes.get("axis", 1))
    return grid_of(draft.value(layer.inputs[1]), zero, dtype, axis % len(shape) if shape else None)


def _fold_quantize(draft: Draft, layer: DeployedLayer) -> bool:
    """A constant that is quantised when the network runs (exports of quantisation aware training)."""
    value = draft.value(layer.inputs[0]) if layer.op == QUANTIZE else None
    grid = _grid(draft, layer) if value is not None else None
    if value is None or grid is None or layer.outputs[0] in draft.outputs:
        return False
    draft.constants[layer.outputs[0]] = grid.quantize(value)
    draft.replace([layer], [])
    return True


def _fold_dequantize(draft: Draft, layer: DeployedLayer) -> bool:
    """Stored weights and biases are constants on their grid."""
    value = draft.value(layer.inputs[0]) if layer.op == DEQUANTIZE else None
    grid = _grid(draft, layer) if value is not None else None
    if value is None or grid is None or layer.outputs[0] in draft.outputs:
        return False
    name = layer.outputs[0]
    draft.constants[name], draft.grids[name] = grid.dequantize(value), grid
    _vanish(draft, layer, next(iter(draft.consumers(name)), None))
    return True


def _move_integers(draft: Draft, layer: DeployedLayer) -> bool:
    """What moves integers about, moves real values about on the same grid."""
    if layer.op not in MOVES or draft.grids.keys().isdisjoint(layer.inputs):
        return False
    names = [name for name in layer.outputs if name and name not in draft.grids and not draft.is_float(name)]
    grids = {draft.grids.get(name) for name in layer.inputs if not _is_index(draft, name)}
    grid = grids.pop()
    if not names or grids or grid is None:
        return False
    for name in names:
        draft.store(name, grid)
    return True


def _absorb_quantize(draft: Draft, layer: DeployedLayer) -> bool:
    """What a QuantizeLinear takes is stored on its grid; where it is needed in float too, a convert stands between."""
    grid = _grid(draft, layer) if layer.op == QUANTIZE else None
    if grid is None:
        return False
    (taken, *_), (given, *_) = layer.inputs, layer.outputs
    draft.grids[draft.golden_of.get(given, given)] = grid  # the user's tensor, whatever becomes of it here
    if draft.grids.get(taken) != grid:
        is_alone = draft.producer(taken) is not None and draft.sole_consumer(taken) is layer
        if taken in draft.grids or not is_alone:
            draft.store(given, grid)
            draft.replace([layer], [make_layer(CONVERT, (taken,), (given,))])
            return True
        draft.grids[taken] = grid
        draft.golden_of[taken] = draft.golden_of.get(given, given)
    if given in draft.outputs:
        draft.store(given, grid)
    return _pass_on(draft, layer)


def _dequantize(draft: Draft, layer: DeployedLayer) -> bool:
    """A DequantizeLinear vanishes; that of a network's integer input stays, one that gives an output is a convert."""
    grid = _grid(draft, layer) if layer.op == DEQUANTIZE else None
    (taken, *_), (given, *_) = layer.inputs, layer.outputs
    if grid is None or given in draft.grids or len(grid.scale) > 1:
        return False
    if draft.producer(taken) is None and taken not in draft.constants:
        draft.grids[given] = grid
        return True
    if taken not in draft.grids and _read_first(draft, layer, grid):
        return True
    return draft.grids.get(taken) == grid and _pass_on(draft, layer)


def _pass_on(draft: Draft, layer: DeployedLayer) -> bool:
    """What took a layer's output takes its input; before an output of the network stands a convert."""
    (taken, *_), (given, *_) = layer.inputs, layer.outputs
    if given in draft.outputs:
        draft.replace([layer], [make_layer(CONVERT, (taken,), (given,))])
    elif draft.redirect(given, taken):
        _vanish(draft, layer, draft.producer(taken))
    else:
        return False
    return True


def _vanish(draft: Draft, layer: DeployedLayer, into: DeployedLayer | None) -> None:
    """Remove a layer whose work another one does."""
    draft.replace([layer], [])
    if into is not None:
        origins = tuple(dict.fromkeys((*into.origins, *layer.origins)))
        given = (draft.golden_of.get(name, name) for name in layer.outputs)
        absorbed = tuple(dict.fromkeys((*into.absorbed, *layer.absorbed, *given)))
        draft.replace([into], [replace(into, origins=origins, absorbed=absorbed)])


def _read_first(draft: Draft, layer: DeployedLayer, grid: Grid) -> bool:
    """What moves the network's integer input about comes behind a DequantizeLinear instead of before it."""
    name, taker = layer.inputs[0], layer
    while (giver := draft.producer(name)) is not None and giver.op in MOVES:
        name, taker = giver.inputs[0], giver
    if giver is not None or name in draft.constants or taker is layer or len(draft.consumers(name)) != 1:
        return False
    real = draft.tensor(f"{name}_{DEQUANTIZE}_Output", draft.shape(name) or ())
    if not draft.redirect(name, real):
        return False
    (moved,) = draft.consumers(real)
    draft.grids[real] = grid
    read = make_layer(DEQUANTIZE, (name, *layer.inputs[1:]), (real,))
    draft.replace([moved], [replace(read, origins=layer.origins), moved])
    return True
