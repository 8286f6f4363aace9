"""What the layer table says: numbers, bars, copies, proposals."""

import math
from pathlib import Path

import pytest

from tests.unit.networks import network, node, random
from tests.unit.ui.rows import made_row
from workbench.compare.metrics import METRICS
from workbench.project.session import Session
from workbench.quantize.encoding import Encoding
from workbench.ui.models.table.columns import MORE, Column, chosen, column_of
from workbench.ui.models.table.completions import completions, proposed
from workbench.ui.models.table.copying import Part, as_markdown, as_tsv
from workbench.ui.models.table.layer_texts import bar, cell_text, encoding_text, fact_text, title_of
from workbench.ui.models.table.layer_values import Known, LayerValues
from workbench.ui.models.table.macs import macs, macs_of_rows
from workbench.ui.titles import metric_title, short_title

COS = Column("value", "simulator.entire", "cos")
INT8 = Encoding("int8", (0.125,), (-3,))
ROWS = (made_row("a|b", {"cos": 0.98765432}, note="two\nlines"), made_row("c", None, encoding=INT8))


def test_that_a_copy_as_tsv_has_all_digits_and_one_line_a_row() -> None:
    columns = [Column("tensor"), COS, Column("note")]
    assert as_tsv(LayerValues(ROWS), None, Part(columns, [1, 0])) == (
        "tensor\tsimulator.entire cos\tnote\nc\t\t\na|b\t0.98765432\ttwo lines\n"
    )


def test_that_a_copy_as_markdown_is_a_table_with_what_is_shown() -> None:
    assert as_markdown(LayerValues(ROWS), None, Part([Column("tensor"), COS], [0, 1])) == (
        "| tensor | simulator.entire cos |\n| --- | ---: |\n| `a\\|b` | 0.98765 |\n| `c` | ◌ |\n"
    )


def test_that_a_name_with_backticks_stays_code_in_markdown() -> None:
    values = LayerValues([made_row("a `b` | c", {})])
    assert "| `` a `b` \\| c `` |" in as_markdown(values, None, Part([Column("tensor")], [0]))


@pytest.mark.parametrize(
    ("metric", "value", "largest", "length"),
    [
        ("cos", 1.0, 1.0, 0.0), ("cos", 0.999, 1.0, 0.5), ("cos", -1.0, 1.0, 1.0), ("cos", math.nan, 1.0, 1.0),
        ("one_minus_cos", 1e-3, 9.0, 0.5), ("euc", 0.1, 100.0, 0.5), ("euc", 0.0, 0.0, 0.0),
        ("euc", math.inf, 5.0, 1.0), ("sqnr_db", 60.0, 0.0, 0.0), ("sqnr_db", 30.0, 0.0, 0.5),
        ("sqnr_db", math.inf, 0.0, 0.0),
    ],
)  # fmt: skip
def test_that_a_bar_has_the_same_length_for_each_decade(
    metric: str, value: float, largest: float, length: float
) -> None:
    assert bar(metric, value, largest) == pytest.approx(length)


def test_that_encodings_say_type_scale_and_zero_point() -> None:
    assert encoding_text(INT8) == "int8  0.125  −3"
    assert encoding_text(Encoding("int8", (0.1, 0.2), (0, 0), axis=0)) == "int8  2 scales"
    assert encoding_text(Encoding("float16")) == "float16"


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        ("jump", 3.24, "3.2×"),
        ("jump", 81.6, "82×"),
        ("jump", math.inf, "∞"),
        ("macs", 1.2345e9, "1.23 G"),
        ("macs", 12.0, "12"),
    ],
)
def test_that_large_numbers_are_short(kind: str, number: float, text: str) -> None:
    assert fact_text(kind, number) == text


def test_that_every_column_has_a_text_and_a_key_that_leads_back() -> None:
    values = LayerValues(ROWS, Known(notes={"c": "mine"}))
    for kind in MORE:
        assert column_of(kind) == Column(kind)
        assert isinstance(cell_text(values, Session(Path("net.onnx")), 1, Column(kind)), str)
    assert column_of(COS.key) == COS
    assert column_of("simulator.entire:nonsense") is None
    assert cell_text(values, None, 1, Column("own_note")) == "mine"


def test_that_chosen_columns_of_a_missing_source_are_left_out_and_the_names_are_not() -> None:
    assert list(chosen({"simulator.entire"}, [COS.key, "runtime.entire:cos", "jump"])) == [
        Column("tensor"), COS, Column("jump"),
    ]  # fmt: skip


def test_that_multiplications_are_counted(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["a"], name="conv", pads=[1, 1, 1, 1]),
        node("ConvTranspose", ["a", "t"], ["b"], name="up", strides=[2, 2]),
        node("Flatten", ["b"], ["c"], name="flat"),
        node("Gemm", ["c", "m"], ["y"], name="gemm"),
    ]
    constants = {"w": random(4, 3, 3, 3), "t": random(4, 2, 2, 2), "m": random(288, 5)}
    graph = network(tmp_path, nodes, constants).graph
    counted = {layer.name: macs(graph, layer) for layer in graph.layers}
    assert counted == {"conv": 4 * 36 * 27, "up": 4 * 36 * 8, "flat": None, "gemm": 5 * 288}
    layers_of = {"row": ("conv", "flat"), "other": ("flat",)}
    assert macs_of_rows(graph, layers_of.__getitem__, ["row", "other"]) == [4 * 36 * 27, None]


def test_that_what_is_typed_is_completed_at_the_cursor() -> None:
    terms = completions(ROWS, ["Conv", "Add"], {"cos", "euc"})
    assert proposed(terms, "relu -op:a", 10) == ("op:a", ["op:Add"])
    assert "cos<" in proposed(terms, "c", 1)[1]
    assert proposed(terms, "op:Conv|ent", 11) == ("ent", ["entire.", "entire.cos<", "entire.euc>"])
    assert proposed(terms, "", 0) == ("", [])


def test_that_only_metrics_with_values_are_proposed() -> None:
    terms = completions(ROWS, [], {"cos"})
    assert "sqnr<" not in terms
    assert "entire.cos<" in terms
    assert "runtime." not in terms
    assert "type:int8" in terms


def test_that_no_two_metrics_have_the_same_title() -> None:
    for title in (metric_title, short_title):
        assert len({title(metric) for metric in METRICS}) == len(METRICS)


def test_that_a_header_of_another_comparison_tells_what_is_measured_against_what() -> None:
    assert title_of(COS) == "entire\ncos"
    assert title_of(COS, {"golden": "first", "simulator": "second"}) == "B – A\ncos"
