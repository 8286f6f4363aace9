"""Reports of defects."""

import getpass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import workbench
from workbench.foundation import crashes
from workbench.foundation.crashes import KEPT, crashes_folder, report_defect, started_as, write_report


def defect(text: str = "lost") -> KeyError:
    """An error that was raised here."""
    try:
        raise KeyError(text)
    except KeyError as error:
        return error


def test_that_a_report_tells_what_is_needed_to_find_the_defect() -> None:
    path = report_defect(defect(), started_as("rknn-workbench", ["analyze", "my net.onnx"]), ["12:00:00 Saved."])
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert text.startswith("RKNN Workbench, defect: KeyError: 'lost'\n")
    assert f"version: {workbench.__version__}" in text
    assert "started: rknn-workbench analyze 'my net.onnx'" in text
    assert "numpy " in text
    assert "raise KeyError(text)" in text
    assert "12:00:00 Saved." in text


def test_that_a_report_names_neither_home_nor_user_nor_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "annabel")
    monkeypatch.setenv("HOME", "/home/annabel")
    monkeypatch.setenv("USERPROFILE", "/home/annabel")
    started = started_as("rknn-workbench", ["analyze", "/home/annabel/a.onnx", "--password", "hunter2"])
    path = report_defect(defect("/home/annabel/a.npy password=hunter2"), started, ["annabel's board"])
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert "~/a.npy" in text
    assert "~/a.onnx" in text
    assert "annabel" not in text
    assert "hunter2" not in text


def test_that_the_same_defect_again_has_the_same_report() -> None:
    reports = []
    for number in range(3):
        try:
            raise KeyError(number)
        except KeyError as error:
            reports.append(report_defect(error, "here"))
    assert reports[0] is not None
    assert len(set(reports)) == 1
    reports[0].unlink()
    assert report_defect(defect(), "here") is not None


def test_that_the_newest_are_kept() -> None:
    start = datetime(2026, 1, 1).astimezone()
    made = [write_report("defect", start + timedelta(minutes=n), "here", {}) for n in range(KEPT + 3)]
    assert sorted(crashes_folder().iterdir()) == sorted(made[3:])


def test_that_names_that_are_no_text_are_written_all_the_same() -> None:
    path = report_defect(defect("b\udcff.onnx"), "here \udcff")
    assert path is not None
    assert "b\\udcff.onnx" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["file", "full"])
def test_that_no_room_for_a_report_is_no_failure(
    content: str, user_settings_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content == "file":
        user_settings_folder.write_text("a file where a folder should be")
    else:
        monkeypatch.setattr(Path, "write_text", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
    assert report_defect(defect(), "here") is None
    if content == "full":
        assert list(crashes_folder().iterdir()) == []


def test_that_a_defect_of_the_report_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crashes, "_facts", lambda *_: 1 / 0)
    assert report_defect(defect(), "here") is None
