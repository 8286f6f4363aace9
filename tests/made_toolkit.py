"""A toolkit that does what a test says, to see what the worker and its host make of it: `doubles/rknn`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.sources.toolkit.descriptions import Toolkit

DOUBLES = Path(__file__).with_name("doubles")
Made = Callable[..., Toolkit]
Calls = Callable[[], list[tuple[str, dict[str, Any]]]]


@pytest.fixture
def toolkit_that(tmp_path: Path) -> Made:
    """Makes a toolkit of the given lines of Python; it has this test's interpreter."""
    files = {"CALLS": str(tmp_path / "calls.json"), "RUNS": str(tmp_path / "runs")}

    def make(silence: float = 30.0, **lines: str) -> Toolkit:
        """`lines`: `head`, `config`, `load`, `build`."""
        said = {name.upper(): text for name, text in lines.items()}
        return Toolkit("made", Path(sys.executable), {"PYTHONPATH": str(DOUBLES), **files, **said}, silence)

    return make


@pytest.fixture
def calls(tmp_path: Path) -> Calls:
    """What the toolkit was called with so far."""
    return lambda: [tuple(json.loads(line)) for line in (tmp_path / "calls.json").read_text().splitlines()]
