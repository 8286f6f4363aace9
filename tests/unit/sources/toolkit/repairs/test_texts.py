"""Repairs of Python files, datasets and cfgs."""

from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from workbench.sources.toolkit.repairs import propose
from workbench.sources.toolkit.repairs.patched import RepairError


def mended(folder: Path, name: str, text: str, key: str) -> str:
    path = folder / name
    path.write_bytes(text.encode())
    return propose(path, key).files[0].content.decode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x = x.view(x.size(0), -1)", "x = x.view(int(x.size(0)), -1)"),
        ("x.reshape((x.shape[0], 4))", "x.reshape((int(x.shape[0]), 4))"),
        ("x.view(b, x.size(1) // 2, *r)", "x.view(b, int(x.size(1) // 2), *r)"),
        (
            "é = 'é'; é.view(y.size(0),\n       y.size(\n1))",
            "é = 'é'; é.view(int(y.size(0)),\n       int(y.size(\n1)))",
        ),
        ("x.view(x.size(0)).view(x.size(1))", "x.view(int(x.size(0))).view(int(x.size(1)))"),
    ],
)
def test_that_sizes_become_numbers(tmp_path: Path, old: str, new: str) -> None:
    assert mended(tmp_path, "net.py", old + "\r\n", "torch-view") == new + "\r\n"


@pytest.mark.parametrize(
    "text", ["x.view(int(x.size(0)), -1)", "x.view(x.size())", "x.view(x.shape[:2])", "y = x.size(0)"]
)
def test_that_numbers_and_whole_shapes_stay(tmp_path: Path, text: str) -> None:
    with pytest.raises(RepairError, match="nothing to repair"):
        mended(tmp_path, "net.py", text, "torch-view")


def test_that_a_python_file_with_an_error_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RepairError, match="is no Python 3 file"):
        mended(tmp_path, "net.py", "print 'old'", "torch-view")


def test_that_only_lines_of_samples_are_kept(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.npy", "c.txt"):
        (tmp_path / name).touch()
    text = "\ufeff# pictures\r\na.jpg\r\n\r\n  a.jpg b.npy \r\nlost.jpg\r\nc.txt\r\na.jpg lost.npy\r\n"
    assert mended(tmp_path, "dataset.txt", text, "dataset-lines") == "a.jpg\na.jpg b.npy\n"


def test_that_the_copy_of_a_dataset_is_said_to_stay_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    (tmp_path / "dataset.txt").write_text("a.jpg\n\n'b c.jpg'\n")
    kept, split = propose(tmp_path / "dataset.txt", "dataset-lines").notes
    assert "in the folder of the dataset" in kept
    assert "hold blanks" in split


def test_that_a_dataset_without_any_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RepairError, match="names no file that exists"):
        mended(tmp_path, "dataset.txt", "lost.jpg\n", "dataset-lines")


PARAMETERS = """quantize_parameters:
    x:
        qtype: asym
        qmethod: layer
        dtype: float32
        min:
        -   -2.0836544036865234
        max:
        -   2.483137369155884
        scale: []
        zero_point: []
    'a:0':
        qtype: asym
        qmethod: layer
        dtype: int8
        min:
        -   0.0
        max:
        -   2.711697578430176
        scale:
        -   0.010634108150706572
        zero_point:
        -   -128
"""


def test_that_only_layers_of_the_cfg_stay_in_its_block_and_its_other_bytes_stay(tmp_path: Path) -> None:
    block = "custom_quantize_layers:\r\n    nope: float16\r\n    'a:0': float16\r\n"
    text = block + PARAMETERS.replace("\n", "\r\n")
    new = mended(tmp_path, "net.quantization.cfg", text, "cfg-layers")
    assert new == text.replace("    nope: float16\r\n", "").replace("'a:0': float16", '"a:0": float16')


def test_that_inputs_of_the_toolkits_graph_leave_the_block(tmp_path: Path) -> None:
    ends = [[helper.make_tensor_value_info(name, TensorProto.FLOAT, (1,))] for name in ("x", "a:0")]
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["a:0"])], "net", *ends)
    onnx.save(helper.make_model(graph), tmp_path / "net.model")
    text = "custom_quantize_layers:\n    x: float16\n" + PARAMETERS
    assert mended(tmp_path, "net.quantization.cfg", text, "cfg-layers") == "custom_quantize_layers: {}\n" + PARAMETERS
    (note,) = propose(tmp_path / "net.quantization.cfg", "cfg-layers").notes
    assert note == "These layers stay as they were quantized: x."


def test_that_a_cfg_without_unknown_layers_or_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(RepairError, match="nothing to repair"):
        mended(tmp_path, "net.quantization.cfg", "custom_quantize_layers: {}\n" + PARAMETERS, "cfg-layers")
    with pytest.raises(RepairError):
        mended(tmp_path, "net.quantization.cfg", "layers: 3\n", "cfg-layers")


CONVOLUTION = "[convolutional]\r\nfilters=8\r\nsize = 3\r\n"


def test_that_defaults_of_a_darknet_cfg_are_written_out(tmp_path: Path) -> None:
    text = f"# net\r\n[net]\r\nwidth=8\r\n{CONVOLUTION}stride=2\r\nactivation=linear\r\n[maxpool]\r\nstride=2\r\n"
    assert mended(tmp_path, "net.cfg", text, "darknet-defaults") == text.replace("nal]\r\n", "nal]\r\npad=0\r\n")


def test_that_a_heading_without_lines_gets_all_defaults(tmp_path: Path) -> None:
    new = mended(tmp_path, "net.cfg", "[net]\n[convolutional]", "darknet-defaults")
    assert new == "[net]\n[convolutional]\nfilters=1\nsize=1\nstride=1\npad=0\nactivation=logistic\n"


@pytest.mark.parametrize("text", ["[net]\n[maxpool]\nstride=2\n", "custom_quantize_layers: {}\n"])
def test_that_other_cfgs_stay(tmp_path: Path, text: str) -> None:
    with pytest.raises(RepairError):
        mended(tmp_path, "net.cfg", text, "darknet-defaults")
