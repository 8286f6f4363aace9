"""What a sweep would be before it runs: the values that its axes can have, its places, and what is known of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.foundation.errors import SettingsError
from workbench.project.session import Session
from workbench.project.sweeps.axes import AXES, Cell, cells_of, whole
from workbench.project.sweeps.file import Place, Sweep, load_place
from workbench.project.sweeps.keys import Keys
from workbench.quantize.platforms import methods_of

NO_CELL = "The session has changed since: these settings are none of its sweep any more."


@dataclass(frozen=True)
class Offer:
    """The values that an axis can have, those that it has where nobody chooses; without any, why and what to do."""

    values: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    why_not: str = ""
    hint: str = ""


def swept(session: Session, simulator: str = "") -> Session:
    """The session without what takes no part: boards, dumps of others than golden values, a plan, the user's marks."""
    chosen = simulator or ("embedded" if session.simulator == "none" else session.simulator)
    imports = {kind: item for kind, item in session.imports.items() if kind == "golden"}
    return replace(
        session, simulator=chosen, imports=imports, plan=None, board=None, tensors=(), notes={}, pinned=(), runs=()
    )


def offers(session: Session, simulator: str, types: Sequence[str] = ()) -> dict[str, Offer]:
    """What each axis can vary where these types are swept, by default the session's own."""
    alone = swept(session, simulator)
    found = {axis: _offer(alone, axis, tuple(types)) for axis in AXES}
    methods = (method for name in types or (session.quant.dtype,) for method in methods_of(name))
    return found | {"method": replace(found["method"], values=tuple(dict.fromkeys(methods)))}


def planned(session: Session, folder: Path, axes: Mapping[str, Sequence[str]], simulator: str) -> Sweep:
    """All places of a sweep over axes, with the numbers that are known already; nothing is computed."""
    alone = swept(session, simulator)
    values = whole(alone, axes)
    cells, left_out = cells_of(alone, values)
    keys = Keys(alone, folder)
    places = tuple(load_place(keys.of(cell).name, cell.at, folder) for cell in cells)
    return Sweep(values, places, left_out, alone.simulator)


def looked_up(places: Iterable[Place], folder: Path) -> tuple[Place, ...]:
    """Places with what is known of them by now."""
    return tuple(place if place.outputs else load_place(place.name, place.at, folder) for place in places)


def cell_at(session: Session, axes: Mapping[str, Sequence[str]], at: Mapping[str, str], simulator: str) -> Cell:
    """The place that has these values."""
    alone = swept(session, simulator)
    cells, _ = cells_of(alone, whole(alone, axes))
    found = next((cell for cell in cells if cell.at == at), None)
    if found is None:
        raise SettingsError(NO_CELL, "Choose another place.")
    return found


def _offer(session: Session, axis: str, types: tuple[str, ...]) -> Offer:
    wanted = {"type": types, axis: ()} if types and axis != "type" else {axis: ()}
    try:
        values = tuple(filter(None, whole(session, wanted)[axis]))
    except SettingsError as error:
        return Offer(why_not=error.message, hint=error.hint)
    return Offer(values, values)
