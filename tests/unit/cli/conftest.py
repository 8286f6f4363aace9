"""The finished run that the report's tests use too."""

from pathlib import Path

import pytest

from tests.unit.report.runs import Run, make_run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return make_run(tmp_path, samples=1)
