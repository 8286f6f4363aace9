"""What a diagnosis says of float16, beside what the vendor's own simulator does there."""

from pathlib import Path

import pytest

from tests.unit.diagnose.real_runs import case_files
from workbench.diagnose.findings import NOTE
from workbench.foundation.steps import drain
from workbench.project.findings.diagnosing import diagnose
from workbench.project.pipeline import analyze

pytestmark = pytest.mark.toolkit


def test_that_the_constant_of_the_text_detector_harms_nothing_in_the_toolkit(
    shared: Path, tmp_path: Path, toolkit_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hence a note: a variance of 4.8e7 is beyond float16, and the toolkit folds it (at optimization level 0, too)."""
    monkeypatch.setenv("RKNN_TOOLKIT_PYTHON", str(toolkit_python))
    session = case_files(shared, "ppocr_det", tmp_path, "fp16", simulator="toolkit")

    results = drain(analyze(session, tmp_path / "session"))

    errors = [row.errors["simulator.entire"].mean for row in results.rows if "simulator.entire" in row.errors]
    assert len(errors) > 150
    assert not any(item.get("nan") or item.get("inf") for item in errors)
    found = drain(diagnose(tmp_path / "session", tried=0)).findings
    assert [(one.cause, one.level) for one in found] == [("fp16-constant-overflow", NOTE)]
