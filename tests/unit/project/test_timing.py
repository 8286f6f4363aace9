"""The board's times on the rows of a session."""

import json
from pathlib import Path

import pytest

from tests.unit.networks import conv_net
from tests.unit.project.conftest import MakeSamples
from tests.unit.project.made_sessions import ONES, made_session
from workbench.compare.compare import LayerError
from workbench.foundation.errors import SessionError
from workbench.foundation.steps import Warn, drain
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.project.board.timing import FILE, keep_times, laid, load_times, timed
from workbench.project.pipeline import analyze
from workbench.project.results import Results, load_results
from workbench.project.session import Session, load_session
from workbench.report.table import layer_table, write_csv
from workbench.sources.board.times import LayerTime, Times, read_times_file


def row(tensor: str, op: str = "Conv", *group: str) -> LayerError:
    return LayerError(0, op, tensor, tensor, group, (1,), None, {}, "name", "")


def layer(name: str, micros: float, target: str = "NPU", op: str = "Conv") -> LayerTime:
    return LayerTime(1, op, name, micros, target)


def times_of(results: Results) -> dict[str, float | None]:
    return {item.tensor: item.time_us for item in results.rows}


def laid_on(rows: tuple[LayerError, ...], layers_of: dict[str, tuple[str, ...]], *layers: LayerTime) -> Results:
    return laid(Results(rows, layers_of=layers_of), Times(layers))


def warnings(results: Results, folder: Path) -> list[str]:
    said: list[str] = []
    drain(timed(results, folder), lambda event: said.append(event.text) if isinstance(event, Warn) else None)
    return said


def test_that_a_row_has_the_time_of_the_layer_it_stands_for() -> None:
    results = laid_on((row("a"), row("b")), {"a": ("/stem/Conv",), "b": ("/head/Conv",)}, layer("/head/Conv", 7))
    assert times_of(results) == {"a": None, "b": 7}


def test_that_a_row_has_the_time_of_all_operators_that_the_board_makes_of_it() -> None:
    parts = (layer("/pool_2conv0", 5), layer("/pool_2conv1", 3))
    results = laid_on((row("p", "GlobalAveragePool"),), {"p": ("/pool",)}, *parts)
    assert times_of(results) == {"p": 8}


def test_that_a_layer_of_several_rows_is_counted_once() -> None:
    results = laid_on((row("s0"), row("s1")), {"s0": ("/split",), "s1": ("/split",)}, layer("/split", 9))
    assert times_of(results) == {"s0": 9, "s1": None}


def test_that_tensors_and_names_of_files_lead_to_a_row() -> None:
    rows = (row("/f/f.0/Conv_output_0"), row("relu", "Relu", "/conv.1"))
    assert times_of(laid_on(rows, {}, layer("_f_f_0_Conv_output_0", 2), layer("/conv.1", 4))) == {
        "/f/f.0/Conv_output_0": 2,
        "relu": 4,
    }


def test_that_toolkit_1_numbers_its_layers() -> None:
    results = laid_on((row("MobilenetV1/Conv2d_0/Relu6"),), {}, layer("MobilenetV1/Conv2d_0/Relu6_1_2", 920, ""))
    assert times_of(results) == {"MobilenetV1/Conv2d_0/Relu6": 920}


def test_that_numbers_of_toolkit_2_tell_layers_apart() -> None:
    results = laid_on((row("/Concat"), row("b")), {}, layer("/Concat_3", 9))
    assert times_of(results) == {"/Concat": None, "b": None}


def test_that_where_a_row_ran_is_told() -> None:
    results = laid_on((row("a"), row("b")), {}, layer("a", 1, "CPU"), layer("b", 1), layer("b_rs", 1, "CPU"))
    assert [item.on for item in results.rows] == ["CPU", "NPU, CPU"]


def test_that_conversions_at_the_ends_are_no_time_of_a_row() -> None:
    end = layer("out", 200, "CPU", "OutputOperator")
    results = laid_on((row("out"),), {}, layer("out", 1), end)
    assert times_of(results) == {"out": 1}
    assert results.times == {"input": 0, "output": 200, "layers": 201}


def test_that_times_without_a_row_are_told(tmp_path: Path) -> None:
    keep_times(tmp_path, Times((layer("a", 1), layer("stranger", 3))))
    assert warnings(Results((row("a"),)), tmp_path) == [
        "The board's times of 1 layers (0.003 of 0.004 ms) belong to no row: stranger."
    ]


def test_that_times_stay_with_the_session_and_its_results(tmp_path: Path) -> None:
    folder = made_session(tmp_path / "s", {"golden": [{"a": ONES}]}, {"a": "a"})
    times = Times((layer("a", 12.5, "CPU"),), {"run": 100.0}, 20.0)
    keep_times(folder, times)

    assert load_times(folder) == times
    results = load_results(folder)
    assert results is not None
    assert (results.rows[0].time_us, results.rows[0].on) == (12.5, "CPU")
    assert results.times["run"] == 100


def test_that_new_times_take_the_place_of_old_ones(tmp_path: Path) -> None:
    folder = made_session(tmp_path / "s", {"golden": [{"a": ONES}]}, {"a": "a"})
    keep_times(folder, Times((layer("a", 12, "CPU"), layer("old", 90))))
    results = keep_times(folder, Times((layer("a", 5),)))

    assert results is not None
    assert times_of(results) == {"a": 5}
    assert results.warnings == ()


def test_that_times_can_be_taken_away(tmp_path: Path) -> None:
    folder = made_session(tmp_path / "s", {"golden": [{"a": ONES}]}, {"a": "a"})
    keep_times(folder, Times((layer("a", 12),)))
    results = keep_times(folder, Times())

    assert results is not None
    assert (times_of(results), results.times) == ({"a": None}, {})
    assert not (folder / FILE).exists()


def test_that_damaged_times_are_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"layers": [{"index": 1}]}', "utf-8")
    with pytest.raises(SessionError, match=r"times\.json is damaged"):
        load_times(tmp_path)


def test_that_a_new_run_keeps_the_times(tmp_path: Path, samples_of: MakeSamples) -> None:
    samples = samples_of(1)
    session = Session(conv_net(tmp_path), samples=samples, dataset=samples)
    first = drain(analyze(session, tmp_path / "s"))
    keep_times(tmp_path / "s", Times((layer(first.rows[-1].tensor, 33),)))
    again = drain(analyze(load_session(tmp_path / "s"), tmp_path / "s"))

    assert [item.time_us for item in again.rows if item.time_us is not None] == [33]


def test_that_a_real_csv_finds_a_row_for_every_layer(shared: Path) -> None:
    folder = shared / "artifacts" / "seafusion_rk3588_hybrid"
    if not folder.is_dir():
        pytest.skip(f"needs {folder}")
    deployed = drain(deploy(read_model(folder / "fusionmodel_480_640.onnx")))
    named = {name: item.origins for item in deployed.layers for name in item.outputs}
    times = read_times_file(folder / "eval_perf.csv")
    results = laid(Results(tuple(row(name) for name in named), layers_of=named), times)

    taken = sum(item.time_us or 0 for item in results.rows)
    assert taken == times.summed - times.of("InputOperator") - times.of("OutputOperator")


def test_that_tables_and_documents_have_the_times(tmp_path: Path) -> None:
    results = laid_on((row("a"), row("b")), {}, layer("a", 12.5, "CPU"))
    document = layer_table(None, results)
    write_csv(results, tmp_path / "t.csv")

    assert (document["layers"][0]["time_us"], document["layers"][0]["on"]) == (12.5, "CPU")
    assert "time_us" not in document["layers"][1]
    assert document["board_us"]["layers"] == 12.5
    head, first, second = (tmp_path / "t.csv").read_text("utf-8").splitlines()
    assert head.endswith("time_us,on,matched_by,note")
    assert first.endswith("12.5,CPU,name,")
    assert second.endswith(",,,name,")
    json.dumps(document)


def test_that_a_table_without_times_has_no_column_for_them(tmp_path: Path) -> None:
    write_csv(Results((row("a"),)), tmp_path / "t.csv")
    assert "time_us" not in (tmp_path / "t.csv").read_text("utf-8")
    assert "time_us" not in layer_table(None, Results((row("a"),)))["layers"][0]
