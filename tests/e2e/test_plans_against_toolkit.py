"""Plans against the vendor's toolkit: its cfg is taken as it stands, and a quantised network means the same to both."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.networks import MEAN, STD, mobilenet
from tests.unit.networks import node, random, write_network
from workbench.dump.store import Dump
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.pipeline import analyze
from workbench.project.session import Session
from workbench.quantize.configs.read import read_plan

pytestmark = pytest.mark.toolkit
VENDOR = Path(__file__).parent.parent / "vendor_plans.py"


def run_vendor(python: Path, **request: Any) -> None:
    config = {"target_platform": "rk3588", **request.pop("config", {})}
    subprocess.run(
        [python, VENDOR, json.dumps({**request, "config": config})], check=True, capture_output=True, timeout=300
    )


def test_that_the_toolkits_cfg_gives_the_toolkits_encodings(toolkit_python: Path, tmp_path: Path) -> None:
    model = mobilenet(tmp_path / "network.onnx")
    picture = tmp_path / "picture.png"
    cv2.imwrite(str(picture), np.random.default_rng(1).integers(0, 256, (120, 150, 3), np.uint8))
    (tmp_path / "dataset.txt").write_text(f"{picture}\n")
    means = {"mean_values": [list(MEAN)], "std_values": [list(STD)]}
    run_vendor(
        toolkit_python, model=str(model), folder=str(tmp_path), dataset=str(tmp_path / "dataset.txt"), config=means
    )
    said = read_plan(tmp_path / "network.quantization.cfg").entries

    session = Session(model, preprocess={"input": Preprocess(mean=MEAN, std=STD)}, samples=(Sample((picture,)),))
    session = replace(session, plan=tmp_path / "network.quantization.cfg")
    results = drain(analyze(session, tmp_path / "session"))

    encodings = {row.tensor: row.encoding for row in results.rows if row.encoding is not None and row.encoding.scale}
    assert len(encodings) > 20
    assert encodings == {name: said[name].encoding for name in encodings}
    assert results.warnings == ()


@pytest.mark.parametrize("dtype", ["int8", "uint8"])
def test_that_a_quantised_network_gives_the_toolkits_values(dtype: str, toolkit_python: Path, tmp_path: Path) -> None:
    model = own_network(tmp_path / "own.onnx", dtype)
    array = np.random.default_rng(2).uniform(-1, 1, (1, 16, 8, 8)).astype(np.float32)
    np.save(tmp_path / "x.npy", array)
    run_vendor(toolkit_python, model=str(model), folder=str(tmp_path), input=str(tmp_path / "x.npy"))

    samples = (Sample((tmp_path / "x.npy",)),)
    session = Session(model, preprocess={"x": Preprocess()}, samples=samples, dataset=samples)
    results = drain(analyze(session, tmp_path / "session"))

    with Dump(results.dumps["simulator"][0]) as dump:
        ours = dump["y"]
    theirs = np.load(tmp_path / "output.npy", allow_pickle=False)
    steps = np.abs(ours - theirs) / (4 / 127 * 128 / 127)
    # its simulator of the chip computes in integers, which round otherwise next to a tie
    assert np.mean(steps < 0.01) > 0.99
    assert steps.max() < 1.01
    assert len(np.unique(ours)) > 100


def own_network(path: Path, dtype: str) -> Path:
    """x -> Q/DQ -> Conv -> Relu -> Q/DQ -> Conv -> Q/DQ -> y, as ONNX Runtime's quantiser writes it."""
    middle = 0 if dtype == "int8" else 128
    constants: dict[str, Any] = {
        "z": np.asarray(middle, dtype), "zr": np.asarray(middle - 128, dtype),
        "sx": np.float32(1 / 127), "sr": np.float32(6 / 255), "sy": np.float32(4 / 127),
    }  # fmt: skip
    nodes = [*_pair("x", "xd", "sx", "z"), *_conv("xd", "c", 1, constants), node("Relu", ["c"], ["r"], "relu")]
    nodes += [*_pair("r", "rd", "sr", "zr"), *_conv("rd", "d", 2, constants), *_pair("d", "y", "sy", "z")]
    return write_network(path, nodes, constants, (1, 16, 8, 8), opset=13)


def _pair(taken: str, given: str, scale: str, zero: str) -> list[Any]:
    quantized = f"{given}_q"
    ends = ([taken, scale, zero], [quantized]), ([quantized, scale, zero], [given])
    ops = ("QuantizeLinear", "DequantizeLinear")
    return [node(op, *end, name=f"{given}_{op}") for op, end in zip(ops, ends, strict=True)]


def _conv(taken: str, given: str, seed: int, constants: dict[str, Any]) -> list[Any]:
    weight = np.clip(np.rint(random(16, 16, 1, 1, seed=seed) * 40), -127, 127).astype(np.int8)
    own = {
        "w": weight, "ws": np.full(16, 0.01, np.float32), "wz": np.zeros(16, np.int8),
        "b": np.arange(16, dtype=np.int32), "bs": np.full(16, 1e-4, np.float32), "bz": np.zeros(16, np.int32),
    }  # fmt: skip
    constants.update({f"{given}_{name}": value for name, value in own.items()})
    names = [[f"{given}_{name}" for name in part] for part in (("w", "ws", "wz"), ("b", "bs", "bz"))]
    return [
        node("DequantizeLinear", names[0], [f"{given}_wd"], f"{given}_DQ_w", axis=0),
        node("DequantizeLinear", names[1], [f"{given}_bd"], f"{given}_DQ_b", axis=0),
        node("Conv", [taken, f"{given}_wd", f"{given}_bd"], [given], given, kernel_shape=[1, 1]),
    ]
