"""The vendor's toolkit refuses the original, says what the knowledge table has, and takes the copy."""

import subprocess
from pathlib import Path

import pytest

from tests.unit.sources.toolkit.repairs.test_onnx import pad_and_conv
from workbench.sources.knowledge import likeliest
from workbench.sources.toolkit.repairs import propose, write

OLD_INPUT = """name: "net"
input: "data"
input_dim: 1
input_dim: 3
input_dim: 8
input_dim: 8
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 3 } }
"""
CONVERT = """
import sys
from rknn.api import RKNN
toolkit = RKNN()
toolkit.config(target_platform="rk3588")
load = toolkit.load_onnx if sys.argv[1].endswith(".onnx") else toolkit.load_caffe
sys.exit(load(sys.argv[1]) or toolkit.build(do_quantization=False))
"""
pytestmark = pytest.mark.toolkit


def converted(toolkit_python: Path, path: Path) -> tuple[int, list[str]]:
    """The exit status and what was printed; a Caffe network gets random weights."""
    command = [toolkit_python, "-c", CONVERT, str(path)]
    done = subprocess.run(
        command, cwd=path.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("key", ["onnx-integers", "caffe-old-input"])
def test_that_the_toolkit_refuses_the_original_and_takes_the_copy(
    key: str, toolkit_python: Path, tmp_path: Path
) -> None:
    path = pad_and_conv(tmp_path) if key == "onnx-integers" else tmp_path / "net.prototxt"
    if key != "onnx-integers":
        path.write_text(OLD_INPUT)
    status, lines = converted(toolkit_python, path)
    found = likeliest(lines)
    assert status != 0
    assert found is not None
    assert found.known.repair == key
    (copy,) = write(propose(path, found.known.repair), tmp_path / f"copy{path.suffix}")
    assert converted(toolkit_python, copy)[0] == 0
