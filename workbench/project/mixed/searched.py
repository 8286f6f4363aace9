"""The last search of a session for layers to spare, and what its layers do: `mixed.json`, `effects.json`.

Both can be made again; what is kept of them says whether the session is still the one that they are of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Steps
from workbench.graph.deployed import Deployed
from workbench.graph.read import read_model
from workbench.mixed.search import Point
from workbench.mixed.sensitivity import Sensitivity
from workbench.project.cache import calibration_key, plan_key, sample_digest
from workbench.project.digests import key_of_values
from workbench.project.holding import held
from workbench.project.mixed.far import FarMixtures
from workbench.project.mixed.files import CFG, Checked, Target, round_trip, write
from workbench.project.mixed.mixing import Far, Mixing, Wish, chosen_samples, effects, opened, search, with_layers
from workbench.project.session import Session
from workbench.project.value_file import load_value, save_value
from workbench.project.workers.executors import Workers
from workbench.sources.toolkit.descriptions import Toolkit

FILE, EFFECTS = "mixed.json", "effects.json"


@dataclass(frozen=True)
class Choice:
    """A point of a search with what is told of it.

    `islands` are its layers as far as they follow each other, `notes` sentences about neighbours, `is_good` whether it
    reaches the goal; `checked` is what the toolkit made of it, if it was asked.
    """

    point: Point
    islands: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    is_good: bool
    checked: Checked | None = None


@dataclass(frozen=True)
class Searched:
    """What a search found: its choices, the cheapest first, which of them it looked for, and how many it ran."""

    wish: Wish
    choices: tuple[Choice, ...]
    chosen: int
    runs: int
    seconds: Mapping[str, float] = field(default_factory=dict)

    def layers(self, number: int) -> dict[str, str]:
        """The layers of a choice and their precision."""
        return dict.fromkeys(self.choices[number].point.layers, self.wish.goal.precision)


@dataclass(frozen=True)
class Effects:
    """What the layers do; `samples` as in a `Wish`."""

    found: Sensitivity
    samples: int = 0


@dataclass(frozen=True)
class Kept:
    """What a session's folder has, and whether the session has changed since."""

    searched: Searched | None = None
    effects: Effects | None = None
    is_stale: bool = False
    are_effects_stale: bool = False


def search_and_keep(session: Session, folder: Path, wish: Wish, pool: Workers | None = None) -> Steps[Mixing]:
    """Search, and keep what was found in the session's folder; `pool` runs the choices, if there is one."""
    with held(folder):
        made = yield from search(session, folder, wish, _far(pool))
        save_value(folder / FILE, Searched, told(made), key_of(session, wish.samples))
        known = load_value(folder / EFFECTS, Effects)
        key = key_of(session, wish.samples)
        # what is known says more: a search measures nothing spared alone, and nothing at all where all is well
        if made.sensitivity.effects and (known is None or known[1] != key):
            save_value(folder / EFFECTS, Effects, Effects(made.sensitivity, wish.samples), key)
    return made


def measure_and_keep(
    session: Session, folder: Path, samples: int = 0, pool: Workers | None = None
) -> Steps[Sensitivity]:
    """What every layer does, quantised alone and spared alone, kept in the session's folder."""
    with held(folder):
        found = yield from effects(session, folder, samples, _far(pool))
        save_value(folder / EFFECTS, Effects, Effects(found, samples), key_of(session, samples))
    return found


def check_and_keep(session: Session, folder: Path, number: int, toolkit: Toolkit) -> Steps[Checked]:
    """Let the toolkit do both steps with a choice of the last search, and keep what it gave with the choice."""
    searched, key = _last(folder, number)
    with held(folder):
        network = yield from opened(session, folder, searched.wish.goal.precision, searched.wish.samples)
        point = searched.choices[number].point
        checked = yield from round_trip(network, searched.layers(number), point, folder, toolkit)
        choices = list(searched.choices)
        choices[number] = replace(choices[number], checked=checked)
        save_value(folder / FILE, Searched, replace(searched, choices=tuple(choices)), key)
    return checked


def export_choice(session: Session, folder: Path, number: int, target: tuple[str, Path]) -> Steps[None]:
    """Write a choice of the last search: in a format, to a file; a cfg that the toolkit wrote for it is patched."""
    searched, _ = _last(folder, number)
    network = yield from opened(session, folder, searched.wish.goal.precision, searched.wish.samples)
    checked = searched.choices[number].checked
    kind, path = target
    is_known = kind == CFG and checked is not None and checked.cfg is not None and checked.cfg.is_file()
    cfg = checked.cfg if is_known and checked is not None else None
    yield from write(network, searched.layers(number), Target(kind, path, cfg))


def load_kept(session: Session, folder: Path) -> Kept:
    """What is known of a session."""
    searched, measured = load_value(folder / FILE, Searched), load_value(folder / EFFECTS, Effects)
    return Kept(
        searched[0] if searched else None,
        measured[0] if measured else None,
        searched is not None and searched[1] != key_of(session, searched[0].wish.samples),
        measured is not None and measured[1] != key_of(session, measured[0].samples),
    )


def told(made: Mixing) -> Searched:
    """A search without the network that it ran."""
    points = made.found.points
    choices = (
        Choice(point, islands(made.network.graph, point.layers), made.notes_of(point), made.is_good(point))
        for point in points
    )
    return Searched(made.wish, tuple(choices), points.index(made.found.chosen), made.found.runs, made.seconds)


def islands(graph: Deployed, layers: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Layers, by first output, that give each other tensors, together; both in execution order."""
    found: list[list[str]] = []
    for name in (name for name in graph.producers if name in set(layers)):
        inputs = _givers(graph, name)
        joined = [island for island in found if inputs & set(island)]
        found = [island for island in found if island not in joined]
        found.append([*(one for island in joined for one in island), name])
    order = {name: at for at, name in enumerate(graph.producers)}
    ordered = (tuple(sorted(island, key=order.__getitem__)) for island in found)
    return tuple(sorted(ordered, key=lambda island: order[island[0]]))


def key_of(session: Session, samples: int) -> str:
    """What a search depends on: the network, how it is quantised throughout, and the inputs."""
    plain = replace(session, quant=with_layers(session.quant, {}), simulator="embedded")
    model = read_model(session.model, session.shapes, weights=session.weights)
    plan = calibration_key(plain, model) if session.plan is None else plan_key(session.plan)
    inputs = [sample_digest(sample) for sample in chosen_samples(session, samples)]
    return key_of_values([model.digest, plan, asdict(plain.quant), inputs])


def _far(pool: Workers | None) -> Far | None:
    return None if pool is None else partial(FarMixtures, pool)


def _last(folder: Path, number: int) -> tuple[Searched, str]:
    """The last search, which has a choice of a number, and what it is of."""
    saved = load_value(folder / FILE, Searched)
    if saved is None or number >= len(saved[0].choices):
        raise SettingsError("The session has no such choice of layers.", "Search again.")
    return saved


def _givers(graph: Deployed, name: str) -> set[str]:
    """The layers, by first output, whose tensors a layer takes."""
    return {graph.producers[given].outputs[0] for given in graph.producers[name].inputs if given in graph.producers}
