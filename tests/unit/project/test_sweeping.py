"""Sweeps on a small network, at home."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.project.conftest import MakeSamples
from workbench.compare.compare import ENTIRE, Errors
from workbench.foundation.errors import SessionError, SettingsError
from workbench.foundation.steps import Event, Progress, drain
from workbench.project.pipeline import analyze
from workbench.project.results import load_results
from workbench.project.session import ImportedDumps, Session, load_session, save_session
from workbench.project.sweeps.axes import cells_of, read_axes, whole
from workbench.project.sweeps.file import Sweep, load_sweep
from workbench.project.sweeps.opening import compared_with, open_place
from workbench.project.sweeps.sweeping import sweep
from workbench.project.workers.executors import Workers, workers
from workbench.quantize.schemes import QuantSettings

TWO = {"method": (), "algorithm": ("normal", "kl_divergence")}


@pytest.fixture(scope="module")
def pool() -> Iterator[Workers]:
    with workers(2) as found:
        drain_tasks(found)
        yield found


@pytest.fixture
def own_pool() -> Iterator[Workers]:
    with workers(1) as found:
        yield found


@pytest.fixture
def saved(session: Session, folder: Path) -> Path:
    save_session(session, folder)
    return folder


def test_that_the_numbers_are_those_of_a_whole_run(
    saved: Path, session: Session, pool: Workers, tmp_path: Path
) -> None:
    found = drain(sweep(saved, TWO, pool))
    [place] = [place for place in found.places if place.at == {"method": "layer", "algorithm": "kl_divergence"}]
    quant = replace(session.quant, method="layer", algorithm="kl_divergence")
    results = drain(analyze(replace(session, quant=quant), tmp_path / "whole"))

    assert len(found.places) == 4
    assert dict(place.outputs) == {
        row.golden: row.errors[ENTIRE] for row in results.rows if row.golden in results.outputs
    }


def test_that_a_sweep_again_computes_nothing(saved: Path, pool: Workers) -> None:
    first = drain(sweep(saved, TWO, pool))
    events: list[Event] = []
    second = drain(sweep(saved, TWO, pool), events.append)

    assert second == first == load_sweep(saved)
    assert tasks_of(events) == 0


def test_that_another_sweep_computes_only_what_is_new(saved: Path, pool: Workers) -> None:
    drain(sweep(saved, {"method": ()}, pool))
    events: list[Event] = []
    found = drain(sweep(saved, TWO, pool), events.append)

    assert all(place.outputs for place in found.places)
    assert tasks_of(events) == 3  # one calibration, two places


def test_that_another_calibration_set_is_another_sweep(saved: Path, pool: Workers, samples_of: MakeSamples) -> None:
    before = drain(sweep(saved, {"method": ()}, pool))
    save_session(replace(load_session(saved), dataset=samples_of(3, 4)), saved)
    after = drain(sweep(saved, {"method": ()}, pool))

    assert {place.name for place in before.places}.isdisjoint(place.name for place in after.places)


def test_that_a_cancelled_sweep_keeps_what_is_done(saved: Path, own_pool: Workers) -> None:
    steps = sweep(saved, TWO, own_pool)
    for event in steps:
        if isinstance(event, Progress) and event.stage == "sweep" and event.done >= 3:
            break
    steps.close()
    left = load_sweep(saved)
    assert left is not None
    done = [place for place in left.places if place.outputs]
    events: list[Event] = []
    found = drain(sweep(saved, TWO, own_pool), events.append)

    assert 0 < len(done) < 4
    assert tasks_of(events) <= 4 - len(done) + 1  # a calibration may be missing, too
    assert all(place.outputs for place in found.places)


def test_that_calibrations_are_those_of_the_session(saved: Path, session: Session, pool: Workers) -> None:
    drain(analyze(session, saved))
    events: list[Event] = []
    drain(sweep(saved, {"method": ()}, pool), events.append)

    assert tasks_of(events) == 2  # its ranges are there


def test_that_the_session_stays_as_it_is(saved: Path, session: Session, pool: Workers) -> None:
    drain(analyze(session, saved))
    before = {path: path.read_bytes() for path in saved.rglob("*") if path.is_file()}
    drain(sweep(saved, TWO, pool))

    assert {path: path.read_bytes() for path in before} == before


def test_that_a_place_opens_as_a_session_with_the_same_numbers(saved: Path, session: Session, pool: Workers) -> None:
    drain(analyze(session, saved))
    place = drain(sweep(saved, TWO, pool)).best_first[0]
    own = drain(open_place(saved, place.name))
    results = load_results(own)
    assert results is not None

    assert {row.golden: row.errors[ENTIRE] for row in results.rows if row.golden in results.outputs} == place.outputs
    assert load_session(own).runs == (saved.resolve(),)
    assert len(results.rows) > len(place.outputs)


def test_that_a_place_is_compared_with_the_session(saved: Path, session: Session, pool: Workers) -> None:
    drain(analyze(session, saved))
    place = next(item for item in drain(sweep(saved, TWO, pool)).places if item.at["method"] == "layer")
    results = drain(compared_with(saved, drain(open_place(saved, place.name))))

    assert list(results.sides.values())[:2] == ["golden", "simulator"]
    assert "quant.method" in {item.name for item in results.differences}


def test_that_a_place_of_another_session_is_not_opened(saved: Path, pool: Workers, samples_of: MakeSamples) -> None:
    place = drain(sweep(saved, {"method": ()}, pool)).places[0]
    save_session(replace(load_session(saved), samples=samples_of(7)), saved)

    with pytest.raises(SessionError, match="has changed since"):
        drain(open_place(saved, place.name))
    with pytest.raises(SessionError, match="has no place x"):
        drain(open_place(saved, "x"))


def test_that_a_place_that_cannot_be_computed_says_why_and_hides_no_other(
    session: Session, folder: Path, pool: Workers
) -> None:
    save_session(replace(session, quant=QuantSettings(float_tensors=("nothing",))), folder)
    found = drain(sweep(folder, {"type": ("w8a8", "fp16")}, pool))

    assert [bool(place.outputs) for place in found.places] == [False, True]
    assert "nothing" in found.places[0].problem
    assert load_sweep(folder) == found


def test_that_imported_golden_values_are_what_a_place_is_compared_with(
    saved: Path, session: Session, pool: Workers, tmp_path: Path
) -> None:
    results = drain(analyze(session, saved))
    own = next(iter(drain(sweep(saved, {"method": ()}, pool)).places)).outputs
    imported = ImportedDumps(results.dumps["simulator"][0])
    save_session(replace(session, imports={"golden": imported}), saved)
    found = drain(sweep(saved, {"method": ("channel",)}, pool))

    assert own["y"].mean["euc"] > 0
    assert found.places[0].outputs["y"].mean["euc"] == 0


def test_that_values_which_do_not_go_together_are_left_out_and_told(session: Session) -> None:
    axes = whole(session, {"type": ("w8a8", "w16a16i_dfp"), "algorithm": ("mmse", "normal")})
    cells, left = cells_of(session, axes)

    assert [cell.at for cell in cells] == [
        {"type": "w8a8", "algorithm": "mmse"},
        {"type": "w8a8", "algorithm": "normal"},
        {"type": "w16a16i_dfp", "algorithm": "normal"},
    ]
    assert [(item.at["type"], item.reason) for item in left] == [("w16a16i_dfp", "w16a16i_dfp has no mmse")]


def test_that_a_type_has_one_place_where_an_axis_says_nothing_of_it(session: Session) -> None:
    axes = whole(session, {"type": ("fp16",), "algorithm": (), "method": (), "calibration": ()})
    cells, left = cells_of(session, axes)

    assert [cell.at for cell in cells] == [{"type": "fp16", "method": "", "algorithm": "", "calibration": ""}]
    assert not left


def test_that_a_calibration_axis_takes_the_first_inputs(session: Session, samples_of: MakeSamples) -> None:
    session = replace(session, dataset=samples_of(1, 2, 3, 4, 5, 6))
    cells, left = cells_of(session, whole(session, {"calibration": ("1", "4", "all", "9")}))

    assert [len(cell.session.dataset) for cell in cells] == [1, 4, 6]
    assert [item.reason for item in left] == ["there are only 6 calibration inputs"]


def test_that_settings_of_single_layers_stay_as_long_as_the_type_does(session: Session) -> None:
    session = replace(session, quant=QuantSettings(int16_tensors=("a",)))
    cells, _ = cells_of(session, whole(session, {"type": ("w8a8", "fp16")}))

    assert [cell.session.quant.int16_tensors for cell in cells] == [("a",), ()]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("methods", "There is no axis 'methods'"),
        ("", "A sweep needs an axis"),
        ("method=", "The axis method has no values"),
        ("method=finest", "The axis method has no 'finest'"),
        ("calibration=some", "calibration=some is no number"),
        ("calibration=0", "calibration=0 is no number"),
        ("level", "The embedded simulator knows no optimization levels"),
        ("order", "no input of net.onnx is fed with colour pictures"),
    ],
)
def test_that_axes_which_nothing_has_are_refused(session: Session, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        whole(session, read_axes(text))


def test_that_the_best_place_is_the_first_and_one_without_numbers_the_last() -> None:
    from workbench.project.sweeps.file import Place

    def errors(cos: float) -> dict[str, Errors]:
        return {"out": Errors({"cos": cos}, {"cos": cos}, {"cos": 0}, 1)}

    places = (
        Place("none", {}),
        Place("nan", {}, errors(float("nan"))),
        Place("b", {}, errors(0.9)),
        Place("a", {}, errors(0.99)),
    )

    assert [place.name for place in Sweep({}, places).best_first] == ["a", "b", "none", "nan"]


def tasks_of(events: list[Event]) -> int:
    return max(event.total for event in events if isinstance(event, Progress) and event.stage == "sweep")


def drain_tasks(pool: Workers) -> None:
    from tests.unit.project.made_tasks import slept
    from workbench.project.workers.executors import Task, completed

    drain(completed(pool, [Task(slept, (0.2, None))] * 2, lambda outcome: None))
