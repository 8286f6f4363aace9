"""The rows of a network that has not been run. No Qt."""

from workbench.compare.compare import LayerError
from workbench.graph.graph import Model


def network_rows(model: Model | None) -> tuple[LayerError, ...]:
    """The layers of a network that has not been run: rows without values."""
    if model is None:
        return ()
    outputs = [(layer, name) for layer in model.graph.layers for name in layer.outputs if name]
    return tuple(
        LayerError(
            index=index, op=layer.op, tensor=name, golden=name, group=(), shape=_shape(model, name), encoding=None,
            errors={}, matched_by="", note="",
        )
        for index, (layer, name) in enumerate(outputs)
    )  # fmt: skip


def _shape(model: Model, name: str) -> tuple[int, ...]:
    tensor = model.graph.tensors.get(name)
    return (tensor.static_shape if tensor else None) or ()
