"""Rules of the names in the deployed graph."""

from pathlib import Path

from tests.unit.networks import deployed, node

LONG = "same" * 31 + "tail"  # 128 characters


def test_that_long_names_are_numbered_by_their_common_beginning(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], [LONG]), node("Abs", [LONG], [LONG + "2"]), node("Exp", [LONG + "2"], ["y"])]
    graph = deployed(tmp_path, nodes)
    assert [layer.outputs[0] for layer in graph.layers] == [LONG[:123] + "__0", LONG[:123] + "__1", "y"]
    assert graph.golden_of[LONG[:123] + "__1"] == LONG + "2"
    assert graph.tensors[LONG[:123] + "__0"].static_shape == (1, 3, 6, 6)


def test_that_names_of_127_characters_and_outputs_stay(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], [LONG[1:]]), node("Abs", [LONG[1:]], [LONG])]
    graph = deployed(tmp_path, nodes, outputs=(LONG,))
    assert [layer.outputs[0] for layer in graph.layers] == [LONG[1:], LONG]
