"""Rules of the draft on which graph rewrites work."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.unit.networks import deployed, node
from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft, apply

CHAIN = [
    node("Relu", ["x"], ["a"], name="first"),
    node("Sigmoid", ["a"], ["b"], name="second"),
    node("Add", ["a", "b"], ["y"], name="third"),
]


def draft_of(folder: Path, nodes: list = CHAIN) -> Draft:
    return Draft(deployed(folder, nodes))


def test_that_new_layers_stand_where_the_last_old_one_stood_and_know_their_origins(tmp_path: Path) -> None:
    draft = draft_of(tmp_path)
    first, second, third = draft.layers
    draft.replace([first, second], [make_layer("Tanh", ["x"], ["a"]), make_layer("Exp", ["a"], ["b"])])
    assert [layer.op for layer in draft.layers] == ["Tanh", "Exp", "Add"]
    assert draft.layers[0].origins == draft.layers[1].origins == ("first", "second")
    assert draft.layers[2] is third
    assert draft.producer("b") is draft.layers[1]
    assert not draft.holds(first)


def test_that_a_vanished_tensor_is_absorbed_by_what_replaced_its_layer(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, [*CHAIN[:2], node("Neg", ["b"], ["y"], name="third")])
    _, second, third = draft.layers
    draft.replace([second, third], [make_layer("Cos", ["a"], ["y"])])
    assert draft.layers[-1].absorbed == ("b",)
    assert draft.consumers("a") == (draft.layers[-1],)


def test_that_layers_come_behind_what_they_read(tmp_path: Path) -> None:
    draft = draft_of(tmp_path)
    first, second, _ = draft.layers
    late = draft.tensor("late", (1, 3, 6, 6))
    draft.replace([first], [make_layer("Add", ["x", late], ["a"])])
    draft.replace([second], [make_layer("Exp", ["x"], [late]), make_layer("Neg", [late], ["b"])])
    assert [layer.op for layer in draft.graph().layers] == ["Exp", "Neg", "Add", "Add"]


def test_that_an_output_of_the_network_cannot_be_redirected(tmp_path: Path) -> None:
    draft = draft_of(tmp_path)
    assert not draft.redirect("y", "a")
    assert draft.redirect("b", "x")
    assert draft.layers[-1].inputs == ("a", "x")
    assert draft.consumers("b") == ()


def test_that_new_names_do_not_hide_old_ones(tmp_path: Path) -> None:
    draft = draft_of(tmp_path)
    assert draft.constant("a", np.zeros(1, np.float32)) == "a_"
    assert draft.tensor("a", (1,), golden="b") == "a__"
    assert draft.golden_of["a__"] == "b"


def test_that_rules_are_repeated_until_nothing_changes(tmp_path: Path) -> None:
    nodes = [node("Sin", ["x"], ["a"]), node("Sin", ["a"], ["b"]), node("Sin", ["b"], ["c"]), node("Sin", ["c"], ["y"])]
    draft = draft_of(tmp_path, nodes)

    def double(draft: Draft, layer: DeployedLayer) -> bool:
        before = draft.producer(layer.inputs[0])
        if layer.op != "Sin" or before is None or before.op != "Sin":
            return False
        draft.replace([before, layer], [make_layer("Sin", before.inputs, layer.outputs)])
        return True

    apply(draft, [double])
    assert [(layer.op, layer.inputs) for layer in draft.layers] == [("Sin", ("x",))]
    assert set(draft.layers[0].absorbed) == {"a", "b", "c"}


def test_that_new_layers_stand_right_behind_what_they_read_the_latest_first(tmp_path: Path) -> None:
    takers = [node("Cos", ["r"], ["c"]), node("Sin", ["r"], ["s"]), node("Max", ["e", "c", "s"], ["y"])]
    draft = draft_of(tmp_path, [node("Relu", ["x"], ["r"]), node("Exp", ["x"], ["e"]), *takers])
    draft.replace([draft.layers[2]], [make_layer("Tan", ["r"], ["t"]), make_layer("Atan", ["t"], ["c"])])
    draft.replace([draft.layers[-2]], [make_layer("Asin", ["r"], ["s"])])
    assert [layer.op for layer in draft.layers] == ["Relu", "Asin", "Tan", "Atan", "Exp", "Max"]


def test_that_a_changed_layer_keeps_its_place(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, [node("Relu", ["x"], ["r"]), node("Exp", ["x"], ["e"]), node("Add", ["r", "e"], ["y"])])
    old = draft.layers[1]
    draft.replace([old], [replace(make_layer("Cos", ["x"], ["e"]), origins=old.origins)])
    assert [layer.op for layer in draft.layers] == ["Relu", "Cos", "Add"]
