import math

import pytest

from tests.unit.report.runs import Run, with_errors
from workbench.cli.limits import check_limits, read_limits
from workbench.cli.options import Limits
from workbench.foundation.errors import SettingsError
from workbench.project.results import Results


def status(run: Run, limits: Limits, **values: float) -> int:
    row = with_errors(run.results.rows[0], "simulator.entire", **values)
    return check_limits(Results(rows=(row,)), read_limits(limits))


@pytest.mark.parametrize(("cos", "expected"), [(0.99, 0), (0.9899, 1), (math.nan, 1)])
def test_that_a_cosine_below_its_limit_is_status_1(run: Run, cos: float, expected: int) -> None:
    assert status(run, Limits(fail_under=["cos=0.99"]), cos=cos) == expected


@pytest.mark.parametrize(("euc", "expected"), [(10.0, 0), (10.5, 1), (math.inf, 1)])
def test_that_a_distance_above_its_limit_is_status_1(run: Run, euc: float, expected: int) -> None:
    assert status(run, Limits(fail_over=["euc=10"]), euc=euc) == expected


def test_that_single_errors_miss_no_limit(run: Run) -> None:
    assert check_limits(run.results, read_limits(Limits(fail_under=["cos=0.5"]))) == 0


def test_that_a_missed_limit_names_the_worst_layer(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    status(run, Limits(fail_under=["cos=0.99"]), cos=0.5)
    assert "simulator.entire cos of input is 0.5, below 0.99" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["cos", "cos=", "cos=high", "cosine=0.9", "=1", "cos=nan"])
def test_that_a_limit_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="--fail-under"):
        read_limits(Limits(fail_under=[text]))
