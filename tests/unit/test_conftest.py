"""Rules that every test of this project is held to; each rule is broken here by a test that is run inside a test."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
CONFTEST = Path(__file__).parent.parent / "conftest.py"
Run = Callable[[str], dict[str, int]]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs a test file under this project's conftest in a process of its own and gives the counts."""

    def run_file(source: str) -> dict[str, int]:
        pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
        pytester.makepyfile(source)
        return pytester.runpytest_subprocess("-p", "no:pytest-qt").parseoutcomes()

    return run_file


def test_that_an_unexpected_warning_in_the_log_fails_a_test(run: Run) -> None:
    assert run("import logging\ndef test_it(): logging.warning('oh')") == {"passed": 1, "errors": 1}


def test_that_a_warning_in_the_log_that_was_asked_for_passes(run: Run) -> None:
    source = "import logging\ndef test_it(caplog):\n with caplog.at_level(logging.WARNING): logging.warning('oh')"

    assert run(source) == {"passed": 1}


def test_that_a_log_line_below_a_warning_passes(run: Run) -> None:
    assert run("import logging\ndef test_it(): logging.getLogger().setLevel(10); logging.info('fine')") == {"passed": 1}


def test_that_a_thread_left_running_fails_a_test(run: Run) -> None:
    source = "import threading, time\ndef test_it(): threading.Thread(target=time.sleep, args=(3,)).start()"

    assert run(source) == {"passed": 1, "errors": 1}


def test_that_missing_test_material_skips_with_a_reason(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RKNN_WORKBENCH_SHARED", "/nowhere")

    assert run("def test_it(shared): pass") == {"skipped": 1}


def test_that_a_missing_toolkit_skips_with_a_reason(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RKNN_TOOLKIT_PYTHON", "/nowhere")

    assert run("def test_it(toolkit_python): pass") == {"skipped": 1}
