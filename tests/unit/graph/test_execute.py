"""Rules of running a graph in segments: the same values, bounded memory, and an end as soon as it is asked for."""

import time
import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from tests.unit.networks import conv_net, declared, network, node, own_values, random
from workbench.foundation.steps import Progress, drain
from workbench.graph.execute import Network, inputs_of
from workbench.graph.read import read_model

MEGABYTE = 2**20


def collected(net: Network, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    drain(net.run(feeds, found.__setitem__))
    return found


def chain(folder: Path, length: int, shape: tuple[int, ...]) -> onnx.ModelProto:
    names = ["x", *(f"t{number}" for number in range(1, length)), "y"]
    nodes = [node("Add", [before, "one"], [after]) for before, after in pairwise(names)]
    return network(folder, nodes, {"one": 1.0}, shape=shape).proto


def all_tensors(proto: onnx.ModelProto) -> list[str]:
    return [name for item in proto.graph.node for name in item.output]


def test_that_one_segment_holds_what_fits_the_budget(tmp_path: Path) -> None:
    proto = chain(tmp_path, 4, (1, 8))

    assert Network(proto, all_tensors(proto), dict.fromkeys(all_tensors(proto), 32), budget=128).segments == 1


def test_that_a_segment_ends_before_the_budget_is_exceeded(tmp_path: Path) -> None:
    proto = chain(tmp_path, 5, (1, 8))

    assert Network(proto, all_tensors(proto), dict.fromkeys(all_tensors(proto), 32), budget=64).segments == 3


def test_that_tensors_nobody_wants_do_not_count_for_the_budget(tmp_path: Path) -> None:
    proto = chain(tmp_path, 5, (1, 8))

    assert Network(proto, ["y"], dict.fromkeys(all_tensors(proto), 32), budget=64).segments == 1


@pytest.mark.parametrize("budget", [1, 600, 10**9])
def test_that_segments_give_the_values_of_one_run_bit_for_bit(tmp_path: Path, budget: int) -> None:
    proto = read_model(conv_net(tmp_path)).proto
    feeds = {"x": random(1, 3, 6, 6)}

    found = collected(Network(proto, all_tensors(proto), {}, budget), feeds)

    expected = own_values(proto, feeds)
    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[name], expected[name]) for name in expected)


def test_that_only_wanted_tensors_are_handed_out(tmp_path: Path) -> None:
    proto = read_model(conv_net(tmp_path)).proto

    assert collected(Network(proto, ["r1", "y"], {}, 1), {"x": random(1, 3, 6, 6)}).keys() == {"r1", "y"}


def test_that_a_tensor_is_kept_for_a_segment_far_behind(tmp_path: Path) -> None:
    nodes = [
        node("Relu", ["x"], ["early"]),
        *(node("Add", [f"a{i}" if i else "early", "one"], [f"a{i + 1}"]) for i in range(4)),
        node("Sub", ["a4", "early"], ["y"]),
    ]
    proto = network(tmp_path, nodes, {"one": 1.0}, shape=(1, 4)).proto
    net = Network(proto, all_tensors(proto), {}, budget=1)

    found = collected(net, {"x": random(1, 4)})

    np.testing.assert_allclose(found["y"], np.full((1, 4), 4.0), rtol=1e-6)
    assert net.segments == len(nodes)


def test_that_a_second_input_may_give_tensors_of_another_shape(tmp_path: Path) -> None:
    nodes = [node("NonZero", ["x"], ["where"]), node("Cast", ["where"], ["f"], to=1), node("Add", ["f", "one"], ["y"])]
    proto = network(tmp_path, nodes, {"one": 1.0}, shape=(1, 4)).proto
    net = Network(proto, ["where", "f", "y"], {}, budget=1)

    shapes = [collected(net, {"x": np.asarray([x], np.float32)})["y"].shape for x in ([1, 0, 0, 0], [1, 1, 0, 1])]

    assert shapes == [(2, 1), (2, 3)]


def test_that_a_sequence_may_cross_from_one_segment_to_another(tmp_path: Path) -> None:
    nodes = [
        node("SplitToSequence", ["x"], ["parts"], axis=1),
        node("Relu", ["x"], ["r"]),
        node("SequenceAt", ["parts", "second"], ["part"]),
        node("Add", ["part", "r"], ["y"]),
    ]
    proto = network(tmp_path, nodes, {"second": np.asarray(1)}, shape=(1, 4)).proto

    found = collected(Network(proto, all_tensors(proto), {}, 1), {"x": np.asarray([[1, 2, 3, 4]], np.float32)})

    assert found["y"].tolist() == [[3, 4, 5, 6]]
    assert "parts" not in found


def test_that_integers_and_truth_values_are_handed_out_in_their_own_type(tmp_path: Path) -> None:
    nodes = [node("Greater", ["x", "one"], ["more"]), node("ArgMax", ["x"], ["index"], axis=1, keepdims=0)]
    outputs = [declared("more", None, 9), declared("index", None, 7)]
    proto = network(tmp_path, nodes, {"one": 1.0}, shape=(1, 4), outputs=outputs).proto

    found = collected(Network(proto, ["more", "index"], {}, 1), {"x": np.asarray([[0, 3, 1, 2]], np.float32)})

    assert {name: (array.dtype.name, array.tolist()) for name, array in found.items()} == {
        "more": ("bool", [[False, True, False, True]]),
        "index": ("int64", [1]),
    }


def test_that_a_subgraph_takes_tensors_of_earlier_segments(tmp_path: Path) -> None:
    add = helper.make_graph([node("Add", ["early", "one"], ["sum"])], "then", [], [declared("sum", None)])
    take = helper.make_graph([node("Sub", ["early", "one"], ["rest"])], "else", [], [declared("rest", None)])
    nodes = [
        node("Relu", ["x"], ["early"]),
        node("ReduceMax", ["x"], ["top"], keepdims=0),
        node("Greater", ["top", "one"], ["large"]),
        node("If", ["large"], ["y"], then_branch=add, else_branch=take),
    ]
    proto = network(tmp_path, nodes, {"one": 1.0}, shape=(1, 3)).proto
    net = Network(proto, all_tensors(proto), {}, budget=1)

    found = [collected(net, {"x": np.asarray([x], np.float32)})["y"].tolist() for x in ([1, 2, 3], [0, 0, 1])]

    assert found == [[[2, 3, 4]], [[-1, -1, 0]]]


def test_that_names_which_a_subgraph_makes_itself_are_no_inputs() -> None:
    inner = helper.make_graph(
        [node("Add", ["outer", "own"], ["made"]), node("Relu", ["made"], ["out"])],
        "body",
        [],
        [declared("out", None)],
        [onnx.numpy_helper.from_array(np.asarray(1, np.float32), "own")],
    )

    assert inputs_of(node("If", ["condition"], ["y"], then_branch=inner, else_branch=inner)) == {"condition", "outer"}


def test_that_arrays_of_finished_segments_are_let_go(tmp_path: Path) -> None:
    proto = chain(tmp_path, 16, (1, MEGABYTE // 4))
    sizes = dict.fromkeys(all_tensors(proto), MEGABYTE)
    net = Network(proto, all_tensors(proto), sizes, budget=2 * MEGABYTE)
    feeds = {"x": np.zeros((1, MEGABYTE // 4), np.float32)}
    tracemalloc.start()  # counts numpy's arrays; ONNX Runtime's own memory is another test's
    try:
        collected_sums: list[float] = []
        drain(net.run(feeds, lambda name, array: collected_sums.append(float(array.max()))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert collected_sums == list(range(1, 17))
    assert peak < 8 * MEGABYTE


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the process's memory from /proc")
def test_that_memory_does_not_grow_with_the_number_of_segments(tmp_path: Path) -> None:
    def grown_by(length: int) -> int:
        proto = chain(tmp_path, length, (1, 4 * MEGABYTE // 4))
        net = Network(proto, all_tensors(proto), dict.fromkeys(all_tensors(proto), 4 * MEGABYTE), 8 * MEGABYTE)
        before = resident()
        drain(net.run({"x": np.zeros((1, 4 * MEGABYTE // 4), np.float32)}, lambda name, array: None))
        grown = resident() - before  # while the network and its sessions are alive
        return grown

    grown_by(8)

    assert grown_by(40) < 40 * MEGABYTE  # of 160 that its tensors have together


def resident() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def test_that_progress_counts_the_segments(tmp_path: Path) -> None:
    proto = chain(tmp_path, 3, (1, 4))
    net = Network(proto, all_tensors(proto), {}, budget=1)

    events = list(net.run({"x": random(1, 4)}, lambda name, array: None, "reference"))

    counted = [event.done for event in events if isinstance(event, Progress) and event.total]
    assert counted == [0, 1, 2, 3]


def test_that_closing_the_generator_ends_a_long_run_within_two_seconds(tmp_path: Path) -> None:
    steps = [node("MatMul", ["x" if not i else f"t{i}", "w"], [f"t{i + 1}"]) for i in range(2000)]
    steps.append(node("Relu", ["t2000"], ["y"]))
    model = network(tmp_path, steps, {"w": np.eye(512, dtype=np.float32)}, shape=(512, 512))
    running = Network(model.proto, ["y"], {}, large=model.large).run(
        {"x": random(512, 512)}, lambda name, array: None, "run"
    )
    next(event for event in running if isinstance(event, Progress) and event.stage == "run" and not event.total)

    start = time.process_time()
    running.close()

    assert time.process_time() - start < 2
