"""Which boxes and edges a network is drawn with."""

from collections.abc import Sequence

import pytest

from workbench.compare.compare import LayerError
from workbench.graph.graph import Graph, Layer, Tensor
from workbench.ui.models.graph.links import HUB
from workbench.ui.models.graph.model import Box, build, short_name


def graph_of(layers: Sequence[tuple[str, str, str]], constants: str = "", outputs: str = "") -> Graph:
    """Layers as (operator, inputs, outputs); the name of a layer is that of its first output with n before it."""
    made = tuple(Layer(f"n{outs.split()[0]}", op, tuple(ins.split()), tuple(outs.split())) for op, ins, outs in layers)
    ends = tuple(Tensor(name, (1,)) for name in outputs.split())
    names = {name for layer in made for name in (*layer.inputs, *layer.outputs)}
    return Graph(made, (Tensor("x", (1, 3)),), ends, {n: Tensor(n, (1,)) for n in names}, frozenset(constants.split()))


def row(tensor: str, op: str = "Conv", golden: str | None = None) -> LayerError:
    return LayerError(0, op, tensor, tensor if golden is None else golden, (), (1,), None, {}, "name", "")


def edges_by_name(diagram: object) -> set[tuple[str, str]]:
    boxes = diagram.boxes  # type: ignore[attr-defined]
    return {(boxes[a].tensor, boxes[b].tensor) for a, b in diagram.edges}  # type: ignore[attr-defined]


def test_that_every_layer_is_a_box_between_inputs_and_outputs() -> None:
    diagram = build(graph_of([("Conv", "x w", "a"), ("Relu", "a", "b")], constants="w", outputs="b"))

    assert [(box.kind, box.tensor) for box in diagram.boxes] == [
        ("input", "x"),
        ("layer", "a"),
        ("layer", "b"),
        ("output", "b"),
    ]
    assert edges_by_name(diagram) == {("x", "a"), ("a", "b"), ("b", "b")}


def test_that_what_is_computed_from_constants_alone_is_hidden() -> None:
    diagram = build(graph_of([("Mul", "w w", "v"), ("Cast", "v", "u"), ("Conv", "x u", "a")], constants="w"))

    assert [box.tensor for box in diagram.boxes] == ["x", "a"]


def test_that_a_fused_group_is_one_box_that_is_called_as_its_row() -> None:
    graph = graph_of([("Conv", "x", "a"), ("Sigmoid", "a", "s"), ("Mul", "a s", "m"), ("Relu", "m", "r")])

    diagram = build(graph, [row("a"), row("m", "exSwish"), row("r")], {"m": ("ns", "nm"), "a": ("na",), "r": ("nr",)})

    assert [(box.op, box.tensor, box.layers) for box in diagram.boxes[1:]] == [
        ("Conv", "a", ("na",)),
        ("exSwish", "m", ("ns", "nm")),
        ("Conv", "r", ("nr",)),
    ]
    assert edges_by_name(diagram) == {("x", "a"), ("a", "m"), ("m", "r")}


def test_that_a_tensor_inside_a_group_leads_to_the_group() -> None:
    graph = graph_of([("Conv", "x", "a"), ("Relu", "a", "b")])

    diagram = build(graph, [row("b")], {"b": ("na", "nb")})

    assert diagram.index_of["a"] == diagram.index_of["b"] == 1


def test_that_a_row_named_by_the_deployed_graph_is_found_through_its_layers() -> None:
    graph = graph_of([("Gemm", "x", "a")])

    diagram = build(graph, [row("a_mm", golden="")], {"a_mm": ("na",)})

    assert diagram.index_of["a_mm"] == 1
    assert diagram.boxes[1].tensor == "a_mm"


def test_that_converts_at_the_borders_belong_to_the_inputs_and_outputs() -> None:
    graph = graph_of([("Conv", "x", "a"), ("Sigmoid", "a", "y")], outputs="y")
    rows = [row("x_int8", "exDataConvert", "x"), row("a"), row("y_int8", "Sigmoid", "y"), row("y", "exDataConvert")]

    diagram = build(graph, rows, {"a": ("na",), "y_int8": ("ny",), "y": ("ny",)})

    assert [(box.kind, box.op, box.tensor, box.rows) for box in diagram.boxes] == [
        ("input", "input", "x_int8", ("x_int8",)),
        ("layer", "Conv", "a", ("a",)),
        ("layer", "Sigmoid", "y_int8", ("y_int8",)),
        ("output", "output", "y", ("y",)),
    ]
    assert diagram.edges == ((0, 1), (1, 2), (2, 3))
    assert [diagram.index_of[name] for name in ("x", "x_int8", "y_int8", "y")] == [0, 0, 2, 3]


def test_that_a_layer_that_became_several_operators_keeps_its_own_name() -> None:
    graph = graph_of([("Gemm", "x", "a")])

    diagram = build(graph, [row("a_mm", "Conv", "a"), row("a", "Reshape")], {"a_mm": ("na",), "a": ("na",)})

    assert diagram.boxes[1].op == "Gemm"
    assert diagram.boxes[1].tensors == ("a", "a_mm")


def test_that_a_layer_with_several_rows_is_one_box_of_all_of_them() -> None:
    graph = graph_of([("Split", "x", "a b"), ("Relu", "a", "c")])

    diagram = build(graph, [row("a"), row("b")], {"a": ("na",), "b": ("na",)})

    assert set(diagram.boxes[1].tensors) == {"a", "b"}


def test_that_a_group_around_another_layer_makes_no_cycle() -> None:
    graph = graph_of([("Conv", "x", "a"), ("Relu", "a", "b"), ("Add", "a b", "c")])

    diagram = build(graph, [row("c"), row("b")], {"c": ("na", "nc"), "b": ("nb",)})

    assert all(source < target for source, target in diagram.edges)


def test_that_a_hub_keeps_the_edges_that_hold_the_picture_together() -> None:
    count = HUB + 3
    layers = [("Conv", "x", "mask"), ("Relu", "x", "t0")]
    layers += [("Add", f"t{n} mask", f"t{n + 1}") for n in range(count)]

    diagram = build(graph_of(layers))

    drawn = [edge for edge in diagram.edges if diagram.boxes[edge[0]].tensor == "mask"]
    stubs = diagram.stub_sources
    assert len(drawn) == 1
    assert len(stubs) == count - 1
    assert len(diagram.successors[diagram.index_of["mask"]]) == count


def test_that_a_consumer_with_no_other_input_keeps_its_edge_from_a_hub() -> None:
    diagram = build(graph_of([("Relu", "x", "h"), *(("Abs", "h", f"a{n}") for n in range(HUB + 2))]))

    assert not diagram.stubs


def test_that_in_a_large_network_far_edges_are_left_out_but_not_what_holds_an_end() -> None:
    count = 3000
    layers = [("Conv", f"t{n - 1}" if n else "x", f"t{n}") for n in range(count)]
    layers[2500] = ("Add", "t2499 t100", "t2500")
    layers[2600] = ("Concat", "t2599 late", "t2600")
    layers.insert(0, ("Cast", "x", "late"))

    diagram = build(graph_of(layers, outputs="t50"))

    names = [(diagram.boxes[a].tensor, diagram.boxes[b].tensor) for a, b in diagram.stubs]
    assert names == [("t100", "t2500")]
    assert diagram.predecessors[diagram.index_of["t2500"]] == (diagram.index_of["t2499"], diagram.index_of["t100"])


@pytest.mark.parametrize(
    ("tensor", "short"),
    [
        ("947", "947"),
        ("/model.2/cv1/conv/Conv_output_0", "model.2/cv1/conv/Conv"),
        ("/model/backbone/layer4/block.12/attention/Softmax_output_0", "…/attention/Softmax"),
        ("x" * 60, "…" + "x" * 25),
        ("/", "/"),
    ],
)
def test_that_a_short_name_is_the_telling_end(tensor: str, short: str) -> None:
    assert short_name(tensor) == short


@pytest.mark.parametrize(
    ("op", "members", "title", "main"),
    [
        ("Relu", "Conv Relu", "Conv+Relu", "Conv"),
        ("exSwish", "Sigmoid Mul", "exSwish", "exSwish"),
        ("Add", "", "Add", "Add"),
        ("Relu", "ConvTranspose BatchNormalization Relu", "Relu", "ConvTranspose"),
    ],
)
def test_that_a_group_is_called_by_its_operators_where_they_have_no_name_together(
    op: str, members: str, title: str, main: str
) -> None:
    box = Box("layer", op, "a", ("a",), members=tuple((member, f"n{member}") for member in members.split()))

    assert (box.title, box.main) == (title, main)


def test_that_rows_which_name_the_layers_of_others_do_not_make_one_box_of_all() -> None:
    """The NPU rearranges attention: its rows name more layers than they are computed of."""
    layers = [("MatMul", "x w", "q"), ("Reshape", "q s", "r"), ("Softmax", "r", "p"), ("MatMul", "p w", "o")]
    graph = graph_of(layers, constants="w s", outputs="o")
    rows = [row("q_mm", "Conv"), row("r_tp-rs", "Reshape"), row("p_sdpa", "exSDPAttention"), row("o_mm", "Conv")]
    named = {"q_mm": ("nq",), "r_tp-rs": ("nq", "nr", "np", "no"), "p_sdpa": ("np",), "o_mm": ("np", "no")}

    diagram = build(graph, rows, named)

    found = [(box.layers, box.rows) for box in diagram.boxes if box.kind == "layer"]
    assert found == [(("n" + name[0],), (name,)) for name in ("q_mm", "r_tp-rs", "p_sdpa", "o_mm")]


def test_that_a_row_of_an_input_belongs_to_the_input() -> None:
    graph = graph_of([("MatMul", "x w", "q")], constants="w", outputs="q")

    diagram = build(graph, [row("x_rs", "Reshape", "x"), row("q")], {"x_rs": ("nq",), "q": ("nq",)})

    assert [(box.kind, box.rows) for box in diagram.boxes[:2]] == [("input", ("x_rs",)), ("layer", ("q",))]


def test_that_converts_of_the_toolkits_own_graph_are_boxes_with_their_rows() -> None:
    graph = graph_of(
        [("exDataConvert", "x", "x_int8"), ("Conv", "x_int8", "a"), ("exDataConvert", "a", "y")], outputs="y"
    )
    rows = [row("x_int8", "exDataConvert"), row("a"), row("y", "exDataConvert")]

    diagram = build(graph, rows, {"x_int8": ("nx_int8",), "a": ("na",), "y": ("ny",)})

    assert [(box.kind, box.tensor, box.rows) for box in diagram.boxes] == [
        ("input", "x", ()),
        ("layer", "x_int8", ("x_int8",)),
        ("layer", "a", ("a",)),
        ("layer", "y", ("y",)),
        ("output", "y", ()),
    ]
