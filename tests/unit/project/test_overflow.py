"""Rules of what a run says of tensors that float16 cannot hold."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import node, random, write_network
from workbench.foundation.steps import Warn, drain
from workbench.preprocess.dataset import Sample
from workbench.project.pipeline import analyze
from workbench.project.results import Results, load_results
from workbench.project.session import Session
from workbench.quantize.schemes import QuantSettings

NODES = [
    node("Relu", ["x"], ["r"], name="act"),
    node("Mul", ["r", "big"], ["m"], name="scale"),
    node("Sigmoid", ["x"], ["s"], name="gate"),
    node("Add", ["m", "s"], ["y"], name="sum"),
]


def session_of(folder: Path, factor: float, settings: QuantSettings) -> Session:
    np.save(folder / "x.npy", random(1, 3, 6, 6))
    sample = Sample((folder / "x.npy",))
    model = write_network(folder / "net.onnx", NODES, {"big": factor})
    return Session(model=model, samples=(sample,), dataset=(sample,), quant=settings)


def of_half(folder: Path, factor: float) -> Results:
    return drain(analyze(session_of(folder, factor, QuantSettings("fp16")), folder / "session"))


def test_that_every_float16_row_has_the_range_of_its_golden_values(tmp_path: Path) -> None:
    results = of_half(tmp_path, 3.0)

    x = np.maximum(random(1, 3, 6, 6), 0)
    seen = {row.tensor: row.golden_range for row in results.rows}
    assert seen["m"] == (0, float((x * np.float32(3)).max()))
    assert all(seen.values())


def test_that_an_overflow_is_infinite_in_the_row_and_warned_of_once(tmp_path: Path) -> None:
    results = of_half(tmp_path, 6e4)

    rows = {row.tensor: row for row in results.rows}
    assert rows["m"].errors["simulator.single"].mean["inf"] > 0
    assert (rows["m"].head_room or 9) < 1 < (rows["r"].head_room or 0)
    assert results.warnings == ("2 tensors exceed what float16 holds (±65504), first m (scale); then y.",)


def test_that_a_constant_that_float16_cannot_hold_is_warned_of_where_golden_fits(tmp_path: Path) -> None:
    session = session_of(tmp_path, 7e4, QuantSettings("fp16"))
    np.save(tmp_path / "x.npy", random(1, 3, 6, 6) * np.float32(1e-3))

    results = drain(analyze(session, tmp_path / "session"))

    assert all((row.head_room or 0) > 1 for row in results.rows)
    assert results.warnings == ("m (scale) exceeds what float16 holds (±65504).",)


def test_that_nothing_is_warned_of_where_everything_fits(tmp_path: Path) -> None:
    assert of_half(tmp_path, 3.0).warnings == ()


def test_that_int8_rows_have_no_range_and_float16_ones_among_them_have(tmp_path: Path) -> None:
    session = session_of(tmp_path, 3.0, QuantSettings(float_tensors=("s",)))

    results = drain(analyze(session, tmp_path / "session"))

    assert [row.tensor for row in results.rows if row.golden_range is not None] == ["s"]


def test_that_the_range_is_there_when_the_session_is_opened_again(tmp_path: Path) -> None:
    results = of_half(tmp_path, 6e4)

    loaded = load_results(tmp_path / "session")

    assert loaded is not None
    assert [row.golden_range for row in loaded.rows] == [row.golden_range for row in results.rows]


def test_that_a_what_if_measures_the_range_of_the_layer_that_changed(tmp_path: Path) -> None:
    session = session_of(tmp_path, 3.0, QuantSettings())
    drain(analyze(session, tmp_path / "session"))

    changed = replace(session, quant=QuantSettings(float_tensors=("s",)))
    results = drain(analyze(changed, tmp_path / "session"))

    assert next(row for row in results.rows if row.tensor == "s").golden_range is not None


def test_that_a_warning_lists_no_more_names_than_fit_a_sentence(tmp_path: Path) -> None:
    nodes = [node("Mul", ["x", "big"], ["t0"]), *(node("Add", [f"t{i}", "x"], [f"t{i + 1}"]) for i in range(11))]
    nodes.append(node("Relu", ["t11"], ["y"]))
    np.save(tmp_path / "x.npy", random(1, 3, 6, 6))
    session = Session(
        model=write_network(tmp_path / "net.onnx", nodes, {"big": 6e4}),
        samples=(Sample((tmp_path / "x.npy",)),),
        quant=QuantSettings("fp16"),
    )

    said = [event.text for event in analyze(session, tmp_path / "session") if isinstance(event, Warn)]

    assert len(said) == 1
    assert said[0].endswith("then t1, t2, t3, t4, t5, t6, t7, t8, ….")


@pytest.mark.parametrize("factor", [3.0, 6e4])
def test_that_a_second_run_warns_as_the_first_did(tmp_path: Path, factor: float) -> None:
    session = session_of(tmp_path, factor, QuantSettings("fp16"))

    first, second = (drain(analyze(session, tmp_path / "session")).warnings for _ in range(2))

    assert first == second
