"""The precision of single layers, as the session keeps it: a change of it is a what-if, computed at once."""

from collections.abc import Sequence
from dataclasses import replace

from workbench.compare.compare import LayerError
from workbench.graph.deployed import CONVERT
from workbench.project.results import OWN_QUANTIZATION
from workbench.project.session import Session
from workbench.project.what_if import quant_of, settings_of
from workbench.quantize.schemes import FLOAT16, INT8, INT16, PER_LAYER
from workbench.ui.workspace import Workspace

PRECISIONS = (INT8, INT16, FLOAT16)  # of a w8a8 network's layers
NOT_QUANTIZED = ("float", "not quantised")  # notes of layers that cannot be stored as integers


def is_fixed(session: Session) -> bool:
    """Whether all layers have one precision, so that there is nothing to choose."""
    return not session.quant.type.calibrates


def precisions(session: Session) -> tuple[str, ...]:
    """The precisions of a session's layers, the common one first."""
    common = session.quant.type.activations
    if session.quant.dtype == "w8a8":
        return PRECISIONS
    return (common,) if is_fixed(session) else (common, FLOAT16)


def has_precision(row: LayerError) -> bool:
    """Whether the simulator chooses a precision for the layer; a quantised network keeps its own."""
    return OWN_QUANTIZATION not in row.note


def precision_of(session: Session, row: LayerError) -> str:
    """The precision of the layer whose row this is."""
    exceptions = {FLOAT16: session.quant.float_tensors, INT16: session.quant.int16_tensors}
    for precision, names in exceptions.items():
        if not set(names).isdisjoint((row.tensor, *row.group)):
            return precision
    return session.quant.type.activations


def choices(workspace: Workspace, row: LayerError) -> tuple[str, ...]:
    """The precisions that the layer of a row can have; () where there is nothing to choose."""
    session = workspace.session
    if session is None or workspace.is_comparing or is_fixed(session):
        return ()
    if session.simulator == "none" or "simulator" in session.imports:
        return ()
    if row.op == CONVERT or not has_precision(row) or row.note in NOT_QUANTIZED:
        return ()
    return () if _is_bound(workspace, session, row) else precisions(session)


def set_precision(workspace: Workspace, row: LayerError, precision: str) -> bool:
    """Change the session, and compute what that changes; False when there was nothing to change."""
    return set_precisions(workspace, [row], precision)


def set_precisions(workspace: Workspace, rows: Sequence[LayerError], precision: str) -> bool:
    """The same for all rows that can have the precision: one change of the session, and one run."""
    session = workspace.session
    if session is None:
        return False
    changed = [row for row in rows if precision in choices(workspace, row) and precision_of(session, row) != precision]
    quant = session.quant
    for row in changed:
        quant = quant.with_layer(row.tensor, row.group, precision)
    if changed:
        workspace.change(quant=quant)
        _run(workspace)
    return bool(changed)


def range_of(session: Session, row: LayerError) -> tuple[float, float] | None:
    """The range that the user gave a row's tensor; None where it is the calibrated one."""
    return next(((low, high) for name, low, high in session.quant.ranges if name == row.tensor), None)


def has_range(workspace: Workspace, row: LayerError) -> bool:
    """Whether the range of a row's tensor can be another: it is stored in integers, on a scale that we chose."""
    session = workspace.session
    may_choose = bool(choices(workspace, row)) and session is not None and session.plan is None
    return may_choose and row.encoding is not None and row.encoding.is_quantized


def set_range(workspace: Workspace, row: LayerError, given: tuple[float, float] | None) -> bool:
    """Give a row's tensor another range, None for the calibrated one, and compute what that changes."""
    session = workspace.session
    if session is None or not has_range(workspace, row) or range_of(session, row) == given:
        return False
    others = tuple(item for item in session.quant.ranges if item[0] != row.tensor)
    chosen = others if given is None else (*others, (row.tensor, *given))
    workspace.change(quant=replace(session.quant, ranges=chosen))
    _run(workspace)
    return True


def toggle_precision(workspace: Workspace) -> None:
    """Switch the selected layer between integers and float16, where that is possible."""
    row = workspace.row(workspace.selected)
    toggle_precisions(workspace, [] if row is None else [row])


def toggle_precisions(workspace: Workspace, rows: Sequence[LayerError]) -> None:
    """Switch some layers to float16, those that can be; back to integers when all of them are."""
    session = workspace.session
    able = [row for row in rows if choices(workspace, row)]
    if session is not None and able:
        are_half = all(precision_of(session, row) == FLOAT16 for row in able)
        set_precisions(workspace, able, session.quant.type.activations if are_half else FLOAT16)


def changed_layers(workspace: Workspace) -> tuple[str, ...]:
    """The tensors whose layers have other settings than in the results before the what-if."""
    results = workspace.results
    if results is None or results.before is None:
        return ()
    found: set[str] = set()
    for field in PER_LAYER:
        found |= _entries(results.quant.get(field)) ^ _entries(results.before.quant.get(field))
    return tuple(sorted({entry.partition(KEY)[0] for entry in found}))


def undo(workspace: Workspace) -> None:
    """Go back to the settings before the what-if; their dumps are still there."""
    session, results = workspace.session, workspace.results
    if session is None or results is None or results.before is None:
        return
    old = quant_of(results.before.quant)
    workspace.change(quant=replace(session.quant, **{field: getattr(old, field) for field in PER_LAYER}))
    _run(workspace)


KEY = "\0"  # no tensor's name has it


def _entries(values: object) -> set[str]:
    """The entries of a setting as texts that begin with their tensor: names, or lists that begin with one."""
    listed = [value if isinstance(value, list) else [value] for value in values] if isinstance(values, list) else []
    return {f"{name}{KEY}{rest}" for name, *rest in listed}


def _is_bound(workspace: Workspace, session: Session, row: LayerError) -> bool:
    """Whether a rule or the layer behind keeps this one in float16."""
    results = workspace.results
    is_current = results is not None and results.quant == settings_of(session.quant)
    return is_current and FLOAT16 in row.note.split() and precision_of(session, row) != FLOAT16


def _run(workspace: Workspace) -> None:
    if workspace.results is not None:
        workspace.run_wanted.emit()
