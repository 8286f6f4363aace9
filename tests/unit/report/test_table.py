import csv
import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.unit.report.runs import HOSTILE, Run, with_before, with_errors
from workbench.foundation.errors import WorkbenchError
from workbench.quantize.encoding import Encoding
from workbench.report.table import (
    HEAD_ROOM,
    head_room_text,
    layer_table,
    plain_number,
    spreadsheet_text,
    word_of,
    write_csv,
)


def document_of(run: Run) -> dict[str, Any]:
    return json.loads(json.dumps(layer_table(run.session, run.results), allow_nan=False))


def test_that_the_document_carries_its_schema_the_model_and_the_settings(run: Run) -> None:
    document = document_of(run)
    assert (document["schema"], document["model"]) == (1, str(run.session.model))
    assert document["settings"]["quantization"]["method"] == "channel"
    assert document["settings"]["preprocess"]["input"]["mean"] == [127.5]


def test_that_a_layer_has_its_names_shape_encoding_and_both_errors(run: Run) -> None:
    layer = document_of(run)["layers"][2]
    assert (layer["index"], layer["op"], layer["tensor"], layer["group"]) == (2, "Clip", HOSTILE, ["/conv/out"])
    assert layer["encoding"] == {"dtype": "int8", "scale": 0.0106, "zero_point": -128}
    assert {"cos", "euc", "max_abs", "sqnr_db", "nan", "inf"} <= layer["simulator"]["entire"].keys()
    assert layer["simulator"]["single"]["cos"] > layer["simulator"]["entire"]["cos"]


def test_that_values_that_do_not_exist_are_absent(run: Run) -> None:
    document = document_of(run)
    assert "runtime" not in document["layers"][0]
    assert "worst" not in document["layers"][0]["simulator"]["entire"]


def test_that_a_layer_without_errors_has_no_source_at_all(run: Run) -> None:
    row = dataclasses.replace(run.results.rows[0], errors={}, encoding=None)
    results = dataclasses.replace(run.results, rows=(row,))
    layer = layer_table(run.session, results)["layers"][0]
    assert not {"simulator", "runtime", "encoding"} & layer.keys()


def test_that_several_inputs_give_the_mean_in_place_and_the_worst_beside_it(run_of_two: Run) -> None:
    entire = document_of(run_of_two)["layers"][1]["simulator"]["entire"]
    assert entire["worst"]["sample"] == 1
    assert entire["worst"]["cos"] < entire["cos"]


def test_that_nan_and_infinities_are_words_in_json(run: Run) -> None:
    row = with_errors(run.results.rows[0], "simulator.entire", cos=math.nan, euc=math.inf, sqnr_db=-math.inf)
    results = dataclasses.replace(run.results, rows=(row,))
    entire = document_of(dataclasses.replace(run, results=results))["layers"][0]["simulator"]["entire"]
    assert (entire["cos"], entire["euc"], entire["sqnr_db"]) == ("nan", "inf", "-inf")


def test_that_counts_are_whole_numbers() -> None:
    assert isinstance(plain_number("nan", 3.0), int)
    assert isinstance(plain_number("euc", 3.0), float)


def test_that_the_outputs_repeat_their_rows_errors(run: Run) -> None:
    document = document_of(run)
    assert [item["tensor"] for item in document["outputs"]] == ["=score"]
    assert document["outputs"][0]["simulator"] == document["layers"][3]["simulator"]


def test_that_a_comparison_without_a_session_has_neither_model_nor_settings(run: Run) -> None:
    document = layer_table(None, run.results)
    assert not {"model", "settings"} & document.keys()
    assert document["golden"] == str(run.results.dumps["golden"][0])


def test_that_the_csv_has_one_line_a_layer_and_every_metric_of_every_column(run: Run, tmp_path: Path) -> None:
    write_csv(run.results, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["index"] for line in lines] == ["0", "1", "2", "3"]
    assert float(lines[1]["simulator.single cos"]) == pytest.approx(
        run.results.rows[1].errors["simulator.single"].mean["cos"]
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@cmd", "\tx"])
def test_that_a_name_that_looks_like_a_formula_is_quoted(text: str) -> None:
    assert spreadsheet_text(text) == f"'{text}"


def test_that_no_cell_of_the_csv_starts_like_a_formula(run: Run, tmp_path: Path) -> None:
    write_csv(run.results, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        tensors = [line["tensor"] for line in csv.DictReader(file)]
    assert tensors[3] == "'=score"


def test_that_a_csv_in_a_place_that_cannot_be_written_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkbenchError, match="Cannot write"):
        write_csv(run.results, tmp_path / "file" / "out.csv")


def test_that_a_layer_that_a_what_if_changed_says_what_was_before(run: Run) -> None:
    run.results = with_before(run)
    document = document_of(run)
    assert document["layers"][2]["before"]["simulator"]["entire"] == {"cos": 0.5, "euc": 1.0}
    assert document["layers"][2]["before"]["encoding"]["dtype"] == "int8"
    assert document["layers"][3]["before"] == {}
    assert "before" not in document["layers"][1]
    assert document["gone"] == ["gone"]


def test_that_nothing_is_said_of_before_without_a_what_if(run: Run) -> None:
    assert "before" not in json.dumps(document_of(run))


HALF = Encoding("float16")


def in_half(run: Run, seen: tuple[float, float]) -> Run:
    """The first row stored in float16, with this golden range."""
    first, *others = run.results.rows
    row = dataclasses.replace(first, encoding=HALF, golden_range=seen)
    return dataclasses.replace(run, results=dataclasses.replace(run.results, rows=(row, *others)))


def test_that_a_row_in_float16_has_its_golden_range_and_head_room(run: Run) -> None:
    layer = document_of(in_half(run, (-16376.0, 2.0)))["layers"][0]
    assert (layer["golden_min"], layer["golden_max"]) == (-16376.0, 2.0)
    assert (layer["head_room"], layer["head_room_bits"]) == (4.0, 2.0)


def test_that_the_head_room_of_a_zero_tensor_is_a_word_in_json(run: Run) -> None:
    layer = document_of(in_half(run, (0.0, 0.0)))["layers"][0]
    assert (layer["head_room"], layer["head_room_bits"]) == ("inf", "inf")


def test_that_other_rows_have_no_head_room(run: Run) -> None:
    assert not set(HEAD_ROOM) & document_of(run)["layers"][0].keys()


def test_that_the_csv_has_head_room_only_where_a_row_has(run: Run, tmp_path: Path) -> None:
    heads = []
    for number, each in enumerate((run, in_half(run, (-2.0, 131008.0)))):
        write_csv(each.results, tmp_path / f"{number}.csv")
        with (tmp_path / f"{number}.csv").open(encoding="utf-8", newline="") as file:
            heads.append(list(csv.reader(file)))
    assert not set(HEAD_ROOM) & set(heads[0][0])
    places = [heads[1][0].index(name) for name in HEAD_ROOM]
    assert [heads[1][1][place] for place in places] == ["-2", "131008", "0.5", "-1"]
    assert [heads[1][2][place] for place in places] == ["", "", "", ""]


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ((-2.0, 4.0), "×1.638e+04, 14.0 bits"),
        ((0.0, 131008.0), "overflows (×0.5)"),
        ((0.0, 0.0), "infinite"),
        ((0.0, math.inf), "overflows (×0)"),
    ],
)
def test_that_head_room_is_told_as_a_factor_and_in_bits(run: Run, seen: tuple[float, float], text: str) -> None:
    assert head_room_text(in_half(run, seen).results.rows[0]) == text


@pytest.mark.parametrize(
    ("counts", "word"), [({"nan": 0.0, "inf": 0.0}, ""), ({"inf": 2.0}, "q_inf"), ({"nan": 1.0, "inf": 2.0}, "q_nan")]
)
def test_that_a_tensor_that_is_not_finite_has_the_toolkits_word(run: Run, counts: dict[str, float], word: str) -> None:
    row = with_errors(run.results.rows[0], "simulator.entire", **counts)
    assert word_of(row, "simulator.entire") == word
