"""Networks that tests build, with fixed random weights."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)


class Builder:
    """Adds layers to a graph; every method gives the name of its output."""

    def __init__(self, seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def conv(self, source: str, taken: int, given: int, kernel: int = 1, stride: int = 1, group: int = 1) -> str:
        name = f"/conv{len(self._nodes)}/Conv_output_0"
        fan_in = taken // group * kernel * kernel
        weight = self._random.normal(0, np.sqrt(2 / fan_in), (given, taken // group, kernel, kernel))
        inputs = [source, self.constant(weight), self.constant(self._random.uniform(-0.3, 0.3, given))]
        pads = [kernel // 2] * 4
        attributes = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2, "pads": pads, "group": group}
        return self.add("Conv", inputs, name, **attributes)

    def batch_norm(self, source: str, channels: int) -> str:
        uniform = self._random.uniform
        parameters = [uniform(0.7, 1.3, channels), uniform(-0.3, 0.3, channels), uniform(-0.2, 0.2, channels)]
        names = [self.constant(value) for value in (*parameters, uniform(0.6, 1.4, channels))]
        name = f"/bn{len(self._nodes)}/BatchNormalization_output_0"
        return self.add("BatchNormalization", [source, *names], name, epsilon=1e-5)

    def clip(self, source: str) -> str:
        limits = [self.constant(np.float32(0)), self.constant(np.float32(6))]
        return self.add("Clip", [source, *limits], f"/clip{len(self._nodes)}/Clip_output_0")

    def constant(self, value: np.ndarray | np.float32) -> str:
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def add(self, op: str, inputs: list[str], output: str, **attributes: object) -> str:
        self._nodes.append(helper.make_node(op, inputs, [output], name=f"{op}_{len(self._nodes)}", **attributes))
        return output

    def save(self, path: Path, shape: tuple[int, ...], outputs: dict[str, tuple[int, ...]]) -> Path:
        graph = helper.make_graph(
            self._nodes,
            "network",
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, size) for name, size in outputs.items()],
            self._constants,
        )
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
        return path


def mobilenet(path: Path, size: int = 112, norms: bool = False) -> Path:
    """Inverted residual blocks with ReLU6, as in MobileNetV2; `norms` puts a BatchNormalization behind every Conv."""
    build = Builder()

    def block(source: str, taken: int, given: int, **conv: int) -> str:
        value = build.conv(source, taken, given, **conv)
        return build.batch_norm(value, given) if norms else value

    value, channels = build.clip(block("input", 3, 16, kernel=3, stride=2)), 16
    for given, stride, repeats in ((16, 2, 2), (24, 2, 2), (32, 2, 2)):
        for repeat in range(repeats):
            wide = channels * 4
            inner = build.clip(block(value, channels, wide))
            inner = build.clip(block(inner, wide, wide, kernel=3, stride=stride if repeat == 0 else 1, group=wide))
            inner = block(inner, wide, given)
            is_residual = repeat > 0
            value = build.add("Add", [value, inner], f"/add{given}.{repeat}/Add_output_0") if is_residual else inner
            channels = given
    value = build.clip(block(value, channels, 96))
    value = build.add("GlobalAveragePool", [value], "/pool/GlobalAveragePool_output_0")
    value = build.add("Flatten", [value], "/Flatten_output_0", axis=1)
    weight = build.constant(np.random.default_rng(1).normal(0, 0.1, (10, 96)))
    build.add("Gemm", [value, weight, build.constant(np.linspace(-0.1, 0.1, 10))], "output", transB=1)
    return build.save(path, (1, 3, size, size), {"output": (1, 10)})
