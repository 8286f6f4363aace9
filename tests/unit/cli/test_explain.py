"""`explain` and `repair`."""

import io
import json
import os
from pathlib import Path

import pytest

from workbench.cli.app import main

LOG = (
    "W load_onnx: The config.mean_values is None, zeros will be set for input 0!\n"
    "E build: Dataset file none.txt not found!\n"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "toolkit.log"
    path.write_text(LOG)
    return path


@pytest.fixture
def prototxt(tmp_path: Path) -> Path:
    path = tmp_path / "net.prototxt"
    path.write_text('layer { name: "p" pooling_param { round_mode: FLOOR } }\n')
    return path


def test_that_a_log_is_explained_with_its_line(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(log)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("✖ There is no dataset none.txt  ← likeliest cause\n  line 2: E build: Dataset file")
    assert "mean" not in shown


def test_that_harmless_messages_are_told_when_asked_for(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", str(log), "--all"])
    assert "● No mean or standard deviation was given" in capsys.readouterr().out


def test_that_what_is_piped_in_is_explained_in_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(LOG))
    assert main(["explain", "--language", "zh_CN"]) == 0
    assert "数据集 none.txt 不存在" in capsys.readouterr().out


def test_that_the_document_names_messages_and_the_likeliest(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(log), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (message,) = document["messages"]
    assert document["likeliest"] == message["key"] == "dataset-missing"
    assert (message["line"], message["values"], message["kind"]) == (2, {"path": "none.txt"}, "cause")


def test_that_a_log_of_no_known_message_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.log"
    path.write_text("done")
    assert main(["explain", str(path)]) == 0
    assert capsys.readouterr().out == "None of 1 lines is a known message of the toolkit.\n"


@pytest.mark.parametrize("arguments", [["explain", "absent.log"], ["explain", "--language", "fr"]])
def test_that_what_cannot_be_explained_is_one_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_that_a_repair_is_shown_before_anything_is_written(prototxt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repair", str(prototxt)]) == 0
    shown = capsys.readouterr()
    assert '+layer { name: "p" pooling_param { ceil_mode: false } }\n' in shown.out
    assert "Nothing is written yet" in shown.err
    assert [path.name for path in prototxt.parent.iterdir() if path.is_file()] == ["net.prototxt"]


def test_that_a_copy_is_written_where_it_is_asked_for(prototxt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = prototxt.with_name("copy.prototxt")
    assert main(["repair", str(prototxt), "--how", "caffe-round-mode", "-o", str(copy), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == [str(copy)]
    assert "ceil_mode: false" in copy.read_text()


def test_that_a_repair_in_place_is_refused(prototxt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repair", str(prototxt), "-o", str(prototxt)]) == 2
    assert "never work in place" in capsys.readouterr().err


def test_that_of_several_repairs_one_has_to_be_chosen(prototxt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prototxt.write_text(prototxt.read_text() + 'layer { name: "_a" }\n')
    assert main(["repair", str(prototxt)]) == 2
    assert "--how caffe-round-mode (" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "words"), [("absent.prototxt", "Cannot open"), ("notes.md", "No repair changes")])
def test_that_a_file_without_a_repair_is_refused(
    name: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.md").touch()
    assert main(["repair", str(tmp_path / name)]) == 2
    assert words in capsys.readouterr().err


def test_that_a_log_without_an_end_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("workbench.cli.explain.LARGEST", 1 << 20)
    assert main(["explain", "/dev/zero"]) == 2
    assert "larger than 1 MiB" in capsys.readouterr().err


def test_that_a_pipe_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.prototxt")
    assert main(["repair", str(tmp_path / "pipe.prototxt")]) == 2
    assert "is no file" in capsys.readouterr().err
