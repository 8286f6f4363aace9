"""Layered drawings: no overlaps, edges downwards, few crossings, and every kind of graph gets a drawing."""

import random
import time
from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from workbench.graph.layered.ranks import downward, levels
from workbench.graph.layered.waists import components, sunk_order, waists
from workbench.graph.layout import Placement, place
from workbench.graph.read import read_model

HEIGHT = 32.0
Edges = list[tuple[int, int]]


def blocks(count: int, seed: int = 0) -> tuple[list[float], Edges]:
    """A network of chains, residual blocks, branches and long skips."""
    chance = random.Random(seed)
    edges: Edges = []
    ends, last = [0], 0
    following = 1
    while following < count:
        branches = chance.choice((1, 1, 2, 3, 4))
        tips = []
        for _ in range(branches):
            tip = last
            for _ in range(chance.randint(1, 4)):
                edges.append((tip, following))
                tip, following = following, following + 1
            tips.append(tip)
        if chance.random() < 0.3:
            tips.append(chance.choice(ends[-20:]))
        edges += [(tip, following) for tip in dict.fromkeys(tips)]
        last, following = following, following + 1
        ends.append(last)
    return [chance.uniform(56, 104) for _ in range(following)], edges


def overlaps(placement: Placement, widths: Sequence[float]) -> int:
    rows: dict[float, list[tuple[float, float]]] = {}
    for x, y, width in zip(placement.x, placement.y, widths, strict=True):
        rows.setdefault(float(y), []).append((x - width / 2, x + width / 2))
    found = sum(right > left + 1e-6 for row in rows.values() for (_, right), (left, _) in pairwise(sorted(row)))
    heights = sorted(rows)
    return found + sum(below - above < HEIGHT for above, below in pairwise(heights))


def crossings(placement: Placement) -> int:
    """Pairs of pieces of different edges that cross inside."""
    pieces = [(start, end) for line in placement.edges for start, end in pairwise(line)]
    return sum(_cross(one, other) for one, other in combinations(pieces, 2))


def _cross(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> bool:
    def side(line: tuple[np.ndarray, np.ndarray], point: np.ndarray) -> float:
        (ax, ay), (bx, by) = line
        return float((bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax))

    return side(one, other[0]) * side(one, other[1]) < -1e-6 and side(other, one[0]) * side(other, one[1]) < -1e-6


def assert_ends_meet(placement: Placement, edges: Edges) -> None:
    for (source, target), line in zip(edges, placement.edges, strict=True):
        assert line[0].tolist() == [placement.x[source], placement.y[source] + HEIGHT / 2]
        assert line[-1].tolist() == [placement.x[target], placement.y[target] - HEIGHT / 2]


def through_nodes(placement: Placement, widths: Sequence[float], edges: Edges) -> int:
    """How many pieces of edges lead through a node that is not their own."""
    found = 0
    half = np.array(widths) / 2
    for edge, line in zip(edges, placement.edges, strict=True):
        for (x0, y0), (x1, y1) in pairwise(line):
            inside = (placement.y - HEIGHT / 2 < max(y0, y1) - 1e-6) & (placement.y + HEIGHT / 2 > min(y0, y1) + 1e-6)
            inside &= (placement.x - half < max(x0, x1)) & (placement.x + half > min(x0, x1))
            inside[list(edge)] = False
            found += int(inside.sum())
    return found


def test_that_an_empty_graph_has_an_empty_drawing() -> None:
    placement = place([], [])

    assert (len(placement.x), len(placement.y), placement.edges) == (0, 0, ())


def test_that_a_chain_is_a_straight_line() -> None:
    edges = [(0, 1), (1, 2), (2, 3)]

    placement = place([50, 120, 80, 60], edges)

    assert np.ptp(placement.x) < 1e-6
    assert np.diff(placement.y).tolist() == [68, 68, 68]
    assert [len(line) for line in placement.edges] == [2, 2, 2]


def test_that_a_diamond_is_symmetric_and_free_of_crossings() -> None:
    edges = [(0, 1), (0, 2), (1, 3), (2, 3)]

    placement = place([60] * 4, edges)

    assert crossings(placement) == 0
    assert placement.x[0] == placement.x[3] == pytest.approx((placement.x[1] + placement.x[2]) / 2)


def test_that_edges_given_crossed_are_untangled() -> None:
    edges = [(0, 4), (1, 3), (2, 5), (0, 5), (6, 0), (6, 1), (6, 2)]

    assert crossings(place([60] * 7, edges)) == 0


def test_that_a_skip_runs_beside_the_layers_it_skips() -> None:
    widths = [60.0, 140.0, 60.0, 60.0]
    edges = [(0, 1), (1, 2), (2, 3), (0, 3)]

    placement = place(widths, edges)

    assert through_nodes(placement, widths, edges) == 0
    assert crossings(placement) == 0
    assert len(placement.edges[3]) == 4  # down along one straight piece


def test_that_weights_of_their_own_do_not_shift_the_layers() -> None:
    """A quantised network: every convolution takes the activation and two dequantised constants."""
    count = 30
    edges: Edges = [(i, i + 1) for i in range(count)]
    edges += [(count + 1 + 2 * i + side, i + 1) for i in range(count) for side in (0, 1)]

    placement = place([80] * (3 * count + 1), edges)

    assert np.ptp(placement.x[1 : count + 1]) < 80
    assert overlaps(placement, [80] * (3 * count + 1)) == 0


@pytest.mark.parametrize("seed", range(5))
def test_that_nodes_keep_apart_and_edges_lead_downwards_beside_them(seed: int) -> None:
    widths, edges = blocks(300, seed)

    placement = place(widths, edges)

    assert overlaps(placement, widths) == 0
    assert through_nodes(placement, widths, edges) == 0
    assert all((np.diff(line[:, 1]) > -1e-6).all() for line in placement.edges)
    assert_ends_meet(placement, edges)


@pytest.mark.parametrize(
    "network", ["yolox_nano_416", "fsanet_1x1", "ultraface_rfb_320", "quantized/fastestdet_352_qdq_s8s8_pc"]
)
def test_that_real_networks_keep_the_same_rules(shared: Path, network: str) -> None:
    graph = read_model(shared / f"models/{network}.onnx").graph
    number = {layer.name: index for index, layer in enumerate(graph.layers)}
    edges = [
        (number[graph.producers[name].name], number[layer.name])
        for layer in graph.layers
        for name in layer.inputs
        if name in graph.producers
    ]
    widths = [60.0 + 6 * len(layer.op) for layer in graph.layers]

    placement = place(widths, edges)

    assert overlaps(placement, widths) == 0
    assert through_nodes(placement, widths, edges) == 0
    assert_ends_meet(placement, edges)


def test_that_a_circle_and_a_loop_are_drawn_with_their_edges() -> None:
    edges = [(0, 1), (1, 2), (2, 0), (1, 1)]

    placement = place([60] * 3, edges)

    assert overlaps(placement, [60] * 3) == 0
    assert_ends_meet(placement, edges)
    assert sum(placement.y[target] > placement.y[source] for source, target in edges) == 2
    assert len(placement.edges[3]) == 4


def test_that_every_edge_leads_down_once_circles_are_opened() -> None:
    chance = random.Random(1)
    edges = [(chance.randrange(60), chance.randrange(60)) for _ in range(150)]

    opened = downward(60, edges)

    ranked = levels(60, opened)
    assert all(ranked.rank[below] > ranked.rank[above] for above, below in opened)
    assert {frozenset(edge) for edge in opened} == {frozenset(edge) for edge in edges if edge[0] != edge[1]}


def test_that_repeated_edges_have_one_line_each() -> None:
    placement = place([60, 60], [(0, 1), (0, 1)])

    assert len(placement.edges) == 2
    assert placement.edges[0].tolist() == placement.edges[1].tolist()


def test_that_parts_without_a_connection_do_not_overlap() -> None:
    widths, edges = blocks(60)
    count = len(widths)
    widths = [*widths, *widths, *[70.0] * 40]
    edges = [*edges, *[(a + count, b + count) for a, b in edges]]

    placement = place(widths, edges)

    boxes = [(x - w / 2, y - 16, x + w / 2, y + 16) for x, y, w in zip(placement.x, placement.y, widths, strict=True)]
    assert not any(
        a[0] < b[2] - 1e-6 and b[0] < a[2] - 1e-6 and a[1] < b[3] - 1e-6 and b[1] < a[3] - 1e-6
        for a, b in combinations(boxes, 2)
    )


def test_that_the_same_graph_gives_the_same_drawing() -> None:
    widths, edges = blocks(200)

    first, second = place(widths, edges), place(widths, edges)

    assert np.array_equal(first.x, second.x)
    assert all(np.array_equal(a, b) for a, b in zip(first.edges, second.edges, strict=True))


def test_that_heights_and_gaps_are_kept() -> None:
    placement = place([60, 60, 60], [(0, 1), (0, 2)], height=20, h_gap=10, v_gap=50)

    assert placement.y.tolist() == [10, 80, 80]
    assert abs(placement.x[1] - placement.x[2]) == pytest.approx(70)
    assert placement.edges[0][0].tolist() == [placement.x[0], 20]


def test_that_a_node_feeding_many_ranks_shares_one_trunk() -> None:
    depth = 400
    edges = [(i, i + 1) for i in range(depth)] + [(depth + 1, i) for i in range(1, depth, 7)]

    ranked = levels(depth + 2, downward(depth + 2, edges))

    assert ranked.vertices < 2 * depth + 2


def test_that_a_thousand_nodes_are_placed_within_the_time_of_a_glance() -> None:
    widths, edges = blocks(1000)

    start = time.process_time()
    place(widths, edges)

    assert time.process_time() - start < 0.5  # measured 0.04 s; the margin is for slow machines


def test_that_nodes_of_different_heights_keep_apart_and_edges_lead_beside_them() -> None:
    widths, edges = blocks(200, seed=3)
    heights = [HEIGHT + 40 * (number % 5 == 0) for number in range(len(widths))]

    placement = place(widths, edges, heights)

    half, high = np.array(widths) / 2, np.array(heights) / 2
    for edge, line in zip(edges, placement.edges, strict=True):
        assert line[0, 1] == placement.y[edge[0]] + high[edge[0]]
        assert line[-1, 1] == pytest.approx(placement.y[edge[1]] - high[edge[1]])
        for (x0, y0), (x1, y1) in pairwise(line):
            inside = (placement.y - high < max(y0, y1) - 1e-6) & (placement.y + high > min(y0, y1) + 1e-6)
            inside &= (placement.x - half < max(x0, x1)) & (placement.x + half > min(x0, x1))
            inside[list(edge)] = False
            assert not inside.any()


def test_that_skips_leave_the_layers_in_one_line() -> None:
    edges = [(i, i + 1) for i in range(12)] + [(0, 3), (3, 6), (6, 8), (8, 12), (2, 10)]

    assert np.ptp(place([80] * 13, edges).x) < 1e-6


def test_that_an_output_on_the_way_stands_beside_it() -> None:
    edges = [(0, 1), (1, 2), (1, 3), (3, 4), (4, 5), (3, 5), (5, 6)]

    placement = place([80] * 7, edges)

    way = [0, 1, 3, 4, 5, 6]
    assert np.ptp(placement.x[way]) < 1e-6
    assert abs(placement.x[2] - placement.x[1]) > 40


def test_that_blocks_that_are_alike_are_no_staircase() -> None:
    block = [(0, 1), (1, 2), (1, 3), (4, 2), (2, 5), (5, 6), (2, 6), (0, 6), (1, 7)]  # an input and an output beside
    edges = [
        (a + 6 * n if a in (0, 6) else a + 1000 * (n + 1), b + 6 * n if b in (0, 6) else b + 1000 * (n + 1))
        for n in range(20)
        for a, b in block
    ]
    names = sorted(
        {node for edge in edges for node in edge}, key=lambda node: (node // 1000 or node // 6 + 1, node < 1000)
    )
    number = {name: place for place, name in enumerate(names)}

    placement = place([90] * len(names), [(number[a], number[b]) for a, b in edges])

    assert np.ptp(placement.x) < 700


def test_that_a_late_input_and_an_early_output_do_not_hinder_the_cuts() -> None:
    edges = np.array([(0, 2), (1, 5), (2, 3), (3, 4), (3, 7), (4, 5), (5, 6)])
    order = sunk_order(8, edges)
    position = np.argsort(order)

    assert (position[edges[:, 0]] < position[edges[:, 1]]).all()
    assert order[waists(8, position[edges])].tolist() == [2, 3, 4, 5]


def test_that_parts_are_told_by_their_first_node() -> None:
    edges = np.array([(4, 2), (2, 6), (1, 3), (5, 3)])

    assert components(8, edges).tolist() == [0, 1, 2, 1, 2, 1, 2, 7]
