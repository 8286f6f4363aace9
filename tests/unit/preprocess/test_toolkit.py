"""The fed values against those that the vendor's toolkit makes of the same files."""

import json
import subprocess
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest

from workbench.graph.graph import Tensor
from workbench.preprocess.preprocess import Preprocess, feed

HEIGHT, WIDTH = 32, 48
SCRIPT = """
import json, sys
from rknn.api import RKNN

for case in json.loads(sys.argv[1]):
    rknn = RKNN()
    rknn.config(target_platform="rk3588", mean_values=[case["mean"]], std_values=[case["std"]], quant_img_RGB2BGR=case["swap"])
    assert rknn.load_onnx(case["model"]) == 0
    assert rknn.build(do_quantization=True, dataset="dataset.txt") == 0
    assert rknn.accuracy_analysis(inputs=["noise.png"], output_dir=case["out"]) == 0
    rknn.release()
"""  # noqa: E501
CASES = {
    "rgb": Preprocess((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),
    "bgr": Preprocess((103.53, 116.28, 123.675), (57.375, 57.12, 58.395), order="bgr"),
    "gray": Preprocess((3.3,), (7.7,), order="gray"),
}


def write_network(path: Path, channels: int) -> None:
    weight = np.random.default_rng(0).normal(size=(4, channels, 3, 3)).astype(np.float32)
    nodes = [
        onnx.helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1]),
        onnx.helper.make_node("Relu", ["y"], ["z"]),
    ]
    graph = onnx.helper.make_graph(
        nodes,
        "g",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, channels, HEIGHT, WIDTH])],
        [onnx.helper.make_tensor_value_info("z", onnx.TensorProto.FLOAT, [1, 4, HEIGHT, WIDTH])],
        [onnx.numpy_helper.from_array(weight, "w")],
    )
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=8), path)


@pytest.mark.toolkit
def test_that_pictures_are_fed_bit_for_bit_as_the_toolkit_feeds_them(toolkit_python: Path, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
    cv2.imencode(".png", noise)[1].tofile(tmp_path / "noise.png")
    (tmp_path / "dataset.txt").write_text("noise.png\n")
    jobs = []
    for name, one in CASES.items():
        write_network(tmp_path / f"{name}.onnx", len(one.mean))
        job = {"mean": one.mean, "std": one.std, "swap": one.order == "bgr", "model": f"{name}.onnx", "out": name}
        jobs.append(job)

    done = subprocess.run(
        [toolkit_python, "-c", SCRIPT, json.dumps(jobs)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    for name, one in CASES.items():
        expected = np.load(tmp_path / name / "golden" / "npy" / "x.npy")
        fed = feed(tmp_path / "noise.png", Tensor("x", (1, len(one.mean), HEIGHT, WIDTH), "float32"), one)
        assert np.array_equal(fed, expected), name
