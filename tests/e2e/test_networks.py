"""Every network of the test material, analysed in w8a8 and in fp16."""

import math
import os
from pathlib import Path

import pytest

from tests.cases import Case, cases, session
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze
from workbench.project.results import load_results

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
CASES = tuple(cases(SHARED)) if (SHARED / "models" / "cases.json").is_file() else ()


# a quantised network keeps its own quantization whatever is asked for: once is enough
RUNS = [(case, dtype) for case in CASES for dtype in ("w8a8", "fp16") if case.is_float or dtype == "w8a8"]


@pytest.mark.parametrize(("case", "dtype"), RUNS or [(None, "")], ids=lambda item: getattr(item, "name", item))
def test_that_every_network_gets_a_layer_table(case: Case | None, dtype: str, shared: Path, tmp_path: Path) -> None:
    assert case is not None
    results = drain(analyze(session(shared, case, tmp_path, calibration=2, dtype=dtype), tmp_path / "session"))
    assert load_results(tmp_path / "session") == results
    assert all("simulator.entire" in row.errors for row in results.rows)
    outputs = [row for row in results.rows if row.tensor in results.outputs]
    assert {row.tensor for row in outputs} == set(results.outputs)
    cosines = [row.errors["simulator.entire"].mean.get("cos", math.nan) for row in outputs]
    assert min(cosines) > (0.8 if dtype == "w8a8" else 0.999)
