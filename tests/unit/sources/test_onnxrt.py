"""Rules of golden dumps."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import conv_net, declared, network, node, own_values, random
from workbench.dump.store import Dump
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.graph.graph import Model
from workbench.graph.read import read_model
from workbench.sources.onnxrt import Reference
from workbench.sources.source import DumpRequest

FEEDS = {"x": random(1, 3, 6, 6)}


def every(model: Model) -> list[str]:
    return [name for layer in model.graph.layers for name in layer.outputs if name]


def test_that_a_golden_dump_holds_the_input_and_every_tensor(tmp_path: Path) -> None:
    model = read_model(conv_net(tmp_path))

    path = drain(Reference(model, every(model)).dump(DumpRequest(FEEDS, {"input": "a.png"}), tmp_path / "golden.h5"))

    expected = FEEDS | own_values(model.proto, FEEDS)
    with Dump(path) as dump:
        assert set(dump) == set(expected)
        assert all(np.array_equal(dump[name], expected[name]) for name in expected)
        assert (dump.op("x"), dump.op("n1"), dump.info["input"]) == ("Input", "BatchNormalization", "a.png")


def test_that_only_the_chosen_tensors_are_dumped(tmp_path: Path) -> None:
    model = read_model(conv_net(tmp_path))

    path = drain(Reference(model, ["r1"]).dump(DumpRequest(FEEDS), tmp_path / "golden.h5"))

    with Dump(path) as dump:
        assert dump.names == ("x", "r1")


def test_that_integers_and_truth_values_are_dumped_and_texts_are_not(tmp_path: Path) -> None:
    nodes = [
        node("ArgMax", ["x"], ["index"], axis=1),
        node("Greater", ["x", "one"], ["more"]),
        node("Cast", ["x"], ["text"], to=8),
    ]
    outputs = [declared("index", None, 7), declared("more", None, 9), declared("text", None, 8)]
    model = network(tmp_path, nodes, {"one": 1.0}, shape=(1, 2), outputs=outputs)

    feeds = {"x": np.asarray([[1, 2]], np.float32)}
    path = drain(Reference(model, every(model)).dump(DumpRequest(feeds), tmp_path / "golden.h5"))

    with Dump(path) as dump:
        assert {name: dump[name].tolist() for name in dump} == {"x": [[1, 2]], "index": [[1]], "more": [[0, 1]]}


def test_that_one_source_dumps_several_inputs(tmp_path: Path) -> None:
    model = read_model(conv_net(tmp_path))
    source = Reference(model, ["y"])
    inputs = [{"x": random(1, 3, 6, 6, seed=seed)} for seed in (1, 2)]

    paths = [drain(source.dump(DumpRequest(feeds), tmp_path / f"{i}.h5")) for i, feeds in enumerate(inputs)]

    for path, feeds in zip(paths, inputs, strict=True):
        with Dump(path) as dump:
            assert np.array_equal(dump["y"], own_values(model.proto, feeds)["y"])


def test_that_a_cancelled_dump_leaves_no_partial_file(tmp_path: Path) -> None:
    model = read_model(conv_net(tmp_path))
    steps = Reference(model, every(model)).dump(DumpRequest(FEEDS), tmp_path / "dumps" / "golden.h5")
    next(steps)

    steps.close()

    assert list((tmp_path / "dumps").iterdir()) == []


def test_that_a_dump_may_be_completed_later(tmp_path: Path) -> None:
    model = read_model(conv_net(tmp_path))
    path = tmp_path / "golden.h5"

    with ExitStack() as later:
        drain(Reference(model, every(model)).dump(DumpRequest(FEEDS), path, later))
        was_there = path.exists()

    with Dump(path) as dump:
        assert (was_there, set(dump)) == (False, {"x", *every(model)})


def test_that_an_operator_that_fails_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("Reshape", ["r", "shape"], ["y"], name="the_reshape")]
    inputs = [declared("x", (1, 4)), declared("shape", (1,), 7)]
    model = network(tmp_path, nodes, inputs=inputs)
    feeds = {"x": random(1, 4), "shape": np.asarray([7])}

    with pytest.raises(WorkbenchError, match="the_reshape"):
        drain(Reference(model, every(model)).dump(DumpRequest(feeds), tmp_path / "dumps" / "golden.h5"))

    assert list((tmp_path / "dumps").iterdir()) == []


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.graph.read import read_model
from workbench.sources.onnxrt import Reference
from workbench.sources.source import DumpRequest
folder = Path(sys.argv[1])
model = read_model(folder / "net.onnx")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
request = DumpRequest({"x": np.ones((1, 16, 64, 64), np.float32)})
try:
    drain(Reference(model, ["y"]).dump(request, folder / "dumps" / "golden.h5"))
except WorkbenchError as error:
    print(error.message)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of file size are POSIX")
def test_that_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    network(tmp_path, [node("Relu", ["x"], ["y"])], shape=(1, 16, 64, 64))

    run = subprocess.run([sys.executable, "-c", FULL_DISK, tmp_path], capture_output=True, text=True, timeout=60)

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(f"Cannot write {tmp_path / 'dumps' / 'golden.h5'}: File too large")
    assert list((tmp_path / "dumps").iterdir()) == []
