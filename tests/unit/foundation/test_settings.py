"""Rules of what the program remembers for its user."""

import sys
from pathlib import Path

import pytest

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.settings import (
    MOST_RECENT,
    UserSettings,
    load_settings,
    remember,
    save_settings,
    settings_file,
    settings_folder,
)


def write_settings(content: str) -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text(content, encoding="utf-8")


def block_settings_folder() -> None:
    """A file stands where the folder should be made; even root cannot write into it."""
    settings_folder().write_text("in the way")


def test_that_settings_never_saved_are_the_defaults() -> None:
    assert load_settings() == UserSettings(recent=(), theme="system", language="system")


def test_that_saved_settings_come_back() -> None:
    settings = UserSettings(recent=("/data/网络.onnx", "/data/session"), theme="dark", language="zh_CN")

    save_settings(settings)

    assert load_settings() == settings


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"recent": 3}', '{"recent": [1]}', '{"theme": null}', "null", "\x00\x01"]
)
def test_that_a_damaged_file_gives_the_defaults_and_names_the_file(content: str) -> None:
    write_settings(content)

    settings = load_settings()

    assert settings == UserSettings()
    assert str(settings_file()) in settings.problem


def test_that_a_file_that_cannot_be_read_gives_the_defaults_and_the_reason() -> None:
    settings_file().mkdir(parents=True)

    settings = load_settings()

    assert settings == UserSettings()
    assert "Cannot read" in settings.problem


def test_that_an_unknown_entry_of_a_newer_version_does_no_harm() -> None:
    write_settings('{"theme": "light", "font": "large"}')

    assert (load_settings().theme, load_settings().problem) == ("light", "")


def test_that_a_problem_is_never_saved() -> None:
    save_settings(UserSettings(problem="damaged"))

    assert "problem" not in settings_file().read_text()


def test_that_a_problem_in_the_file_is_not_taken_for_a_problem_with_it() -> None:
    write_settings('{"problem": "from elsewhere"}')

    assert load_settings().problem == ""


def test_that_settings_that_cannot_be_saved_are_an_error() -> None:
    block_settings_folder()

    with pytest.raises(WorkbenchError, match=r"Cannot write .*settings\.json"):
        save_settings(UserSettings())


def test_that_the_file_opened_last_stands_first(tmp_path: Path) -> None:
    remember(tmp_path / "a.onnx")
    remember(tmp_path / "b.onnx")

    assert load_settings().recent == (str(tmp_path / "b.onnx"), str(tmp_path / "a.onnx"))


def test_that_a_file_opened_again_is_listed_once(tmp_path: Path) -> None:
    for name in ("a.onnx", "b.onnx", "a.onnx"):
        remember(tmp_path / name)

    assert load_settings().recent == (str(tmp_path / "a.onnx"), str(tmp_path / "b.onnx"))


def test_that_a_relative_path_is_remembered_as_an_absolute_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert remember(Path("net.onnx")).recent == (str(tmp_path / "net.onnx"),)


def test_that_only_the_latest_files_are_kept(tmp_path: Path) -> None:
    for number in range(MOST_RECENT + 3):
        remember(tmp_path / f"{number}.onnx")

    recent = load_settings().recent
    assert len(recent) == MOST_RECENT
    assert recent[-1].endswith("3.onnx")


def test_that_remembering_keeps_the_other_settings(tmp_path: Path) -> None:
    save_settings(UserSettings(theme="dark"))

    remember(tmp_path / "net.onnx")

    assert load_settings().theme == "dark"


def test_that_a_file_that_cannot_be_remembered_is_said_and_stops_nothing(tmp_path: Path) -> None:
    block_settings_folder()

    settings = remember(tmp_path / "net.onnx")

    assert settings.recent == (str(tmp_path / "net.onnx"),)
    assert "Cannot write" in settings.problem


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [("linux", "XDG_CONFIG_HOME", "rknn-workbench"), ("win32", "APPDATA", "rknn-workbench")],
)
def test_that_settings_lie_where_the_platform_keeps_them(
    platform: str, variable: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RKNN_WORKBENCH_SETTINGS")
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))

    assert settings_folder() == tmp_path / folder


def test_that_settings_lie_in_the_library_on_a_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RKNN_WORKBENCH_SETTINGS")
    monkeypatch.setattr(sys, "platform", "darwin")

    assert settings_folder() == Path.home() / "Library" / "Application Support" / "rknn-workbench"


def test_that_settings_lie_under_home_without_a_named_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RKNN_WORKBENCH_SETTINGS")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")

    assert settings_folder() == Path.home() / ".config" / "rknn-workbench"
