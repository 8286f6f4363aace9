"""Gather of neighbouring places: a Slice, and a Reshape where the axis goes.

Source: the toolkit's graphs of Gather of single indices and of lists.
"""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer
from workbench.graph.draft import Draft
from workbench.graph.rules.four_axes import PLACES, four
from workbench.graph.rules.kernels import numbered, own_name
from workbench.graph.rules.reshapes import reshape
from workbench.graph.rules.slices import CUT, Cut, cuts_of, slice_layer


def gather_to_slice(draft: Draft, layer: DeployedLayer) -> bool:
    """Gather of one place, or of several side by side -> Slice `…_2sl`, then a Reshape where the axis goes.

    The one place of an axis of size one takes the Reshape only.
    """
    shape = draft.shape(layer.inputs[0]) if layer.op == "Gather" and len(layer.inputs) == 2 else None
    places = draft.value(layer.inputs[1]) if shape is not None else None
    source, name = layer.inputs[0], layer.outputs[0]
    if not shape or places is None or places.ndim > 1 or places.size == 0 or draft.shape(name) is None:
        return False
    if not draft.is_float(source) or source in draft.constants or source in draft.grids:
        return False
    axis = layer.attributes.get("axis", 0) % len(shape)
    found = places.reshape(-1).astype(np.int64) % shape[axis]
    first, count = int(found[0]), len(found)
    if not np.array_equal(found, np.arange(first, first + count)) or (count > 1 and len(shape) == 4 and axis == 1):
        return False
    if (shape[axis], places.ndim) == (1, 0):
        draft.replace([layer], [reshape(draft, source, name)])
        return True
    cut = [Cut(axis, first, first + count, 1)]
    if places.ndim == 1:
        draft.replace([layer], [slice_layer(draft, source, name, cut)])
        return True
    sliced = draft.tensor(f"{own_name(layer)}{CUT}", (*shape[:axis], 1, *shape[axis + 1 :]), golden=name)
    draft.replace([layer], [slice_layer(draft, source, sliced, cut), reshape(draft, sliced, name)])
    return True


def slice_on_four_axes(draft: Draft, layer: DeployedLayer) -> bool:
    """Slice of two or three axes -> Reshape, Slice and Reshape, as `to_four_axes` does it with other operators."""
    cuts = cuts_of(draft, layer) if layer.op == "Slice" else None
    source, name = layer.inputs[0], layer.outputs[0]
    shape, given = draft.shape(source) or (), draft.shape(name) or ()
    rank = len(shape)
    if not cuts or rank not in PLACES or len(given) != rank or not draft.is_float(source) or source in draft.constants:
        return False
    wide = draft.tensor(numbered(draft, f"{source}_rs"), four(shape, rank), golden=source)
    part = draft.tensor(f"{name}-rs", four(given, rank), golden=name)
    moved = [replace(cut, axis=PLACES[rank][cut.axis]) for cut in cuts]
    layers = [reshape(draft, source, wide), slice_layer(draft, wide, part, moved), reshape(draft, part, name)]
    draft.replace([layer], layers)
    return True
