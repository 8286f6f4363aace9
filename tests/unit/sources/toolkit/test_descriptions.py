"""Toolkits that are described, named or set up."""

import sys
from pathlib import Path

import pytest

from workbench.foundation.interpreters import description_folder
from workbench.sources.toolkit import descriptions
from workbench.sources.toolkit.descriptions import (
    DescriptionError,
    Toolkit,
    broken,
    describe,
    described,
    forget,
    read_description,
    usual_toolkit,
)


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """No toolkit besides those of the test."""
    monkeypatch.delenv(descriptions.VARIABLE, raising=False)
    monkeypatch.setattr(descriptions, "FOLDER", "no-such-folder")


def test_that_a_description_is_read_as_it_was_written() -> None:
    toolkit = Toolkit('my "toolkit" 工具', Path("/opt/py/bin/python"), {"LD_LIBRARY_PATH": "C:\\x", "A b": ""}, 60.0)

    path = describe(toolkit)

    assert described() == (toolkit,)
    assert path.parent == description_folder()


def test_that_the_described_go_before_the_named(monkeypatch: pytest.MonkeyPatch) -> None:
    describe(Toolkit("second", Path("/b")))
    describe(Toolkit("first", Path("/a")))
    monkeypatch.setenv(descriptions.VARIABLE, "/named")

    assert [toolkit.python for toolkit in described()] == [Path("/a"), Path("/b"), Path("/named")]


def test_that_one_interpreter_is_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    describe(Toolkit("mine", Path("/a/python")))
    monkeypatch.setenv(descriptions.VARIABLE, "/a/../a/python")

    assert [toolkit.name for toolkit in described()] == ["mine"]


def test_that_the_usual_one_is_the_first_that_can_run(monkeypatch: pytest.MonkeyPatch) -> None:
    describe(Toolkit("gone", Path("/nowhere/python")))
    monkeypatch.setenv(descriptions.VARIABLE, sys.executable)

    assert usual_toolkit().python == Path(sys.executable)


def test_that_without_one_the_user_is_told_how_to_get_it() -> None:
    with pytest.raises(DescriptionError, match=r"not set up. Run `rknn-workbench doctor --setup-toolkit`"):
        usual_toolkit()


def test_that_an_interpreter_that_is_gone_is_named() -> None:
    describe(Toolkit("gone", Path("/nowhere/python")))

    with pytest.raises(DescriptionError, match="gone has no interpreter: /nowhere/python"):
        usual_toolkit()


def test_that_the_python_may_stand_relative_to_its_description_or_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    file = tmp_path / "t.toml"
    file.write_text('python = "venv/bin/python"')
    assert read_description(file) == Toolkit("t", tmp_path / "venv/bin/python")
    file.write_text('python = "~/venv/bin/python"')
    assert read_description(file).python == Path("/home/me/venv/bin/python")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("python =", "is no TOML"),
        ("name = 'x'", "names no python"),
        ("python = 3", "names no python"),
        ("python = 'p'\npyhton = 'q'", "unknown key 'pyhton'"),
        ("python = 'p'\nenvironment = {A = 1}", "not a table of texts"),
        ("python = 'p'\nsilence = -1", "no positive number"),
        ("python = 'p'\nsilence = nan", "no positive number"),
    ],
)
def test_that_a_bad_description_is_named_with_its_reason(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_text(text)

    with pytest.raises(DescriptionError, match=f"t.toml.*{reason}"):
        read_description(tmp_path / "t.toml")


@pytest.fixture
def torn(user_settings_folder: Path) -> Path:
    """A description that cannot be read."""
    path = description_folder() / "a-torn.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("python = ")
    return path


def test_that_a_broken_description_hides_no_other_toolkit(torn: Path) -> None:
    describe(Toolkit("mine", Path(sys.executable)))

    assert [toolkit.name for toolkit in described()] == ["mine"]
    assert usual_toolkit().name == "mine"
    assert [str(torn) in error.message for error in broken()] == [True]


def test_that_the_only_description_being_broken_is_the_reason_for_no_toolkit(torn: Path) -> None:
    with pytest.raises(DescriptionError, match=f"{torn.name} is no TOML"):
        usual_toolkit()


def test_that_a_toolkit_is_forgotten_beside_a_broken_description(torn: Path) -> None:
    toolkit = Toolkit("mine", Path(sys.executable))
    describe(toolkit)

    forget(toolkit)

    assert described() == ()
    assert torn.exists()
