"""The demo network and its pictures: that they are whole, and that they tell the story of their README."""

from functools import partial

import cv2
import numpy as np
import onnx
import pytest

from workbench.foundation.resources import resource
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.execute import Network, assemble, open_session, value_info
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.preprocess.dataset import Sample, feeds, read_dataset, samples_from_files
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.calibrate import calibrate
from workbench.quantize.plan import Plan
from workbench.quantize.planner import make_plan
from workbench.quantize.ranges import Range
from workbench.quantize.rewrite import ENTIRE, GOLDEN, simulator
from workbench.quantize.schemes import QuantSettings

RGB = Preprocess(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))
BGR = Preprocess(mean=RGB.mean, std=RGB.std, order="bgr")
REPAIR = ("/Concat_output_0", "/pool/GlobalAveragePool_output_0")
Feeds = list[dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def network() -> onnx.ModelProto:
    return onnx.load(resource("demo", "demo.onnx"))


@pytest.fixture(scope="module")
def classes() -> list[str]:
    return resource("demo", "classes.txt").read_text("utf-8").split()


@pytest.fixture(scope="module")
def labels() -> dict[str, str]:
    """Class names by file name."""
    lines = resource("demo", "labelled", "labels.txt").read_text("utf-8").splitlines()
    return dict(line.split() for line in lines)


@pytest.fixture(scope="module")
def graph() -> Deployed:
    return with_converts(drain(deploy(read_model(resource("demo", "demo.onnx")))))


@pytest.fixture(scope="module")
def ranges(graph: Deployed) -> dict[str, Range]:
    samples = read_dataset(resource("demo", "dataset.txt"), 1)
    return drain(calibrate(graph, loaded(samples, RGB, graph), len(samples)))


@pytest.fixture(scope="module")
def labelled(labels: dict[str, str]) -> tuple[Sample, ...]:
    return samples_from_files([resource("demo", "labelled", name) for name in labels], 1)


@pytest.fixture(scope="module")
def wanted(labels: dict[str, str], classes: list[str]) -> np.ndarray:
    return np.array([classes.index(name) for name in labels.values()])


def test_that_the_network_is_valid_and_takes_at_most_a_megabyte(network: onnx.ModelProto) -> None:
    onnx.checker.check_model(network, full_check=True)
    assert resource("demo", "demo.onnx").stat().st_size <= 1_000_000


def test_that_the_network_has_the_operators_of_real_ones(network: onnx.ModelProto) -> None:
    ops = [node.op_type for node in network.graph.node if node.op_type != "Constant"]
    assert len(ops) >= 25
    assert set(ops) >= {"Conv", "Clip", "Sigmoid", "Mul", "Add", "Concat", "GlobalAveragePool", "Gemm"}
    groups = [item.i for node in network.graph.node for item in node.attribute if item.name == "group"]
    assert max(groups) > 1, "no depthwise convolution"


def test_that_every_listed_picture_fits_the_network(network: onnx.ModelProto, labels: dict[str, str]) -> None:
    size = tuple(item.dim_value for item in network.graph.input[0].type.tensor_type.shape.dim[2:])
    lines = resource("demo", "dataset.txt").read_text("utf-8").splitlines()
    listed = [resource("demo", line) for line in lines]
    listed += [resource("demo", "labelled", name) for name in labels]
    assert (len(lines), len(labels)) == (64, 200)
    assert {cv2.imread(str(path)).shape for path in listed} == {(*size, 3)}


def test_that_no_picture_is_left_out_of_the_lists(labels: dict[str, str]) -> None:
    lines = resource("demo", "dataset.txt").read_text("utf-8").splitlines()
    assert {f"calibration/{path.name}" for path in resource("demo", "calibration").glob("*.png")} == set(lines)
    assert {path.name for path in resource("demo", "labelled").glob("*.png")} == set(labels)


def test_that_every_class_is_labelled_equally_often(labels: dict[str, str], classes: list[str]) -> None:
    assert {name: list(labels.values()).count(name) for name in classes} == dict.fromkeys(classes, 20)


def test_that_no_labelled_picture_was_calibrated_with() -> None:
    contents = [path.read_bytes() for path in resource("demo").glob("*/*.png")]
    assert len(set(contents)) == len(contents)


def test_that_the_float_network_knows_the_signs(
    graph: Deployed, labelled: tuple[Sample, ...], wanted: np.ndarray
) -> None:
    assert float_top1(loaded(labelled, RGB, graph), wanted) >= 0.95


def test_that_exchanging_red_and_blue_ruins_it(
    graph: Deployed, labelled: tuple[Sample, ...], wanted: np.ndarray
) -> None:
    assert float_top1(loaded(labelled, BGR, graph), wanted) < 0.6


def test_that_int8_loses_most_per_layer_and_float16_layers_bring_it_back(
    graph: Deployed, ranges: dict[str, Range], labelled: tuple[Sample, ...], wanted: np.ndarray
) -> None:
    pictures = loaded(labelled, RGB, graph)
    top1 = partial(simulated_top1, graph, ranges, pictures=pictures, wanted=wanted)
    unquantized = float_top1(pictures, wanted)
    per_layer, per_channel = top1(QuantSettings(method="layer")), top1(QuantSettings(method="channel"))
    assert per_layer <= 0.85
    assert per_layer + 0.03 <= per_channel <= unquantized - 0.03
    assert top1(QuantSettings(method="channel", float_tensors=REPAIR)) >= unquantized - 0.01


def loaded(samples: tuple[Sample, ...], preprocess: Preprocess, graph: Deployed) -> Feeds:
    inputs = graph.model.graph.inputs
    return [feeds(sample, inputs, {inputs[0].name: preprocess}) for sample in samples]


def float_top1(pictures: Feeds, wanted: np.ndarray) -> float:
    session = open_session(onnx.load(resource("demo", "demo.onnx")))
    scores = [session.run(["scores"], picture)[0] for picture in pictures]
    return float((np.concatenate(scores).argmax(1) == wanted).mean())


def simulated_top1(
    graph: Deployed, ranges: dict[str, Range], settings: QuantSettings, pictures: Feeds, wanted: np.ndarray
) -> float:
    network = simulator_of(graph, make_plan(graph, ranges, settings), pictures[0])
    found: list[int] = []
    for picture in pictures:
        given = {GOLDEN + name: array for name, array in picture.items()}
        drain(network.run(given, lambda _, scores: found.append(int(scores.argmax()))))
    return float((np.array(found) == wanted).mean())


def simulator_of(graph: Deployed, plan: Plan, picture: dict[str, np.ndarray]) -> Network:
    """The quantised network; it hands out nothing but the scores."""
    built = simulator(graph, plan, [])
    inputs = [value_info(GOLDEN + name, array) for name, array in picture.items()]
    constants = [onnx.numpy_helper.from_array(np.asarray(array), name) for name, array in built.constants.items()]
    proto = assemble(built.nodes, inputs, [], constants, graph.model.proto)
    return Network(proto, [built.stored[ENTIRE, "scores"]], {})
