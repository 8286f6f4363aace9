"""What is measured on: a network of 200 MB, networks of so many nodes, a session of 5 GB."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from workbench.foundation.steps import drain
from workbench.graph.read import read_inputs
from workbench.preprocess.dataset import samples_from_files
from workbench.preprocess.preprocess import guess
from workbench.project.pipeline import analyze
from workbench.project.results import load_results, save_results
from workbench.project.session import Session, load_session, save_session

LARGE_LAYERS, LARGE_WIDTH = 50, 1024
WIDE_LAYERS, WIDE_SHAPE = 24, (1, 64, 256, 256)
SESSION_INPUTS = 2


def large_network(path: Path) -> Path:
    """An .onnx file of 200 MB: dense layers of 4 MB of weights, each with a bias, an activation and a residual sum."""
    random, nodes, constants, last = np.random.default_rng(0), [], [], "input"
    for number in range(LARGE_LAYERS):
        weight = random.standard_normal((LARGE_WIDTH, LARGE_WIDTH), np.float32) / LARGE_WIDTH**0.5
        constants += [
            numpy_helper.from_array(weight, f"w{number}"),
            numpy_helper.from_array(np.zeros(LARGE_WIDTH, np.float32), f"b{number}"),
        ]
        product, biased, active, given = (
            f"/layers.{number}/{what}_output_0" for what in ("MatMul", "Bias", "Relu", "Sum")
        )
        nodes += [
            helper.make_node("MatMul", [last, f"w{number}"], [product], product),
            helper.make_node("Add", [product, f"b{number}"], [biased], biased),
            helper.make_node("Relu", [biased], [active], active),
            helper.make_node("Add", [active, last], [given], given),
        ]
        last = given
    return _save(path, nodes, constants, (1, 16, LARGE_WIDTH), last)


def network_of(path: Path, nodes: int) -> Path:
    """Residual blocks, every fourth with a Concat of four branches, in scopes; of small tensors."""
    made: list[onnx.NodeProto] = []
    weights = np.random.default_rng(0).standard_normal((8, 8, 1, 1)).astype(np.float32) / 3

    def add(op: str, *inputs: str, **attributes: object) -> str:
        name = f"/stage{len(made) // 100}/block{len(made) // 10}/{op}_{len(made)}"
        made.append(helper.make_node(op, inputs, [f"{name}_output_0"], name, **attributes))
        return f"{name}_output_0"

    last = "input"
    while len(made) < nodes - 11:
        last = add("Add", add("Conv", add("Relu", add("Conv", last, "w")), "w"), last)
        if len(made) % 16 < 4:
            last = add("Conv", add("Concat", *(add("Relu", add("Conv", last, "w")) for _ in range(4)), axis=1), "w4")
    while len(made) < nodes:
        last = add("Relu", last)
    constants = [numpy_helper.from_array(weights, "w"), numpy_helper.from_array(np.tile(weights, (1, 4, 1, 1)), "w4")]
    return _save(path, made, constants, (1, 8, 4, 4), last)


def wide_network(path: Path) -> Path:
    """Depthwise convolutions with a Relu each; every tensor has 4 M elements."""
    random, nodes, constants, last = np.random.default_rng(0), [], [], "input"
    for number in range(WIDE_LAYERS):
        weight = random.standard_normal((WIDE_SHAPE[1], 1, 3, 3)).astype(np.float32)
        weight[:, 0, 1, 1] += 2.0  # else the values die away
        constants.append(numpy_helper.from_array(weight / 3, f"w{number}"))
        conv, relu = f"/wide.{number}/Conv_output_0", f"/wide.{number}/Relu_output_0"
        settings = {"group": WIDE_SHAPE[1], "pads": [1, 1, 1, 1], "kernel_shape": [3, 3]}
        nodes += [helper.make_node("Conv", [last, f"w{number}"], [conv], conv, **settings)]
        nodes += [helper.make_node("Relu", [conv], [relu], relu)]
        last = relu
    return _save(path, nodes, constants, WIDE_SHAPE, last)


def large_session(folder: Path) -> Path:
    """The session of an analysis whose dumps take 5 GB: one input is computed, the others are copies of its dumps."""
    folder.mkdir(parents=True)
    network = wide_network(folder / "wide.onnx")
    np.save(folder / "input.npy", np.random.default_rng(1).standard_normal(WIDE_SHAPE).astype(np.float32))
    samples = samples_from_files([folder / "input.npy"], 1)
    inputs = {tensor.name: guess(tensor) for tensor in read_inputs(network)}
    session = folder / "session"
    drain(analyze(Session(network, preprocess=inputs, samples=samples, dataset=samples), session))
    results = load_results(session)
    assert results is not None
    dumps = {source: _copies(paths[0]) for source, paths in results.dumps.items()}
    save_results(replace(results, dumps=dumps), session)
    save_session(replace(load_session(session), samples=samples * SESSION_INPUTS), session)
    return session


def size_of(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _copies(path: Path) -> tuple[Path, ...]:
    others = [path.with_stem(f"{path.stem}-{number}") for number in range(1, SESSION_INPUTS)]
    return (path, *(Path(shutil.copyfile(path, other)) for other in others))


def _save(
    path: Path, nodes: list[onnx.NodeProto], constants: list[onnx.TensorProto], shape: tuple[int, ...], last: str
) -> Path:
    taken, given = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("input", last))
    graph = helper.make_graph(nodes, "network", [taken], [given], constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    return path
