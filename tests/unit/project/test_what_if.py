"""Rules of a what-if: it costs what it changes, equals a full simulation, and remembers what was before."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import conv_net
from workbench.dump.store import Dump
from workbench.foundation.steps import Progress, drain
from workbench.project import prepared
from workbench.project.pipeline import analyze, keep, stale
from workbench.project.results import Results, load_results
from workbench.project.session import Session
from workbench.project.what_if import settings_of
from workbench.quantize.schemes import PER_LAYER, QuantSettings
from workbench.sources.simulator import single_path


def changed(session: Session, *tensors: str) -> Session:
    return replace(session, quant=replace(session.quant, float_tensors=tensors))


def run(session: Session, folder: Path) -> Results:
    return drain(analyze(session, folder))


def entire(results: Results) -> Dump:
    return Dump(results.dumps["simulator"][0])


def written(results: Results) -> set[str]:
    """The tensors that the entire dump itself holds."""
    with entire(results) as dump:
        return set(dump._entries)


def assert_equal(one: Results, other: Results) -> None:
    assert one.rows == other.rows
    assert (one.layers_of, one.unmatched, one.outputs) == (other.layers_of, other.unmatched, other.outputs)
    assert one.dumps.keys() == other.dumps.keys()
    for source, paths in other.dumps.items():
        for first, second in zip(one.dumps[source], paths, strict=True):
            with Dump(first) as left, Dump(second) as right:
                assert left.names == right.names
                assert [left.op(name) for name in left] == [right.op(name) for name in right]
                for name in right:
                    (values, encoding), (wanted, given) = left.raw(name), right.raw(name)
                    assert (encoding, values.dtype) == (given, wanted.dtype)
                    assert np.array_equal(values, wanted)


@pytest.mark.parametrize("tensors", [("r2",), ("c3",), ("sum",), ("silu",), ("pooled", "r2"), ("y_mm",)])
def test_that_a_what_if_equals_a_full_simulation(session: Session, tmp_path: Path, tensors: tuple[str, ...]) -> None:
    run(session, tmp_path / "a")
    what_if = run(changed(session, *tensors), tmp_path / "a")

    assert_equal(what_if, run(changed(session, *tensors), tmp_path / "b"))


def test_that_an_edited_range_is_a_what_if(session: Session, tmp_path: Path) -> None:
    edited = replace(session, quant=replace(session.quant, ranges=(("pooled", -0.5, 1.5),)))
    run(session, tmp_path / "a")

    what_if = run(edited, tmp_path / "a")

    row = next(row for row in what_if.rows if row.tensor == "pooled")
    assert row.encoding is not None
    assert row.encoding.scale == pytest.approx((2.0 / 255,))
    assert what_if.before is not None
    assert what_if.before.rows["pooled"].encoding != row.encoding
    assert_equal(what_if, run(edited, tmp_path / "b"))


def test_that_a_what_if_of_several_samples_equals_a_full_simulation(session: Session, tmp_path: Path) -> None:
    several = replace(session, samples=session.dataset)
    run(several, tmp_path / "a")

    assert_equal(run(changed(several, "silu"), tmp_path / "a"), run(changed(several, "silu"), tmp_path / "b"))


def test_that_only_what_lies_downstream_is_computed_and_written(session: Session, folder: Path) -> None:
    before = run(session, folder)

    results = run(changed(session, "pooled"), folder)

    assert written(results) >= {"pooled", "y_mm", "y"}
    assert not written(results) & {"x_int8", "r1", "r2", "c3", "sum", "silu"}
    with entire(results) as dump:
        assert dump.base == before.dumps["simulator"][0]
        assert set(dump.names) == set(entire(before).names)
    with Dump(single_path(results.dumps["simulator"][0])) as single:
        assert "r1" not in single._entries


def test_that_rows_that_nothing_changed_are_not_measured_again(session: Session, folder: Path) -> None:
    run(session, folder)
    steps = analyze(changed(session, "pooled"), folder)
    events = [event for event in steps if isinstance(event, Progress)]

    measured = {event.text for event in events if event.stage == "compare"}
    assert "pooled" in measured
    assert not {"r1", "r2", "silu"} & measured


def test_that_the_values_before_stay_beside_the_new_ones(session: Session, folder: Path) -> None:
    old = {row.tensor: row for row in run(session, folder).rows}

    results = run(changed(session, "pooled"), folder)

    assert results.before is not None
    assert results.before.quant == settings_of(session.quant)
    assert "pooled" in results.before.rows
    assert "r1" not in results.before.rows
    assert all(row.errors == old[tensor].errors for tensor, row in results.before.rows.items())
    assert load_results(folder) == results


def test_that_every_change_is_compared_with_what_was_kept_last(session: Session, folder: Path) -> None:
    first = run(session, folder)
    run(changed(session, "pooled"), folder)

    second = run(changed(session, "pooled", "y_mm"), folder)

    assert second.before is not None
    assert second.before.quant == settings_of(session.quant)
    with entire(second) as dump:
        assert dump.base == first.dumps["simulator"][0]
    keep(folder)
    third = run(changed(session, "y_mm"), folder)
    assert third.before is not None
    assert third.before.quant["float_tensors"] == ["pooled", "y_mm"]
    with entire(third) as dump:
        assert dump.base == first.dumps["simulator"][0]


def test_that_undoing_a_change_computes_nothing(session: Session, folder: Path) -> None:
    before = run(session, folder)
    run(changed(session, "pooled"), folder)
    times = {path: path.stat().st_mtime_ns for path in before.dumps["simulator"]}

    after = run(session, folder)

    assert {path: path.stat().st_mtime_ns for path in after.dumps["simulator"]} == times
    assert_equal(after, before)
    assert after.before is None
    assert "simulator" not in after.seconds


def test_that_a_change_that_is_kept_has_nothing_before_it(session: Session, folder: Path) -> None:
    run(session, folder)
    results = run(changed(session, "pooled"), folder)

    kept = keep(folder)

    assert kept == replace(results, before=None)
    assert load_results(folder) == kept
    assert set(entire(results).names) >= {"r1", "pooled"}
    assert run(changed(session, "pooled"), folder).before is None


def test_that_a_change_of_most_of_the_network_is_a_full_run_with_the_old_values(session: Session, folder: Path) -> None:
    before = run(session, folder)

    results = run(changed(session, "r1"), folder)

    assert entire(results).base is None
    assert results.before is not None
    assert before.dumps["simulator"][0].is_file()
    last = run(changed(session, "y_mm"), folder)
    assert entire(last).base == before.dumps["simulator"][0]
    assert not results.dumps["simulator"][0].exists()


@pytest.mark.parametrize(
    "change", [{"method": "layer"}, {"dtype": "fp16"}, {"method": "layer", "float_tensors": ("pooled",)}]
)
def test_that_other_settings_are_no_what_if(session: Session, folder: Path, change: dict[str, object]) -> None:
    run(session, folder)

    assert run(replace(session, quant=replace(session.quant, **change)), folder).before is None  # type: ignore[arg-type]


def test_that_another_input_is_no_what_if(session: Session, folder: Path) -> None:
    run(session, folder)

    other = replace(changed(session, "pooled"), samples=session.dataset[1:])

    assert run(other, folder).before is None


def test_that_a_base_that_is_gone_is_computed_again(session: Session, tmp_path: Path) -> None:
    before = run(session, tmp_path / "a")
    for path in (tmp_path / "a" / "dumps").glob("simulator-*"):
        path.unlink()

    results = run(changed(session, "pooled"), tmp_path / "a")

    assert entire(results).base is None
    assert not before.dumps["simulator"][0].exists()
    assert_equal(results, run(changed(session, "pooled"), tmp_path / "b"))


def test_that_an_overlay_whose_base_is_gone_is_computed_again(session: Session, tmp_path: Path) -> None:
    before = run(session, tmp_path / "a")
    run(changed(session, "pooled"), tmp_path / "a")
    before.dumps["simulator_single"][0].unlink()

    results = run(changed(session, "pooled"), tmp_path / "a")

    assert_equal(results, run(changed(session, "pooled"), tmp_path / "b"))


def test_that_results_from_before_what_ifs_can_be_read(session: Session, folder: Path) -> None:
    run(session, folder)
    document = json.loads((folder / "results.json").read_text())
    for key in ("quant", "program"):
        del document[key]
    (folder / "results.json").write_text(json.dumps(document))

    results = load_results(folder)

    assert results is not None
    assert (results.quant, results.before) == ({}, None)
    assert run(changed(session, "pooled"), folder).before is None


def test_that_a_what_if_leaves_nothing_stale(session: Session, folder: Path) -> None:
    run(session, folder)
    run(changed(session, "pooled"), folder)

    assert stale(changed(session, "pooled"), folder) == ()
    assert stale(session, folder) == ("simulator", "compare")


def test_that_a_network_that_changes_on_disk_is_read_again(session: Session, folder: Path, tmp_path: Path) -> None:
    known = prepared.prepared(session.model, session.shapes)

    assert prepared.prepared(session.model, session.shapes) is known
    shutil.copyfile(conv_net(tmp_path, "other.onnx", norm=False), session.model)
    assert prepared.prepared(session.model, session.shapes).model.digest != known.model.digest


def test_that_the_settings_of_single_layers_are_fields_of_the_settings() -> None:
    assert set(PER_LAYER) <= set(settings_of(QuantSettings()))
