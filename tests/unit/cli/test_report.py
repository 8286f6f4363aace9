"""The command that shows a report alone."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.unit.networks import conv_net
from tests.unit.sources.toolkit import report_texts as texts
from workbench.cli.app import main
from workbench.project.session import is_session, load_session


def report_file(folder: Path) -> Path:
    path = folder / "error_analysis.txt"
    path.write_text(texts.PAIRS)
    return path


def test_that_a_report_is_shown_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(report_file(tmp_path)), "-q"]) == 0

    shown = capsys.readouterr().out
    assert "fc7__float16" in shown
    assert "0.98521" in shown


def test_that_a_piped_report_gives_a_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(texts.PAIRS5.encode())))

    assert main(["report", "-", "--json", "-q"]) == 0

    layers = json.loads(capsys.readouterr().out)["layers"]
    assert layers[1]["simulator"]["entire"] == {
        "cos": 0.99605, "euc": 4726.69971, "cos_toolkit": 0.99605, "one_minus_cos": 0.00395,
    }  # fmt: skip
    assert layers[1]["group"] == ["/f/f.0/Conv_output_0"]


def test_that_a_report_is_kept_as_a_session(tmp_path: Path) -> None:
    assert main(["report", str(report_file(tmp_path)), "-o", str(tmp_path / "session"), "-q"]) == 0

    assert is_session(tmp_path / "session")
    assert load_session(tmp_path / "session").model == tmp_path / "session" / "report.model"


def test_that_limits_count_for_a_report_too(tmp_path: Path) -> None:
    assert main(["report", str(report_file(tmp_path)), "-q", "--fail-under", "cos=0.99"]) == 1


def test_that_a_report_of_another_network_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = conv_net(tmp_path)

    assert main(["report", str(report_file(tmp_path)), "--model", str(model), "-q"]) == 2
    assert "another network" in capsys.readouterr().err


def test_that_a_file_without_a_report_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("nothing")

    assert main(["report", str(tmp_path / "a.txt"), "-o", str(tmp_path / "session")]) == 2
    assert "a.txt is no report" in capsys.readouterr().err
    assert not (tmp_path / "session").exists()


def test_that_names_do_not_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = report_file(tmp_path)
    text = path.read_text()
    path.write_text(text.replace("fc7__float16", "fc7\x9b2J<b>../x"))

    assert main(["report", str(path), "-q"]) == 0

    shown = capsys.readouterr().out
    assert "fc7\\x9b2J<b>../x" in shown
    assert not {"\x07", "\x9b"} & set(shown)


def test_that_a_report_without_an_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("workbench.sources.toolkit.report.LARGEST", 1 << 20)
    assert main(["report", "/dev/zero"]) == 2
    assert "larger than 1 MiB" in capsys.readouterr().err
