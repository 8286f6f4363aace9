"""Rules of choosing tensors, of their sizes, and of what a failing run says."""

from pathlib import Path

import pytest

from tests.unit.networks import network, node
from workbench.foundation.errors import ModelError, SettingsError
from workbench.graph.execute import byte_sizes
from workbench.graph.graph import Tensor
from workbench.sources.source import chosen, explained

NAMES = ("conv1", "conv2", "model/head[0]", "model/head0", "Conv1")


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ((), set(NAMES)),
        (("conv1",), {"conv1"}),
        (("conv*",), {"conv1", "conv2"}),
        (("conv?", "model/*"), {"conv1", "conv2", "model/head[0]", "model/head0"}),
        (("*[12]",), {"conv1", "conv2", "Conv1"}),
        (("model/head[0]",), {"model/head[0]"}),
    ],
)
def test_that_patterns_choose_tensors_by_name(patterns: tuple[str, ...], expected: set[str]) -> None:
    assert chosen(NAMES, patterns) == expected


def test_that_a_pattern_that_fits_nothing_is_refused_and_named() -> None:
    with pytest.raises(SettingsError, match=r"like 'deconv\*'"):
        chosen(NAMES, ("conv*", "deconv*"))


def test_that_sizes_are_known_of_fixed_shapes_only() -> None:
    tensors = [
        Tensor("fixed", (2, 3), "float32"),
        Tensor("scalar", (), "int64"),
        Tensor("open", ("n", 3), "float32"),
        Tensor("untyped", (2,), ""),
        Tensor("unknown", None, "float32"),
    ]

    assert byte_sizes({item.name: item for item in tensors}) == {"fixed": 24, "scalar": 8}


def test_that_what_the_runtime_raises_becomes_a_sentence_about_the_network(tmp_path: Path) -> None:
    model = network(tmp_path, [node("Relu", ["x"], ["y"])])

    with pytest.raises(ModelError, match="ONNX Runtime cannot run"), explained(model):
        raise RuntimeError("something in the runtime")


def test_that_other_errors_are_let_through(tmp_path: Path) -> None:
    model = network(tmp_path, [node("Relu", ["x"], ["y"])])

    with pytest.raises(KeyError), explained(model):
        raise KeyError("a defect of the program")
