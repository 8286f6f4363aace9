"""A .quantization.cfg whose `custom_quantize_layers` names only tensors that step 2 takes.

Those are the tensors of the toolkit's own graph, but not its inputs (tried with rknn-toolkit2 2.5.0).
"""

from pathlib import Path

from workbench.foundation.errors import WorkbenchError
from workbench.quantize.configs.custom_layers import custom_layers, patched
from workbench.quantize.configs.read import read_plan
from workbench.sources.toolkit.repairs.networks import loaded
from workbench.sources.toolkit.repairs.patched import Patched, RepairError, patched_text, read, read_text

END = ".quantization.cfg"


def known(path: Path, weights: Path | None) -> tuple[Patched, ...]:
    """The file without the layers that are not in it; all bytes outside their block stay."""
    content = read(path)
    try:
        names, layers = set(read_plan(path).entries), custom_layers(content)
    except WorkbenchError as error:
        raise RepairError(error.message, error.hint) from error
    names -= _inputs(path)
    kept = {layer.name: layer.precision for layer in layers if layer.name in names}
    gone = [layer.name for layer in layers if layer.name not in names]
    if not gone:
        return (Patched(path, content, ""),)
    note = f"These layers stay as they were quantized: {', '.join(gone)}."
    return (patched_text(path, read_text(path), patched(content, kept).decode("utf-8"), (note,)),)


def _inputs(path: Path) -> set[str]:
    """The inputs of the .model that step 1 wrote beside the file; none where it is not there any more."""
    model = path.with_name(path.name.removesuffix(END) + ".model")
    if not model.is_file():
        return set()
    return {tensor.name for tensor in loaded(model).graph.input}
