"""Rules of the QDQ network of a plan: what the simulator computes, bit for bit, in operators that any tool knows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from tests.unit.networks import conv_net, random
from workbench.dump.store import Dump
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.quantize.calibrate import calibrate
from workbench.quantize.encoding import Encoding
from workbench.quantize.own import own_encodings
from workbench.quantize.plan import Plan
from workbench.quantize.planner import make_plan
from workbench.quantize.qdq import qdq_model, write_qdq
from workbench.quantize.schemes import QuantSettings
from workbench.sources.onnxrt import Reference
from workbench.sources.simulator import EmbeddedSimulator
from workbench.sources.source import DumpRequest

FEEDS = {"x": random(1, 3, 6, 6)}
Values = dict[str, np.ndarray]


def planned(folder: Path, settings: QuantSettings | None = None, opset: int = 17) -> tuple[Deployed, Plan]:
    settings = settings or QuantSettings()
    graph = with_converts(drain(deploy(read_model(conv_net(folder, opset=opset)))), settings.type.activations)
    return graph, make_plan(graph, drain(calibrate(graph, [FEEDS], 1)), settings)


def dumped(folder: Path, graph: Deployed, plan: Plan, feeds: Values) -> Values:
    names = [name for layer in graph.model.graph.layers for name in layer.outputs if name]
    golden = drain(Reference(graph.model, names, own_encodings(graph)).dump(DumpRequest(feeds), folder / "golden.h5"))
    source = EmbeddedSimulator(graph, plan, list(graph.producers))
    with Dump(drain(source.dump(DumpRequest(feeds, golden=golden), folder / "simulator.h5"))) as dump:
        return dict(dump)


def computed(proto: onnx.ModelProto, names: list[str], feeds: Values) -> Values:
    """Tensors of a network as ONNX Runtime computes them with graph optimisations off."""
    open_ends, given = onnx.ModelProto(), {info.name for info in proto.graph.output}
    open_ends.CopyFrom(proto)
    open_ends.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names if name not in given)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(open_ends.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip(names, session.run(names, feeds), strict=True))


@pytest.mark.parametrize("opset", [11, 17])
@pytest.mark.parametrize("method", ["channel", "layer"])
def test_that_every_tensor_equals_the_simulators(tmp_path: Path, method: str, opset: int) -> None:
    graph, plan = planned(tmp_path, QuantSettings(method=method), opset)
    simulated = dumped(tmp_path, graph, plan, FEEDS)

    values = computed(qdq_model(graph, plan), list(simulated), FEEDS)

    assert {name: np.array_equal(values[name], simulated[name]) for name in simulated} == dict.fromkeys(simulated, True)


@pytest.mark.parametrize(
    "settings",
    [
        QuantSettings("w16a16i_dfp"),
        QuantSettings("w4a16", "group32", target="rk3576"),
        QuantSettings("dynamic_fixed_point-8", "layer", target="rk1808"),
        QuantSettings("asymmetric_quantized-u8", "layer", target="rv1126"),
        QuantSettings(int16_tensors=("r2",)),
    ],
    ids=lambda settings: settings.dtype,
)
def test_that_every_data_type_leaves_with_the_simulators_values(tmp_path: Path, settings: QuantSettings) -> None:
    graph, plan = planned(tmp_path, settings)
    simulated = dumped(tmp_path, graph, plan, FEEDS)

    values = computed(qdq_model(graph, plan), list(simulated), FEEDS)

    assert {name: np.array_equal(values[name], simulated[name]) for name in simulated} == dict.fromkeys(simulated, True)


def test_that_layers_in_float16_equal_the_simulators(tmp_path: Path) -> None:
    graph, plan = planned(tmp_path, QuantSettings(float_tensors=("r2",)))
    simulated = dumped(tmp_path, graph, plan, FEEDS)

    values = computed(qdq_model(graph, plan), list(simulated), FEEDS)

    assert "float16" in plan.precision.values()
    assert all(np.array_equal(values[name], simulated[name]) for name in simulated)


@pytest.mark.parametrize("opset", [11, 17])
def test_that_only_standard_operators_are_used(tmp_path: Path, opset: int) -> None:
    proto = qdq_model(*planned(tmp_path, opset=opset))

    onnx.checker.check_model(proto, full_check=True)
    assert {item.domain for item in proto.graph.node} == {item.domain for item in proto.opset_import} == {""}
    assert proto.opset_import[0].version == max(opset, 13)


def test_that_every_convolution_reads_integer_weights(tmp_path: Path) -> None:
    body = qdq_model(*planned(tmp_path)).graph

    stored = {node.output[0]: node.input[0] for node in body.node if node.op_type == "DequantizeLinear"}
    kinds = {item.name: item.data_type for item in body.initializer}
    weights = [node.input[1] for node in body.node if node.op_type == "Conv"]
    assert weights
    assert {kinds[stored[name]] for name in weights} == {onnx.TensorProto.INT8}


def test_that_the_network_can_be_simulated_again(tmp_path: Path) -> None:
    graph, plan = planned(tmp_path, QuantSettings(float_tensors=("r2",)))
    write_qdq(graph, plan, tmp_path / "out.onnx")

    again = drain(deploy(read_model(tmp_path / "out.onnx")))

    assert again.is_quantized
    assert dumped(tmp_path, again, make_plan(again, {}, QuantSettings()), FEEDS)["y"].shape == (1, 5)


@pytest.mark.parametrize("opset", [11, 17])
@pytest.mark.parametrize("dtype", ["uint8", "int16"])
def test_that_other_integers_equal_the_simulators(tmp_path: Path, dtype: str, opset: int) -> None:
    graph, plan = planned(tmp_path, opset=opset)
    stored = Encoding(dtype, (0.001,), (100,))
    plan = replace(plan, encodings={**plan.encodings, "r1": stored, "sum": stored})
    simulated = dumped(tmp_path, graph, plan, FEEDS)

    values = computed(qdq_model(graph, plan), list(simulated), FEEDS)

    assert all(np.array_equal(values[name], simulated[name]) for name in simulated)
    assert set(np.unique(np.rint(simulated["sum"] / 0.001))) <= set(range(-32868, 32768))


def test_that_inputs_and_outputs_are_those_of_the_network(tmp_path: Path) -> None:
    graph, plan = planned(tmp_path)
    write_qdq(graph, plan, tmp_path / "out.onnx")

    body = onnx.load(tmp_path / "out.onnx").graph

    assert [item.name for item in body.input] == ["x"]
    assert [item.name for item in body.output] == ["y"]
