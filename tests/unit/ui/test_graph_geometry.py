"""Where boxes are found again."""

import numpy as np
import pytest

from tests.unit.ui.test_graph_model import graph_of
from workbench.ui.models.graph.geometry import Geometry, arrange, neighbour
from workbench.ui.models.graph.model import Diagram, build


@pytest.fixture
def diamond() -> tuple[Diagram, Geometry]:
    diagram = build(graph_of([("Conv", "x", "a"), ("Relu", "a", "b"), ("Abs", "a", "c"), ("Add", "b c", "d")]))
    return diagram, arrange(diagram.widths, diagram.edges)


def test_that_the_box_under_a_point_is_found(diamond: tuple[Diagram, Geometry]) -> None:
    diagram, geometry = diamond

    assert [geometry.box_at(*geometry.centre(index)) for index in range(len(diagram.boxes))] == [0, 1, 2, 3, 4]
    assert geometry.box_at(geometry.bounds[2] + 50, 0) == -1


def test_that_only_boxes_and_edges_in_sight_are_drawn(diamond: tuple[Diagram, Geometry]) -> None:
    _, geometry = diamond
    top = geometry.rect(0)

    assert geometry.boxes_in(top).tolist() == [0]
    assert len(geometry.lines_in((-1e6, -1e6, 1e6, 1e6))) == len(geometry.starts) - 1
    assert len(geometry.lines_in((-2e6, -2e6, -1e6, -1e6))) == 0
    assert len(geometry.lines_in((-1e6, -1e6, 1e6, 1e6), least=1e4)) == 0


def test_that_an_edge_leads_from_the_bottom_of_its_source_to_the_top_of_its_target(
    diamond: tuple[Diagram, Geometry],
) -> None:
    diagram, geometry = diamond

    for number, (source, target) in enumerate(diagram.edges):
        line = geometry.line(number)
        assert line[0, 1] == geometry.bottom[source]
        assert line[-1, 1] == geometry.top[target]


def test_that_arrows_walk_along_edges_and_to_the_side(diamond: tuple[Diagram, Geometry]) -> None:
    diagram, geometry = diamond
    b, c, d = (diagram.index_of[name] for name in "bcd")
    left, right = sorted((b, c), key=lambda index: geometry.centre(index)[0])

    assert neighbour(diagram, geometry, 0, "down") == 1
    assert neighbour(diagram, geometry, left, "right") == right
    assert neighbour(diagram, geometry, right, "left") == left
    assert neighbour(diagram, geometry, right, "right") == -1
    assert neighbour(diagram, geometry, d, "up") in (b, c)
    assert neighbour(diagram, geometry, 0, "up") == -1


def test_that_an_empty_diagram_has_bounds() -> None:
    geometry = arrange((), ())

    assert geometry.bounds == (0.0, 0.0, 1.0, 1.0)
    assert geometry.lines_in((0, 0, 1, 1)).tolist() == []
    assert np.shape(geometry.points) == (0, 2)
