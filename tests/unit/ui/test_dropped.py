"""What dropped files and pasted texts are, told by their names and by how they begin."""

from pathlib import Path

import pytest

from tests.unit.sources.toolkit import report_texts as texts
from workbench.ui.models.dropped import kind_of, kind_of_text, sort_out
from workbench.ui.models.explained import explain_text
from workbench.ui.models.pasted import kind_of_paste

LOG = (
    "I rknn-toolkit2 version: 2.5.0\n--> Loading model\nE load_caffe: Deprecated caffe input usage, please change it\n"
)
SPELLING = "rknn.config(mean_values=[[0, 0, 0]], std_values=[[1, 1, 1]])"


def written(folder: Path, name: str, text: str = "x") -> Path:
    (folder / name).write_text(text)
    return folder / name


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.cfg", "# darknet\n[net]\nwidth=8\n", "networks"),
        ("a.quantization.cfg", "custom_quantize_layers: {}\n", "plans"),
        ("dataset.txt", "one.jpg\ntwo.jpg\n", "lists"),
        ("dataset.txt", "a.npy b.npy\nc.npy d.npy\n", "lists"),
        ("error_analysis.txt", texts.PAIRS, "reports"),
        ("issue.md", texts.COSINE, "reports"),
        ("output.txt", LOG, "logs"),
        ("build.log", "anything", "logs"),
        ("readme.md", "# A title\n", "strange"),
        ("a.tflite", "x", "networks"),
        ("a.rknn", "x", "foreign"),
    ],
)
def test_that_a_file_is_what_it_holds(tmp_path: Path, name: str, text: str, kind: str) -> None:
    assert kind_of(written(tmp_path, name, text)) == kind


def test_that_two_halves_are_one_network(tmp_path: Path) -> None:
    halves = [written(tmp_path, "a.caffemodel"), written(tmp_path, "a.prototxt")]
    found = sort_out([*halves, written(tmp_path, "b.onnx")])
    assert found.networks == [tmp_path / "a.prototxt", tmp_path / "b.onnx"]
    assert found.weights == {tmp_path / "a.prototxt": tmp_path / "a.caffemodel"}


def test_that_weights_alone_stay_a_network(tmp_path: Path) -> None:
    found = sort_out([written(tmp_path, "a.caffemodel")])
    assert (found.networks, found.weights) == ([tmp_path / "a.caffemodel"], {})


@pytest.mark.parametrize(
    ("text", "kind"),
    [(texts.PAIRS5, "report"), (LOG, "log"), (SPELLING, "spelling"), ("", ""), ("Dear all", "")],
)
def test_that_a_pasted_text_is_what_it_holds(text: str, kind: str) -> None:
    assert kind_of_paste(text) == kind


def test_that_bytes_that_are_no_text_are_neither_report_nor_log() -> None:
    assert kind_of_text(bytes(range(256)) * 40) == ""


def test_that_the_line_that_explains_most_is_found_among_those_that_are_shown() -> None:
    log = explain_text(LOG + "E build: Catch exception when building RKNN model!\n", "a.log", "en")
    assert log.likeliest is not None
    best = log.found[log.likeliest]
    assert log.lines[best.number - 1] == best.line
    assert best.repair == "caffe-old-input"


def test_that_of_a_very_long_log_only_the_end_is_shown_and_counted() -> None:
    log = explain_text("I nothing\n" * 20_001 + LOG, "a.log", "en")
    assert log.skipped + len(log.lines) == 20_004
    assert log.lines[-1].startswith("E load_caffe")


def test_that_a_folder_with_nothing_but_a_report_is_that_report(tmp_path: Path) -> None:
    written(tmp_path, "error_analysis.txt", texts.PAIRS)
    assert kind_of(tmp_path) == "reports"
