"""The benchmark of fidelity, from its command to its table, on one operator."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.toolkit


def test_that_a_fused_conv_is_bit_for_bit_the_toolkits(toolkit_python: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.fidelity", "--operators", "conv_relu", "--json", "found.json"]
    environment = {**os.environ, "RKNN_TOOLKIT_PYTHON": str(toolkit_python), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (line,) = json.loads((tmp_path / "found.json").read_text())
    assert (line["refused"], line["failed"], line["verdict"]["shortfalls"]) == ("", "", [])
    assert line["verdict"]["entire"]["same"] == line["verdict"]["entire"]["of"] > 0
