from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.unit.diagnose.damaged_runs import LAYERS, damaged
from tests.unit.diagnose.real_runs import analysed, case_in, on_board
from workbench.diagnose.divergence import Divergence, LayerShare, diverged, part
from workbench.diagnose.measuring import MOST_FOUND, measured, searched
from workbench.foundation.steps import Progress, drain


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.mark.parametrize("name", LAYERS)
def test_that_the_layer_that_does_the_damage_is_found(
    shared: Path, tmp_path: Path, stack: ExitStack, name: str
) -> None:
    case = case_in(damaged(shared, name, tmp_path), stack)

    found = drain(searched(case, diverged(case)))

    assert found.guilty[0] == LAYERS[name][0]
    assert found.effect(found.guilty[0]) > 0.8


@pytest.mark.parametrize("name", LAYERS)
def test_that_the_chain_leads_from_the_damage_to_a_spoilt_output(
    shared: Path, tmp_path: Path, stack: ExitStack, name: str
) -> None:
    case = case_in(damaged(shared, name, tmp_path), stack)

    found = drain(searched(case, diverged(case)))

    assert (found.chain[0], found.chain[-1] in {one.tensor for one in case.hurt}) == (LAYERS[name][0], True)
    followed = zip(found.chain, found.chain[1:], strict=False)
    assert all(after in case.followers[before] for before, after in followed)


@pytest.mark.parametrize("name", LAYERS)
def test_that_the_numbers_part_where_the_damage_is_done(
    shared: Path, tmp_path: Path, stack: ExitStack, name: str
) -> None:
    case = case_in(damaged(shared, name, tmp_path), stack)

    assert diverged(case).first == LAYERS[name][0]


def test_that_a_healthy_run_has_no_guilty_layer(shared: Path, tmp_path: Path, stack: ExitStack) -> None:
    case = case_in(analysed(shared, "mnist", tmp_path), stack)

    found = drain(searched(case, diverged(case)))

    assert (found.first, found.guilty, found.chain) == ("", (), ())
    assert not any(share.only for share in found.shares)


def test_that_a_board_that_errs_alone_is_followed_to_where_it_begins(
    shared: Path, tmp_path: Path, stack: ExitStack
) -> None:
    folder = analysed(shared, "mnist", tmp_path)
    spoilt = "ReLU114_Output_0"
    case = case_in(on_board(folder, tmp_path / "board", lambda values: {spoilt: values[spoilt] * 0 + 50}), stack)

    found = diverged(case)

    assert (case.hurt, found.column) == ((), "runtime")
    assert (found.first, found.guilty[0], found.chain[0]) == (spoilt, spoilt, spoilt)


def test_that_all_layers_are_measured_when_it_is_asked_for(shared: Path, tmp_path: Path, stack: ExitStack) -> None:
    case = case_in(damaged(shared, "tinycnn_cifar10", tmp_path), stack)

    found = drain(measured(case, diverged(case)))

    wrong = [share.tensor for share in found.shares if share.own and share.own > 1e-9 and not share.only]
    assert wrong == []
    assert found.guilty[0] == LAYERS["tinycnn_cifar10"][0]


def test_that_a_search_finds_what_measuring_every_layer_finds(shared: Path, tmp_path: Path, stack: ExitStack) -> None:
    case = case_in(damaged(shared, "tinycnn_cifar10", tmp_path), stack)
    every, some = (drain(find(case, diverged(case))) for find in (measured, searched))

    assert some.guilty[0] == every.guilty[0]
    assert len(some.guilty) <= MOST_FOUND
    first = some.share(some.guilty[0]), every.share(some.guilty[0])
    assert first[0] is not None
    assert first[1] is not None
    assert first[0].only == pytest.approx(first[1].only, rel=1e-3)


def test_that_the_damage_is_gone_when_the_guilty_layer_is_float(shared: Path, tmp_path: Path, stack: ExitStack) -> None:
    case = case_in(damaged(shared, "ultraface_slim", tmp_path), stack)

    found = drain(measured(case, diverged(case), [LAYERS["ultraface_slim"][0]]))

    share = found.share(LAYERS["ultraface_slim"][0])
    assert share is not None
    assert all(value < 0.3 * found.total[name] for name, value in share.without.items() if found.total[name] > 0.01)


def test_that_what_is_wrong_in_the_table_is_what_is_measured(shared: Path, tmp_path: Path, stack: ExitStack) -> None:
    case = case_in(damaged(shared, "mnist", tmp_path), stack)
    before = diverged(case)

    assert drain(measured(case, before)).total == pytest.approx(before.total, rel=1e-3)


def test_that_a_measurement_can_be_cancelled_after_any_layer(shared: Path, tmp_path: Path, stack: ExitStack) -> None:
    case = case_in(damaged(shared, "mnist", tmp_path), stack)
    steps = measured(case, diverged(case))

    whole = 2 * len(case.by_tensor)  # each alone, and each spared
    counted = (event for event in steps if isinstance(event, Progress) and 4 < event.total <= whole and event.done)
    seen = [next(counted), next(counted)]
    steps.close()

    assert [event.done for event in seen] == [1, 2]


def test_that_own_and_inherited_errors_make_up_the_whole(shared: Path, tmp_path: Path, stack: ExitStack) -> None:
    case = case_in(damaged(shared, "mnist", tmp_path), stack)

    for share in diverged(case).shares:
        whole = case.error(case.by_tensor[share.tensor], "simulator.entire", "relative")
        assert whole is not None
        assert share.own is not None
        assert share.inherited is not None
        assert share.own + share.inherited == pytest.approx(max(whole * whole, share.own))


def test_that_an_effect_is_the_greater_of_what_a_layer_does_and_what_its_absence_saves() -> None:
    share = LayerShare("a", only={"y": 0.02}, without={"y": 0.01})

    assert Divergence((share,), total={"y": 0.1}).effect("a") == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("wrong", "total", "share"),
    [(1.0, 4.0, 0.25), (float("inf"), float("inf"), 1.0), (1.0, float("inf"), 0.0), (0.0, 0.0, 0.0)],
)
def test_that_an_error_that_is_no_number_is_all_of_it(wrong: float, total: float, share: float) -> None:
    assert part(wrong, total) == share
