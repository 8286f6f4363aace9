"""The command that runs all benchmarks."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as benchmarks

FOLDER = Path(benchmarks.__file__).parent
BY_HAND = {"bench_foreign_golden", "bench_vendor_window", "list_networks"}  # looked at, without limits
SHARED = {"given_inputs", "in_short"}


def test_that_every_benchmark_is_run_by_the_one_command() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "__main__"}
    modules |= {path.parent.name for path in FOLDER.glob("*/__main__.py")}

    assert {one.module for one in benchmarks.BENCHMARKS.values()} == modules - BY_HAND - SHARED
    assert all(find_spec(f"tests.benchmarks.{one.module}") for one in benchmarks.BENCHMARKS.values())


def test_that_what_was_run_is_told_in_short_and_whole() -> None:
    one = benchmarks.Benchmark("Small", "bench_metrics", (), ("--elements", "5000", "--turns", "1"))

    ran = benchmarks.run(one, "short")

    assert ran.state == ("hold", "missed")[ran.status]
    assert "| Small | all metrics of two tensors take" in ran.row()
    assert "## Small" in ran.section()
    assert f"`python -m tests.benchmarks.bench_metrics --elements 5000 --turns 1`: {ran.state};" in ran.section()
    assert "measure, float32" in ran.section()
    assert benchmarks.page([ran]).index(ran.row()) < benchmarks.page([ran]).index("## Small")


def test_that_a_benchmark_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = benchmarks.Benchmark("Broken", "bench_metrics", ("--elements", "many"))
    monkeypatch.setattr(benchmarks, "BENCHMARKS", {"broken": broken})
    page = tmp_path / "page.md"
    monkeypatch.setattr("sys.argv", ["benchmarks", "--only", "broken", "-o", str(page)])

    assert benchmarks.main() == 1

    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Benchmarks of RKNN Workbench")
    assert "| Broken | – | failed with exit status 2 |" in text
    assert "invalid int value: 'many'" in text
