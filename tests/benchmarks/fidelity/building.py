"""Small networks with fixed random weights, one line a layer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

IMAGE = (1, 8, 16, 16)
Value = str | np.ndarray | Sequence[float] | Sequence[int] | float | int | None


class Building:
    """A network under construction; its input is x, and x2 where `second` is a shape.

    Layers are called after their operator, so that the toolkit's names can be told apart.
    """

    def __init__(self, shape: Sequence[int] = IMAGE, second: Sequence[int] = (), opset: int = 17) -> None:
        self.random = np.random.default_rng(7)
        self.opset = opset
        self._inputs = {"x": shape, "x2": second} if second else {"x": shape}
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, op: str, *inputs: Value, count: int = 1, **attributes: Any) -> Any:
        """Add a layer; inputs that are no names become constants. Gives the name of its output, or a list of `count`.

        Whole numbers are int64, others float32; None leaves an input out.
        """
        name = f"{op.lower()}{len(self._nodes)}"
        outputs = [name] if count == 1 else [f"{name}_{number}" for number in range(count)]
        self._nodes.append(
            helper.make_node(op, [self._name(item) for item in inputs], outputs, f"{op}_{name}", **attributes)
        )
        return outputs[0] if count == 1 else outputs

    def conv(self, source: str, taken: int = 8, given: int = 8, kernel: int = 3, **attributes: Any) -> str:
        """A Conv with bias that keeps height and width, unless `attributes` say otherwise."""
        group = attributes.get("group", 1)
        weight, bias = self.weight(given, taken // group, kernel, kernel), self.uniform(given)
        if "auto_pad" not in attributes:
            reach = attributes.get("dilations", [1])[0] * (kernel - 1) // 2
            attributes = {"pads": [reach] * 4, **attributes}
        name: str = self.add("Conv", source, weight, bias, kernel_shape=[kernel] * 2, **attributes)
        return name

    def weight(self, *shape: int) -> np.ndarray:
        """Normal values whose sums have the variance of what they weigh; no two channels reach equally far."""
        spread = self.random.uniform(0.6, 1.4, (shape[0], *(1 for _ in shape[1:]))) * np.sqrt(2 / np.prod(shape[1:]))
        values: np.ndarray = (self.random.standard_normal(shape) * spread).astype(np.float32)
        return values

    def uniform(self, *shape: int, low: float = -0.3, high: float = 0.3) -> np.ndarray:
        """Values spread evenly from `low` to `high`."""
        values: np.ndarray = self.random.uniform(low, high, shape).astype(np.float32)
        return values

    def model(self, *outputs: str) -> onnx.ModelProto:
        """The network that gives these tensors."""
        graph = helper.make_graph(
            self._nodes,
            "net",
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in self._inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8)
        return onnx.shape_inference.infer_shapes(model, strict_mode=True)

    def _name(self, value: Value) -> str:
        if value is None or isinstance(value, str):
            return value or ""
        array = np.asarray(value)
        array = array.astype(np.int64 if array.dtype.kind == "i" else np.float32)
        self._constants.append(numpy_helper.from_array(array, f"constant{len(self._constants)}"))
        return self._constants[-1].name
