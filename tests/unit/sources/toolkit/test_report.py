"""What a report of the vendor's accuracy analysis says, in every form and as people paste it."""

import math
import random
import re
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest

from tests.unit.sources.toolkit import report_texts as texts
from workbench.foundation.errors import ReportError
from workbench.sources.toolkit.report import Report, joined, read_report, read_report_file

EVERY = ("COSINE", "PAIRS", "PAIRS5", "COLLAPSED", "OLDEST", "TOOLKIT1")


def values(report: Report, tensor: str) -> dict[str, dict[str, float]]:
    return {column: dict(items) for column, items in report.by_tensor[tensor].values.items()}


def test_that_cosines_of_the_first_form_stand_in_their_columns() -> None:
    report = read_report(texts.COSINE)

    assert report.form == "cosine"
    assert values(report, "/stem/act/Mul_output_0") == {
        "simulator.entire": {"cos": 0.985564},
        "simulator.single": {"cos": 0.995178},
        "runtime.entire": {"cos": 0.985530},
        "runtime.single_sim": {"cos": 0.999996},
    }
    assert values(report, "/stem/Conv_output_0") == {
        "simulator.entire": {"cos": 0.994679},
        "simulator.single": {"cos": 0.995177},
    }


def test_that_cells_below_the_runtimes_head_are_the_boards_even_without_the_simulators() -> None:
    assert values(read_report(texts.COSINE), "board_only") == {
        "runtime.entire": {"cos": 0.706008},
        "runtime.single_sim": {"cos": 0.181134},
    }


def test_that_a_row_without_numbers_is_a_row_without_values() -> None:
    assert values(read_report(texts.COSINE), "Conv__343:0") == {}
    assert values(read_report(texts.PAIRS), "conv1/scale") == {}
    assert values(read_report(texts.OLDEST), "alone") == {}


def test_that_pairs_of_all_four_columns_are_read() -> None:
    report = read_report(texts.PAIRS)

    assert report.form == "pairs"
    assert values(report, "fc7__float16") == {
        "simulator.entire": {"cos": 0.98323, "euc": 21.939},
        "simulator.single": {"cos": 0.99999, "euc": 1.1046},
        "runtime.entire": {"cos": 0.98521, "euc": 20.570},
        "runtime.single_sim": {"cos": 1.0, "euc": 0.0512},
    }


def test_that_words_are_no_numbers_and_stay_readable() -> None:
    row = read_report(texts.PAIRS).by_tensor["779"]

    assert math.isnan(row.values["simulator.entire"]["euc"])
    assert row.values["runtime.single_sim"]["cos"] == math.inf
    assert row.texts["simulator.entire"] == {"cos": "q_nan", "euc": "q_nan"}
    assert row.values["runtime.entire"] == {"cos": -0.9946, "euc": 22938.0}
    assert row.texts["runtime.entire"]["euc"] == "22938."


@pytest.mark.parametrize("cell", ["q_zero | q_zero ", "q_zero           ", "f_zero  | f_zero"])
def test_that_tensors_of_zeros_have_a_word_and_no_number(cell: str) -> None:
    row = read_report(f"[Add] a    1.00000 | 0.0112\n[Mul] b    {cell}    0.99994 | 1.5\n").by_tensor["b"]

    assert row.values == {"simulator.entire": {}, "simulator.single": {"cos": 0.99994, "euc": 1.5}}
    assert row.texts["simulator.entire"]["euc"].endswith("_zero")


def test_that_a_euc_of_six_digits_is_told_to_be_cut() -> None:
    row = read_report(texts.PAIRS).by_tensor["far"]

    assert row.values["simulator.entire"]["euc"] == 123456
    assert "at least this number" in row.note


def test_that_columns_that_touch_are_told_apart() -> None:
    report = read_report(texts.PAIRS5)

    assert report.form == "pairs5"
    assert values(report, "/convDb/Conv_output_0") == {
        "simulator.entire": {"cos": 0.99605, "euc": 4726.69971},
        "simulator.single": {"cos": 0.99971, "euc": 1295.12781},
    }
    assert values(report, "/relu/Relu_output_0")["simulator.single"] == {"cos": 0.99798, "euc": 459.11238}


def test_that_a_report_without_its_spaces_is_read() -> None:
    report = read_report(texts.COLLAPSED)

    assert [row.tensor for row in report.rows] == ["images", "/model.0/conv/Conv_output_0", "131"]
    assert values(report, "/model.0/conv/Conv_output_0") == {
        "simulator.entire": {"cos": 0.99993, "euc": 92.6},
        "simulator.single": {"cos": 0.99994, "euc": 92.601},
    }


def test_that_two_cells_of_a_board_report_without_its_spaces_are_the_simulators_and_that_it_is_said() -> None:
    report = read_report("\n".join(" ".join(line.split()) for line in texts.PAIRS.splitlines()))

    assert values(report, "Add.187-rs").keys() == {"simulator.entire", "simulator.single"}
    assert values(report, "relu1")["runtime.entire"] == {"cos": 0.99996, "euc": 5.2593}
    assert any("Spaces" in note for note in report.notes)


def test_that_the_oldest_form_has_no_operators_and_its_simu_err_is_of_the_whole_run() -> None:
    report = read_report(texts.OLDEST)

    assert report.form == "quant_error"
    assert [row.op for row in report.rows] == [""] * 4
    assert values(report, "/stem/Relu_output_0") == {
        "simulator.entire": {"cos": 0.999134},
        "simulator.single": {"cos": 0.999251},
        "runtime.entire_sim": {"cos": 0.999958},
        "runtime.entire": {"cos": 0.999135},
    }


def test_that_every_line_of_toolkit_1_gives_its_numbers() -> None:
    report = read_report(texts.TOOLKIT1, "entire_qnt_error_analysis.txt")

    assert report.form == "toolkit1"
    assert values(report, "scope_Relu6_3_15") == {
        "simulator.entire": {"euc_norm": 0.611659, "cos_norm": 0.812937, "euc": 55.594463, "cos": 0.812937}
    }
    assert values(report, "attach_scope_Conv2D_4_out0_1")["simulator.entire"]["cos"] == -0.126335
    assert values(report, "convolution_55")["simulator.entire"]["euc"] == 381.308289
    assert values(report, "inputs_15") == {
        "simulator.entire": {"euc_norm": 0.002681, "cos_norm": 0.999996, "cos": 0.999996}
    }
    assert math.isnan(values(report, "24_Sigmoid_47")["simulator.entire"]["cos"])


def test_that_names_of_toolkit_1_tell_operator_shape_and_bits() -> None:
    report = read_report(texts.TOOLKIT1, "entire_qnt_error_analysis.txt")

    assert report.by_tensor["scope_Relu6_3_15"].shape == (1, 64, 6, 5)  # the network's order
    assert report.by_tensor["Conv__stem_stem.0_conv_Conv_57"].op == "Conv"
    assert report.by_tensor["convolution_55"].op == "convolution"
    assert [report.by_tensor[name].bits for name in ("inputs_15", "Resize__Resize_3")] == ["u8", "None"]


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("entire_qnt_error_analysis.txt", "simulator.entire"),
        ("individual_qnt_error_analysis.txt", "simulator.single"),
        ("individual_qnt_error_analysis_on_npu.txt", "runtime.single"),
    ],
)
def test_that_the_files_name_tells_which_error_toolkit_1_printed(file: str, column: str) -> None:
    report = read_report(texts.TOOLKIT1, file)

    assert report.columns == (column,)
    assert report.notes == ()


def test_that_toolkit_1s_lines_without_a_files_name_are_said_to_be_a_guess() -> None:
    assert "does not say which" in read_report(texts.TOOLKIT1).notes[0]


@pytest.mark.parametrize(
    "wrapped",
    [
        "conv_1\n  eculidean_norm=0.5 cosine_norm=0.875 eculidean=2.0 cosine=0.875\n",
        "conv_1\n12  eculidean_norm=0.5 cosine_norm=0.875 eculidean=2.0 cosine=0.875\n".replace("12  ", "  "),
        "12   conv_1\n\teculidean_norm=0.5 cosine_norm=0.875\n\teculidean=2.0 cosine=0.875\n",
        "12   conv_1 eculidean_norm=0.5 cosine_norm=0.875\n eculidean=2.0 cosine=0.875\n",
    ],
)
def test_that_lines_of_toolkit_1_may_be_wrapped(wrapped: str) -> None:
    report = read_report(wrapped + wrapped.replace("conv_1", "conv_2"))

    assert [row.tensor for row in report.rows] == ["conv_1", "conv_2"]
    assert values(report, "conv_2")["simulator.entire"] == {
        "euc_norm": 0.5, "cos_norm": 0.875, "euc": 2.0, "cos": 0.875,
    }  # fmt: skip


def test_that_the_reports_of_a_folder_of_toolkit_1_are_one(tmp_path: Path) -> None:
    (tmp_path / "entire_qnt_error_analysis.txt").write_text(texts.TOOLKIT1)
    (tmp_path / "individual_qnt_error_analysis.txt").write_text(texts.TOOLKIT1.replace("0.723131", "0.9"))

    report = read_report_file(tmp_path)

    assert report.columns == ("simulator.entire", "simulator.single")
    assert values(report, "convolution_55")["simulator.single"]["cos"] == 0.9
    assert len(report.rows) == 7


def changed(text: str, how: str) -> str:
    lines = text.splitlines()
    ways = {
        "# ": [f"# {line}" for line in lines],
        "> ": [f"> {line}" for line in lines],
        "> > ": [f"> > {line}" for line in lines],
        "indented": [f"    {line}" for line in lines],
        "fenced": ["Here it is:", "", "```", *lines, "```", "Why is it so bad?"],
        "crlf": [f"{line}\r" for line in lines],
        "colours": [f"\x1b[1;33m{line}\x1b[0m" for line in lines],
        "half colours": [f"[1;31m{line}[0m" for line in lines],
        "noted": [f"{line}   <-- look here" if line.startswith("[") else line for line in lines],
        "shortened": [more for line in lines for more in (line, "...")],
        "headless": [line for line in lines if not re.match(r"#|layer_name|\s+entire|\s+cos|---", line)],
        "trailing": [f"{line}          " for line in lines],
        "no-break": [line.replace(" ", "\u00a0") for line in lines],
        "logged": [
            "I rknn building ...",
            *lines,
            "I The error analysis results save to: ./snapshot/error_analysis.txt",
        ],
    }
    return "\n".join(ways[how])


PASTES = (
    "# ", "> ", "> > ", "indented", "fenced", "crlf", "colours", "half colours", "noted", "headless", "trailing",
    "no-break", "logged",
)  # fmt: skip


ALONE = {("OLDEST", "headless"), ("OLDEST", "fenced")}  # there a name alone is only a row under its head, and last


@pytest.mark.parametrize(("which", "how"), [pair for pair in product(EVERY, PASTES) if pair not in ALONE])
def test_that_a_paste_says_what_the_file_said(which: str, how: str) -> None:
    original = getattr(texts, which)

    report, expected = read_report(changed(original, how), "entire.txt"), read_report(original, "entire.txt")

    assert [(row.op, row.tensor, row.texts) for row in report.rows] == [
        (row.op, row.tensor, row.texts) for row in expected.rows
    ]


@pytest.mark.parametrize("which", ["COSINE", "PAIRS", "PAIRS5"])
def test_that_lines_of_dots_between_rows_are_no_rows(which: str) -> None:
    original = getattr(texts, which)

    assert len(read_report(changed(original, "shortened")).rows) == len(read_report(original).rows)


def test_that_what_people_write_behind_the_numbers_is_kept_as_a_note() -> None:
    report = read_report(changed(texts.PAIRS, "noted"))

    assert report.by_tensor["relu1"].note == "<-- look here"
    assert report.by_tensor["conv1/scale"].note == "<-- look here"


@pytest.mark.parametrize("before", ["2024-05-01 12:00:00,123 INFO ", "[INFO] ", "app_1  | ", "I RKNN: [12:00:00.123] "])
def test_that_rows_behind_what_a_log_puts_before_them_are_read(before: str) -> None:
    text = "".join(f"{before}{line}\n" for line in texts.PAIRS.splitlines())

    found, expected = read_report(text), read_report(texts.PAIRS)

    filled = [row for row in expected.rows if row.values]
    assert [(row.op, row.tensor, row.texts) for row in found.rows if row.values] == [
        (row.op, row.tensor, row.texts) for row in filled
    ]


def test_that_a_markdown_table_is_read() -> None:
    table = "| layer | entire cos | euc | single cos | euc |\n|---|---|---|---|---|\n"
    table += "| [Conv] /a/Conv_output_0 | 0.99993 | 92.600 | 0.99994 | 92.601 |\n| [Relu] b | | | | |\n"

    report = read_report(table)

    assert values(report, "/a/Conv_output_0") == {
        "simulator.entire": {"cos": 0.99993, "euc": 92.6},
        "simulator.single": {"cos": 0.99994, "euc": 92.601},
    }
    assert values(report, "b") == {}


def test_that_numbers_on_the_line_below_a_long_name_are_its_numbers() -> None:
    report = read_report("[Conv] /a/Conv_output_0\n      0.99993 | 92.600    0.99994 | 92.601\n[Relu] b\n")

    assert values(report, "/a/Conv_output_0")["simulator.single"] == {"cos": 0.99994, "euc": 92.601}


def test_that_the_last_of_several_reports_counts_and_that_it_is_said() -> None:
    report = read_report(texts.PAIRS5 + texts.PAIRS)

    assert report.form == "pairs"
    assert "2 reports" in report.notes[0]


def test_that_the_versions_line_of_a_log_tells_the_version() -> None:
    report = read_report("W __init__: rknn-toolkit2 version: 1.5.0+1fa95b5c\n" + texts.COSINE)

    assert report.version_guess == "rknn-toolkit2 1.5.0+1fa95b5c"
    assert read_report(texts.COSINE).version_guess == "rknn-toolkit2 up to 1.5.2"


@pytest.mark.parametrize(
    "text", ["", "hello", "layer_name\n----\n", "[Conv] x\n[Relu] y\n", "\0\1\2", "[INFO] started"]
)
def test_that_another_text_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(ReportError) as caught:
        read_report(text)

    assert caught.value.hint


@pytest.mark.parametrize("which", EVERY)
def test_that_a_report_cut_anywhere_or_damaged_is_read_or_refused(which: str) -> None:
    text = getattr(texts, which)
    signs = random.Random(1)
    for at in range(0, len(text), 7):
        damaged = text[:at] + signs.choice("|[]0. \x1b\n#nan") + text[at + signs.randrange(9) :]
        for attempt in (text[:at], text[at:], damaged):
            with suppress(ReportError):
                assert read_report(attempt).rows


def test_that_endless_words_are_refused_soon() -> None:
    """A pattern that tries every beginning of a word would take hours."""
    with pytest.raises(ReportError):
        read_report("0" * 200_000 + "\n" + "1.0" * 60_000 + "\n" + "a_" * 100_000)


def test_that_the_log_of_a_failed_analysis_says_why_there_is_no_report() -> None:
    with pytest.raises(ReportError, match="only the toolkit's error: Something broke") as caught:
        read_report("I rknn building ...\nE accuracy_analysis: Something broke\n")

    assert caught.value.hint


def test_that_a_folder_without_a_report_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.txt"):
        with pytest.raises(ReportError, match=str(path)):
            read_report_file(path)


def test_that_rows_of_one_report_only_are_kept_when_reports_are_joined() -> None:
    one, other = read_report("[Conv] a  0.99993 | 92.600"), read_report("[Conv] b  0.99994 | 92.601")

    assert [row.tensor for row in joined([one, other]).rows] == ["a", "b"]


@pytest.mark.parametrize(
    ("place", "rows", "blank", "form"),
    [
        ("tcn_sim_only", 43, 15, "pairs"),
        ("mobilenetv2_rk3588_runtime", 102, 35, "pairs"),
        ("yolov6_rk356x_oldformat/snapshot", 167, 0, "quant_error"),
        ("yolov6_rk356x_oldformat/snapshot_rk", 167, 0, "quant_error"),
    ],
)
def test_that_real_reports_give_every_number_that_they_print(
    shared: Path, place: str, rows: int, blank: int, form: str
) -> None:
    path = shared / "artifacts" / place
    if not path.is_dir():
        pytest.skip(f"needs {path}")
    text = (path / "error_analysis.txt").read_text()
    printed = re.findall(r"(?<=\s)-?\d+\.\d*(?=\s|$)", text.partition("-----\n")[2])

    report = read_report_file(path)

    found = [text for row in report.rows for column in row.texts.values() for text in column.values()]
    assert found == printed
    assert (len(report.rows), sum(not row.values for row in report.rows), report.form) == (rows, blank, form)


def test_that_every_known_example_gives_every_number_that_it_prints(shared: Path) -> None:
    path = shared / "reference" / "rknn_facts.md"
    if not path.is_file():
        pytest.skip(f"needs {path}")
    section = path.read_text().partition("### 2.3")[2].partition("## 3. ")[0]
    examples = [text for text in re.findall(r"```\n(.*?)```", section, re.DOTALL) if "qnt_npu_dump" not in text]

    for example in examples:
        report = read_report(example)

        apart = example.replace("4726.699710.99971", "4726.69971 0.99971")
        printed = re.findall(r"(?<![\w.])(?:-?\d+\.\d*|q_nan)(?![\w.])", apart)
        found = [text for row in report.rows for column in row.texts.values() for text in column.values()]
        added = sum("cosine_norm=" in line and "cosine=" not in line for line in example.splitlines())
        assert len(found) == len(printed) + added  # there cos is cosine_norm
        assert sorted(found)[:1] == sorted(printed)[:1]
        assert set(found) == set(printed)
    assert len(examples) == 16


def test_that_a_table_longer_than_any_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.sources.toolkit.report_rows.MOST", 3)
    with pytest.raises(ReportError, match="more than 3 rows"):
        read_report(texts.PAIRS5)


def test_that_bytes_are_not_quoted_as_an_error_of_the_toolkit() -> None:
    with pytest.raises(ReportError, match="has no report"):
        read_report("\0\0 \x07\nE build: \x1b]0;title\x07\0")
