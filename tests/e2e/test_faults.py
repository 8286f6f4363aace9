"""Whenever the program is killed or its disk fails, a session stays what it was and the work can be done again.

`python -m tests.fuzz.kills --count 100` and `python -m tests.fuzz.faults OPERATION FAULT FOLDER` look further.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = "14"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and kills as Linux does")


def _python(tmp_path: Path, module: str, *arguments: str) -> str:
    """What a module of the tests prints."""
    environment = {**os.environ, "RKNN_WORKBENCH_SETTINGS": str(tmp_path / "settings"), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_that_a_kill_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    _python(
        tmp_path, "tests.fuzz.kills", "--count", KILLS, "--seed", "1",
        "--operations", "analyze,import,export-npy,save,apply,effects,evaluate",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "fault", "every"),
    [
        ("analyze", "full", "3"),
        ("analyze", "gone", "5"),
        ("bundle", "readonly", "9"),
        ("export-npy", "full", "5"),
        ("evaluate", "full", "2"),
        ("effects", "readonly", "3"),
        ("apply", "full", "5"),
    ],
)
def test_that_a_disk_that_fails_at_any_moment_is_a_sentence_and_loses_nothing(
    operation: str, fault: str, every: str, tmp_path: Path
) -> None:
    told = _python(tmp_path, "tests.fuzz.faults", operation, fault, str(tmp_path / "place"), every)

    moments = [json.loads(line) for line in told.splitlines()]
    assert [moment for moment in moments if moment["trace"]] == []
    assert len(moments) > 3
