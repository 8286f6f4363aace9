"""Rules of plans from files on a network: which names mean which tensors, and what fits nothing is said."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import declared, deployed, node, quantisable, random
from workbench.foundation.errors import PlanError, SettingsError
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.quantize.calibrate import calibrate
from workbench.quantize.configs.matching import planned
from workbench.quantize.configs.own_json import write_plan
from workbench.quantize.configs.plan_file import Entry, PlanFile
from workbench.quantize.configs.read import read_plan
from workbench.quantize.constants import constants_of
from workbench.quantize.encoding import Encoding
from workbench.quantize.planner import make_plan
from workbench.quantize.ranges import Range
from workbench.quantize.schemes import QuantSettings

STORED = Encoding("int8", (0.1,), (-128,))
NAMES = ("x_int8", "c", "r", "y_int8")


def network(folder: Path, names: tuple[str, str] = ("conv", "relu")) -> Deployed:
    nodes = [
        node("Conv", ["x", "w", "b"], ["c"], names[0], kernel_shape=[1, 1]),
        node("Relu", ["c"], ["r"], names[1]),
        node("MaxPool", ["r"], ["y"], "pool", kernel_shape=[2, 2]),
    ]
    return quantisable(folder, nodes, {"w": random(4, 3, 1, 1), "b": random(4)})


def plan_file(*names: str, custom: dict[str, str] | None = None) -> PlanFile:
    return PlanFile("toolkit2", {name: Entry(STORED, Range(0.0, 25.5)) for name in names}, custom or {})


def test_that_a_plan_stores_what_the_file_says(tmp_path: Path) -> None:
    plan, notes = planned(network(tmp_path), plan_file(*NAMES), QuantSettings())

    assert {name: plan.encodings[name] for name in NAMES} == dict.fromkeys(NAMES, STORED)
    assert (plan.grouped, plan.unstored, notes) == ({"c"}, {"c"}, ())


def test_that_names_that_fit_nothing_are_told(tmp_path: Path) -> None:
    _, notes = planned(network(tmp_path), plan_file(*NAMES, "other"), QuantSettings())

    assert notes == ("1 of the plan's 5 names are not in the network: other.",)


def test_that_tensors_that_the_plan_does_not_know_are_told(tmp_path: Path) -> None:
    plan, notes = planned(network(tmp_path), plan_file("x_int8", "c"), QuantSettings())

    assert notes[0].startswith("The plan says nothing of 2 tensors of the network: r, y_int8")
    assert plan.precision["r"] == "float16"


def test_that_a_name_of_the_users_network_is_enough(tmp_path: Path) -> None:
    plan, _ = planned(network(tmp_path), plan_file("x", "c", "r", "y"), QuantSettings())

    assert plan.encodings["y_int8"] == STORED


def test_that_layers_with_a_precision_of_their_own_keep_it(tmp_path: Path) -> None:
    graph = network(tmp_path)

    plan, _ = planned(graph, plan_file(*NAMES, custom={"c": "float16"}), QuantSettings(float_tensors=("r",)))

    assert (plan.precision["c"], plan.precision["r"], plan.precision["y_int8"]) == ("float16", "float16", "int8")
    with pytest.raises(PlanError, match="keeps q in float16"):
        planned(graph, plan_file(*NAMES, custom={"q": "float16"}), QuantSettings())
    with pytest.raises(SettingsError, match="No layer gives q"):
        planned(graph, plan_file(*NAMES), QuantSettings(float_tensors=("q",)))


def test_that_the_plan_of_another_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="None of the plan's 2 tensors is in the network"):
        planned(network(tmp_path), plan_file("p", "q"), QuantSettings())


def test_that_our_own_plan_is_taken_as_it_is(tmp_path: Path) -> None:
    graph = network(tmp_path)
    made = make_plan(graph, drain(calibrate(graph, [{"x": random(1, 3, 6, 6)}], 1)), QuantSettings())
    write_plan(made, tmp_path / "plan.json")

    assert planned(graph, read_plan(tmp_path / "plan.json"), QuantSettings(method="layer")) == (made, ())


def toolkit1_file(**entries: Encoding) -> PlanFile:
    return PlanFile("toolkit1", {name: Entry(item) for name, item in entries.items()}, method="layer")


def test_that_layers_of_toolkit1_are_found_by_operator_and_node(tmp_path: Path) -> None:
    graph = network(tmp_path, ("/c/Conv", "Relu_5"))
    stored, weight = Encoding("uint8", (0.1,), (0,)), Encoding("uint8", (0.02,), (120,))
    file = toolkit1_file(**{
        "@x_1:out0": stored,
        "@Conv_/c/Conv_3:out0": stored,
        "@Conv_/c/Conv_3:weight": weight,
        "@Relu_Relu_5_45:out0": stored,
        "@Maxpool_y_7:out0": stored,
        "@Squeeze_acuity_mark_perm_29:out0": stored,
    })  # fmt: skip

    plan, notes = planned(graph, file, QuantSettings())

    assert {name: plan.encodings[name] for name in NAMES} == dict.fromkeys(NAMES, stored)
    assert (plan.encodings["w"], plan.method) == (weight, "layer")
    assert "@Squeeze_acuity_mark_perm_29:out0" in notes[0]


def test_that_weights_with_an_encoding_use_it(tmp_path: Path) -> None:
    graph = network(tmp_path, ("/c/Conv", "relu"))
    weight = Encoding("uint8", (0.02,), (120,))
    file = toolkit1_file(**{"@Conv_/c/Conv_3:out0": STORED, "@Conv_/c/Conv_3:weight": weight, "@x_1:out0": STORED})
    plan, _ = planned(graph, file, QuantSettings())

    used = constants_of(graph, graph.producers["c"], plan)[1]

    assert np.array_equal(used, weight.dequantize(weight.quantize(graph.constants["w"])))


def test_that_a_network_without_converts_takes_a_plan_too(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [node("Relu", ["x"], ["y"])])

    assert planned(graph, plan_file("x", "y"), QuantSettings())[0].encodings["y"] == STORED


def test_that_a_real_cfg_of_the_toolkit_fits_its_network(shared: Path) -> None:
    folder = shared / "artifacts" / "seafusion_rk3588_hybrid"
    graph = with_converts(drain(deploy(read_model(folder / "fusionmodel_480_640.onnx"))))
    file = read_plan(folder / "fusionmodel_480_640.quantization.cfg")

    plan, _ = planned(graph, file, QuantSettings())

    said = {name: entry.encoding for name, entry in file.entries.items() if name in graph.producers and entry.encoding}
    assert len(said) > 0.9 * len(file.entries)
    assert {name: plan.encodings[name] for name in said} == said
    assert set(file.custom) <= {name for name, precision in plan.precision.items() if precision == "float16"}


def test_that_second_operands_of_products_are_quantised_about_zero_by_plans_of_both_kinds(tmp_path: Path) -> None:
    shapes = {"x": (1, 6, 8), "z": (1, 8, 5)}
    inputs = [declared(name, shape) for name, shape in shapes.items()]
    graph = quantisable(tmp_path, [node("MatMul", ["x", "z"], ["y"])], inputs=inputs)
    feeds = {name: random(*shape) for name, shape in shapes.items()}
    plan = make_plan(graph, drain(calibrate(graph, [feeds], 1)), QuantSettings())
    write_plan(plan, tmp_path / "plan.json")

    ours, _ = planned(graph, read_plan(tmp_path / "plan.json"), QuantSettings())
    theirs, _ = planned(graph, plan_file("x_int8", "z_int8", "y_mm", "y_int8"), QuantSettings())

    assert ours.factors == plan.factors
    assert theirs.factors == {"z_rs": Encoding("int8", (25.5 / 127,), (0,))}


def test_that_a_block_of_layers_alone_is_no_plan(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="how tensors are stored"):
        planned(network(tmp_path), PlanFile("toolkit2", {}, {"c": "float16"}), QuantSettings())
