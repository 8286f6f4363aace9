"""What a session keeps of a search: read again it is the same, and it says whether the session has changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.mixed.made import made_network, made_session
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import drain
from workbench.mixed.search import Goal
from workbench.project.mixed import searched
from workbench.project.mixed.mixing import Wish
from workbench.project.session import Session, load_session
from workbench.quantize.schemes import FLOAT16, INT8

TARGET = 0.99999
Made = tuple[Session, Path, searched.Searched]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A session that was searched; not to be changed."""
    place = tmp_path_factory.mktemp("searched")
    session, folder = made_session(place), place / "session"
    made = drain(searched.search_and_keep(session, folder, Wish(Goal(TARGET, runs=12))))
    return session, folder, searched.told(made)


def test_that_a_search_is_read_as_it_was_written(found: Made) -> None:
    session, folder, made = found
    kept = searched.load_kept(session, folder)
    assert kept.searched == made
    assert kept.effects is not None
    assert not kept.is_stale
    assert not kept.are_effects_stale


def test_that_nothing_is_measured_where_nothing_has_to_be_spared(tmp_path: Path) -> None:
    session, folder = made_session(tmp_path), tmp_path / "session"

    made = drain(searched.search_and_keep(session, folder, Wish(Goal(0.5))))

    assert made.found.chosen.layers == ()
    assert made.found.runs == 1
    assert not made.sensitivity.effects
    kept = searched.load_kept(session, folder)
    assert kept.searched == searched.told(made)
    assert kept.effects is None


def test_that_layers_of_the_session_make_no_search_stale_and_other_settings_do(
    found: Made,
) -> None:
    session, folder, made = found
    layers = tuple(made.layers(made.chosen))
    used = replace(session, quant=replace(session.quant, float_tensors=layers))
    assert not searched.load_kept(used, folder).is_stale
    other = replace(session, quant=replace(session.quant, algorithm="kl_divergence"))
    assert searched.load_kept(other, folder).is_stale
    assert searched.load_kept(other, folder).are_effects_stale
    assert searched.load_kept(replace(session, samples=session.dataset), folder).is_stale


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2}', '{"version": 1, "results": "", "content": {"wish": 1}}'])
def test_that_a_damaged_file_is_as_good_as_none(text: str, found: Made, tmp_path: Path) -> None:
    (tmp_path / searched.FILE).write_text(text)
    assert searched.load_kept(found[0], tmp_path) == searched.Kept()
    with pytest.raises(SettingsError, match="no such choice"):
        drain(searched.export_choice(found[0], tmp_path, 0, ("plan", tmp_path / "plan.json")))


def test_that_a_choice_is_exported_in_the_session_that_was_read_again(found: Made, tmp_path: Path) -> None:
    _, folder, made = found
    drain(searched.export_choice(load_session(folder), folder, made.chosen, ("op_target", tmp_path / "targets.json")))
    assert all(name in (tmp_path / "targets.json").read_text() for name in made.layers(made.chosen))


def test_that_layers_that_follow_each_other_are_one_island(tmp_path: Path) -> None:
    graph = made_network(tmp_path / "n").graph
    names = list(graph.producers)
    first = graph.layers[2]
    second = next(layer for layer in graph.layers if first.outputs[0] in layer.inputs)
    far = next(
        layer for layer in reversed(graph.layers)
        if not {first.outputs[0], second.outputs[0]} & set(layer.inputs) and layer not in (first, second)
    )  # fmt: skip
    chosen = [far.outputs[0], second.outputs[0], first.outputs[0]]
    islands = searched.islands(graph, chosen)
    assert (first.outputs[0], second.outputs[0]) in islands
    assert sorted(name for island in islands for name in island) == sorted(chosen)
    assert [names.index(island[0]) for island in islands] == sorted(names.index(island[0]) for island in islands)


def test_that_the_sessions_locks_hold_in_a_search(found: Made, tmp_path: Path) -> None:
    session, _, made = found
    layers = made.choices[-1].point.layers
    locked = replace(session, locked={layers[0]: INT8, layers[-1]: FLOAT16})
    again = searched.told(drain(searched.search_and_keep(locked, tmp_path / "s", Wish(Goal(TARGET, runs=6)))))
    assert all(layers[0] not in choice.point.layers for choice in again.choices)
    assert all(layers[-1] in choice.point.layers for choice in again.choices)
