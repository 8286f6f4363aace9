"""What lies on the path up or down from a layer."""

from dataclasses import replace

import pytest

from tests.unit.ui.test_graph_model import graph_of
from workbench.ui.models.graph.folding import Folding, make_network, show
from workbench.ui.models.graph.model import build
from workbench.ui.models.graph.path import Flow, Path, layers_shown, on_path

DIAMOND = [("Conv", "x w", "a"), ("Relu", "a", "b"), ("Neg", "a", "c"), ("Add", "b c", "d"), ("Relu", "x", "e")]


def path_of(anchor: str, layers: tuple[str, ...], direction: str) -> Path:
    return Flow(graph_of(DIAMOND, constants="w", outputs="d e")).path(anchor, layers, direction)


@pytest.mark.parametrize(
    ("direction", "layers", "ends"),
    [
        ("up", {"na", "nb"}, {"x", "b"}),
        ("down", {"nb", "nd"}, {"d", "b"}),
        ("both", {"na", "nb", "nd"}, {"x", "d", "b"}),
    ],
)
def test_that_a_path_has_what_a_layer_needs_and_what_needs_it(direction: str, layers: set[str], ends: set[str]) -> None:
    path = path_of("b", ("nb",), direction)

    assert (path.layers, path.ends) == (layers, ends)


def test_that_the_path_down_from_an_input_begins_with_its_consumers() -> None:
    assert path_of("x", (), "down").layers == {"na", "nb", "nc", "nd", "ne"}


def test_that_the_path_up_from_an_output_ends_with_what_gives_it() -> None:
    assert path_of("e", (), "up").layers == {"ne"}


def test_that_boxes_of_the_path_are_told_from_others() -> None:
    graph = graph_of(DIAMOND, constants="w", outputs="d e")
    path = Flow(graph).path("b", ("nb",), "up")

    diagram = build(graph)
    found = {
        (box.kind, box.tensor) for box, lies_on in zip(diagram.boxes, on_path(diagram, path), strict=True) if lies_on
    }

    assert found == {("input", "x"), ("layer", "a"), ("layer", "b")}


def test_that_a_folded_scope_is_on_the_path_with_any_of_its_layers() -> None:
    layers = [("Conv", "x", "s/a"), ("Relu", "s/a", "s/b"), ("Neg", "x", "t/c"), ("Neg", "t/c", "t/d")]
    graph = graph_of(layers, outputs="s/b t/d")
    graph = replace(graph, layers=tuple(replace(layer, name=layer.outputs[0]) for layer in graph.layers))
    folded = show(make_network(build(graph)), Folding()).diagram

    found = on_path(folded, Flow(graph).path("s/a", ("s/a",), "up"))

    assert [box.label for box, lies_on in zip(folded.boxes, found, strict=True) if lies_on] == ["x", "s"]


def test_that_only_layers_that_are_drawn_count() -> None:
    graph = graph_of([("Mul", "w w", "v"), ("Conv", "x v", "a")], constants="w", outputs="a")
    path = Flow(graph).path("a", ("na",), "up")

    assert path.layers == {"nv", "na"}
    assert layers_shown(build(graph), path) == 1
