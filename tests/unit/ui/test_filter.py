"""The filter language: what its terms mean."""

import numpy as np
import pytest

from tests.unit.ui.rows import bad_row, made_row
from workbench.quantize.encoding import Encoding
from workbench.ui.models.table.filter import Condition, Term, Unclear, matching, parse
from workbench.ui.models.table.layer_values import Known, LayerValues

INT8, FLOAT16 = Encoding("int8", (0.1,), (0,)), Encoding("float16")
ROWS = (
    made_row("/stem/conv/Conv_output_0", {"cos": 0.999, "euc": 1.0}, shape=(1, 64, 56, 56), encoding=INT8),
    made_row("/stem/act/Relu_output_0", {"cos": 0.9, "euc": 20.0}, op="Relu", shape=(1, 64), encoding=FLOAT16),
    made_row("/head/add", None, op="Add", shape=(1, 640), note="not quantised", group=("/head/mul",)),
    made_row("a tensor|with marks", {"cos": float("nan")}, op="MatMul", golden_range=(-60000.0, 1.0)),
)
KNOWN = Known(
    operators_of=lambda tensor: ("Mul", "Add") if tensor == "/head/add" else (),
    layers_of=lambda tensor: ("node_7",) if tensor == "/head/add" else (),
    notes={"/stem/act/Relu_output_0": "Ask the camera team"},
    pinned=("/head/add",),
)


def found(text: str) -> list[int]:
    assert parse(text).unclear == ()
    return np.flatnonzero(matching(parse(text), ROWS, KNOWN)).tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2, 3]),
        ("relu", [1]),
        ("op:Conv|Add", [0, 2]),
        ("op:mul", [2]),
        ("-op:Conv|Add", [1, 3]),
        ("conv|node_7", [0, 2]),
        ("name:mul", [2]),
        ("scope:stem", [0, 1]),
        ("scope:tem", []),
        ("shape:1x64", [0, 1]),
        ("shape:56×56", [0]),
        ("shape:1x*x56", [0]),
        ("type:int8|float16", [0, 1]),
        ("note:camera", [1]),
        ("note:", [1, 2]),
        ("match:fusion", []),
        ("pinned", [2]),
        ("-pinned cos<2", [0, 1]),
        ("cos<0.95|op:Add", [1, 2]),
        ("cos<95%", [1]),
        ("cos=nan", [3]),
        ("entire.euc>10", [1]),
        ("head<2", [3]),
        ("elements>1000", [0]),
        ("index>=2", [2, 3]),
        ('"a tensor"', [3]),
        ('name:"tensor|with"', [3]),
        ('"pinned"', []),
        ("conv|", [0]),
    ],
)
def test_that_a_filter_leaves_the_rows_it_describes(text: str, rows: list[int]) -> None:
    assert found(text) == rows


@pytest.mark.parametrize(
    ("text", "part", "begin", "wanted"),
    [
        ("cos<abc", "abc", 4, "number"),
        ("relu -cos<abc", "abc", 10, "number"),
        ("cosine<0.9", "cosine", 0, "field"),
        ("  double.cos<1", "double", 2, "column"),
        ("single.cosine<1", "cosine", 7, "field"),
        ("op:Conv|cos<", "", 12, "number"),
        ('"a b" jump>', "", 11, "number"),
        ("cos<<", "<", 4, "number"),
    ],
)
def test_that_what_means_nothing_is_named_with_its_place(text: str, part: str, begin: int, wanted: str) -> None:
    assert parse(text).unclear == (Unclear(part, begin, wanted),)


def test_that_an_unclear_term_does_not_filter_and_the_others_do() -> None:
    chosen = parse("relu cos<abc")
    assert chosen.terms == parse("relu").terms


def test_that_signs_of_a_chinese_keyboard_are_understood() -> None:
    assert parse("op：Conv｜Add　cos＜９.５％".replace("９", "9").replace("５", "5")) == parse("op:Conv|Add cos<9.5%")


def test_that_an_open_quote_is_taken_as_closed_at_the_end() -> None:
    assert parse('"a b').terms == (Term((Condition("text", "a b"),)),)


def test_that_a_single_dash_is_a_word() -> None:
    assert parse("-").terms == (Term((Condition("text", "-"),)),)


def test_that_a_jump_is_asked_of_rows_whose_inputs_are_known() -> None:
    rows = [bad_row("a", 0.001), bad_row("b", 0.01), bad_row("c", 0.012), bad_row("unknown", 0.5)]
    known = Known(inputs_of={"a": (), "b": ("a",), "c": ("b",)})
    assert matching(parse("jump>3"), rows, known).tolist() == [True, True, False, False]


def test_that_boxes_without_values_can_be_filtered_too() -> None:
    rows = [made_row("x", op="input"), made_row("y")]
    assert matching(parse("op:input -cos<1"), rows).tolist() == [True, False]


def test_that_values_kept_for_another_filter_follow_new_notes_and_pins() -> None:
    values = LayerValues(ROWS, KNOWN)
    assert matching(parse("note:"), values).sum() == 2
    values.tell(Known(notes={"/head/add": "mine"}, pinned=("/stem/act/Relu_output_0",)))
    assert np.flatnonzero(matching(parse("note:mine"), values)).tolist() == [2]
    assert np.flatnonzero(matching(parse("pinned"), values)).tolist() == [1]


def test_that_no_rows_are_no_matches() -> None:
    assert matching(parse("op:Conv shape:1 jump>3 cos<1 pinned note:"), []).tolist() == []
