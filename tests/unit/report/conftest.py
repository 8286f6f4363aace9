"""Finished runs for tests of what writes them down."""

from pathlib import Path

import pytest

from tests.unit.report.runs import Run, make_run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return make_run(tmp_path, samples=1)


@pytest.fixture
def run_of_two(tmp_path: Path) -> Run:
    return make_run(tmp_path, samples=2)
