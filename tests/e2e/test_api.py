"""`import workbench`: the example of the help page, as it stands there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import workbench
from workbench.foundation.resources import resource


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_that_the_helps_example_runs(language: str, tmp_path: Path) -> None:
    page = resource("help", language, "commandline.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    shutil.copyfile(resource("demo", "demo.onnx"), tmp_path / "net.onnx")
    shutil.copyfile(resource("demo", "calibration", "000.png"), tmp_path / "cat.jpg")
    pictures = sorted(resource("demo", "calibration").glob("*.png"))
    (tmp_path / "dataset.txt").write_text("".join(f"{path}\n" for path in pictures))

    python = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, env={**os.environ, "PYTHONPATH": python},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip

    assert "/Concat_output_0 0." in done.stdout
    assert (tmp_path / "report.html").stat().st_size > 10_000
    assert "/Concat_output_0" in (tmp_path / "net.quantization.cfg").read_text()


def test_that_every_name_is_there_and_a_wrong_one_is_not() -> None:
    assert all(getattr(workbench, name) is not None for name in workbench.__all__)
    with pytest.raises(AttributeError, match="nothing_like_it"):
        workbench.nothing_like_it  # noqa: B018


def test_that_importing_takes_in_nothing_else() -> None:
    program = "import sys, workbench; print(*({'numpy', 'onnx', 'onnxruntime'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_that_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(workbench.WorkbenchError, match=r"gone\.onnx"):
        workbench.new_session(tmp_path / "gone.onnx", ["a.png"])
    with pytest.raises(workbench.WorkbenchError, match="nothing to feed"):
        workbench.new_session(resource("demo", "demo.onnx"))
    with pytest.raises(workbench.WorkbenchError, match="no input 'input'"):
        workbench.new_session(resource("demo", "demo.onnx"), ["a.png"], preprocess={"input": workbench.Preprocess()})
    with pytest.raises(workbench.WorkbenchError, match="no golden of input 0"):
        workbench.values(tmp_path, "scores", "golden")
