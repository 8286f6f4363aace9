"""The precision of single layers, as the session keeps it."""

from dataclasses import replace

from workbench.compare.compare import LayerError
from workbench.project.results import OWN_QUANTIZATION
from workbench.project.session import Session
from workbench.ui.workspace import Workspace

INT8, FLOAT16 = "int8", "float16"


def is_fixed(session: Session) -> bool:
    """Whether all layers have one precision, so that there is nothing to choose."""
    return session.quant.dtype != "w8a8"


def has_precision(row: LayerError) -> bool:
    """Whether the simulator chooses a precision for the layer; a quantised network keeps its own."""
    return OWN_QUANTIZATION not in row.note


def precision_of(session: Session, row: LayerError) -> str:
    """The precision of the layer whose row this is."""
    is_half = not set(session.quant.float_tensors).isdisjoint((row.tensor, *row.group))
    return FLOAT16 if is_half or is_fixed(session) else INT8


def set_precision(workspace: Workspace, row: LayerError, precision: str) -> bool:
    """Change the session; False when there was nothing to change."""
    session = workspace.session
    if session is None or is_fixed(session) or not has_precision(row) or precision_of(session, row) == precision:
        return False
    own = {row.tensor, *row.group}
    others = tuple(name for name in session.quant.float_tensors if name not in own)
    chosen = (*others, row.tensor) if precision == FLOAT16 else others
    workspace.change(quant=replace(session.quant, float_tensors=chosen))
    return True


def toggle_precision(workspace: Workspace) -> None:
    """Switch the selected layer between int8 and float16, where that is possible."""
    row = workspace.row(workspace.selected)
    if workspace.session is not None and row is not None:
        set_precision(workspace, row, INT8 if precision_of(workspace.session, row) == FLOAT16 else FLOAT16)
