"""What the Python snippet feeds is what the session analysed: the vendor's simulator gives the session's outputs."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from workbench.dump.store import Dump
from workbench.foundation.resources import resource
from workbench.foundation.steps import drain
from workbench.project.board.c_program import c_program, write_snippet
from workbench.project.pipeline import DEMO_PREPROCESS, analyze, demo_session

pytestmark = pytest.mark.toolkit

SCRIPT = """
import sys

import cv2
import numpy as np
import snippet
from rknn.api import RKNN

rknn = RKNN(verbose=False)
rknn.config(mean_values=[{mean}], std_values=[{std}], target_platform="rk3588")
assert rknn.load_onnx({model!r}) == 0
assert rknn.build(do_quantization=True, dataset="dataset.txt") == 0
assert rknn.init_runtime() == 0
np.save("scores.npy", snippet.infer(rknn, [cv2.imread({picture!r})])[0])
"""


def test_that_the_snippet_feeds_the_toolkit_what_was_analysed(toolkit_python: Path, tmp_path: Path) -> None:
    session, folder = demo_session(), tmp_path / "session"
    results = drain(analyze(session, folder))
    (tmp_path / "snippet.py").write_text(write_snippet(folder, "python"))
    (tmp_path / "dataset.txt").write_text("\n".join(str(sample.files[0]) for sample in session.dataset))
    places = {
        "mean": list(DEMO_PREPROCESS.mean),
        "std": list(DEMO_PREPROCESS.std),
        "model": str(resource("demo", "demo.onnx")),
        "picture": str(session.samples[0].files[0]),
    }
    (tmp_path / "run.py").write_text(SCRIPT.format(**places))
    done = subprocess.run(
        [toolkit_python, "run.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (scores,) = c_program(folder).outputs
    assert scores.encoding is not None
    with Dump(results.dumps["simulator"][0]) as dump:
        away = np.abs(np.load(tmp_path / "scores.npy").reshape(1, 10) - dump["scores"]).max()
    assert away < scores.encoding.scale[0] / 2
