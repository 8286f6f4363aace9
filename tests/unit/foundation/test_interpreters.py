"""Rules of finding another interpreter."""

import sys
from pathlib import Path

import pytest

from workbench.foundation.interpreters import interpreters, with_module
from workbench.foundation.settings import settings_folder


def environment(folder: Path, *packages: str) -> Path:
    """Something like a virtual environment, with these packages."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    for package in packages:
        (folder / "lib" / "python3.8" / "site-packages" / package).mkdir(parents=True)
    return python


@pytest.fixture(autouse=True)
def _no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("RKNN_WORKBENCH_PYTHON", "RKNN_TOOLKIT_PYTHON"):
        monkeypatch.delenv(variable, raising=False)


def test_that_this_interpreter_comes_first() -> None:
    assert with_module("numpy") == Path(sys.executable)


def test_that_the_standalone_program_is_no_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert with_module("numpy") != Path(sys.executable)
    having = environment(tmp_path / "with", "numpy")
    monkeypatch.setenv("RKNN_WORKBENCH_PYTHON", str(having))
    assert with_module("numpy") == having


def test_that_the_one_is_taken_that_has_the_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RKNN_WORKBENCH_PYTHON", str(environment(tmp_path / "without")))
    having = environment(tmp_path / "with", "no_such_module")
    monkeypatch.setenv("RKNN_TOOLKIT_PYTHON", str(having))
    assert with_module("no_such_module") == having


def test_that_a_described_toolkit_is_looked_into(tmp_path: Path) -> None:
    python = environment(tmp_path / "toolkit", "no_such_module")
    folder = settings_folder() / "toolkits"
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text("python = ")
    (folder / "mine.toml").write_text(f"python = '{python}'")
    assert with_module("no_such_module") == python


def test_that_what_cannot_be_run_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RKNN_WORKBENCH_PYTHON", str(tmp_path / "nowhere"))
    assert tmp_path / "nowhere" not in tuple(interpreters())
    assert with_module("no_such_module") is None
