"""Operands that the NPU does not repeat by itself."""

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import numbered
from workbench.graph.rules.reshapes import with_inputs

EXPANDED = frozenset(("Div", "Sub"))


def expand_operand(draft: Draft, layer: DeployedLayer) -> bool:
    """A tensor that a Div or Sub repeats along the last of four axes is repeated before: Expand `…_expand`.

    Source: the toolkit's graphs of Add, Sub, Mul, Div and Max of tensors of different sizes.
    """
    shape = draft.shape(layer.outputs[0]) if layer.op in EXPANDED else None
    if shape is None or len(shape) != 4 or not draft.is_float(layer.outputs[0]):
        return False
    for place, name in enumerate(layer.inputs):
        taken = draft.shape(name)
        if name in draft.constants or taken is None or len(taken) != 4 or taken[3] == shape[3]:
            continue
        expanded = draft.tensor(numbered(draft, f"{name}_expand"), shape)
        sizes = draft.constant(f"{expanded}_i1", np.asarray(shape, np.int64))
        inputs = tuple(expanded if number == place else own for number, own in enumerate(layer.inputs))
        draft.replace([layer], [make_layer("Expand", (name, sizes), (expanded,)), with_inputs(layer, inputs)])
        return True
    return False
