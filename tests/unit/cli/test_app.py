import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import workbench
from workbench.cli import demo, doctor
from workbench.cli.app import COMMANDS, GROUPS, main
from workbench.cli.doctor import Check
from workbench.foundation.crashes import crashes_folder
from workbench.foundation.errors import WorkbenchError

HEAVY = ("numpy", "onnx", "onnxruntime", "cv2", "h5py", "jinja2", "rich", "PySide6")


def raising(error: BaseException) -> Iterator[Check]:
    raise error
    yield


def test_that_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"rknn-workbench {workbench.__version__}\n"


MEMBERS = [f"{group} {member}" for group, (_, members) in GROUPS.items() for member in members]


@pytest.mark.parametrize("command", [*COMMANDS, *MEMBERS])
def test_that_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--json" in shown
    assert "--quiet" in shown
    assert "--jobs" in shown


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["analyze", "--help"], ["analyze"]])
def test_that_nothing_heavy_is_imported_before_it_is_needed(arguments: list[str]) -> None:
    code = (
        "import sys; from workbench.cli.app import main; main(sys.argv[1:]);"
        f"print(*(name for name in {HEAVY} if name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["analyze"], "Missing argument"),
        (["analyze", "net.onnx", "--nonsense"], "--nonsense"),
        (["analyze", "net.onnx", "-o", "s", "--optimization-level", "9"], "--optimization-level"),
        (["compare", "a", "b", "--jobs", "many"], "--jobs"),
        (["export", "s", "--format", "docx", "-o", "x"], "html, csv, json, npy"),
        (["capi"], "capi: Missing command. See rknn-workbench capi --help."),
        (["capi", "nothing"], "No such command 'nothing'"),
        (["capi", "input"], "capi input: Missing argument"),
        (["no-such-thing"], "neither a command nor an existing path"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_that_wrong_usage_is_one_sentence_and_status_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert len(err.splitlines()) == 1


def test_that_an_error_with_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "s", "--format", "bundle", "-o", "x", "--json"]) == 2
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["schema"] == 1
    assert document["error"]["message"] in err


def test_that_a_defect_is_status_3_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "checks", lambda: raising(ZeroDivisionError("oops")))
    assert main(["doctor"]) == 3
    err = capsys.readouterr().err
    assert "This is a defect of the program" in err
    assert "ZeroDivisionError: oops" in err


def test_that_a_defect_names_its_report(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "checks", lambda: raising(ZeroDivisionError("oops")))
    assert main(["doctor", "--json"]) == 3
    (report,) = crashes_folder().iterdir()
    assert str(report) in capsys.readouterr().err
    text = report.read_text(encoding="utf-8")
    assert "started: rknn-workbench doctor --json" in text
    assert "ZeroDivisionError: oops" in text


def test_that_a_defect_is_told_where_no_report_can_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], user_settings_folder: Path
) -> None:
    user_settings_folder.write_text("a file where a folder should be")
    monkeypatch.setattr(doctor, "checks", lambda: raising(ZeroDivisionError("oops")))
    assert main(["doctor"]) == 3
    err = capsys.readouterr().err
    assert "ZeroDivisionError: oops" in err
    assert "More for the report" not in err


def test_that_an_interrupt_is_status_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "checks", lambda: raising(KeyboardInterrupt()))
    assert main(["doctor"]) == 130
    out, err = capsys.readouterr()
    assert (out, err.strip()) == ("", "Cancelled.")


def test_that_a_path_or_nothing_opens_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[str]] = []

    def window(arguments: list[str]) -> int:
        opened.append(list(arguments))
        return 0

    monkeypatch.setattr(demo, "window", window)
    assert main([]) == main([__file__]) == main(["demo"]) == 0
    assert opened == [[], [__file__], ["--demo"]]


def test_that_a_missing_window_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith(("workbench.ui", "PySide6"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "PySide6", None)
    assert main([]) == 2
    assert 'pip install "rknn-workbench[gui]"' in capsys.readouterr().err


def test_that_a_missing_display_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([]) == 2
    assert "demo --headless" in capsys.readouterr().err


def test_that_another_missing_module_is_a_defect(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def window(arguments: list[str]) -> int:
        raise ModuleNotFoundError("No module named 'h5py'", name="h5py")

    monkeypatch.setattr(demo, "window", window)
    assert main([]) == 3
    assert "defect" in capsys.readouterr().err


def test_that_the_hint_follows_the_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "checks", lambda: raising(WorkbenchError("It is broken.", "Mend it.")))
    assert main(["doctor"]) == 2
    assert capsys.readouterr().err == "rknn-workbench: It is broken. Mend it.\n"
