import dataclasses

import pytest

from tests.unit.report.runs import HOSTILE, Run, with_before, with_errors
from workbench.cli.table import print_table, shorten


def printed(run: Run, capsys: pytest.CaptureFixture[str]) -> list[str]:
    print_table(run.results)
    return capsys.readouterr().out.splitlines()


def test_that_a_row_shows_index_op_tensor_shape_and_numbers(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    line = next(line for line in printed(run, capsys) if "  Clip  " in line)
    entire, single = (run.results.rows[2].errors[f"simulator.{kind}"].mean for kind in ("entire", "single"))
    for part in ("2", "Clip", HOSTILE, "1x4x8x8", f"{entire['cos']:.5f}", f"{single['cos']:.5f}"):
        assert part in line


def test_that_columns_without_values_are_left_out(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert "rt entire" not in printed(run, capsys)[0]


def test_that_bad_rows_are_marked_without_colours_too(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (with_errors(run.results.rows[0], "simulator.entire", cos=float("nan"), euc=1.0), *run.results.rows[1:])
    run.results = dataclasses.replace(run.results, rows=rows)
    assert printed(run, capsys)[1].startswith("✖")


def test_that_worst_layers_outputs_and_unmatched_follow(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(run, capsys)
    assert any(line.startswith("worst   cos ") for line in lines)
    assert any(line.startswith("output  cos ") and line.endswith("=score") for line in lines)
    assert lines[-2:] == ["4 of 4 layers compared.", "unmatched in golden (1): lonely"]


def test_that_a_layer_that_is_not_compared_stays_in_the_table(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    row = dataclasses.replace(run.results.rows[1], errors={}, note="Not compared: other shape.")
    run.results = dataclasses.replace(run.results, rows=(run.results.rows[0], row))
    lines = printed(run, capsys)
    assert any("/conv/out" in line and "Not compared" in line for line in lines)
    assert "1 of 2 layers compared." in lines


@pytest.mark.parametrize(("text", "width", "short"), [("abcdef", 6, "abcdef"), ("abcdefghij", 7, "ab…ghij")])
def test_that_a_long_name_loses_its_middle(text: str, width: int, short: str) -> None:
    assert shorten(text, width) == short


def test_that_a_changed_number_stands_behind_the_old_one(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run.results = with_before(run)
    lines = printed(run, capsys)
    entire = run.results.rows[2].errors["simulator.entire"].mean
    assert any(f"0.50000 → {entire['cos']:.5f}" in line and "  Clip  " in line for line in lines)
    assert sum("→" in line for line in lines) == 2
    assert "2 of 4 layers changed (before → now)." in lines
    assert "part of other layers now: gone" in lines


def test_that_head_room_is_shown_where_a_row_is_in_float16(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert "head-room" not in printed(run, capsys)[0]
    row = dataclasses.replace(run.results.rows[0], golden_range=(-2.0, 131008.0))
    run.results = dataclasses.replace(run.results, rows=(row, *run.results.rows[1:]))
    lines = printed(run, capsys)
    assert "range in ±65504" in lines[0]
    assert "-2 … 1.31e+05" in lines[1]
    assert "overflows (×0.5)" in lines[1]


def test_that_an_infinite_tensor_has_the_toolkits_word(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    row = with_errors(run.results.rows[0], "simulator.entire", cos=float("nan"), euc=float("inf"), inf=3.0)
    run.results = dataclasses.replace(run.results, rows=(row, *run.results.rows[1:]))
    assert printed(run, capsys)[1].count("q_inf") == 2
