"""Reshapes in front of a Concat, a sum or a product: one behind it instead.

Source: the toolkit's graphs of 20 small networks of Reshape and Concat.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import numbered
from workbench.graph.rules.reshapes import is_reshape, reshape


def concat_before_reshapes(draft: Draft, concat: DeployedLayer) -> bool:
    """A Concat of Reshapes of four axes -> Concat `…-rs` of what those take, as far as it fits, and one behind."""
    rank = len(draft.shape(concat.outputs[0]) or ()) if concat.op == "Concat" else 0
    layers = _reshapes(draft, concat) if rank else None
    if layers is None:
        return False
    axis = concat.attributes.get("axis", 1) % rank
    sources = [draft.shape(layer.inputs[0]) or () for layer in layers]
    fit = _fit(sources, prod((draft.shape(concat.outputs[0]) or ())[:axis]), axis == rank - 1)
    if fit is None:
        return False
    place, tail = fit
    inputs, before = _fitted(draft, layers, fit)
    lengths = [prod(shape[place:]) // prod(tail) for shape in sources]
    shape = (*sources[0][:place], sum(lengths), *tail)
    joined = draft.tensor(numbered(draft, f"{concat.outputs[0]}-rs"), shape, golden=concat.outputs[0])
    made = make_layer("Concat", inputs, (joined,), axis=place)
    draft.replace([*layers, concat], [*before, made, reshape(draft, joined, concat.outputs[0])])
    return True


def _reshapes(draft: Draft, concat: DeployedLayer) -> list[DeployedLayer] | None:
    """The Reshapes that give all a Concat takes, each for it alone."""
    givers = [draft.producer(name) for name in concat.inputs]
    layers = [giver for giver in givers if giver is not None and is_reshape(draft, giver)]
    alone = all(draft.sole_consumer(name) is concat for name in concat.inputs)
    return layers if alone and len(layers) == len(givers) > 1 and len(set(concat.inputs)) == len(givers) else None


def _fit(sources: Sequence[tuple[int, ...]], before: int, is_last: bool) -> tuple[int, tuple[int, ...]] | None:
    """The axis to join along and the sizes behind it, where `before` values come before the network's axis.

    Shapes that differ only fit where the network's axis is its last, and take on the sizes of the first that all can.
    """
    if any(len(shape) != 4 for shape in sources):
        return None
    place = next((place for place in range(4) if all(prod(shape[:place]) == before for shape in sources)), None)
    if place is None:
        return None
    if len(set(sources)) == 1:
        return place, sources[0][place + 1 :]
    if before == 1 or not is_last or len({shape[:place] for shape in sources}) > 1:
        return None
    tails = [shape[place + 1 :] for shape in sources]
    fitting = (tail for tail in tails if all(prod(shape[place:]) % prod(tail) == 0 for shape in sources))
    return next(((place, tail) for tail in fitting), None)


def _fitted(
    draft: Draft, layers: Sequence[DeployedLayer], fit: tuple[int, tuple[int, ...]]
) -> tuple[list[str], list[DeployedLayer]]:
    """What to join: the sources that fit, and the others in another shape, with the Reshapes that give it."""
    place, tail = fit
    inputs, more = [], []
    for layer in layers:
        source, name = layer.inputs[0], layer.outputs[0]
        shape = draft.shape(source) or ()
        wanted = (*shape[:place], prod(shape[place:]) // prod(tail), *tail)
        if shape == wanted:
            inputs.append(source)
            continue
        draft.tensors[name] = replace(draft.tensors[name], shape=wanted)
        more.append(replace(reshape(draft, source, name), origins=layer.origins))
        inputs.append(name)
    return inputs, more


def combine_before_reshapes(draft: Draft, layer: DeployedLayer) -> bool:
    """A sum or product of Reshapes of tensors of one shape -> that of those tensors `…-rs`, and one Reshape behind."""
    if layer.op not in ("Add", "Mul") or len(layer.inputs) != 2:
        return False
    layers = _reshapes(draft, layer)
    if layers is None or draft.shape(layer.outputs[0]) is None:
        return False
    sources, name = [item.inputs[0] for item in layers], layer.outputs[0]
    shapes = {draft.shape(item) for item in (*sources, *layer.inputs, name)}
    if draft.shape(sources[0]) != draft.shape(sources[1]) or len(shapes) != 2:
        return False
    combined = draft.tensor(numbered(draft, f"{name}-rs"), draft.shape(sources[0]) or (), golden=name)
    draft.replace([*layers, layer], [make_layer(layer.op, sources, (combined,)), reshape(draft, combined, name)])
    return True
