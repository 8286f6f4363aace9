"""Which scopes a network has, what is left of it when they are folded, and which hulls are drawn."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.unit.ui.test_graph_model import row
from workbench.graph.graph import Graph, Layer, Tensor
from workbench.ui.models.attributes import attributes_text
from workbench.ui.models.graph.drawing import draw, sketch
from workbench.ui.models.graph.folding import FLAT, Folding, Network, Shown, first_folding, make_network, show
from workbench.ui.models.graph.model import build
from workbench.ui.models.graph.scopes import CROWD, find_scopes


def network_of(layers: Sequence[tuple[str, str]]) -> Network:
    """Layers as (name, names of what it takes); the tensor has the layer's name, "x" is the input."""
    made = tuple(
        Layer(name, name.rsplit("/", 1)[-1].split("_")[0], tuple(takes.split()), (name,)) for name, takes in layers
    )
    tensors = {name: Tensor(name, (1, 8)) for layer in made for name in (*layer.inputs, *layer.outputs)}
    return make_network(build(Graph(made, (Tensor("x", (1, 3)),), (), tensors, frozenset())))


@pytest.fixture
def blocks() -> Network:
    """A stem, then two blocks of a stage with a skip each."""
    return network_of([
        ("/net/stem/Conv", "x"), ("/net/stem/Relu", "/net/stem/Conv"),
        ("/net/stage/0/Conv", "/net/stem/Relu"), ("/net/stage/0/Relu", "/net/stage/0/Conv"),
        ("/net/stage/0/Add", "/net/stage/0/Relu /net/stem/Relu"),
        ("/net/stage/1/Conv", "/net/stage/0/Add"), ("/net/stage/1/Add", "/net/stage/1/Conv /net/stage/0/Add"),
        ("/net/head/fc/Gemm", "/net/stage/1/Add"),
    ])  # fmt: skip


def labels(shown: Shown) -> list[str]:
    return [box.label if box.kind == "scope" else box.tensor for box in shown.diagram.boxes]


def edges(shown: Shown) -> set[tuple[str, str]]:
    names = labels(shown)
    return {(names[a], names[b]) for a, b in shown.diagram.edges}


def everything(network: Network) -> Folding:
    return Folding(frozenset(network.scopes.names))


def test_that_names_make_scopes_and_what_holds_nearly_everything_or_one_layer_is_none(blocks: Network) -> None:
    assert dict(zip(blocks.scopes.names, blocks.scopes.titles, strict=True)) == {
        "net/stem": "stem", "net/stage": "stage", "net/stage/0": "0", "net/stage/1": "1",
    }  # fmt: skip
    assert blocks.scopes.sizes.tolist() == [2, 5, 3, 2]


def test_that_a_scope_that_only_holds_another_is_joined_with_it() -> None:
    network = network_of(
        [("/a/b/c/Conv", "x"), ("/a/b/c/Relu", "/a/b/c/Conv"), ("/Add", "/a/b/c/Relu"), ("/Mul", "/Add")]
    )

    assert network.scopes.titles == ("a/b/c",)


def test_that_a_group_across_scopes_lies_in_the_scope_around_them() -> None:
    layers = [Layer("/m/conv/Conv", "Conv", ("x",), ("a",)), Layer("/m/act/Relu", "Relu", ("a",), ("b",))]
    layers += [
        Layer("/m/Add", "Add", ("b",), ("c",)),
        Layer("/Mul", "Mul", ("c",), ("d",)),
        Layer("/Abs", "Abs", ("d",), ("e",)),
    ]
    graph = Graph(tuple(layers), (Tensor("x", (1,)),), (), {}, frozenset())
    diagram = build(graph, [row(name) for name in "bcde"], {"b": ("/m/conv/Conv", "/m/act/Relu"), "c": ("/m/Add",)})

    scopes = find_scopes(diagram)

    assert [scopes.names[scope] for scope in scopes.around(diagram.index_of["b"])] == ["m"]


def test_that_a_folded_scope_is_one_box_of_all_that_lies_inside(blocks: Network) -> None:
    shown = show(blocks, Folding())

    assert labels(shown) == ["x", "stem", "stage", "/net/head/fc/Gemm"]
    assert edges(shown) == {("x", "stem"), ("stem", "stage"), ("stage", "/net/head/fc/Gemm")}
    stage = shown.diagram.boxes[2]
    assert (stage.kind, stage.inside, stage.detail) == ("scope", 5, "Conv × 2, Add × 2, Relu")
    assert stage.tensors[0] == "/net/stage/1/Add"
    assert shown.diagram.index_of["/net/stage/0/Relu"] == 2


def test_that_an_open_scope_shows_its_closed_children(blocks: Network) -> None:
    shown = show(blocks, Folding(frozenset({"net/stage", "net/stage/1"})))

    assert labels(shown) == ["x", "stem", "0", "/net/stage/1/Conv", "/net/stage/1/Add", "/net/head/fc/Gemm"]
    assert ("0", "/net/stage/1/Add") in edges(shown)


def test_that_what_is_open_inside_a_closed_scope_is_hidden(blocks: Network) -> None:
    assert labels(show(blocks, Folding(frozenset({"net/stage/1"})))) == labels(show(blocks, Folding()))


def test_that_unfolded_the_diagram_is_the_whole_one(blocks: Network) -> None:
    shown = show(blocks, everything(blocks))

    assert list(shown.diagram.edges) == list(blocks.full.edges)
    assert list(shown.diagram.boxes) == list(blocks.full.boxes)
    assert list(shown.diagram.flows) == list(blocks.full.flows)


def test_that_an_open_group_is_higher_and_keeps_its_place() -> None:
    layers = (Layer("conv", "Conv", ("x",), ("a",)), Layer("relu", "Relu", ("a",), ("b",)))
    graph = Graph(layers, (Tensor("x", (1,)),), (), {}, frozenset())
    network = make_network(build(graph, [row("b")], {"b": ("conv", "relu")}))

    closed, opened = show(network, Folding()), show(network, Folding().with_group("b"))

    assert opened.diagram.boxes[1].members == (("Conv", "conv"), ("Relu", "relu"))
    assert opened.diagram.boxes[1].height > closed.diagram.boxes[1].height
    assert draw(sketch(network, opened)).top[1] == draw(sketch(network, closed)).top[1]


def test_that_a_small_network_starts_open_and_a_large_one_at_its_worst_layer() -> None:
    names = [f"/stage{n // 300}/block{n // 30}/Conv_{n}" for n in range(2 * FLAT)]
    large = network_of([(name, names[n - 1] if n else "x") for n, name in enumerate(names)])
    worst = names[1234]

    shown = show(large, first_folding(large, worst))

    assert len(shown.diagram.boxes) < 200
    assert shown.diagram.boxes[shown.diagram.index_of[worst]].kind == "layer"
    assert shown.diagram.boxes[shown.diagram.index_of[names[0]]].kind == "scope"


def test_that_a_large_network_without_scopes_is_divided_where_few_edges_pass() -> None:
    count = 2 * CROWD
    layers = [(f"Conv_{n}", f"Conv_{n - 1}" if n else "x") for n in range(count)]
    layers = [(name, f"{takes} Conv_{n - 7}" if n % 10 == 7 else takes) for n, (name, takes) in enumerate(layers)]
    network = network_of(layers)

    shown = show(network, Folding())

    assert 20 < len(shown.diagram.boxes) < 100
    assert len(shown.diagram.edges) == len(shown.diagram.boxes) - 1
    assert int(network.scopes.sizes.sum()) == count


def test_that_a_scope_whose_boxes_stand_together_has_a_hull(blocks: Network) -> None:
    shown = show(blocks, everything(blocks))

    geometry = draw(sketch(blocks, shown))

    names = [blocks.scopes.names[scope] for scope in geometry.hulls.scopes]
    assert sorted(names) == ["net/stage", "net/stage/0", "net/stage/1", "net/stem"]
    inner, outer = (geometry.hulls.sides[names.index(name)] for name in ("net/stage/0", "net/stage"))
    assert (outer[:2] < inner[:2]).all()
    assert (outer[2:] > inner[2:]).all()
    x, y = geometry.centre(shown.diagram.index_of["/net/stage/0/Conv"])
    assert blocks.scopes.names[geometry.hulls.at(x, y)] == "net/stage/0"


def test_that_a_scope_around_a_stranger_has_no_hull() -> None:
    network = network_of(
        [("/a/Conv", "x"), ("/Relu", "/a/Conv"), ("/a/Add", "/Relu"), ("/Mul", "/a/Add"), ("/Abs", "/Mul")]
    )

    assert draw(sketch(network, show(network, everything(network)))).hulls.scopes.tolist() == []


def test_that_a_folded_scope_around_a_stranger_is_drawn_with_an_edge_that_leads_upwards() -> None:
    network = network_of(
        [("/a/Conv", "x"), ("/Relu", "/a/Conv"), ("/a/Add", "/Relu"), ("/Mul", "/a/Add"), ("/Abs", "/Mul")]
    )
    shown = show(network, Folding())

    geometry = draw(sketch(network, shown))

    assert edges(shown) == {("x", "a"), ("a", "/Relu"), ("/Relu", "a"), ("a", "/Mul"), ("/Mul", "/Abs")}
    leads_up = [line[-1, 1] < line[0, 1] for line in map(geometry.line, range(len(shown.diagram.edges)))]
    assert sum(leads_up) == 1


def test_that_folding_at_one_place_leaves_the_rest_of_the_drawing_as_it_was(blocks: Network) -> None:
    opened, closed = (
        show(blocks, everything(blocks)),
        show(blocks, everything(blocks).with_scopes(closed=["net/stage/0"])),
    )
    places = [draw(sketch(blocks, shown)) for shown in (opened, closed)]
    name, other = "/net/stage/1/Conv", "/net/stage/1/Add"

    first, second = (
        np.subtract(geometry.centre(shown.diagram.index_of[name]), geometry.centre(shown.diagram.index_of[other]))
        for shown, geometry in zip((opened, closed), places, strict=True)
    )

    assert first.tolist() == second.tolist()


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ({"kernel_shape": [3, 3], "strides": [2, 2], "dilations": [1, 1], "group": 1}, "3×3 /2"),
        ({"kernel_shape": [1, 7], "strides": [1, 2], "dilations": [1, 1], "group": 32}, "1×7 /1×2 g32"),
        ({"kernel_shape": [3, 3], "dilations": [2, 2]}, "3×3 d2"),
        ({"axis": -1}, "axis -1"),
        ({"perm": [0, 2, 1]}, "→ 0 2 1"),
        ({"mode": b"nearest"}, "nearest"),
        ({}, ""),
    ],
)
def test_that_attributes_are_told_where_they_are_not_the_usual(attributes: dict[str, object], text: str) -> None:
    assert attributes_text([Layer("n", "Conv", (), (), attributes=attributes)]) == text


def test_that_of_a_group_the_convolution_tells_its_attributes() -> None:
    layers = [
        Layer("c", "Concat", (), (), attributes={"axis": 1}),
        Layer("n", "Conv", (), (), attributes={"kernel_shape": [3]}),
    ]

    assert attributes_text(layers) == "3"
