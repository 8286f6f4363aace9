"""Which class of colour a box gets."""

import math

import pytest

from tests.unit.ui.test_graph_model import graph_of
from workbench.compare.compare import LayerError, summarise
from workbench.ui.models.graph.colours import (
    BINS,
    KIND_NAMES,
    BoxValues,
    Colouring,
    by_metric,
    by_operator,
    kind_of,
)
from workbench.ui.models.graph.model import build
from workbench.ui.models.table.layer_values import LayerValues

COLUMN = "simulator.entire"


def coloured(values: dict[str, dict[str, float]], metric: str) -> Colouring:
    graph = graph_of([("Relu", "x", next(iter(values)))] + [("Relu", "x", name) for name in list(values)[1:]])
    rows = [
        LayerError(0, "Relu", name, name, (), (1,), None, {COLUMN: summarise([found])}, "name", "")
        for name, found in values.items()
    ]
    boxes = BoxValues(build(graph, rows), LayerValues(rows))
    return by_metric(boxes, COLUMN, metric, lambda value: f"{value:g}")


@pytest.mark.parametrize(
    ("cosine", "band"), [(1.0, 0), (0.999, 0), (0.9989, 1), (0.99, 1), (0.951, 2), (0.9499, 3), (-1, 3), (math.nan, 3)]
)
def test_that_cos_falls_into_bands(cosine: float, band: int) -> None:
    assert coloured({"a": {"cos": cosine}}, "cos").classes[1] == band


def test_that_a_row_without_the_value_has_the_last_class_and_no_text() -> None:
    colouring = coloured({"a": {"euc": 1.0}}, "cos")

    assert colouring.classes[1] == 4
    assert colouring.texts[1] == ""


@pytest.mark.parametrize(("metric", "best", "worst"), [("euc", "a", "c"), ("sqnr_db", "c", "a")])
def test_that_other_metrics_are_ranked_with_the_worst_last(metric: str, best: str, worst: str) -> None:
    values = {name: {metric: number} for name, number in (("a", 1.0), ("b", 2.0), ("c", 900.0))}

    classes = dict(zip(values, coloured(values, metric).classes[1:], strict=True))

    assert (classes[best], classes[worst]) == (0, BINS - 1)
    assert 0 < classes["b"] < BINS - 1


def test_that_a_ramp_names_its_values_from_good_to_bad() -> None:
    values = {f"t{number}": {"sqnr_db": float(number)} for number in range(9)}

    assert coloured(values, "sqnr_db").ticks == ("8", "6", "4", "2", "0")


def test_that_nan_is_the_worst_of_a_ramp() -> None:
    colouring = coloured({"a": {"euc": 1.0}, "b": {"euc": math.nan}, "c": {"euc": 3.0}}, "euc")

    assert colouring.classes[2] == BINS - 1


def test_that_equal_values_are_all_good() -> None:
    assert coloured({"a": {"nan": 0.0}, "b": {"nan": 0.0}}, "nan").classes[1:].tolist() == [0, 0]


def test_that_without_results_boxes_show_the_kind_of_their_operator() -> None:
    classes = by_operator(build(graph_of([("Conv", "x", "a"), ("Relu", "a", "b"), ("Foo", "b", "c")]))).classes

    assert len(set(classes.tolist())) == 4


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("ReLU RELU aten::relu RELU_0_TO_1 leaky", "activation"),
        ("BatchNorm batch_normalize FusedBatchNormV3", "normalization"),
        ("Convolution convolutional CONV_2D DepthwiseConv2dNative aten::_convolution InnerProduct", "compute"),
        ("Pooling maxpool MAX_POOL_2D AvgPool aten::max_pool2d", "pooling"),
        ("Eltwise shortcut BiasAdd aten::add_", "arithmetic"),
        ("route Concat CONCATENATION ExpandDims aten::flatten", "shape"),
    ],
)
def test_that_operators_of_other_frameworks_have_the_colour_of_their_kind(names: str, kind: str) -> None:
    assert {KIND_NAMES[kind_of(name)] for name in names.split()} == {kind}
