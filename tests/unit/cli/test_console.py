import json
import sys

import pytest

from workbench.cli.console import print_json, run
from workbench.foundation.steps import Log, Progress, Steps, Warn


def work() -> Steps[int]:
    for done in range(100):
        yield Progress("reference", done, 100)
    yield Progress("simulator", 0, 7)
    yield Log("a line")
    yield Warn("look out")
    return 42


def test_that_progress_is_sparse_and_stays_off_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(work(), quiet=False) == 42
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["reference …", "simulator …", "a line", "warning: look out"]


def test_that_quiet_leaves_only_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    run(work(), quiet=True)
    assert capsys.readouterr() == ("", "warning: look out\n")


def test_that_a_terminal_gets_bars_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run(work(), quiet=False) == 42
    out, err = capsys.readouterr()
    assert out == ""
    assert "warning: look out" in err


def test_that_an_interrupt_closes_the_work() -> None:
    closed = []

    def endless() -> Steps[None]:
        try:
            yield Progress("reference", 0, 0)
            raise KeyboardInterrupt
        finally:
            closed.append(True)

    with pytest.raises(KeyboardInterrupt):
        run(endless(), quiet=True)
    assert closed == [True]


def test_that_json_is_ascii_whatever_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"tensor": "卷积\udc80"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {"tensor": "卷积\udc80"}
