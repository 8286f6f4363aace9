"""The deployed graph as a diagram, and the way between the two graphs."""

from pathlib import Path

from tests.unit.networks import network, node, random
from tests.unit.ui.test_graph_model import row as plain_row
from workbench.graph.graph import Model
from workbench.ui.models.graph.deployed_diagram import Deployment, Side, deployed_side, original_side, with_rows


def swish_network(folder: Path) -> Model:
    nodes = [
        node("Conv", ["x", "w"], ["a"], name="conv", pads=[1, 1, 1, 1]),
        node("Sigmoid", ["a"], ["s"], name="sigmoid"),
        node("Mul", ["a", "s"], ["y"], name="mul"),
    ]
    return network(folder, nodes, {"w": random(4, 3, 3, 3)})


def test_that_the_deployed_graph_has_the_operators_of_the_npu(tmp_path: Path) -> None:
    diagram, geometry = deployed_side(swish_network(tmp_path), Deployment(1, False, "int8"))

    assert [(box.kind, box.op) for box in diagram.boxes] == [
        ("input", "input"), ("layer", "exDataConvert"), ("layer", "Conv"), ("layer", "exSwish"),
        ("layer", "exDataConvert"), ("output", "output"),
    ]  # fmt: skip
    assert diagram.edges == ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5))
    assert len(geometry.left) == 6


def test_that_without_quantization_nothing_is_converted(tmp_path: Path) -> None:
    diagram, _ = deployed_side(swish_network(tmp_path), Deployment(2, False, ""))

    assert [box.op for box in diagram.boxes if box.kind == "layer"] == ["Conv", "exSwish"]


def test_that_an_operator_leads_to_the_layers_it_stands_for_and_back(tmp_path: Path) -> None:
    model = swish_network(tmp_path)
    left, right = Side(*original_side(model)), Side(*deployed_side(model, Deployment(1, False, "int8")))
    swish = next(box for box in right.diagram.boxes if box.op == "exSwish")
    sigmoid = next(box for box in left.diagram.boxes if box.op == "Sigmoid")

    assert [left.diagram.boxes[at].op for at in left.counterparts(swish)] == ["Sigmoid", "Mul"]
    assert "exSwish" in [right.diagram.boxes[at].op for at in right.counterparts(sigmoid)]


def test_that_an_input_leads_to_the_input_of_the_other_graph(tmp_path: Path) -> None:
    model = swish_network(tmp_path)
    left, right = Side(*original_side(model)), Side(*deployed_side(model, Deployment(1, False, "int8")))

    assert [left.diagram.boxes[at].tensor for at in left.counterparts(right.diagram.boxes[0])] == ["x"]


def test_that_a_row_is_shown_at_the_layer_that_has_its_golden_values(tmp_path: Path) -> None:
    diagram, _ = original_side(swish_network(tmp_path))

    shown = with_rows(diagram, [plain_row("y_int8", "exSwish", golden="y")], {"y_int8": ("sigmoid", "mul")})

    assert {box.op: box.rows for box in shown.boxes if box.rows} == {"Mul": ("y_int8",)}
