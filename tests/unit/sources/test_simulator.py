"""Rules of the embedded simulator, against a simulator spelled out in numpy with one operator at a time."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from tests.unit.networks import Constants, conv_net, declared, node, quantisable, random, write_network
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import drain
from workbench.graph import execute
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.quantize.calibrate import calibrate
from workbench.quantize.own import own_encodings
from workbench.quantize.planner import make_plan
from workbench.quantize.schemes import QuantSettings
from workbench.sources.onnxrt import Reference
from workbench.sources.simulator import EmbeddedSimulator, golden_path, single_path
from workbench.sources.source import DumpRequest

X = random(1, 3, 6, 6)
Values = dict[str, np.ndarray]


@dataclass
class Run:
    """What a simulator wrote, as real values and as stored."""

    golden: Values
    entire: Values
    single: Values
    stored: dict[str, str] = field(default_factory=dict)


def simulated(
    folder: Path, graph: Deployed, settings: QuantSettings, feeds: Values, tensors: Sequence[str] | None = None
) -> Run:
    ranges = drain(calibrate(graph, [feeds], 1)) if settings.dtype == "w8a8" else {}
    plan = make_plan(graph, ranges, settings)
    names = [name for layer in graph.model.graph.layers for name in layer.outputs if name]
    golden = drain(Reference(graph.model, names, own_encodings(graph)).dump(DumpRequest(feeds), folder / "golden.h5"))
    source = EmbeddedSimulator(graph, plan, tensors or list(graph.producers))
    path = drain(source.dump(DumpRequest(feeds, golden=golden), folder / "simulator.h5"))
    with Dump(golden) as given, Dump(path) as entire, Dump(single_path(path)) as single:
        stored = {name: entire.raw(name)[0].dtype.name for name in entire}
        return Run(dict(given), dict(entire), dict(single), stored)


def run_nodes(
    folder: Path,
    nodes: Sequence[onnx.NodeProto],
    feeds: Values,
    settings: QuantSettings | None = None,
    constants: Constants | None = None,
    **more: Any,
) -> Run:
    graph = quantisable(folder, nodes, constants, **more)
    return simulated(folder, graph, settings or QuantSettings(), feeds)


class Oracle:
    """The rules of the semantics paper on plain arrays; operators are computed one by one."""

    def __init__(self, folder: Path, method: str) -> None:
        self._folder = folder
        self._method = method
        self.tables: dict[str, tuple[float, int]] = {}

    def table(self, name: str, low: float, high: float) -> None:
        low, high = min(float(low), 0.0), max(float(high), 0.0)
        scale = (high - low) / 255
        self.tables[name] = scale, int(np.round(-128 - low / scale))

    def stored(self, name: str, values: np.ndarray) -> np.ndarray:
        return quantised(values, *self.tables[name])

    def conv(self, x: np.ndarray, source: str, weight: np.ndarray, bias: np.ndarray | None, **attributes: Any) -> Any:
        parts = list(weight) if self._method == "channel" else [weight] * len(weight)
        widths = [max(float(part.max()), 0.0) - min(float(part.min()), 0.0) for part in parts]
        lows = [min(float(part.min()), 0.0) for part in parts]
        scales = [width / 255 for width in widths]
        zeros = [int(np.round(-128 - low / scale)) for low, scale in zip(lows, scales, strict=True)]
        used = np.stack([quantised(w, s, z) for w, s, z in zip(weight, scales, zeros, strict=True)])
        grid = np.asarray([self.tables[source][0] * scale for scale in scales], np.float32)
        given = np.zeros(len(weight), np.float32) if bias is None else bias
        return self.op("Conv", [x, used, np.round(given / grid) * grid], **attributes)

    def op(self, name: str, arrays: Sequence[np.ndarray], **attributes: Any) -> np.ndarray:
        names = [f"i{number}" for number in range(len(arrays))]
        inputs = [declared(own, array.shape) for own, array in zip(names, arrays, strict=True)]
        path = write_network(self._folder / "op.onnx", [node(name, names, ["y"], **attributes)], inputs=inputs)
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(path, options)
        result: np.ndarray = session.run(None, dict(zip(names, arrays, strict=True)))[0]
        return result


def quantised(values: np.ndarray, scale: float, zero: int) -> np.ndarray:
    stored = np.clip(np.round(values / np.float32(scale)).astype(np.float64) + zero, -128, 127)
    real: np.ndarray = (stored - zero).astype(np.float32) * np.float32(scale)
    return real


def silu(x: np.ndarray) -> np.ndarray:
    one = np.float32(1)
    gated: np.ndarray = x * (one / (one + np.exp(-x.astype(np.float64)).astype(np.float32)))
    return gated


def calibrated(oracle: Oracle, weights: Values, golden: Values) -> Oracle:
    """With the ranges of the deployed network: its SiLU, pooling and dense layer are computed as it computes them."""
    gated = silu(golden["sum"])
    pooled = oracle.op("Conv", [gated, MEAN, np.zeros(4, np.float32)], group=4)
    dense = oracle.op("Conv", [pooled, weights["w4"].reshape(5, 4, 1, 1), weights["b4"]])
    seen = {"x_int8": X, "sum": golden["sum"], "silu": gated, "pooled": pooled, "y": dense}
    for name, values in seen.items():
        oracle.table(name, values.min(), values.max())
    for name in ("r1", "r2"):
        oracle.table(name, 0, golden[name].max())
    return oracle


MEAN = np.full((4, 1, 6, 6), 1 / 36, np.float32)
SIZED = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}


def expected_of(oracle: Oracle, weights: Values, given: Values, golden: Values) -> Values:
    """One branch: `given` says what each layer takes (its own results for entire, golden ones for single)."""
    found: Values = {}

    def taken(name: str) -> np.ndarray:
        return oracle.stored(name, golden[name]) if given is golden else found[name]

    found["x_int8"] = oracle.stored("x_int8", X)
    c1 = oracle.conv(taken("x_int8"), "x_int8", weights["w1"], weights["b1"], **SIZED)
    found["r1"] = oracle.stored("r1", np.maximum(c1, 0))
    c2 = oracle.conv(taken("r1"), "r1", weights["w2"], weights["b2"], group=4, **SIZED)
    found["r2"] = oracle.stored("r2", np.maximum(c2, 0))
    found["c3"] = oracle.conv(taken("r2"), "r2", weights["w3"], None)
    raw = golden["c3"] if given is golden else found["c3"]
    found["sum"] = oracle.stored("sum", oracle.op("Add", [taken("r1"), raw]))
    found["silu"] = oracle.stored("silu", silu(taken("sum")))
    found["pooled"] = oracle.stored("pooled", oracle.conv(taken("silu"), "silu", MEAN, None, group=4))
    rows = taken("pooled")
    dense = oracle.conv(rows, "pooled", weights["w4"].reshape(5, 4, 1, 1), weights["b4"])
    found["y_mm"] = oracle.stored("y", dense)
    found["y"] = oracle.stored("y", golden["y"]) if given is golden else found["y_mm"].reshape(1, 5)
    return found


@pytest.mark.parametrize("method", ["channel", "layer"])
@pytest.mark.parametrize("branch", ["entire", "single"])
def test_that_a_small_network_gives_the_values_of_the_rules(tmp_path: Path, method: str, branch: str) -> None:
    model = read_model(conv_net(tmp_path, norm=False))
    graph = with_converts(drain(deploy(model)))
    run = simulated(tmp_path, graph, QuantSettings(method=method), {"x": X})
    golden = {**run.golden, "x_int8": X}
    weights = {name: np.asarray(value) for name, value in model.constants.items()}
    oracle = calibrated(Oracle(tmp_path, method), weights, golden)

    expected = expected_of(oracle, weights, golden if branch == "single" else {}, golden)

    found = run.single if branch == "single" else run.entire
    assert {name: bool(np.array_equal(found[name], expected[name])) for name in expected} == dict.fromkeys(
        expected, True
    )


def test_that_tensors_are_stored_as_the_plan_says(tmp_path: Path) -> None:
    run = run_nodes(
        tmp_path,
        [node("Conv", ["x", "w"], ["c"]), node("Relu", ["c"], ["r"]), node("Neg", ["r"], ["y"])],
        {"x": X},
        constants={"w": random(4, 3, 1, 1)},
    )

    assert run.stored == {"x_int8": "int8", "c": "float32", "r": "int8", "y_int8": "int8", "y": "float32"}


def test_that_fp16_rounds_every_tensor_and_leaves_the_input(tmp_path: Path) -> None:
    nodes = [node("Mul", ["x", "c"], ["m"]), node("Add", ["m", "x"], ["y"])]
    graph = drain(deploy(read_model(write_network(tmp_path / "net.onnx", nodes, {"c": 1.001}))))

    run = simulated(tmp_path, graph, QuantSettings("fp16"), {"x": X})

    def half(values: np.ndarray) -> np.ndarray:
        return values.astype(np.float16).astype(np.float32)

    product = half(X * half(np.asarray(1.001, np.float32)))
    assert np.array_equal(run.entire["m"], product)
    assert np.array_equal(run.entire["y"], half(product + X))
    assert np.array_equal(run.single["y"], half(half(run.golden["m"]) + X))


def test_that_fp16_overflows_to_infinity(tmp_path: Path) -> None:
    nodes = [node("Mul", ["x", "x"], ["y"])]
    graph = drain(deploy(read_model(write_network(tmp_path / "net.onnx", nodes, shape=(1, 3)))))

    run = simulated(tmp_path, graph, QuantSettings("fp16"), {"x": np.asarray([[1, 300, -300]], np.float32)})

    assert run.entire["y"].tolist() == [[1, np.inf, np.inf]]


CHAIN = [node("Mul", ["x", "two"], ["a"]), node("Tanh", ["a"], ["t"]), node("Sub", ["t", "one"], ["y"])]


def test_that_a_float16_layer_takes_int8_values_and_gives_float16_ones_back_to_int8(tmp_path: Path) -> None:
    settings = QuantSettings(float_tensors=("t",))
    run = run_nodes(tmp_path, CHAIN, {"x": X}, settings, {"two": 2.0, "one": 1.0})
    graph = quantisable(tmp_path, CHAIN, {"two": 2.0, "one": 1.0})
    plan = make_plan(graph, drain(calibrate(graph, [{"x": X}], 1)), settings)

    t = np.tanh(run.entire["a"].astype(np.float16).astype(np.float32)).astype(np.float16).astype(np.float32)
    np.testing.assert_allclose(run.entire["t"], t, atol=1e-3)
    assert (run.stored["a"], run.stored["t"]) == ("int8", "float16")
    back = quantised(run.entire["t"], plan.encodings["t"].scale[0], plan.encodings["t"].zero_point[0])
    expected = quantised(back - 1, plan.encodings["y"].scale[0], plan.encodings["y"].zero_point[0])
    assert np.array_equal(run.entire["y"], expected)


def test_that_a_first_layer_in_float16_takes_the_float_input(tmp_path: Path) -> None:
    settings = QuantSettings(float_tensors=("a",))

    run = run_nodes(tmp_path, CHAIN, {"x": X}, settings, {"two": 2.0, "one": 1.0})

    assert np.array_equal(run.entire["a"], (X.astype(np.float16) * np.float16(2)).astype(np.float32))


def test_that_neighbours_in_float16_share_it_without_a_convert(tmp_path: Path) -> None:
    settings = QuantSettings(float_tensors=("a", "t"))

    run = run_nodes(tmp_path, CHAIN, {"x": X}, settings, {"two": 2.0, "one": 1.0})

    expected = np.tanh(run.entire["a"]).astype(np.float16).astype(np.float32)
    np.testing.assert_allclose(run.entire["t"], expected, atol=1e-3)
    assert len(np.unique(run.entire["a"])) > 90  # 108 values, finer than int8 would leave them


def test_that_a_softmax_at_the_end_gives_float16_of_int8_values(tmp_path: Path) -> None:
    x = random(1, 64, 1, 1, scale=3)
    nodes = [node("Mul", ["x", "two"], ["a"]), node("Softmax", ["a"], ["y"], axis=1)]

    run = run_nodes(tmp_path, nodes, {"x": x}, constants={"two": 2.0}, shape=(1, 64, 1, 1))

    powers = np.exp(run.entire["a"].astype(np.float16).astype(np.float64))
    expected = (powers / powers.sum()).astype(np.float16).astype(np.float32)
    np.testing.assert_allclose(run.entire["y"], expected, rtol=2e-3, atol=1e-7)


def test_that_integers_keep_their_type(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["n"]), node("ArgMax", ["n"], ["index"], axis=1)]

    run = run_nodes(tmp_path, nodes, {"x": X}, outputs=[declared("index", None, 7)])

    assert run.stored["index"] == "int64"
    assert np.array_equal(run.single["index"], run.entire["n"].argmax(1, keepdims=True))


def test_that_a_network_with_its_own_quantization_keeps_it(tmp_path: Path) -> None:
    nodes = [
        node("QuantizeLinear", ["x", "scale", "zero"], ["q"]),
        node("DequantizeLinear", ["q", "scale", "zero"], ["d"]),
        node("Relu", ["d"], ["y"]),
    ]
    constants = {"scale": np.float32(0.02), "zero": np.asarray(3, np.int8)}
    graph = drain(deploy(read_model(write_network(tmp_path / "net.onnx", nodes, constants))))

    run = simulated(tmp_path, graph, QuantSettings(), {"x": X})

    assert np.array_equal(run.entire["q"], run.golden["d"])
    # nothing says how to store y
    assert np.array_equal(run.entire["y"], np.float32(run.golden["y"].astype(np.float16)))


@pytest.mark.parametrize("opset", [7, 8, 9, 10, 13, 17])
def test_that_the_opset_changes_no_value(tmp_path: Path, opset: int) -> None:
    def values(number: int) -> Values:
        graph = with_converts(drain(deploy(read_model(conv_net(tmp_path, opset=number)))))
        return simulated(tmp_path, graph, QuantSettings(), {"x": X}).entire

    found, expected = values(opset), values(17)

    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[name], expected[name]) for name in expected)


def test_that_segments_change_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = with_converts(drain(deploy(read_model(conv_net(tmp_path)))))
    whole = simulated(tmp_path, graph, QuantSettings(), {"x": X})
    monkeypatch.setattr(execute.Network.__init__, "__defaults__", (1, None, None))

    cut = simulated(tmp_path, graph, QuantSettings(), {"x": X})

    for branch in ("golden", "entire", "single"):
        one, other = getattr(whole, branch), getattr(cut, branch)
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name]) for name in one)


def test_that_tensors_may_be_named_like_our_own(tmp_path: Path) -> None:
    nodes = [
        node("Mul", ["x", "a/scale"], ["a"]),
        node("Add", ["a", "a/scale"], ["a/exact"]),
        node("Neg", ["a/exact"], ["a/stored"]),
        node("Sub", ["a/stored", "a"], ["y"]),
    ]

    run = run_nodes(tmp_path, nodes, {"x": X}, constants={"a/scale": 2.0})

    np.testing.assert_allclose(run.entire["y"], run.golden["y"], atol=0.2)


def test_that_a_subgraph_sees_the_simulated_values(tmp_path: Path) -> None:
    body = onnx.helper.make_graph([node("Add", ["n", "one"], ["t"])], "body", [], [declared("t", None)])
    nodes = [
        node("Neg", ["x"], ["n"]),
        node("ReduceMax", ["x"], ["top"], keepdims=0),
        node("Greater", ["top", "one"], ["large"]),
        node("If", ["large"], ["y"], then_branch=body, else_branch=body),
    ]

    run = run_nodes(tmp_path, nodes, {"x": X}, constants={"one": 1.0})

    np.testing.assert_allclose(run.entire["y"], run.entire["n"] + 1, atol=0.02)
    assert "y" not in run.single or run.single["y"].shape == run.entire["y"].shape


def test_that_several_inputs_are_dumped_one_after_the_other(tmp_path: Path) -> None:
    nodes = [node("NonZero", ["x"], ["where"]), node("Cast", ["where"], ["f"], to=1), node("Neg", ["f"], ["y"])]
    graph = quantisable(tmp_path, nodes, shape=(1, 4))
    inputs = [{"x": np.asarray([row], np.float32)} for row in ([1, 0, 0, 0], [1, 1, 0, 1])]
    source = EmbeddedSimulator(graph, make_plan(graph, {}, QuantSettings("fp16")), list(graph.producers))
    reference = Reference(graph.model, ["where", "f", "y"])
    shapes = []
    for number, feeds in enumerate(inputs):
        golden = drain(reference.dump(DumpRequest(feeds), tmp_path / f"golden{number}.h5"))
        path = drain(source.dump(DumpRequest(feeds, golden=golden), tmp_path / f"simulator{number}.h5"))
        with Dump(path) as entire, Dump(single_path(path)) as single:
            shapes.append((entire.shape("y"), single.shape("y")))

    assert shapes == [((2, 1), (2, 1)), ((2, 3), (2, 3))]


def test_that_golden_values_of_another_size_are_refused_by_name(tmp_path: Path) -> None:
    graph = quantisable(tmp_path, [node("Neg", ["x"], ["n"]), node("Abs", ["n"], ["y"])], shape=(1, 4, 1, 1))
    other = quantisable(tmp_path, [node("Neg", ["x"], ["n"]), node("Abs", ["n"], ["y"])], shape=(1, 5, 1, 1))
    request = DumpRequest({"x": random(1, 5, 1, 1)})
    golden = drain(Reference(other.model, ["n", "y"]).dump(request, tmp_path / "golden.h5"))
    source = EmbeddedSimulator(graph, make_plan(graph, {}, QuantSettings("fp16")), ["y"])

    with pytest.raises(DumpError, match="golden tensor n has 5 values, the network computes 4"):
        drain(source.dump(DumpRequest({"x": random(1, 4)}, golden=golden), tmp_path / "simulator.h5"))


def test_that_a_cancelled_run_leaves_neither_of_its_files(tmp_path: Path) -> None:
    graph = quantisable(tmp_path, [node("Neg", ["x"], ["y"])])
    golden = drain(Reference(graph.model, ["y"]).dump(DumpRequest({"x": X}), tmp_path / "golden.h5"))
    source = EmbeddedSimulator(graph, make_plan(graph, {}, QuantSettings("fp16")), ["y"])
    steps = source.dump(DumpRequest({"x": X}, golden=golden), tmp_path / "dumps" / "simulator.h5")
    next(steps)

    steps.close()

    assert list((tmp_path / "dumps").iterdir()) == []


def test_that_a_tensor_of_the_deployed_graph_alone_gets_its_golden_values_computed(tmp_path: Path) -> None:
    weight = {"w": random(4, 3, 3, 3), "b": random(4)}
    graph = quantisable(tmp_path, [node("Conv", ["x", "w", "b"], ["a"]), node("Relu", ["a"], ["y"])], weight)
    without = dataclasses.replace(
        graph, golden_of={name: source for name, source in graph.golden_of.items() if name not in ("a", "x_int8")}
    )
    run = simulated(tmp_path, without, QuantSettings(), {"x": X})
    with Dump(golden_path(tmp_path / "simulator.h5")) as computed:
        assert set(computed) == {"x_int8", "a"}
        np.testing.assert_array_equal(computed["x_int8"], X)
        np.testing.assert_array_equal(computed["a"], run.golden["a"])
    with_own = simulated(tmp_path, graph, QuantSettings(), {"x": X})
    assert not golden_path(tmp_path / "other.h5").exists()
    for name in ("x_int8", "a", "y_int8", "y"):
        np.testing.assert_array_equal(run.single[name], with_own.single[name])


@pytest.mark.parametrize(
    ("settings", "threads"),
    [
        (QuantSettings("fp16"), {1}),
        (QuantSettings(), {None}),
        (QuantSettings(float_tensors=("y",)), {1}),
        (QuantSettings(float_tensors=("s",)), {None}),
    ],
)
def test_that_sums_in_float16_are_added_up_on_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: QuantSettings, threads: set[int | None]
) -> None:
    nodes = [node("Sigmoid", ["x"], ["s"]), node("Conv", ["s", "w"], ["y"])]
    deployed = drain(deploy(read_model(write_network(tmp_path / "net.onnx", nodes, {"w": random(4, 3, 1, 1)}))))
    graph = deployed if settings.dtype == "fp16" else quantisable(tmp_path, nodes, {"w": random(4, 3, 1, 1)})
    asked: list[int | None] = []
    monkeypatch.setattr("workbench.sources.simulator.Network", _noting(asked))

    simulated(tmp_path, graph, settings, {"x": X})

    assert set(asked) == threads


def _noting(asked: list[int | None]) -> Any:
    def made(*given: Any, threads: int | None = None, **more: Any) -> execute.Network:
        asked.append(threads)
        return execute.Network(*given, threads=threads, **more)

    return made


def test_that_fp16_adds_up_a_conv_of_few_places_in_the_order_of_one_thread(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w"], ["y"])]
    weight, x = random(64, 384, 1, 1), random(1, 384, 10, 10)
    model = read_model(write_network(tmp_path / "net.onnx", nodes, {"w": weight}, shape=x.shape))

    run = simulated(tmp_path, drain(deploy(model)), QuantSettings("fp16"), {"x": x})

    half = weight.astype(np.float16).astype(np.float32)
    alone = read_model(write_network(tmp_path / "half.onnx", nodes, {"w": half}, shape=x.shape))
    expected = execute.open_session(alone.proto, threads=1).run(["y"], {"x": x})[0]
    assert np.array_equal(run.entire["y"], expected.astype(np.float16).astype(np.float32))


def test_that_the_second_operand_of_a_product_is_quantised_about_zero_once_more(tmp_path: Path) -> None:
    feeds = {"x": random(1, 6, 8), "z": random(1, 8, 5, seed=2) + np.float32(0.5)}
    inputs = [declared(name, value.shape) for name, value in feeds.items()]
    graph = quantisable(tmp_path, [node("MatMul", ["x", "z"], ["y"])], inputs=inputs)
    plan = make_plan(graph, drain(calibrate(graph, [feeds], 1)), QuantSettings())

    run = simulated(tmp_path, graph, QuantSettings(), feeds)

    scale = np.float32(np.abs(feeds["z"]).max().astype(np.float64) / 127)
    right = np.clip(np.rint(run.entire["z_rs"] / scale), -128, 127) * scale
    product = run.entire["x_tp-rs"].transpose(0, 2, 3, 1) @ right.transpose(0, 2, 1, 3)
    encoding = plan.encodings["y_mm"]
    expected = quantised(product.transpose(0, 2, 1, 3), encoding.scale[0], encoding.zero_point[0])
    assert np.array_equal(run.entire["y_mm"], expected)
    assert not np.array_equal(right, run.entire["z_rs"])
    assert plan.factors.keys() == {"z_rs"}


def test_that_a_product_in_float16_takes_its_second_operand_as_it_is(tmp_path: Path) -> None:
    feeds = {"x": random(1, 6, 8), "z": random(1, 8, 5, seed=2)}
    inputs = [declared(name, value.shape) for name, value in feeds.items()]
    model = read_model(write_network(tmp_path / "net.onnx", [node("MatMul", ["x", "z"], ["y"])], inputs=inputs))

    run = simulated(tmp_path, drain(deploy(model)), QuantSettings("fp16"), feeds)

    halves = [value.astype(np.float16).astype(np.float32) for value in feeds.values()]
    expected = (halves[0] @ halves[1]).astype(np.float16).astype(np.float32)
    np.testing.assert_allclose(run.entire["y"], expected, rtol=1e-3)
