"""The network with what depends on no input computed: weights that an operator makes of constants are constants."""

from workbench.diagnose.case import Case
from workbench.diagnose.fixes.naming import place
from workbench.foundation.steps import Steps
from workbench.graph.edit import part, write
from workbench.graph.folding import fold_constants
from workbench.graph.graph import Model
from workbench.graph.read import read_model


def with_constants(case: Case) -> Steps[Model]:
    """The session's network itself where no numbers of it can be computed."""
    model = case.model
    found = yield from fold_constants(model)
    if not any(value.dtype.kind == "f" for value in found.values()):
        return model
    inputs, outputs = ([tensor.name for tensor in ends] for ends in (model.graph.inputs, model.graph.outputs))
    return read_model(write(part(model, inputs, outputs, found), place(case, "constant")))
