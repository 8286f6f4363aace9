"""What the inspector tells of a layer."""

from pathlib import Path

import numpy as np

from tests.unit.networks import network, node, random
from workbench.quantize.encoding import Encoding
from workbench.ui.models.layer_facts import attribute_text, facts, represented


def test_that_members_attributes_and_constants_of_a_group_are_told(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w"], ["a"], name="c", pads=[1, 1, 1, 1]), node("Relu", ["a"], ["y"], name="r")]
    model = network(tmp_path, nodes, {"w": random(4, 3, 3, 3)})

    known = facts(model.graph, ("c", "r"))

    assert known.members == (("Conv", "c"), ("Relu", "r"))
    assert ("pads", "1 1 1 1") in known.attributes
    assert [item.name for item in known.constants] == ["w"]


def test_that_a_constant_of_two_layers_is_told_once(tmp_path: Path) -> None:
    nodes = [node("Mul", ["x", "w"], ["a"], name="m"), node("Add", ["a", "w"], ["y"], name="a")]
    model = network(tmp_path, nodes, {"w": random(1)})

    assert [item.name for item in facts(model.graph, ("m", "a")).constants] == ["w"]


def test_that_the_range_of_an_encoding_is_that_of_its_integers() -> None:
    assert represented(Encoding("int8", (0.5,), (-128,))) == (0.0, 127.5)
    assert represented(Encoding("int8", (1.0, 2.0), (0, 0), axis=1)) == (-256.0, 254.0)
    assert represented(Encoding("float16")) is None


def test_that_an_attribute_is_one_line() -> None:
    assert attribute_text(b"SAME_UPPER") == "SAME_UPPER"
    assert attribute_text(0.1) == "0.1"
    assert attribute_text(np.zeros((2, 3))) == "2 × 3"
    assert len(attribute_text(list(range(500)))) == 60
