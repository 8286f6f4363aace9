"""A report alone as a table and a graph: with the network, with the toolkit's own graph, and with nothing."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.networks import network, node, random
from tests.unit.sources.toolkit import report_texts as texts
from workbench.foundation.errors import ReportError, SettingsError
from workbench.foundation.steps import drain
from workbench.graph.graph import Model
from workbench.graph.read import read_model
from workbench.preprocess.dataset import Sample
from workbench.project.pipeline import analyze
from workbench.project.reported.reported import CHAIN, report_session, reported
from workbench.project.results import Results, load_results
from workbench.project.session import load_session
from workbench.sources.toolkit.report import read_report

REPORT = """\
layer_name                  simulator_error                             runtime_error
                          entire              single                  entire           single_sim
                       cos      euc        cos      euc            cos      euc        cos      euc
---------------------------------------------------------------------------------------------------
[Input] x           1.00000 | 0.0       1.00000 | 0.0           1.00000 | 404.33    1.00000 | 404.33
[exDataConvert] x_int8 1.00000 | 0.1896  1.00000 | 0.1896
[Conv] c
[Relu] r            0.99978 | 3.5098    0.99988 | 2.5098        0.99968 | 3.6098    1.00000 | 0.0
[Conv] branch       q_nan  | q_nan      0.99991 | 1.0
[Add] y_int8        0.99000 | 3.1000    f_zero  | f_zero
[exDataConvert] y   0.99000 | 3.1000    0.99992 | 1.1
"""


def user_network(folder: Path) -> Model:
    nodes = [
        node("Conv", ["x", "w"], ["c"], "first"),
        node("Relu", ["c"], ["r"], "relu"),
        node("Conv", ["r", "v"], ["branch"], "second"),
        node("Add", ["branch", "r"], ["y"], "sum"),
    ]
    return network(folder, nodes, {"w": random(4, 3, 1, 1), "v": random(4, 4, 1, 1)})


def results_of(text: str, model: Model | None) -> Results:
    return drain(reported(read_report(text), model))


def test_that_the_table_has_the_printed_numbers(tmp_path: Path) -> None:
    results = results_of(REPORT, user_network(tmp_path))

    rows = {row.tensor: row for row in results.rows}
    assert [row.tensor for row in results.rows] == ["x", "x_int8", "r", "branch", "y_int8", "y"]
    assert rows["r"].errors["runtime.entire"].mean == {
        "cos": 0.99968, "cos_toolkit": 0.99968, "one_minus_cos": 0.00032, "euc": 3.6098,
    }  # fmt: skip
    assert rows["r"].errors["simulator.single"].samples == 1


def test_that_an_empty_row_is_in_the_group_of_the_layer_that_it_was_fused_into(tmp_path: Path) -> None:
    results = results_of(REPORT, user_network(tmp_path))

    assert next(row.group for row in results.rows if row.tensor == "r") == ("c",)
    assert results.layers_of["r"] == ("first", "relu")


def test_that_the_network_and_not_the_order_tells_where_an_empty_row_vanished(tmp_path: Path) -> None:
    text = "[Conv] c\n[Conv] branch  0.99 | 1.0  0.99 | 1.0\n[Relu] r  0.98 | 1.0  0.98 | 1.0\n"

    results = results_of(text, user_network(tmp_path))

    assert {row.tensor: row.group for row in results.rows} == {"branch": (), "r": ("c",)}


def test_that_rows_lead_to_the_users_tensors(tmp_path: Path) -> None:
    results = results_of(REPORT, user_network(tmp_path))

    assert {row.tensor: row.golden for row in results.rows} == {
        "x": "x", "x_int8": "x", "r": "r", "branch": "branch", "y_int8": "y", "y": "y",
    }  # fmt: skip
    assert results.unmatched == {}
    assert results.outputs == ("y",)


def test_that_words_in_the_place_of_numbers_are_told(tmp_path: Path) -> None:
    rows = {row.tensor: row for row in results_of(REPORT, user_network(tmp_path)).rows}

    assert math.isnan(rows["branch"].errors["simulator.entire"].mean["cos"])
    assert "q_nan" in rows["branch"].note
    assert "simulator.single" not in rows["y_int8"].errors
    assert "f_zero" in rows["y_int8"].note


def test_that_the_boards_input_is_said_to_be_no_error(tmp_path: Path) -> None:
    rows = results_of(REPORT, user_network(tmp_path)).rows

    assert "another scale" in rows[0].note
    assert [column for column, errors in rows[0].errors.items() if "euc" in errors.mean] == [
        "simulator.entire",
        "simulator.single",
    ]


def test_that_rows_and_tensors_without_a_partner_are_listed(tmp_path: Path) -> None:
    text = REPORT.replace("[Relu] r", "[Relu] z")

    assert results_of(text, user_network(tmp_path)).unmatched == {"golden": ("r",), "simulator": ("z",)}


def test_that_the_report_of_another_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"another network than net\.onnx"):
        results_of(texts.PAIRS5, user_network(tmp_path))


def test_that_a_report_that_hardly_fits_is_warned_of(tmp_path: Path) -> None:
    results = results_of(f"{texts.PAIRS5}[Relu] r  0.98 | 1.0  0.98 | 1.0\n", user_network(tmp_path))

    assert any("only 1 of its" in text for text in results.warnings)


def test_that_rows_that_repeat_a_name_are_told() -> None:
    results = results_of("[Conv] a  0.98 | 1.0  0.98 | 1.0\n[Conv] a  0.97 | 1.0  0.97 | 1.0\n", None)

    assert [row.errors["simulator.entire"].mean["cos"] for row in results.rows] == [0.98]
    assert results.warnings == ("1 rows of the report repeat a name: the first of each counts.",)


def test_that_toolkit_1s_norm_gives_more_digits_of_the_cosine() -> None:
    results = results_of("a_1  eculidean_norm=0.002681 cosine_norm=0.999996 eculidean=2.0 cosine=0.999996\n", None)

    assert results.rows[0].errors["simulator.entire"].mean["one_minus_cos"] == pytest.approx(3.594e-6, rel=1e-3)


def test_that_what_toolkit_1_measured_on_the_board_is_in_the_table_and_that_it_is_explained() -> None:
    report = read_report(texts.TOOLKIT1, "individual_qnt_error_analysis_on_npu.txt")

    results = drain(reported(report, None))

    assert results.rows[0].errors["runtime.single_sim"].mean["cos"] == 0.812937
    assert "against golden" in results.warnings[0]


def test_that_columns_that_the_table_has_not_are_told_in_the_note() -> None:
    rows = {row.tensor: row for row in results_of(texts.OLDEST, None).rows}

    assert set(rows["/stem/Relu_output_0"].errors) == {"simulator.entire", "simulator.single", "runtime.entire"}
    assert "simu_err: cos 0.999958." in rows["/stem/Relu_output_0"].note


def test_that_a_log_around_the_report_tells_of_the_board_and_of_what_the_toolkit_warned(tmp_path: Path) -> None:
    log = """W build: found outlier value, this may affect quantization accuracy
                        const nameabs_mean    abs_std     outlier value
                        w      0.94        1.23        12.237
W inference: The range [1.0, inf] of 'c' is out of the float16!
D RKNN: [..] 1  ConvRelu  INT8   NPU  (1,3,6,6),(4,3,1,1),(4)   (1,4,6,6)   23594/230400/230400   345   Conv:first
D RKNN: [..] 2  ConvRelu  r  INT8  NC1HWC2  (1,4,6,6)  (1,1,6,6,16) | 0x00034340 0x00050640 0x0001c300
"""
    text = log + REPORT

    known = drain(reported(read_report(text), user_network(tmp_path), text))
    alone = drain(reported(read_report(text), None, text))

    assert next(row.note for row in known.rows if row.tensor == "r") == "ConvRelu (NPU INT8, 345 µs)."
    assert next((row.time_us, row.on) for row in known.rows if row.tensor == "r") == (345, "NPU")
    assert next(row.shape for row in alone.rows if row.tensor == "r") == (1, 4, 6, 6)
    assert known.warnings == (
        "The toolkit's log tells of outliers in 1 constants, which may cost accuracy: w.",
        "The toolkit's log tells of values that float16 does not hold: c.",
    )


@pytest.mark.parametrize("which", ["COSINE", "PAIRS", "PAIRS5", "COLLAPSED", "OLDEST", "TOOLKIT1"])
def test_that_a_pasted_report_becomes_a_session_with_a_graph(tmp_path: Path, which: str) -> None:
    text = getattr(texts, which)

    drain(report_session(text, None, tmp_path / "session"))

    session, results = load_session(tmp_path / "session"), load_results(tmp_path / "session")
    model = read_model(session.model)
    assert results is not None
    given = {name for layer in model.graph.layers for name in layer.outputs} | {
        item.name for item in model.graph.inputs
    }
    assert {row.tensor for row in read_report(text).rows} <= given
    assert {row.tensor for row in results.rows} <= given
    assert results.warnings[-1] == CHAIN


def test_that_the_chain_follows_the_report() -> None:
    from workbench.project.reported.graph import chain

    nodes = {item.output[0]: list(item.input) for item in chain(read_report(REPORT).rows).graph.node}

    assert nodes == {
        "x_int8": ["x"], "c": ["x_int8"], "r": ["c"], "branch": ["r"], "y_int8": ["branch"], "y": ["y_int8"],
    }  # fmt: skip


def test_that_a_session_with_the_network_opens_that_network(tmp_path: Path) -> None:
    model = user_network(tmp_path)
    (tmp_path / "error_analysis.txt").write_text(REPORT)

    results = drain(report_session(tmp_path / "error_analysis.txt", model.path, tmp_path / "session"))

    assert load_session(tmp_path / "session").model == model.path
    assert str(load_results(tmp_path / "session")) == str(results)  # NaN does not equal itself
    assert (tmp_path / "session" / "report.txt").read_text() == REPORT
    assert CHAIN not in results.warnings


def test_that_a_session_of_a_report_alone_cannot_be_computed_and_says_so(tmp_path: Path) -> None:
    drain(report_session(texts.PAIRS, None, tmp_path / "session"))
    (tmp_path / "x.npy").touch()
    session = replace(load_session(tmp_path / "session"), samples=(Sample((tmp_path / "x.npy",)),))

    with pytest.raises(SettingsError, match=r"report\.model is the toolkit's own graph"):
        drain(analyze(session, tmp_path / "session"))


def test_that_nothing_is_written_where_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(ReportError):
        drain(report_session("no report", None, tmp_path / "session"))

    assert not (tmp_path / "session").exists()


@pytest.mark.parametrize(
    ("place", "rows"),
    [
        ("tcn_sim_only", 28),
        ("mobilenetv2_rk3588_runtime", 67),
        ("yolov6_rk356x_oldformat/snapshot", 167),
        ("yolov6_rk356x_oldformat/snapshot_rk", 167),
    ],
)
def test_that_a_real_report_alone_becomes_a_session(shared: Path, tmp_path: Path, place: str, rows: int) -> None:
    source = shared / "artifacts" / place
    if not source.is_dir():
        pytest.skip(f"needs {source}")

    results = drain(report_session(source, None, tmp_path / "session"))

    model = read_model(load_session(tmp_path / "session").model)
    assert len(results.rows) == rows
    assert all(row.errors for row in results.rows)
    assert {name for layers in results.layers_of.values() for name in layers} == {
        layer.name for layer in model.graph.layers
    }
