"""The toolkit is installed by a script, whose lines are told."""

import os
import sys
from pathlib import Path

import pytest

from tests.made_toolkit import Made
from workbench.foundation.steps import Event, Log, Progress, drain
from workbench.sources.toolkit import descriptions, setting_up
from workbench.sources.toolkit.descriptions import Toolkit, describe, described
from workbench.sources.toolkit.setting_up import SetupError, script, set_up, usual_place


@pytest.fixture
def folder(toolkit_that: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the installation makes: an interpreter that finds a toolkit."""
    monkeypatch.delenv(descriptions.VARIABLE, raising=False)
    monkeypatch.setattr(descriptions, "FOLDER", "no-such-folder")
    packages = toolkit_that().environment["PYTHONPATH"]
    text = f'#!/bin/sh\nPYTHONPATH={packages} exec {sys.executable} "$@"\n'
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(text)
    python.chmod(0o755)
    return tmp_path / "venv"


def use_script(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    (folder / "setup.sh").write_text(text)
    monkeypatch.setattr(setting_up, "script", lambda: folder / "setup.sh")


def test_that_the_script_is_there() -> None:
    assert script().read_text().startswith("#!/usr/bin/env bash")


def test_that_an_installed_program_has_the_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "setup_toolkit.sh").touch()
    monkeypatch.setattr(setting_up, "resource", lambda *parts: tmp_path.joinpath(*parts))

    assert script() == tmp_path / "setup_toolkit.sh"


def test_that_the_script_gets_the_folder_and_its_lines_are_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_script(monkeypatch, tmp_path, 'echo "[toolkit] Installing $*" >&2; echo ignored')
    events: list[Event] = []

    toolkit = drain(set_up(folder, with_tensorflow=True), events.append)

    assert Log(f"Installing --tensorflow {folder}") in events
    assert events[0] == Progress("install", 0, 0)
    assert toolkit.python == folder / "bin" / "python"


def test_that_the_installed_toolkit_is_described_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_script(monkeypatch, tmp_path, "true")

    first, second = drain(set_up(folder)), drain(set_up(folder))

    assert described() == (first,)
    assert second == first


def test_that_another_toolkit_of_the_same_version_keeps_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_script(monkeypatch, tmp_path, "true")
    name = drain(set_up(folder)).name
    descriptions.forget(Toolkit("", folder / "bin" / "python"))
    describe(Toolkit(name, Path("/elsewhere/python")))

    drain(set_up(folder))

    assert len(described()) == 2


def test_that_a_failure_is_told_in_the_scripts_words(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_script(monkeypatch, tmp_path, 'echo "[toolkit] No room left." >&2; exit 2')

    with pytest.raises(SetupError, match=r"could not be installed into .*venv: No room left\."):
        drain(set_up(folder))

    assert described() == ()


def test_that_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(SetupError, match="is not empty, and was not made for the toolkit"):
        drain(set_up(tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_that_cancelling_ends_the_installation(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_script(monkeypatch, tmp_path, 'echo "[toolkit] $$" >&2; sleep 60')
    steps = set_up(folder)
    number = next(int(event.text) for event in steps if isinstance(event, Log))

    steps.close()

    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_that_it_is_proposed_in_the_checkout_or_with_the_users_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setattr(setting_up, "resource", lambda: tmp_path / "resources")
    assert usual_place() == Path("/data/rknn-workbench/toolkit")

    (tmp_path / "pyproject.toml").touch()
    assert usual_place() == tmp_path / ".venv-toolkit"
