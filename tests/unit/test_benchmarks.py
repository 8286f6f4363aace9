"""The command that runs all benchmarks."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as benchmarks

FOLDER = Path(benchmarks.__file__).parent
BY_HAND = {"bench_foreign_golden", "bench_vendor_window", "list_networks"}  # looked at, without limits
SHARED = {"given_inputs"}


def test_that_every_benchmark_is_run_by_the_one_command() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "__main__"}
    modules |= {path.parent.name for path in FOLDER.glob("*/__main__.py")}

    assert {one.module for one in benchmarks.BENCHMARKS.values()} == modules - BY_HAND - SHARED
    assert all(find_spec(f"tests.benchmarks.{one.module}") for one in benchmarks.BENCHMARKS.values())


def test_that_a_section_says_what_was_run_and_how_it_ended() -> None:
    one = benchmarks.Benchmark("Small", "bench_metrics", (), ("--elements", "5000", "--turns", "1"))

    text, status = benchmarks.section(one, "short")

    assert status == 0
    assert "## Small" in text
    assert "`python -m tests.benchmarks.bench_metrics --elements 5000 --turns 1`: all limits hold;" in text
    assert "measure, float32" in text


def test_that_a_benchmark_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = benchmarks.Benchmark("Broken", "bench_metrics", ("--elements", "many"))
    monkeypatch.setattr(benchmarks, "BENCHMARKS", {"broken": broken})
    page = tmp_path / "page.md"
    monkeypatch.setattr("sys.argv", ["benchmarks", "--only", "broken", "-o", str(page)])

    assert benchmarks.main() == 1

    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Benchmarks of RKNN Workbench")
    assert "failed with exit status 2" in text
    assert "invalid int value: 'many'" in text
